"""The stage: `documents` parts to `articles` parts, each document cleaned once in its life; then copies marked across all of them."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from expectations.storage import part_paths, read_part, write_part
from expectations.summary import StageSummary
from expectations.tables import ARTICLES, QUARANTINE
from tasks.clean.duplicates import Entry, bands_of, find_duplicates
from tasks.clean.workers import CHUNK, KEPT, WORTH_A_PROCESS, clean_chunk
from tasks.fan_out import fan_out
from tasks.store import Store, batch_of, read_cache, write_cache

REMOVED = "source_removed"
Row = dict[str, Any]


@dataclass(slots=True)
class _Batch:
    """One part: where its cleaned documents are, and which of them are articles."""

    part: Path
    cleaned: Path
    documents: pa.Array
    articles: list[str] = field(default_factory=list)  # document ids


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What is held of each cleaned document while all are compared."""

    batch: _Batch
    # The order in which documents of one address count; ends with the document's id.
    rank: tuple[bool, float, str, int, str]
    article_id: str | None  # None: no article came of it
    published_on: dt.date | None
    bands: npt.NDArray[np.uint64] | None


def clean_documents(
    work: Path,
    *,
    run_id: str,
    workers: int = 1,
    dask_address: str | None = None,
    store: Path | None = None,
    rules: str = "",
) -> StageSummary:
    """Writes `<work>/articles`; a part has the number of the documents part it comes from.

    Of several documents of one address the one that was fetched last counts, else the first by name; the others are recorded
    in `quarantine` as `duplicate_article`. An exact or near copy under an address of its own stays, with `duplicate_of`.

    Args:
        work: The run's work folder.
        run_id: The run.
        workers: Processes; the tables do not depend on it.
        dask_address: A Dask scheduler whose workers clean, or `local`; see `tasks.fan_out`.
        store: The ledger's store; None: one in the work folder.
        rules: Version of the rules of cleaning; documents cleaned by the same version are not cleaned again.

    Raises:
        TableError: A documents part is not readable.
        SettingsError: The Dask cluster cannot be used.
    """
    started = time.perf_counter()
    for stale in (*(work / "articles").glob("*.parquet"), *(work / "quarantine").glob("clean-*.parquet")):
        stale.unlink()
    held = Store(store or work / "store")
    batches = [
        _Batch(part, held.cleaned(rules, batch_of(part.name)), read_part(part, ["document_id"])["document_id"])
        for part in part_paths(work, "documents")
    ]
    cleaned = _clean_missing(batches, held, workers, dask_address)
    compared = [one for batch in batches for one in _candidates(batch)]
    compared.sort(key=lambda one: one.rank)
    first_of, quarantined, failures = _choose(compared, run_id)
    entries = [Entry(name, one.published_on, one.bands) for name, one in first_of.items()]
    copies = find_duplicates(entries, lambda names: _texts(first_of[name] for name in names))
    gone = _removed_documents(work)
    flags: Counter[str] = Counter()
    for batch in batches:
        flags.update(_write_articles(work, batch, copies, gone))
    if quarantined:
        write_part(work / "quarantine" / "clean-00000.parquet", QUARANTINE, quarantined)
    return StageSummary(
        stage="clean",
        rows_in=len(compared),
        rows_out=len(entries),
        quarantined=failures,
        duplicates=len(quarantined) - failures,
        seconds=time.perf_counter() - started,
        details={
            "cleaned": cleaned,
            "marked_duplicates": len(copies),
            **{flag: flags[flag] for flag in sorted(flags) if flags[flag]},
        },
        messages=tuple(str(row["reason"]) for row in quarantined[:100]),
    )


def _choose(compared: list[_Candidate], run_id: str) -> tuple[dict[str, _Candidate], list[Row], int]:
    """Of each address the document that counts, noted in its batch; rows of quarantine for all others; how many of them failed."""
    first_of: dict[str, _Candidate] = {}
    quarantined: list[Row] = []
    failures = 0
    rows = functools.lru_cache(maxsize=4)(_whole_rows)
    for one in compared:
        if one.article_id is None:
            failures += 1
            quarantined.append(_failed(rows(one.batch.cleaned)[one.rank[-1]], run_id))
        elif one.article_id in first_of:
            first = first_of[one.article_id].rank
            row = rows(one.batch.cleaned)[one.rank[-1]]
            quarantined.append(_repeated(row, f"{first[2]}#{first[3]}", run_id))
        else:
            first_of[one.article_id] = one
            one.batch.articles.append(one.rank[-1])
    return first_of, quarantined, failures


def _candidates(batch: _Batch) -> Iterator[_Candidate]:
    """The cleaned documents of a batch that are in the ledger."""
    rows = _rows_of(batch, ["document_id", "record", "place", "fetched_at", "article_id", "published_on", "signature"])
    sketches = rows["signature"].to_pylist()
    rows = rows.drop_columns(["signature"])
    columns = (rows[name].to_pylist() for name in rows.column_names)
    for document, record, place, fetched, article, published, bands in zip(*columns, _bands(sketches), strict=True):
        when = 0.0 if fetched is None else -fetched.timestamp()
        rank = fetched is None, when, sys.intern(place.rsplit("#", 1)[0]), record, document
        yield _Candidate(batch, rank, article, published, bands)


def _bands(sketches: list[bytes | None]) -> Iterator[npt.NDArray[np.uint64] | None]:
    there = [np.frombuffer(sketch, dtype=np.uint32) for sketch in sketches if sketch is not None]
    hashed = iter(bands_of(np.stack(there)) if there else ())
    return (None if sketch is None else next(hashed) for sketch in sketches)


