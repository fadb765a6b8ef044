"""When trying a task again may help: after a failure of input or output, never after one of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prefect import Task
    from prefect.client.schemas.objects import State, TaskRun


def io_failed(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether a Prefect task run's state is a failure that an `OSError` is at the bottom of."""
    if state.name == "TimedOut":  # its error is an OSError, too, and it would take as long again
        return False
    error = state.result(raise_on_failure=False)
    while isinstance(error, BaseException):
        if isinstance(error, OSError):
            return True
        error = error.__cause__
    return False
