"""Helper processes that end with the process that started them, however that ends."""

from __future__ import annotations

import multiprocessing
import os
import threading


def end_with_parent() -> None:
    """In a helper process, at its start: see to it that it ends when the one that it works for is gone, killed for instance.

    A pool's process would wait for work for ever; and as long as it lives, it holds open the output that others listen to.
    """
    threading.Thread(target=_end_after_parent, name="watch-parent", daemon=True).start()


def _end_after_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)
