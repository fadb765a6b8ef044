"""The stage: `documents` parts to `articles` parts, batch by batch, then copies marked across all of them."""

from __future__ import annotations

import functools
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from expectations.storage import part_paths, read_part, write_part
from expectations.summary import StageSummary
from expectations.tables import ARTICLES, QUARANTINE
from tasks.clean.duplicates import Entry, find_duplicates
from tasks.clean.workers import cleaners

CACHED_PARTS = 64


def clean_documents(work: Path, *, run_id: str, workers: int = 1) -> StageSummary:
    """Writes `<work>/articles`; a part has the number of the documents part it comes from.

    A document whose article is there already (the same address) is recorded in `quarantine` as `duplicate_article`; an
    exact or near copy under an address of its own stays, with `duplicate_of`.

    Args:
        work: The run's work folder.
        run_id: The run.
        workers: Processes; the tables do not depend on it.

    Raises:
        TableError: A documents part is not readable.
    """
    started = time.perf_counter()
    for stale in (*(work / "articles").glob("*.parquet"), *(work / "quarantine").glob("clean-*.parquet")):
        stale.unlink()
    first_of: dict[str, str] = {}
    part_of: dict[str, Path] = {}
    entries: list[Entry] = []
    repeated: list[dict[str, object]] = []
    failed: list[dict[str, object]] = []
    flags: Counter[str] = Counter()
    rows_in = 0
    sources = part_paths(work, "documents")
    with cleaners(sum(pq.read_metadata(path).num_rows for path in sources) if workers > 1 else 0, workers) as clean_all:
        for source in sources:
            rows: list[dict[str, object]] = []
            target = work / "articles" / source.name
            for document, row, sketch in clean_all(_documents(source)):
                rows_in += 1
                place = f"{document['source_uri']}#{document['record']}"
                if isinstance(row, str):
                    failed.append(_failed(document, place, row, run_id))
                    continue
                name = str(row["article_id"])
                if name in first_of:
                    repeated.append(_repeated(document, row, place, first_of[name], run_id))
                    continue
                first_of[name], part_of[name] = place, target
                entries.append(Entry(name, row["published_on"], sketch))  # type: ignore[arg-type]
                flags.update(row["flags"])  # type: ignore[call-overload]
                rows.append(row)
            write_part(target, ARTICLES, rows)
    copies = _mark_copies(entries, part_of)
    if held := repeated + failed:
        write_part(work / "quarantine" / "clean-00000.parquet", QUARANTINE, held)
    return StageSummary(
        stage="clean",
        rows_in=rows_in,
        rows_out=len(entries),
        quarantined=len(failed),
        duplicates=len(repeated),
        seconds=time.perf_counter() - started,
        details={"marked_duplicates": copies, **{flag: flags[flag] for flag in sorted(flags)}},
        messages=tuple(str(row["reason"]) for row in (failed + repeated)[:100]),
    )


def _documents(part: Path) -> Iterator[dict[str, Any]]:
    for batch in read_part(part).to_batches(max_chunksize=50):
        yield from batch.to_pylist()


def _repeated(
    document: dict[str, Any], row: dict[str, object], place: str, first: str, run_id: str
) -> dict[str, object]:
    held = {name: row[name] for name in ("article_id", "source_id", "url", "title", "content_hash")}
    where = place.removesuffix("#0")
    return {
        "run_id": run_id,
        "stage": "clean",
        "table": "articles",
        "row_key": place,
        "check": "duplicate_article",
        "column": "article_id",
        "value": row["article_id"],
        "reason": f"{where}: the same article (address) as {first.removesuffix('#0')}, which was kept.",
        "row": json.dumps({**held, "size": len(document["content"])}, ensure_ascii=False, sort_keys=True),
    }


def _failed(document: dict[str, Any], place: str, what: str, run_id: str) -> dict[str, object]:
    held = {name: document[name] for name in ("document_id", "source_id", "url", "title", "content_hash")}
    return {
        "run_id": run_id,
        "stage": "clean",
        "table": "articles",
        "row_key": place,
        "check": "unreadable_document",
        "column": "",
        "value": what,
        "reason": f"{place.removesuffix('#0')}: cannot be made an article ({what}). Look at the source, and report it.",
        "row": json.dumps({**held, "size": len(document["content"])}, ensure_ascii=False, sort_keys=True),
    }


def _mark_copies(entries: list[Entry], part_of: dict[str, Path]) -> int:
    """Sets `duplicate_of` and `duplicate_similarity` in the parts that hold copies; returns how many there are."""

    @functools.lru_cache(maxsize=CACHED_PARTS)
    def texts(part: Path) -> dict[str, str]:
        table = read_part(part, ["article_id", "text"])
        return dict(zip(table["article_id"].to_pylist(), table["text"].to_pylist(), strict=True))

    copies = find_duplicates(entries, lambda name: texts(part_of[name])[name])
    for part in sorted({part_of[name] for name in copies}):
        rows = read_part(part).to_pylist()
        for row in rows:
            if found := copies.get(row["article_id"]):
                row["duplicate_of"], row["duplicate_similarity"] = found
        write_part(part, ARTICLES, rows)
    return len(copies)
