"""A text or HTML file is one document; a sidecar `NAME.meta.json` can hand metadata over with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from tasks.ingest.bounded import head_of, why_not_text
from tasks.ingest.records import as_text, field, kind_of
from tasks.ingest.settings import IngestSettings
from tasks.ingest.source import Document, Rejected, Source, measure, mebibytes, read_whole

SIDECAR_BYTES: Final = 1024 * 1024
_HTML_HEAD: Final = re.compile(
    rb"^\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html)\b", re.I | re.S
)


def looks_like_html(head: bytes) -> bool:
    """Whether the first bytes are those of an HTML page."""
    return bool(_HTML_HEAD.match(head.replace(b"\0", b"")[:2048].removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")))


def read_text(source: Source, settings: IngestSettings) -> Iterator[Document | Rejected]:
    """The document of a `.txt` file (read as HTML where that is what it holds)."""
    yield from _read(source, settings, "text/html" if looks_like_html(head_of(source)) else "text/plain")


def read_html(source: Source, settings: IngestSettings) -> Iterator[Document | Rejected]:
    """The document of a saved page."""
    yield from _read(source, settings, "text/html")


def _read(source: Source, settings: IngestSettings, media_type: str) -> Iterator[Document | Rejected]:
    limit = settings.max_document_bytes
    with source.open() as stream:
        content = read_whole(stream, limit)
    if problem := _problem(source, content, limit):
        check, reason = problem
        size, digest = measure(source)
        reason = f"{source.uri}: {reason.format(size=mebibytes(size))}"
        yield Rejected(source.uri, check, reason, size=size, sha256=digest)
        return
    handed: Mapping[str, object] = {}
    if source.sidecar is not None:
        loaded = _read_sidecar(source.sidecar)
        if isinstance(loaded, Rejected):
            yield loaded
        else:
            handed = loaded
    encoding = as_text(handed.get("encoding"))
    yield Document(
        uri=source.uri,
        record=0,
        media_type=media_type,
        content=content,
        fallback_id=source.stem,
        given_id=as_text(field(handed, "id", settings)),
        encoding=encoding,
        url=as_text(field(handed, "url", settings)),
        title=as_text(field(handed, "title", settings)),
        published_on=as_text(field(handed, "published_on", settings)),
        publisher=as_text(field(handed, "publisher", settings)),
        author=as_text(field(handed, "author", settings)),
    )


def _problem(source: Source, content: bytes, limit: int) -> tuple[str, str] | None:
    if len(content) > limit:
        return "too_large", (
            f"the file has {{size}}, more than the limit of {mebibytes(limit)} a document. "
            "Split it, or raise max_document_bytes."
        )
    if not content.strip(b" \t\r\n\f\v\0\xef\xbb\xbf\xff\xfe"):
        return "empty_file", "the file is empty. Delete it, or fetch the article again."
    if why := why_not_text(content[:8192]):
        return "not_text", f"not a text file: {why}. Export the article as text or HTML, or remove the file."
    return None


def _read_sidecar(sidecar: Source) -> Mapping[str, object] | Rejected:
    """The metadata in a sidecar; what is wrong with it does not hold the text back."""
    try:
        with sidecar.open() as stream:
            data = stream.read(SIDECAR_BYTES)
        loaded = json.loads(data.decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        reason = (
            f"{sidecar.uri}: not readable as JSON ({error}). Its text was taken in without metadata; mend the file."
        )
        return Rejected(sidecar.uri, "broken_json", reason)
    if not isinstance(loaded, dict):
        reason = f"{sidecar.uri}: holds {kind_of(loaded)}, not an object. Its text was taken in without metadata."
        return Rejected(sidecar.uri, "broken_json", reason)
    return loaded
