"""The one definition of the pipeline: the stages in order, and how a run goes through them, with Prefect or without."""

from __future__ import annotations

import datetime as dt
import importlib
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from expectations.errors import ConflictLedgerError, InputError, LedgerError
from flows import warm
from flows.identity import Rules, rules_of, run_id_of
from flows.parameters import RunParameters
from flows.record import RunRecord
from flows.warm import Checker
from tasks.memory import give_back
from tasks.publish.ledger import Ledger
from tasks.resolve.corrections import take_over
from tasks.store import Store

if TYPE_CHECKING:
    from expectations.summary import StageSummary
    from tasks.fetch.step import FetchSummary
    from tasks.validate.summary import ValidationSummary

SHOWN_REASONS = 10
Progress = Callable[[str, int, int], None]
# Who wants to hear how far a stage is: (stage, done, total). Set by the command line; runs in the background leave it alone.
progress: ContextVar[Progress | None] = ContextVar("progress", default=None)


@dataclass(frozen=True, slots=True)
class Run:
    """What the stages of one run have in common."""

    parameters: RunParameters
    run_id: str
    ledger: Ledger
    now: dt.datetime
    rules: Rules

    @property
    def previous(self) -> Path | None:
        """What the published state consists of, where this run adds to it."""
        return None if self.parameters.afresh else self.ledger.intake()

    @property
    def remembered(self) -> Path:
        """Where it is noted what these checks have found sound."""
        return self.ledger.store / "checked" / self.rules.checks

    @property
    def work(self) -> Path:
        """The run's work folder."""
        return self.ledger.work(self.run_id)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: `tasks.<name>.step.<function>` is the plain function, `tasks.<name>.task.<function>` its Prefect task.

    Attributes:
        name: Stage name.
        function: Name of the function, in both modules.
        arguments: The function's arguments in a run: paths and small values.
        checked: When its tables are validated: "after" it, or "before" it (publish: nothing unsound may get out).
    """

    name: str
    function: str
    arguments: Callable[[Run], dict[str, Any]]
    checked: Literal["after", "before"] = "after"

    def load(self, module: str) -> Callable[..., StageSummary]:
        """The plain function (`module="step"`) or the Prefect task (`module="task"`)."""
        function: Callable[..., StageSummary] = getattr(
            importlib.import_module(f"tasks.{self.name}.{module}"), self.function
        )
        return function


def _ingest_arguments(run: Run) -> dict[str, Any]:
    from tasks.ingest.settings import IngestSettings

    return {
        "inputs": run.parameters.inputs,
        "work": run.work,
        "run_id": run.run_id,
        "settings": IngestSettings(mapping=run.parameters.mapping, **_whole(run.parameters.limits)),
        "now": run.now,
        "store": run.ledger.store,
        "previous": run.previous,
        "reader": run.rules.ingest,
    }


def _clean_arguments(run: Run) -> dict[str, Any]:
    return _work_and_id(run) | _workers(run) | {"store": run.ledger.store, "rules": run.rules.clean}


def _workers(run: Run) -> dict[str, Any]:
    return {"workers": run.parameters.workers or os.cpu_count() or 1, "dask_address": run.parameters.dask_address}


def _whole(limits: dict[str, float]) -> dict[str, Any]:
    return {name: value if name.endswith("seconds") else int(value) for name, value in limits.items()}


def _extract_arguments(run: Run) -> dict[str, Any]:
    listener = progress.get()
    return {
        **_work_and_id(run),
        **_workers(run),
        "model": run.parameters.model,
        "progress": None if listener is None else lambda done, total: listener("extract", done, total),
        "store": run.ledger.store,
        "rules": run.rules.extract,
    }


def _work_and_id(run: Run) -> dict[str, Any]:
    return {"work": run.work, "run_id": run.run_id}


def _resolve_arguments(run: Run) -> dict[str, Any]:
    corrections = run.parameters.corrections_files()
    workers = _workers(run)["workers"]
    return _work_and_id(run) | {
        "workers": workers,
        "corrections": corrections,
        "store": run.ledger.store,
        "rules": run.rules.resolve,
    }


def _publish_arguments(run: Run) -> dict[str, Any]:
    return {
        "work": run.work,
        "output": run.ledger.output,
        "run_id": run.run_id,
        "keep": run.parameters.keep_states,
    }


STAGES = (
    Stage("ingest", "ingest_documents", _ingest_arguments),
    Stage("clean", "clean_documents", _clean_arguments),
    Stage("extract", "extract_mentions", _extract_arguments),
    Stage("resolve", "resolve_incidents", _resolve_arguments),
    Stage("publish", "publish_state", _publish_arguments, checked="before"),
)


class Runner(Protocol):
    """How the parts of a run are called: plainly, or as Prefect tasks."""

    def fetch(self, parameters: RunParameters, sources: Path, now: dt.datetime) -> FetchSummary:
        """Fetch what is new at the sources."""

    def call(self, stage: Stage, run: Run) -> StageSummary:
        """Run the stage."""

    def check(self, checker: Checker, stage: Stage, run: Run) -> ValidationSummary:
        """Check the stage's tables."""


class PlainRunner:
    """Calls the plain functions; Prefect is never imported."""

    def fetch(self, parameters: RunParameters, sources: Path, now: dt.datetime) -> FetchSummary:
        """Fetch what is new at the sources."""
        from tasks.fetch.step import fetch_sources

        return fetch_sources(sources, parameters.output, now=now, due=parameters.due)

    def call(self, stage: Stage, run: Run) -> StageSummary:
        """Run the stage."""
        return stage.load("step")(**stage.arguments(run))

    def check(self, checker: Checker, stage: Stage, run: Run) -> ValidationSummary:
        """Check the stage's tables."""
        return checker.validate_stage(run.work, stage.name, run_id=run.run_id, remembered=run.remembered)


