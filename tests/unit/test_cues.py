"""How it was done: the words of weapons and acts, seen who did it and who was hit."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks.extract.engine import ArticleText, Reader


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Five Maoists were gunned down in an encounter with security forces near Bijapur on Monday.", "Armed clash"),
        ("Gunmen shot dead five farmers near Zurmi on Monday.", "Attack"),
        (
            "A shell left over from the war exploded in Benghazi on Monday, killing two boys.",
            "Remote explosive/landmine/IED",
        ),
        (
            "A mortar bomb exploded in a playground in Sarvas on Monday, killing two children.",
            "Shelling/artillery/missile attack",
        ),
        ("Police gunned down four terrorists in Lahore on Monday.", "Armed clash"),
        ("Police shot dead four protesters in Lahore on Monday.", "Attack"),
        (
            "The junta committed a massacre in Sagaing on Monday, killing 25 villagers. The victims were hit by air strikes.",
            "Air/drone strike",
        ),
        ("Militiamen committed a massacre in Sagaing on Monday, killing 25 villagers with knives.", "Attack"),
        ("Bandits killed nine villagers in raids on two hamlets near Dansadau on Monday.", "Attack"),
        ("Colombian jets killed nine villagers in raids near Tumaco on Monday.", "Air/drone strike"),
        ("Debris from a downed drone killed a driver in Odesa on Monday.", "Air/drone strike"),
        ("A woman with explosives strapped to her body killed six shoppers in Maiduguri on Monday.", "Suicide bomb"),
        ("A bomblet killed two shepherds near Saada on Monday.", "Remote explosive/landmine/IED"),
        (
            "A coalition raid on Marib, where tribesmen are holding off the rebels, killed two herders on Friday.",
            "Air/drone strike",
        ),
        ("Rebels executed a pilot near Sana on Friday after his plane was shot down.", "Attack"),
        ("The navy committed a massacre in an airstrike on Jaffna on Friday, killing ten people.", "Air/drone strike"),
        ("Troops killed six suicide bombers who attacked a base near Kirkuk on Friday.", "Armed clash"),
        (
            "Men lobbed a grenade towards a police post at Pampore on Friday. The device exploded, injuring a woman.",
            "Grenade",
        ),
        (
            "Warplanes launched a series of attacks near Tyre on Friday. In Nahle, a raid on a house killed 12 people.",
            "Air/drone strike",
        ),
        ("Two students were injured by soldiers during an assault on Jenin on Monday.", "Attack"),
        ("Rebels raided a trading centre near Gulu on Monday and killed nine people with hoes.", "Attack"),
        ("Rebels raided an army post near Gulu on Monday and killed nine soldiers.", "Armed clash"),
        ("Snipers of the task force shot dead four militants near Vavuniya on Monday.", "Armed clash"),
        ("Troops seized two mortars and shot a farmer dead near Aghdam on Monday.", "Attack"),
        (
            "Jets bombed rebels near Sukhumi on Monday, killing five and destroying their rocket launchers.",
            "Air/drone strike",
        ),
        ("Army helicopters opened fire on a fair near Tessit on Monday, killing nine people.", "Air/drone strike"),
        ("A gyrocopter dropped explosives on a feast near Monywa on Monday, killing nine people.", "Air/drone strike"),
        ("An enemy raid targeted a van near Tyre on Monday, killing three people.", "Air/drone strike"),
        ("The coalition struck a convoy near Mayadin on Monday, killing nine militants.", "Air/drone strike"),
        ("Regime bombing killed nine people in Ariha on Monday.", "Air/drone strike"),
        ("Guerrillas bombed a restaurant in Derry on Monday, killing three people.", "Remote explosive/landmine/IED"),
        ("A man drove a van loaded with explosives into a barracks in Gao on Monday, killing nine.", "Suicide bomb"),
        (
            "Tank rounds hit a clinic near Jabalia on Monday, killing nine patients.",
            "Shelling/artillery/missile attack",
        ),
        ("An exchange of gunfire with guerrillas left three officers dead near Arauca on Monday.", "Armed clash"),
        ("Six rebels were shot dead by troops near Jaffna on Monday.", "Armed clash"),
        (
            "Nine fighters were killed near Dikwa on Monday when troops, backed by artillery, repelled an attack.",
            "Armed clash",
        ),
        ("Three boys were shot dead on Monday near Halabja, the site of a deadly gas attack.", "Attack"),
        (
            "Rebels raided Mbau on Monday, killing nine people. They took three girls with them, a nurse said.",
            "Attack",
        ),
        ("Gunmen opened fire on a patrol near Gao on Monday, killing two soldiers.", "Armed clash"),
    ],
)
def test_kinds_of_act(reader: Reader, text: str, kind: str) -> None:
    (row,) = reader.read(ArticleText("a", None, None, text, dt.date(2023, 5, 3))).mentions
    assert row["sub_event_type"] == kind


def test_what_is_told_further_down_with_no_means_has_that_of_the_opening(reader: Reader) -> None:
    text = (
        "Air strikes hit several towns of the province on Monday, killing 20 people. "
        "In the town of Saraqib six people were killed."
    )
    rows = reader.read(ArticleText("a", None, None, text, dt.date(2023, 5, 3))).mentions
    assert {row["sub_event_type"] for row in rows} == {"Air/drone strike"}
