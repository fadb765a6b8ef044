"""The words of attack: which forms tell an act of violence whose subject is the attacker, and which nouns name an attack."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from tasks.extract import lexicon

if TYPE_CHECKING:
    from spacy.tokens import Token

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


def is_violent_verb(word: str) -> bool:
    """Whether a lower-case word is a form of a verb of violence that needs no second half."""
    base = verb_forms().get(word)
    return base is not None and base not in lexicon.load("perpetrators")["verbs"]["light"]


def is_violent(token: Token) -> bool:
    """Whether a token tells an act of violence; light verbs ("open fire", "carried out") need their other half near."""
    base = verb_forms().get(token.lower_)
    if base is None:
        return False
    halves = lexicon.load("perpetrators")["verbs"]["light"].get(base)
    if halves is None:
        return True
    return any(t.lower_ in halves for t in token.doc[token.i + 1 : token.i + 1 + _REACH])


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
