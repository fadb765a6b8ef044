"""A ledger that takes in a little every day does not end in a multitude of small files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from expectations.storage import read_table
from tasks.clean.step import clean_documents
from tasks.ingest.compact import SMALL_BATCHES
from tasks.ingest.settings import IngestSettings
from tasks.ingest.step import ingest_documents

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


def test_small_batches_are_joined_and_nothing_is_cleaned_again(tmp_path: Path) -> None:
    news, store = tmp_path / "news", tmp_path / "store"
    news.mkdir()
    previous = None
    batches = []
    for day in range(SMALL_BATCHES + 5):
        (news / f"{day:02d}.txt").write_text(
            f"Shells killed {day + 2} people in the market of Qara on Monday, a doctor of the town said."
        )
        work = tmp_path / f"work{day}"
        ingest_documents(
            [str(news)],
            work,
            run_id="r",
            settings=IngestSettings(),
            now=NOW,
            store=store,
            previous=previous,
            reader="v",
        )
        assert clean_documents(work, run_id="r", store=store, rules="v").details["cleaned"] == 1
        previous = work / "intake"
        batches.append(len(list((work / "documents").glob("*.parquet"))))
    assert max(batches) == SMALL_BATCHES
    assert min(batches[SMALL_BATCHES:]) == 1
    whole = tmp_path / "whole"
    ingest_documents([str(news)], whole, run_id="r", settings=IngestSettings(), now=NOW)
    clean_documents(whole, run_id="r")
    grown, at_once = (read_table(folder, "articles").sort_by("article_id") for folder in (work, whole))
    assert grown.equals(at_once)
