"""Weighs the clues of a report by what stands before it: several acts or places told at once, the other half of a count."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tasks.extract.join import Incident
    from tasks.extract.reports import Report

_OUTCOMES: Final = ("killed", "injured", "abducted")
_PLURAL_ACTS: Final = frozenset(
    "attacks raids strikes airstrikes clashes bombings blasts explosions incidents bombs shootings ambushes operations"
    " killings battles".split()
)
_PLURAL_PLACES: Final = frozenset(
    "towns villages districts areas neighbourhoods neighborhoods provinces cities parts places locations regions suburbs"
    " settlements hamlets states communities municipalities quarters".split()
)
_AREAS: Final = frozenset(
    "area place district town village province region city neighbourhood neighborhood spot locality road".split()
)
_MARKS: Final = frozenset({"*", "•", "·", "-", "–", "—"})
_OF_A_SIDE: Final = frozenset({"side", "enemy", "friendly", "own", "losses"})
_FINER: Final = frozenset(
    {
        "town and what may be its part",
        "a place and a region",
        "one place inside the other",
        "a place where none was told",
        "a place that may lie in the other",
    }
)


def contrast_clues(report: Report) -> dict[str, float]:
    """The clues of a report by itself: whether it tells of several acts or places at once."""
    clues: dict[str, float] = {}
    words = set(report.sentence.doc.lower)
    if not words.isdisjoint(_PLURAL_ACTS):
        clues["several acts"] = 1.0
    if not words.isdisjoint(_PLURAL_PLACES):
        clues["several places"] = 1.0
    if "also" in words:
        clues["also"] = 1.0
    if "same" in words and any(
        a == "same" and b in _AREAS for a, b in pairwise(report.sentence.doc.lower)
    ):  # "in the same area", where another act was told
        clues["in the same area"] = 1.0
    return clues


def _heads_item(report: Report) -> bool:
    """Whether a sentence stands behind the mark of a list: "* KHERSON: three people were hurt"; not "- Enemy side: 38 dead"."""
    doc = report.sentence.doc
    return doc[0].text in _MARKS and _OF_A_SIDE.isdisjoint(doc.lower[1:5])


def compare_contrast(report: Report, incident: Incident, clues: dict[str, float]) -> None:
    """Adds the clues of a report beside several acts told at once and beside the other half of a count."""
    _beside_several(report, incident, clues)
    if "the incident told last" in clues and "in hospital" in clues and not report.counts["killed"].known:
        clues["only the hurt, in hospital"] = 1.0
    whole = "one of several that add up to many killed" in clues and "first after the headline" not in clues
    if whole and not clues.keys().isdisjoint(_FINER):
        clues["a part of many, at a place of its own"] = 1.0
    if _heads_item(report) and any(_heads_item(r) for r in incident.known if r.sentence is not report.sentence):
        clues["another item of a list"] = 1.0
    if any(f.other for f in report.figures if f.role == "count"):
        told = {o for o in _OUTCOMES if incident.count(o).known}
        if told.isdisjoint(f.outcome for f in report.figures if f.role == "count" and f.other):
            clues["'others' of another outcome"] = 1.0
    if "also" in clues:
        for clue in ("adds the injured", "adds the killed", "next sentence", "takes up the event"):
            if clue in clues:
                clues[f"also, {clue}"] = 1.0


def _beside_several(report: Report, incident: Incident, clues: dict[str, float]) -> None:
    """Adds the clues of a report beside an incident that several acts or places are told of at once."""
    lead = next((r for r in incident.known if not r.is_title), incident.known[0])
    words = set(lead.sentence.doc.lower)
    fewer = "fewer killed" in clues or "fewer injured" in clues
    if not words.isdisjoint(_PLURAL_PLACES) or len({p.name for p in lead.places if p.kind == "place"}) > 1:
        clues["of several places"] = 1.0
        if fewer:
            clues["of several places, fewer"] = 1.0
        if report.place is not None and report.place.kind == "place":
            clues["of several places, one"] = 1.0
    if not words.isdisjoint(_PLURAL_ACTS):
        clues["of several acts"] = 1.0
        if fewer:
            clues["of several acts, fewer"] = 1.0
        if "an act with 'a'" in clues:
            clues["of several acts, one"] = 1.0
