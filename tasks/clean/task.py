"""clean as a Prefect task."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.clean import step

clean_documents = task(
    name="clean",
    task_run_name="clean · documents to articles",
    cache_policy=NO_CACHE,
    persist_result=False,
)(step.clean_documents)
