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
        ("Bandits killed nine villagers in raids on two hamlets near Dansadau on Monday.", "Attack"),
        ("Colombian jets killed nine villagers in raids near Tumaco on Monday.", "Air/drone strike"),
        ("Debris from a downed drone killed a driver in Odesa on Monday.", "Air/drone strike"),
        ("A woman with explosives strapped to her body killed six shoppers in Maiduguri on Monday.", "Suicide bomb"),
        ("A bomblet killed two shepherds near Saada on Monday.", "Remote explosive/landmine/IED"),
        ("Two students were injured by soldiers during an assault on Jenin on Monday.", "Attack"),
    ],
)
def test_kinds_of_act(reader: Reader, text: str, kind: str) -> None:
    (row,) = reader.read(ArticleText("a", None, None, text, dt.date(2023, 5, 3))).mentions
    assert row["sub_event_type"] == kind
