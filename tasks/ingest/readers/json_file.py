"""A JSON file: one record, a list of records, or an object that wraps such a list; read record by record."""

from __future__ import annotations

import codecs
import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from expectations.wording import counted
from tasks.ingest.bounded import Oversize, decode_container, utf8_chunks
from tasks.ingest.readers.json_lines import reject_binary, too_long, what_is_wrong
from tasks.ingest.records import field, kind_of, record_document
from tasks.ingest.settings import IngestSettings
from tasks.ingest.source import Document, Rejected, Source, measure

_OPENING: Final = re.compile(rb'\s*[\[{]\s*[{"]')
_SPACE: Final = re.compile(r"[\s,]*")
_VALUE: Final = re.compile(r'[{\["\d\-tfn]')
_STRUCTURE: Final = re.compile(r'["\\{}\[\]]')


class _Text:
    """The file's text through a window that only moves forward."""

    def __init__(self, stream: BinaryIO) -> None:
        self._chunks = utf8_chunks(stream)
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="strict")
        self._lossy = False
        self.text = ""
        self.at = 0
        self.ended = False

    def more(self, least: int = 1) -> bool:
        """Reads on by at least so many characters; False: the file has ended."""
        pieces: list[str] = [self.text[self.at :]]
        self.at, read = 0, 0
        while read < least and not self.ended:
            chunk = next(self._chunks, None)
            piece = self._decode(chunk)
            self.ended = chunk is None
            pieces.append(piece)
            read += len(piece)
        self.text = "".join(pieces)
        return read > 0

    def _decode(self, chunk: bytes | None) -> str:
        if self._lossy:
            return decode_container(chunk or b"")
        try:
            return self._decoder.decode(chunk or b"", final=chunk is None)
        except UnicodeDecodeError:
            # Not UTF-8 after all: from here on as Windows-1252, as other containers are.
            self._lossy = True
            held = self._decoder.getstate()[0]
            return decode_container(held + (chunk or b""))

    def peek(self) -> str:
        """The next character that is no blank or comma; empty: the end."""
        while True:
            found = _SPACE.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.text) or not self.more():
                return self.text[self.at : self.at + 1]


def read_json(source: Source, settings: IngestSettings) -> Iterator[Document | Rejected]:
    """The documents of a `.json` file; a record that is broken or too large does not stop the ones after it."""
    if rejected := reject_binary(source, lambda head: bool(_OPENING.match(head))):
        yield rejected
        return
    with source.open() as stream:
        text = _Text(stream)
        first = text.peek()
        if first not in ("{", "["):
            size, digest = measure(source)
            reason = f"{source.uri}: not a JSON object or list of objects. Mend the file, or name it for what it is."
            yield Rejected(source.uri, "broken_json", reason, size=size, sha256=digest)
            return
        if first == "[":
            text.at += 1
            yield from _read_list(source, text, settings)
            return
        for value in _values(source, text, settings, 0, "the file"):
            if isinstance(value, Rejected):
                yield value
            else:
                yield from _read_object(source, value, settings)
            break
        # JSON Lines under the name .json: objects one after the other.
        if text.peek() == "{":
            yield from _read_list(source, text, settings, start=1)


def _read_object(source: Source, record: dict[str, Any], settings: IngestSettings) -> Iterator[Document | Rejected]:
    """The document of one object; or those of the one list of objects that it wraps (`{"articles": [...]}`)."""
    has_body = field(record, "text", settings) is not None or field(record, "html", settings) is not None
    lists = [v for v in record.values() if isinstance(v, list) and v and all(isinstance(item, dict) for item in v)]
    if has_body or len(lists) != 1:
        yield record_document(record, source, 0, "the record", settings)
        return
    for position, item in enumerate(lists[0]):
        yield record_document(item, source, position, f"record {position + 1}", settings)


def _read_list(source: Source, text: _Text, settings: IngestSettings, start: int = 0) -> Iterator[Document | Rejected]:
    position = start
    while (following := text.peek()) not in ("", "]"):
        where = f"record {position + 1}"
        if not _VALUE.match(following):
            digest = hashlib.sha256(text.text[text.at :].encode("utf-8", "replace")).hexdigest()
            reason = f"{source.uri}, {where}: not JSON from here on. Mend the file; the records before were read."
            yield Rejected(
                source.uri, "broken_json", reason, position, text.text[text.at : text.at + 200], sha256=digest
            )
            return
        for value in _values(source, text, settings, position, where):
            yield value if isinstance(value, Rejected) else record_document(value, source, position, where, settings)
            break
        position += 1
    if following == "" and start == 0:
        reason = (
            f"{source.uri}: the list breaks off after {counted(position, 'record')}, read so far; fetch the file again."
        )
        yield Rejected(source.uri, "broken_json", reason, record=position)


def _values(
    source: Source, text: _Text, settings: IngestSettings, position: int, where: str
) -> Iterator[dict[str, Any] | Rejected]:
    """The next value of the file, as an object or a rejection; the window then stands after it."""
    decoder = json.JSONDecoder()
    while True:
        try:
            value, text.at = decoder.raw_decode(text.text, text.at)
        except (ValueError, RecursionError) as error:
            held = len(text.text) - text.at
            if held <= settings.max_line_bytes and not text.ended and text.more(max(held, 1)):
                continue
            problem = f"not JSON ({what_is_wrong(error)})"
            passed = _pass_over(text)
        else:
            if isinstance(value, dict):
                yield value
                return
            problem, passed = f"{kind_of(value)}, not an object", Oversize(0, "")
        if passed.size > settings.max_line_bytes:
            yield too_long(source, position, where, passed, settings.max_line_bytes)
        else:
            reason = f"{source.uri}, {where}: {problem}. Mend the record; the others were read."
            size, digest = (passed.size, passed.sha256) if passed.size else (None, None)
            yield Rejected(source.uri, "broken_json", reason, position, size=size, sha256=digest)
        return


def _pass_over(text: _Text) -> Oversize:
    """Steps over a value that could not be read: to where its brackets close, else to the end of the file."""
    digest, size, depth, quoted, escaped = hashlib.sha256(), 0, 0, False, -1
    while True:
        window = text.text
        for mark in _STRUCTURE.finditer(window, text.at):
            sign = mark.group()
            if mark.start() == escaped:
                continue
            if sign == "\\":
                escaped = mark.end() if quoted else -1
            elif sign == '"':
                quoted = not quoted
            elif not quoted:
                depth += 1 if sign in "{[" else -1
            if depth <= 0 and not quoted and sign != "\\":
                piece = window[text.at : mark.end()].encode("utf-8", "replace")
                digest.update(piece)
                text.at = mark.end()
                return Oversize(size + len(piece), digest.hexdigest())
        piece = window[text.at :].encode("utf-8", "replace")
        digest.update(piece)
        size += len(piece)
        carried = escaped == len(window)
        text.at = len(window)
        if not text.more():
            return Oversize(size, digest.hexdigest())
        escaped = 0 if carried else -1
