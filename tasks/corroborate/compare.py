"""Scores one incident against one reference row: place, date, killed, actors and kind, each from 0 to 1 or not known."""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from tasks.corroborate.reference import Event
from tasks.corroborate.words import kinds_in, named_in, places_alike, same_actor

_DATA = Path(__file__).with_name("weights.toml")
COMPONENTS: Final = ("place", "date", "killed", "actors", "kind")
EARTH_KM: Final = 6371.0088
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How an incident and a reference row agree; a component is None where one side does not know."""

    components: dict[str, float | None]
    distance_km: float | None
    tolerance_km: float | None
    days_apart: int | None

    @property
    def score(self) -> float:
        """Weighted mean of the components; what is not known counts between agreement and contradiction."""
        weights, unknown = settings()["weights"], settings()["unknown"]
        known = {name: unknown if value is None else value for name, value in self.components.items()}
        return float(sum(weights[name] * known[name] for name in COMPONENTS))

    @property
    def enough(self) -> bool:
        """Whether the two can be linked: a good score, and where the places hardly agree, the same number of killed."""
        place, killed, rules = self.components["place"], self.components["killed"], settings()["place"]
        confirmed = (place or 0) > rules["weak"] or (killed or 0) >= rules["then_killed"]
        return confirmed and self.score >= float(settings()["threshold"])


@cache
def settings() -> dict[str, Any]:
    """Weights, tolerances and the threshold."""
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


def window(row: Row) -> tuple[dt.date, dt.date] | None:
    """The days on which an incident can have happened: its dates, or the weeks before its first report; None: unknown."""
    if row["date_start"] is not None:
        return row["date_start"], row["date_end"] or row["date_start"]
    reported: dt.date | None = row["first_published_on"]
    if reported is None:
        return None
    return reported - dt.timedelta(days=settings()["date"]["undated_days"]), reported


def compare(row: Row, event: Event, counts: str) -> Comparison | None:
    """The comparison, or None where place or date rule it out.

    Args:
        row: An incident.
        event: A row of the reference.
        counts: What the reference counts: `all` or `civilians`.
    """
    date, apart = _date(row, event)
    if date is None:
        return None
    distance = _distance(row, event)
    tolerance = _tolerance(row, event)
    place = _place(row, event, distance, tolerance)
    if place == 0:
        return None
    components = {
        "place": place,
        "date": date,
        "killed": _killed(our_killed(row, counts), event),
        "actors": _actors(row, event),
        "kind": _kind(row, event),
    }
    return Comparison(components, distance, tolerance, apart)


def _date(row: Row, event: Event) -> tuple[float | None, int | None]:
    """Score (None: ruled out) and days between the two ranges (None: ours is undated)."""
    rules, days = settings()["date"], window(row)
    if days is None:
        return None, None
    first, last = days
    apart = max((event.start - last).days, (first - event.end).days, 0)
    if row["date_start"] is None:
        before = max((last - event.end).days, 0)
        fits = [share for limit, share in rules["undated"].items() if before <= int(limit)]
        return (float(max(fits)), None) if apart == 0 and fits else (None, None)
    if apart > rules["max_days"]:
        return None, apart
    longest = max((last - first).days, (event.end - event.start).days) + 1
    ceiling = next(
        (top for length, top in rules["ceiling"].items() if longest <= int(length)), min(rules["ceiling"].values())
    )
    return float(ceiling if apart == 0 else min(ceiling, rules["apart"][str(apart)])), apart


def _distance(row: Row, event: Event) -> float | None:
    if row["latitude"] is None or event.latitude is None or event.longitude is None:
        return None
    return distance_km(row["latitude"], row["longitude"], event.latitude, event.longitude)


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in km."""
    a, b = math.radians(lat1), math.radians(lat2)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def _tolerance(row: Row, event: Event) -> float | None:
    if row["geo_precision"] is None or event.radius_km is None:
        return None
    return float(settings()["place"]["radius_km"][str(row["geo_precision"])]) + event.radius_km


def _place(row: Row, event: Event, distance: float | None, tolerance: float | None) -> float | None:
    """Score; 0 rules the pair out; None: neither points nor names to compare."""
    rules = settings()["place"]
    alike = places_alike(row["place_name"], event.place) if row["place_name"] and event.place else None
    if distance is None or tolerance is None:
        if alike is not None and alike >= rules["same_name"]:
            return alike
        return None if alike is None else 0.0
    if distance - tolerance > rules["beyond_km"]:
        return 0.0
    region = rules["their_ceiling_km"]
    rough = event.radius_km is not None and event.radius_km > region
    ceiling = rules["ceiling"]["3"] if rough else rules["ceiling"][str(row["geo_precision"])]
    if alike is not None and alike >= rules["same_name"]:
        return float(ceiling)
    if distance <= tolerance:
        fits = 1 - (1 - rules["edge"]) * distance / tolerance
    else:
        fits = rules["edge"] * math.exp((tolerance - distance) / rules["beyond_km"])
    precise = alike is not None and tolerance <= region
    return float(ceiling * fits * (rules["other_name"] if precise and distance > 1 else 1))


def our_killed(row: Row, counts: str) -> tuple[int | None, int | None]:
    """Our range of what the reference counts; for `civilians` the civilians stated, else all."""
    if counts == "civilians":
        stated = [v for v in row["victims"] if v["outcome"] == "killed" and v["group"] == "civilian"]
        if stated:
            most = max(stated, key=lambda victim: victim["min"] or 0)
            return most["min"], most["max"]
    return row["killed_min"], row["killed_max"]


def _killed(ours: tuple[int | None, int | None], event: Event) -> float | None:
    low, high = ours
    their_low = event.low if event.low is not None else event.best
    if (low is None and high is None) or their_low is None:
        return None
    their_high = max(n for n in (event.high, event.best, their_low) if n is not None)
    first = low if low is not None else 0
    if first > their_high:
        return their_high / first
    if high is not None and their_low > high:
        return high / their_low if their_low else 1.0
    if high is None and their_low > 3 * max(first, 1):
        return 0.5  # "at least 2" does not contradict 40, nor does it confirm it
    return 1.0


def _actors(row: Row, event: Event) -> float | None:
    who = row["perpetrator"]
    if not who or not event.actors:
        return None
    if any(same_actor(who, actor) for actor in event.actors):
        return 1.0
    return 1.0 if event.text and named_in(who, event.text) else 0.0


def _kind(row: Row, event: Event) -> float | None:
    ours = row["sub_event_type"]
    theirs = {event.kind} if event.kind else kinds_in(event.text)
    if not theirs or ours == "Other":
        return None
    return 1.0 if ours in theirs else 0.0