def _whole_rows(path: Path) -> dict[str, Row]:
    """Everything but the texts of a batch, by document."""
    rows = read_part(path, [name for name in KEPT.names if name not in ("text", "signature")])
    return {row["document_id"]: row for row in rows.to_pylist()}


def _clean_missing(batches: list[_Batch], store: Store, workers: int, dask_address: str | None) -> int:
    """Clean the documents that have not been cleaned by these rules yet, and keep the results; returns how many."""
    missing: dict[Path, tuple[_Batch, frozenset[str]]] = {}
    for batch in batches:
        known = read_cache(batch.cleaned, KEPT, ["document_id"])
        done = set() if known is None else set(known["document_id"].to_pylist())
        if left := frozenset(batch.documents.to_pylist()) - done:
            missing[batch.part] = batch, left
    number = sum(len(names) for _, names in missing.values())
    few = number < WORTH_A_PROCESS
    chunks = (chunk for batch, names in missing.values() for chunk in _chunks(batch.part, names))
    with fan_out(1 if few else workers, None if few else dask_address) as workforce:
        for part, tables in itertools.groupby(workforce.map(clean_chunk, chunks), key=itemgetter(0)):
            fresh = [table for _, table in tables]
            cleaned = missing[part][0].cleaned
            known = read_cache(cleaned, KEPT)
            write_cache(cleaned, pa.concat_tables([*([] if known is None else [known]), *fresh]).combine_chunks())
    return number


def _chunks(part: Path, names: frozenset[str]) -> Iterator[tuple[Path, list[Row]]]:
    """Those documents of a part, some at a time."""
    documents = (document for document in _documents(part) if document["document_id"] in names)
    while chunk := list(itertools.islice(documents, CHUNK)):
        yield part, chunk


def _documents(part: Path) -> Iterator[Row]:
    for batch in read_part(part).to_batches(max_chunksize=50):
        yield from batch.to_pylist()


def _rows_of(batch: _Batch, columns: list[str]) -> pa.Table:
    """Columns of the cleaned documents that are in the ledger."""
    rows = read_part(batch.cleaned, columns)
    return rows.filter(pc.is_in(rows["document_id"], batch.documents.combine_chunks()))


def _texts(candidates: Iterable[_Candidate]) -> Iterator[tuple[str, str]]:
    """Article ids and texts, batch by batch."""
    wanted: dict[Path, list[str]] = {}
    for one in candidates:
        wanted.setdefault(one.batch.cleaned, []).append(one.rank[-1])
    for path, documents in sorted(wanted.items()):
        table = read_part(path, ["document_id", "article_id", "text"])
        table = table.filter(pc.is_in(table["document_id"], pa.array(documents, pa.string())))
        yield from zip(table["article_id"].to_pylist(), table["text"].to_pylist(), strict=True)


def _removed_documents(work: Path) -> frozenset[str]:
    """Documents whose source is no longer there."""
    folder = work / "intake"
    if not (folder / "sources.parquet").is_file():
        return frozenset()
    sources = read_part(folder / "sources.parquet", ["source", "removed"])
    gone = sources.filter(sources["removed"])["source"]
    if not len(gone):
        return frozenset()
    documents = read_part(folder / "documents.parquet", ["source", "document_id"])
    return frozenset(documents.filter(pc.is_in(documents["source"], gone.combine_chunks()))["document_id"].to_pylist())


def _write_articles(
    work: Path, batch: _Batch, copies: dict[str, tuple[str, float]], gone: frozenset[str]
) -> Counter[str]:
    """The articles part of a batch; returns how many of its articles have each flag."""
    rows = read_part(batch.cleaned)
    rows = rows.filter(pc.is_in(rows["document_id"], pa.array(batch.articles, pa.string())))
    originals = [copies.get(name, (None, None)) for name in rows["article_id"].to_pylist()]
    lost = [name in gone for name in rows["document_id"].to_pylist()]
    columns = {name: rows[name] for name in ARTICLES.names}
    schema = ARTICLES.arrow_schema()
    columns["duplicate_of"] = pa.array([found for found, _ in originals], pa.string())
    columns["duplicate_similarity"] = pa.array([found for _, found in originals], pa.float64())
    if any(lost):
        flags = zip(rows["flags"].to_pylist(), lost, strict=True)
        columns["flags"] = pa.array(
            [[*flags, REMOVED] if is_lost else flags for flags, is_lost in flags], schema.field("flags").type
        )
    table = pa.table([columns[name] for name in schema.names], schema=schema)
    order = [(name, "ascending") for name in ARTICLES.order_by]
    write_part(work / "articles" / batch.part.name, ARTICLES, table.sort_by(order) if table.num_rows else table)
    return Counter(flag for flags in table["flags"].to_pylist() for flag in flags)


def _repeated(row: Row, first: str, run_id: str) -> Row:
    held = {name: row[name] for name in ("article_id", "source_id", "url", "title", "content_hash", "size")}
    return {
        "run_id": run_id,
        "stage": "clean",
        "table": "articles",
        "row_key": row["place"],
        "check": "duplicate_article",
        "column": "article_id",
        "value": row["article_id"],
        "reason": f"{row['place'].removesuffix('#0')}: the same article (address) as {first.removesuffix('#0')}, which was kept.",
        "row": json.dumps(held, ensure_ascii=False, sort_keys=True),
    }


def _failed(row: Row, run_id: str) -> Row:
    what = row["failure"]
    return {
        "run_id": run_id,
        "stage": "clean",
        "table": "articles",
        "row_key": row["place"],
        "check": "unreadable_document",
        "column": "",
        "value": what,
        "reason": f"{row['place'].removesuffix('#0')}: cannot be made an article ({what}). Look at the source, and report it.",
        "row": row["held"],
    }
