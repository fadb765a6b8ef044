"""When two texts, names, counts or dates count as the same: the yardsticks that the scorers share."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Sequence

from scipy.optimize import linear_sum_assignment

WORD = re.compile(r"[^\W_]+")

# Names of one place or actor that differ in these words alone, or in up to a fifth of their letters, are the same name.
PLACE_WORDS = frozenset(
    [
        "the",
        "of",
        "in",
        "al",
        "el",
        "ash",
        "as",
        "city",
        "town",
        "village",
        "province",
        "countryside",
        "district",
        "area",
        "region",
    ]
)
NAME_LIKENESS = 0.8

Bounds = tuple[int | None, int | None]


def words(text: str) -> list[str]:
    """The words of a text in lower case, punctuation aside."""
    return WORD.findall(text.lower())


def texts_overlap(first: str, second: str) -> bool:
    """Whether one text holds the other, or they share at least five words that make up half of the shorter one."""
    a, b = words(first), words(second)
    if not a or not b:
        return False
    joined_a, joined_b = " ".join(a), " ".join(b)
    if joined_a in joined_b or joined_b in joined_a:
        return True
    set_a, set_b = set(a), set(b)
    shared = len(set_a & set_b)
    return shared >= 5 and shared >= 0.5 * min(len(set_a), len(set_b))


def name_is_among(
    name: str, accepted: Iterable[str], *, ignored: Collection[str] = PLACE_WORDS, empty_is_none: bool = False
) -> bool:
    """Whether a name is one of the accepted ones, spelling variants and affixes aside.

    Args:
        name: The name to look for.
        accepted: Names that would be right.
        ignored: Words that do not count.
        empty_is_none: A name of ignored words alone is no name at all (else it stands as it is).
    """

    def core(text: str) -> list[str]:
        kept = [w for w in words(text) if w not in ignored]
        return kept if kept or empty_is_none else words(text)

    ours = core(name)
    for other in accepted:
        theirs = core(other)
        if empty_is_none and not (ours and theirs):
            continue
        if ours == theirs or (ours and set(ours) <= set(theirs)) or (theirs and set(theirs) <= set(ours)):
            return True
        if difflib.SequenceMatcher(None, "".join(ours), "".join(theirs)).ratio() >= NAME_LIKENESS:
            return True
    return False


def count_agrees(count: Bounds, accepted: Sequence[Bounds]) -> bool:
    """Whether a count equals one of the accepted ones, or spans them all exactly."""
    if count in accepted:
        return True
    lows = [low for low, _ in accepted if low is not None]
    highs = [high for _, high in accepted if high is not None]
    return len(accepted) > 1 and bool(lows and highs) and count == (min(lows), max(highs))


def best_pairs(weights: Sequence[Sequence[float]], minimum: float) -> list[tuple[int, int]]:
    """Rows and columns paired one to one for the greatest total weight; pairs under `minimum` are left out."""
    if not weights or not weights[0]:
        return []
    rows, columns = linear_sum_assignment([[-w if w >= minimum else 0.0 for w in line] for line in weights])
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if weights[i][j] >= minimum]
