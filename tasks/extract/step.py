"""The extract step: articles → mentions and figures, batch by batch, in as many processes as wanted."""

from __future__ import annotations

import json
import re
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
from expectations.tables import FIGURES, MENTIONS, QUARANTINE

if TYPE_CHECKING:
    from tasks.extract.engine import Reader

_COLUMNS: Final = ["article_id", "title", "standfirst", "text", "published_on", "publisher", "flags"]
_UNREAD_FLAGS: Final = frozenset({"not_english", "no_text"})
# From so many articles on, a reader that fails on more than half of them is broken, and not the articles.
_ENOUGH_ARTICLES: Final = 20
_MESSAGES: Final = 100
_ADDRESS: Final = re.compile(r" at 0x[0-9a-f]+")
_reader: Reader | None = None


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Counts of one batch; `failures` says of each article that the reader failed on what happened."""

    articles: int
    read: int
    mentions: int
    figures: int
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """What came of some articles: rows of mentions and figures, and of quarantine for those that could not be read."""

    mentions: list[dict[str, Any]]
    figures: list[dict[str, Any]]
    held: list[dict[str, Any]]
    read: int


def _load(model: str | None) -> None:
    global _reader
    from tasks.extract.engine import Reader

    _reader = Reader(model)


def read_articles(reader: Reader, rows: Iterable[dict[str, Any]], *, run_id: str) -> Rows:
    """Rows of the articles table to rows of mentions and figures; articles in unreadable languages are passed over.

    An article that the reader fails on gets a row of quarantine, and nothing of it goes on; its neighbours do.
    """
    from tasks.extract.engine import ArticleText

    mentions: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    held: list[dict[str, Any]] = []
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
            MENTIONS.from_rows(reading.mentions)  # a value that does not fit its column would stop the whole batch
            FIGURES.from_rows(reading.figures)
        except Exception as error:  # whatever an article holds must not stop its neighbours
            held.append(_unreadable(row, error, run_id))
            continue
        mentions += reading.mentions
        figures += reading.figures
    return Rows(mentions, figures, held, read)


def _unreadable(row: dict[str, Any], error: Exception, run_id: str) -> dict[str, Any]:
    what = _ADDRESS.sub("", f"{type(error).__name__}: {error}")[:300]
    held = {name: row[name] for name in ("article_id", "title", "publisher")}
    return {
        "run_id": run_id,
        "stage": "extract",
        "table": "mentions",
        "row_key": row["article_id"],
        "check": "unreadable_article",
        "column": "",
        "value": what,
        "reason": f"article {row['article_id']} could not be read ({what}): it has no mentions and figures. This is a bug: report it with the article.",
        "row": json.dumps({**held, "characters": len(row["text"] or "")}, ensure_ascii=False, sort_keys=True),
    }


def extract_batch(work: Path, part: str, run_id: str) -> BatchResult:
    """Reads the articles of one part file and writes the mentions and figures parts of the same name."""
    assert _reader is not None
    rows = read_part(work / "articles" / part, _COLUMNS).to_pylist()
    done = read_articles(_reader, rows, run_id=run_id)
    write_part(work / "mentions" / part, MENTIONS, done.mentions)
    write_part(work / "figures" / part, FIGURES, done.figures)
    held = work / "quarantine" / f"extract-{part}"
    if done.held:
        write_part(held, QUARANTINE, done.held)
    else:
        held.unlink(missing_ok=True)  # of an earlier try at this batch
    failures = tuple(str(row["reason"]) for row in done.held)
    return BatchResult(len(rows), done.read, len(done.mentions), len(done.figures), failures)


def extract_mentions(
    work: Path,
    *,
    run_id: str,
    workers: int = 1,
    model: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> StageSummary:
    """Reads every article of a work folder.

    An article that the reader fails on is kept in `articles`, and recorded in quarantine as `unreadable_article`.

    Args:
        work: Folder of the run's tables.
        run_id: The run; it stands in rows of quarantine only.
        workers: Processes; 1, or a single batch, reads in this process.
        model: spaCy pipeline; None: the default.
        progress: Called with (articles done, articles in all) after each batch.

    Raises:
        SettingsError: The spaCy pipeline cannot be loaded.
        ConflictLedgerError: The reader failed on every article, or on most of many.
    """
    started = time.monotonic()
    parts = [p.name for p in part_paths(work, "articles")]
    results: dict[str, BatchResult] = {}
    total = sum(read_part(work / "articles" / p, ["article_id"]).num_rows for p in parts)
    for part, result in _results(work, parts, workers, model, run_id):
        results[part] = result
        if progress:
            progress(sum(r.articles for r in results.values()), total)
    done = [results[part] for part in parts]
    failures = [failure for r in done for failure in r.failures]
    rows, read = sum(r.articles for r in done), sum(r.read for r in done)
    if failures and (len(failures) == read or (read >= _ENOUGH_ARTICLES and len(failures) > read / 2)):
        raise ConflictLedgerError(
            f"The reader failed on {len(failures)} of {read} articles, so it is broken and not they; the first: {failures[0]}"
        )
    return StageSummary(
        stage="extract",
        rows_in=rows,
        rows_out=rows - len(failures),
        quarantined=len(failures),
        seconds=time.monotonic() - started,
        details={
            "read": read,
            "mentions": sum(r.mentions for r in done),
            "figures": sum(r.figures for r in done),
        },
        messages=tuple(failures[:_MESSAGES]),
    )


def _results(
    work: Path, parts: list[str], workers: int, model: str | None, run_id: str
) -> Iterable[tuple[str, BatchResult]]:
    if workers <= 1 or len(parts) <= 1:
        if parts:
            _load(model)
        for part in parts:
            yield part, extract_batch(work, part, run_id)
        return
    with ProcessPoolExecutor(
        min(workers, len(parts)), mp_context=get_context("spawn"), initializer=_load, initargs=(model,)
    ) as pool:
        futures = {pool.submit(extract_batch, work, part, run_id): part for part in parts}
        for future in as_completed(futures):
            yield futures[future], future.result()
