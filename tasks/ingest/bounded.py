"""Bytes of a source to lines of text, never holding more than the limit of one line in memory."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from tasks.ingest.source import CHUNK, Source, read_chunks

WIDE_BOMS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Control characters that no text file has; tab, line feed, form feed, carriage return, escape (0x1b) and 0x85 may occur.
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MAGIC: Final = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive (or an Office document)"),
    (b"\x1f\x8b", "gzip-compressed"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PAR1", "a Parquet table"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x7fELF", "a program"),
)


@dataclass(frozen=True, slots=True)
class Oversize:
    """A line that was longer than the limit and was passed over, unread."""

    size: int
    sha256: str


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32, where the bytes open with its byte order mark."""
    return next((name for bom, name in WIDE_BOMS if head.startswith(bom)), None)


def why_not_text(head: bytes) -> str | None:
    """What the first bytes show the file to be, where that is not text; None: text, as far as they show."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return f"it is {kind}"
    if not head or wide_encoding(head):
        return None
    # One stray control character (a form feed gone wrong) is no proof; text in UTF-16 without a mark is half NULs.
    if len(_CONTROL.findall(head)) > max(2, len(head) // 100):
        return "it holds binary data"
    return None


def utf8_chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The stream's bytes, recoded to UTF-8 where it opens with a UTF-16 or UTF-32 mark; a UTF-8 mark is dropped."""
    head = stream.read(4)
    if encoding := wide_encoding(head):
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        yield decoder.decode(head).encode("utf-8", "replace")
        for chunk in read_chunks(stream):
            yield decoder.decode(chunk).encode("utf-8", "replace")
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")
        return
    yield head.removeprefix(codecs.BOM_UTF8)
    yield from read_chunks(stream)


def bounded_lines(chunks: Iterable[bytes], limit: int) -> Iterator[bytes | Oversize]:
    """Lines without their line end; one longer than `limit` bytes comes as `Oversize`, and the next one is read on."""
    held = bytearray()
    passing: hashlib._Hash | None = None
    passed = 0
    for chunk in chunks:
        start = 0
        while True:
            end = chunk.find(b"\n", start)
            piece = chunk[start:] if end < 0 else chunk[start:end]
            if passing is None:
                held += piece
                if len(held) > limit:
                    passing, passed = hashlib.sha256(held), len(held)
                    held = bytearray()
            else:
                passing.update(piece)
                passed += len(piece)
            if end < 0:
                break
            if passing is None:
                yield bytes(held).rstrip(b"\r")
                held = bytearray()
            else:
                yield Oversize(passed, passing.hexdigest())
                passing = None
            start = end + 1
    if passing is not None:
        yield Oversize(passed, passing.hexdigest())
    elif held:
        yield bytes(held).rstrip(b"\r")


def decode_container(data: bytes) -> str:
    """Text of a container's line: UTF-8 as the formats ask, else Windows-1252, which decodes what UTF-8 cannot."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError:
            return data.decode("latin-1")


def head_of(source: Source, size: int = 8192) -> bytes:
    """The first bytes of a source."""
    with source.open() as stream:
        return stream.read(min(size, CHUNK))
