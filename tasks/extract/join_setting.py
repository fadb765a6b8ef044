"""Compares an incident with what leads up to a report: the sentences without figures right before it, which set its scene."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.extract.reports import Report, Sentence
    from tasks.extract.spans import PlaceExpression

    Relation = Callable[[PlaceExpression, PlaceExpression], str]

_REACH: Final = 3  # sentences before a report that may set its scene
_FIRM: Final = 2  # strength of a cue that tells of an act
_SAME: Final = frozenset({"same place", "same region", "one place inside the other"})


def lead_up(report: Report) -> list[Sentence]:
    """The sentences without figures right before a report, the nearest first."""
    found: list[Sentence] = []
    sentence = report.sentence
    while (before := sentence.before) is not None and before.field == sentence.field != "title":
        if report.order - before.order > _REACH or len(before.verdicts) < len(before.figures):
            break
        found.append(before)
        if before.opens_paragraph:
            break
        sentence = before
    return found


def setting_clues(report: Report) -> dict[str, float]:
    """The clues of what leads up to a report by itself."""
    return {"led up to": 1.0} if _acts(report) else {}


def _acts(report: Report) -> list[Sentence]:
    return [s for s in lead_up(report) if any(c.strength >= _FIRM for c in s.cues)]


def compare_setting(report: Report, known: list[Report], clues: dict[str, float], relation: Relation) -> None:
    """Adds the clues of the place and the day of what leads up to a report, where it names none itself."""
    if "led up to" not in clues:
        return
    scene = _acts(report)
    here = next((p for s in scene for p in s.places if p.kind == "place" and p.relation not in ("from", "to")), None)
    there = [r.place for r in known if r.place is not None]
    if report.place is None and here is not None:
        if not there:
            clues["led up to at a place, none told"] = 1.0
        elif any(relation(here, p) in _SAME for p in there):
            clues["led up to at the same place"] = 1.0
        else:
            clues["led up to at another place"] = 1.0
    day = next((d for s in scene for d in s.dates), None)
    days = [r.date for r in known if r.date is not None]
    apart = day is not None and not any(day.date_start <= d.date_end and d.date_start <= day.date_end for d in days)
    if report.date is None and days and apart:
        clues["led up to on another day"] = 1.0
