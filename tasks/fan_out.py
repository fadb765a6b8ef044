"""One function over many items, results in the order of the items: here, in processes of this machine, or on a Dask cluster.

Items and results travel as values, so that workers need no folder in common with this machine; whoever asks for the work is the
only one that writes. Work that a dying worker had in hand is done again by another.
"""

from __future__ import annotations

import itertools
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Final, Generic, Protocol, TypeVar

from expectations.errors import ConflictLedgerError
from tasks.helpers import end_with_parent

Item = TypeVar("Item")
Result = TypeVar("Result")
# A process that dies over the same item so often would die over it for ever.
TRIES: Final = 3

log = logging.getLogger(__name__)


class FanOut(Protocol):
    """What does the work."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """The results, in the order of the items; takes up few more items than there are workers at a time."""


@contextmanager
def fan_out(workers: int, dask_address: str | None = None) -> Iterator[FanOut]:
    """What does the work, started; ended afterwards.

    Args:
        workers: Processes of this machine; 1: this process.
        dask_address: A Dask scheduler (`tcp://host:8786`), which has the workers that it has; `local`: a Dask cluster of
            so many processes on this machine; None: no Dask.

    Raises:
        SettingsError: Dask is not installed, or there is no scheduler with workers at the address.
    """
    if dask_address is not None:
        from tasks.fan_out_dask import dask_workers

        with dask_workers(dask_address, workers) as cluster:
            yield cluster
    elif workers > 1:
        processes = Processes(workers)
        try:
            yield processes
        finally:
            processes.close()
    else:
        yield Here()


class Here:
    """This process."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """One after the other."""
        return map(function, items)


@dataclass(slots=True)
class _InHand(Generic[Item, Result]):
    """An item that was taken up."""

    item: Item
    future: Future[Result] | None = None

    def forget_failure(self) -> None:
        """Keep a result that came before the pool broke; else begin anew."""
        if self.future is not None and (
            not self.future.done() or self.future.cancelled() or isinstance(self.future.exception(), BrokenProcessPool)
        ):
            self.future = None


class Processes:
    """Processes of this machine, started afresh (spawn): a copy of a process with threads may hang. They end with this one."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.workers, get_context("spawn"), initializer=end_with_parent)

    def close(self) -> None:
        """End the processes; what was not begun is not done."""
        self._pool.shutdown(cancel_futures=True)

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """The results in order; where a process dies, all are started again and take up what has no result yet.

        Raises:
            ConflictLedgerError: Processes die again and again over the same item.
        """
        rest, waiting, deaths = iter(items), deque[_InHand[Item, Result]](), 0
        while True:
            try:
                waiting.extend(_InHand(item) for item in itertools.islice(rest, 2 * self.workers + 1 - len(waiting)))
                for one in waiting:
                    one.future = one.future or self._pool.submit(function, one.item)
                if not waiting or waiting[0].future is None:
                    return
                result = waiting[0].future.result()
            except BrokenProcessPool as error:
                deaths += 1
                if deaths >= TRIES:
                    raise ConflictLedgerError(_dying(self.workers)) from error
                log.warning("A worker process died; what it had in hand is done again.")
                self._pool.shutdown(cancel_futures=True)
                self._pool = self._start()
                for one in waiting:
                    one.forget_failure()
                continue
            deaths = 0
            waiting.popleft()
            yield result


def _dying(workers: int) -> str:
    return (
        f"worker processes died {TRIES} times in a row over the same work. Mostly this is too little memory (about 500 MB a "
        f"worker are needed): run again with fewer than {workers} workers; what was done is not done again."
    )
