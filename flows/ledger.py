"""The Prefect flow: the pipeline's stages as tasks, with names, logs and artifacts that tell what was found."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from prefect.runtime import deployment, flow_run
from prefect.task_engine import TaskRunTimeoutError

from expectations.errors import ConflictLedgerError, SettingsError
from expectations.storage import part_paths
from flows.artifacts import StageProgress, write_artifacts, write_failure
from flows.failure import tell_failure
from flows.naming import artifact_key, flow_name, task_name
from flows.parameters import RunParameters
from flows.pipeline import Run, Stage, progress, run_pipeline
from flows.record import RunRecord
from flows.report import checks_line, stage_line
from flows.warm import Checker

if TYPE_CHECKING:
    from expectations.summary import StageSummary
    from tasks.fetch.step import FetchSummary
    from tasks.validate.summary import ValidationSummary

SHOWN_MESSAGES = 10  # of a stage in the log; quarantine has all
CLEARING_SECONDS = 15  # for a stage that ran out of time to end by itself


class PrefectRunner:
    """Calls the stages as Prefect tasks."""

    def fetch(self, parameters: RunParameters, sources: Path, now: dt.datetime) -> FetchSummary:
        """Fetch what is new at the sources."""
        from tasks.fetch.settings import load_sources
        from tasks.fetch.task import fetch_sources

        number = len(load_sources(sources).source)
        options = _options(parameters, "fetch", f"fetch · {number:,} source{'s' * (number != 1)}")
        with _limited("fetch", parameters):
            summary: FetchSummary = fetch_sources.with_options(**options)(
                sources, parameters.output, now=now, due=parameters.due
            )
        logger = get_run_logger()
        for report, line in zip(summary.reports, summary.lines(), strict=True):
            (logger.warning if report.failed or report.reasons else logger.info)("fetch: %s", line)
        return summary

    def call(self, stage: Stage, run: Run) -> StageSummary:
        """Run the stage's task."""
        key = artifact_key(run.parameters.output, "progress")
        listener = StageProgress(key, _batch_sizes(run.work), progress.get())
        token = progress.set(listener)
        try:
            called = stage.load("task").with_options(**_options(run.parameters, stage.name, task_name(stage, run)))  # type: ignore[attr-defined]
            with _limited(stage.name, run.parameters):
                summary: StageSummary = called(**stage.arguments(run))
        finally:
            progress.reset(token)
        get_run_logger().info(stage_line(summary.as_dict()))
        if summary.quarantined:
            _log_warnings(summary.messages, f"quarantine in {run.parameters.output}")
        return summary

    def check(self, checker: Checker, stage: Stage, run: Run) -> ValidationSummary:
        """Check the stage's tables in a task of its own."""
        name = f"validate · {stage.checked} {stage.name}"
        check = task(name="validate", cache_policy=NO_CACHE, persist_result=False)(checker.validate_stage)
        with _limited("validate", run.parameters):
            summary: ValidationSummary = check.with_options(**_options(run.parameters, "validate", name))(
                run.work, stage.name, run_id=run.run_id, remembered=run.remembered
            )
        get_run_logger().info("%s: %s", name, checks_line(summary))
        _log_warnings((*summary.messages, *summary.warnings), f"quality/index.html in {run.parameters.output}")
        return summary


def _batch_sizes(work: Path) -> list[int]:
    return [pq.read_metadata(path).num_rows for path in part_paths(work, "articles")]


def _options(parameters: RunParameters, stage: str, name: str) -> dict[str, Any]:
    minutes = parameters.stage_minutes.get(stage)
    # Prefect takes braces in names for places to fill in.
    named = {"task_run_name": name.replace("{", "{{").replace("}", "}}")}
    return named if minutes is None else named | {"timeout_seconds": minutes * 60}


@contextmanager
def _limited(stage: str, parameters: RunParameters) -> Iterator[None]:
    """Tell of a stage that has run out of time; end the helper processes that it still waits for then, one of which may hang."""
    minutes = parameters.stage_minutes.get(stage)
    if minutes is None:
        yield
        return

    def end() -> None:
        for child in multiprocessing.active_children():
            child.kill()

    timer = threading.Timer(minutes * 60 + CLEARING_SECONDS, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except TaskRunTimeoutError as error:
        raise ConflictLedgerError(
            f"{stage}: given up after {minutes:g} min, as stage_minutes says. The published tables are as before, and what "
            "was done is not done again; run again, with a higher limit where it works rather than hangs."
        ) from error
    finally:
        timer.cancel()


def _log_warnings(lines: tuple[str, ...], where: str) -> None:
    logger = get_run_logger()
    for line in lines[:SHOWN_MESSAGES]:
        logger.warning(line)
    if len(lines) > SHOWN_MESSAGES:
        logger.warning("and %s more: %s", f"{len(lines) - SHOWN_MESSAGES:,}", where)


def _flow_run_name() -> str:
    given = flow_run.parameters["run"]
    return flow_name(given if isinstance(given, RunParameters) else RunParameters.model_validate(given))


def _refuse_relative_paths(run: RunParameters) -> None:
    """A worker starts a deployment's runs in a passing folder: a ledger that is written there would be gone with it."""
    paths = run.relative_paths()
    if paths and deployment.id:
        raise SettingsError(f"{', '.join(paths)}: runs of a deployment need whole paths, such as /srv/articles.")


@flow(
    name="conflict-ledger",
    flow_run_name=_flow_run_name,
    persist_result=False,
    on_failure=[tell_failure],
    on_crashed=[tell_failure],
)
def conflict_ledger(run: RunParameters) -> RunRecord:
    """Read news articles on armed conflict and publish tables of articles, mentions, figures and incidents, each checked."""
    logger = get_run_logger()
    _refuse_relative_paths(run)
    try:
        record = run_pipeline(run, PrefectRunner())
    except ConflictLedgerError as error:
        with suppress(Exception):  # the error itself is what has to be told
            write_failure(run, error)
        raise
    if record.unchanged:
        logger.info("Nothing to do: state %s already comes from this input and these rules.", record.state_id)
    else:
        logger.info("Published state %s in %s after %.1f s.", record.state_id, run.output, record.seconds)
    try:
        write_artifacts(run, record)
    except Exception as error:  # the ledger is published: trouble with Prefect's server does not make that a failure
        logger.warning("The artifacts could not be written (%s: %s).", type(error).__name__, error)
    return record
