"""What flow and task runs are called in the Prefect UI: what is done to how much."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.storage import part_paths
from expectations.wording import counted
from flows.changes import count_rows

if TYPE_CHECKING:
    from flows.parameters import RunParameters
    from flows.pipeline import Run, Stage

_SHOWN_INPUTS = 2


def flow_name(parameters: RunParameters) -> str:
    """A flow run: "articles and 3 more → ledger"."""
    return f"{_inputs_of(parameters)} → {_short(str(parameters.output))}"


def artifact_key(output: Path, what: str) -> str:
    """The key of a ledger's artifact, from the name of its folder: ledgers on one server have histories of their own."""
    folder = re.sub(r"[^a-z0-9]+", "-", output.absolute().name.lower()).strip("-")
    return f"{folder or 'ledger'}-{what}"


def task_name(stage: Stage, run: Run) -> str:
    """The task run of a stage, from what lies ready for it: "clean · 1,204 documents"."""
    return f"{stage.name} · {_matter_of(stage.name, run)}"


def _matter_of(stage: str, run: Run) -> str:
    work = run.work
    if stage == "ingest":
        return _inputs_of(run.parameters)
    if stage == "clean":
        return counted(count_rows(work, "documents"), "document")
    if stage == "extract":
        batches = len(part_paths(work, "articles"))
        workers = run.parameters.workers or os.cpu_count() or 1
        hands = "Dask" if run.parameters.dask_address else counted(workers, "worker")
        articles = counted(count_rows(work, "articles"), "article")
        return f"{articles} in {counted(batches, 'batch', 'batches')} · {hands}"
    if stage == "resolve":
        return f"{counted(count_rows(work, 'mentions'), 'mention')} to incidents"
    return f"{counted(count_rows(work, 'incidents'), 'incident')} to {_short(str(run.parameters.output))}"


def _inputs_of(parameters: RunParameters) -> str:
    names = [_short(name) for name in parameters.inputs]
    if parameters.sources is not None and not names:
        names = [_short(str(parameters.sources))]
    more = f" and {len(names) - _SHOWN_INPUTS} more" if len(names) > _SHOWN_INPUTS else ""
    return ", ".join(names[:_SHOWN_INPUTS]) + more


def _short(name: str) -> str:
    """A path as given where that is short, else its last two parts."""
    parts = Path(name).parts
    return name if "://" in name or len(parts) <= 2 else "/".join(parts[-2:])
