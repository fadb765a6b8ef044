"""What a ledger has taken in: its sources with the hash of their content, and the documents that came of each."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from expectations.errors import LedgerError, TableError
from expectations.storage import read_part
from tasks.ingest.discover import discover
from tasks.ingest.remote import is_remote
from tasks.ingest.source import Rejected, Source, measure
from tasks.store import Store, link_or_copy, write_cache

FOLDER: Final = "intake"
# A file that was written this shortly before it was hashed may be written again within the same tick of the clock.
_SETTLED_NS: Final = 2_000_000_000

SOURCES: Final = pa.schema(
    [("source", pa.string()), ("sha256", pa.string()), ("reader", pa.string()), ("removed", pa.bool_())]
)
DOCUMENTS: Final = pa.schema(
    [
        ("source", pa.string()),
        ("ordinal", pa.int64()),
        ("batch", pa.string()),
        ("document_id", pa.string()),
        ("content_hash", pa.string()),
        ("uri", pa.string()),
        ("record", pa.int64()),
        ("has_id", pa.bool_()),
        ("size", pa.int64()),
    ]
)
REJECTED: Final = pa.schema(
    [(name, pa.string()) for name in ("source", "sha256", "row_key", "check", "column", "value", "reason", "row")]
)
_PARTS: Final = {"sources": SOURCES, "documents": DOCUMENTS, "rejected": REJECTED}


@dataclass(frozen=True, slots=True)
class Intake:
    """Three tables: sources, documents (one row a document, with the batch that holds it), and what was rejected."""

    sources: pa.Table = field(default_factory=SOURCES.empty_table)
    documents: pa.Table = field(default_factory=DOCUMENTS.empty_table)
    rejected: pa.Table = field(default_factory=REJECTED.empty_table)

    @classmethod
    def load(cls, folder: Path) -> Intake | None:
        """The intake saved in a folder; None where there is none.

        Raises:
            LedgerError: It is there, but broken.
        """
        if not (folder / "sources.parquet").is_file():
            return None
        try:
            return cls(**{name: read_part(folder / f"{name}.parquet").cast(schema) for name, schema in _PARTS.items()})
        except (TableError, pa.ArrowException, ValueError) as error:
            raise LedgerError(
                f"{folder}: broken ({error}). Go back to an earlier state (ln -sfn states/ID .ledger/current), or run with --afresh."
            ) from error

    def save(self, folder: Path) -> None:
        """Write it, `sources.parquet` last: where that is, the rest is too."""
        for name in reversed(_PARTS):
            write_cache(folder / f"{name}.parquet", getattr(self, name))

    def only(self, sources: Iterable[str]) -> Intake:
        """What belongs to these sources."""
        names = pa.array(list(sources), pa.string())
        return Intake(*(part.filter(pc.is_in(part["source"], names)) for part in self.parts()))

    def parts(self) -> tuple[pa.Table, pa.Table, pa.Table]:
        """The three tables."""
        return self.sources, self.documents, self.rejected

    def known(self) -> dict[str, tuple[str, str, bool]]:
        """Source → (hash, reader, removed)."""
        columns = (self.sources[name].to_pylist() for name in SOURCES.names)
        return {source: (sha, reader, removed) for source, sha, reader, removed in zip(*columns, strict=True)}

    def batches(self) -> list[str]:
        """The batches that hold its documents, in a fixed order."""
        return sorted(pc.unique(self.documents["batch"]).to_pylist())


def together(intakes: Iterable[Intake]) -> Intake:
    """Several intakes as one."""
    found = list(intakes) or [Intake()]
    return Intake(*(pa.concat_tables(list(parts)) for parts in zip(*(i.parts() for i in found), strict=True)))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will take in, before anything is read.

    Attributes:
        found: Every source under the inputs, in order, with its hash.
        kept: What earlier runs took in that these inputs say nothing of, or say again unchanged.
        resumed: What a run that died had taken in already.
        fresh: Sources to read.
        gone: Sources that were here and are no more; what came of them stays, marked.
        changed: How many of `fresh` were known with other content.
        reread: How many of `fresh` are unchanged, but their readers are not.
    """

    found: tuple[tuple[Source | Rejected, str], ...]
    kept: tuple[str, ...]
    resumed: tuple[str, ...]
    fresh: tuple[str, ...]
    gone: tuple[str, ...]
    changed: int
    reread: int
    previous: Intake
    journal: Intake

    def identity(self) -> list[tuple[Any, ...]]:
        """What the ledger will consist of: (source, hash, removed), sorted."""
        known = self.previous.known()
        rows = [(name, known[name][0], name in self.gone or known[name][2]) for name in (*self.kept, *self.gone)]
        here = {item.uri: sha for item, sha in self.found}
        rows = [row for row in rows if row[0] not in here] + [(name, sha, False) for name, sha in here.items()]
        # What was fetched goes by its source's name: the tables hold the pages' own addresses.
        return sorted((Path(name).name if name.endswith(".fetched") else name, *rest) for name, *rest in rows)


