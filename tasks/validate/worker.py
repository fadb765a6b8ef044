"""One helper process that imports Great Expectations at once, while the main process does something else, and then checks."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from expectations.errors import ConflictLedgerError
from tasks.helpers import end_with_parent
from tasks.imports import uncollected
from tasks.memory import give_back
from tasks.validate.summary import ValidationSummary

T = TypeVar("T")


class ValidationWorker:
    """Context manager: starts the helper on entry, ends it on exit; calls come back with their result or their error.

    The helper is a fresh process (spawn), so that it shares no locks, threads or open files with this one. Should this
    process die without saying so, the helper ends by itself.
    """

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_prepare)
        self._pool.submit(_warm)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        # Every call waits for its result: whatever the helper still does now (its imports, say), nobody asks for it.
        for process in list((getattr(pool, "_processes", None) or {}).values()):
            process.terminate()
        pool.shutdown(wait=True, cancel_futures=True)

    def validate_stage(
        self, work: Path, stage: str, *, run_id: str, remembered: Path | None = None
    ) -> ValidationSummary:
        """`tasks.validate.step.validate_stage` in the helper.

        Raises:
            ConflictLedgerError: As the function itself; and if the helper died.
        """
        return self._result(
            self._running().submit(_validate, work, stage, run_id, remembered), f"checking the tables of {stage}"
        )

    def write_quality_pages(self, work: Path) -> None:
        """`tasks.validate.pages.write_quality_pages` in the helper: writes `<work>/quality`."""
        self._result(self._running().submit(_write_pages, work), "writing the quality pages")

    def _running(self) -> ProcessPoolExecutor:
        if self._pool is None:
            raise ConflictLedgerError("The checks' helper process is not running: use it inside its `with` block.")
        return self._pool

    def _result(self, future: Future[T], what: str) -> T:
        try:
            return future.result()
        except BrokenProcessPool as error:
            raise ConflictLedgerError(
                f"The helper process died while {what} (killed, or out of memory?). Nothing is published; run again."
            ) from error


def _prepare() -> None:
    """In the helper: leave Ctrl-C to the main process, and end when that one is gone."""
    from tqdm import tqdm  # type: ignore[import-untyped]

    # Its own lock is a semaphore between processes, which is reported as leaked when the helper ends in the middle of something.
    tqdm.set_lock(threading.RLock())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


def _warm() -> None:
    """In the helper: import what the checks need, and use it once."""
    with uncollected():
        import pandas as pd

        from expectations.check import Check
        from tasks.validate.judge import Judge

        judge = Judge()
    check = Check("warm", "articles", "measure", "critical", (), "Nothing.", (), maximum=1)
    judge.failing_rows("warm", pd.DataFrame({check.target: [0.0]}), [check])


def _validate(work: Path, stage: str, run_id: str, remembered: Path | None) -> ValidationSummary:
    from tasks.validate.step import validate_stage

    summary = validate_stage(work, stage, run_id=run_id, remembered=remembered)
    give_back()
    return summary


def _write_pages(work: Path) -> None:
    from tasks.validate.pages import write_quality_pages

    write_quality_pages(work)
