"""Publishing: whole states, switched at once, unchanged files shared, nothing lost when a run dies."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from expectations.errors import LedgerError, TableError
from expectations.storage import read_table, write_part
from expectations.tables import TABLES
from tasks.publish.diff import state_folder
from tasks.publish.ledger import PUBLISHED, Ledger
from tasks.publish.step import publish_state, read_state

MAY, JUNE = dt.date(2031, 5, 2), dt.date(2031, 6, 9)
NOON = dt.datetime(2031, 6, 10, 12, tzinfo=dt.UTC)


def article(article_id: str, published_on: dt.date | None, **changes):
    return {
        "article_id": article_id,
        "source_id": article_id,
        "source_uri": f"{article_id}.txt",
        "title": "Market shelled",
        "text": "Shells hit a market.",
        "word_count": 4,
        "published_on": published_on,
        "published_basis": "metadata" if published_on else "none",
        "removed": [],
        "flags": [],
        "content_hash": "00",
        "ingested_at": NOON,
    } | changes


def figure(article_id: str, start: int = 0):
    return {
        "figure_id": f"f-{article_id}-{start}",
        "article_id": article_id,
        "field": "text",
        "start": start,
        "end": start + 5,
        "text": "three",
        "outcome": "killed",
        "min": 3,
        "max": 3,
        "disposition": "toll",
        "reason": "A total of the war.",
    }


def work_folder(folder: Path, parts: list[list[dict]], run_id: str = "run") -> Path:
    """A work folder with articles and a figure for each, part by part."""
    for number, articles in enumerate(parts):
        write_part(folder / f"articles/part-{number:05}.parquet", TABLES["articles"], articles)
        figures = [figure(row["article_id"]) for row in articles]
        write_part(folder / f"figures/part-{number:05}.parquet", TABLES["figures"], figures)
        write_part(folder / f"mentions/part-{number:05}.parquet", TABLES["mentions"], [])
    check = {
        "stage": "clean",
        "table": "articles",
        "check": "x",
        "severity": "info",
        "passed": True,
        "rows": 1,
        "failed": 0,
    }
    write_part(folder / "checks/clean-articles.parquet", TABLES["checks"], [check | {"run_id": run_id}])
    return folder


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = Ledger(tmp_path / "ledger")
    ledger.prepare()
    return ledger


def names(ledger: Ledger, table: str) -> list[str]:
    return sorted(path.name for path in (ledger.output / table).iterdir())


def test_tables_lie_in_monthly_files_that_pandas_reads_as_they_are(tmp_path, ledger):
    work = work_folder(
        tmp_path / "work", [[article("c", JUNE), article("a", MAY)], [article("b", MAY), article("d", None)]]
    )
    publish_state(work, ledger.output, run_id="run")
    assert names(ledger, "articles") == ["2031-05.parquet", "2031-06.parquet", "undated.parquet"]
    assert names(ledger, "figures") == names(ledger, "articles"), "figures lie in the month of their article"
    assert read_table(ledger.output, "articles")["article_id"].to_pylist() == ["a", "b", "c", "d"]
    for table in PUBLISHED:
        frame = pd.read_parquet(ledger.output / table)
        assert list(frame.columns) == TABLES[table].names, f"{table} has its columns even without a row"


def test_field_descriptions_survive_publishing(tmp_path, ledger):
    publish_state(work_folder(tmp_path / "work", [[article("a", MAY)]]), ledger.output, run_id="run")
    schema = read_table(ledger.output, "articles").schema
    assert schema.equals(TABLES["articles"].arrow_schema())
    for column in TABLES["articles"].columns:
        assert schema.field(column.name).metadata[b"description"].decode() == column.description


def test_how_the_rows_were_batched_does_not_show(tmp_path):
    rows = [article("a", MAY), article("b", MAY), article("c", MAY)]
    outputs = []
    for name, parts in (("one", [rows]), ("three", [[row] for row in reversed(rows)])):
        ledger = Ledger(tmp_path / name)
        ledger.prepare()
        publish_state(work_folder(tmp_path / f"work-{name}", parts), ledger.output, run_id="run")
        outputs.append(
            {table: (ledger.output / table).glob("*.parquet").__next__().read_bytes() for table in PUBLISHED}
        )
    assert outputs[0] == outputs[1]


def test_the_same_tables_again_change_nothing_but_for_the_clock(tmp_path, ledger):
    publish_state(work_folder(tmp_path / "w1", [[article("a", MAY)]]), ledger.output, run_id="run")
    before = {path: path.stat().st_ino for path in ledger.states.rglob("*")}
    later = work_folder(tmp_path / "w2", [[article("a", MAY, ingested_at=NOON + dt.timedelta(days=1))]])
    summary = publish_state(later, ledger.output, run_id="run")
    assert {path: path.stat().st_ino for path in ledger.states.rglob("*")} == before
    assert summary.details["files_written"] == 0


def test_months_that_did_not_change_are_the_same_file_on_disk(tmp_path, ledger):
    publish_state(work_folder(tmp_path / "w1", [[article("a", MAY)]]), ledger.output, run_id="one")
    may = (ledger.output / "articles/2031-05.parquet").stat().st_ino
    publish_state(work_folder(tmp_path / "w2", [[article("a", MAY), article("b", JUNE)]]), ledger.output, run_id="two")
    assert (ledger.output / "articles/2031-05.parquet").stat().st_ino == may
    assert len(list(ledger.states.iterdir())) == 2


def test_the_last_states_are_kept(tmp_path, ledger):
    for number in range(4):
        rows = [article(f"a{number}", MAY)]
        publish_state(work_folder(tmp_path / f"w{number}", [rows]), ledger.output, run_id=f"run{number}", keep=2)
    assert sorted(path.name for path in ledger.states.iterdir()) == ["000003-run2", "000004-run3"]


def test_a_broken_part_publishes_nothing(tmp_path, ledger):
    publish_state(work_folder(tmp_path / "w1", [[article("a", MAY)]]), ledger.output, run_id="one")
    broken = work_folder(tmp_path / "w2", [[article("b", MAY)]], run_id="two")
    (broken / "mentions/part-00000.parquet").write_bytes(b"not parquet")
    with pytest.raises(TableError, match=r"mentions/part-00000\.parquet"):
        publish_state(broken, ledger.output, run_id="two")
    assert read_table(ledger.output, "articles")["article_id"].to_pylist() == ["a"]


def test_a_figure_without_its_article_publishes_nothing(tmp_path, ledger):
    work = work_folder(tmp_path / "work", [[article("a", MAY)]])
    write_part(work / "figures/part-00000.parquet", TABLES["figures"], [figure("ghost")])
    with pytest.raises(TableError, match="ghost"):
        publish_state(work, ledger.output, run_id="run")
    assert not ledger.current.is_symlink()


def test_a_missing_or_cut_file_of_the_state_is_noticed(tmp_path, ledger):
    publish_state(work_folder(tmp_path / "work", [[article("a", MAY)]]), ledger.output, run_id="run")
    assert read_state(ledger)["run_id"] == "run"
    (ledger.output / "figures/2031-05.parquet").write_bytes(b"PAR1")
    assert read_state(ledger) is None


@pytest.mark.parametrize("name", ["state.json", "articles/2031-05.parquet"])
def test_a_damaged_state_is_no_hindrance_to_the_next(tmp_path, ledger, name):
    work = work_folder(tmp_path / "work", [[article("a", MAY)]])
    publish_state(work, ledger.output, run_id="one")
    path = ledger.states / "000001-one" / name
    path.write_bytes(path.read_bytes()[:40])
    assert read_state(ledger) is None
    publish_state(work, ledger.output, run_id="two")
    assert read_state(ledger) is not None
    assert read_table(ledger.output, "articles")["article_id"].to_pylist() == ["a"]


def publish_one(base: Path, ledger: Ledger, name: str) -> None:
    publish_state(work_folder(base / name, [[article(name, MAY)]]), ledger.output, run_id=name, keep=3)


def test_where_a_person_went_back_the_state_gone_back_to_is_the_previous_one(tmp_path, ledger):
    for name in ("one", "two", "three"):
        publish_one(tmp_path, ledger, name)
    ledger.point_to("000001-one")
    publish_one(tmp_path, ledger, "four")
    assert state_folder(ledger, "previous").name == "000001-one"
    assert [path.name for path in ledger.state_folders()] == ["000001-one", "000003-three", "000004-four"]


def test_folders_of_others_beside_the_states_are_left_alone(tmp_path, ledger):
    (ledger.states / "000001.bak").mkdir(parents=True)
    for name in ("one", "two", "three", "four"):
        publish_one(tmp_path, ledger, name)
    assert sorted(path.name for path in ledger.states.iterdir()) == [
        "000001.bak",
        "000002-two",
        "000003-three",
        "000004-four",
    ]


def test_a_lost_link_is_found_again_so_that_the_next_run_leaves_nothing_out(tmp_path, ledger):
    for name in ("one", "two"):
        publish_one(tmp_path, ledger, name)
    ledger.current.unlink()
    with ledger.locked(wait=False):
        state = ledger.current_state()
    assert state is not None
    assert state.name == "000002-two"


def test_a_dangling_current_is_told_not_overwritten(tmp_path, ledger):
    ledger.current.symlink_to("states/gone")
    with pytest.raises(LedgerError, match="not a whole state"):
        publish_state(work_folder(tmp_path / "work", [[article("a", MAY)]]), ledger.output, run_id="run")


def test_what_dead_runs_left_is_swept_and_states_stay(tmp_path, ledger):
    publish_state(work_folder(tmp_path / "work", [[article("a", MAY)]]), ledger.output, run_id="run")
    (ledger.work("dead") / "articles").mkdir(parents=True)
    (ledger.states / ".draft-1/articles").mkdir(parents=True)
    assert ledger.sweep() == [".draft-1", "dead"]
    assert read_state(ledger) is not None


@pytest.mark.parametrize("name", ["mentions", "quality", "articles.parquet"])
def test_something_in_the_way_is_named_before_any_work(tmp_path, name):
    ledger = Ledger(tmp_path)
    (tmp_path / name).mkdir()
    with pytest.raises(LedgerError, match=rf"{name}: in the way"):
        ledger.prepare()


def test_an_output_that_is_a_file_is_told(tmp_path):
    (tmp_path / "ledger").write_text("x")
    with pytest.raises(LedgerError, match="cannot write a ledger here"):
        Ledger(tmp_path / "ledger").prepare()


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_an_output_that_is_not_writable_is_told(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(LedgerError, match="cannot write a ledger here"):
        Ledger(tmp_path / "ledger").prepare()


def test_a_second_run_is_refused_and_told_who_holds_the_ledger(ledger):
    held = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(ledger.output)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )
    assert held.stdout.readline() == "held\n"
    with pytest.raises(LedgerError, match=f"process {held.pid} on "), ledger.locked(wait=False):
        pass
    held.kill()
    held.wait()
    with ledger.locked(wait=False):
        assert json.loads((ledger.inner / "lock.json").read_text())["pid"] == os.getpid()


HOLD = """
import sys
from pathlib import Path
from tasks.publish.ledger import Ledger
with Ledger(Path(sys.argv[1])).locked(wait=False):
    print("held", flush=True)
    sys.stdin.read()
"""
