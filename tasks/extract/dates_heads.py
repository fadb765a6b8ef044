"""Finds the days that head the items of a chronicle: "May 16: …", "Tuesday 14 June - …", "April 21 to 24. …", "[16.04, 13:25] …"."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from tasks.extract.dates import find_dates
from tasks.extract.dates_resolve import latest_yearly
from tasks.extract.spans import DateExpression

_OPENS: Final = re.compile(
    r"^[ \t*•·–—-]*(?:\(?\d{1,2}[.)][ \t]+)?(?:on[ \t]+)?(?P<head>(?=[^\n:.–—]*(?:\d|day\b))[A-Z\d][^\n:.–—-]{2,28}(?:-\d{1,2})?)(?:[:.](?=\s)|[ \t]+[-–—])",
    re.MULTILINE | re.IGNORECASE,
)
_STAMP: Final = re.compile(
    r"^\[(?P<head>(?P<day>[0-3]?\d)\.(?P<month>[01]?\d)(?:\.\d{2,4})?),? \d{1,2}:\d\d", re.MULTILINE
)
_LEAST: Final = 2  # days that head items of an article: a single one is a date line or a chance


@dataclass(frozen=True, slots=True)
class DayHead:
    """A day that heads an item: where its words stand in the text, and the words."""

    start: int
    text: str
    date: DateExpression


def find_day_heads(text: str, published_on: dt.date | None) -> list[DayHead]:
    """The days that head paragraphs of a text, in its order; none where there are fewer than two."""
    found = []
    for opened in _OPENS.finditer(text):
        head = opened["head"].rstrip()
        days = find_dates(head, published_on)
        if len(days) == 1 and days[0].precision in ("day", "days") and days[0].end - days[0].start >= len(head) - 1:
            found.append(DayHead(opened.start("head"), head, days[0]))
    for stamp in _STAMP.finditer(text) if published_on is not None else ():
        day = latest_yearly(int(stamp["month"]), int(stamp["day"]), published_on) if published_on else None
        if day is not None:
            date = DateExpression(0, len(stamp["head"]), stamp["head"], day, day, "day", "explicit", "heading")
            found.append(DayHead(stamp.start("head"), stamp["head"], date))
    return sorted(found, key=lambda head: head.start) if len(found) >= _LEAST else []


def day_at(heads: list[DayHead], offset: int) -> DayHead | None:
    """The day that a character of the text stands under: the last before it."""
    at = bisect_right(heads, offset, key=lambda head: head.start)
    return heads[at - 1] if at else None
