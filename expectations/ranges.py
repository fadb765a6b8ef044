"""How a range of counts is written for people."""

from __future__ import annotations


def span(low: int | None, high: int | None) -> str:
    """A range as people write it: 26, 5–7, 24+ (open above), ≤ 7 (open below), nothing when not stated."""
    if low is None and high is None:
        return ""
    if low is None:
        return f"≤ {high}"
    if high is None:
        return f"{low}+"
    return str(low) if low == high else f"{low}–{high}"
