"""Weighs the clues of a report by what stands before it: a headline alone, several acts or places told at once, the other half of a count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tasks.extract.join_setting import setting_of

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
_OF_WHOLE: Final = 5  # what a whole telling names: place, day, act, actor, the killed
# Clues that mean something else beside an incident that only the headline tells: it names no day, opens nothing and leaves much out.
_BESIDE_HEADLINE: Final = (
    "same number",
    "same small number",
    "same large number",
    "not the headline's number",
    "same place",
    "same region",
    "different places",
    "a place where none was told",
    "no place of its own",
    "no place in either",
    "a place and a region",
    "town and what may be its part",
    "one place inside the other",
    "same kind of act",
    "kinds of act that go together",
    "other kind of act",
    "no act of its own",
    "opens with a place",
    "opens with a day",
    "also, later, earlier",
    "told as another event",
    "the incident told last",
    "same actor",
    "adds the injured",
    "adds the killed",
    "sentences between",
    "told whole",
)


def contrast_clues(report: Report) -> dict[str, float]:
    """The clues of a report by itself: how much of a whole telling it is, and whether it tells of several acts at once."""
    clues: dict[str, float] = {}
    words = {t.lower_ for t in report.sentence.doc}
    setting = setting_of(report)
    counted = [f for f in report.figures if f.role == "count"]
    told = (
        (setting.place is not None)
        + (setting.date is not None)
        + (report.type_rule == "cue")
        + (report.perpetrator is not None)
        + any(f.kind in ("number", "indefinite") and f.outcome == "killed" for f in counted)
    )
    clues["told whole"] = told / _OF_WHOLE
    if setting.place is not None and report.type_rule == "cue" and any(f.kind == "number" for f in counted):
        clues["act, place and number"] = 1.0
    if not words.isdisjoint(_PLURAL_ACTS):
        clues["several acts"] = 1.0
    if not words.isdisjoint(_PLURAL_PLACES):
        clues["several places"] = 1.0
    if "also" in words:
        clues["also"] = 1.0
    return clues


def compare_contrast(report: Report, incident: Incident, clues: dict[str, float]) -> None:
    """Adds the clues of a report beside a headline, beside several acts told at once and beside the other half of a count."""
    _beside_several(report, incident, clues)
    if any(f.other for f in report.figures if f.role == "count"):
        told = {o for o in _OUTCOMES if incident.count(o).known}
        if told.isdisjoint(f.outcome for f in report.figures if f.role == "count" and f.other):
            clues["'others' of another outcome"] = 1.0
    if "also" in clues:
        for clue in ("adds the injured", "adds the killed", "next sentence", "takes up the event"):
            if clue in clues:
                clues[f"also, {clue}"] = 1.0
    for clue in ("goes on in the paragraph", "next sentence"):
        if clue in clues:
            clues[f"{clue}, told whole"] = clues["told whole"]
            if "act, place and number" in clues:
                clues[f"{clue}, act, place and number"] = 1.0
    if all(r.is_title for r in incident.known):
        clues.update({f"headline only: {c}": clues[c] for c in _BESIDE_HEADLINE if c in clues})


def _beside_several(report: Report, incident: Incident, clues: dict[str, float]) -> None:
    """Adds the clues of a report beside an incident that several acts or places are told of at once."""
    lead = next((r for r in incident.known if not r.is_title), incident.known[0])
    words = {t.lower_ for t in lead.sentence.doc}
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
