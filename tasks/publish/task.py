"""publish as a Prefect task. Writing can fail for a moment (network folders); trying again is safe, it starts from the run's work folder."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.publish import step
from tasks.retry import io_failed

publish_state = task(
    name="publish",
    task_run_name="publish · tables to {output}",
    retries=2,
    retry_delay_seconds=3,
    retry_condition_fn=io_failed,
    cache_policy=NO_CACHE,
    persist_result=False,
)(step.publish_state)
