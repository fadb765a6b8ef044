"""Slow starts hidden behind other work: Great Expectations is imported in a helper process, models are loaded in a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tasks.validate.summary import ValidationSummary


class Checker(Protocol):
    """What checks the tables of a run."""

    def validate_stage(
        self, work: Path, stage: str, *, run_id: str, remembered: Path | None = None
    ) -> ValidationSummary:
        """Check the tables of a stage."""

    def write_quality_pages(self, work: Path) -> None:
        """Write the pages about all checks to `<work>/quality`."""


_ready: ContextVar[Checker | None] = ContextVar("ready", default=None)


@contextmanager
def started(model: str | None) -> Iterator[None]:
    """Start the helper process and the loading of the model now; a run within finds them ready."""
    with ExitStack() as stack:
        token = _ready.set(stack.enter_context(_start_checker()))
        stack.callback(_ready.reset, token)
        threading.Thread(target=_load_ahead, args=(model,), name="load-ahead", daemon=True).start()
        yield


@contextmanager
def checker() -> Iterator[Checker]:
    """The checker that was started ahead, else one started now."""
    ready = _ready.get()
    if ready is not None:
        yield ready
        return
    with _start_checker() as fresh:
        yield fresh


@contextmanager
def _start_checker() -> Iterator[Checker]:
    from tasks.validate.worker import ValidationWorker

    with ValidationWorker() as worker:
        yield worker


def _load_ahead(model: str | None) -> None:
    """Load what the stages keep loaded, in their order; whatever fails here fails again, and is told, where it is needed."""
    from contextlib import suppress

    with suppress(Exception):
        import tasks.clean.step
        from tasks.clean.language import identify

        identify("A sentence in some language or other, long enough to be told from the next.")
        from tasks.extract.engine import Reader

        Reader(model)
        import tasks.publish.step
        import tasks.resolve.step  # noqa: F401
