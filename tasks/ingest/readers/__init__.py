"""Which reader reads which source: by suffix, else by content. A new kind of source is one line here and one module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from tasks.ingest.bounded import head_of
from tasks.ingest.readers.csv_file import read_csv, read_tsv
from tasks.ingest.readers.json_file import read_json
from tasks.ingest.readers.json_lines import read_json_lines
from tasks.ingest.readers.parquet_file import read_parquet
from tasks.ingest.readers.text import looks_like_html, read_html, read_text
from tasks.ingest.settings import IngestSettings
from tasks.ingest.source import Document, Rejected, Source

Reader: TypeAlias = Callable[[Source, IngestSettings], Iterator[Document | Rejected]]

READERS: Final[dict[str, Reader]] = {
    ".txt": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".json": read_json,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".csv": read_csv,
    ".tsv": read_tsv,
    ".parquet": read_parquet,
}


def reader_for(source: Source) -> Reader | None:
    """The reader of a source; None: not a known kind."""
    name = source.name.lower()
    suffix = name[name.rfind(".") :] if "." in name.lstrip(".") else ""
    if suffix:
        return READERS.get(suffix)
    head = head_of(source)
    if head.startswith(b"PAR1"):
        return read_parquet
    return read_html if looks_like_html(head) else None
