"""Publication dates as news pages write them, and where in a text the article's own date line ends."""

from __future__ import annotations

import datetime as dt
import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FIRST_YEAR: Final = 1900
_DIGIT: Final = re.compile(r"\d")
_FILE: Final = Path(__file__).with_name("words") / "dates.toml"


@dataclass(frozen=True, slots=True)
class Written:
    """A date as written: the day, the other reading of a numeric one (month first), whether it is one of an update.

    Attributes:
        is_clipped: Written as "5-04-2016": its day may have lost its first digit.
    """

    day: dt.date
    other: dt.date | None = None
    is_update: bool = False
    is_clipped: bool = False


@functools.cache
def _words() -> dict[str, object]:
    return tomllib.loads(_FILE.read_text("utf-8"))


def _names(key: str) -> dict[str, int]:
    groups = _words()[key]
    assert isinstance(groups, list)
    return {name: number for number, group in enumerate(groups, start=1) for name in group}


def _alternatives(names: object) -> str:
    assert isinstance(names, (list, dict))
    return "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(names, key=len, reverse=True))


@functools.cache
def date_pattern() -> str:
    """A full date (day, month, year) with its weekday and time, as a regular expression of named groups."""
    month, weekday = _alternatives(_names("months")), _alternatives(_names("weekdays"))
    zones = _words()["zones"]
    time = (
        r"(?:[\s,|@T–—-]*(?:at\s+)?(?:"
        rf"\d{{1,2}}[:.]\d{{2}}(?::\d{{2}}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?\b)?|\d{{1,2}}\s*[ap]\.?m\b\.?|\d{{4}}\s*(?:[ap]m\b|(?=(?:{zones})\b))"
        rf"|(?<=at\s)\d{{4}}\b|(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?=\s+[A-Z]))"
        rf"(?:\s*\(?(?:{zones})\b\)?(?:\s*[+-]\s*\d{{1,2}}(?::?\d{{2}})?)?|\s*[+-]\d{{2}}:?\d{{2}})?)?"
    )
    return (
        rf"(?:(?P<weekday>{weekday})\b\.?[\s,]*)?"
        r"(?:(?P<iso>\d{4}-\d{2}-\d{2}|\d{4}/\d{2}/\d{2})(?!\d)"
        r"|(?P<number>\d{1,2}(?P<sign>[./-])\d{1,2}(?P=sign)\d{4})(?!\d)"
        rf"|(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]*(?:of\s+)?(?P<month>{month})\b[.,]*[\s-]*(?P<year>\d{{4}})(?!\d)"
        rf"|(?P<month2>{month})\b\.?\s*(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s*(?P<year2>\d{{4}})(?!\d))" + time
    )


def _compiled(template: str) -> re.Pattern[str]:
    published = _alternatives(_words()["published"])
    updated = _alternatives(_words()["updated"])
    label = rf"(?:(?P<updated>{updated})|(?:{published}))\b[\s:,–—-]*"
    second = re.sub(r"\?P<\w+>", "?:", date_pattern().replace("(?P=sign)", "[./-]"))
    more = rf"(?:[\s|/·•,;–—-]*\(?\s*(?:(?:{updated}|{published})\b[\s:,–—-]*)?(?:{second}|\d{{4}}\s+{second})\)?)*"
    return re.compile(
        template.replace("LABEL", label).replace("DATE", date_pattern()).replace("MORE", more), re.IGNORECASE
    )


@functools.cache
def _line() -> re.Pattern[str]:
    return _compiled(r"[\W_]*(?:LABEL)?DATEMORE[\W_]*$")


@functools.cache
def _lead() -> re.Pattern[str]:
    # What follows must begin a sentence or title: "13 May 2014 was the day …" is prose. Cased on purpose.
    return _compiled(r"\s*[(\[]?(?:LABEL)?DATEMORE[.:\s|)\]–—-]*(?:title:\s*)?(?=(?-i:[A-Z0-9\"'(\[]|by\s|$))")


@functools.cache
def _inside() -> re.Pattern[str]:
    return re.compile(r"(?<![\w-])" + date_pattern() + r"(?=\s+(?-i:[A-Z0-9\"'(]))", re.IGNORECASE)


