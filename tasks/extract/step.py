"""The extract step: articles → mentions and figures, each read once in its life, batch by batch, in as many processes as wanted."""

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

import pyarrow as pa
import pyarrow.compute as pc

from expectations.errors import ConflictLedgerError
from expectations.storage import part_paths, read_part, write_part
from expectations.summary import StageSummary
from expectations.tables import FIGURES, MENTIONS, QUARANTINE
from tasks.extract.readings import add_readings, find_readings, needed_readings, rows_of, unread_parts
from tasks.store import Store, batch_of, write_cache

if TYPE_CHECKING:
    from tasks.extract.engine import Reader

_COLUMNS: Final = ["article_id", "title", "standfirst", "text", "published_on", "publisher", "flags"]
# From so many articles on, a reader that fails on more than half of them is broken, and not the articles.
_ENOUGH_ARTICLES: Final = 20
_MESSAGES: Final = 100
_ADDRESS: Final = re.compile(r" at 0x[0-9a-f]+")
_reader: Reader | None = None  # of this process, with the pipeline that it was loaded with
_model: str | None = None
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Counts of one batch; `fresh` articles were read now; `failures` says of each that the reader failed on what happened."""

    articles: int
    read: int
    fresh: int
    mentions: int
    figures: int
    failures: tuple[str, ...] = ()


def _load(model: str | None) -> None:
    global _reader, _model
    from tasks.extract.engine import Reader

    if _reader is None or _model != model:
        _reader, _model = Reader(model), model


def read_articles(reader: Reader, rows: Iterable[Row]) -> list[Row]:
    """Rows of the articles table (with the key of each, see `readings`) to rows of readings.

    An article that the reader fails on has a reading without mentions and figures that says why; its neighbours go on.
    """
    from tasks.extract.engine import ArticleText

    rows = list(rows)
    articles = [
        ArticleText(
            row["article_id"], row["title"], row["standfirst"], row["text"], row["published_on"], row["publisher"]
        )
        for row in rows
    ]
    done = []
    for row, article in zip(rows, reader.prepared(articles), strict=True):
        kept: Row = {"key": row["key"], "article_id": row["article_id"], "mentions": [], "figures": [], "failure": None}
        try:
            reading = reader.read(article)
            MENTIONS.from_rows(reading.mentions)  # a value that does not fit its column would stop the whole batch
            FIGURES.from_rows(reading.figures)
        except Exception as error:  # whatever an article holds must not stop its neighbours
            done.append(kept | {"failure": _ADDRESS.sub("", f"{type(error).__name__}: {error}")[:300]})
            continue
        done.append(kept | {"mentions": reading.mentions, "figures": reading.figures})
    return done


def _unreadable(row: Row, what: str, run_id: str) -> Row:
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


def extract_batch(work: Path, part: str, run_id: str, store: Path, rules: str) -> BatchResult:
    """Writes the mentions and figures parts of one part of articles; reads what no run has read by these rules."""
    held = Store(store)
    needed = needed_readings(work / "articles" / part, _COLUMNS)
    known = find_readings(held, rules, batch_of(part), needed)
    missing = [row for row in needed.to_pylist() if row["key"] not in known.keys]
    readings = known.table
    if missing:
        if _reader is None:
            raise ConflictLedgerError(f"{part}: articles to read, but no reader was loaded. This is a bug.")
        readings = add_readings(known, read_articles(_reader, missing))
        # What failed is tried again by the next run.
        write_cache(held.readings(rules, batch_of(part)), readings.filter(pc.is_null(readings["failure"])))
    failures = readings.filter(pc.is_valid(readings["failure"])).select(["article_id", "failure"]).to_pylist()
    mentions, figures = (rows_of(readings, table) for table in (MENTIONS, FIGURES))
    write_part(work / "mentions" / part, MENTIONS, mentions)
    write_part(work / "figures" / part, FIGURES, figures)
    rows = _quarantine(work, part, failures, run_id)
    articles = read_part(work / "articles" / part, ["article_id"]).num_rows
    return BatchResult(articles, needed.num_rows, len(missing), mentions.num_rows, figures.num_rows, tuple(rows))


def _quarantine(work: Path, part: str, failures: list[Row], run_id: str) -> list[str]:
    path = work / "quarantine" / f"extract-{part}"
    path.unlink(missing_ok=True)  # of an earlier try at this batch
    if not failures:
        return []
    what = {row["article_id"]: row["failure"] for row in failures}
    articles = read_part(work / "articles" / part, _COLUMNS)
    failed = articles.filter(pc.is_in(articles["article_id"], pa.array(list(what), pa.string()))).to_pylist()
    rows = [_unreadable(row, what[row["article_id"]], run_id) for row in failed]
    write_part(path, QUARANTINE, rows)
    return [str(row["reason"]) for row in rows]


def extract_mentions(
    work: Path,
    *,
    run_id: str,
    workers: int = 1,
    model: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    store: Path | None = None,
    rules: str = "unversioned",
) -> StageSummary:
    """Reads every article of a work folder that no run has read by the same rules, and writes what is known of all.

    An article that the reader fails on is kept in `articles`, and recorded in quarantine as `unreadable_article`.

    Args:
        work: Folder of the run's tables.
        run_id: The run; it stands in rows of quarantine only.
        workers: Processes; 1, or a single batch, reads in this process.
        model: spaCy pipeline; None: the default.
        progress: Called with (articles done, articles in all) after each batch.
        store: The ledger's store; None: one in the work folder.
        rules: Version of the rules, the lexicon and the model.

    Raises:
        SettingsError: The spaCy pipeline cannot be loaded.
        ConflictLedgerError: The reader failed on every article, or on most of many.
    """
    started = time.monotonic()
    parts = [p.name for p in part_paths(work, "articles")]
    results: dict[str, BatchResult] = {}
    total = sum(read_part(work / "articles" / p, ["article_id"]).num_rows for p in parts)
    for part, result in _results(work, parts, workers, model, (run_id, store or work / "store", rules)):
        results[part] = result
        if progress:
            progress(sum(r.articles for r in results.values()), total)
    done = [results[part] for part in parts]
    failures = [failure for r in done for failure in r.failures]
    news = _news(Store(store or work / "store"), rules, sum(r.fresh for r in done))
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
            "read_now": sum(r.fresh for r in done),
            "mentions": sum(r.mentions for r in done),
            "figures": sum(r.figures for r in done),
        },
        messages=(*news, *failures)[:_MESSAGES],
    )


def _news(store: Store, rules: str, fresh: int) -> list[str]:
    """That articles were read again since the rules are others than those by which the store was filled."""
    others = [path for path in (store.root / "readings").glob("*") if path.is_dir() and path.name != rules]
    return (
        [f"the rules of reading have changed: {fresh} articles were read by them; diff says what that changed"]
        if others and fresh
        else []
    )


def _results(
    work: Path, parts: list[str], workers: int, model: str | None, rest: tuple[str, Path, str]
) -> Iterable[tuple[str, BatchResult]]:
    _, store, rules = rest
    batches = {work / "articles" / part: batch_of(part) for part in parts}
    waiting = [path.name for path in unread_parts(Store(store), rules, batches)]
    if workers <= 1 or len(waiting) <= 1:
        if waiting:
            _load(model)
        for part in parts:
            yield part, extract_batch(work, part, *rest)
        return
    for part in sorted(set(parts) - set(waiting)):
        yield part, extract_batch(work, part, *rest)
    with ProcessPoolExecutor(
        min(workers, len(waiting)), mp_context=get_context("spawn"), initializer=_load, initargs=(model,)
    ) as pool:
        futures = {pool.submit(extract_batch, work, part, *rest): part for part in waiting}
        for future in as_completed(futures):
            yield futures[future], future.result()
