"""Documents to articles in several processes, in the order in which they came; memory holds a few batches at a time."""

from __future__ import annotations

import itertools
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from tasks.clean.article import clean_document
from tasks.clean.duplicates import signature

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

BATCH: Final = 25
# Fewer documents than this are done before another process has started.
WORTH_A_PROCESS: Final = 300

# A document with its article's row and signature, or with what went wrong.
Result = tuple[dict[str, Any], "dict[str, object] | str", "npt.NDArray[np.uint32] | None"]
CleanAll = Callable[[Iterable[dict[str, Any]]], Iterator[Result]]


@contextmanager
def cleaners(documents: int, workers: int) -> Iterator[CleanAll]:
    """What cleans documents: in this process, or in so many others where there are documents enough."""
    if workers < 2 or documents < WORTH_A_PROCESS:
        yield clean_here
        return
    # Started afresh: a copy of a process with threads may hang.
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        yield lambda rows: _clean_in(pool, rows, 2 * workers + 1)


def clean_here(documents: Iterable[dict[str, Any]]) -> Iterator[Result]:
    """One after the other."""
    for document in documents:
        yield document, *_clean(document)


def _clean(document: dict[str, Any]) -> tuple[dict[str, object] | str, npt.NDArray[np.uint32] | None]:
    try:
        row = clean_document(document)
        return row, signature(str(row["text"]))
    except Exception as error:  # whatever a document holds must not stop its neighbours
        return f"{type(error).__name__}: {error}"[:300].encode("utf-8", "replace").decode(), None


def _clean_batch(
    documents: list[dict[str, Any]],
) -> list[tuple[dict[str, object] | str, npt.NDArray[np.uint32] | None]]:
    return [_clean(document) for document in documents]


def _clean_in(pool: ProcessPoolExecutor, documents: Iterable[dict[str, Any]], ahead: int) -> Iterator[Result]:
    waiting: deque[tuple[list[dict[str, Any]], Future[Any]]] = deque()
    rest = iter(documents)
    while True:
        while len(waiting) < ahead and (batch := list(itertools.islice(rest, BATCH))):
            waiting.append((batch, pool.submit(_clean_batch, batch)))
        if not waiting:
            return
        batch, future = waiting.popleft()
        for document, result in zip(batch, future.result(), strict=True):
            yield document, *result
