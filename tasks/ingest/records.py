"""One record (of JSON, CSV or Parquet) with named fields to a document, or the reason why not."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping

from tasks.ingest.settings import IngestSettings
from tasks.ingest.source import Document, Rejected, Source, mebibytes


def _lookup(record: Mapping[str, object], name: str) -> object:
    """A field of the record; a dotted name steps into nested objects."""
    if name in record:
        return record[name]
    value: object = record
    for step in name.split("."):
        if not isinstance(value, Mapping) or step not in value:
            return None
        value = value[step]
    return value


def field(record: Mapping[str, object], name: str, settings: IngestSettings) -> object:
    """The value of one of our fields, by the mapping."""
    return _lookup(record, settings.mapping.get(name, name))


def as_text(value: object) -> str | None:
    """A metadata value as text; blank and missing ones are None, a list of names is joined."""
    if value is None or isinstance(value, Mapping):
        return None
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return ", ".join(text for item in value if (text := as_text(item))) or None
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return clean_surrogates(str(value)).strip() or None


def clean_surrogates(text: str) -> str:
    """Halves of surrogate pairs (as JSON may escape them), which no encoding can write: joined, or replaced by U+FFFD."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def kind_of(value: object) -> str:
    """What a value of JSON is, for people."""
    if isinstance(value, bool) or value is None:
        return {None: "null", True: "true", False: "false"}[value]
    kinds = {
        "dict": "an object",
        "list": "a list",
        "tuple": "a list",
        "str": "a text",
        "int": "a number",
        "float": "a number",
    }
    return kinds.get(type(value).__name__, "a value of another kind")


def _body(record: Mapping[str, object], settings: IngestSettings) -> tuple[str, bytes] | str:
    """Media type and content of the record, or what is wrong with it."""
    problem = "it has no text"
    for name, media_type in (("text", "text/plain"), ("html", "text/html")):
        value = field(record, name, settings)
        if isinstance(value, (list, tuple)) and value and all(isinstance(item, str) for item in value):
            value = "\n\n".join(value)
        if isinstance(value, bytes) and value.strip():
            return media_type, value
        if isinstance(value, str):
            if value.strip():
                return media_type, clean_surrogates(value).encode("utf-8")
            problem = f"its field {settings.mapping.get(name, name)!r} is blank"
        elif value is not None:
            problem = f"its field {settings.mapping.get(name, name)!r} is {kind_of(value)}, not text"
    return problem


def record_document(
    record: Mapping[str, object], source: Source, position: int, where: str, settings: IngestSettings
) -> Document | Rejected:
    """A document of one record.

    Args:
        record: The fields as read.
        source: The file.
        position: Position of the record in it, from 0.
        where: The same for people, such as `line 3`.
        settings: Mapping and limits.

    Returns:
        The document; a `Rejected` with check `missing_text` or `too_large` where it cannot be one.
    """
    body = _body(record, settings)
    if isinstance(body, str):
        names = ", ".join(sorted(str(name) for name in record))[:200]
        wanted = f"{settings.mapping.get('text', 'text')!r} (or {settings.mapping.get('html', 'html')!r})"
        reason = (
            f"{source.uri}, {where}: {body}. A record needs {wanted}; this one has: {names or 'no fields'}. "
            "If the text goes by another name, give a mapping."
        )
        return Rejected(source.uri, "missing_text", reason, record=position, column="content")
    media_type, content = body
    if len(content) > settings.max_document_bytes:
        reason = (
            f"{source.uri}, {where}: the text has {mebibytes(len(content))}, more than the limit of "
            f"{mebibytes(settings.max_document_bytes)} a document. Split it, or raise max_document_bytes."
        )
        digest = hashlib.sha256(content).hexdigest()
        return Rejected(source.uri, "too_large", reason, record=position, size=len(content), sha256=digest)
    raw = field(record, "text" if media_type == "text/plain" else "html", settings)
    return Document(
        uri=source.uri,
        record=position,
        media_type=media_type,
        content=content,
        fallback_id=f"{source.stem}#{position}",
        given_id=as_text(field(record, "id", settings)),
        encoding=None if isinstance(raw, bytes) else "utf-8",
        url=as_text(field(record, "url", settings)),
        title=as_text(field(record, "title", settings)),
        published_on=as_text(field(record, "published_on", settings)),
        publisher=as_text(field(record, "publisher", settings)),
        author=as_text(field(record, "author", settings)),
    )
