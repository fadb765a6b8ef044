"""The extract step: articles → mentions and figures, batch by batch, in as many processes as wanted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from expectations.errors import ConflictLedgerError
from expectations.storage import part_paths, read_part, write_part
from expectations.summary import StageSummary
from expectations.tables import FIGURES, MENTIONS

if TYPE_CHECKING:
    from tasks.extract.engine import Reader

_COLUMNS: Final = ["article_id", "title", "standfirst", "text", "published_on", "publisher", "flags"]
_UNREAD_FLAGS: Final = frozenset({"not_english", "no_text"})
_reader: Reader | None = None


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Counts of one batch."""

    articles: int
    read: int
    mentions: int
    figures: int


def _load(model: str | None) -> None:
    global _reader
    from tasks.extract.engine import Reader

    _reader = Reader(model)


def read_articles(reader: Reader, rows: Iterable[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
    """Rows of the articles table → (mentions rows, figures rows, articles read); unreadable languages are passed over."""
    from tasks.extract.engine import ArticleText

    mentions: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    read = 0
    for row in rows:
        if _UNREAD_FLAGS & set(row["flags"] or ()):
            continue
        read += 1
        article = ArticleText(
            row["article_id"], row["title"], row["standfirst"], row["text"], row["published_on"], row["publisher"]
        )
        try:
            reading = reader.read(article)
        except Exception as error:
            raise ConflictLedgerError(
                f"article {row['article_id']} could not be read ({type(error).__name__}: {error}). This is a bug: please report it with the article."
            ) from error
        mentions += reading.mentions
        figures += reading.figures
    return mentions, figures, read


def extract_batch(work: Path, part: str) -> BatchResult:
    """Reads the articles of one part file and writes the mentions and figures parts of the same name."""
    assert _reader is not None
    rows = read_part(work / "articles" / part, _COLUMNS).to_pylist()
    mentions, figures, read = read_articles(_reader, rows)
    write_part(work / "mentions" / part, MENTIONS, mentions)
    write_part(work / "figures" / part, FIGURES, figures)
    return BatchResult(len(rows), read, len(mentions), len(figures))


def extract_mentions(
    work: Path,
    *,
    run_id: str,
    workers: int = 1,
    model: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> StageSummary:
    """Reads every article of a work folder.

    Args:
        work: Folder of the run's tables.
        run_id: The run (for messages only; no row depends on it).
        workers: Processes; 1, or a single batch, reads in this process.
        model: spaCy pipeline; None: the default.
        progress: Called with (articles done, articles in all) after each batch.

    Raises:
        SettingsError: The spaCy pipeline cannot be loaded.
        ConflictLedgerError: An article made the reader fail.
    """
    started = time.monotonic()
    parts = [p.name for p in part_paths(work, "articles")]
    results: list[BatchResult] = []
    total = sum(read_part(work / "articles" / p, ["article_id"]).num_rows for p in parts)
    for result in _results(work, parts, workers, model):
        results.append(result)
        if progress:
            progress(sum(r.articles for r in results), total)
    rows = sum(r.articles for r in results)
    return StageSummary(
        stage="extract",
        rows_in=rows,
        rows_out=rows,
        seconds=time.monotonic() - started,
        details={
            "read": sum(r.read for r in results),
            "mentions": sum(r.mentions for r in results),
            "figures": sum(r.figures for r in results),
        },
    )


def _results(work: Path, parts: list[str], workers: int, model: str | None) -> Iterable[BatchResult]:
    if workers <= 1 or len(parts) <= 1:
        if parts:
            _load(model)
        for part in parts:
            yield extract_batch(work, part)
        return
    with ProcessPoolExecutor(
        min(workers, len(parts)), mp_context=get_context("spawn"), initializer=_load, initargs=(model,)
    ) as pool:
        for future in as_completed([pool.submit(extract_batch, work, part) for part in parts]):
            yield future.result()
