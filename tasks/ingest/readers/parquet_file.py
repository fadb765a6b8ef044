"""Parquet: one record a row, read batch by batch, only the columns that are asked for."""

from __future__ import annotations

from collections.abc import Iterator

from tasks.ingest.bounded import head_of
from tasks.ingest.records import record_document
from tasks.ingest.settings import FIELDS, IngestSettings
from tasks.ingest.source import Document, Rejected, Source, measure
from tasks.ingest.unpack import random_access

BATCH_ROWS = 200


def read_parquet(source: Source, settings: IngestSettings) -> Iterator[Document | Rejected]:
    """The documents of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not head_of(source, 4):
        yield Rejected(source.uri, "empty_file", f"{source.uri}: the file is empty. Export it again.", size=0)
        return
    position = 0
    try:
        with random_access(source) as stream:
            file = pq.ParquetFile(stream)
            roots = {settings.mapping.get(name, name).split(".")[0] for name in FIELDS}
            roots |= {settings.mapping.get(name, name) for name in FIELDS}
            columns = [name for name in file.schema_arrow.names if name in roots]
            if not columns:
                names = ", ".join(file.schema_arrow.names)[:200]
                reason = f"{source.uri}: no column that we know; it has: {names}. Give a mapping."
                size, digest = measure(source)
                yield Rejected(source.uri, "missing_text", reason, column="content", size=size, sha256=digest)
                return
            for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=columns):
                for record in batch.to_pylist():
                    yield record_document(record, source, position, f"row {position + 1}", settings)
                    position += 1
    except (pa.ArrowException, OSError, ValueError) as error:
        size, digest = measure(source)
        reason = f"{source.uri}: not readable as Parquet after {position} rows ({str(error)[:200]}). Export it again."
        yield Rejected(source.uri, "broken_parquet", reason, record=position or None, size=size, sha256=digest)
