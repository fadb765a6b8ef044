"""The countries by their codes: English name and numeric code."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

COUNTRIES_FILE: Final = Path(__file__).with_name("countries.csv")


class Country(NamedTuple):
    """A country: ISO 3166-1 numeric code (0: none, as of Kosovo) and English short name."""

    numeric: int
    name: str


@cache
def countries() -> dict[str, Country]:
    """Countries by ISO 3166-1 alpha-2 code."""
    with COUNTRIES_FILE.open(encoding="utf-8", newline="") as source:
        rows = csv.DictReader(line for line in source if not line.startswith("#"))
        return {row["country_code"]: Country(int(row["numeric"]), row["name"]) for row in rows}
