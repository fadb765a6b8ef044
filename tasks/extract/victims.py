"""Tells who the counted people are: the codebook's groups through the nouns of the trade."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from tasks.extract import lexicon

if TYPE_CHECKING:
    from tasks.extract.parsed import Token


@cache
def _nouns() -> dict[str, Any]:
    data = lexicon.load("victims")
    group_of = {noun: group for group, nouns in data["groups"].items() for noun in nouns}
    compound_of = {tuple(c.split()): group for group, names in data["compounds"].items() for c in names}
    persons = (
        set(group_of) | set(data["plain"]["words"]) | set(data["members"]["words"]) | set(data["plain"]["attackers"])
    )
    return {
        "group_of": group_of,
        "compound_of": compound_of,
        "persons": frozenset(persons),
        "members": frozenset(data["members"]["words"]),
        "attackers": frozenset(data["plain"]["attackers"]),
        "compound_heads": frozenset(c[-1] for c in compound_of),
    }


def is_person_noun(word: str) -> bool:
    """Whether a lower-case noun names people."""
    return word in _nouns()["persons"] or word in _nouns()["compound_heads"]


def is_attacker_noun(word: str) -> bool:
    """Whether a noun names those who attack by its own meaning ("bomber", "assailants")."""
    return word in _nouns()["attackers"]


def is_minor(words: list[str]) -> bool:
    """Whether the words of an age make somebody a child: under 18 years, or told in months, weeks or days."""
    if {"month", "months", "week", "weeks", "day", "days"} & set(words):
        return True
    return any(w.isdecimal() and int(w) < 18 for w in words if len(w) < 4)


def group_of(noun: Token, span: list[Token], armed: bool) -> str | None:
    """The group of a counted noun phrase; None where the words state none ("people", "men").

    Args:
        noun: The counted noun.
        span: Tokens of the noun phrase, determiners and modifiers included.
        armed: Whether an armed actor is named in or right after the phrase ("members of the SDF").
    """
    data, words = _nouns(), [t.lower_ for t in span]
    for i in range(len(words) - 1):
        for size in (3, 2):
            group = data["compound_of"].get(tuple(words[i : i + size]))
            if group is not None:
                return str(group)
    word = noun.lower_
    group = data["group_of"].get(word)
    if (
        group == "combatant"
        and word in ("leader", "leaders", "agent", "agents", "guard", "guards", "forces", "major", "general", "private")
        and not armed
    ):
        return None if word in ("leader", "leaders", "agent", "agents", "private", "general", "major") else "combatant"
    if group is not None:
        return str(group)
    if armed and word in data["members"]:
        return "combatant"
    modifiers = set(words) - {word}
    for candidate in ("child", "journalist", "humanitarian", "combatant", "civilian", "woman"):
        if any(data["group_of"].get(m) == candidate for m in modifiers) and candidate in (
            "civilian",
            "combatant",
            "child",
        ):
            return candidate
    return None
