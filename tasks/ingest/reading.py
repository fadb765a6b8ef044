"""One source to its documents: finds the reader, and keeps whatever goes wrong within the source."""

from __future__ import annotations

import hashlib
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from tasks.ingest.readers import READERS, reader_for
from tasks.ingest.settings import IngestSettings
from tasks.ingest.source import CHUNK, Document, Rejected, Source, measure
from tasks.ingest.unpack import ArchiveLimitError

_BROKEN: Final = (EOFError, zlib.error, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile, NotImplementedError)


def read_source(source: Source, settings: IngestSettings) -> Iterator[Document | Rejected]:
    """The documents of one source; whatever goes wrong in it stays in it.

    Yields:
        Documents and rejections in the order of the source; a source that holds no record at all gives one rejection.
    """
    yielded = False
    try:
        reader = reader_for(source)
        if reader is None:
            size, digest = measure(source)
            known = " ".join(READERS)
            reason = f"{source.uri}: not a known kind of file. Known are {known}; convert it, or remove it."
            yield Rejected(source.uri, "unknown_kind", reason, size=size, sha256=digest)
            return
        for item in reader(source, settings):
            yielded = True
            yield item
    except Exception as error:  # a reader meets whatever the world sends: one file must never stop its neighbours
        yield _failed(source, error)
        return
    if not yielded:
        yield Rejected(source.uri, "empty_file", f"{source.uri}: holds no record. Delete it, or export it again.")


def _failed(source: Source, error: Exception) -> Rejected:
    what = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
    size, digest = _measured(source)
    if isinstance(error, ArchiveLimitError):
        reason = f"{source.uri}: {error}. What came before was read."
        return Rejected(source.uri, "archive_limit", reason, size=size, sha256=digest)
    if isinstance(error, ModuleNotFoundError):
        reason = f"{source.uri}: cannot be read without the package {error.name}. Install it: pip install {error.name}."
        return Rejected(source.uri, "unreadable_file", reason, size=size, sha256=digest)
    if isinstance(error, _BROKEN) or type(error).__name__ == "BadGzipFile":
        reason = f"{source.uri}: a broken archive ({what[:200]}). What came before was read; fetch it again."
        return Rejected(source.uri, "broken_archive", reason, size=size, sha256=digest)
    reason = f"{source.uri}: cannot be read ({what[:300]}). Check the file and its permissions."
    return Rejected(source.uri, "unreadable_file", reason, size=size, sha256=digest)


def _measured(source: Source) -> tuple[int | None, str | None]:
    """Size and hash of a source that could not be read, as far as it can be: no more than one document's worth is tried."""
    try:
        if source.packing is None and (source.size or 0) <= 64 * CHUNK:
            return measure(source)
        with source.open() as stream:
            data = stream.read(CHUNK)
            if len(data) < CHUNK:
                return len(data), hashlib.sha256(data).hexdigest()
    except Exception:  # what fails here failed before, and is told
        return source.size, None
    return source.size, None
