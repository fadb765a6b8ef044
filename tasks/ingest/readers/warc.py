"""WARC files (Common Crawl News, web archives): one document a saved page, read as a stream."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import redirect_stderr
from typing import TYPE_CHECKING, Any, Final

from tasks.ingest.bounded import head_of, why_not_text
from tasks.ingest.settings import IngestSettings
from tasks.ingest.source import Document, Rejected, Source, measure, mebibytes
from tasks.web import kind_of_answer, redact, stated_charset

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

# The other types (warcinfo, request, metadata, revisit) tell of the crawl and hold no page.
_PAGES: Final = ("response", "resource", "conversion")


def read_warc(source: Source, settings: IngestSettings) -> Iterator[Document | Rejected]:
    """The documents of a WARC: HTML and text pages with their address and the time of the crawl."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    if not head_of(source, 4):
        yield Rejected(source.uri, "empty_file", f"{source.uri}: the file is empty. Fetch it again.", size=0)
        return
    position = -1
    try:
        with source.open() as stream:
            records = ArchiveIterator(stream)
            records.loader = _loader()
            for record in _records(records):
                if record.rec_type in _PAGES:
                    position += 1
                    yield _read_record(record, source, position, settings)
    except (ArchiveLoadFailed, ValueError, OSError) as error:
        if isinstance(error, PermissionError):
            raise
        size, digest = measure(source)
        reason = (
            f"{source.uri}: not readable as WARC after {position + 1} pages ({str(error)[:200]}). They were read; "
            "fetch the file again."
        )
        yield Rejected(source.uri, "broken_warc", reason, record=position + 1, size=size, sha256=digest)


def _loader() -> Any:  # noqa: ANN401 - the library has no types
    """A loader of records that goes on where a response has no address."""
    from warcio.recordloader import ArcWarcRecordLoader

    class Loader(ArcWarcRecordLoader):  # type: ignore[misc]
        def load_http_headers(self, rec_type: str, uri: str | None, *rest: Any) -> Any:  # noqa: ANN401
            return super().load_http_headers(rec_type, uri or "", *rest)

    return Loader(verify_http=False, arc2warc=False)


def _records(records: Iterator[ArcWarcRecord]) -> Iterator[ArcWarcRecord]:
    """The records; what warcio writes to standard error of a broken one (its bytes, raw) is not shown."""
    while True:
        with redirect_stderr(io.StringIO()):
            record = next(records, None)
        if record is None:
            return
        yield record


def _read_record(record: ArcWarcRecord, source: Source, position: int, settings: IngestSettings) -> Document | Rejected:
    url = record.rec_headers.get_header("WARC-Target-URI")
    url = redact(url.strip("<> ")) if url else None
    where = f"{source.uri}, page {position + 1}" + (f" ({url[:200]})" if url else "")
    if url is None and record.rec_type == "response":
        reason = f"{where}: it has no address (WARC-Target-URI), so nobody knows whose page it is; not read."
        return Rejected(source.uri, "broken_warc", reason, record=position)
    headers = record.http_headers
    status = headers.get_statuscode() if headers else None
    content_type = (headers or record.rec_headers).get_header("Content-Type")
    if record.rec_type == "response" and status is not None and status != "200":
        return Rejected(source.uri, "http_status", f"{where}: the server answered {status}.", record=position)
    limit = settings.max_document_bytes
    content = record.content_stream().read(limit + 1)
    if len(content) > limit:
        reason = f"{where}: more than the limit of {mebibytes(limit)} a document. Raise max_document_bytes."
        return Rejected(source.uri, "too_large", reason, record=position)
    if not content.strip():
        return Rejected(source.uri, "empty_file", f"{where}: the page is empty.", record=position, size=len(content))
    kind = kind_of_answer(content_type, content)
    if kind not in ("html", "txt") or (why_not_text(content[:8192]) is not None):
        stated = (content_type or "no type").split(";")[0][:80]
        reason = f"{where}: not a page of text ({stated}); only HTML and text are read from a WARC."
        return Rejected(source.uri, "not_text", reason, record=position, size=len(content))
    return Document(
        uri=source.uri,
        record=position,
        media_type="text/html" if kind == "html" else "text/plain",
        content=content,
        fallback_id=f"{source.stem}#{position}",
        encoding=stated_charset(content_type, content) or ("utf-8" if record.rec_type == "conversion" else None),
        url=url,
        fetched_at=_crawled_at(record.rec_headers.get_header("WARC-Date")),
    )


def _crawled_at(text: str | None) -> dt.datetime | None:
    """The time of the crawl; a time that cannot be read is none."""
    try:
        read = dt.datetime.fromisoformat((text or "").strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    return read.astimezone(dt.UTC) if read.tzinfo else read.replace(tzinfo=dt.UTC)
