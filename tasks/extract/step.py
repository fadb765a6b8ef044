"""The extract step: articles → mentions and figures, each read once in its life, by as many workers as wanted."""

from __future__ import annotations

import gc
import itertools
import json
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from expectations.errors import ConflictLedgerError, SettingsError
from expectations.storage import part_paths, read_part, write_part
from expectations.summary import StageSummary
from expectations.tables import FIGURES, MENTIONS, QUARANTINE
from tasks.extract.readings import (
    READINGS,
    find_readings,
    gazetteers,
    needed_readings,
    rows_of,
    unread_parts,
)
from tasks.fan_out import fan_out
from tasks.imports import uncollected
from tasks.store import Store, batch_of, write_cache

if TYPE_CHECKING:
    from tasks.extract.engine import Reader

_COLUMNS: Final = ["article_id", "title", "standfirst", "text", "published_on", "publisher", "flags"]
# From so many articles on, a reader that fails on more than half of them is broken, and not the articles.
_ENOUGH_ARTICLES: Final = 20
_MESSAGES: Final = 100
# What a worker reads at a time: a second or so of work, so that none is idle for long at the end and little is lost with one.
CHUNK: Final = 50
# Fewer articles than this are read before another process has started.
WORTH_A_PROCESS: Final = 150
# Made between two searches for garbage; Python's own 700 cost a twentieth of the reading.
_NEW_OBJECTS: Final = 20_000
_ADDRESS: Final = re.compile(r" at 0x[0-9a-f]+")
_reader: Reader | None = None  # of this process, with the pipeline that it was loaded with
_model: str | None = None
_settled = False
_reading = threading.RLock()  # a worker of a cluster may have several threads; a reader reads one article at a time
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


def load_reader(model: str | None) -> Reader:
    """The reader of this process, loaded where it is not there yet."""
    global _reader, _model
    from tasks.extract.engine import Reader

    with _reading:
        if _reader is None or _model != model:
            with uncollected():
                _reader, _model = Reader(model), model
        return _reader


def settle() -> None:
    """Takes what is loaded for good by now out of Python's search for garbage, which looks through all of it again and again.

    Words of a sentence point to each other, so that search alone frees them; but some articles at a time will do.
    """
    global _settled
    if not _settled:
        gc.collect()
        gc.freeze()
        gc.set_threshold(_NEW_OBJECTS)
        _settled = True


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


def read_chunk(model: str | None, own: list[str], chunk: tuple[str, list[Row]]) -> tuple[str, pa.Table]:
    """What a worker does: the name of a part and some of its articles (with keys) to that name and their readings.

    Args:
        model: spaCy pipeline; None: the default.
        own: Hashes of the user's gazetteers, which must be the same for all workers.
        chunk: The name of the part, and rows of articles.
    """
    part, rows = chunk
    if gazetteers() != own:
        raise SettingsError(
            "a worker finds other gazetteers under CONFLICT_LEDGER_GAZETTEER than the run that it works for: give it the same."
        )
    with _reading:
        readings = pa.Table.from_pylist(read_articles(load_reader(model), rows), READINGS)
        settle()
        return part, readings


def write_batch(work: Path, part: str, run_id: str, store: Store, rules: str, fresh: pa.Table) -> BatchResult:
    """Writes the mentions and figures parts of one part of articles, from what is known of them and what was read now."""
    needed = needed_readings(work / "articles" / part, _COLUMNS)
    known = find_readings(store, rules, batch_of(part), needed)
    readings = pa.concat_tables([known.table, fresh])
    if fresh.num_rows:
        # What failed is tried again by the next run.
        write_cache(store.readings(rules, batch_of(part)), readings.filter(pc.is_null(readings["failure"])))
    failures = readings.filter(pc.is_valid(readings["failure"])).select(["article_id", "failure"]).to_pylist()
    mentions, figures = (rows_of(readings, table) for table in (MENTIONS, FIGURES))
    write_part(work / "mentions" / part, MENTIONS, mentions)
    write_part(work / "figures" / part, FIGURES, figures)
    rows = _quarantine(work, part, failures, run_id)
    articles = read_part(work / "articles" / part, ["article_id"]).num_rows
    return BatchResult(articles, needed.num_rows, fresh.num_rows, mentions.num_rows, figures.num_rows, tuple(rows))


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
    dask_address: str | None = None,
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
        workers: Processes; 1, or few articles: this process. The tables do not depend on it.
        dask_address: A Dask scheduler whose workers read, or `local`; see `tasks.fan_out`.
        model: spaCy pipeline; None: the default.
        progress: Called with (articles done, articles in all), again and again.
        store: The ledger's store; None: one in the work folder.
        rules: Version of the rules, the lexicon and the model.

    Raises:
        SettingsError: The spaCy pipeline cannot be loaded, or the Dask cluster cannot be used.
        ConflictLedgerError: The reader failed on every article, or on most of many.
    """
    started = time.monotonic()
    held = Store(store or work / "store")
    parts = part_paths(work, "articles")
    sizes = {p.name: read_part(p, ["article_id"]).num_rows for p in parts}
    bar = _Progress(progress, sum(sizes.values()))
    waiting = [p.name for p in unread_parts(held, rules, {p: batch_of(p.name) for p in parts})]
    few = sum(sizes[part] for part in waiting) < WORTH_A_PROCESS
    done: list[BatchResult] = []

    def finish(part: str, fresh: list[pa.Table]) -> None:
        done.append(write_batch(work, part, run_id, held, rules, pa.concat_tables([READINGS.empty_table(), *fresh])))
        bar.add(sizes[part] - sum(table.num_rows for table in fresh))

    for part in [part for part in sizes if part not in set(waiting)]:
        finish(part, [])
    chunks = (chunk for part in waiting for chunk in _chunks(work / "articles" / part, held, rules))
    with fan_out(1 if few else workers, None if few else dask_address) as workforce:
        read_now = workforce.map(partial(read_chunk, model, gazetteers()), chunks)
        for part, tables in itertools.groupby(read_now, key=itemgetter(0)):
            finish(part, [bar.seen(table) for _, table in tables])
    return _summary(done, _news(held, rules, sum(r.fresh for r in done)), time.monotonic() - started)


@dataclass(slots=True)
class _Progress:
    """Tells how many articles are done."""

    tell: Callable[[int, int], None] | None
    total: int
    done: int = 0

    def add(self, articles: int) -> None:
        self.done += articles
        if self.tell and articles:
            self.tell(self.done, self.total)

    def seen(self, table: pa.Table) -> pa.Table:
        self.add(table.num_rows)
        return table


def _summary(done: list[BatchResult], news: list[str], seconds: float) -> StageSummary:
    """What is told of the stage.

    Raises:
        ConflictLedgerError: The reader failed on every article, or on most of many.
    """
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
        seconds=seconds,
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


def _chunks(articles: Path, store: Store, rules: str) -> Iterator[tuple[str, list[Row]]]:
    """What is to be read of a part, some articles at a time."""
    needed = needed_readings(articles, _COLUMNS)
    known = find_readings(store, rules, batch_of(articles.name), needed).keys
    missing = [row for row in needed.to_pylist() if row["key"] not in known]
    for start in range(0, max(1, len(missing)), CHUNK):
        yield articles.name, missing[start : start + CHUNK]
