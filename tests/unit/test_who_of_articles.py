"""Who did it, read over whole articles: communiques, turns of a story, clashes, and speech in the words of those who did it."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Near Gardez, gunmen riding in a white car shot dead a headmaster on Monday.", "gunmen"),
        ('Two hours later bandits armed with "home-made" rifles shot and killed a trader in Kuje.', "bandits"),
        ("A sniper shot dead a woman in Taiz on Sunday.", "snipers"),
        ("Six herders were killed with machetes by Boko Haram fighters at Madagali on Friday.", "Boko Haram"),
        (
            "Two boys were killed in Tovuz on Sunday. Officials say the missile came from the territory of Armenia.",
            "Armenia",
        ),
        (
            'Kachin rebels attacked the camps at Laiza, an elder said.\n"They killed nine men in Mai Ja Yang," he said.',
            "rebels",
        ),
        (
            "Israeli tanks shelled a market in Rafah on Monday, killing four people.\n\n"
            "Elsewhere, six people died in an air strike on a flat in Nuseirat.",
            "Israel",
        ),
        ("KLO shot dead two masons at Dhubri on Monday, police said.", "KLO"),
        ("Two masons were shot dead at Dhubri on Monday, and police blamed the KLO.", "KLO"),
        ("A faction led by Commander Rahim killed eight rivals in Takhar on Monday.", "Commander Rahim"),
        (
            "A bomb killed four people in Duhok on Monday. A group calling itself the Avengers of Halabja claimed the attack.",
            "Avengers of Halabja",
        ),
        ("A Grad salvo from the Georgian side hit Tskhinvali on Monday and killed 14 people.", "Georgia"),
        ("Eleven terrorists were killed in a clash near Sirnak on Monday, the governor said.", "terrorists"),
    ],
)
def test_who_did_it_over_an_article(read_article, text: str, who: str) -> None:
    told = read_article(text).mentions[-1]["perpetrator"]
    assert who in (told or "")


def test_a_total_of_several_means_says_nothing_of_its_parts(read_article) -> None:
    text = "On Monday a car bomb killed three people in Kadhimiya, police said."
    rows = read_article(text, title="At least nine killed in Iraq in day of bombs and death-squad shootings").mentions
    assert [r["perpetrator"] for r in rows if "Kadhimiya" in r["evidence"][0]["text"]] == [None]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        (
            "The Northern Bloc of the Andean Front informs national and international public opinion of these actions.\n\n"
            "On 3 May a mine was set off on the road to Puno. Four policemen were killed.",
            "Andean Front",
        ),
        (
            "The General Staff of the National Army informs the people of the following.\n\n"
            "In the woods of Dano, nine terrorists were killed on Monday.",
            "National Army",
        ),
    ],
)
def test_a_communique_tells_its_issuers_deeds(read_article, text: str, who: str) -> None:
    rows = read_article(text).mentions
    assert who in (rows[0]["perpetrator"] or "")
    assert rows[0]["perpetrator_status"] == "claimed"
    assert rows[0]["reported_by"]


def test_who_claims_an_act_also_reports_it(read_article) -> None:
    text = "Five soldiers died on Monday when a bomb hit their car near Djibo.\nJNIM claimed the attack on Friday."
    (row,) = read_article(text).mentions
    assert row["perpetrator_status"] == "claimed"
    assert any("JNIM" in name for name in row["reported_by"])


def test_nobody_tells_nothing(read_article) -> None:
    (row,) = read_article(
        "A grenade thrown into a bar in Baidoa wounded five people; no group said it was behind it."
    ).mentions
    assert (row["perpetrator"], row["reported_by"]) == (None, [])
