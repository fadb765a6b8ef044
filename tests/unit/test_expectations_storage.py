"""Table parts: same rows, same bytes; whole or not at all; errors that name the file."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from validate_tables import valid_tables

from expectations import storage
from expectations.errors import TableError
from expectations.storage import part_paths, read_part, read_table, write_part
from expectations.summary import StageSummary
from expectations.table import Column, Table
from expectations.tables import ARTICLES, FIGURES, MENTIONS, TABLES


def test_the_order_of_rows_does_not_change_the_bytes(tmp_path: Path) -> None:
    rows = valid_tables()["figures"]
    first = write_part(tmp_path / "a.parquet", FIGURES, rows).read_bytes()
    random.Random(1).shuffle(rows)
    assert write_part(tmp_path / "b.parquet", FIGURES, rows).read_bytes() == first


@pytest.mark.parametrize("name", valid_tables())
def test_rows_come_back_as_they_were_written(tmp_path: Path, name: str) -> None:
    rows = valid_tables()[name]
    write_part(tmp_path / name / "part-00000.parquet", TABLES[name], rows)
    table = read_table(tmp_path, name)
    assert table.schema.equals(TABLES[name].arrow_schema())
    back = {row[TABLES[name].key[0]]: row for row in table.to_pylist()}
    for row in rows:
        assert {k: v for k, v in back[row[TABLES[name].key[0]]].items() if v is not None or k in row} == row


def test_descriptions_and_units_are_in_the_file(tmp_path: Path) -> None:
    path = write_part(tmp_path / "m.parquet", MENTIONS, valid_tables()["mentions"])
    field = pq.read_schema(path).field("latitude")
    assert field.metadata[b"unit"] == b"degrees"
    assert field.metadata[b"description"]


def test_a_write_that_dies_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_part(tmp_path / "a.parquet", ARTICLES, valid_tables()["articles"])
    before = path.read_bytes()

    def die(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", die)
    with pytest.raises(OSError, match="No space"):
        write_part(path, ARTICLES, [])
    assert path.read_bytes() == before
    assert part_paths(tmp_path, "a") == [path]
    assert list(tmp_path.iterdir()) == [path]


def test_a_null_in_a_required_column_can_be_written_for_the_checks_to_see(tmp_path: Path) -> None:
    row = valid_tables()["figures"][0] | {"reason": None}
    data = read_part(write_part(tmp_path / "f.parquet", FIGURES, [row]))
    assert data["reason"].to_pylist() == [None]
    assert [f.name for f in data.schema if f.nullable != FIGURES.arrow_schema().field(f.name).nullable] == ["reason"]


def test_wrong_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="columns or types differ"):
        write_part(tmp_path / "f.parquet", FIGURES, pa.table({"figure_id": ["f"]}))
    with pytest.raises(KeyError, match="no such column"):
        write_part(tmp_path / "f.parquet", FIGURES, [{"mood": "grim"}])
    assert not list(tmp_path.iterdir())


def test_parts_are_read_in_the_order_of_their_names_and_none_gives_no_rows(tmp_path: Path) -> None:
    rows = valid_tables()["figures"]
    for number in (2, 0, 1):
        write_part(tmp_path / "figures" / f"part-{number:05d}.parquet", FIGURES, [rows[number]])
    assert read_table(tmp_path, "figures", ["figure_id"]).column(0).to_pylist() == ["f1", "f2", "f3"]
    assert read_table(tmp_path, "mentions").num_rows == 0
    assert read_table(tmp_path, "mentions", ["mention_id"]).column_names == ["mention_id"]


def test_a_file_that_is_no_table_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    path.write_bytes(b"nothing")
    with pytest.raises(TableError, match=r"x\.parquet: not a readable Parquet table"):
        read_part(path)
    with pytest.raises(TableError, match=r"y\.parquet"):
        read_part(tmp_path / "y.parquet")


def test_a_column_that_is_not_there_is_named_and_not_passed_over(tmp_path: Path) -> None:
    path = write_part(tmp_path / "quarantine.parquet", TABLES["quarantine"], [])
    assert read_part(path, ["reason"]).num_rows == 0
    with pytest.raises(TableError, match=r"quarantine\.parquet: lacks mood"):
        read_part(path, ["reason", "mood"])


def test_a_definition_with_a_mistake_is_refused() -> None:
    column = Column("a", pa.string(), "A.")
    with pytest.raises(ValueError, match="unknown key"):
        Table("t", ("b",), "T.", (column,))
    with pytest.raises(ValueError, match="named twice"):
        Table("t", ("a",), "T.", (column, column))


def test_a_stage_that_loses_rows_says_so() -> None:
    assert StageSummary("clean", rows_in=3, rows_out=1, quarantined=1, duplicates=1).as_dict()["rows_out"] == 1
    with pytest.raises(TableError, match="rows were lost"):
        StageSummary("clean", rows_in=3, rows_out=1, quarantined=1)
