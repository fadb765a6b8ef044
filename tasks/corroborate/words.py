"""Compares names of places and actors, and reads the kind of event from a headline."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).with_name("words.toml")


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def folded(text: str) -> str:
    """Lower case, without marks and punctuation."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", plain.replace("'", "").replace("’", "")))


@cache
def _core(place: str) -> str:
    words = [word for word in folded(place).split() if word not in _data()["places"]["leave_out"]]
    return "".join(words)


@cache
def places_alike(ours: str, theirs: str) -> float:
    """Likeness of two place names, 0 to 1: 1 where only articles, kinds of place and spelling signs differ."""
    first, second = _core(ours), _core(theirs)
    if not first or not second:
        return 0.0
    return 1.0 if first == second else SequenceMatcher(None, first, second).ratio()


def _names(actor: str) -> list[str]:
    """An actor's names: the one written and those in brackets behind it."""
    inside = re.findall(r"\(([^()]*)\)", actor)
    outside = re.sub(r"\([^()]*\)", "", actor)
    return [folded(name) for name in [outside, *(part for text in inside for part in text.split(","))] if folded(name)]


@cache
def _groups() -> dict[str, frozenset[str]]:
    groups = [frozenset(folded(name) for name in names) for names in _data()["actors"]["groups"]]
    return {name: group for group in groups for name in group}


def _all_names(actor: str) -> set[str]:
    names = set(_names(actor))
    return names.union(*(_groups().get(name, frozenset()) for name in names))


def same_actor(ours: str, theirs: str) -> bool:
    """Whether two names can stand for one actor."""
    if _all_names(ours) & _all_names(theirs):
        return True
    for one, other in ((ours, theirs), (theirs, ours)):
        state = re.fullmatch(r"(?:government|military forces|police forces) of (\w+).*", folded(one))
        words = folded(other).split()
        # "Syrian army" and "Government of Syria" share the stem of the country's name.
        if state and any(word[:4] == state[1][:4] for word in words):
            return len(words) == 1 or bool(set(words) & set(_data()["actors"]["state_words"]))
    return False


def named_in(actor: str, text: str) -> bool:
    """Whether a text names the actor by one of its names of more than three letters."""
    words = f" {folded(text)} "
    return any(f" {name} " in words or f" {name}s " in words for name in _all_names(actor) if len(name) > 3)


@cache
def kinds_in(text: str) -> frozenset[str]:
    """The kinds of event that a headline tells of."""
    words = f" {folded(text)} "
    return frozenset(
        kind for kind, cues in _data()["kinds"].items() if any(f" {folded(cue)} " in words for cue in cues)
    )
