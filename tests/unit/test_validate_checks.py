"""Every check passes the valid tables and fails its broken fixture."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from validate_broken import BREAKS, BREAKS_ON_FILES
from validate_tables import joined, renamed, valid_tables, write_tables

from expectations.checks import AFTER, CHECKED, checks_after, checks_of
from expectations.errors import TableError
from expectations.storage import part_paths, read_table
from tasks.validate.step import validate_stage

ALL = {(table, check.name): check for table in CHECKED for check in checks_of(table)}
ON_ROWS = sorted(key for key in BREAKS if key in ALL and ALL[key].on_rows)
ON_TABLES = sorted(BREAKS.keys() - set(ON_ROWS))


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


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """By stage, a checked work folder with one broken set of tables for each check on rows, and as many valid sets."""
    works: dict[str, Path] = {}
    for stage in AFTER:
        cases = [key for key in ON_ROWS if _stage(*key) == stage]
        if not cases:
            continue
        sets = []
        for table, check in cases:
            tables = valid_tables()
            BREAKS[table, check](tables)
            sets += [renamed(tables, f"-{table}.{check}"), renamed(valid_tables(), f"-beside-{table}.{check}")]
        works[stage] = tmp_path_factory.mktemp(stage)
        write_tables(works[stage], joined(sets))
        validate_stage(works[stage], stage, run_id="r")
    return works


@pytest.mark.parametrize(("table", "check"), ON_ROWS, ids=map(".".join, ON_ROWS))
def test_a_broken_row_fails_its_check(broken: dict[str, Path], table: str, check: str) -> None:
    work = broken[_stage(table, check)]
    examples = json.loads((work / "checks" / f"{_stage(table, check)}-{table}.json").read_text(encoding="utf-8"))
    failing = {key for key, _ in examples[check]}
    held = {
        r["row_key"]: r
        for r in read_table(work, "quarantine").to_pylist()
        if (r["table"], r["check"]) == (table, check)
    }
    mine = [key for key in failing | held.keys() if key.endswith(f"-{table}.{check}") and "-beside-" not in key]
    assert mine
    assert not any("-beside-" in key for key in failing)
    left = set(read_table(work, table).column(0).to_pylist())
    if ALL[table, check].severity == "critical":
        assert all(held[key]["reason"] and held[key]["row"] for key in mine)
        assert not left & set(mine)
    else:
        assert not held
        assert left >= set(mine)
    rows = {(r["table"], r["check"]): r for r in read_table(work, "checks").to_pylist()}
    assert not rows[table, check]["passed"]
    assert rows[table, check]["failed"] >= len(mine)


def test_valid_rows_beside_broken_ones_stay(broken: dict[str, Path]) -> None:
    for work in broken.values():
        assert not [r["row_key"] for r in read_table(work, "quarantine").to_pylist() if "-beside-" in r["row_key"]]


@pytest.mark.parametrize(("table", "check"), ON_TABLES, ids=map(".".join, ON_TABLES))
def test_a_broken_table_fails_its_check(tmp_path: Path, table: str, check: str) -> None:
    tables = valid_tables()
    BREAKS[table, check](tables)
    write_tables(tmp_path, tables)
    _assert_table_fails(tmp_path, table, check)


@pytest.mark.parametrize(("table", "check"), sorted(BREAKS_ON_FILES), ids=map(".".join, sorted(BREAKS_ON_FILES)))
def test_broken_files_fail_their_check(tmp_path: Path, table: str, check: str) -> None:
    write_tables(tmp_path, valid_tables())
    for stage in list(AFTER)[: list(AFTER).index(_stage(table, check))]:
        validate_stage(tmp_path, stage, run_id="r")
    (path,) = part_paths(tmp_path, table)
    data = BREAKS_ON_FILES[table, check](pq.read_table(path))
    path.unlink()
    if data is not None:
        pq.write_table(data, path)
    _assert_table_fails(tmp_path, table, check)


def _assert_table_fails(work: Path, table: str, check: str) -> None:
    stage = _stage(table, check)
    if ALL[table, check].severity == "critical":
        with pytest.raises(TableError, match=rf"{table}\.{check}"):
            validate_stage(work, stage, run_id="r")
    else:
        summary = validate_stage(work, stage, run_id="r")
        assert any(line.startswith(f"{table}.{check}:") for line in summary.warnings)
    rows = {(r["stage"], r["table"], r["check"]): r for r in read_table(work, "checks").to_pylist()}
    assert not rows[stage, table, check]["passed"]
    assert rows[stage, table, check]["failed"] > 0
