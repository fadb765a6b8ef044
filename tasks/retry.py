"""When trying a task again may help: after a failure of input or output or of a process, never after one of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prefect import Task
    from prefect.client.schemas.objects import State, TaskRun


def io_failed(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether a Prefect task run's state is a failure that an `OSError` is at the bottom of."""
    if state.name == "TimedOut":  # its error is an OSError, too, and it would take as long again
        return False
    return _caused_by(state, OSError)


def worker_died(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether one of a stage's processes was killed, for lack of memory say; batches that were done are not done again."""
    from concurrent.futures import BrokenExecutor

    return state.name != "TimedOut" and _caused_by(state, BrokenExecutor)


def _caused_by(state: State[Any], kind: type[BaseException]) -> bool:
    error = state.result(raise_on_failure=False)
    while isinstance(error, BaseException):
        if isinstance(error, kind):
            return True
        error = error.__cause__
    return False
