"""A run's work folder becomes the next state of the ledger: whole, or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

from expectations.errors import LedgerError, TableError
from expectations.storage import read_part
from expectations.summary import StageSummary
from tasks.publish.ledger import INTAKE, PUBLISHED, QUALITY, Ledger, about_state
from tasks.publish.partitions import write_partitions
from tasks.store import link_or_copy

KEPT_STATES = 5


def publish_state(work: Path, output: Path, *, run_id: str, keep: int = KEPT_STATES) -> StageSummary:
    """Write the run's tables as a new state and switch the ledger to it in one step.

    Partition files that say the same as the published state's (`*_at` columns aside) are that state's own, hard-linked.
    Where all of them do, nothing is written and the published state stays.

    Args:
        work: The run's work folder; its `quality/` folder, where there is one, is published beside the tables.
        output: The ledger's folder; its lock must be held.
        run_id: The run.
        keep: How many states to keep, the new one included.

    Raises:
        LedgerError: The folder cannot be written (disk full, say); the published state stays as it was.
        TableError: A table is broken; likewise.
    """
    started = time.perf_counter()
    ledger = Ledger(output)
    before = ledger.current_state()
    draft = ledger.states / f".draft-{os.getpid()}"
    try:
        shutil.rmtree(draft, ignore_errors=True)
        rows = {name: write_partitions(work, draft, name) for name in PUBLISHED}
        fresh = [file for file in _table_files(draft) if not _reuse(draft, before, file)]
        whole = before is not None and about_state(before) is not None
        same = before is not None and whole and not fresh and _table_files(draft) == _table_files(before)
        if same and before is not None:
            state_id = before.name
        else:
            if (work / QUALITY).is_dir():
                shutil.copytree(work / QUALITY, draft / QUALITY)
            if (work / INTAKE).is_dir():
                shutil.copytree(work / INTAKE, draft / INTAKE, copy_function=link_or_copy)
            state_id = _commit(ledger, draft, before, run_id=run_id, rows=rows)
        ledger.link_tables()
        _drop_old_states(ledger, keep, before)
    except OSError as error:
        raise LedgerError(
            f"{output}: the new state could not be written ({error.strerror}: {error.filename}). "
            "The published tables are as before; make room or mend the folder, and run again."
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    total = sum(rows.values())
    return StageSummary(
        stage="publish",
        rows_in=total,
        rows_out=total,
        seconds=time.perf_counter() - started,
        details={**rows, "files_written": len(fresh)},
        messages=(f"state {state_id} stays: the tables are the same",) if same else (f"state {state_id}",),
    )


def read_state(ledger: Ledger) -> dict[str, Any] | None:
    """What `state.json` says of the published state; None where there is none, or where it or a file of it is missing or damaged."""
    folder = ledger.current_state()
    if folder is None:
        return None
    state = about_state(folder)
    if state is None:
        return None  # the next run writes it anew
    for name, file in state["files"].items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != file["bytes"]:
            return None
    whole = all((ledger.output / name).is_dir() for name in PUBLISHED)
    return state if whole else None


def _table_files(state: Path) -> list[str]:
    return sorted(str(path.relative_to(state)) for name in PUBLISHED for path in (state / name).glob("*.parquet"))


def _reuse(draft: Path, before: Path | None, file: str) -> bool:
    """Where the published state's file says the same, put it (hard-linked) in the place of the draft's."""
    if before is None or not (before / file).is_file() or not _says_the_same(draft / file, before / file):
        return False
    link_or_copy(before / file, draft / file)
    return True


def _says_the_same(new: Path, old: Path) -> bool:
    if new.stat().st_size == old.stat().st_size and new.read_bytes() == old.read_bytes():
        return True
    a = read_part(new)
    try:
        b = read_part(old)
    except TableError:
        return False  # it is damaged
    clocks = [name for name in a.column_names if name.endswith("_at")]
    if not clocks or a.num_rows != b.num_rows or not a.schema.equals(b.schema, check_metadata=True):
        return False
    return bool(a.drop_columns(clocks).equals(b.drop_columns(clocks)))


def _commit(ledger: Ledger, draft: Path, before: Path | None, *, run_id: str, rows: dict[str, int]) -> str:
    """Name the draft, make it durable and switch `current` to it."""
    numbers = [int(path.name.split("-")[0]) for path in ledger.state_folders()]
    state_id = f"{max(numbers, default=0) + 1:06}-{run_id[:12]}"
    files = {
        file: {
            "bytes": (draft / file).stat().st_size,
            "sha256": hashlib.sha256((draft / file).read_bytes()).hexdigest(),
        }
        for file in _table_files(draft)
    }
    state = {
        "state_id": state_id,
        "run_id": run_id,
        "previous": before.name if before else None,
        "published_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "rows": rows,
        "files": files,
    }
    (draft / "state.json").write_text(json.dumps(state, indent=1) + "\n", encoding="utf-8")
    for folder in [path for path in draft.rglob("*") if path.is_dir()]:
        _sync(folder)
    _sync(draft / "state.json")
    _sync(draft)
    draft.rename(ledger.states / state_id)
    _sync(ledger.states)
    ledger.link_tables()
    ledger.point_to(state_id)
    _sync(ledger.inner)
    return state_id


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _drop_old_states(ledger: Ledger, keep: int, before: Path | None) -> None:
    """The oldest go first, and the one that this state followed last: it need not be the newest, where a person went back."""
    current = ledger.current.readlink().name
    others = [path for path in ledger.state_folders() if path.name != current]
    others.sort(key=lambda path: before is not None and path.name == before.name)
    for path in others[: max(0, len(others) - (keep - 1))]:
        shutil.rmtree(path)
