"""The one number of dead that ACLED's conservative rule makes of a range and its words."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from tasks.export.facts import Facts

_DATA = Path(__file__).with_name("vague_numbers.toml")


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


def fatalities(facts: Facts) -> int | None:
    """ACLED's most conservative estimate: the lower bound, with vague words counted as ACLED counts them.

    None where no lower bound is stated: also where a report says "up to 7".
    """
    low: int | None = facts.row["killed_min"]
    if low is None:
        return 0 if "no_casualties" in facts.row["flags"] else None
    readings = [_reading(figure["text"], figure["max"]) for figure in facts.killed_figures if figure["min"] == low]
    vague = [reading for reading in readings if reading is not None]
    counted: int = min(vague) if vague and len(vague) == len(readings) else low
    return counted


def vague_words(facts: Facts) -> str | None:
    """The words of a vague number that the lower bound rests on; None: a number is stated."""
    low = facts.row["killed_min"]
    figures = [figure for figure in facts.killed_figures if figure["min"] == low]
    if low is None or not figures or any(_reading(f["text"], f["max"]) is None for f in figures):
        return None
    text: str = figures[0]["text"]
    return text


def _reading(text: str, high: int | None) -> int | None:
    """What ACLED counts for a figure of vague words; None: the figure states a number."""
    words = re.findall(r"[^\W\d_]+|\d+", text.lower())
    if any(word.isdigit() for word in words):
        return None
    named: list[int] = [count for word, count in _data()["words"].items() if word in words]
    if named:
        return max(named)  # "hundreds of thousands"
    if high is not None or set(words) & set(_data()["numbers"]["words"]):
        return None
    unknown: int = _data()["unknown"]
    return unknown
