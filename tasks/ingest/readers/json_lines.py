"""JSON Lines: one record a line; a broken line is held back and the next one is read."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Final

from tasks.ingest.bounded import Oversize, bounded_lines, decode_container, head_of, utf8_chunks, why_not_text
from tasks.ingest.records import kind_of, record_document
from tasks.ingest.settings import IngestSettings
from tasks.ingest.source import Document, Rejected, Source, measure, mebibytes

_RECORD: Final = re.compile(rb'\s*\{\s*"[^\x00-\x1f]*\}\s*$')


def reject_binary(source: Source, is_kind: Callable[[bytes], bool]) -> Rejected | None:
    """The rejection of a file that is not text or is empty; None: it is text, or what it is called all the same.

    Args:
        source: The file.
        is_kind: Whether the first bytes show the kind of file after all, so that binary junk in it is that of a single record.
    """
    head = head_of(source)
    if not head:
        return Rejected(
            source.uri, "empty_file", f"{source.uri}: the file is empty. Delete it, or export it again.", size=0
        )
    if (why := why_not_text(head)) and not is_kind(head):
        size, digest = measure(source)
        reason = f"{source.uri}: not a text file: {why}. Check how it was exported, or remove it."
        return Rejected(source.uri, "not_text", reason, size=size, sha256=digest)
    return None


def what_is_wrong(error: Exception) -> str:
    """A parser's words, without its advice to programmers."""
    return str(error).partition("; use sys.")[0]


def too_long(source: Source, position: int, where: str, line: Oversize, limit: int) -> Rejected:
    """The rejection of a line or record over the limit."""
    reason = (
        f"{source.uri}, {where}: {mebibytes(line.size)} long, more than the limit of {mebibytes(limit)}; passed over unread. "
        "Split it, or raise max_line_bytes."
    )
    return Rejected(source.uri, "too_large", reason, record=position, size=line.size, sha256=line.sha256)


def read_json_lines(source: Source, settings: IngestSettings) -> Iterator[Document | Rejected]:
    """The documents of a `.jsonl` file; records are numbered by line, from 0."""
    if rejected := reject_binary(source, _holds_records):
        yield rejected
        return
    with source.open() as stream:
        for position, line in enumerate(bounded_lines(utf8_chunks(stream), settings.max_line_bytes)):
            where = f"line {position + 1}"
            if isinstance(line, Oversize):
                yield too_long(source, position, where, line, settings.max_line_bytes)
            elif line.strip():
                yield _read_line(source, position, where, line, settings)


def _holds_records(head: bytes) -> bool:
    """Whether one of the first lines is a record, whatever the others are."""
    return any(_RECORD.match(line) for line in head.split(b"\n"))


def _read_line(source: Source, position: int, where: str, line: bytes, settings: IngestSettings) -> Document | Rejected:
    try:
        record = json.loads(decode_container(line))
        problem = None if isinstance(record, dict) else f"the line is {kind_of(record)}, not an object"
    except (ValueError, RecursionError) as error:
        record, problem = None, f"not JSON ({what_is_wrong(error)})"
    if problem is not None:
        reason = f"{source.uri}, {where}: {problem}. Mend the line; the other lines were read."
        value = decode_container(line[:200])
        digest = hashlib.sha256(line).hexdigest()
        return Rejected(source.uri, "broken_json", reason, position, value, size=len(line), sha256=digest)
    return record_document(record, source, position, where, settings)
