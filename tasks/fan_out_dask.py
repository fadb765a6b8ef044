"""A Dask cluster as that which does the work: one at an address, or one of processes on this machine."""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
import logging
import platform
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

from expectations.errors import ConflictLedgerError, SettingsError
from tasks.versions import library_versions, rules_hash

if TYPE_CHECKING:
    from distributed import Client, Future

Item = TypeVar("Item")
Result = TypeVar("Result")
LOCAL: Final = "local"
CONNECT_SECONDS: Final = 20
WORKER_SECONDS: Final = 60  # for the first worker of a cluster to be there
PATIENCE: Final = 300  # seconds without any worker after which a run gives up
_LOOK: Final = 5  # seconds between looks at the number of workers

log = logging.getLogger(__name__)


@contextmanager
def dask_workers(address: str, workers: int) -> Iterator[Cluster]:
    """A connection to a cluster that has a worker at least.

    Args:
        address: Of a scheduler, or `local`.
        workers: Processes of a local cluster.

    Raises:
        SettingsError: Dask is not installed, nobody answers at the address, or no worker turns up.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise SettingsError(
            "--dask-address needs Dask, which is not installed: pip install 'conflict-ledger[dask]'"
        ) from None
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what goes wrong is told by our errors
    if address == LOCAL:
        # One thread each: reading is pure Python. Any free port for the dashboard, and seen from this machine alone.
        where = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0", "silence_logs": logging.ERROR}
        with (
            LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, **where) as cluster,
            Client(cluster, set_as_default=False) as client,
        ):
            yield Cluster(client, address)
        return
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:  # TimeoutError is an OSError
        raise SettingsError(
            f"--dask-address {address}: no Dask scheduler answers there ({str(error)[:200]}). Start one with `dask scheduler`, or check the address."
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=WORKER_SECONDS)
        except TimeoutError:
            raise SettingsError(
                f"--dask-address {address}: the scheduler has no workers. Start some: dask worker {address} --nthreads 1"
            ) from None
        yield Cluster(client, address)


@functools.cache
def fingerprint() -> str:
    """A hash of all code, word lists and libraries that decide what a worker makes of an item."""
    versions = {"python": platform.python_version_tuple()[:2], "rules": rules_hash(), "libraries": library_versions()}
    return hashlib.sha256(json.dumps(versions, sort_keys=True).encode()).hexdigest()


def run_checked(function: Callable[[Item], Result], expected: str, item: Item) -> Result:
    """What a worker calls: the function, after a look at whether it is the one that is meant."""
    if fingerprint() != expected:
        raise SettingsError(
            f"the Dask worker on {platform.node()} has another version of conflict-ledger, its word lists or libraries than the "
            "run that it works for: its rows would differ. Install the same version and constraints.txt there, and restart it."
        )
    return function(item)


class Cluster:
    """A Dask cluster, whatever its size."""

    def __init__(self, client: Client, address: str) -> None:
        self.client, self.address = client, address
        self._threads, self._looked = 1, float("-inf")

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """The results in order; the work of workers that go away is done by others, also by such that come later.

        Raises:
            SettingsError: A worker does not have this project, or another version of it.
            ConflictLedgerError: An item kills every worker that takes it, all workers are gone, or the scheduler is.
        """
        rest, waiting = iter(items), deque[Any]()
        expected = fingerprint()
        while True:
            ahead = 2 * self._size() + 1 - len(waiting)
            for item in itertools.islice(rest, max(0, ahead)):
                waiting.append(self.client.submit(run_checked, function, expected, item, pure=False))
            if not waiting:
                return
            yield self._result(waiting[0])
            waiting.popleft()

    def _size(self) -> int:
        """Threads of the cluster; it may grow and shrink."""
        now = time.monotonic()
        if now - self._looked > _LOOK:
            self._threads, self._looked = sum(self.client.nthreads().values()), now
        return max(1, self._threads)

    def _result(self, future: Future) -> Any:  # noqa: ANN401 - what the function gives
        from concurrent.futures import CancelledError

        from distributed import KilledWorker

        try:
            return self._wait(future)
        except CancelledError:
            raise ConflictLedgerError(
                f"{self.address}: the Dask scheduler is gone. What was done is kept; run again when it is back."
            ) from None
        except KilledWorker as error:
            raise ConflictLedgerError(
                f"{self.address}: several workers died over the same work ({error}). Mostly this is too little memory: give each "
                "worker 1 GB, with one thread. What was done is kept."
            ) from None
        except ModuleNotFoundError as error:
            raise SettingsError(
                f"{self.address}: a Dask worker lacks a module ({error}). Install conflict-ledger there, in the same version."
            ) from None

    def _wait(self, future: Future) -> Any:  # noqa: ANN401
        alone_since: float | None = None
        while True:
            try:
                return future.result(timeout=_LOOK)
            except TimeoutError:
                if future.done():  # just now, or with a time-out of its own
                    return future.result()
                alone_since = self._look_alone(alone_since)

    def _look_alone(self, since: float | None) -> float | None:
        """Since when there has been no worker at all."""
        if self.client.nthreads():
            return None
        now = time.monotonic()
        if since is None:
            log.warning("%s: no Dask worker is left; waiting for one.", self.address)
            return now
        if now - since > PATIENCE:
            raise ConflictLedgerError(
                f"{self.address}: no Dask worker has been there for {PATIENCE} seconds. What was done is kept; run again when there are some."
            )
        return since
