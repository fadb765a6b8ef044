"""The stage: inputs to `documents` parts, reading only what is new or changed; what is held back is recorded in `quarantine`."""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from expectations.errors import InputError
from expectations.storage import read_part, write_part
from expectations.summary import StageSummary
from expectations.tables import DOCUMENTS, QUARANTINE
from expectations.wording import counted
from tasks.ingest import intake as taken
from tasks.ingest.compact import batch_name, compact
from tasks.ingest.intake import Intake, Plan, bring_documents, plan_intake, together
from tasks.ingest.readers import READERS
from tasks.ingest.reading import read_source
from tasks.ingest.settings import IngestSettings
from tasks.ingest.source import Document, Rejected, Source
from tasks.store import Store, link_or_copy

QUARANTINE_ROWS = 5_000
MESSAGES = 100
Row = dict[str, Any]


@dataclass(slots=True)
class _Reading:
    """Collects what sources give; writes documents to the store batch by batch, and notes in the journal what is complete."""

    store: Store
    reader: str
    now: datetime
    settings: IngestSettings
    earlier: dict[tuple[str, int, str, str], str]  # document → the batch that holds it already
    rows: list[Row] = field(default_factory=list)
    held_bytes: int = 0
    open: list[Row] = field(default_factory=list)  # rows of the intake whose batch is not written yet
    documents: list[Row] = field(default_factory=list)
    rejected: list[Row] = field(default_factory=list)
    sources: list[Row] = field(default_factory=list)
    written: list[Intake] = field(default_factory=list)

    def read(self, item: Source | Rejected, sha: str) -> None:
        """All of one source."""
        ordinal = 0
        for one in [item] if isinstance(item, Rejected) else read_source(item, self.settings):
            if isinstance(one, Rejected):
                self.rejected.append(_rejected_row(one, item.uri, sha))
                continue
            self._add(one, item.uri, ordinal)
            ordinal += 1
        self.sources.append({"source": item.uri, "sha256": sha, "reader": self.reader, "removed": False})
        if len(self.rejected) >= QUARANTINE_ROWS:
            self._note()

    def _add(self, document: Document, source: str, ordinal: int) -> None:
        row = document.row(self.now)
        known = {
            "source": source,
            "ordinal": ordinal,
            "batch": None,
            "document_id": row["document_id"],
            "content_hash": row["content_hash"],
            "uri": document.uri,
            "record": document.record,
            "has_id": document.given_id is not None,
            "size": len(document.content),
        }
        held = self.earlier.get((document.uri, document.record, str(row["document_id"]), str(row["content_hash"])))
        if held is not None:
            self.documents.append(known | {"batch": held})
            return
        self.rows.append(row)
        self.open.append(known)
        self.held_bytes += len(document.content)
        if len(self.rows) >= self.settings.batch_documents or self.held_bytes >= self.settings.batch_bytes:
            self._write()

    def _write(self) -> None:
        if self.rows:
            batch = batch_name((str(row["document_id"]), str(row["content_hash"])) for row in self.rows)
            if not self.store.documents(batch).is_file():
                write_part(self.store.documents(batch), DOCUMENTS, self.rows)
            self.documents += [row | {"batch": batch} for row in self.open]
            self.rows, self.open, self.held_bytes = [], [], 0
        self._note()

    def _note(self) -> None:
        """Keep what is complete: sources all of whose documents are in written batches."""
        waiting = {row["source"] for row in self.open}
        done = [row for row in self.sources if row["source"] not in waiting]
        names = {row["source"] for row in done}
        if not done:
            return
        parts = [done, self.documents, self.rejected]
        picked = [[row for row in part if row["source"] in names] for part in parts]
        schemas = (taken.SOURCES, taken.DOCUMENTS, taken.REJECTED)
        intake = Intake(*(pa.Table.from_pylist(rows, schema) for rows, schema in zip(picked, schemas, strict=True)))
        number = len(list(self.store.journal.glob("[0-9]*")))
        draft = self.store.journal / f".{number:06d}-{os.getpid()}"
        intake.save(draft)
        draft.rename(self.store.journal / f"{number:06d}")
        self.written.append(intake)
        self.sources, self.documents, self.rejected = (
            [row for row in part if row["source"] not in names]
            for part in (self.sources, self.documents, self.rejected)
        )

    def close(self) -> Intake:
        """Write what is left; everything that was read."""
        self._write()
        return together(self.written)


