"""Splits a text into sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

# nupunkt leaves two sentences together where the second begins with a number, or the first ends with a name.
_BREAK: Final = re.compile(r'(?<=[a-z0-9)"]{2}[.!?]) +(?=["“]?[A-Z0-9])')
_NO_BREAK_BEFORE: Final = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Gen|Col|Maj|Capt|Lt|Sgt|Brig|Rev|Sen|Gov|Rep|Prof|No|Nos|vs|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Mt|Ft|Co|Inc|Ltd|Jr|Sr|Hon|Pvt|Cpl|Adm|Cmdr|Supt|approx|etc|al)|\b[A-Z](?:\.[A-Z])*|a\.m|p\.m)\.$"
)
# Where nupunkt ends a sentence inside a title: "the former U.S. Secretary of State", "Lt. Gen. Brown".
_OPEN_END: Final = re.compile(r"(?:\bU\.[SNK]|\b(?:Lt|Brig|Maj))\.$")
# Where it takes initials or a rank for an end: "The R.U.C. said", "killing Insp. Cruz".
_INITIALS: Final = re.compile(r"\b(?:[A-Z]\.){2,}$")
_RANK: Final = re.compile(r"\b(?:Insp|Supt|Const|Pte|Msgr|Cllr|Cdr|Comdr|Engr|Atty|Fr|Ptl|Spc|SPO\d|PO\d)\.$")
_TITLE: Final = re.compile(
    r"(?:Secretary|Ambassador|Embassy|President|Vice|Deputy|Army|Navy|Marines?|Government|Gen(?:eral)?|Col(?:onel)?|Security|Special|State|House|Senator|Consul(?:ate)?)\b"
)
_LONGEST: Final = 2500
_TAIL: Final = 24  # characters: more than the longest title or abbreviation


@cache
def _splitter() -> object:
    import nupunkt

    return nupunkt


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of the sentences of a text, blanks around them left out."""
    for paragraph in re.finditer(r"[^\n]+", text):
        offset = paragraph.start()
        for start, end in _whole(paragraph.group(), _splitter().sent_spans(paragraph.group())):  # type: ignore[attr-defined]
            yield from _split_again(text, offset + start, offset + end)


def _whole(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans, of which those that end inside a title go on with the next."""
    begin: int | None = None
    last = 0
    for start, end in spans:
        if begin is not None and not _goes_on(text[max(begin, last - 12) : last].rstrip(), text[start:end].lstrip()):
            yield begin, last
            begin = None
        begin = start if begin is None else begin
        last = end
    if begin is not None:
        yield begin, last


def _goes_on(before: str, after: str) -> bool:
    """Whether what was cut in two is one sentence."""
    if _OPEN_END.search(before) and _TITLE.match(after):
        return True
    small = after[:1].islower()
    return (small and _INITIALS.search(before) is not None) or (not small and _RANK.search(before) is not None)


def _split_again(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _BREAK.finditer(text, start, end):
        if not _NO_BREAK_BEFORE.search(_tail(text, begin, match.start())):
            yield from _trimmed(text, begin, match.start())
            begin = match.end()
    yield from _trimmed(text, begin, end)


def _tail(text: str, start: int, end: int) -> str:
    """The last characters of a stretch of text, blanks left out: all that its last word can need, however long it is."""
    while end > start and text[end - 1].isspace():
        end -= 1
    return text[max(start, end - _TAIL) : end]


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > _LONGEST:
        cut = text.rfind(" ", start, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        yield start, cut
        start = cut
    if end > start:
        yield start, end
