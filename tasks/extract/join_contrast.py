"""Weighs the clues of a report by what stands before it: several acts or places told at once, the other half of a count."""

from __future__ import annotations

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
    return clues


def compare_contrast(report: Report, incident: Incident, clues: dict[str, float]) -> None:
    """Adds the clues of a report beside several acts told at once and beside the other half of a count."""
    _beside_several(report, incident, clues)
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
