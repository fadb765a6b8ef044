"""From matched time expressions to days: each rule against the publication date or the date told before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from tasks.extract.dates_grammar import Found
from tasks.extract.dates_lexicon import date_words
from tasks.extract.dates_period import (
    DAY,
    Frame,
    Period,
    day,
    latest_weekday,
    make_date,
    month_period,
    read_number,
    shift_days,
)


def _weekday(found: Found, frame: Frame) -> Period | None:
    groups, published = found.groups, frame.published_on
    word = next((groups[key] for key in ("wd", "wd1", "wd2", "wd3", "wd4") if groups.get(key)), None)
    if word is None or published is None or groups.get("habit"):
        return None
    plural = groups.get("plural")
    if plural and plural[0] not in "'’" and _is_habit(found, frame.text):
        return None
    weekday = date_words().weekday_of[word.lower()]
    modifier = " ".join((groups.get("mod") or "").lower().split()).removeprefix("the ")
    tail = " ".join((groups.get("tail") or "").lower().split())
    if modifier in ("next", "coming", "upcoming", "this coming") or tail == "next week":
        return None
    if modifier in ("following", "previous"):
        if frame.previous is None:
            return day(latest_weekday(weekday, published), "weekday") if modifier == "previous" else None
        before = latest_weekday(weekday, frame.previous - DAY)
        return day(before if modifier == "previous" else latest_weekday(weekday, frame.previous + 7 * DAY), "relative")
    if tail in ("last week", "the previous week"):
        monday = latest_weekday(0, published) - 7 * DAY
        return day(monday + weekday * DAY, "weekday")
    return day(latest_weekday(weekday, published - DAY if modifier == "last" else published), "weekday")


def _is_habit(found: Found, text: str) -> bool:
    """Whether a plural weekday is a habit ("on Mondays") rather than a genitive that lost its apostrophe."""
    following = text[found.end :].lstrip()[:12].split(" ")[0].lower().strip(".,;:")
    led = f" {text[: found.start].rstrip().lower()}".endswith((" on", " and", " or")) or not following
    return led and (
        not following.isalpha() or following in {"and", "at", "in", "or", "to", "the", "from", "for", "when"}
    )


def _year_of(groups: dict[str, str | None], published: dt.date | None) -> int | None:
    if groups.get("y"):
        return int(groups["y"] or 0)
    if published is None:
        return None
    if groups.get("yy"):
        century = published.year - published.year % 100
        year = century + int(groups["yy"] or 0)
        return year if year <= published.year else year - 100
    if groups.get("ly"):
        return published.year - (1 if (groups["ly"] or "").lower() == "last" else 0)
    return None


def latest_yearly(month: int, number: int, on_or_before: dt.date) -> dt.date | None:
    """The last such day of the year on or before a day (29 February: in the last leap year)."""
    for year in range(on_or_before.year, on_or_before.year - 9, -1):
        date = make_date(year, month, number)
        if date and date <= on_or_before:
            return date
    return None


def _dated(month: int, number: int, year: int | None, published: dt.date | None) -> dt.date | None:
    if year is not None:
        return make_date(year, month, number)
    return latest_yearly(month, number, published) if published else None


def _calendar(found: Found, frame: Frame) -> Period | None:
    groups = found.groups
    word = (groups["m"] or "").lower()
    if word in ("may", "march", "mar") and (groups["m"] or "").islower() and not _leads_to_month(found, frame.text):
        return None
    month = int(word) if word.isdigit() else date_words().month_of[word]
    year = _year_of(groups, frame.published_on)
    first, last = groups.get("d0") or groups["d"], groups.get("d2") or groups["d"]
    end = _dated(month, int(last or 0), year, frame.published_on)
    if end is None:
        return None
    start = make_date(end.year, month, int(first or 0))
    if start is None or start > end or start == end:
        return day(end, "explicit")
    return Period(start, end, "days", "explicit")


def _leads_to_month(found: Found, text: str) -> bool:
    """Whether words like "on" or "of" show that a small "may" or "march" after a number is a month ("on 1 may")."""
    led = text[max(0, found.start - 12) : found.start].lower().split()
    inside = text[found.start : found.end].lower().split()
    return bool(led and led[-1] in {"on", "of", "since", "from", "until", "by", "the", "between"}) or inside[0] in {
        "on",
        "the",
        "night",
        "early",
        "late",
    }


def _numeric(found: Found, frame: Frame) -> Period | None:
    """Day and month in figures: day first or month first only where one of the two readings can be meant."""
    groups, published = found.groups, frame.published_on
    text_year = groups["y"] or ""
    if len(text_year) == 2:
        year = _year_of({"yy": text_year}, published)
        if year is None or groups["sep"] == ".":
            return None
    else:
        year = int(text_year)
    first, second = int(groups["a"] or 0), int(groups["b"] or 0)
    readings = {make_date(year, second, first), make_date(year, first, second)} - {None}
    dates = sorted(date for date in readings if date is not None)
    if published is not None and len(dates) > 1:
        dates = [date for date in dates if 0 <= (published - date).days <= 31]
    return day(dates[0], "explicit") if len(dates) == 1 else None


def _holiday(found: Found, frame: Frame) -> Period | None:
    name = " ".join((found.groups["holiday"] or "").lower().replace("’", "'").split())
    month, number = next(
        value for key, value in date_words().holidays.items() if key.replace("'", "") == name.replace("'", "")
    )
    date = _dated(month, number, _year_of(found.groups, frame.published_on), frame.published_on)
    return None if date is None else day(date, "explicit")


def _nth(found: Found, frame: Frame) -> Period | None:
    if frame.published_on is None:
        return None
    origin = frame.published_on
    number = int(found.groups["d"] or 0)
    if (found.groups["which"] or "").lower() == "last":
        origin = origin.replace(day=1) - DAY
    for _ in range(3):  # at most one month in a row lacks a 31st
        date = make_date(origin.year, origin.month, number)
        if date and date <= frame.published_on:
            return day(date, "explicit")
        origin = origin.replace(day=1) - DAY
    return None


def _month(found: Found, frame: Frame) -> Period | None:
    groups, published = found.groups, frame.published_on
    if (groups.get("lead") or "").lower() == "next":
        return None
    word = groups["m"] or ""
    if word.islower() and len(word) < 5:
        return None
    month = date_words().month_of[word.lower()]
    year = _year_of(groups, published)
    if year is None:
        if published is None:
            return None
        limit = published.month - 1 if (groups.get("lead") or "").lower() == "last" else published.month
        year = published.year if month <= limit else published.year - 1
    whole = month_period(year, month, "explicit")
    third = (groups.get("third") or "").lower()
    if whole is None or not third:
        return whole
    if "early" in third or "start" in third or "beginning" in third:
        return Period(whole.start, whole.start.replace(day=10), "days", "explicit")
    if "mid" in third:
        return Period(whole.start.replace(day=11), whole.start.replace(day=20), "days", "explicit")
    return Period(whole.start.replace(day=21), whole.end, "days", "explicit")


def _month_week(found: Found, frame: Frame) -> Period | None:
    """A week of a month, counted from its first day; the last one up to its end: "in the second week of May"."""
    groups, published = found.groups, frame.published_on
    month = date_words().month_of[(groups["m"] or "").lower()]
    year = _year_of(groups, published)
    if year is None:
        if published is None:
            return None
        year = published.year if month <= published.month else published.year - 1
    whole, nth = month_period(year, month, "explicit"), (groups["nth"] or "").lower()
    if whole is None:
        return None
    weeks = ("first", "second", "third", "fourth")
    start = whole.start + 7 * weeks.index(nth) * DAY if nth in weeks else whole.end - 6 * DAY
    return Period(start, start + 6 * DAY, "week", "explicit")


def _year(found: Found, frame: Frame) -> Period | None:
    year = int(found.groups["y"] or 0)
    following = frame.text[found.end : found.end + 24].split()
    counted = bool(following) and following[0].islower() and following[0].endswith("s") and len(following[0]) > 4
    if (
        counted
        and (year % 100 == 0 or (found.groups["lead"] or "").lower() in ("of", "the", "by", "from"))
        and year == 2000
    ):
        return None
    return Period(dt.date(year, 1, 1), dt.date(year, 12, 31), "year", "explicit")


def _unit_back(origin: dt.date, number: int, unit: str) -> Period | None:
    """The day, month or year that lies so many units before a day (after it where the number is negative)."""
    if unit in ("hour", "day", "night", "week", "fortnight"):
        days = number * {"hour": 0, "day": 1, "night": 1, "week": 7, "fortnight": 14}[unit]
        if unit == "hour":
            days = (1 if number > 0 else -1) * ((abs(number) + 11) // 24)
        date = shift_days(origin, -days)
        return (
            None if date is None else Period(date, date, "week" if unit in ("week", "fortnight") else "day", "relative")
        )
    if unit == "month":
        index = origin.year * 12 + origin.month - 1 - number
        return month_period(index // 12, index % 12 + 1, "relative") if index >= 12 else None
    year = origin.year - number * (10 if unit == "decade" else 1)
    return Period(dt.date(year, 1, 1), dt.date(year, 12, 31), "year", "relative") if 1 <= year <= 9999 else None


def _unit_word(groups: dict[str, str | None]) -> str:
    return (groups["unit"] or "").lower().removesuffix("s")


def _span(found: Found, frame: Frame) -> Period | None:
    groups, published = found.groups, frame.published_on
    modifier, unit, number = (groups["mod"] or "recent").lower(), _unit_word(groups), read_number(groups["n"])
    if unit == "hour" and number is None and published is not None and modifier in ("past", "last", "recent"):
        day_before = shift_days(published, -1)  # "in the past few hours": as "in the past 24 hours"
        return None if day_before is None else Period(day_before, published, "days", "relative")
    if published is None or number is None or modifier in ("recent", "next", "coming", "first"):
        return None
    if modifier in ("previous", "preceding") and not groups["n"]:
        return None
    length = {"hour": 0, "day": 1, "night": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365, "decade": 3650}[
        unit
    ] * number
    if unit == "hour":
        length = (number + 23) // 24 if number >= 12 else 0
    start = shift_days(published, -length)
    if start is None:
        return None
    precision = "day" if length == 0 else "days" if length <= 31 else "month" if length <= 93 else "year"
    return Period(start, published, precision, "relative")


def _ago(found: Found, frame: Frame) -> Period | None:
    number, unit = read_number(found.groups["n"]), _unit_word(found.groups)
    if number is None and unit == "hour":
        number = 0  # "a few hours ago"
    if frame.published_on is None or number is None:
        return None
    if found.groups["wd"] and unit == "week":
        named = latest_weekday(date_words().weekday_of[found.groups["wd"].lower()], frame.published_on)
        return _unit_back(named, 7 * number, "day")
    if unit == "week" and frame.text[found.start : found.end].lower().endswith("today"):
        return _unit_back(frame.published_on, 7 * number, "day")
    return _unit_back(frame.published_on, number, unit)


def _shift(found: Found, frame: Frame) -> Period | None:
    groups, number = found.groups, read_number(found.groups["n"])
    direction = (groups["dir"] or groups["near"] or "").lower()
    back = direction in ("earlier", "before", "previously", "beforehand")
    if number is not None and groups["near"] and groups["open"]:
        # "two days after the truce" dates nothing; "killed on Friday, two days after gunmen shot …" what is told second.
        after = not back and frame.previous is not None and _unit_word(groups) == "day"
        return _unit_back(frame.previous, number, "day") if after and frame.previous is not None else None
    if number is None:
        return None
    origin = frame.previous
    if origin is None and back and _unit_word(groups) == "day":
        origin = frame.published_on
    return None if origin is None else _unit_back(origin, number if back else -number, _unit_word(groups))


def _came_after(found: Found, frame: Frame) -> Period | None:
    """The day of what is told second in "the assault came two days after …", against the day told before."""
    now = (found.groups["came"] or "").lower().startswith(("come", "follows", "takes"))  # "the latest attack comes …"
    number, origin = read_number(found.groups["n"]), (None if now else frame.previous) or frame.published_on
    if number is None or origin is None:
        return None
    period = _unit_back(origin, number, _unit_word(found.groups))
    return period if period is None or period.precision != "week" else day(period.start, "relative")


def _unit(found: Found, frame: Frame) -> Period | None:
    groups, published = found.groups, frame.published_on
    modifier = " ".join((groups["mod"] or "").lower().split())
    if published is None or modifier not in ("last", "this"):
        return None
    unit, last = _unit_word(groups), modifier == "last"
    if unit == "week":
        monday = latest_weekday(0, published)
        if last:
            return Period(monday - 7 * DAY, monday - DAY, "week", "relative")
        return Period(monday, published, "week", "relative")
    if unit == "month":
        if last:
            return _unit_back(published, 1, "month")
        return Period(published.replace(day=1), published, "month", "relative")
    if last:
        return _unit_back(published, 1, "year")
    return Period(published.replace(month=1, day=1), published, "year", "relative")


def _weekend(found: Found, frame: Frame) -> Period | None:
    published = frame.published_on
    modifier = " ".join((found.groups["mod"] or "").lower().split())
    if published is None or modifier == "next":
        return None
    saturday = latest_weekday(5, published)
    if modifier in ("last", "the last", "the previous") and published - saturday <= DAY:
        saturday -= 7 * DAY
    return Period(saturday, min(saturday + DAY, published), "days", "relative")


def _days_before(days: int) -> Callable[[Found, Frame], Period | None]:
    def resolve(found: Found, frame: Frame) -> Period | None:
        if frame.published_on is None or found.groups.get("later"):
            return None
        date = shift_days(frame.published_on, -days - (1 if found.groups.get("two") else 0))
        return None if date is None else day(date, "relative")

    return resolve


def _other_day(found: Found, frame: Frame) -> Period | None:
    words = (found.groups["rel"] or "").lower().split()
    back = words[0] in ("previous", "preceding") or words[-1] == "before"
    origin = frame.previous or (frame.published_on if back else None)
    date = None if origin is None else shift_days(origin, -1 if back else 1)
    return None if date is None else day(date, "relative")


def _same_day(found: Found, frame: Frame) -> Period | None:
    text = frame.text[found.start : found.end].lower()
    published = (
        frame.published_on if text.startswith(("earlier", "later")) else None
    )  # of the news, where no day is told
    origin = frame.previous or published
    return None if origin is None else day(origin, "relative")


def _nothing(found: Found, frame: Frame) -> Period | None:
    return None


RESOLVERS: dict[str, Callable[[Found, Frame], Period | None]] = {
    "weekday": _weekday,
    "calendar": _calendar,
    "numeric": _numeric,
    "holiday": _holiday,
    "nth": _nth,
    "month": _month,
    "month_week": _month_week,
    "year": _year,
    "span": _span,
    "ago": _ago,
    "shift": _shift,
    "came_after": _came_after,
    "unit": _unit,
    "weekend": _weekend,
    "today": _days_before(0),
    "yesterday": _days_before(1),
    "last_night": _days_before(1),
    "overnight": _days_before(1),
    "night_before_last": _days_before(2),
    "tomorrow": _nothing,
    "other_day": _other_day,
    "same_day": _same_day,
}
