"""ingest as a Prefect task. Reading can fail for a moment (network folders), so it is tried again."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.ingest import step
from tasks.retry import io_failed

ingest_documents = task(
    name="ingest",
    task_run_name="ingest · files to documents",
    retries=2,
    retry_delay_seconds=3,
    retry_condition_fn=io_failed,
    cache_policy=NO_CACHE,
    persist_result=False,
)(step.ingest_documents)
