"""The plain values of ingest: a source that can be opened, and the documents or rejections that a reader makes of it."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final

CHUNK: Final = 1024 * 1024


@dataclass(slots=True)
class Packing:
    """What the members of one archive share: what has been unpacked of it already.

    Attributes:
        depth: Layers of packing around the member.
        spent: Bytes and members so far, in a list that all layers of one archive share.
    """

    depth: int
    spent: list[int]

    def inner(self) -> Packing:
        """The same one layer further in."""
        return Packing(self.depth + 1, self.spent)


@dataclass(frozen=True, slots=True)
class Source:
    """Something with bytes: a file now; a member of an archive or a fetched address look the same to a reader.

    Attributes:
        uri: Where it is, for people and for `documents.source_uri`.
        name: File name: decides the reader.
        open: Opens the bytes from the start, as often as asked.
        size: Bytes, where known beforehand.
        sidecar: The file of metadata beside it (`NAME.meta.json`).
        packing: How it lies within an archive; None: it is no member of one.
        version: What tells this content from the next, where that is known without reading it (a store's checksum).
    """

    uri: str
    name: str
    open: Callable[[], BinaryIO]
    size: int | None = None
    sidecar: Source | None = None
    packing: Packing | None = None
    version: str | None = None

    @property
    def stem(self) -> str:
        """The name without its last suffix."""
        return self.name.rsplit(".", 1)[0] or self.name


@dataclass(frozen=True, slots=True)
class Rejected:
    """One input or record that does not become a document, with the reason.

    Attributes:
        uri: The source.
        check: Short name of what was wrong, such as `broken_json`.
        reason: For people: the file, what was wrong and what to do.
        record: Position in the source, from 0; None: the source as a whole.
        value: The offending piece, shortened.
        column: The field concerned, where one is.
        size: Bytes of what was held back, where known.
        sha256: Their hash, where known.
    """

    uri: str
    check: str
    reason: str
    record: int | None = None
    value: str | None = None
    column: str = ""
    size: int | None = None
    sha256: str | None = None

    @property
    def location(self) -> str:
        """The source, and the record's position in it."""
        return self.uri if self.record is None else f"{self.uri}#{self.record}"

    def row(self, run_id: str) -> dict[str, object]:
        """The row of `quarantine`."""
        held = {"record": self.record, "size": self.size, "sha256": self.sha256}
        return {
            "run_id": run_id,
            "stage": "ingest",
            "table": "documents",
            "row_key": printable(self.location),
            "check": self.check,
            "column": self.column,
            "value": None if self.value is None else printable(self.value[:200]),
            "reason": printable(self.reason),
            "row": json.dumps({k: v for k, v in held.items() if v is not None}, sort_keys=True),
        }


@dataclass(frozen=True, slots=True)
class Document:
    """One source document as received; fields as in the `documents` table.

    `given_id` is the id that the source gave, None where it gave none (then `source_id` is made of the file's name).
    `fetched_at` is when a crawler or the fetcher received it.
    """

    uri: str
    record: int
    media_type: str
    content: bytes
    fallback_id: str
    given_id: str | None = None
    encoding: str | None = None
    url: str | None = None
    title: str | None = None
    published_on: str | None = None
    publisher: str | None = None
    author: str | None = None
    fetched_at: datetime | None = None

    @property
    def location(self) -> str:
        """Where it was read from, as `Rejected.location`."""
        return f"{self.uri}#{self.record}"

    @property
    def content_hash(self) -> str:
        """SHA-256 of the content and of the metadata handed over with it (the file's name is none)."""
        handed = (self.given_id, self.url, self.title, self.published_on, self.publisher, self.author)
        digest = hashlib.sha256(self.content)
        digest.update(json.dumps(handed, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def row(self, now: datetime) -> dict[str, object]:
        """The row of `documents`."""
        place = f"{self.uri}\0{self.record}\0".encode("utf-8", "surrogatepass")
        return {
            "document_id": hashlib.sha256(place + self.content).hexdigest()[:20],
            "source_id": printable(self.given_id or self.fallback_id),
            "source_uri": self.uri,
            "record": self.record,
            "media_type": self.media_type,
            "content": self.content,
            "encoding": self.encoding,
            "url": self.url,
            "title": self.title,
            "published_on": self.published_on,
            "publisher": self.publisher,
            "author": self.author,
            "fetched_at": self.fetched_at,
            "content_hash": self.content_hash,
            "ingested_at": now,
        }


def read_chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of a stream, a piece at a time."""
    while chunk := stream.read(CHUNK):
        yield chunk


def read_whole(stream: BinaryIO, limit: int) -> bytes:
    """All bytes of a stream, or one more than the limit; a torn stream raises here instead of looking complete."""
    data = stream.read(limit + 1)
    return data if len(data) > limit else data + stream.read(1)


def measure(source: Source) -> tuple[int, str]:
    """Size and SHA-256 of a source, read piece by piece."""
    digest, size = hashlib.sha256(), 0
    with source.open() as stream:
        for chunk in read_chunks(stream):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def mebibytes(size: int) -> str:
    """A size for people."""
    return f"{size / (1024 * 1024):.1f} MiB" if size >= 100_000 else f"{size} bytes"


def printable(name: str) -> str:
    """A name with every character that is invisible, turns the writing or cannot be encoded as U+FFFD."""
    if name.isascii() and name.isprintable():
        return name
    return "".join(
        "�" if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") else sign for sign in name
    )


def place_of(path: str) -> str:
    """A path for people and tables; where a character had to be replaced, a hash keeps it apart from its likes."""
    shown = printable(path)
    if shown == path:
        return path
    return f"{shown}~{hashlib.sha256(path.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
