"""Who the victims are where several sentences or a list tell it: both sides' dead, lists behind a total, "they were all", the youngest."""

from __future__ import annotations

import pytest

Row = tuple[str, str, int | None, int | None]
TOLD: dict[str, tuple[str, list[Row]]] = {
    "a soldier beside the militants": (
        "Nine militants were killed by gunships near Tirah on Monday. A soldier also died in the firefight.",
        [("killed", "combatant", 10, 10)],
    ),
    "men of the one who tells it": (
        "Six bandits were killed in an ambush near Jibia on Monday. The leader of the guard said two of his men died, too.",
        [("killed", "combatant", 8, 8)],
    ),
    "another version is not added": (
        "Nine militants were killed near Tirah on Monday. The group claimed that four soldiers were killed.",
        [("killed", "combatant", 9, 9)],
    ),
    "soldiers, then others hurt": (
        "Four soldiers were killed by a grenade in Yei on Monday. Six others were wounded.",
        [("injured", "combatant", 6, 6), ("killed", "combatant", 4, 4)],
    ),
    "a list behind a colon": (
        "The clash in Caldono on Monday left five dead: three rebels, a soldier and a 12-year-old girl.",
        [("killed", "child", 1, 1), ("killed", "combatant", 4, 4)],
    ),
    "they were all": (
        "A shell killed seven people and wounded six in Misrata on Monday. They were all civilians, a doctor said.",
        [("killed", "civilian", 7, 7)],
    ),
    "the youngest": (
        "Twelve people died in the shelling of Taiz on Monday; the youngest victim was a boy of four.",
        [("killed", "child", 1, 1)],
    ),
    "the bride": (
        "Gunmen killed five people at a wedding in Sirnak on Monday. The bride was among the dead.",
        [("killed", "woman", 1, 1)],
    ),
    "killing him": (
        "A bomb blew up the car of an army officer in Mosul on Monday, killing him and wounding his driver.",
        [("killed", "combatant", 1, 1)],
    ),
    "shot, and died": (
        "A police inspector was shot from a car in Derbent on Monday. He died on the way to hospital.",
        [("killed", "combatant", 1, 1)],
    ),
    "wounded who are executed": (
        "Two wounded rebels were executed by soldiers at a clinic in Usulutan on Monday.",
        [("killed", "combatant", 2, 2)],
    ),
    "some of a number": (
        "At least 40 people were killed in Oddamavadi on Monday. The raid on the village, in which guerrillas killed "
        "Muslims and policemen, was condemned.",
        [],
    ),
    "waitresses": (
        "Gunmen killed eleven people in a bar in Celaya on Monday, among them three waitresses.",
        [("killed", "woman", 3, 3)],
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_who_the_victims_are(read_article, name: str) -> None:
    text, rows = TOLD[name]
    (mention,) = read_article(text).mentions
    assert [(v["outcome"], v["group"], v["min"], v["max"]) for v in mention["victims"]] == rows


@pytest.mark.parametrize(
    ("text", "killed"),
    [
        ("Corporal Daniel Vega 24 was shot dead by a sniper near Tibu on Monday the army said.", 1),
        ("Air strikes on the road to Hodeidah on Monday killed 140 the minister said.", 140),
        ("A tapper, Somchai Rattana, 52, and his wife Lamai, 49, were killed in Rueso on Monday.", 2),
        ("A gunman killed three people in Netanya on Monday before he was shot dead by police.", 3),
        ("The fire of the pipeline that rebels blew up near Machuca killed 84 villagers on Monday.", 84),
        ("A judge, his driver and two policemen were killed by a bomb in Palermo on Monday.", 4),
        ("Three attackers and a guard died in the assault on the consulate in Herat on Monday.", 4),
        ("Some 30 members of the [Chadian] Nomad Guard were killed in fighting near Bol on Monday.", 30),
    ],
)
def test_how_many_died(read_article, text: str, killed: int) -> None:
    (mention,) = read_article(text).mentions
    assert mention["killed_min"] == mention["killed_max"] == killed
