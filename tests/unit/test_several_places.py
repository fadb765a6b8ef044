"""Counts of several places told in one sentence, and the times that only say how rare an act is."""

from __future__ import annotations

import pytest

Place = tuple[str, int | None, int | None]
LISTS: dict[str, tuple[str, list[Place]]] = {
    "a second town with its own count": (
        "Shelling killed three people in Kherson and one in Nikopol on Thursday.",
        [("Kherson", 3, None), ("Nikopol", 1, None)],
    ),
    "the wounded of another town": (
        "A rocket killed two civilians in Sderot and injured three in Ashkelon on Sunday.",
        [("Sderot", 2, None), ("Ashkelon", None, 3)],
    ),
    "provinces": (
        "Gunmen killed three people in Idlib province and two in Hama province on Monday.",
        [("Idlib province", 3, None), ("Hama province", 2, None)],
    ),
    "rooms of one place": (
        "On Monday the attackers killed two guards at the gate and three guests in the lobby of a Kabul hotel.",
        [("Kabul", 5, None)],
    ),
    "one each": (
        "Shelling killed three people in Kherson and one each in Nikopol and Beryslav on Thursday.",
        [("Kherson", 3, None), ("Nikopol", 1, None), ("Beryslav", 1, None)],
    ),
    "in each of": (
        "Two people were killed and six wounded in each of the towns of Kutum, Kabkabiya and Malha on Thursday.",
        [("Kutum", 2, 6), ("Kabkabiya", 2, 6), ("Malha", 2, 6)],
    ),
    "each after the count": (
        "Two car bombs in Kirkuk and Mosul killed three people each on Monday.",
        [("Kirkuk", 3, None), ("Mosul", 3, None)],
    ),
    "each before the verb": (
        "Explosions in Kirkuk and Mosul each killed at least three people on Monday.",
        [("Kirkuk", 3, None), ("Mosul", 3, None)],
    ),
    "each of the dead": (
        "The two men were given 20 years each for the killing of three people in Mosul on Monday.",
        [("Mosul", 3, None)],
    ),
}
RARE = {
    "wounded in attacks": "At least 14 people were killed and 170 wounded in attacks on a market in Menaka on Monday.",
    "since a month": "In the deadliest attack since March, gunmen killed 14 soldiers in Menaka on Monday.",
    "since a war began": "The worst strike since the conflict began killed 14 people in Menaka on Monday.",
    "since a year": "The first bombing in the town since 2019 killed 14 people in Menaka.",
    "in a year": "Rebels launched one of their bloodiest raids on Menaka in over a year, killing 14 people.",
    "this month": "The third such raid on the town this month left 14 dead in Menaka.",
    "the heaviest": "The shelling, the heaviest since the truce was agreed in February, killed 14 people in Menaka.",
}
TOLLS = {
    "of many attacks": "The report lists 140 documented attacks in Menaka in which 60 health workers died.",
    "the perfect": "More than 300 people have been killed in Menaka in the deadliest violence since 2008.",
    "of the time itself": "Since March, gunmen have killed 140 soldiers in Menaka, the deadliest of the three provinces.",
}


@pytest.mark.parametrize("name", LISTS)
def test_each_town_has_its_own_count(read_article, name: str) -> None:
    text, expected = LISTS[name]
    mentions = read_article(text).mentions
    assert sorted((m["place_name"], m["killed_min"], m["injured_min"]) for m in mentions) == sorted(
        expected, key=lambda place: place[0]
    )


def test_every_incident_of_a_list_has_figures_that_quote_it(read_article) -> None:
    text = LISTS["in each of"][0]
    reading = read_article(text)
    counted = {(f["mention_id"], f["outcome"]) for f in reading.figures if f["disposition"] == "incident"}
    assert counted == {(m["mention_id"], outcome) for m in reading.mentions for outcome in ("killed", "injured")}
    assert all(text[f["start"] : f["end"]] == f["text"] for f in reading.figures)


@pytest.mark.parametrize("name", RARE)
def test_how_rare_an_act_is_makes_no_toll(read_article, name: str) -> None:
    (mention,) = read_article(RARE[name]).mentions
    assert (mention["place_name"], mention["killed_min"]) == ("Menaka", 14)


@pytest.mark.parametrize("name", TOLLS)
def test_a_toll_stays_one_beside_a_superlative(read_article, name: str) -> None:
    reading = read_article(TOLLS[name])
    assert (reading.mentions, [f["disposition"] for f in reading.figures]) == ([], ["toll"])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("A raid killed six in Borno state, police said. The assailants rode into Kautikari at dusk.", "Kautikari"),
        ("Settlers shot a boy dead near Ramallah. The incident took place in the village of Burqa.", "Burqa"),
        ("A mine killed four in Saada province. Meanwhile, coalition jets struck Taiz.", "Saada province"),
        ("Shells killed two in the town of Ain Issa. Rebels later attacked Tal Tamr.", "Ain Issa"),
    ],
)
def test_the_next_sentence_may_say_where_in_the_province(read_article, text: str, place: str) -> None:
    assert read_article(text).mentions[0]["place_name"] == place
