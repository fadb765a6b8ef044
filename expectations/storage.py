"""Reads and writes table parts: a table in a folder is `<table>.parquet` or `<table>/*.parquet`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from expectations.errors import LedgerError, TableError
from expectations.table import Table
from expectations.tables import TABLES


def part_paths(folder: Path, name: str) -> list[Path]:
    """The files of a table, in the order of their names; empty when there is none."""
    single = folder / f"{name}.parquet"
    if single.exists():
        return [single]
    return sorted((folder / name).glob("*.parquet"))


_READ_BY_PEOPLE = ("incidents", "mentions", "figures", "articles")


def require_ledger(folder: Path) -> None:
    """Make sure that a folder holds a ledger that this version can read; reads no rows.

    Raises:
        LedgerError: There is none, a table of it is missing, or a table lacks a column.
        TableError: A file of it is not Parquet.
    """
    if not part_paths(folder, "incidents"):
        raise LedgerError(f"{folder}: no ledger here. Make one: conflict-ledger run INPUT --output {folder}")
    mend = f"Copy the whole folder, or make it anew: conflict-ledger run INPUT --output {folder}"
    for name in _READ_BY_PEOPLE:
        paths = part_paths(folder, name)
        if not paths:
            raise LedgerError(f"{folder}: the table {name} is missing. {mend}")
        for path in paths:
            missing = set(TABLES[name].names) - set(_opened(path).schema_arrow.names)
            if missing:
                raise LedgerError(
                    f"{path}: lacks {', '.join(sorted(missing))}, so another version of Conflict Ledger wrote it. "
                    f"Bring it up to date: conflict-ledger run INPUT --output {folder}"
                )


def read_table(folder: Path, name: str, columns: list[str] | None = None) -> pa.Table:
    """All rows of a table; an absent table gives no rows. Memory grows with the table: for batches use `iter_parts`.

    Raises:
        TableError: A file is not Parquet, or lacks a column that the definition has.
    """
    parts = list(iter_parts(folder, name, columns))
    schema = TABLES[name].arrow_schema()
    if columns is not None:
        schema = pa.schema([schema.field(c) for c in columns], metadata=schema.metadata)
    return pa.concat_tables(parts) if parts else schema.empty_table()


def iter_parts(folder: Path, name: str, columns: list[str] | None = None) -> Iterator[pa.Table]:
    """The parts of a table one by one."""
    for path in part_paths(folder, name):
        yield read_part(path, columns)


def count_rows(folder: Path, name: str) -> int:
    """How many rows a table has, without reading them.

    Raises:
        TableError: A file of it is not Parquet.
    """
    return sum(_opened(path).metadata.num_rows for path in part_paths(folder, name))


def read_part(path: Path, columns: list[str] | None = None) -> pa.Table:
    """One Parquet file.

    Raises:
        TableError: It is not Parquet or lacks a column.
    """
    file = _opened(path)
    # Parquet's reader passes over columns that are not there.
    if missing := set(columns or ()) - set(file.schema_arrow.names):
        raise TableError(f"{path}: lacks {', '.join(sorted(missing))}. Run again to bring the tables up to date.")
    try:
        return file.read(columns=columns)
    except (pa.ArrowInvalid, OSError, KeyError) as error:
        raise _unreadable(path, error) from error


def _opened(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError, KeyError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> TableError:
    return TableError(f"{path}: not a readable Parquet table ({error}). Delete it and run again.")


def write_part(path: Path, table: Table, rows: pa.Table | Iterable[dict[str, object]]) -> Path:
    """Rows to one Parquet file, whole or not at all (new file, fsync, rename); same rows, same bytes.

    A null where the definition allows none is written, in a column that is then nullable: the checks hold the row back and
    not the whole part.

    Raises:
        TableError: The rows do not have the table's columns and types.
    """
    data = rows if isinstance(rows, pa.Table) else table.from_rows(rows)
    if not data.schema.equals(table.arrow_schema()):
        raise TableError(f"{path}: columns or types differ from the definition of {table.name!r}")
    data = _with_nulls_allowed(data)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as sink:
            # Whole documents repeat too seldom for a dictionary, which costs several times what writing them does.
            coded = [field.name for field in data.schema if not pa.types.is_binary(field.type)]
            pq.write_table(data, sink, compression="zstd", row_group_size=64 * 1024, use_dictionary=coded)
            sink.flush()
            os.fsync(sink.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def _with_nulls_allowed(data: pa.Table) -> pa.Table:
    """The same rows, with every column nullable that holds a null; Parquet refuses them otherwise."""
    fields = [
        field.with_nullable(True) if not field.nullable and data.column(position).null_count else field
        for position, field in enumerate(data.schema)
    ]
    schema = pa.schema(fields, metadata=data.schema.metadata)
    return data if schema.equals(data.schema) else data.cast(schema)
