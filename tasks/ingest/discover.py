"""Paths that the user names to sources, in a fixed order; what cannot be one is rejected with the reason."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from expectations.errors import SettingsError
from tasks.ingest.remote import find_remote, is_remote
from tasks.ingest.source import Rejected, Source, place_of, printable

SIDECAR: Final = ".meta.json"
# What a ledger's folder holds besides links to its tables.
LEDGER: Final = ".ledger"
CORRECTIONS: Final = "corrections.csv"


def discover(inputs: Sequence[str]) -> Iterator[Source | Rejected]:
    """Every file under the inputs, sorted by path, each once.

    Hidden files and folders and `*.meta.json` sidecars are passed over in folders; links to folders are not followed. A ledger is no
    input: one that lies in a folder is passed over, too.

    A path that does not exist is rejected like any other input, so that the others go through.

    Raises:
        SettingsError: None of the inputs exists, or one is an address that nothing here can read.
    """
    local = [name for name in inputs if not is_remote(name)]
    missing = [name for name in local if not os.path.lexists(name)]
    if missing and len(missing) == len(inputs):
        raise SettingsError(f"no such file or folder: {', '.join(missing)}. Check the path.")
    found: dict[str, Source | Rejected] = {}
    for name in local:
        path = Path(os.path.normpath(name))
        if name in missing:
            place = place_of(path.as_posix())
            found[os.path.abspath(name)] = Rejected(  # noqa: PTH100 - a link must not be resolved here
                place, "missing_input", f"{place}: no such file or folder. Check the path; the other inputs were read."
            )
            continue
        for item in _walk(path) if path.is_dir() else iter([_source(path)]):
            found.setdefault(os.path.abspath(item.uri), item)  # noqa: PTH100 - a link must not be resolved here
    for name in inputs:
        for item in find_remote(name) if is_remote(name) else ():
            found.setdefault(item.uri, item)
    yield from sorted(found.values(), key=lambda item: item.uri)


def _walk(folder: Path) -> Iterator[Source | Rejected]:
    """The files under a folder."""
    refused: list[OSError] = []
    root = folder.resolve()
    for here, folders, names in os.walk(folder, onerror=refused.append):
        if LEDGER in folders:
            # A ledger's tables came of these inputs, and its corrections are no news.
            if Path(here) != folder:
                folders[:] = []
                continue
            names = [name for name in names if name != CORRECTIONS]
        kept = []
        for name in sorted(folders):
            path = Path(here, name)
            if name.startswith("."):
                continue
            if path.is_symlink():
                if not path.resolve().is_relative_to(root):
                    yield _outside(path)
            else:
                kept.append(name)
        folders[:] = kept
        present = set(names)
        for name in sorted(names):
            path = Path(here, name)
            if name.startswith("."):
                continue
            if name.endswith(SIDECAR):
                if not _has_text(name, present):
                    place = place_of(path.as_posix())
                    reason = f"{place}: metadata without its text file. Put the text beside it, or delete it."
                    yield Rejected(place, "orphan_sidecar", reason)
            elif path.is_symlink() and path.exists() and not path.resolve().is_relative_to(root):
                yield _outside(path)
            else:
                yield _source(path)
    for error in refused:
        place = place_of(Path(error.filename).as_posix())
        yield Rejected(
            place, "unreadable_file", f"{place}: the folder cannot be read ({error.strerror}). Check its permissions."
        )


def _outside(path: Path) -> Rejected:
    place = place_of(path.as_posix())
    reason = f"{place}: a link that leaves the input folder; not followed. Name its target as an input if it is meant."
    return Rejected(place, "outside_folder", reason)


def _has_text(sidecar: str, present: set[str]) -> bool:
    stem = sidecar.removesuffix(SIDECAR)
    return any(name in present for name in (stem, *(stem + suffix for suffix in (".txt", ".html", ".htm"))))


def _source(path: Path) -> Source | Rejected:
    """A file as a source; `unreadable_file` where it is none (a broken link, a pipe, no permission)."""
    place = place_of(path.as_posix())
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            reason = f"{place}: not a regular file (a pipe, socket or device). Remove it."
            return Rejected(place, "unreadable_file", reason)
        open_file(path).close()
    except OSError as error:
        what = "a link to a file that does not exist" if path.is_symlink() and not path.exists() else error.strerror
        return Rejected(
            place, "unreadable_file", f"{place}: cannot be read ({what}). Check the file and its permissions."
        )
    return Source(place, printable(path.name), partial(open_file, path), status.st_size, _sidecar(path))


def _sidecar(path: Path) -> Source | None:
    for candidate in (path.with_name(path.name + SIDECAR), path.with_suffix(SIDECAR)):
        if path.suffix.lower() in (".txt", ".html", ".htm") and candidate.is_file() and _stays(candidate, path.parent):
            return Source(place_of(candidate.as_posix()), candidate.name, partial(open_file, candidate))
    return None


def _stays(candidate: Path, folder: Path) -> bool:
    """Whether a file lies in the folder, also where it is a link."""
    return not candidate.is_symlink() or candidate.resolve().is_relative_to(folder.resolve())


def open_file(path: Path) -> BinaryIO:
    """The file's bytes."""
    return path.open("rb")
