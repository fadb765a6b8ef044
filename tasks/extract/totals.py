"""Totals and their parts: "18 killed", told with "11 in one quarter and seven in another"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tasks.extract.cues import compatible_types
from tasks.extract.join_features import place_relation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.extract.join import Incident
    from tasks.extract.reports import Report

_LONGEST_LIST: Final = 12
_REACH_OF_TOTAL: Final = 60
_LEAST: Final = 3
_TOWN: Final = 5  # rank of a place that no other town lies in


def mark_totals(reports: list[Report]) -> None:
    """Notes in each report of an article the totals that a run of reports with it adds up to: "18 killed: 11 in A and 7 in B".

    A total is told by a report before or after the run; two or more parts in a row, told of one after another.
    """
    for outcome in ("killed", "injured"):
        told = [r for r in reports if (r.counts[outcome].min or 0) > 0]
        body = [r for r in told if not r.is_title]
        by_number: dict[int, list[Report]] = {}
        for report in told:
            by_number.setdefault(report.counts[outcome].min or 0, []).append(report)
        for start in range(len(body)):
            running = 0
            run: list[Report] = []
            for report in body[start : start + _LONGEST_LIST]:
                run.append(report)
                running += report.counts[outcome].min or 0
                if len(run) < 2 or running not in by_number:
                    continue
                if any(
                    (r.order <= run[0].order or r.order > run[-1].order) and all(r is not part for part in run)
                    for r in by_number[running]
                ):
                    for part in run:
                        part.part_of.add((outcome, running))


def drop_umbrellas(incidents: list[Incident]) -> list[tuple[Incident, list[Incident]]]:
    """Takes out totals whose parts are incidents of their own ("31 killed in Aleppo: 19 in A, 12 in B").

    Returns:
        Each umbrella with its parts; `incidents` keeps the parts only.
    """
    umbrellas = []
    told = list(incidents)
    gone: set[Incident] = set()
    taken: set[Incident] = set()
    for position, incident in enumerate(told):
        total = incident.count("killed")
        if total.min is None or total.min < _LEAST or incident in taken:
            continue  # any two single deaths add up to two; a part is no total itself
        around = told[max(0, position - 10) : position + _REACH_OF_TOTAL]
        rest = [
            i
            for i in around
            if i is not incident and i not in gone and i.count("killed").min and _may_be_part(i, incident)
        ]
        parts = _parts_summing_to(rest, total.min)
        if parts is not None and len(parts) >= 2:
            umbrellas.append((incident, parts))
            for part in parts:
                part.background += incident.known
            gone.add(incident)
            taken.update(parts)
    incidents[:] = [i for i in incidents if i not in gone]
    return umbrellas


def drop_headline(
    incidents: list[Incident], is_incident: Callable[[Incident], bool]
) -> list[tuple[Incident, list[Incident]]]:
    """Takes out an incident that only the headline tells, beside those of the body: what a headline tells, the body tells too.

    Returns:
        It with those of the body; `incidents` keeps these only. Empty where the body tells of none.
    """
    told = [i for i in incidents if not all(r.is_title for r in i.reports) and is_incident(i)]
    alone = [i for i in incidents if all(r.is_title for r in i.reports)]
    if not told:
        return []
    incidents[:] = [i for i in incidents if not all(r.is_title for r in i.reports)]
    return [(incident, told) for incident in alone]


def mark_parts(incidents: list[Incident]) -> None:
    """Lets an incident at a finer place take what it leaves out (day, means, actor) from the total told before it."""
    for whole in incidents:
        lead = whole.reports[0]
        place = next((r.place for r in whole.known if r.place is not None), None)
        if lead.order > 4 or whole.count("killed").min is None:
            continue
        parts: list[int] = []
        for part in incidents:
            own = next((r.place for r in part.known if r.place is not None), None)
            if (
                part is whole
                or own is None
                or part.background
                or not _may_be_part(part, whole)
                or (part.reports[0].separate == 2 and part.reports[0].date)
            ):
                continue
            finer = place is None or own.rank > place.rank
            fewer = (part.count("killed").min or 0) <= (whole.count("killed").min or 0)
            if (
                finer
                and fewer
                and all(r.date is None for r in part.known)
                and part.reports[0].order - whole.last_order <= 8
            ):
                part.background += whole.known
                parts.append(part.count("killed").min or 0)
        whole.is_umbrella = len(parts) > 1 and all(parts) and sum(parts) <= (whole.count("killed").min or 0)


def _may_be_part(part: Incident, whole: Incident) -> bool:
    """Whether an incident can be one of those that a total adds up: told after it, of its day and kind."""
    if part.reports[0].order < whole.reports[0].order:
        return False
    if (
        whole.reports[0].sentence.label is not None
        and whole.reports[0].sentence.label is not part.reports[0].sentence.label
    ):
        return False  # an item of a bulletin is no total of others
    days, others = [r.date for r in whole.known if r.date], [r.date for r in part.known if r.date]
    if days and others and not any(a.overlaps(b) for a in days for b in others):
        return False
    kinds = {r.type for r in whole.known if r.type_rule == "cue"}
    own = {r.type for r in part.known if r.type_rule == "cue"}
    if kinds and own and not any(compatible_types(a, b) for a in kinds for b in own):
        return False
    hurt, all_hurt = part.count("injured").min, whole.count("injured").min
    if hurt is not None and all_hurt is not None and hurt > all_hurt:
        return False
    if not any(r.is_apart for r in whole.known) and _plays_elsewhere(part, whole):
        return False
    return whole.type != "Suicide bomb"


def _plays_elsewhere(part: Incident, whole: Incident) -> bool:
    here = [r.place for r in whole.known if r.place is not None]
    there = [r.place for r in part.known if r.place is not None]
    if not here or not there:
        return False
    relations = {place_relation(a, b) for a in here for b in there}
    if all(p.kind == "place" and p.rank >= _TOWN for p in here):
        return relations.isdisjoint(("same place", "one place inside the other", "town and what may be its part"))
    return relations == {"different places"}


def _parts_summing_to(incidents: list[Incident], total: int) -> list[Incident] | None:
    """Consecutive incidents whose killed add up to a total; None: there are none."""
    for start in range(len(incidents)):
        running, parts = 0, []
        for incident in incidents[start:]:
            running += incident.count("killed").min or 0
            parts.append(incident)
            if running == total:
                return parts
            if running > total:
                break
    return None