def plan_intake(inputs: Sequence[str], *, previous: Path | None, store: Store, reader: str) -> Plan:
    """Look at all inputs and say what is new, changed, gone or as it was.

    Args:
        inputs: Files, folders and addresses.
        previous: Folder of the published state's intake; None: start anew.
        store: The ledger's store.
        reader: Version of what reads sources: another one reads them again.

    Raises:
        SettingsError: An input does not exist.
        LedgerError: The intake of the published state is broken.
    """
    before = (Intake.load(previous) if previous else None) or Intake()
    journal = _load_journal(store)
    known = before.known()
    unfinished = journal.known()
    hashes = Fingerprints(store.root / "fingerprints.json")
    met = [(item, hashes.of(item)) for item in _by_known_names(list(discover(inputs)), known)]
    hashes.save()
    # What gave documents once and cannot be read now is not here any more; what never gave any is no loss.
    held = set(pc.unique(before.documents["source"]).to_pylist())
    lost = [item.uri for item, _ in met if isinstance(item, Rejected) and item.uri in held]
    found = tuple((item, sha) for item, sha in met if item.uri not in set(lost))
    kept, resumed, fresh, changed, reread = [], [], [], 0, 0
    for item, sha in found:
        if known.get(item.uri, ("", "", False))[:2] == (sha, reader):
            kept.append(item.uri)
        elif unfinished.get(item.uri, ("", "", False))[:2] == (sha, reader):
            resumed.append(item.uri)
            changed += item.uri in known
        else:
            fresh.append(item.uri)
            changed += item.uri in known and known[item.uri][0] != sha
            reread += item.uri in known and known[item.uri][0] == sha
    under = _Under(inputs)
    here = {item.uri for item, _ in met}
    others = [name for name in known if name not in here]
    gone = [*lost, *(name for name in others if under(name) and name in held)]
    kept += [name for name in others if not under(name)]
    return Plan(found, tuple(kept), tuple(resumed), tuple(fresh), tuple(gone), changed, reread, before, journal)


def _by_known_names(found: list[Source | Rejected], known: Mapping[str, object]) -> list[Source | Rejected]:
    """Files under the names by which the ledger knows them, so that one named by another path is no second source."""
    if all(item.uri in known for item in found):
        return found
    names = {os.path.abspath(name): name for name in known if not is_remote(name)}  # noqa: PTH100 - links stay as named
    asked = [item.uri if item.uri in known else os.path.abspath(item.uri) for item in found]  # noqa: PTH100
    return [replace(item, uri=names.get(name, item.uri)) for item, name in zip(found, asked, strict=True)]


class _Under:
    """Whether a source is or lies in one of the inputs; an input that is missing as a whole says nothing of what lies in it."""

    def __init__(self, inputs: Sequence[str]) -> None:
        self.remote = tuple(name.rstrip("/") + "/" for name in inputs if is_remote(name))
        local = [os.path.abspath(name) for name in inputs if os.path.lexists(name)]  # noqa: PTH100 - links stay as named
        self.local = tuple(name.rstrip(os.sep) + os.sep for name in local)

    def __call__(self, source: str) -> bool:
        if is_remote(source):
            return source.startswith(self.remote)
        return (os.path.abspath(source) + os.sep).startswith(self.local)  # noqa: PTH100


def _load_journal(store: Store) -> Intake:
    """What runs that died had taken in, as far as its documents are whole."""
    folders: list[Intake] = []
    last: dict[str, int] = {}
    for folder in sorted(store.journal.glob("[0-9]*")):
        try:
            intake = Intake.load(folder)
        except LedgerError:
            continue
        if intake is not None and all(store.documents(batch).is_file() for batch in intake.batches()):
            last.update(dict.fromkeys(intake.known(), len(folders)))
            folders.append(intake)
    return together(one.only(name for name in one.known() if last[name] == n) for n, one in enumerate(folders))


class Fingerprints:
    """Hashes of sources; of a file whose size, times and place on disk are as they were, the hash of last time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.old: dict[str, list[Any]] = {}
        self.new: dict[str, list[Any]] = {}
        if path.is_file():
            try:
                self.old = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                self.old = {}

    def of(self, item: Source | Rejected) -> str:
        """The hash of a source's content (and of the metadata beside it), or of why it is none."""
        if isinstance(item, Rejected):
            return hashlib.sha256(f"{item.check}\0{item.reason}".encode("utf-8", "surrogatepass")).hexdigest()
        hashes = [self._of_one(part) for part in (item, item.sidecar) if part is not None]
        return hashes[0] if len(hashes) == 1 else hashlib.sha256("\0".join(hashes).encode()).hexdigest()

    def _of_one(self, source: Source) -> str:
        if source.version is not None:
            return source.version
        mark = None if is_remote(source.uri) else _mark(source.uri)
        held = self.old.get(source.uri)
        if mark is not None and held is not None and held[:-1] == mark:
            self.new[source.uri] = held
            return str(held[-1])
        try:
            sha = measure(source)[1]
        except Exception as error:  # whatever cannot be read is told when it is read
            return f"unreadable: {getattr(error, 'strerror', None) or type(error).__name__}"
        if mark is not None and time.time_ns() - max(mark[1], mark[2]) > _SETTLED_NS:
            self.new[source.uri] = [*mark, sha]
        return sha

    def save(self) -> None:
        """Keep the hashes for next time, where there is a store to keep them in."""
        if self.new == {name: self.old.get(name) for name in self.new} or not self.path.parent.is_dir():
            return
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        draft.write_text(json.dumps(self.old | self.new), encoding="utf-8")
        draft.replace(self.path)


def _mark(path: str) -> list[int] | None:
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def _is_whole(path: Path) -> bool:
    try:
        pq.read_metadata(path)
    except (pa.ArrowInvalid, OSError):
        return False
    return True


def bring_documents(intake: Intake, store: Store, previous: Path | None, work: Path) -> None:
    """Put the documents of an intake into the store (from the published state, where the store lost them) and beside the intake.

    Raises:
        LedgerError: A batch is nowhere.
    """
    for batch in intake.batches():
        path = store.documents(batch)
        if not _is_whole(path):
            held = previous / "documents" / path.name if previous else None
            if held is None or not _is_whole(held):
                raise LedgerError(
                    f"{path}: documents of earlier runs are missing or damaged. Go back to an earlier state, or run with --afresh over all inputs."
                )
            link_or_copy(held, path)
        link_or_copy(path, work / FOLDER / "documents" / path.name)
