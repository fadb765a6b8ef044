"""The stage: inputs to `documents` parts, with every input that is held back recorded in `quarantine`."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from expectations.errors import InputError
from expectations.storage import write_part
from expectations.summary import StageSummary
from expectations.tables import DOCUMENTS, QUARANTINE
from tasks.ingest.discover import discover
from tasks.ingest.readers import READERS
from tasks.ingest.reading import read_source
from tasks.ingest.settings import IngestSettings
from tasks.ingest.source import Document, Rejected

QUARANTINE_ROWS = 5_000


@dataclass(slots=True)
class _Parts:
    """Collects rows and writes them out part by part."""

    work: Path
    run_id: str
    now: datetime
    settings: IngestSettings
    documents: list[dict[str, object]] = field(default_factory=list)
    held_bytes: int = 0
    rejected: list[dict[str, object]] = field(default_factory=list)
    document_parts: int = 0
    rejected_parts: int = 0

    def add(self, document: Document) -> None:
        self.documents.append(document.row(self.now))
        self.held_bytes += len(document.content)
        if len(self.documents) >= self.settings.batch_documents or self.held_bytes >= self.settings.batch_bytes:
            self._write_documents()

    def reject(self, rejected: Rejected) -> None:
        self.rejected.append(rejected.row(self.run_id))
        if len(self.rejected) >= QUARANTINE_ROWS:
            self._write_rejected()

    def close(self) -> None:
        if self.documents:
            self._write_documents()
        if self.rejected:
            self._write_rejected()

    def _write_documents(self) -> None:
        write_part(self.work / "documents" / f"part-{self.document_parts:05d}.parquet", DOCUMENTS, self.documents)
        self.document_parts += 1
        self.documents, self.held_bytes = [], 0

    def _write_rejected(self) -> None:
        write_part(self.work / "quarantine" / f"ingest-{self.rejected_parts:05d}.parquet", QUARANTINE, self.rejected)
        self.rejected_parts += 1
        self.rejected = []


def ingest_documents(
    inputs: Sequence[str], work: Path, *, run_id: str, settings: IngestSettings, now: datetime
) -> StageSummary:
    """Reads files and folders into `<work>/documents`, whatever is held back into `<work>/quarantine`.

    Args:
        inputs: Files and folders; folders are read recursively.
        work: The run's work folder.
        run_id: The run.
        settings: Field names and limits.
        now: Time of reading (UTC), for `ingested_at`.

    Returns:
        Counts; `rows_in` counts every input or record met. `details` counts the rejections by their check.

    Raises:
        SettingsError: An input does not exist.
        InputError: Nothing to read was found at all.
    """
    started = time.perf_counter()
    for stale in (*(work / "documents").glob("*.parquet"), *(work / "quarantine").glob("ingest-*.parquet")):
        stale.unlink()
    parts = _Parts(work, run_id, now, settings)
    seen: dict[str, str] = {}
    out = duplicates = sources = 0
    checks: Counter[str] = Counter()
    messages: list[str] = []
    for found in discover(inputs):
        sources += 1
        for item in [found] if isinstance(found, Rejected) else read_source(found, settings):
            if isinstance(item, Document):
                first = seen.setdefault(item.content_hash, item.location)
                if first == item.location:
                    parts.add(item)
                    out += 1
                    continue
                item = _duplicate(item, first)
                duplicates += 1
            checks[item.check] += 1
            messages.append(item.reason)
            parts.reject(item)
            del messages[100:]
    if not sources:
        known = " ".join(READERS)
        raise InputError(f"{', '.join(inputs)}: nothing to read was found. Known kinds of files are {known}.")
    parts.close()
    held = sum(checks.values()) - duplicates
    return StageSummary(
        stage="ingest",
        rows_in=out + held + duplicates,
        rows_out=out,
        quarantined=held,
        duplicates=duplicates,
        seconds=time.perf_counter() - started,
        details={"sources": sources, **{check: checks[check] for check in sorted(checks)}},
        messages=tuple(messages),
    )


def _duplicate(document: Document, first: str) -> Rejected:
    record = None if document.record == 0 and document.given_id is None else document.record
    rejected = Rejected(
        document.uri,
        "duplicate_document",
        f"{document.location.removesuffix('#0')}: the same document as {first.removesuffix('#0')}; read once.",
        record=record,
        value=first,
        size=len(document.content),
        sha256=document.content_hash,
    )
    return replace(rejected, record=document.record) if document.record else rejected
