"""Many small batches become few: a ledger that takes in a handful of articles a day is to cost no more than one filled at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from expectations.storage import read_part, write_part
from expectations.tables import DOCUMENTS
from tasks.ingest.intake import Intake
from tasks.ingest.settings import IngestSettings
from tasks.store import Store, write_cache

# So many small batches are borne: each is joined with others once in a while, and not in every run.
SMALL_BATCHES: Final = 20


def batch_name(documents: Iterable[tuple[str, str]]) -> str:
    """The name of the batch that holds these documents, each with its id and hash."""
    return hashlib.sha256("\n".join(sorted(f"{name} {sha}" for name, sha in documents)).encode()).hexdigest()[:16]


def compact(intake: Intake, store: Store, settings: IngestSettings) -> Intake:
    """The same intake, its small batches joined where there are many; what stages made of them is joined as well."""
    moved: dict[str, str] = {}
    small = _small_batches(intake, store, settings)
    for group in _groups(small, settings) if len(small) > SMALL_BATCHES else ():
        joined = _join(group, intake, store)
        moved.update(dict.fromkeys(group, joined))
    if not moved:
        return intake
    batches = [moved.get(name, name) for name in intake.documents["batch"].to_pylist()]
    position = intake.documents.schema.get_field_index("batch")
    documents = intake.documents.set_column(
        position, intake.documents.schema.field(position), pa.array(batches, pa.string())
    )
    return Intake(intake.sources, documents, intake.rejected)


def _small_batches(intake: Intake, store: Store, settings: IngestSettings) -> list[tuple[str, int, int]]:
    """(batch, documents, bytes) of those less than half full, in a fixed order."""
    sums = intake.documents.group_by("batch").aggregate([("size", "count"), ("size", "sum")])
    found = zip(*(sums[name].to_pylist() for name in ("batch", "size_count", "size_sum")), strict=True)
    return sorted(
        (batch, number, size)
        for batch, number, size in found
        if 2 * number < settings.batch_documents
        and 2 * size < settings.batch_bytes
        and store.documents(batch).is_file()
    )


def _groups(small: Sequence[tuple[str, int, int]], settings: IngestSettings) -> Iterator[list[str]]:
    """Batches that together fill one."""
    held: list[str] = []
    documents = size = 0
    for batch, number, length in small:
        if held and (documents + number > settings.batch_documents or size + length > settings.batch_bytes):
            yield held
            held, documents, size = [], 0, 0
        held.append(batch)
        documents, size = documents + number, size + length
    if len(held) > 1:
        yield held


def _join(batches: Sequence[str], intake: Intake, store: Store) -> str:
    """Writes one batch for several; returns its name."""
    here = intake.documents.filter(pc.is_in(intake.documents["batch"], pa.array(batches, pa.string())))
    wanted = set(zip(here["document_id"].to_pylist(), here["content_hash"].to_pylist(), strict=True))
    rows = pa.concat_tables([read_part(store.documents(batch)) for batch in batches])
    names = list(zip(rows["document_id"].to_pylist(), rows["content_hash"].to_pylist(), strict=True))
    first = {name: at for at, name in reversed(list(enumerate(names))) if name in wanted}
    rows = rows.take(sorted(first.values()))
    joined = batch_name(first)
    for folder, key in (("cleaned", "document_id"), ("readings", "key")):
        for version in sorted((store.root / folder).glob("*")):
            paths = [path for batch in batches if (path := version / f"{batch}.parquet").is_file()]
            if paths and (known := _together(paths, key)) is not None:
                write_cache(version / f"{joined}.parquet", known)
    if not store.documents(joined).is_file():
        order = [(column, "ascending") for column in DOCUMENTS.order_by]
        write_part(store.documents(joined), DOCUMENTS, rows.sort_by(order) if order else rows)
    return joined


def _together(paths: Sequence[Path], key: str) -> pa.Table | None:
    """The rows of several files without those whose key stands twice, which are made again; None where their shapes differ."""
    tables = [read_part(path) for path in paths]
    if any(not table.schema.equals(tables[0].schema) for table in tables):
        return None
    rows = pa.concat_tables(tables)
    counts = pc.value_counts(rows[key])
    once = counts.field("values").filter(pc.equal(counts.field("counts"), 1))
    return rows.filter(pc.is_in(rows[key], value_set=once)).combine_chunks()
