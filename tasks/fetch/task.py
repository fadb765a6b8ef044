"""fetch as a Prefect task. Single requests are tried again within it; the task itself where the disk fails for a moment."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.tasks import exponential_backoff

from tasks.fetch import step
from tasks.retry import io_failed

fetch_sources = task(
    name="fetch",
    task_run_name="fetch · sources to files",
    retries=3,
    retry_delay_seconds=exponential_backoff(backoff_factor=5),
    retry_condition_fn=io_failed,
    cache_policy=NO_CACHE,
    persist_result=False,
)(step.fetch_sources)