def find_published(parameters: RunParameters) -> RunRecord | None:
    """Before any work: can a result be written, and is there anything to do at all?

    Returns:
        The record of the run that published the present state, where the same input and rules would only give it again.

    Raises:
        LedgerError: The output cannot be written, or another run holds it.
    """
    ledger = Ledger(parameters.output)
    ledger.prepare()
    if parameters.sources is not None:
        return None  # what there is to do is known when the sources have been asked
    # Held for a moment only, to refuse (or wait) early: looking takes longer, and must not get in the way of a run that writes.
    with ledger.locked(wait=parameters.wait):
        pass
    return _published_by(ledger, run_id_of(parameters), parameters)


def run_pipeline(parameters: RunParameters, runner: Runner) -> RunRecord:
    """Take the inputs through every stage and publish the result.

    Returns:
        What was done. Where the published state already says it all, that state's record, marked `unchanged`.

    Raises:
        LedgerError: The output cannot be written, or another run holds it.
        InputError: Nothing usable came in; the published state stays as it was.
        TableError: A table is broken; likewise.
    """
    ledger = Ledger(parameters.output)
    ledger.prepare()
    with ledger.locked(wait=parameters.wait):
        now = dt.datetime.now(dt.UTC)
        parameters, reports = _with_fetched(parameters, runner, now)
        run = Run(parameters, run_id_of(parameters), ledger, now, rules_of(parameters))
        if (record := _published_by(ledger, run.run_id, parameters)) is not None:
            record.sources = reports
            return record
        ledger.sweep()
        if parameters.again:
            Store(ledger.store).forget_readings()
        RunRecord.close_dead(ledger.runs)
        if parameters.corrections is not None:
            take_over(parameters.corrections_files()[0], parameters.corrections)
        record = RunRecord.begin(run.run_id, parameters, run.now)
        state = ledger.current_state()
        record.previous_state_id = state.name if state else None
        record.sources = reports
        record.save(ledger.runs)
        try:
            _run_stages(run, runner, record)
        except BaseException as error:
            record.fail(error if isinstance(error, ConflictLedgerError) else repr(error))
            with suppress(OSError):  # a full disk, say, which is the very error to tell
                record.save(ledger.runs)
            if isinstance(error, OSError):
                raise LedgerError(
                    f"{parameters.output}: could not go on ({error.strerror or error}). The published tables are as before; "
                    "make room or mend the folder, and run again: what was done already is not done again."
                ) from error
            raise
        record.save(ledger.runs)
        _tidy(run)
        return record


def _tidy(run: Run) -> None:
    """Remove the work folder, and from the store what no later run can use."""
    from tasks.ingest.intake import Intake

    shutil.rmtree(run.work, ignore_errors=True)
    folder = run.ledger.intake()
    intake = Intake.load(folder) if folder else None
    if intake is not None:
        Store(run.ledger.store).sweep(intake.batches(), (run.rules.clean, run.rules.extract))


def _with_fetched(
    parameters: RunParameters, runner: Runner, now: dt.datetime
) -> tuple[RunParameters, list[dict[str, Any]]]:
    """The parameters with what the sources have given as further inputs, and one dict a source of what it gave."""
    if parameters.sources is None:
        return parameters, []
    fetched = runner.fetch(parameters, parameters.sources, now)
    inputs = [*parameters.inputs, *(name for name in fetched.inputs if name not in parameters.inputs)]
    return parameters.model_copy(update={"inputs": inputs}), [report.as_dict() for report in fetched.reports]


def _published_by(ledger: Ledger, run_id: str, parameters: RunParameters) -> RunRecord | None:
    """The record behind the published state, where that comes from the same run and is whole."""
    from tasks.publish.step import read_state

    state = None if parameters.again else read_state(ledger)
    if state is None or state["run_id"] != run_id:
        return None
    record = RunRecord.load(ledger.runs, run_id)
    return None if record is None or record.status != "published" else record.as_unchanged(parameters)


def _run_stages(run: Run, runner: Runner, record: RunRecord) -> None:
    """The stages one after the other, each checked before the next."""
    run.work.mkdir(parents=True)
    with warm.checker() as checker:
        for stage in STAGES:
            if stage.checked == "before":
                _check(run, runner, record, checker, stage)
                checker.write_quality_pages(run.work)
            started = time.perf_counter()
            summary = runner.call(stage, run)
            give_back()
            record.add_stage(summary, time.perf_counter() - started)
            if stage.name == "ingest":
                if not summary.rows_out:
                    raise InputError(_nothing_usable(summary))
                warm.tell_reader(here=_reads_here(run, summary.rows_out))
            if stage.checked == "after":
                _check(run, runner, record, checker, stage)
    state = run.ledger.current_state()
    record.finish(state.name if state else None)


def _reads_here(run: Run, documents: int) -> bool:
    """Whether this process will read articles itself, as far as that can be told from the number of documents."""
    from tasks.extract.step import WORTH_A_PROCESS

    how = _workers(run)
    return documents < WORTH_A_PROCESS or (how["workers"] == 1 and how["dask_address"] is None)


def _nothing_usable(summary: StageSummary) -> str:
    """Why no input could be used, a line each for the first ones."""
    lines = ["nothing usable came in, and nothing is published.", *summary.messages[:SHOWN_REASONS]]
    if summary.rows_in > SHOWN_REASONS:
        lines.append(f"and {summary.rows_in - SHOWN_REASONS:,} more")
    return "\n  ".join(lines)


def _check(run: Run, runner: Runner, record: RunRecord, checker: Checker, stage: Stage) -> None:
    started = time.perf_counter()
    record.add_checks(runner.check(checker, stage, run), time.perf_counter() - started)
