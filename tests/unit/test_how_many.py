"""How many were killed and injured: what is counted, and what only looks like a count."""

from __future__ import annotations

import pytest

COUNTS: dict[str, tuple[str, tuple[int | None, int | None]]] = {
    "two of those shot died": ("Four people were shot, two fatally, at a parade in Brooklyn on Monday.", (2, 2)),
    "shot and dead is one person": (
        "A welder was shot in Onitsha on Monday and brought to a clinic, where he died.",
        (1, None),
    ),
    "a fatal shooting has one victim": (
        "Detectives are looking into a fatal shooting in Onitsha on Monday.",
        (1, None),
    ),
    "women and children have one number": (
        "Nineteen women and children were killed by a bomb in Nyala on Monday.",
        (19, None),
    ),
    "a driver and his apprentice": (
        "The driver and his apprentice were killed and three passengers wounded by a mine near Baidoa on Friday.",
        (2, 3),
    ),
    "ages are no people": ("Another pupil, also 16, was hit in the knee in Kisumu on Friday.", (None, 1)),
    "channels are no people": ("NAIROBI (KTN 9) - A clerk was shot in the hip in Nairobi on Friday.", (None, 1)),
    "hit by shots": ("A gunman opened fire at a fair in Reno on Friday, striking two men.", (None, 2)),
    "one of those sent to hospital died": (
        "A shooting in Orlando on Sunday sent five people to the hospital. One of the victims later died.",
        (1, 4),
    ),
    "fields by number": (
        "Rebels seized the 211 212 and 214 oil wells near Marib on Friday after killing 30 guards.",
        (30, None),
    ),
    "a toll that may yet be reached": (
        "A bomb killed nine people in Mogadishu on Friday. The death toll could reach hundreds.",
        (9, None),
    ),
    "dead and wounded together": ("The blast left 20 dead and wounded in Kandahar on Friday.", (None, None)),
    "the toll of more than the act": (
        "Rockets killed 16 people in Derna on Monday, taking the number killed within 48 hours to 61.",
        (16, None),
    ),
    "dead and hurt without a comma": ("35 Dead Dozens Wounded in Battle near Idlib on Friday.", (35, None)),
    "who tells it is not hurt": (
        "The toll of a raid on Bukavu climbed to 9 in addition to 15 wounded an officer of the Bukavu Garrison told us.",
        (9, 15),
    ),
    "a fifth who survived": (
        "Four men were shot dead in a bar in Tame on Tuesday; a fifth survived with a bullet in the jaw.",
        (4, 1),
    ),
    "the wounded without a number": (
        "A raid on Kfar killed nine people on Friday. The toll may rise because some of the wounded are in critical condition.",
        (9, None),
    ),
    "ages of brothers": ("Two cousins, ages 9 and 14, were shot in Douala on Sunday.", (None, 2)),
    "a woman is no part of three men": (
        "Shells killed three men, a woman and two children in Goma on Friday.",
        (6, None),
    ),
    "another number behind a number": ("KWXT 8 News Two sisters were shot in Erie on Sunday.", (None, 2)),
    "one of a trade in no list": (
        "A bomb went off at a filling station in Potiskum on Monday, killing one attendant and injuring seven others.",
        (1, 7),
    ),
    "an assistant of no known trade": (
        "A crane operator was killed and his helper hurt by a drone in Izmail on Monday.",
        (1, 1),
    ),
}


@pytest.mark.parametrize("name", COUNTS)
def test_how_many_were_killed_and_injured(read_article, name: str) -> None:
    text, expected = COUNTS[name]
    (mention,) = read_article(text).mentions
    assert (mention["killed_max"], mention["injured_max"]) == expected


def test_people_without_a_number_go_with_the_number_before_them(read_article) -> None:
    [row] = read_article("At least 45 gendarmes and militia died near Djibo on Wednesday.").mentions
    assert (row["killed_min"], row["killed_max"]) == (45, None)


@pytest.mark.parametrize(
    ("text", "killed"),
    [
        ("A ward administrator was stabbed to death in Mandalay on Monday, police said.", 1),
        ("A rubber tapper was shot and killed in Yala on Monday, police said.", 1),
        ("The strike killed a notary, a welder and three children in Homs on Monday.", 5),
        ("A cow was killed in Yala on Monday, police said.", None),
        ("A bill on shelters was killed in parliament on Monday.", None),
    ],
)
def test_people_of_a_trade_in_no_list_are_counted_and_beasts_are_not(
    read_article, text: str, killed: int | None
) -> None:
    rows = read_article(text).mentions
    assert [row["killed_min"] for row in rows] == ([] if killed is None else [killed])


def test_one_named_with_what_he_is_counts_once(read_article) -> None:
    text = "Judge Samuel Okoro, head of the appeal court, and two of his guards were shot dead in Jos on Monday."
    [row] = read_article(text).mentions
    assert (row["killed_min"], row["killed_max"]) == (3, 3)
    [row] = read_article("Gunmen killed activist Ahmed Karimi in Kunduz on Monday.").mentions
    assert (row["killed_min"], row["killed_max"]) == (1, 1)


def test_who_is_held_for_a_killing_is_not_counted(read_article) -> None:
    (mention,) = read_article(
        "A neighbour is in custody after a teenage boy was stabbed to death in Enugu on Tuesday."
    ).mentions
    assert (mention["killed_min"], mention["killed_max"]) == (1, 1)


def test_shot_in_the_head_is_not_yet_dead(read_article) -> None:
    (mention,) = read_article("A farmer was shot in the head in Tumaco on Monday, the hospital said.").mentions
    assert (mention["killed_min"], mention["injured_min"]) == (None, 1)


def test_a_vague_number_after_the_act_it_is_of_is_an_incident(read_article) -> None:
    reading = read_article(
        "Jets raided a camp of the Barwa Front in the village of Telmin on Monday. A number of fighters were killed."
    )
    assert [(m["killed_min"], m["place_name"]) for m in reading.mentions] == [(2, "Telmin")]