def ingest_documents(
    inputs: Sequence[str],
    work: Path,
    *,
    run_id: str,
    settings: IngestSettings,
    now: datetime,
    store: Path | None = None,
    previous: Path | None = None,
    reader: str = "",
) -> StageSummary:
    """Takes files and folders into the ledger: `<work>/documents` holds all of its documents, old and new.

    Only sources that are new or changed are read. The documents of a source that is gone stay; the source is marked in
    `<work>/intake`, where everything that was taken in is noted for the next run.

    Args:
        inputs: Files and folders; folders are read recursively.
        work: The run's work folder.
        run_id: The run.
        settings: Field names and limits.
        now: Time of reading (UTC), for `ingested_at`.
        store: The ledger's store; None: one in the work folder.
        previous: Intake of the published state; None: the ledger starts with these inputs.
        reader: Version of what reads sources.

    Returns:
        Counts over the whole ledger; `details` counts sources, what is new in this run, and rejections by their check.

    Raises:
        SettingsError: An input does not exist.
        InputError: Nothing to read was found at all.
    """
    started = time.perf_counter()
    for stale in (*(work / "documents").glob("*.parquet"), *(work / "quarantine").glob("ingest-*.parquet")):
        stale.unlink()
    shutil.rmtree(work / taken.FOLDER, ignore_errors=True)
    held = Store(store or work / "store")
    held.root.mkdir(parents=True, exist_ok=True)
    plan = plan_intake(inputs, previous=previous, store=held, reader=reader)
    if not plan.found:
        known = " ".join(READERS)
        raise InputError(f"{', '.join(inputs)}: nothing to read was found. Known kinds of files are {known}.")
    intake = compact(_take_in(plan, held, reader, now, settings), held, settings)
    bring_documents(intake, held, previous, work)
    intake.save(work / taken.FOLDER)
    repeated = _repeated_documents(intake)
    rows = [*_quarantine_rows(intake), *(row for _, row in repeated)]
    for number, start in enumerate(range(0, len(rows), QUARANTINE_ROWS)):
        part = [row | {"run_id": run_id} for row in rows[start : start + QUARANTINE_ROWS]]
        write_part(work / "quarantine" / f"ingest-{number:05d}.parquet", QUARANTINE, part)
    _write_parts(intake, held, work, {place for place, _ in repeated})
    checks = Counter(str(row["check"]) for row in rows)
    out, twice = intake.documents.num_rows - len(repeated), len(repeated)
    return StageSummary(
        stage="ingest",
        rows_in=out + len(rows),
        rows_out=out,
        quarantined=len(rows) - twice,
        duplicates=twice,
        seconds=time.perf_counter() - started,
        details={
            "sources": intake.sources.num_rows,
            "new_sources": len(plan.fresh) + len(plan.resumed) - plan.changed - plan.reread if previous else 0,
            "changed_sources": plan.changed,
            "removed_sources": int(pc.sum(intake.sources["removed"].cast(pa.int64())).as_py() or 0),
            **{check: checks[check] for check in sorted(checks)},
        },
        messages=(*_news(plan), *(str(row["reason"]) for row in rows))[:MESSAGES],
    )


