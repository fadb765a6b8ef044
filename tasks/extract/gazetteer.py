"""The places of the world by name: a compact table that ships with the package, and the user's own tables beside it."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tasks.extract.gazetteer_fold import fold, key_hash, plain
from tasks.extract.place_words import core_name, without_types

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from tasks.extract.gazetteer_context import PlaceContext
    from tasks.extract.spans import Location, PlaceExpression

# Files of the user's own places, separated like PATH; the `extra` argument goes before it.
EXTRA_VARIABLE: Final = "CONFLICT_LEDGER_GAZETTEER"
_FOLDER: Final = "tasks.extract.lexicon"


def extra_paths() -> list[Path]:
    """The user's own gazetteers that the environment names, in their order of precedence."""
    return [Path(p) for p in os.environ.get(EXTRA_VARIABLE, "").split(os.pathsep) if p]


class Entry(NamedTuple):
    """One place of the gazetteer; coordinates are WGS 84 degrees."""

    name: str
    latitude: float
    longitude: float
    country_code: str
    admin1: str | None
    population: int
    kind: str  # "settlement" (or a site), "region" a first-level unit, "area" another stretch of land
    source: str
    primary: bool  # found by its own name, not by an alternate one


class Gazetteer:
    """Looks places up by any spelling of their name.

    Args:
        extra: the user's own entries, by folded key.
    """

    def __init__(self, extra: dict[str, list[Entry]] | None = None) -> None:
        self._extra = extra or {}
        self._tables = _load_tables()
        self._by_country: dict[str, dict[str, list[int]]] = {}
        self._extra_by_country: dict[str, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        for key, entries in self._extra.items():
            for entry in entries:
                self._extra_by_country[entry.country_code][key].append(entry)
        self.lookup = lru_cache(maxsize=16384)(self._lookup)
        self.find = lru_cache(maxsize=16384)(self._find)
        self._entry = lru_cache(maxsize=65536)(self._read_entry)

    @classmethod
    def load(cls, extra: Sequence[Path] = ()) -> Gazetteer:
        """The gazetteer of the package with the user's own files.

        Args:
            extra: CSV files (name, latitude, longitude, admin1, country_code) or GeoNames country dumps, besides those
                named in the environment variable CONFLICT_LEDGER_GAZETTEER.

        Raises:
            InputError: a file cannot be read as either.
        """
        return _load((*extra, *extra_paths()))

    def _lookup(self, name: str) -> tuple[Entry, ...]:
        """All places that bear this name in any spelling: the user's own first, then by their own name, then the larger."""
        key = fold(name)
        if len(key) < 2:
            return ()
        tables, hashed = self._tables, key_hash(key)
        found = list(self._extra.get(key, ()))
        position = int(tables.hashes.searchsorted(hashed))
        shipped = []
        while position < len(tables.hashes) and tables.hashes[position] == hashed:
            shipped.append(self._entry(int(tables.places[position]), bool(tables.primary[position])))
            position += 1
        shipped.sort(key=lambda e: (not e.primary, -e.population, e.country_code, e.name, e.latitude))
        return (*found, *shipped)

    def _read_entry(self, index: int, primary: bool) -> Entry:
        row = self._tables.row(index)
        return Entry(
            row["name"],
            round(row["latitude"], 5),
            round(row["longitude"], 5),
            row["country_code"],
            row["admin1"] or None,
            row["population"],
            row["kind"],
            row["source"],
            primary,
        )

    def similar(self, name: str, country_code: str, *, cutoff: float = 90.0) -> tuple[Entry, ...]:
        """The places of one country whose folded name comes nearest to this one, if any comes near enough.

        Only for names of seven or more letters after folding: shorter ones resemble each other by chance.

        Args:
            name: the name as written.
            country_code: where to look.
            cutoff: least similarity, 0 to 100.
        """
        from rapidfuzz import fuzz, process

        key = fold(name)
        if len(key) < 7:
            return ()
        keys = self._country_keys(country_code)
        own = self._extra_by_country.get(country_code, {})
        best = process.extract(key, [*keys, *own], scorer=fuzz.ratio, score_cutoff=cutoff, limit=3)
        if not best:
            return ()
        nearest = [k for k, score, _ in best if score >= best[0][1] - 0.5 and k[0] == key[0]]
        entries = [e for k in nearest for e in own.get(k, ())]
        entries += [self._entry(i, True) for k in nearest for i in keys.get(k, ())]
        return tuple(entries)

    def _country_keys(self, country_code: str) -> dict[str, list[int]]:
        """Folded name to places for one country; made when first asked for."""
        if country_code not in self._by_country:
            found: dict[str, list[int]] = defaultdict(list)
            for index in self._tables.indices_of(country_code):
                found[fold(self._tables.name(index))].append(index)
            self._by_country[country_code] = dict(found)
        return self._by_country[country_code]

    def country(self, name: str) -> str | None:
        """ISO 3166-1 alpha-2 code of a country by its name, else null."""
        return country_names().get(plain(name))

    def _find(self, name: str) -> tuple[str | None, tuple[Entry, ...]]:
        """A name as written, with or without its type word: the country it is, or the places it can be.

        "Guatemala City" is a town, "Syria" and "northern Syria" a country, "Hajin town" what "Hajin" is.
        """
        if code := self.country(name):
            return code, ()
        whole = self.lookup(name)
        if any(e.primary for e in whole):
            return None, whole
        if " " in name and (untyped := without_types(name)) != name:
            known = self.lookup(untyped)  # "West Bank town" is no town of Bank
            if any(e.primary for e in known) and untyped != core_name(name):
                return None, known
        core = core_name(name)
        code = self.country(core)
        return code, (() if code else self.lookup(core) or whole)

    def locate(self, place: PlaceExpression, *, context: PlaceContext) -> Location:
        """Where a place named in an article lies, or why that is not known: see `gazetteer_locate.locate`."""
        from tasks.extract.gazetteer_locate import locate

        return locate(self, place, context)


class _Tables:
    """The shipped tables: names hashed and sorted, pointing into the places."""

    def __init__(self, keys: pa.Table, places: pa.Table) -> None:
        self.hashes = _numbers(keys["hash"], "int64")
        self.places = _numbers(keys["place"], "int32")
        self.primary = _numbers(keys["primary"], "int8")
        self._places = places
        self._country = places["country_code"]

    def row(self, index: int) -> dict[str, Any]:
        """One place as a dictionary."""
        return {column: self._places[column][index].as_py() for column in self._places.column_names}

    def name(self, index: int) -> str:
        """Its name alone."""
        name: str = self._places["name"][index].as_py()
        return name

    def indices_of(self, country_code: str) -> Iterable[int]:
        """The places of one country."""
        import pyarrow.compute as pc

        mask = pc.equal(self._country, country_code)
        return pc.indices_nonzero(mask).to_pylist()  # type: ignore[no-any-return]


def _numbers(column: pa.ChunkedArray, kind: str) -> np.ndarray[Any, Any]:
    """A column without nulls as the array that it is in memory; `to_numpy` would import pandas for it."""
    import numpy as np

    array = column.combine_chunks()
    return np.frombuffer(array.buffers()[1], dtype=kind)[array.offset : array.offset + len(array)]


@cache
def _load_tables() -> _Tables:
    import pyarrow.parquet as pq

    # ParquetFile rather than read_table: that one loads the dataset machinery for 40 MB and half of the time.
    keys, places = (
        pq.ParquetFile(str(files(_FOLDER) / f"gazetteer_{name}.parquet")).read(use_threads=False)
        for name in ("keys", "places")
    )
    return _Tables(keys, places.combine_chunks())


@cache
def _load(paths: tuple[Path, ...]) -> Gazetteer:
    if not paths:
        return Gazetteer()
    from tasks.extract.gazetteer_extra import read_extra

    return Gazetteer(read_extra(paths))


@cache
def country_names() -> dict[str, str]:
    """Plain country name to its code."""
    return {plain(name): code for code, names, _ in _countries() for name in names}


@cache
def demonyms() -> dict[str, str]:
    """Plain adjective or demonym ("syrian", "syrians") to its country's code."""
    found: dict[str, str] = {}
    for code, _, adjectives in _countries():
        for adjective in adjectives:
            found.setdefault(plain(adjective), code)
            found.setdefault(plain(adjective) + "s", code)
    return found


@cache
def display_country(code: str) -> str | None:
    """The usual English name of a country."""
    return next((names[0] for c, names, _ in _countries() if c == code), None)


@cache
def _countries() -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    import csv

    text = files(_FOLDER).joinpath("places_countries.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        (
            r["code"],
            (r["name"], *(a for a in r["aliases"].split(";") if a)),
            tuple(a for a in r["adjectives"].split(";") if a),
        )
        for r in rows
    )
