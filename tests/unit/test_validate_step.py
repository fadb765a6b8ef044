"""What happens to rows that fail, to what depends on them, and when a check is interrupted."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from pathlib import Path

import pytest
from validate_tables import TEXTS, Rows, joined, renamed, valid_tables, write_held, write_tables

import expectations.storage
from expectations.errors import SettingsError, TableError
from expectations.storage import part_paths, read_table
from tasks.validate import step
from tasks.validate.step import validate_stage


def keys(work: Path, table: str) -> list[str]:
    return read_table(work, table).column(0).to_pylist()


def held(work: Path) -> dict[tuple[str, str], str]:
    """Check by (table, key) of every row in quarantine."""
    return {(r["table"], r["row_key"]): r["check"] for r in read_table(work, "quarantine").to_pylist()}


def _files(work: Path) -> dict[str, bytes]:
    return {str(p.relative_to(work)): p.read_bytes() for p in sorted(work.rglob("*")) if p.is_file()}


def test_figures_of_a_mention_that_is_held_back_become_unresolved(tmp_path: Path) -> None:
    tables = valid_tables()
    tables["mentions"][0]["killed_min"] = -1
    write_tables(tmp_path, tables)
    summary = validate_stage(tmp_path, "extract", run_id="r")
    assert summary.held_back == {"mentions": 1}
    assert held(tmp_path) == {("mentions", "m1"): "killed_min_in_range"}
    figure = next(r for r in read_table(tmp_path, "figures").to_pylist() if r["figure_id"] == "f1")
    assert (figure["disposition"], figure["mention_id"]) == ("unresolved", None)
    assert "m1" in figure["reason"]


def test_a_mention_goes_with_the_only_figure_that_counts_in_it(tmp_path: Path) -> None:
    tables = valid_tables()
    tables["figures"][0]["text"] = "Seven"
    write_tables(tmp_path, tables)
    validate_stage(tmp_path, "extract", run_id="r")
    assert held(tmp_path) == {("figures", "f1"): "text_matches", ("mentions", "m1"): "figure_present"}
    assert "unresolved" not in read_table(tmp_path, "figures")["disposition"].to_pylist()


def test_an_article_that_is_held_back_takes_its_copies(tmp_path: Path) -> None:
    tables = valid_tables()
    tables["articles"][0]["published_on"] = dt.date(2031, 1, 1)
    write_tables(tmp_path, {name: tables[name] for name in ("documents", "articles")})
    summary = validate_stage(tmp_path, "clean", run_id="r")
    assert keys(tmp_path, "articles") == ["a2"]
    assert held(tmp_path) == {("articles", "a1"): "published_not_in_future", ("articles", "a3"): "article_held_back"}
    assert summary.rows == {"articles": 1}
    assert summary.quarantined == 2


def test_an_incident_that_is_held_back_takes_its_mentions(tmp_path: Path) -> None:
    tables = valid_tables()
    tables["incidents"][0]["latitude"] = 60.0
    write_tables(tmp_path, tables)
    validate_stage(tmp_path, "resolve", run_id="r")
    assert held(tmp_path) == {("incidents", "i-m1"): "coordinates_in_country", ("mentions", "m1"): "incident_held_back"}
    assert "unresolved" in read_table(tmp_path, "figures")["disposition"].to_pylist()
    assert validate_stage(tmp_path, "publish", run_id="r").failed == ()


def test_one_row_can_fail_several_checks(tmp_path: Path) -> None:
    tables = valid_tables()
    tables["mentions"][0] |= {"killed_min": -1, "country_code": "XX"}
    write_tables(tmp_path, tables)
    summary = validate_stage(tmp_path, "extract", run_id="r")
    rows = read_table(tmp_path, "quarantine").to_pylist()
    assert sorted(r["check"] for r in rows) == ["country_known", "killed_min_in_range"]
    assert summary.held_back == {"mentions": 1}
    assert rows[1]["column"] == "killed_min"
    assert rows[1]["value"] == "-1"
    assert "killed_min is -1" in rows[1]["reason"]
    assert '"mention_id": "m1"' in rows[1]["row"]


def test_an_article_that_is_held_back_is_named_by_its_file_and_kept_without_clocks(tmp_path: Path) -> None:
    tables = valid_tables()
    article = tables["articles"][0] | {"url": "javascript:void(0)"}
    write_tables(tmp_path, {"documents": tables["documents"], "articles": [article, *tables["articles"][1:]]})
    validate_stage(tmp_path, "clean", run_id="r")
    row = next(r for r in read_table(tmp_path, "quarantine").to_pylist() if r["check"] == "url_well_formed")
    assert row["reason"].startswith(f"{article['source_uri']}: url is ")
    assert "ingested_at" not in row["row"]
    assert article["title"] in row["row"]


def test_a_document_that_clean_holds_back_is_not_lost(tmp_path: Path) -> None:
    tables = valid_tables()
    write_tables(tmp_path, {"documents": tables["documents"], "articles": tables["articles"][:1]})
    with pytest.raises(TableError, match=r"2 of 3 documents are lost: news/a2\.txt"):
        validate_stage(tmp_path, "clean", run_id="r")
    write_tables(tmp_path, {"articles": [tables["articles"][0], tables["articles"][1]]})
    write_held(tmp_path, "clean", tables["documents"][2])
    assert validate_stage(tmp_path, "clean", run_id="r").failed == ()


def test_a_broken_table_stops_and_leaves_the_rows(tmp_path: Path) -> None:
    tables = valid_tables()
    tables["articles"].append(tables["articles"][0])
    tables["articles"][1]["word_count"] = -1
    write_tables(tmp_path, tables)
    with pytest.raises(TableError, match=r"articles\.keys_unique: .* Found: a1 2 times"):
        validate_stage(tmp_path, "clean", run_id="r")
    assert len(keys(tmp_path, "articles")) == 4
    assert not (tmp_path / "quarantine").exists()


def test_a_file_that_is_no_table_is_named(tmp_path: Path) -> None:
    write_tables(tmp_path, valid_tables())
    (tmp_path / "articles" / "part-00001.parquet").write_bytes(b"not Parquet")
    with pytest.raises(TableError, match=r"part-00001\.parquet: not a readable Parquet table"):
        validate_stage(tmp_path, "clean", run_id="r")


def test_an_unknown_stage_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such stage"):
        validate_stage(tmp_path, "polish", run_id="r")


def test_tables_without_rows_are_fine_where_nothing_was_found(tmp_path: Path) -> None:
    tables = valid_tables() | {"mentions": [], "figures": [], "incidents": []}
    write_tables(tmp_path, tables)
    for stage in ("ingest", "clean", "extract", "resolve", "publish"):
        summary = validate_stage(tmp_path, stage, run_id="r")
        assert (summary.failed, summary.warnings) == ((), ())


def _in_batches(work: Path, tables: Rows) -> None:
    """One article a part, with its mentions and figures; incidents in one part."""
    for number, name in enumerate(TEXTS):
        own = {
            t: [r for r in tables[t] if r["source_id" if t in ("documents", "articles") else "article_id"] == name]
            for t in tables
            if t != "incidents"
        }
        write_tables(work, own, part=f"part-{number:05d}")
    write_tables(work, {"incidents": tables["incidents"]})


def test_batches_give_the_same_as_one_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = []
    for how in ("one", "many"):
        tables = valid_tables()
        tables["mentions"][1]["confidence"] = 3.0
        tables["figures"][1]["end"] += 1
        work = tmp_path / how
        if how == "one":
            write_tables(work, tables)
        else:
            monkeypatch.setattr("tasks.validate.tables.CHUNK_ROWS", 1)
            _in_batches(work, tables)
        for stage in ("ingest", "clean", "extract"):
            validate_stage(work, stage, run_id="r")
        whole = {
            t: read_table(work, t).to_pylist() for t in ("articles", "figures", "mentions", "checks", "quarantine")
        }
        for row in whole["checks"]:
            if row["check"] == "rows_kept":
                row["observed"] = None
        results.append(whole)
    assert results[0] == results[1]
    assert len(part_paths(tmp_path / "many", "mentions")) == 3


def test_a_key_that_two_batches_share_is_found(tmp_path: Path) -> None:
    tables = valid_tables()
    _in_batches(tmp_path, tables)
    write_tables(tmp_path, {"articles": [tables["articles"][0]]}, part="part-00007")
    with pytest.raises(TableError, match="keys_unique"):
        validate_stage(tmp_path, "clean", run_id="r")


def test_checking_again_changes_nothing(tmp_path: Path) -> None:
    tables = valid_tables()
    tables["mentions"][1]["confidence"] = 3.0
    write_tables(tmp_path, tables)
    first = validate_stage(tmp_path, "extract", run_id="r")
    files = _files(tmp_path)
    again = validate_stage(tmp_path, "extract", run_id="r")
    assert _files(tmp_path) == files
    assert (again.rows, again.held_back, again.failed) == (first.rows, first.held_back, first.failed)


@pytest.mark.parametrize("writes", range(1, 6))
def test_an_interrupted_check_is_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int) -> None:
    """Dying at any write and checking again gives the tables, quarantine and checks of an undisturbed check."""
    tables = valid_tables()
    tables["mentions"][0]["confidence"] = 3.0
    write_tables(tmp_path / "calm", tables)
    shutil.copytree(tmp_path / "calm", tmp_path / "disturbed")
    validate_stage(tmp_path / "calm", "extract", run_id="r")
    left = writes

    def write_some(*arguments: object) -> Path:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return expectations.storage.write_part(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        for module in (step, step.write_checks.__globals__):
            (patch.setitem if isinstance(module, dict) else patch.setattr)(module, "write_part", write_some)
        with contextlib.suppress(KeyboardInterrupt):
            validate_stage(tmp_path / "disturbed", "extract", run_id="r")
    validate_stage(tmp_path / "disturbed", "extract", run_id="r")
    calm, disturbed = _files(tmp_path / "calm"), _files(tmp_path / "disturbed")
    assert disturbed == calm


def test_a_rule_that_crashes_is_told_from_one_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tables(tmp_path, valid_tables())
    monkeypatch.setattr("expectations.rules.country_boxes", lambda: None)
    with pytest.raises(TableError, match="check 'country_known' could not be carried out on row m1"):
        validate_stage(tmp_path, "extract", run_id="r")


@pytest.mark.parametrize(("flags", "rows_left"), [([], 2), (["alternative_counts"], 3)])
def test_a_group_may_exceed_the_whole_only_where_there_are_several_counts(
    tmp_path: Path, flags: list[str], rows_left: int
) -> None:
    tables = valid_tables()
    tables["mentions"][0]["victims"] = [tables["mentions"][0]["victims"][0] | {"min": 5, "max": 5}]
    tables["mentions"][0]["flags"] = flags
    write_tables(tmp_path, tables)
    assert validate_stage(tmp_path, "extract", run_id="r").rows["mentions"] == rows_left


@pytest.mark.parametrize(
    ("precision", "end", "rows_left"),
    [("month", dt.date(2024, 5, 31), 3), ("days", dt.date(2024, 5, 7), 3), ("days", dt.date(2024, 5, 8), 2)],
)
def test_only_a_wide_span_may_end_after_publication(
    tmp_path: Path, precision: str, end: dt.date, rows_left: int
) -> None:
    tables = valid_tables()
    tables["mentions"][0] |= {"date_precision": precision, "date_end": end}
    write_tables(tmp_path, tables)
    assert validate_stage(tmp_path, "extract", run_id="r").rows["mentions"] == rows_left


def test_tables_that_shrink_are_told(tmp_path: Path) -> None:
    """Against the ledger's published state; the checks table stays the same, whatever was published before."""
    work, state = tmp_path / "work" / "run", tmp_path / "states" / "s1"
    write_tables(work, valid_tables())
    assert validate_stage(work, "publish", run_id="r").warnings == ()
    checks = read_table(work, "checks")
    write_tables(state, joined([renamed(valid_tables(), f"-{n}") for n in range(10)]), part="2024-05")
    (tmp_path / "current").symlink_to(state)
    warnings = validate_stage(work, "publish", run_id="r").warnings
    assert [line.split(":")[0] for line in warnings] == ["articles", "figures", "mentions", "incidents"]
    assert "3 rows, but 30 in the published state" in warnings[0]
    assert read_table(work, "checks") == checks
