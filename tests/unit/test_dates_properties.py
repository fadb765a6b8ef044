"""Properties of the date grammar: whatever is generated resolves to the day computed apart from it; any text is survived."""

from __future__ import annotations

import calendar
import datetime as dt
import time
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.vocabulary import DATE_BASES, DATE_PRECISIONS
from tasks.extract.dates import find_dates

PUBLISHED = st.dates(dt.date(1985, 1, 1), dt.date(2035, 12, 31))
WEEKDAYS = list(calendar.day_name)
MONTHS = list(calendar.month_name)[1:]
BEFORE = st.sampled_from(["", "on ", "early ", "late on ", "at dawn on ", "in the early hours of ", "overnight on "])
AFTER = st.sampled_from(["", " morning", " night", " evening", " afternoon"])
NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
FRAMES = st.sampled_from(["{}", "Shells hit the town {} and killed four.", "{}, six people died.", "Six died ({})."])


def only(frame: str, phrase: str, published: dt.date | None) -> tuple[dt.date, dt.date]:
    text = frame.format(phrase)
    (found,) = find_dates(text, published)
    assert text[found.start : found.end] == found.text
    return found.date_start, found.date_end


@given(PUBLISHED, st.sampled_from(WEEKDAYS), BEFORE, AFTER, FRAMES)
def test_a_weekday_is_the_latest_on_or_before_publication(published, weekday, before, after, frame) -> None:
    expected = next(day for back in range(7) if WEEKDAYS[(day := published - dt.timedelta(back)).weekday()] == weekday)
    assert only(frame, f"{before}{weekday}{after}", published) == (expected, expected)


@given(
    PUBLISHED,
    st.integers(0, 9000),
    st.sampled_from(
        ["{d} {m} {y}", "{m} {d}, {y}", "{m} {d} {y}", "{w}, {d} {m} {y}", "{y}-{mm}-{dd}", "{w} {m} {d}, {y}"]
    ),
    FRAMES,
)
def test_a_whole_date_is_that_date(published, back, form, frame) -> None:
    day = published - dt.timedelta(back)
    phrase = form.format(
        d=day.day,
        dd=f"{day.day:02}",
        m=MONTHS[day.month - 1],
        mm=f"{day.month:02}",
        y=day.year,
        w=WEEKDAYS[day.weekday()],
    )
    assert only(frame, phrase, published) == (day, day)
    assert only(frame, phrase, None) == (day, day)


@given(
    PUBLISHED,
    st.integers(0, 364),
    st.sampled_from(["{d} {m}", "{m} {d}", "on the night of {d} {m}", "{a}. {d}"]),
    FRAMES,
)
def test_a_date_without_a_year_is_the_latest_one(published, back, form, frame) -> None:
    day = published - dt.timedelta(back)
    name = MONTHS[day.month - 1]
    form = "{m} {d}" if name == "May" else form  # has no abbreviation
    phrase = form.format(d=day.day, m=name, a=name[:3])
    assert only(frame, phrase, published) == (day, day)


@given(PUBLISHED, st.integers(1, 10), st.booleans(), FRAMES)
def test_days_ago_count_back_from_publication(published, count, in_words, frame) -> None:
    number = NUMBERS[count - 1] if in_words else str(count)
    day = published - dt.timedelta(count)
    assert only(frame, f"{number} days ago", published) == (day, day)
    assert only(frame, f"in the past {number} days", published) == (day, published)


@given(PUBLISHED, st.integers(1, 27), st.integers(1, 6), st.sampled_from(MONTHS), st.integers(1985, 2030))
def test_a_range_of_days_in_a_month(published, first, length, month, year) -> None:
    last = min(first + length, 28)
    start, end = (dt.date(year, MONTHS.index(month) + 1, number) for number in (first, last))
    for phrase in (
        f"{first}-{last} {month} {year}",
        f"between {first} and {last} {month} {year}",
        f"{month} {first}-{last}, {year}",
    ):
        if first < last:
            assert only("{}", phrase, None) == (start, end)


PIECES = st.sampled_from(
    [
        *WEEKDAYS,
        *MONTHS,
        "Sat",
        "May",
        "the",
        "on",
        "of",
        "last",
        "next",
        "this",
        "overnight",
        "and",
        "to",
        "since",
        "between",
        "week",
        "days",
        "ago",
        "earlier",
        "later",
        "two",
        "30",
        "31",
        "2016",
        "90",
        "-",
        ",",
        ".",
        "'s",
        "today",
        "yesterday",
        "day before",
        "night",
        "in",
        "1/2/2003",
        "29",
        "February",
    ]
)


@given(st.lists(PIECES, max_size=40).map(" ".join) | st.text(max_size=200), PUBLISHED)
@settings(max_examples=400)
def test_any_text_gives_ordered_past_dates_with_true_offsets(text, published) -> None:
    found = find_dates(text, published)
    for date in found:
        assert text[date.start : date.end] == date.text
        assert date.date_start <= date.date_end <= published
        assert date.precision in DATE_PRECISIONS
        assert date.basis in DATE_BASES
        assert date.precision != "day" or date.date_start == date.date_end
    assert all(first.end <= second.start for first, second in pairwise(found))
    assert found == find_dates(text, published)


@given(st.lists(PIECES, max_size=30).map(" ".join), st.dates())
def test_the_ends_of_the_calendar_are_survived(text, published) -> None:
    find_dates(text, published)
    find_dates(text, None)


def test_time_grows_with_the_length_of_the_text() -> None:
    def seconds(text: str) -> float:
        start = time.process_time()
        find_dates(text, dt.date(2022, 5, 11))
        return time.process_time() - start

    for unit in (
        "On Friday 3 May two days earlier the town fell. ",
        "early " * 8,
        "1 2 3 ",
        "the night of ",
        "Sat Sun May ",
    ):
        seconds(unit)
        short, long = seconds(unit * 500), seconds(unit * 4000)
        assert long < 8 * 4 * max(short, 0.01), unit
