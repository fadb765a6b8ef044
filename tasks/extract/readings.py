"""What was read in articles, kept in the store: one row an article, found again by the very words that were read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from expectations.storage import read_part
from expectations.table import Table
from expectations.tables import FIGURES, MENTIONS
from tasks.extract.gazetteer import extra_paths
from tasks.store import Store, read_cache, write_cache
from tasks.versions import file_hash

Row = dict[str, Any]
UNREAD_FLAGS: Final = frozenset({"not_english", "no_text"})
_READ: Final = ("article_id", "title", "standfirst", "text", "published_on", "publisher")


def _rows_type(table: Table) -> pa.DataType:
    return pa.list_(pa.struct([pa.field(column.name, column.type) for column in table.columns]))


READINGS: Final = pa.schema(
    [
        pa.field("key", pa.string()),
        pa.field("article_id", pa.string()),
        pa.field("mentions", _rows_type(MENTIONS)),
        pa.field("figures", _rows_type(FIGURES)),
        pa.field("failure", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Known:
    """Readings that are there already, and of which articles."""

    table: pa.Table
    keys: frozenset[str]


def gazetteers() -> list[str]:
    """Hashes of the user's own gazetteers, in their order of precedence."""
    return [file_hash(path) for path in extra_paths()]


def needed_readings(articles: Path, columns: list[str]) -> pa.Table:
    """The articles of a part that can be read, with the key of each: a hash of all that reading it rests on."""
    rows = read_part(articles, columns)
    readable = [not UNREAD_FLAGS & set(flags or ()) for flags in rows["flags"].to_pylist()]
    rows = rows.filter(pa.array(readable, pa.bool_()))
    keys = []
    for values in zip(*(rows[name].to_pylist() for name in _READ), strict=True):
        said = json.dumps([str(value) if value is not None else None for value in values], ensure_ascii=False)
        keys.append(hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return rows.append_column("key", pa.array(keys, pa.string()))


def find_readings(store: Store, rules: str, batch: str, needed: pa.Table) -> Known:
    """The readings of these articles that the store has with their batch; an article that failed is tried again."""
    table = _picked(store.readings(rules, batch), needed["key"])
    return Known(table, frozenset(table["key"].to_pylist()))


def unread_parts(store: Store, rules: str, parts: Mapping[Path, str]) -> list[Path]:
    """The parts of articles in which something is left to read.

    Articles move from file to file, and so from batch to batch: what another batch has read of them is taken over.

    Args:
        store: The store.
        rules: Version of the rules.
        parts: Parts of articles, each with its batch.
    """
    missing: dict[Path, pa.Array] = {}
    for part, batch in parts.items():
        needed = needed_readings(part, ["flags", *_READ])["key"]
        known = find_readings(store, rules, batch, pa.table({"key": needed})).table["key"]
        left = needed.filter(pc.invert(pc.is_in(needed, known.combine_chunks()))).combine_chunks()
        if len(left):
            missing[part] = left
    everything = pa.concat_arrays(list(missing.values())) if missing else pa.array([], pa.string())
    found: dict[Path, list[pa.Table]] = {}
    for path in sorted(store.readings(rules, "x").parent.glob("[0-9a-f]*.parquet")) if missing else ():
        keys = read_cache(path, READINGS, ["key"])
        if keys is None or not pc.any(pc.is_in(keys["key"], everything)).as_py():
            continue
        for part, wanted in missing.items():
            if (rows := _picked(path, pa.chunked_array([wanted]))).num_rows:
                found.setdefault(part, []).append(rows)
    for part, tables in found.items():
        own = store.readings(rules, parts[part])
        here = read_cache(own, READINGS) or READINGS.empty_table()
        moved = pa.concat_tables(tables)
        first = {key: number for number, key in reversed(list(enumerate(moved["key"].to_pylist())))}
        moved = moved.take(sorted(first.values()))
        write_cache(own, pa.concat_tables([here, moved]))
        if len(first) == len(missing[part]):
            del missing[part]
    return sorted(missing)


def _picked(path: Path, keys: pa.ChunkedArray) -> pa.Table:
    rows = read_cache(path, READINGS)
    if rows is None:
        return READINGS.empty_table()
    rows = rows.filter(pc.is_in(rows["key"], keys.combine_chunks()))
    return rows.filter(pc.is_null(rows["failure"]))


def rows_of(readings: pa.Table, table: Table) -> pa.Table:
    """The rows of one table that the readings hold."""
    nested = readings[table.name].combine_chunks()
    rows = (
        nested.flatten() if isinstance(nested, pa.ListArray) else pa.concat_arrays([c.flatten() for c in nested.chunks])
    )
    schema = table.arrow_schema()
    flat = pa.Table.from_arrays([rows.field(name) for name in schema.names], schema=schema)
    return flat.sort_by([(name, "ascending") for name in table.order_by]) if flat.num_rows else flat
