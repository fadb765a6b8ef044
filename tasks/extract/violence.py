"""The words of attack: which forms tell an act of violence whose subject is the attacker, and which nouns name an attack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from tasks.extract import lexicon

if TYPE_CHECKING:
    from tasks.extract.parsed import Token

_BOMBS = frozenset("bomb mine landmine ied explosive bombs mines landmines ieds explosives".split())
_TO_BOMB = 3  # words from "hit" to the bomb
_REACH = 7  # words within which a light verb ("open … fire") must meet its other half


def _inflect(base: str) -> Iterator[str]:
    """The regular forms of an English verb."""
    yield base
    if base.endswith(("s", "x", "z", "ch", "sh")):
        yield base + "es"
    elif base.endswith("y") and base[-2] not in "aeiou":
        yield base[:-1] + "ies"
    else:
        yield base + "s"
    if base.endswith("e"):
        yield from (base + "d", base[:-1] + "ing")
    elif base.endswith("y") and base[-2] not in "aeiou":
        yield from (base[:-1] + "ied", base + "ing")
    else:
        yield from (base + "ed", base + "ing")


@cache
def verb_forms() -> dict[str, str]:
    """Form → base of every verb of violence."""
    data = lexicon.load("perpetrators")["verbs"]
    forms: dict[str, str] = {}
    for base in data["regular"]:
        irregular = data["irregular"].get(base)
        forms.update(dict.fromkeys((base, *irregular) if irregular else _inflect(base), base))
    return forms


def is_violent_form(word: str, following: Sequence[str]) -> bool:
    """Whether a lower-case verb form tells an act of violence; light verbs ("open fire", "carried out") need their other half near.

    Args:
        word: The form.
        following: The lower-case words after it.
    """
    base = verb_forms().get(word)
    if base is None:
        return False
    if base == "put":
        return list(following[:2]) == ["to", "death"] or "action" in following[:_REACH]  # not "put the death toll at"
    if base in ("hit", "strike") and not _BOMBS.isdisjoint(following[:_TO_BOMB]) and "with" not in following[:_TO_BOMB]:
        return False  # "police hit a roadside bomb"
    halves = lexicon.load("perpetrators")["verbs"]["light"].get(base)
    return halves is None or any(w in halves for w in following[:_REACH])


def is_violent(token: Token) -> bool:
    """`is_violent_form` of a token and what follows it."""
    if token.lower_ not in verb_forms():
        return False
    return is_violent_form(token.lower_, token.doc.lower[token.i + 1 : token.i + 1 + _REACH])


@cache
def noun_set(name: str) -> frozenset[str]:
    """A list of [nouns] in perpetrators.toml."""
    return frozenset(lexicon.load("perpetrators")["nouns"][name])


@cache
def claim_words(name: str) -> frozenset[str]:
    """A list of [claims] in perpetrators.toml."""
    part: dict[str, Any] = lexicon.load("perpetrators")["claims"]
    return frozenset(part[name])


@cache
def window_words(name: str) -> frozenset[str]:
    """A list of [window] in perpetrators.toml."""
    return frozenset(lexicon.load("perpetrators")["window"][name])


@cache
def grammar_words(name: str) -> frozenset[str]:
    """A list of [grammar] in perpetrators.toml."""
    return frozenset(lexicon.load("perpetrators")["grammar"][name])
