"""Pauses between requests to one host, whoever asks: sources on the same host share them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    slots: threading.Semaphore | None = None
    next_at: float = 0.0
    delay: float = 0.0


class Pace:
    """Lets one request after the other go to a host.

    Args:
        sleep: How to wait.
        clock: Seconds that only go forward.
    """

    def __init__(
        self, sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._sleep, self._clock = sleep, clock
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def _host(self, name: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(name, _Host())

    def ask_for_delay(self, name: str, seconds: float) -> None:
        """A host's own wish (Crawl-delay), which counts where it is longer than ours."""
        self._host(name).delay = seconds

    @contextmanager
    def turn(self, name: str, delay: float, at_a_time: int) -> Iterator[None]:
        """Waits for the host's turn."""
        host = self._host(name)
        with host.lock:
            slots = host.slots = host.slots or threading.Semaphore(at_a_time)
        with slots:
            with host.lock:
                now = self._clock()
                wait = max(0.0, host.next_at - now)
                host.next_at = now + wait + max(delay, host.delay)
            if wait:
                self._sleep(wait)
            yield
