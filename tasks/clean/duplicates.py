"""Marks exact and near copies among all articles of a run: MinHash finds candidates, an exact comparison decides."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

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
    """What is kept of an article while all are compared: its place in the order, and its bands (none: no text)."""

    article_id: str
    published_on: dt.date | None
    bands: npt.NDArray[np.uint64] | None

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
    coded = [word.encode("utf-8", "surrogatepass") for word in said]
    whole = b" ".join(coded)
    ends = list(itertools.accumulate(len(word) + 1 for word in coded))
    starts = [0, *ends]
    return {zlib.crc32(whole[start : end - 1]) for start, end in zip(starts, ends[size - 1 :], strict=False)}


@functools.cache
def _permutations() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Odd factors and summands of 128 permutations x → a x + b mod 2³², each of which puts the pieces in another order."""
    chance = np.random.RandomState(SEED)  # the legacy generator: its numbers are promised never to change
    factors = chance.randint(0, 2**31, BANDS * ROWS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors[:, None], chance.randint(0, 2**32, BANDS * ROWS, dtype=np.uint32)[:, None]


def _mixed(hashes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Every bit made to depend on all: the last step of MurmurHash3 (public domain), a permutation, too."""
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        hashes = (hashes ^ (hashes >> np.uint32(shift))) * np.uint32(factor)
    return hashes ^ (hashes >> np.uint32(16))


def signature(text: str) -> npt.NDArray[np.uint32] | None:
    """MinHash signature of a text; the same for the same text on every machine. None: there are no words."""
    pieces = shingles(text)
    if not pieces:
        return None
    factors, summands = _permutations()
    found: npt.NDArray[np.uint32] = (_mixed(np.array(list(pieces), np.uint32)) * factors + summands).min(axis=1)
    return found


def bands_of(sketch: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint64]:
    """A hash of each band of a signature, or of each of several signatures."""
    bands = sketch.reshape(*sketch.shape[:-1], BANDS, ROWS).astype(np.uint64)
    hashes = np.full(bands.shape[:-1], SEED, dtype=np.uint64)
    for row in range(ROWS):
        hashes = (hashes ^ bands[..., row]) * np.uint64(0x9E3779B97F4A7C15)
        hashes ^= hashes >> np.uint64(29)
    return hashes


def find_duplicates(
    entries: Sequence[Entry], texts_of: Callable[[Collection[str]], Iterable[tuple[str, str]]]
) -> dict[str, tuple[str, float]]:
    """For each copy, the earliest original that it repeats and the share of shingles they have in common.

    Args:
        entries: All articles; the order does not matter.
        texts_of: Gives ids and texts of the articles with these ids; asked for those alone that share a band with another one.

    Returns:
        article_id → (article_id of the original, exact Jaccard similarity 0.8–1). An original is no copy itself.
    """
    ordered = sorted((entry for entry in entries if entry.bands is not None), key=lambda entry: entry.rank)
    if not ordered:
        return {}
    shared = _shared(np.stack([entry.bands for entry in ordered if entry.bands is not None]))
    alike = {ordered[at].article_id for at in np.flatnonzero(shared.any(axis=1))}
    pieces = {name: np.fromiter(sorted(shingles(text)), np.uint32) for name, text in texts_of(alike)}
    originals: dict[tuple[int, int], list[str]] = {}
    copies: dict[str, tuple[str, float]] = {}
    order: dict[str, int] = {}
    for at, entry in enumerate(ordered):
        if entry.article_id not in alike or entry.bands is None:
            continue
        keys = [(int(number), int(entry.bands[number])) for number in np.flatnonzero(shared[at])]
        candidates = {name for key in keys for name in originals.get(key, ())}
        if found := _closest(entry.article_id, sorted(candidates, key=order.__getitem__), pieces):
            copies[entry.article_id] = found
            continue
        order[entry.article_id] = len(order)
        for key in keys:
            originals.setdefault(key, []).append(entry.article_id)
    return copies


def _shared(bands: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Which bands of which articles another article has too."""
    shared = np.zeros(bands.shape, dtype=np.bool_)
    for number in range(bands.shape[1]):
        order = np.argsort(bands[:, number], kind="stable")
        column = bands[order, number]
        same = column[1:] == column[:-1]
        shared[order[1:], number] |= same
        shared[order[:-1], number] |= same
    return shared


def _closest(
    name: str, candidates: list[str], pieces: Mapping[str, npt.NDArray[np.uint32]]
) -> tuple[str, float] | None:
    """The earliest candidate that is similar enough."""
    own = pieces[name]
    for candidate in candidates:
        other = pieces[candidate]
        both = len(np.intersect1d(own, other, assume_unique=True))
        similarity = both / (len(own) + len(other) - both)
        if similarity >= THRESHOLD:
            return candidate, round(similarity, 4)
    return None
