"""extract as a Prefect task: one for all batches; it fans out to processes itself."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.extract import step

extract_mentions = task(
    name="extract",
    task_run_name="extract · articles to mentions · {workers} workers",
    cache_policy=NO_CACHE,
    persist_result=False,
)(step.extract_mentions)
