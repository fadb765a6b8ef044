"""Says in words how a linked pair differs, and why a row was left alone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from expectations.ranges import span
from tasks.corroborate.compare import COMPONENTS, Comparison, distance_km, our_killed, settings, window
from tasks.corroborate.reference import Event
from tasks.corroborate.words import kinds_in, places_alike

Row = dict[str, Any]
Difference = dict[str, str | None]


def their_killed(event: Event) -> str:
    """Their estimates: the best with its range."""
    best = event.best if event.best is not None else event.low
    whole = span(event.low, event.high)
    if best is None:
        return whole
    return str(best) if whole in ("", str(best)) else f"{best} ({whole})"


def days(start: dt.date | None, end: dt.date | None) -> str:
    """A day or a range of days."""
    if start is None:
        return ""
    return f"{start}" if end in (None, start) else f"{start} to {end}"


def differences(row: Row, event: Event, found: Comparison, counts: str) -> list[Difference]:
    """What the two accounts say differently; empty where they agree as far as they can be compared."""
    parts = found.components
    told: list[Difference] = []
    low, high = our_killed(row, counts)
    if parts["killed"] is not None and ((low, high) != (event.low, event.high)):
        agree = parts["killed"] == 1
        what = "civilians only" if counts == "civilians" else "ranges meet" if agree else "ranges do not meet"
        told.append(_difference("killed", span(low, high), their_killed(event), what))
    if row["date_start"] is None:
        told.append(
            _difference(
                "date", "", days(event.start, event.end), f"ours is undated; first reported {row['first_published_on']}"
            )
        )
    elif (row["date_start"], row["date_end"] or row["date_start"]) != (event.start, event.end):
        note = f"{found.days_apart} day(s) apart" if found.days_apart else "the ranges meet"
        told.append(_difference("date", days(row["date_start"], row["date_end"]), days(event.start, event.end), note))
    told += _place(row, event, found)
    if parts["actors"] == 0:
        told.append(_difference("actors", row["perpetrator"], "; ".join(event.actors), "another party is named"))
    if parts["kind"] == 0:
        theirs = event.kind or "; ".join(sorted(kinds_in(event.text)))
        told.append(
            _difference("kind", row["sub_event_type"], theirs, "as coded" if event.kind else "as their headline reads")
        )
    return told


def _place(row: Row, event: Event, found: Comparison) -> list[Difference]:
    names_differ = (
        bool(row["place_name"]) and places_alike(row["place_name"], event.place) < settings()["place"]["same_name"]
    )
    close = found.distance_km is None or found.distance_km <= 1
    if close and not names_differ:
        return []
    if found.distance_km is None or found.tolerance_km is None:
        note = "compared by name: no point on one side"
    else:
        within = "within" if found.distance_km <= found.tolerance_km else "beyond"
        note = (
            f"{found.distance_km:.0f} km apart, {within} the {found.tolerance_km:.0f} km that the precision leaves open"
        )
    return [_difference("place", row["place_name"] or "", event.place, note)]


def _difference(what: str, ours: str, theirs: str, note: str) -> Difference:
    return {"what": what, "ours": ours or None, "theirs": theirs or None, "note": note}


def link_reason(found: Comparison) -> str:
    """The components of a link in words."""
    parts = ", ".join(
        f"{name} {'not known' if (value := found.components[name]) is None else f'{value:.2f}'}" for name in COMPONENTS
    )
    return f"score {found.score:.2f}: {parts}"


def no_link_reason(
    best: tuple[str, Comparison, str | None] | None, nearest: str | None, *, undatable: bool = False
) -> str:
    """Why a row has no partner.

    Args:
        best: Name of its best candidate, the comparison, and what that is linked with instead (None: with nothing).
        nearest: Where there is no candidate, the nearest row in time and space, in words.
        undatable: Neither a date nor a day of publication is known.
    """
    if undatable:
        return "neither a date nor a day of publication to compare"
    if best is None:
        rules = settings()
        text = (
            f"nothing within {rules['date']['max_days']} days and {rules['place']['beyond_km']} km beyond the precision"
        )
        return f"{text}; nearest: {nearest}" if nearest else text
    name, found, other = best
    if not found.enough:
        rules = settings()
        needs = f"a link needs {rules['threshold']}"
        if found.score >= rules["threshold"]:
            needs = f"a link needs place above {rules['place']['weak']} or killed {rules['place']['then_killed']}"
        return f"nearest is {name}, too unlike ({link_reason(found)}; {needs})"
    return f"{name} would fit ({link_reason(found)}), but is linked with {other}"


class Nearby:
    """The reference's rows by month, for finding the nearest one of an incident that has no candidate."""

    def __init__(self, events: list[Event]) -> None:
        self._months: dict[tuple[int, int], list[Event]] = defaultdict(list)
        for event in events:
            if event.latitude is not None:
                self._months[event.start.year, event.start.month].append(event)

    def nearest(self, row: Row) -> str | None:
        """The nearest row in words, within a month and five degrees; None: none, or no place or days to go by."""
        days_open = window(row)
        if days_open is None or row["latitude"] is None:
            return None
        first, last = (day + dt.timedelta(days=step) for day, step in zip(days_open, (-31, 31), strict=True))
        months = dict.fromkeys((day.year, day.month) for day in _days(first, last))
        best: tuple[float, float, int, Event] | None = None
        for event in (event for month in months for event in self._months.get(month, ())):
            if event.latitude is None or event.longitude is None or abs(event.latitude - row["latitude"]) > 5:
                continue
            apart = max((event.start - days_open[1]).days, (days_open[0] - event.end).days, 0)
            km = distance_km(row["latitude"], row["longitude"], event.latitude, event.longitude)
            if apart <= 31 and km <= 550 and (best is None or km + 20 * apart < best[0]):
                best = (km + 20 * apart, km, apart, event)
        if best is None:
            return None
        _, km, apart, event = best
        when = f"{apart} day(s) away" if apart else "on these days"
        return f"{event.id} at {event.place or 'a point'}, {km:.0f} km and {when}"


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=step) for step in range((last - first).days + 1)]
