"""Counts that stand in plain but roundabout words are seen, and what only looks like one is not."""

from __future__ import annotations

import pytest

Counts = tuple[int | None, int | None]  # killed, injured

SEEN: dict[str, tuple[str, list[Counts]]] = {
    "a participle between people and their death": (
        "The worst was in Mora, where six people queuing for bread died on Monday.",
        [(6, None)],
    ),
    "one of a number": ("She was one of 12 people killed in a raid on Tabayin on Monday.", [(12, None)]),
    "among a number": ("They were among 26 people killed that Monday in Eringeti, officials said.", [(26, None)]),
    "what a village lost": ("The village of Mogodé lost 31 of its people in the attack of Monday.", [(31, None)]),
    "soldiers who fall when something happens": (
        "Two soldiers fell when they stepped on mines near Arauca on Monday.",
        [(2, None)],
    ),
    "a third in a state": (
        "A mine near Tabqa on Monday left two fighters dead and a third in serious condition.",
        [(2, 1)],
    ),
    "another in a state": ("The blast in Homs killed two policemen and left another in critical condition.", [(2, 1)]),
    "the burned": ("Two children were badly burned when a shell hit a fuel depot in Idlib.", [(None, 2)]),
    "the body of a name": ("The body of Father Isaac Achi was recovered on Monday in Kafin Koro.", [(1, None)]),
    "a base that is stormed": ("Crowds storm UN base in Butembo, killing three peacekeepers", [(3, None)]),
    "casualties of which some are fatal": (
        "A grenade thrown at a kiosk in Yaqshid on Monday caused five casualties, two of them fatal.",
        [(2, None)],
    ),
    "two who shot and killed": ("Two men on a motorcycle shot and killed an attaché in Athens on Monday.", [(1, None)]),
    "shot and pronounced dead": ("A man was shot in the chest in Cali on Monday and pronounced dead.", [(1, None)]),
    "a dateline is no place of a part": (
        "RAWALPINDI: Two soldiers embraced martyrdom and four terrorists were killed in Spinwam on Monday.",
        [(6, None)],
    ),
    "houses that are burned": ("Two people were killed in Koro on Monday and a health centre was burned.", [(2, None)]),
}


@pytest.mark.parametrize(("text", "expected"), SEEN.values(), ids=SEEN.keys())
def test_counts_in_roundabout_words_are_seen(read_article, text: str, expected: list[Counts]) -> None:
    assert [(m["killed_min"], m["injured_min"]) for m in read_article(text).mentions] == expected


@pytest.mark.parametrize(
    "second",
    [
        "In a third incident, a roadside mine wounded a shepherd boy at Gizab.",
        "A trader was shot dead in the same area in March.",
    ],
)
def test_another_incident_is_told_apart(read_article, second: str) -> None:
    first = "A bomb killed the governor of Khas Uruzgan and a bodyguard on Monday. The driver lost both legs."
    assert len(read_article(f"{first} {second}").mentions) == 2


def test_the_items_of_a_list_are_incidents_of_their_own(read_article) -> None:
    items = [
        "* A guided bomb hit a post office in Orikhiv, killing a postman and injuring four of his colleagues.",
        "* Kherson: three people were wounded when a drone dropped a grenade on a minibus.",
    ]
    assert [(m["killed_min"], m["injured_min"]) for m in read_article("\n".join(items)).mentions] == [(1, 4), (None, 3)]


def test_those_whom_a_headline_calls_shot_are_the_dead_of_the_body(read_article) -> None:
    (mention,) = read_article("Gunmen killed four farmers in Koro on Monday.", title="Farmers shot in Koro").mentions
    assert (mention["killed_min"], mention["injured_min"]) == (4, None)
    assert not any(v["outcome"] == "injured" for v in mention["victims"])