def _take_in(plan: Plan, store: Store, reader: str, now: datetime, settings: IngestSettings) -> Intake:
    """Everything that the ledger consists of after this run, in a fixed order."""
    here = {item.uri: (item, sha) for item, sha in plan.found}
    changed = plan.previous.only(plan.fresh).documents
    columns = (changed[name].to_pylist() for name in ("uri", "record", "document_id", "content_hash", "batch"))
    earlier = {key: batch for *key_parts, batch in zip(*columns, strict=True) for key in [tuple(key_parts)]}
    reading = _Reading(store, reader, now, settings, earlier)
    for name in plan.fresh:
        reading.read(*here[name])
    fresh = reading.close()
    stay = plan.previous.only((*plan.kept, *plan.gone))
    gone = pc.is_in(stay.sources["source"], pa.array(plan.gone, pa.string()))
    here_again = pc.is_in(stay.sources["source"], pa.array(list(here), pa.string()))
    removed = pc.and_(pc.or_(stay.sources["removed"], gone), pc.invert(here_again))
    stay = Intake(stay.sources.set_column(3, taken.SOURCES.field(3), removed), stay.documents, stay.rejected)
    whole = together((stay, plan.journal.only(plan.resumed), fresh))
    return Intake(
        whole.sources.sort_by("source"),
        whole.documents.sort_by([("source", "ascending"), ("ordinal", "ascending")]),
        whole.rejected.sort_by([("source", "ascending"), ("row_key", "ascending"), ("check", "ascending")]),
    )


def _news(plan: Plan) -> list[str]:
    said = []
    if plan.resumed:
        said.append(
            f"{counted(len(plan.resumed), 'source')} had been taken in by a run that did not end; not read again"
        )
    if plan.reread:
        said.append(f"{counted(plan.reread, 'source')} read again: the readers are another version")
    said += [f"{name}: no longer there; what came of it stays, marked source_removed" for name in plan.gone[:10]]
    if len(plan.gone) > 10:
        said.append(f"and {len(plan.gone) - 10} more sources that are no longer there")
    return said


def _rejected_row(rejected: Rejected, source: str, sha: str) -> Row:
    row = rejected.row("")
    return {"source": source, "sha256": sha} | {name: row[name] for name in taken.REJECTED.names if name in row}


def _quarantine_rows(intake: Intake) -> list[Row]:
    rows = intake.rejected.drop_columns(["source", "sha256"]).to_pylist()
    return [row | {"stage": "ingest", "table": "documents"} for row in rows]


def _repeated_documents(intake: Intake) -> list[tuple[tuple[str, str], Row]]:
    """Documents whose content an earlier one (by source and place in it) has too: (batch, id) and the row of quarantine."""
    first: dict[str, str] = {}
    found = []
    hashes = pc.value_counts(intake.documents["content_hash"])
    often = hashes.field("values").filter(pc.greater(hashes.field("counts"), 1))
    documents = intake.documents.filter(pc.is_in(intake.documents["content_hash"], value_set=often))
    for row in documents.to_pylist():
        place = f"{row['uri']}#{row['record']}"
        here = first.setdefault(row["content_hash"], place)
        if here == place:
            continue
        rejected = Rejected(
            row["uri"],
            "duplicate_document",
            f"{place.removesuffix('#0')}: the same document as {here.removesuffix('#0')}; read once.",
            record=row["record"] if row["record"] or row["has_id"] else None,
            value=here,
            size=row["size"],
            sha256=row["content_hash"],
        )
        found.append(((row["batch"], row["document_id"]), rejected.row("")))
    return found


def _write_parts(intake: Intake, store: Store, work: Path, repeated: set[tuple[str, str]]) -> None:
    """`<work>/documents`: each batch as it is, or without the documents that are no longer (or twice) in the ledger."""
    wanted: dict[str, set[str]] = {}
    for batch, name in zip(
        intake.documents["batch"].to_pylist(), intake.documents["document_id"].to_pylist(), strict=True
    ):
        left = wanted.setdefault(batch, set())
        if (batch, name) not in repeated:
            left.add(name)
    for number, (batch, names) in enumerate(wanted.items()):
        path = work / "documents" / f"part-{number:05d}-{batch}.parquet"
        if len(names) == pq.read_metadata(store.documents(batch)).num_rows:
            link_or_copy(store.documents(batch), path)
        elif names:
            rows = read_part(store.documents(batch))
            rows = rows.filter(pc.is_in(rows["document_id"], pa.array(sorted(names), pa.string())))
            write_part(path, DOCUMENTS, rows)
