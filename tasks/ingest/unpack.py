"""Compressed streams and archive members as plain streams that stop at the limits instead of filling memory or disk."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

from tasks.ingest.settings import MIB, IngestSettings
from tasks.ingest.source import Packing, Source, mebibytes, read_chunks, read_whole

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# Below this, no ratio is too high: a short page of blanks packs a thousand to one and harms nobody.
RATIO_FLOOR: Final = 32 * MIB
IN_MEMORY: Final = 4 * MIB


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """Up to so many bytes; none at the end."""

    def close(self) -> None:
        """Lets go of it."""


class ArchiveLimitError(Exception):
    """An archive is larger, deeper or more tightly packed than the settings allow; the message says what to do."""


class Limited(io.RawIOBase):
    """A stream that raises once more has come out of it than the settings allow.

    Args:
        stream: What to read from.
        packing: Counts the bytes of all members of the archive.
        settings: The limits.
        packed: Bytes that went into the stream so far, packed; None: not compressed.
    """

    def __init__(
        self, stream: Readable, packing: Packing, settings: IngestSettings, packed: Callable[[], int] | None = None
    ) -> None:
        self._stream = stream
        self._packing = packing
        self._settings = settings
        self._packed = packed
        self._out = 0
        self._fault: Exception | None = None

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Reads into the buffer; raises ArchiveLimitError beyond the limits."""
        view = memoryview(buffer).cast("B")
        if self._fault is not None:
            raise self._fault
        try:
            data = self._stream.read(len(view))
        except Exception as error:
            if not self._out:
                raise
            # What came before the fault is handed out first; a buffered read that fails would lose it.
            self._fault = error
            return 0
        view[: len(data)] = data
        self._out += len(data)
        self._packing.spent[0] += len(data)
        limits = self._settings
        if self._packing.spent[0] > limits.max_unpacked_bytes:
            raise ArchiveLimitError(
                f"it unpacks to more than {mebibytes(limits.max_unpacked_bytes)}. Split it, or raise max_unpacked_bytes"
            )
        if self._packed and self._out > max(RATIO_FLOOR, limits.max_unpack_ratio * max(self._packed(), 1)):
            raise ArchiveLimitError(
                f"it unpacks to more than {limits.max_unpack_ratio} times its size, as a bomb does. "
                "Unpack it yourself, or raise max_unpack_ratio"
            )
        return len(data)

    def close(self) -> None:
        """Closes what it reads from, too."""
        if not self.closed:
            self._stream.close()
        super().close()


def limited(
    stream: Readable, packing: Packing, settings: IngestSettings, packed: Callable[[], int] | None = None
) -> BinaryIO:
    """The stream within its limits, buffered."""
    return io.BufferedReader(Limited(stream, packing, settings, packed), 64 * 1024)


def go_deeper(source: Source, settings: IngestSettings) -> Packing:
    """The packing of what lies within a source.

    Raises:
        ArchiveLimitError: It lies too deep.
    """
    packing = source.packing.inner() if source.packing else Packing(1, [0, 0])
    if packing.depth > settings.max_archive_depth:
        raise ArchiveLimitError(
            f"archives within archives, more than {settings.max_archive_depth} layers. "
            "Unpack the outer ones, or raise max_archive_depth"
        )
    return packing


def count_member(packing: Packing, settings: IngestSettings) -> None:
    """Counts a member.

    Raises:
        ArchiveLimitError: There are too many.
    """
    packing.spent[1] += 1
    if packing.spent[1] > settings.max_archive_members:
        raise ArchiveLimitError(
            f"more than {settings.max_archive_members:,} files are in it. Split it, or raise max_archive_members"
        )


@contextmanager
def held(stream: BinaryIO) -> Iterator[Callable[[], BinaryIO]]:
    """A stream that can be read once, as bytes that can be opened as often as asked: in memory, or in a file of its own."""
    head = read_whole(stream, IN_MEMORY)
    if len(head) <= IN_MEMORY:
        yield lambda: io.BytesIO(head)
        return
    with tempfile.NamedTemporaryFile(prefix="conflict-ledger-") as file:
        file.write(head)
        for chunk in read_chunks(stream):
            file.write(chunk)
        file.flush()
        path = Path(file.name)
        yield lambda: path.open("rb")


@contextmanager
def random_access(source: Source) -> Iterator[BinaryIO]:
    """The source as a stream that can seek."""
    with source.open() as stream:
        if stream.seekable():
            yield stream
            return
        with held(stream) as reopen, reopen() as copy:
            yield copy


def unsafe_name(name: str) -> str | None:
    """Why a member's name cannot be one inside its archive; None: it can."""
    if "\0" in name or "\\" in name or name.startswith("/") or name[1:2] == ":":
        return "its name is no path within the archive"
    if ".." in PurePosixPath(name).parts:
        return "its name leads out of the archive"
    return None
