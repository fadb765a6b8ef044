"""The Prefect flow: the pipeline's stages as tasks, with artifacts that tell what was found."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from prefect.runtime import flow_run

from flows.parameters import RunParameters
from flows.pipeline import Run, Stage, run_pipeline
from flows.record import RunRecord
from flows.report import checks_rows, incident_rows, markdown_summary, stage_line
from flows.warm import Checker

if TYPE_CHECKING:
    from expectations.summary import StageSummary
    from tasks.fetch.step import FetchSummary
    from tasks.validate.summary import ValidationSummary

ARTIFACT_ROWS = 200  # what a person scrolls through; the tables hold the rest


class PrefectRunner:
    """Calls the stages as Prefect tasks."""

    def fetch(self, sources: Path, output: Path, now: dt.datetime) -> FetchSummary:
        """Fetch what is new at the sources."""
        from tasks.fetch.task import fetch_sources

        summary: FetchSummary = fetch_sources(sources, output, now=now)
        for line in summary.lines():
            get_run_logger().info(line)
        return summary

    def call(self, stage: Stage, run: Run) -> StageSummary:
        """Run the stage's task."""
        summary: StageSummary = stage.load("task")(**stage.arguments(run))
        get_run_logger().info(stage_line(summary.as_dict()))
        return summary

    def check(self, checker: Checker, stage: Stage, run: Run) -> ValidationSummary:
        """Check the stage's tables in a task of its own."""
        check = task(
            name="validate",
            task_run_name=f"validate · {stage.checked} {stage.name}",
            cache_policy=NO_CACHE,
            persist_result=False,
        )(checker.validate_stage)
        summary: ValidationSummary = check(run.work, stage.name, run_id=run.run_id, remembered=run.remembered)
        return summary


def _flow_run_name() -> str:
    parameters = flow_run.parameters["run"]
    run = parameters if isinstance(parameters, RunParameters) else RunParameters.model_validate(parameters)
    more = f" and {len(run.inputs) - 1} more" if len(run.inputs) > 1 else ""
    first = run.inputs[0] if run.inputs else run.sources
    return f"{first}{more} → {run.output}"


@flow(name="conflict-ledger", flow_run_name=_flow_run_name, persist_result=False)
def conflict_ledger(run: RunParameters) -> RunRecord:
    """Read news articles on armed conflict and publish tables of articles, mentions, figures and incidents, each checked."""
    record = run_pipeline(run, PrefectRunner())
    logger = get_run_logger()
    if record.unchanged:
        logger.info("Nothing to do: state %s already comes from this input and these rules.", record.state_id)
    _write_artifacts(run, record)
    return record


def _write_artifacts(run: RunParameters, record: RunRecord) -> None:
    create_markdown_artifact(
        key="ledger-summary", markdown=markdown_summary(record), description="What the run read, found and held back."
    )
    checks: list[dict[str, Any]] = checks_rows(run.output)
    create_table_artifact(
        key="ledger-checks", table=checks, description="Every check of every table; failed ones first."
    )
    incidents = incident_rows(run.output)
    create_table_artifact(
        key="ledger-incidents",
        table=incidents[:ARTIFACT_ROWS],
        description=f"{len(incidents)} incidents, by date"
        + (f"; the first {ARTIFACT_ROWS}" if len(incidents) > ARTIFACT_ROWS else ""),
    )
