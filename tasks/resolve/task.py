"""resolve as a Prefect task."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.resolve import step

resolve_incidents = task(
    name="resolve",
    task_run_name="resolve · mentions to incidents",
    cache_policy=NO_CACHE,
    persist_result=False,
)(step.resolve_incidents)
