"""The same rows whoever does the work: this process, several, or a Dask cluster, some of whose workers are killed."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster

import tasks.clean.step
import tasks.extract.step
import tasks.resolve.workers
from benchmarks.make_corpus import write_corpus
from expectations.errors import ConflictLedgerError
from tasks.clean.step import clean_documents
from tasks.extract.step import extract_mentions
from tasks.fan_out import fan_out
from tasks.ingest.settings import IngestSettings
from tasks.ingest.step import ingest_documents
from tasks.resolve.step import resolve_incidents

ARTICLES = 60
NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


@pytest.fixture(scope="module", autouse=True)
def _small_work_is_worth_a_process() -> Iterator[None]:
    """Chunks and thresholds for a small corpus."""
    patch = pytest.MonkeyPatch()
    for step in (tasks.clean.step, tasks.extract.step):
        patch.setattr(step, "WORTH_A_PROCESS", 1)
        patch.setattr(step, "CHUNK", 8)
    patch.setattr(tasks.resolve.workers, "WORTH_A_PROCESS", 1)
    yield
    patch.undo()


@pytest.fixture(scope="module")
def documents(tmp_path_factory) -> Path:
    """A work folder in which the corpus has been taken in, in three batches."""
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder / "in", ARTICLES)
    settings = IngestSettings(batch_documents=20)
    ingest_documents([str(folder / "in")], folder / "work", run_id="r", settings=settings, now=NOW)
    return folder / "work"


def process(documents: Path, work: Path, after_chunk: Callable[[], None] | None = None, **how) -> dict[str, bytes]:
    """The files of the stages that fan out; `after_chunk` is called once, when a first part of the articles has been read."""
    waiting = [after_chunk] if after_chunk else []

    def listen(done: int, total: int) -> None:
        if waiting and done < total:
            waiting.pop()()

    (work / "documents").mkdir(parents=True)
    for part in (documents / "documents").iterdir():
        (work / "documents" / part.name).write_bytes(part.read_bytes())
    clean_documents(work, run_id="r", **how)
    summary = extract_mentions(work, run_id="r", progress=listen, **how)
    assert summary.rows_out > ARTICLES * 0.9
    assert not waiting, "the trial did not take place"
    assert resolve_incidents(work, run_id="r", workers=how.get("workers", 1)).details["joined_incidents"]
    return {
        f"{name}/{path.name}": path.read_bytes()
        for name in ("articles", "mentions", "figures", "incidents")
        for path in sorted((work / name).iterdir())
    }


@pytest.fixture(scope="module")
def alone(documents, tmp_path_factory) -> dict[str, bytes]:
    """What one process writes."""
    files = process(documents, tmp_path_factory.mktemp("alone"), workers=1)
    assert len(files) > 9
    return files


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """A Dask cluster of two worker processes, which are started again when they die."""
    where = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, **where) as cluster:
        yield cluster


def kill_a_child() -> None:
    """One of this process's workers, as the system does when memory is short."""
    workers = [p for p in multiprocessing.active_children() if p.name.startswith("SpawnProcess")]
    os.kill(workers[-1].pid, signal.SIGKILL)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_two_processes_of_which_one_is_killed(documents, alone, tmp_path, caplog):
    assert process(documents, tmp_path, kill_a_child, workers=2) == alone
    assert "A worker process died" in caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_dask_cluster_at_an_address_of_which_a_worker_is_killed(documents, alone, tmp_path, cluster):
    killed = []

    def kill() -> None:
        killed.append(cluster.workers[0].pid)
        os.kill(killed[0], signal.SIGKILL)

    assert process(documents, tmp_path, kill, dask_address=cluster.scheduler_address) == alone
    assert cluster.workers[0].pid != killed[0], "the worker was not killed"


def test_dask_on_this_machine(documents, alone, tmp_path, capfd):
    assert process(documents, tmp_path, workers=2, dask_address="local") == alone
    assert capfd.readouterr().err == "", "what Dask says of itself is of no use to anybody here"


def test_a_scheduler_that_goes_away_ends_the_run_with_advice():
    where = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0", "silence_logs": 50}
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, processes=True, **where) as cluster,
        fan_out(1, cluster.scheduler_address) as workforce,
    ):
        results = workforce.map(abs, range(1_000_000))
        assert next(results) == 0
        cluster.close()
        with pytest.raises(ConflictLedgerError, match="the Dask scheduler is gone"):
            list(results)
