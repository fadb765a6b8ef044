"""Counts told once for several places: "killing two people each in Kutum and Malha", "bombs in Kirkuk and Mosul killed three each"."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tasks.extract.figure import Figure
    from tasks.extract.parsed import Doc
    from tasks.extract.reports import Report
    from tasks.extract.spans import PlaceExpression

_AT: Final = frozenset({"in", "at", "on", "near", "outside", "around"})
_LISTING: Final = frozenset(
    ", and the both in at of city cities town towns village villages district districts province provinces region regions".split()
)
_BEFORE_ACT: Final = 6  # tokens from "each" to the casualty word that it goes with: "each killed at least"


def one_by_one(report: Report) -> list[Report]:
    """A report for each place of the list over which "each" spreads its counts; the report itself where it spreads them over none.

    The figures of the second and later places quote the words from the number to the place.
    """
    sentence = report.sentence
    counted = [f for f in report.figures if f.role == "count" and f.kind in ("number", "indefinite")]
    if "each" not in sentence.doc.lower or not counted:
        return [report]
    if any(f.role == "count" and f.first > counted[-1].last for f in sentence.figures):
        return [report]
    places = _spread_over(sentence.doc, counted, sentence.places)
    if len(places) < 2:
        return [report]
    found = []
    for n, place in enumerate(places):
        figures = report.figures if n == 0 else [_up_to(sentence.doc, f, place) for f in report.figures]
        if n:
            sentence.figures += figures
        found.append(
            dataclasses.replace(
                report,
                figures=figures,
                place=place,
                places=[place],
                anaphor=report.anaphor if n == 0 else None,
                separate=2 if n else report.separate,
                part_of=set(),
                one_of_each=True,
            )
        )
    return found


def _spread_over(doc: Doc, counted: Sequence[Figure], places: Sequence[PlaceExpression]) -> list[PlaceExpression]:
    """The places of the list that an "each" goes with: of the one behind it, else of the one before it."""
    last = counted[-1]
    for i, word in enumerate(doc.lower):
        if word != "each":
            continue
        following = doc.lower[i + 1] if i + 1 < len(doc) else ""
        of_each = following == "of" and i > 0 and doc.lower[i - 1] in _AT and last.first < i
        each_time = last.last < i <= last.last + 2  # "three people each"
        if of_each or (each_time and following in _AT):
            behind = _list_of(doc, [p for p in places if p.start > doc[i].idx])
            if of_each or len(behind) > 1:
                return behind
        if each_time or any(i < f.anchor <= i + _BEFORE_ACT for f in counted):
            return _list_of(doc, [p for p in places if p.start < doc[i].idx])
    return []


def _list_of(doc: Doc, places: Sequence[PlaceExpression]) -> list[PlaceExpression]:
    """The first places of a row that stand in one list."""
    listed: list[PlaceExpression] = []
    for place in places:
        between = doc.text[listed[-1].end : place.start].lower().replace(",", " , ").split() if listed else []
        if not _LISTING.issuperset(between):
            break
        listed.append(place)
    return listed


def _up_to(doc: Doc, figure: Figure, place: PlaceExpression) -> Figure:
    span = doc.char_span(place.start, place.end, alignment_mode="expand")
    if span is None:
        return dataclasses.replace(figure)
    return dataclasses.replace(figure, first=min(figure.first, span.start), last=max(figure.last, span.end - 1))