def date_line(line: str) -> Written | None:
    """The date of a line that is nothing but a date line ("Published: 13 November, 2018 10:20 GMT")."""
    if len(line) > 160 or not _DIGIT.search(line):
        return None
    found = _line().match(line)
    return _written(found) if found else None


def leading_date(text: str) -> tuple[Written, int] | None:
    """The date line that a text of one line begins with, and where it ends."""
    found = _lead().match(text[:300])
    day = _written(found) if found else None
    return (day, found.end()) if found and day else None


def dates_inside(text: str) -> list[tuple[Written, int, int]]:
    """Full dates inside a text that a new sentence follows, with their offsets."""
    spans = []
    for found in _inside().finditer(text):
        if day := _written(found):
            spans.append((day, found.start(), found.end()))
    return spans


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if year >= FIRST_YEAR else None
    except ValueError:
        return None


def _written(found: re.Match[str]) -> Written | None:
    part = found.groupdict()
    update = bool(part.get("updated"))
    other = None
    if part["iso"]:
        year, month, day = (int(piece) for piece in re.split("[-/]", part["iso"]))
        first = _day(year, month, day)
    elif part["number"]:
        one, two, year = (int(piece) for piece in re.split("[./-]", part["number"]))
        # Day first, as most of the world writes; month first where it can be nothing else, or where the weekday says so.
        first, other = _day(year, two, one), None if part["sign"] == "." else _day(year, one, two)
        if first is None or (other and part["weekday"] and _is_weekday(other, part["weekday"])):
            first, other = other, first
    elif part["month"]:
        first = _day(int(part["year"]), _names("months")[part["month"].lower()], int(part["day"]))
    else:
        first = _day(int(part["year2"]), _names("months")[part["month2"].lower()], int(part["day2"]))
    clipped = re.match(r"\d\D\d\d\D", part["number"] or "") is not None
    return Written(first, other if other != first else None, update, clipped) if first else None


def _is_weekday(day: dt.date, name: str) -> bool:
    return day.isoweekday() == _names("weekdays").get(name.lower())


_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{2,6}Z?)?$")
_EPOCH: Final = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?$")


def read_date(value: str) -> Written | None:
    """A date handed over as metadata, in whatever form; the day is the one written, at the publisher's own place.

    ISO with or without time and zone, RFC 2822, day first, month names in English; other languages through dateparser.
    A relative date ("yesterday") or one without a year or a day is none.
    """
    value = value.strip()
    if found := re.match(r"(\d{4})-(\d{2})-(\d{2})(?:[T\s].*)?$", value):
        day = _day(*(int(piece) for piece in found.groups()))
        return Written(day) if day else None
    if (found := _COMPACT.match(value)) and (day := _day(*(int(piece) for piece in found.groups()))):
        return Written(day)
    if _EPOCH.match(value):
        seconds = float(value[:10])
        return Written(dt.datetime.fromtimestamp(seconds, tz=dt.UTC).date())
    if written := date_line(value):
        return written
    return _foreign_date(value)


def _foreign_date(value: str) -> Written | None:
    # Without a letter there is no month name that only dateparser knows; without four figures, no year.
    if len(value) > 60 or not re.search(r"\d{4}", value) or not re.search(r"[^\W\d_]{3}", value):
        return None
    import dateparser

    found = dateparser.parse(
        value,
        settings={
            "STRICT_PARSING": True,
            "REQUIRE_PARTS": ["day", "month", "year"],
            "PARSERS": ["absolute-time"],
            "DATE_ORDER": "DMY",
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )
    return Written(found.date()) if found and found.year >= FIRST_YEAR else None


_IN_NAME: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})[-_/.]?(\d{2})[-_/.]?(\d{2})(?!\d)")


def date_in_name(name: str) -> dt.date | None:
    """A date in a file name or address: `2018-11-13-hajin.html`, `/2018/11/13/`."""
    for found in _IN_NAME.finditer(name):
        if day := _day(*(int(piece) for piece in found.groups())):
            return day
    return None
