"""Days and periods of the calendar that time expressions resolve to, and the small steps between them."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from tasks.extract.dates_lexicon import date_words

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Frame:
    """What an expression is read against: the text, the publication date and the day told last before it."""

    text: str
    published_on: dt.date | None
    previous: dt.date | None


@dataclass(frozen=True, slots=True)
class Period:
    """The days that an expression means, how finely, and how it says so."""

    start: dt.date
    end: dt.date
    precision: str
    basis: str


def day(start: dt.date, basis: str) -> Period:
    """One day."""
    return Period(start, start, "day", basis)


def make_date(year: int, month: int, number: int) -> dt.date | None:
    """The date, or None where the calendar has none."""
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= number <= calendar.monthrange(year, month)[1]):
        return None
    return dt.date(year, month, number)


def shift_days(origin: dt.date, days: int) -> dt.date | None:
    """The date so many days later, or None where the calendar ends."""
    number = origin.toordinal() + days
    return dt.date.fromordinal(number) if 1 <= number <= dt.date.max.toordinal() else None


def month_period(year: int, month: int, basis: str) -> Period | None:
    """A whole month."""
    first = make_date(year, month, 1)
    if first is None:
        return None
    return Period(first, first.replace(day=calendar.monthrange(year, month)[1]), "month", basis)


def latest_weekday(weekday: int, on_or_before: dt.date) -> dt.date:
    """The last such weekday on or before a day."""
    return on_or_before - ((on_or_before.weekday() - weekday) % 7) * DAY


def read_number(word: str | None) -> int | None:
    """The number of a count word, 1 where none is written, None where it is vague ("several")."""
    if not word:
        return 1
    word = " ".join(word.lower().split())
    return int(word) if word.isdigit() else date_words().number_of.get(word)
