"""The steps of the pipeline: pure functions, and one thin Prefect task a step."""
