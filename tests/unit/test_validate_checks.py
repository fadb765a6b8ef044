"""Every check passes the valid tables and fails its broken fixture."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from validate_broken import BREAKS, BREAKS_ON_FILES
from validate_tables import valid_tables, write_tables

from expectations.checks import AFTER, CHECKED, checks_after, checks_of
from expectations.errors import TableError
from expectations.storage import part_paths, read_table
from tasks.validate.step import validate_stage

ALL = {(table, check.name): check for table in CHECKED for check in checks_of(table)}


def _stage(table: str, check: str) -> str:
    """The first stage at which a check can fail."""
    return next(s for s in AFTER if table in AFTER[s] and check in {c.name for c in checks_after(s, table)})


@pytest.mark.parametrize("stage", AFTER)
def test_valid_tables_pass_every_check(tmp_path: Path, stage: str) -> None:
    write_tables(tmp_path, valid_tables())
    summary = validate_stage(tmp_path, stage, run_id="r")
    assert (summary.failed, summary.warnings, summary.held_back) == ((), (), {})
    checks = read_table(tmp_path, "checks").to_pylist()
    assert summary.checks == len(checks) == sum(len(checks_after(stage, t)) for t in AFTER[stage])
    assert all(row["passed"] for row in checks)


def test_every_check_has_a_broken_fixture() -> None:
    assert (BREAKS.keys() | BREAKS_ON_FILES.keys()) == ALL.keys()


@pytest.mark.parametrize(("table", "check"), sorted(BREAKS), ids=map(".".join, sorted(BREAKS)))
def test_broken_rows_fail_their_check(tmp_path: Path, table: str, check: str) -> None:
    tables = valid_tables()
    BREAKS[table, check](tables)
    write_tables(tmp_path, tables)
    _assert_fails(tmp_path, table, check)


@pytest.mark.parametrize(("table", "check"), sorted(BREAKS_ON_FILES), ids=map(".".join, sorted(BREAKS_ON_FILES)))
def test_broken_files_fail_their_check(tmp_path: Path, table: str, check: str) -> None:
    write_tables(tmp_path, valid_tables())
    for stage in list(AFTER)[: list(AFTER).index(_stage(table, check))]:
        validate_stage(tmp_path, stage, run_id="r")
    (path,) = part_paths(tmp_path, table)
    broken = BREAKS_ON_FILES[table, check](pq.read_table(path))
    path.unlink()
    if broken is not None:
        pq.write_table(broken, path)
    _assert_fails(tmp_path, table, check)


def _assert_fails(work: Path, table: str, name: str) -> None:
    check, stage = ALL[table, name], _stage(table, name)
    before = read_table(work, table).num_rows if check.on_rows else 0
    if not check.on_rows and check.severity == "critical":
        with pytest.raises(TableError, match=rf"{table}\.{name}"):
            validate_stage(work, stage, run_id="r")
    else:
        summary = validate_stage(work, stage, run_id="r")
        if check.severity == "critical":
            assert f"{table}.{name}" in summary.failed
            assert read_table(work, table).num_rows < before
            held = [r for r in read_table(work, "quarantine").to_pylist() if (r["table"], r["check"]) == (table, name)]
            assert held
            assert all(r["reason"] and r["row"] and r["stage"] == stage for r in held)
        else:
            assert any(line.startswith(f"{table}.{name}:") for line in summary.warnings)
            assert not check.on_rows or read_table(work, table).num_rows == before
    rows = {(r["table"], r["check"]): r for r in read_table(work, "checks").to_pylist()}
    assert not rows[table, name]["passed"]
    assert rows[table, name]["failed"] > 0
