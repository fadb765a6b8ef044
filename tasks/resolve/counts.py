"""One count from several reports: the range over independent sources, the latest where a report says that it updates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

Bounds = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Said:
    """What one independent source says of one count."""

    bounds: Bounds
    published: dt.date | None
    updates: bool  # it says that it brings earlier figures up to date


@lru_cache(maxsize=1)
def _update_words() -> tuple[str, ...]:
    text = files("tasks.resolve").joinpath("update_words.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def says_update(text: str) -> bool:
    """Whether a report says that it brings an earlier figure up to date ("the toll has risen to 12")."""
    lowered = " ".join(text.casefold().split())
    return any(phrase in lowered for phrase in _update_words())


def combine_counts(said: Sequence[Said]) -> Bounds:
    """The range that the sources give together.

    - A report that says it updates replaces what was published before it.
    - A vague report that a definite one falls into ("dozens", "at least 7" beside 12) adds nothing.
    - What is left is spanned: the least lower bound, the greatest upper bound, open where one of them is open.

    Returns:
        (null, null) when no source says anything.
    """
    stated = [s for s in said if s.bounds != (None, None)]
    updates = [s.published for s in stated if s.updates and s.published]
    if updates:
        newest = max(updates)
        stated = [s for s in stated if (s.updates and s.published == newest) or (s.published and s.published > newest)]
    exact = sorted({s.bounds[0] for s in stated if s.bounds[0] is not None and s.bounds[0] == s.bounds[1]})
    kept = [s.bounds for s in stated if not _is_vague(s.bounds) or not any(_holds(s.bounds, n) for n in exact)]
    lows = [low for low, _ in kept]
    highs = [high for _, high in kept]
    return (
        min((low for low in lows if low is not None), default=None),
        None if None in highs else max((high for high in highs if high is not None), default=None),
    )


def disagree(said: Sequence[Said]) -> bool:
    """Whether two sources give figures that cannot both be right."""
    stated = [s.bounds for s in said if s.bounds != (None, None)]
    lows = [low for low, _ in stated if low is not None]
    highs = [high for _, high in stated if high is not None]
    return bool(lows and highs) and max(lows) > min(highs)


def _is_vague(bounds: Bounds) -> bool:
    return bounds[0] != bounds[1]


def _holds(bounds: Bounds, number: int) -> bool:
    low, high = bounds
    return (low is None or low <= number) and (high is None or number <= high)
