"""Slow starts hidden behind other work: Great Expectations is imported in a helper process, models are loaded in a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Protocol

from tasks.imports import uncollected

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


@dataclass(slots=True)
class Ahead:
    """What was started ahead of a run.

    Attributes:
        checker: What checks the tables.
        reads_here: Takes whether this process reads articles itself: only then it needs the reader.
    """

    checker: Checker
    reads_here: SimpleQueue[bool] = field(default_factory=SimpleQueue)


_ready: ContextVar[Ahead | None] = ContextVar("ready", default=None)


@contextmanager
def started(model: str | None) -> Iterator[None]:
    """Start the helper process and the loading of the model now; a run within finds them ready."""
    with _start_checker() as checker:
        ahead = Ahead(checker)
        token = _ready.set(ahead)
        threading.Thread(target=load_ahead, args=(model, ahead.reads_here), name="load-ahead", daemon=True).start()
        try:
            yield
        finally:
            ahead.reads_here.put(False)
            _ready.reset(token)


@contextmanager
def checker() -> Iterator[Checker]:
    """The checker that was started ahead, else one started now."""
    ready = _ready.get()
    if ready is not None:
        yield ready.checker
        return
    with _start_checker() as fresh:
        yield fresh


def tell_reader(here: bool) -> None:
    """Say whether this process will read articles itself, as soon as that is known."""
    if (ready := _ready.get()) is not None:
        ready.reads_here.put(here)


@contextmanager
def _start_checker() -> Iterator[Checker]:
    from tasks.validate.worker import ValidationWorker

    with ValidationWorker() as worker:
        yield worker


def load_ahead(model: str | None, reads_here: SimpleQueue[bool]) -> None:
    """Load what the stages keep loaded, in their order; whatever fails here fails again, and is told, where it is needed."""
    with suppress(Exception):
        with uncollected():
            import tasks.clean.step
            from tasks.clean.language import identify

            identify("A sentence in some language or other, long enough to be told from the next.")
            import tasks.extract.step
            import tasks.publish.step
            import tasks.resolve.step
        if reads_here.get():
            tasks.extract.step.load_reader(model)
