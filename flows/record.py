"""The manifest of a run: what it read, did, found and how long it took; kept as JSON beside the states."""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from expectations.summary import StageSummary
    from flows.parameters import RunParameters
    from tasks.validate.summary import ValidationSummary


@dataclass(slots=True)
class RunRecord:
    """One run.

    Attributes:
        run_id: Name of the run, from its input, settings and rules.
        status: running, published, failed (with `error`), or died (killed before it could say so).
        parameters: The parameters, as JSON values.
        versions: Libraries that decide what the tables say.
        started_at: When it started (UTC, ISO 8601).
        finished_at: When it ended; None: it has not.
        stages: One dict a stage: its `StageSummary`, with the wall time as seen from outside.
        checks: One dict a checked stage: its validation summary.
        state_id: The published state.
        previous_state_id: The state that was published before it.
        error: Why it failed.
        unchanged: Whether nothing had to be done, because the published state already came from the same input.
        sources: One dict a source that was fetched from: what it gave, and what failed.
    """

    run_id: str
    status: str
    parameters: dict[str, Any]
    versions: dict[str, str]
    started_at: str
    finished_at: str | None = None
    stages: list[dict[str, Any]] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    state_id: str | None = None
    previous_state_id: str | None = None
    error: str | None = None
    unchanged: bool = False
    sources: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def begin(cls, run_id: str, parameters: RunParameters, now: dt.datetime) -> RunRecord:
        """The record of a run that starts."""
        from tasks.versions import library_versions

        return cls(
            run_id=run_id,
            status="running",
            parameters=parameters.model_dump(mode="json"),
            versions=library_versions(),
            started_at=now.isoformat(timespec="seconds"),
        )

    @classmethod
    def load(cls, folder: Path, run_id: str) -> RunRecord | None:
        """The saved record of a run; None where there is none that can be read."""
        try:
            return cls(**json.loads((folder / f"{run_id}.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    @classmethod
    def close_dead(cls, folder: Path) -> None:
        """Mark runs that say they are running as dead. Only with the ledger's lock held: then nothing else runs."""
        for path in folder.glob("*.json"):
            record = cls.load(folder, path.stem)
            if record is not None and record.status == "running":
                record.status = "died"
                record.save(folder)

    def save(self, folder: Path) -> None:
        """Write the record, whole or not at all."""
        path = folder / f"{self.run_id}.json"
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_text(json.dumps(self.as_dict(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        draft.replace(path)

    def as_dict(self) -> dict[str, Any]:
        """A plain dict for JSON."""
        return asdict(self)

    def as_unchanged(self, parameters: RunParameters) -> RunRecord:
        """The same record, told by a run that had nothing to do."""
        return replace(self, unchanged=True, parameters=parameters.model_dump(mode="json"))

    def add_stage(self, summary: StageSummary, seconds: float) -> None:
        """Note what a stage did."""
        self.stages.append(summary.as_dict() | {"seconds": round(seconds, 3)})

    def add_checks(self, summary: ValidationSummary, seconds: float) -> None:
        """Note what the checks of a stage's tables found."""
        self.checks.append(summary.as_dict() | {"seconds": round(seconds, 3)})

    def finish(self, state_id: str | None) -> None:
        """Note that the state is published."""
        self.status = "published"
        self.state_id = state_id
        self._stop()

    def fail(self, error: object) -> None:
        """Note that it failed, and why."""
        self.status = "failed"
        self.error = str(error)
        self._stop()

    def _stop(self) -> None:
        self.finished_at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")

    @property
    def seconds(self) -> float:
        """Wall time of stages and checks."""
        return float(sum(part["seconds"] for part in (*self.stages, *self.checks)))
