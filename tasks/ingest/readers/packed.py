"""Compressed files and archives: each member is a source of its own, read by the reader of its kind; nothing is unpacked to disk."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO, Final, cast

from tasks.ingest.settings import IngestSettings
from tasks.ingest.source import Document, Packing, Rejected, Source, measure, place_of, printable
from tasks.ingest.unpack import (
    Readable,
    count_member,
    go_deeper,
    held,
    limited,
    random_access,
    unsafe_name,
)

SIDECAR: Final = ".meta.json"
_WITH_SIDECAR: Final = (".txt", ".html", ".htm")
_SHORT: Final = {".tgz": ".tar", ".tbz2": ".tar", ".txz": ".tar"}
_ENCRYPTED: Final = 0x1


def read_compressed(source: Source, settings: IngestSettings) -> Iterator[Document | Rejected]:
    """What a compressed file (`.gz` `.bz2` `.xz` `.zst`) holds, by the reader for its name without that suffix."""
    from tasks.ingest.reading import read_source

    name = source.name.lower()
    suffix = name[name.rfind(".") :] if "." in name else ""
    inner = source.name[: len(name) - len(suffix)] + _SHORT.get(suffix, "")
    packing = go_deeper(source, settings)
    opened = partial(_open_compressed, source, suffix, packing, settings)
    with opened() as stream:
        if not stream.read(1):
            size, digest = measure(source)
            reason = f"{source.uri}: nothing is in it. Fetch it again."
            yield Rejected(source.uri, "empty_file", reason, size=size, sha256=digest)
            return
    yield from read_source(Source(source.uri, inner, opened, packing=packing), settings)


class _Counted:
    """Counts the bytes that are read from a stream."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.read_bytes = 0

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size)
        self.read_bytes += len(data)
        return data

    @property
    def closed(self) -> bool:
        return self.stream.closed

    def close(self) -> None:
        self.stream.close()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def writable(self) -> bool:
        return False

    def flush(self) -> None:
        return None


class _Both:
    """A decompressor and the file under it, closed together."""

    def __init__(self, stream: Readable, under: BinaryIO) -> None:
        self.stream, self.under = stream, under

    def read(self, size: int) -> bytes:
        # One block at a time where that can be asked for: what was unpacked before a fault is not lost.
        read1 = getattr(self.stream, "read1", None)
        return bytes(read1(size) if read1 else self.stream.read(size))

    def close(self) -> None:
        self.stream.close()
        self.under.close()


def _open_compressed(source: Source, suffix: str, packing: Packing, settings: IngestSettings) -> BinaryIO:
    under = source.open()
    counted = _Counted(under)
    try:
        return limited(
            _Both(_decompressor(suffix, cast("BinaryIO", counted)), under),
            packing,
            settings,
            lambda: counted.read_bytes,
        )
    except BaseException:
        under.close()
        raise


def _decompressor(suffix: str, stream: BinaryIO) -> Readable:
    if suffix in (".bz2", ".tbz2"):
        import bz2

        return bz2.BZ2File(stream)
    if suffix in (".xz", ".txz"):
        import lzma

        return lzma.LZMAFile(stream)
    if suffix == ".zst":
        import pyarrow as pa

        return cast("Readable", pa.CompressedInputStream(pa.PythonFile(stream, mode="r"), "zstd"))
    import gzip

    return gzip.GzipFile(fileobj=stream)


def read_zip(source: Source, settings: IngestSettings) -> Iterator[Document | Rejected]:
    """The documents of the members of a `.zip`, by name; hidden files are passed over as in folders."""
    packing = go_deeper(source, settings)
    with random_access(source) as stream, zipfile.ZipFile(stream) as archive:
        members: list[tuple[zipfile.ZipInfo, Source]] = []
        for info in archive.infolist():
            count_member(packing, settings)
            if not info.is_dir():
                opened = partial(_open_zip_member, archive, info, packing, settings)
                members.append((info, _member(source, info.filename, opened, packing, info.file_size)))
        named = {info.filename: member for info, member in members}
        # Several members of one name are all read, as in a tar.
        for info, member in sorted(members, key=lambda pair: pair[0].filename):
            name = info.filename
            if _passed_over(name):
                continue
            why = unsafe_name(name) or _unsafe_mode(info)
            if why:
                yield _refused(source, name, why)
            elif info.flag_bits & _ENCRYPTED:
                yield _refused(source, name, "it is encrypted", "unreadable_file")
            else:
                yield from _read_member(name, member, named, settings)


