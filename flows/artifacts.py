"""What a flow run leaves in the Prefect UI: a summary with what changed, tables of what matters, progress of long stages.

Each has a stable key, a ledger, so that the UI shows its history.
"""

from __future__ import annotations

import bisect
import datetime as dt
import itertools
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.logging import get_run_logger

from expectations.wording import counted
from flows.changes import Changes, count_rows, evidence_of, incident_changes, latest_incidents
from flows.naming import artifact_key
from flows.report import checks_rows, incident_row, markdown_summary, markdown_text, quarantine_reasons
from tasks.publish.ledger import Ledger

if TYPE_CHECKING:
    from uuid import UUID

    from flows.parameters import RunParameters
    from flows.record import RunRecord

SHOWN_ROWS: Final = 200  # what a person scrolls through; the tables hold the rest
SHOWN_NEW: Final = 50  # with their evidence
_EVIDENCE_CHARACTERS: Final = 600
_INCIDENT_ORDER: Final = (
    "date",
    "place",
    "country",
    "killed",
    "injured",
    "event",
    "perpetrator",
    "verification",
    "reported by",
    "incident",
)
_UPDATE_SECONDS: Final = 5.0
_LOG_SECONDS: Final = 10.0
_FEW_BATCHES: Final = 20  # so many are logged one by one


def write_artifacts(run: RunParameters, record: RunRecord) -> None:
    """All artifacts of a run that published, or had nothing to do.

    The ledger is published by now: trouble with the Prefect server is told, and does not make the run a failed one.
    """
    changes = Changes() if record.unchanged else _changes(run, record)
    create_markdown_artifact(
        key=artifact_key(run.output, "summary"),
        markdown=markdown_summary(record, changes),
        description="What the run read, found, changed and held back.",
    )
    if run.sources is not None:
        _table(artifact_key(run.output, "sources"), source_rows(run, record), "The health of each source.")
    if record.unchanged:
        return
    _table(
        artifact_key(run.output, "checks"), checks_rows(run.output), "Every check of every table; failed ones first."
    )
    _write_quarantine(run.output)
    _write_incidents(run.output, record, changes)


def write_failure(run: RunParameters, error: Exception) -> None:
    """The summary of a run that failed."""
    state = Ledger(run.output).current
    stands = (
        f"The tables stand as they were (state `{state.readlink().name}`)." if state.is_symlink() else "No tables yet."
    )
    markdown = f"# Conflict Ledger\n\n**Failed**: nothing was published. {stands}\n\n```text\n{error}\n```\n"
    create_markdown_artifact(
        key=artifact_key(run.output, "summary"), markdown=markdown, description="Why the run failed."
    )


def _table(key: str, rows: list[dict[str, Any]], description: str) -> None:
    create_table_artifact(key=key, table=rows, description=description)


def _changes(run: RunParameters, record: RunRecord) -> Changes:
    ledger = Ledger(run.output)
    new = ledger.states / (record.state_id or "")
    return incident_changes(_kept(ledger, record.previous_state_id), new, shown=SHOWN_NEW)


def _kept(ledger: Ledger, state_id: str | None) -> Path | None:
    folder = ledger.states / state_id if state_id else None
    return folder if folder is not None and folder.is_dir() else None


def _write_quarantine(output: Path) -> None:
    rows = quarantine_reasons(output)
    more = f"; the first {SHOWN_ROWS}, the table `quarantine` has all" if len(rows) > SHOWN_ROWS else ""
    names = ("reason", "stage", "table", "check", "row_key")  # what a person wants first: cells do not wrap
    shown = [{name: row[name] for name in names} for row in rows[:SHOWN_ROWS]]
    _table(
        artifact_key(output, "quarantine"),
        shown,
        f"{counted(len(rows), 'input or row', 'inputs and rows')} held back{more}.",
    )


