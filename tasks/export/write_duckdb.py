"""Writes a DuckDB database: every published table, with the meaning of table and columns as comments."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from expectations.errors import SettingsError
from expectations.storage import iter_parts
from expectations.tables import TABLES


def write_duckdb(path: Path, ledger: Path) -> int:
    """Write the database. Times stand in it as UTC without a zone. Returns the number of incidents.

    Raises:
        SettingsError: DuckDB is not installed.
    """
    try:
        import duckdb
    except ImportError as error:
        raise SettingsError("DuckDB is not installed: pip install duckdb") from error
    database = duckdb.connect(str(path))
    try:
        for table in TABLES.values():
            if not table.published:
                continue
            database.register("part", _plain(table.arrow_schema().empty_table()))
            database.execute(f'create table "{table.name}" as select * from part')
            for part in iter_parts(ledger, table.name):
                database.register("part", _plain(part))
                database.execute(f'insert into "{table.name}" by name select * from part')
            database.unregister("part")
            database.execute(f'comment on table "{table.name}" is {_quoted(table.description)}')
            for column in table.columns:
                database.execute(f'comment on column "{table.name}"."{column.name}" is {_quoted(column.description)}')
        found = database.execute("select count(*) from incidents").fetchone()
    finally:
        database.close()
    return int(found[0]) if found else 0


def _plain(part: pa.Table) -> pa.Table:
    """Times without their zone, which is UTC: DuckDB's readers need more libraries for zones."""
    fields = [
        field.with_type(pa.timestamp("us")) if pa.types.is_timestamp(field.type) else field for field in part.schema
    ]
    return part.cast(pa.schema(fields))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