def _unsafe_mode(info: zipfile.ZipInfo) -> str | None:
    kind = (info.external_attr >> 16) & 0o170000
    return None if kind in (0, 0o100000) else "it is a link or a device, not a file"


def _open_zip_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, packing: Packing, settings: IngestSettings
) -> BinaryIO:
    return limited(archive.open(info), packing, settings, lambda: info.compress_size)


def read_tar(source: Source, settings: IngestSettings) -> Iterator[Document | Rejected]:
    """The documents of the members of a tar, in its order, read as a stream."""
    packing = go_deeper(source, settings)
    sidecars = _tar_sidecars(source, packing, settings)
    with source.open() as stream, tarfile.open(fileobj=stream, mode="r|", errors="surrogateescape") as archive:
        while (info := _next_member(archive)) is not None:
            count_member(packing, settings)
            if info.isdir() or _passed_over(info.name) or info.name.endswith(SIDECAR):
                continue
            why = unsafe_name(info.name)
            if not why and not info.isfile():
                why = "it is a link or a device, not a file"
            if why:
                yield _refused(source, info.name, why)
                continue
            data = archive.extractfile(info)
            if data is None:
                continue
            with held(limited(data, packing, settings)) as opened:
                member = _member(source, info.name, opened, packing, info.size)
                yield from _read_member(info.name, member, sidecars, settings)
            # What tarfile remembers of every member would grow with the archive.
            archive.members = []  # type: ignore[attr-defined]


def _next_member(archive: tarfile.TarFile) -> tarfile.TarInfo | None:
    return archive.next()


def _tar_sidecars(source: Source, packing: Packing, settings: IngestSettings) -> dict[str, Source]:
    """The metadata files of a tar, which may stand after their texts; they are small."""
    found: dict[str, Source] = {}
    with source.open() as stream, tarfile.open(fileobj=stream, mode="r|", errors="surrogateescape") as archive:
        while True:
            try:
                info = archive.next()
            except tarfile.TarError:
                return found  # told when the members are read
            if info is None:
                return found
            if info.isfile() and info.name.endswith(SIDECAR) and info.size < 1024 * 1024 and len(found) < 100_000:
                data = archive.extractfile(info)
                if data is not None:
                    with held(limited(data, packing, settings)) as opened:
                        found[info.name] = _member(source, info.name, opened, packing, info.size)
            archive.members = []  # type: ignore[attr-defined]


def _member(
    source: Source, name: str, opened: Callable[[], BinaryIO], packing: Packing, size: int | None = None
) -> Source:
    return Source(f"{source.uri}!{place_of(name)}", printable(PurePosixPath(name).name), opened, size, packing=packing)


def _passed_over(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") and part not in (".", "..") for part in parts) or "__MACOSX" in parts


def _refused(source: Source, name: str, why: str, check: str = "outside_folder") -> Rejected:
    place = f"{source.uri}!{place_of(name)}"
    return Rejected(place, check, f"{place}: {why}; not read. Unpack the archive yourself and look at it.")


def _read_member(
    name: str, member: Source, others: dict[str, Source], settings: IngestSettings
) -> Iterator[Document | Rejected]:
    from tasks.ingest.reading import read_source

    if name.endswith(SIDECAR):
        stem = name.removesuffix(SIDECAR)
        if not any(other in others for other in (stem, *(stem + suffix for suffix in _WITH_SIDECAR))):
            reason = f"{member.uri}: metadata without its text file. Put the text beside it, or delete it."
            yield Rejected(member.uri, "orphan_sidecar", reason)
        return
    sidecar = None
    if name.lower().endswith(_WITH_SIDECAR):
        sidecar = others.get(name + SIDECAR) or others.get(name.rsplit(".", 1)[0] + SIDECAR)
    yield from read_source(replace(member, sidecar=sidecar), settings)
