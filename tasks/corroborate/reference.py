"""Reads a reference database's CSV, recognised by its header, into one plain shape."""

from __future__ import annotations

import csv
import datetime as dt
import math
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from expectations.errors import InputError

_FORMATS = Path(__file__).with_name("formats.toml")
_DATES = ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d-%B-%Y", "%d-%b-%Y", "%d/%m/%Y", "%Y/%m/%d", "%B %d, %Y")


@dataclass(frozen=True, slots=True)
class Event:
    """One row of a reference database.

    Attributes:
        id: Its id there.
        start: First day.
        end: Last day.
        low: Lowest estimate of the killed; None: not given.
        best: Best estimate.
        high: Highest estimate.
        radius_km: What its place precision leaves open; None: its point stands for no place.
        actors: The parties as named.
        kind: Kind of event by ACLED's names, where the database has it.
        text: Headline or notes, for reading the kind and actors; `headline` is what people are shown.
    """

    id: str
    start: dt.date
    end: dt.date
    place: str
    admin1: str
    country: str
    latitude: float | None
    longitude: float | None
    radius_km: float | None
    low: int | None
    best: int | None
    high: int | None
    actors: tuple[str, ...]
    kind: str
    text: str
    headline: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference database: its name, what it counts (`all` or `civilians`), its rows, and how many could not be read."""

    title: str
    counts: str
    events: list[Event]
    unreadable: int


@cache
def _formats() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_FORMATS.read_text(encoding="utf-8"))


def read_reference(path: Path) -> Reference:
    """The rows of a CSV (comma or semicolon) in UCDP GED's, ACLED's or Airwars' columns.

    Raises:
        InputError: The file cannot be read, or its columns are none of these.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            first = source.readline()
            source.seek(0)
            reader = csv.reader(source, delimiter=";" if first.count(";") > first.count(",") else ",")
            header = [_folded(name) for name in next(reader, [])]
            columns = _recognised(path, header)
            events, unreadable = [], 0
            for values in reader:
                row = {name: value.strip() for name, value in zip(header, values, strict=False)}
                event = _event(row, columns) if any(values) else None
                if event is not None:
                    events.append(event)
                elif any(values):
                    unreadable += 1
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: not a readable CSV file in UTF-8 ({error}).") from error
    return Reference(columns["title"], columns["counts"], events, unreadable)


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _recognised(path: Path, header: list[str]) -> dict[str, Any]:
    for columns in _formats().values():
        if all(any(name in header for name in names) for names in columns["recognise"]):
            return columns
    known = "; ".join(
        f"{columns['title']} by {', '.join(names[0] for names in columns['recognise'])}"
        for columns in _formats().values()
    )
    raise InputError(f"{path}: columns of no known reference database. Known are {known}.")


def _event(row: dict[str, str], columns: dict[str, Any]) -> Event | None:
    """The row, or None where it has no id or no date."""
    start = _date(_first(row, columns["start"]))
    name = _first(row, columns["id"])
    if start is None or not name:
        return None
    end = max(_date(_first(row, columns["end"])) or start, start)
    if days := columns.get("days", {}).get(_code(_first(row, columns.get("date_precision", [])))):
        start, end = start - dt.timedelta(days=days), end + dt.timedelta(days=days)
    latitude, longitude = _number(_first(row, columns["latitude"])), _number(_first(row, columns["longitude"]))
    located = latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180
    low, best, high = (_count(_first(row, columns[bound])) for bound in ("low", "best", "high"))
    return Event(
        id=name.removesuffix(".0"),
        start=start,
        end=end,
        place=_first(row, columns["place"]),
        admin1=_first(row, columns["admin1"]),
        country=_first(row, columns["country"]),
        latitude=latitude if located else None,
        longitude=longitude if located else None,
        radius_km=_radius(columns, _code(_first(row, columns["place_precision"]))),
        low=low,
        best=best,
        high=high,
        actors=tuple(_all(row, columns["actors"])),
        kind=_first(row, columns["kind"]),
        text=" · ".join(_all(row, columns["texts"])),
        headline=_first(row, columns["headline"]),
    )


def _radius(columns: dict[str, Any], code: str) -> float | None:
    radii = columns["radius_km"]
    found = radii.get(code) if columns["place_precision"] else radii["0"]
    return None if found is None else float(found)


def _first(row: dict[str, str], names: list[str]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _all(row: dict[str, str], names: list[str]) -> Iterator[str]:
    return (row[name] for name in names if row.get(name))


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _count(text: str) -> int | None:
    value = _number(text)
    return None if value is None or value < 0 else int(value)


def _code(text: str) -> str:
    """A code as it stands in the data file: "2.0" is 2."""
    value = _number(text)
    return text if value is None else str(int(value))


def _date(text: str) -> dt.date | None:
    text = re.sub(r"[T ]\d\d:\d\d.*$", "", text.strip())
    for form in _DATES:
        try:
            return dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    return None
