"""Links incidents and reference rows one to one so that the sum of the scores is greatest."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from expectations.countries import countries
from tasks.corroborate.compare import Comparison, compare, settings, window
from tasks.corroborate.reference import Event
from tasks.corroborate.words import folded

Row = dict[str, Any]
Pairs = dict[tuple[int, int], Comparison]


def candidates(rows: list[Row], events: list[Event], counts: str) -> Pairs:
    """The comparisons of all pairs that place, date and country do not rule out, by position in the two lists."""
    by_day: dict[dt.date, list[int]] = defaultdict(list)
    for number, event in enumerate(events):
        for day in range((event.end - event.start).days + 1):
            by_day[event.start + dt.timedelta(days=day)].append(number)
    pairs: Pairs = {}
    for ours, row in enumerate(rows):
        days = window(row)
        if days is None:
            continue
        slack = 0 if row["date_start"] is None else int(settings()["date"]["max_days"])
        first, last = days[0] - dt.timedelta(days=slack), days[1] + dt.timedelta(days=slack)
        near = {n for d in range((last - first).days + 1) for n in by_day.get(first + dt.timedelta(days=d), ())}
        for theirs in sorted(near):
            if not _same_country(row, events[theirs]):
                continue
            comparison = compare(row, events[theirs], counts)
            if comparison is not None:
                pairs[ours, theirs] = comparison
    return pairs


def _same_country(row: Row, event: Event) -> bool:
    """Whether the countries can be one; unknown names rule nothing out."""
    known = countries().get(row["country_code"] or "")
    if known is None or not event.country:
        return True
    if row["latitude"] is not None and event.latitude is not None:
        return True  # the distance says more than names of countries, which differ
    ours, theirs = folded(known.name), folded(event.country)
    return ours in theirs or theirs in ours


def best_links(pairs: Pairs) -> dict[int, int]:
    """Our position to theirs: the assignment with the greatest sum of scores among pairs that score enough."""
    links: dict[int, int] = {}
    for group in _connected([pair for pair, comparison in pairs.items() if comparison.enough]):
        links.update(_assigned(group, pairs))
    return links


def _assigned(group: list[tuple[int, int]], pairs: Pairs) -> dict[int, int]:
    if len(group) == 1:
        return dict(group)
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    ours, theirs = sorted({a for a, _ in group}), sorted({b for _, b in group})
    scores = np.zeros((len(ours), len(theirs)))
    for a, b in group:
        scores[ours.index(a), theirs.index(b)] = pairs[a, b].score
    chosen = zip(*linear_sum_assignment(scores, maximize=True), strict=True)
    linked = ((ours[int(i)], theirs[int(j)]) for i, j in chosen)
    return {a: b for a, b in linked if (a, b) in pairs and pairs[a, b].enough}


def _connected(edges: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Edges in groups that share no incident and no reference row, in the order of their first."""
    of_ours: dict[int, list[tuple[int, int]]] = defaultdict(list)
    of_theirs: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for edge in edges:
        of_ours[edge[0]].append(edge)
        of_theirs[edge[1]].append(edge)
    seen: set[tuple[int, int]] = set()
    groups = []
    for edge in edges:
        if edge in seen:
            continue
        group, border = [], [edge]
        seen.add(edge)
        while border:
            here = border.pop()
            group.append(here)
            fresh = [other for other in (*of_ours[here[0]], *of_theirs[here[1]]) if other not in seen]
            seen.update(fresh)
            border += dict.fromkeys(fresh)
        groups.append(sorted(group))
    return groups
