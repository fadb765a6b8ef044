"""Cleaning in several processes gives the same bytes as in one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import tasks.clean.step
from expectations.storage import part_paths
from tasks.clean.step import clean_documents
from tasks.ingest.settings import IngestSettings
from tasks.ingest.step import ingest_documents
from tests.makers import PAGE

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


def test_two_workers_write_what_one_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.clean.step, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(tasks.clean.step, "CHUNK", 10)
    (tmp_path / "in").mkdir()
    for number in range(66):
        page = PAGE.replace("Four people", f"{number // 3 + 2} people")  # some are copies of others
        (tmp_path / "in" / f"p{number:03d}.html").write_text(page.replace("river", f"river {number}"))
    results = []
    for workers in (1, 2):
        work = tmp_path / f"work{workers}"
        settings = IngestSettings(batch_documents=20)
        ingest_documents([str(tmp_path / "in")], work, run_id="r", settings=settings, now=NOW)
        summary = clean_documents(work, run_id="r", workers=workers)
        files = {p.name: p.read_bytes() for p in part_paths(work, "articles")}
        results.append((summary.rows_in, summary.rows_out, summary.details, files))
    assert results[0] == results[1]
    assert results[0][0] == 66
