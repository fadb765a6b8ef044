"""Marks exact and near copies among all articles of a run: MinHash finds candidates, an exact comparison decides."""

from __future__ import annotations

import datetime as dt
import functools
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tasks.clean.normalise import words

SHINGLE_WORDS: Final = 5
THRESHOLD: Final = 0.8
# 128 hash functions in 16 bands of 8: a pair at 0.8 becomes a candidate with 95 %, one at 0.6 with 24 %.
BANDS: Final = 16
ROWS: Final = 8
SEED: Final = 20181113
# Shorter texts are compared whole: "No further details were available." is no copy of its like.
LEAST_WORDS: Final = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of an article while all are compared: its place in the order, and its signature (none: no text)."""

    article_id: str
    published_on: dt.date | None
    signature: npt.NDArray[np.uint32] | None

    @property
    def rank(self) -> tuple[dt.date, str]:
        """Earliest first, undated last."""
        return self.published_on or dt.date.max, self.article_id


def shingles(text: str) -> set[int]:
    """Hashes of all runs of five words; of the whole text where it is short."""
    said = words(text)
    if not said:
        return set()
    size = SHINGLE_WORDS if len(said) >= LEAST_WORDS else len(said)
    joined = [" ".join(said[at : at + size]) for at in range(len(said) - size + 1)]
    return {zlib.crc32(piece.encode("utf-8", "surrogatepass")) for piece in joined}


@functools.cache
def _empty() -> Any:  # noqa: ANN401 - the library has no types
    from datasketch import MinHash

    return MinHash(num_perm=BANDS * ROWS, seed=SEED, hashfunc=int)


def signature(text: str) -> npt.NDArray[np.uint32] | None:
    """MinHash signature of a text; the same for the same text on every machine. None: there are no words."""
    pieces = shingles(text)
    if not pieces:
        return None
    sketch = _empty().copy()
    sketch.update_batch(sorted(pieces))
    return np.asarray(sketch.hashvalues, dtype=np.uint32)


def find_duplicates(entries: list[Entry], text_of: Callable[[str], str]) -> dict[str, tuple[str, float]]:
    """For each copy, the earliest original that it repeats and the share of shingles they have in common.

    Args:
        entries: All articles; the order does not matter.
        text_of: The text of an article by its id, asked for candidates alone.

    Returns:
        article_id → (article_id of the original, exact Jaccard similarity 0.8–1). An original is no copy itself.
    """
    originals: dict[tuple[int, bytes], list[str]] = {}
    copies: dict[str, tuple[str, float]] = {}
    order: dict[str, int] = {}
    for entry in sorted(entries, key=lambda item: item.rank):
        if entry.signature is None:
            continue
        bands = entry.signature.reshape(BANDS, ROWS)
        keys = [(number, band.tobytes()) for number, band in enumerate(bands)]
        candidates = {name for key in keys for name in originals.get(key, ())}
        if found := _closest(entry.article_id, sorted(candidates, key=order.__getitem__), text_of):
            copies[entry.article_id] = found
            continue
        order[entry.article_id] = len(order)
        for key in keys:
            originals.setdefault(key, []).append(entry.article_id)
    return copies


def _closest(name: str, candidates: list[str], text_of: Callable[[str], str]) -> tuple[str, float] | None:
    """The earliest candidate that is similar enough."""
    own = shingles(text_of(name)) if candidates else set()
    for candidate in candidates:
        other = shingles(text_of(candidate))
        similarity = len(own & other) / len(own | other)
        if similarity >= THRESHOLD:
            return candidate, round(similarity, 4)
    return None
