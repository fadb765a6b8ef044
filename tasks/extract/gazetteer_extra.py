"""Reads the user's own gazetteers: CSV files and GeoNames country dumps."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from expectations.errors import InputError
from tasks.extract.gazetteer import Entry
from tasks.extract.gazetteer_fold import fold

_REQUIRED: Final = ("name", "latitude", "longitude", "country_code")
_GEONAMES_COLUMNS: Final = 19
# GeoNames feature classes: P populated places, S spots, L areas, T heights, H waters, A administrative units.
_KIND_OF_CLASS: Final = {"P": "settlement", "S": "settlement", "L": "area", "T": "area", "H": "area", "A": "area"}


def read_extra(paths: Iterable[Path]) -> dict[str, list[Entry]]:
    """Entries by folded name, in the order of the files.

    Args:
        paths: CSV with a header naming at least name, latitude, longitude, country_code (also: admin1, population, kind,
            alternate names separated by ";"), or GeoNames country dumps (19 tab-separated columns, no header).

    Raises:
        InputError: a file is missing or is neither.
    """
    found: dict[str, list[Entry]] = defaultdict(list)
    for path in paths:
        for entry, names in _read_file(Path(path)):
            for key in dict.fromkeys(fold(n) for n in (entry.name, *names)):
                if len(key) >= 2:
                    found[key].append(entry)
    return dict(found)


def _read_file(path: Path) -> Iterator[tuple[Entry, list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            first = lines.readline()
            lines.seek(0)
            if first.count("\t") == _GEONAMES_COLUMNS - 1:
                yield from _read_geonames(path, lines)
            else:
                yield from _read_csv(path, lines)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}: cannot read this gazetteer ({error}); give a UTF-8 CSV or a GeoNames dump."
        ) from error


def _read_csv(path: Path, lines: Iterable[str]) -> Iterator[tuple[Entry, list[str]]]:
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    missing = [c for c in _REQUIRED if c not in (rows.fieldnames or ())]
    if missing:
        raise InputError(f"{path}: the gazetteer lacks the columns {', '.join(missing)}; name them in its first line.")
    for number, row in enumerate(rows, start=2):
        latitude, longitude = _degrees(path, number, row["latitude"], row["longitude"])
        entry = Entry(
            row["name"].strip(),
            latitude,
            longitude,
            row["country_code"].strip().upper(),
            (row.get("admin1") or "").strip() or None,
            int(row.get("population") or 0),
            row.get("kind") or "settlement",
            path.name,
            True,
        )
        yield entry, [n.strip() for n in (row.get("alternates") or "").split(";")]


def _read_geonames(path: Path, lines: Iterable[str]) -> Iterator[tuple[Entry, list[str]]]:
    admin1 = admin1_names()
    for number, line in enumerate(lines, start=1):
        cells = line.rstrip("\r\n").split("\t")
        if len(cells) != _GEONAMES_COLUMNS:
            raise InputError(f"{path}, line {number}: {len(cells)} columns instead of {_GEONAMES_COLUMNS}.")
        if cells[6] not in _KIND_OF_CLASS or cells[7] in ("ADM1", "PCLI"):
            continue  # roads and seas; first-level units and countries are in the shipped table
        latitude, longitude = _degrees(path, number, cells[4], cells[5])
        unit = admin1.get((cells[8], cells[10]))
        kind = _KIND_OF_CLASS[cells[6]]
        entry = Entry(cells[1], latitude, longitude, cells[8], unit, int(cells[14] or 0), kind, path.name, True)
        yield entry, [cells[2], *cells[3].split(",")]


def _degrees(path: Path, number: int, latitude: str, longitude: str) -> tuple[float, float]:
    try:
        at = float(latitude), float(longitude)
    except ValueError:
        at = 999.0, 999.0
    if not (-90 <= at[0] <= 90 and -180 <= at[1] <= 180):
        raise InputError(f"{path}, line {number}: {latitude!r}, {longitude!r} is no latitude and longitude in degrees.")
    return at


@cache
def admin1_names() -> dict[tuple[str, str], str]:
    """Country code and GeoNames admin1 code to the unit's usual name."""
    text = files("tasks.extract.lexicon").joinpath("gazetteer_admin1.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {(r["country_code"], r["code"]): r["name"] for r in rows}
