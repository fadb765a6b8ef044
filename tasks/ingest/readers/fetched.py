"""What the fetcher kept of a source (`NAME.fetched`): a line a page, its content by hash in the folder beside it."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final

from tasks.ingest.bounded import Oversize, bounded_lines
from tasks.ingest.records import as_text
from tasks.ingest.settings import IngestSettings
from tasks.ingest.source import Document, Rejected, Source
from tasks.web import redact

# One page each; any other name is that of an archive with pages of its own.
_PAGES: Final = ("page.html", "page.txt", "page.pdf", "entry.html")
_SHA256: Final = re.compile(r"[0-9a-f]{64}$")


def read_fetched(source: Source, settings: IngestSettings) -> Iterator[Document | Rejected]:
    """The documents of a source's pages, and the pages that were given up, each under its address."""
    if source.packing is not None:
        reason = f"{source.uri}: a list of fetched pages has no place in an archive; not read."
        yield Rejected(source.uri, "unknown_kind", reason)
        return
    with source.open() as stream:
        for position, line in enumerate(
            bounded_lines(iter(partial(stream.read, 1 << 20), b""), settings.max_line_bytes)
        ):
            try:
                row = None if isinstance(line, Oversize) else json.loads(line)
            except (ValueError, RecursionError):
                row = None
            if not isinstance(row, dict) or not isinstance(row.get("url"), str):
                reason = f"{source.uri}, line {position + 1}: damaged. Delete the file; the next run writes it again."
                yield Rejected(source.uri, "broken_json", reason, record=position)
            else:
                yield from _read_page(row, source, settings)


def _read_page(row: dict[str, Any], source: Source, settings: IngestSettings) -> Iterator[Document | Rejected]:
    from tasks.ingest.reading import read_source

    url = redact(row["url"])
    if "check" in row or not _SHA256.match(str(row.get("sha256"))):
        reason = as_text(row.get("error")) or f"{url}: could not be fetched."
        yield Rejected(url, as_text(row.get("check")) or "not_fetched", reason)
        return
    path = Path(source.uri).parent / "objects" / row["sha256"][:2] / row["sha256"]
    name = str(row.get("name") or "page.html")
    for item in read_source(Source(url, name, partial(_open, path)), settings):
        if isinstance(item, Rejected):
            yield item
        elif name in _PAGES:
            yield replace(
                item,
                url=item.url or url,
                fallback_id=url,
                encoding=item.encoding or as_text(row.get("charset")),
                title=item.title or as_text(row.get("title")),
                published_on=item.published_on or as_text(row.get("published_on")),
                publisher=item.publisher or as_text(row.get("publisher")),
                author=item.author or as_text(row.get("author")),
                fetched_at=_time(row.get("fetched_at")),
            )
        else:
            yield replace(item, publisher=item.publisher or as_text(row.get("publisher")))


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _time(value: object) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