def _write_incidents(output: Path, record: RunRecord, changes: Changes) -> None:
    total = count_rows(output, "incidents")
    shown_rows = (incident_row(row) for row in latest_incidents(output, SHOWN_ROWS))
    # What a person wants first: cells do not wrap, and long ids and names push the rest off the screen.
    rows = [{name: row[name] for name in _INCIDENT_ORDER} for row in shown_rows]
    more = f"; the latest {SHOWN_ROWS}" if total > SHOWN_ROWS else ", the latest first"
    _table(artifact_key(output, "incidents"), rows, f"{counted(total, 'incident')}{more}.")
    shown = changes.new[:SHOWN_NEW]
    number = len(changes.new) if changes.first is None else changes.first
    ledger = Ledger(output)
    state, old = ledger.states / (record.state_id or ""), _kept(ledger, record.previous_state_id)
    evidence = evidence_of(state, [row["incident_id"] for row in shown], old)
    lines = [line for row in shown for line in _told(row, evidence.get(row["incident_id"], []))]
    if number > len(shown):
        lines.append(f"and {number - len(shown):,} more; these are the latest.")
    create_markdown_artifact(
        key=artifact_key(output, "new-incidents"),
        markdown="\n".join([f"# {counted(number, 'new incident')}", "", *lines]),
        description="What the last run added, with the sentences that report it.",
    )


def _told(incident: dict[str, Any], sentences: list[str]) -> list[str]:
    """An incident in Markdown: a table would cut its evidence off."""
    row = incident_row(incident)
    what = (row["date"], row["place"], row["event"])
    counts = [f"{row[name]} {name}" for name in ("killed", "injured") if row[name]]
    told = [*counts, row["perpetrator"], row["verification"].replace("_", " "), f"`{row['incident']}`"]
    return [
        f"### {markdown_text(' · '.join(text for text in what if text))}",
        "",
        " · ".join(text if text.startswith("`") else markdown_text(text) for text in told if text),
        "",
        f"> {markdown_text(_quoted(sentences))}",
        "",
    ]


def _quoted(sentences: list[str]) -> str:
    text = " ".join(f"“{' '.join(sentence.split())}”" for sentence in sentences)
    return text if len(text) <= _EVIDENCE_CHARACTERS else text[: _EVIDENCE_CHARACTERS - 1] + "…"


def source_rows(run: RunParameters, record: RunRecord) -> list[dict[str, Any]]:
    """One row a source: its state over time, and what it gave in this run."""
    from tasks.fetch.step import check_sources

    if run.sources is None:
        return []
    now = {report["name"]: report for report in record.sources}
    rows = []
    for row in check_sources(run.sources, run.output, now=dt.datetime.now(dt.UTC)):
        report = now.get(row["source"], {})
        shown = {name: row[name] for name in ("source", "state")}
        shown |= {"this run": str(report.get("status", "")).replace("_", " "), "new": report.get("new", 0)}
        # What a person wants first: cells do not wrap.
        shown |= {name: row[name] for name in ("failures", "good_at", "error", "kind", "stored", "waiting", "given_up")}
        rows.append({name.replace("_", " "): "" if value is None else value for name, value in shown.items()})
    return sorted(rows, key=lambda row: row["state"] in ("good", "never checked"))


class StageProgress:
    """Shows how far a stage is: a progress artifact of its task run, and a log line a batch.

    Args:
        key: Of the artifact.
        sizes: How many articles each batch has.
        more: Who else wants to hear of it.
    """

    def __init__(self, key: str, sizes: list[int], more: Callable[[str, int, int], None] | None) -> None:
        self._key, self._sizes, self._more = key, sizes, more
        self._ends = list(itertools.accumulate(sizes))
        self._batch = 0
        self._artifact: UUID | None = None
        self._updated = self._logged = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Hear how many articles are done; within the stage's task."""
        if self._more is not None:
            self._more(stage, done, total)
        last, before = done >= total, self._batch
        self._batch = bisect.bisect_right(self._ends, done)
        at = min(self._batch + (not last), len(self._sizes))
        name = f"{stage} · batch {at}/{len(self._sizes)} · {counted(self._sizes[at - 1], 'article')}"
        few = len(self._sizes) <= _FEW_BATCHES and self._batch > before
        if last or few or time.monotonic() - self._logged > _LOG_SECONDS:
            self._logged = time.monotonic()
            get_run_logger().info("%s; %s of %s done", name, f"{done:,}", f"{total:,}")
        if last or time.monotonic() - self._updated > _UPDATE_SECONDS:
            self._updated = time.monotonic()
            self._show(100.0 * done / max(total, 1), f"{name}; {done:,} of {total:,} done")

    def _show(self, percent: float, description: str) -> None:
        if self._artifact is None:
            made = create_progress_artifact(progress=percent, key=self._key, description=description)
            self._artifact = made  # type: ignore[assignment]  # plain code gets the id itself, asynchronous code a coroutine
        else:
            update_progress_artifact(self._artifact, progress=percent, description=description)
