"""Which reader reads which source: by suffix, else by content. A new kind of source is one line here and one module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from tasks.ingest.bounded import head_of
from tasks.ingest.readers.csv_file import read_csv, read_tsv
from tasks.ingest.readers.feed import read_feed
from tasks.ingest.readers.fetched import read_fetched
from tasks.ingest.readers.json_file import read_json
from tasks.ingest.readers.json_lines import read_json_lines
from tasks.ingest.readers.packed import read_compressed, read_tar, read_zip
from tasks.ingest.readers.parquet_file import read_parquet
from tasks.ingest.readers.pdf import read_pdf
from tasks.ingest.readers.text import looks_like_html, read_html, read_text
from tasks.ingest.readers.warc import read_warc
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
    ".rss": read_feed,
    ".atom": read_feed,
    ".xml": read_feed,
    ".warc": read_warc,
    ".wet": read_warc,
    ".pdf": read_pdf,
    ".fetched": read_fetched,
    ".zip": read_zip,
    ".tar": read_tar,
    **dict.fromkeys((".gz", ".tgz", ".bz2", ".tbz2", ".xz", ".txz", ".zst"), read_compressed),
}
# What tells a source without a suffix.
_MAGIC: Final = (
    (b"PAR1", read_parquet),
    (b"%PDF", read_pdf),
    (b"WARC/", read_warc),
    (b"PK\x03\x04", read_zip),
    (b"\x1f\x8b", read_compressed),
    (b"<?xml", read_feed),
    (b"<rss", read_feed),
)


def reader_for(source: Source) -> Reader | None:
    """The reader of a source; None: not a known kind."""
    name = source.name.lower()
    suffix = name[name.rfind(".") :] if "." in name.lstrip(".") else ""
    if suffix:
        return READERS.get(suffix)
    head = head_of(source)
    if looks_like_html(head):
        return read_html
    return next((reader for magic, reader in _MAGIC if head.startswith(magic)), None)
