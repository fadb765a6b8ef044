"""The extract stage: the same tables whatever the workers, a part for every batch, and no article that stops the others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from validate_tables import valid_tables

from expectations.errors import ConflictLedgerError
from expectations.storage import read_table, write_part
from expectations.tables import ARTICLES
from tasks.extract import step
from tasks.extract.engine import ArticleText, Prepared, Reader, Reading
from tasks.extract.step import extract_mentions
from tasks.validate.step import validate_stage

BATCHES = {"part-00000": 2, "part-00001": 0, "part-00002": 1}


def articles(number: int) -> list[dict[str, Any]]:
    """Articles that tell of an incident each."""
    model = valid_tables()["articles"][0]
    text = "{} people were killed when shells hit the market of Goma on Monday, a doctor said."
    return [
        model | {"article_id": f"a{n}", "text": text.format(n + 3), "title": f"Shells kill {n + 3} in Goma"}
        for n in range(number)
    ]


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A work folder with three batches of articles, one of them empty."""
    rows = iter(articles(3))
    for part, number in BATCHES.items():
        write_part(tmp_path / "articles" / f"{part}.parquet", ARTICLES, [next(rows) for _ in range(number)])
    return tmp_path


class Failing:
    """A reader that fails on some articles."""

    def __init__(self, reader: Reader, bad: set[str]) -> None:
        self.reader, self.bad = reader, bad

    def prepared(self, articles: Iterable[ArticleText]) -> Iterator[ArticleText | Prepared]:
        return self.reader.prepared(articles)

    def read(self, article: ArticleText | Prepared) -> Reading:
        if article.article_id in self.bad:
            raise RuntimeError(f"lost the thread in {object()}")
        return self.reader.read(article)


@pytest.fixture
def failing_on(monkeypatch: pytest.MonkeyPatch, reader: Reader):
    def use(*bad: str) -> None:
        monkeypatch.setattr(step, "load_reader", lambda model: Failing(reader, set(bad)))

    return use


def files(work: Path) -> dict[str, bytes]:
    return {str(p.relative_to(work)): p.read_bytes() for p in sorted(work.rglob("*.parquet"))}


def test_every_batch_has_its_parts_the_empty_one_too(work: Path, failing_on) -> None:
    failing_on()
    seen: list[tuple[int, int]] = []
    summary = extract_mentions(work, run_id="r", progress=lambda done, total: seen.append((done, total)))
    for table in ("mentions", "figures"):
        assert sorted(p.stem for p in (work / table).iterdir()) == list(BATCHES)
    assert (summary.rows_in, summary.rows_out, summary.quarantined) == (3, 3, 0)
    assert summary.details["mentions"] == 3
    assert seen == [(2, 3), (3, 3)]


def test_one_worker_and_two_write_the_same_bytes(
    work: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(step, "CHUNK", 1)
    other = tmp_path_factory.mktemp("two")
    for part in (work / "articles").iterdir():
        (other / "articles").mkdir(exist_ok=True)
        (other / "articles" / part.name).write_bytes(part.read_bytes())
    extract_mentions(work, run_id="r", workers=1)
    extract_mentions(other, run_id="r", workers=2)
    assert files(work) == files(other)


def test_an_article_that_cannot_be_read_does_not_stop_its_neighbours(work: Path, failing_on) -> None:
    failing_on("a1")
    summary = extract_mentions(work, run_id="r")
    assert (summary.rows_in, summary.rows_out, summary.quarantined) == (3, 2, 1)
    assert set(read_table(work, "mentions")["article_id"].to_pylist()) == {"a0", "a2"}
    assert set(read_table(work, "figures")["article_id"].to_pylist()) == {"a0", "a2"}
    (held,) = read_table(work, "quarantine").to_pylist()
    assert (held["stage"], held["check"], held["row_key"]) == ("extract", "unreadable_article", "a1")
    assert "RuntimeError: lost the thread" in held["reason"]
    assert "0x" not in held["reason"], "an address would differ from run to run"
    assert json.loads(held["row"])["title"] == "Shells kill 4 in Goma"
    assert summary.messages == (held["reason"],)


def test_the_checks_accept_what_an_unreadable_article_leaves(work: Path, failing_on) -> None:
    failing_on("a1")
    extract_mentions(work, run_id="r")
    checked = validate_stage(work, "extract", run_id="r")
    assert checked.failed == ()
    assert len(read_table(work, "articles")) == 3
    assert read_table(work, "quarantine")["check"].to_pylist() == ["unreadable_article"]


def test_a_batch_done_again_forgets_what_failed_before(work: Path, failing_on) -> None:
    failing_on("a1")
    extract_mentions(work, run_id="r")
    failing_on()
    extract_mentions(work, run_id="r")
    assert len(read_table(work, "quarantine")) == 0


def test_rows_that_fit_no_table_hold_back_their_article_alone(work: Path, monkeypatch, reader: Reader) -> None:
    class Overflowing(Failing):
        def read(self, article: ArticleText | Prepared) -> Reading:
            reading = self.reader.read(article)
            if article.article_id == "a0":
                reading.mentions[0]["killed_min"] = 10**30
            return reading

    monkeypatch.setattr(step, "load_reader", lambda model: Overflowing(reader, set()))
    assert extract_mentions(work, run_id="r").quarantined == 1
    assert read_table(work, "quarantine")["row_key"].to_pylist() == ["a0"]


def test_a_reader_that_fails_on_everything_stops_the_run(work: Path, failing_on) -> None:
    failing_on("a0", "a1", "a2")
    with pytest.raises(ConflictLedgerError, match="failed on 3 of 3 articles"):
        extract_mentions(work, run_id="r")
