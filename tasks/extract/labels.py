"""Finds the places that head the items of a bulletin: "Stepanakert. …", "* MOSUL - …", "3. Boston (Cité Soleil). …", a line "Ouaka"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tasks.extract.place_runs import common_words
from tasks.extract.place_words import place_words

if TYPE_CHECKING:
    from tasks.extract.gazetteer import Gazetteer

_NUMBER: Final = (
    r"[ \t]*(?:[-*•–·]|\(?\d{1,2}[.)]|\([a-z]\))?[ \t]*"
    r"(?:(?i:near|outside|around|(?:north|south|east|west)(?:[ -]?(?:east|west))? of) )?"
)
_WORD: Final = r"(?:[dl]['’])?[^\W\d_a-z][\w'’-]+"
_NAME: Final = (
    rf"(?P<name>{_WORD}(?:(?: and | de | la | del | el | al | of | du | des |[ /,]{{1,2}}){_WORD}){{0,4}}(?: [a-z]+)?)"
)
_IN: Final = r"(?: \((?P<within>[^()\n]{2,40})\))?"
_OPENS: Final = re.compile(rf"^{_NUMBER}{_NAME}{_IN}(?:[.:]| [-–—]{{1,2}})[ \t]+(?=[\"“'(]?(?:[A-Z]|\d))", re.MULTILINE)
_LINE: Final = re.compile(rf"^{_NUMBER}{_NAME}{_IN}:?[ \t]*$", re.MULTILINE)
_HEADING: Final = re.compile(r"^[^\n.!?]{1,60}$", re.MULTILINE)
_LEAST: Final = 2  # places that head items of an article: a single one is a dateline or a chance
_SHORTEST: Final = 4


@dataclass(frozen=True, slots=True)
class Label:
    """A place that heads an item: where its name stands, and what lies under it.

    Attributes:
        start: First character of the name.
        end: Character after it.
        name: The name, the first of several.
        others: Further names ("Fizuli and Agjabedi").
        within: The larger place in brackets after it.
        until: Where the text under it ends.
        first: Where the first such name of the text stands.
    """

    start: int
    end: int
    name: str
    others: tuple[str, ...]
    within: tuple[str, ...]
    until: int
    first: int = 0


def find_labels(text: str, gazetteer: Gazetteer) -> list[Label]:
    """The places that head paragraphs or runs of paragraphs of a text; none where there are fewer than two."""
    found: list[Label] = []
    for pattern in (_OPENS, _LINE):
        named = [m for m in pattern.finditer(text) if _is_name(m.group("name"))]
        known = [m for m in named if _is_known(m.group("name"), gazetteer)]
        if len({m.group("name") for m in known}) >= _LEAST:
            headings = [m.start() for m in _HEADING.finditer(text)] + [len(text)]
            found += (_label(m, text, headings, line=pattern is _LINE) for m in known)
    first = min((label.start for label in found), default=0)
    return sorted((replace(label, first=first) for label in found), key=lambda label: label.start)


def other_item(mine: Label | None, theirs: Label | None, offset: int) -> bool:
    """Whether a sentence stands in another item than one before it, whose first character is given."""
    if mine is None:
        return False  # a paragraph without a heading may go on with the item before it
    return mine is not theirs if theirs is not None else offset > mine.first


class Headed:
    """Says under which label a character stands, for one character after another in the order of the text."""

    def __init__(self, labels: Sequence[Label]) -> None:
        self._ahead = list(reversed(labels))
        self._open: list[Label] = []

    def label_at(self, offset: int) -> Label | None:
        """The label that a character of the text stands under: the last before it that reaches so far."""
        while self._ahead and self._ahead[-1].start <= offset:
            self._open.append(self._ahead.pop())
        while self._open and self._open[-1].until <= offset:
            self._open.pop()
        return self._open[-1] if self._open else None


def _label(match: re.Match[str], text: str, headings: list[int], *, line: bool) -> Label:
    end = text.find("\n", match.end())
    end = len(text) if end < 0 else end
    if line:
        end = headings[bisect_right(headings, match.start())]
    first, *others = _parts(match.group("name"))
    start = match.start("name")
    within = match.group("within")
    return Label(start, start + len(first), first, tuple(others), (within,) if within else (), end)


def _parts(name: str) -> list[str]:
    return [p for p in re.split(r" and |, |/", name) if p]


def _is_name(name: str) -> bool:
    """Whether no word is a common one: "Press", "Diplomacy", "Front line" head no place."""
    *words, last = name.split()
    passed = place_words().types | place_words().directions
    plain = [w for w in (*words, last) if w.lower() not in passed and w[:1].isupper()]
    if last[:1].islower() and last.lower() not in place_words().types:
        return False
    return bool(plain) and len(name) >= _SHORTEST and not any(w.lower() in common_words() for w in plain)


def _is_known(name: str, gazetteer: Gazetteer) -> bool:
    found = (gazetteer.find(part) for part in _parts(name))
    return any(country or entries for country, entries in found)
