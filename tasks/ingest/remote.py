"""Addresses of object stores and other file systems (`s3://`, `gs://` …) to sources, through fsspec."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

from expectations.errors import SettingsError
from tasks.ingest.source import Rejected, Source, place_of, printable
from tasks.web import redact, redact_text

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_REMOTE: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+://")
# Which extra of this package brings which file system.
_EXTRAS: Final = {"s3": "s3", "s3a": "s3", "gs": "gcs", "gcs": "gcs", "az": "azure", "abfs": "azure", "abfss": "azure"}
# Other names of the local disk, and the web, which is fetched politely or not at all.
_LOCAL: Final = ("file", "local", "dir", "memoryfile")
SIDECAR: Final = ".meta.json"
_WITH_SIDECAR: Final = (".txt", ".html", ".htm")


def is_remote(name: str) -> bool:
    """Whether an input is an address and no path."""
    return bool(_REMOTE.match(name))


def find_remote(address: str) -> Iterator[Source | Rejected]:
    """The file at an address, or every file under it; hidden ones are passed over.

    Raises:
        SettingsError: There is nothing, it cannot be reached, or the package for it is not installed.
    """
    files = list_remote(address)
    names = {path for _, path, _ in files}
    for system, path, info in files:
        place = place_of(f"{address.split('://')[0]}://{path}")
        if path.endswith(SIDECAR):
            if not any(path.removesuffix(SIDECAR) + suffix in names for suffix in ("", *_WITH_SIDECAR)):
                reason = f"{place}: metadata without its text file. Put the text beside it, or delete it."
                yield Rejected(place, "orphan_sidecar", reason)
            continue
        sidecar = None
        if path.lower().endswith(_WITH_SIDECAR):
            beside = next((n for n in (path + SIDECAR, path.rsplit(".", 1)[0] + SIDECAR) if n in names), None)
            if beside:
                version = remote_hash(next(info for _, path, info in files if path == beside))
                sidecar = Source(beside, PurePosixPath(beside).name, partial(_open, system, beside), version=version)
        name = printable(PurePosixPath(path).name)
        yield Source(place, name, partial(_open, system, path), info.get("size"), sidecar, version=remote_hash(info))


def list_remote(address: str) -> list[tuple[AbstractFileSystem, str, dict[str, Any]]]:
    """The files at an address, sorted: file system, path in it, and what the store says of the file.

    Raises:
        SettingsError: As `find_remote`.
    """
    system, path = _file_system(address)
    shown = redact(address)
    try:
        found: dict[str, dict[str, Any]] = system.find(path, detail=True)
    except Exception as error:  # each file system has errors of its own
        what = redact_text(f"{type(error).__name__}: {error}")[:300]
        raise SettingsError(f"{shown}: cannot be listed ({what}). Check the address and the credentials.") from None
    root = PurePosixPath(path)
    files = [
        (system, name, info)
        for name, info in sorted(found.items())
        if info.get("type") != "directory" and not name.endswith("/") and not _is_hidden(name, root)
    ]
    if not files:
        raise SettingsError(f"{shown}: nothing is there. Check the address and the credentials.")
    return files


def remote_hash(info: dict[str, Any]) -> str:
    """What tells one version of a remote file from the next: the store's own checksum, else size and time."""
    for name in ("ETag", "etag", "md5Hash", "crc32c", "content_md5"):
        if info.get(name):
            return str(info[name]).strip('"')
    return f"{info.get('size')}/{info.get('LastModified') or info.get('mtime') or info.get('created') or ''}"


def _is_hidden(name: str, root: PurePosixPath) -> bool:
    path = PurePosixPath(name)
    parts = path.relative_to(root).parts if path.is_relative_to(root) and path != root else (path.name,)
    return any(part.startswith(".") for part in parts)


def _file_system(address: str) -> tuple[AbstractFileSystem, str]:
    import fsspec

    protocol = address.split("://")[0].lower()
    shown = redact(address)
    if "::" in address or protocol in _LOCAL:
        raise SettingsError(f"{shown}: name a path on this machine as it is, without a protocol.")
    if protocol in ("http", "https", "ftp"):
        raise SettingsError(f"{shown}: pages and files of the web are fetched as a source. Name it in sources.toml.")
    try:
        system, path = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        if isinstance(error, ValueError) and "not known" not in str(error):
            raise SettingsError(f"{shown}: not a readable address ({redact_text(str(error))[:200]}).") from None
        extra = _EXTRAS.get(protocol)
        mend = (
            f"pip install 'conflict-ledger[{extra}]'" if extra else "install the fsspec package for it, or copy it here"
        )
        raise SettingsError(
            f"{shown}: nothing installed here reads {protocol}:// addresses. Mend it: {mend}."
        ) from None
    return system, str(path)


def _open(system: AbstractFileSystem, path: str) -> BinaryIO:
    return cast("BinaryIO", system.open(path, "rb"))
