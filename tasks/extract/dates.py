"""When an incident happened: the time expressions of a passage, and which of them dates an act."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from tasks.extract.dates_choose import choose_date, is_report_time
from tasks.extract.dates_grammar import find_families
from tasks.extract.dates_period import Frame, Period, read_number, shift_days
from tasks.extract.dates_resolve import RESOLVERS, latest_yearly
from tasks.extract.spans import DateExpression

__all__ = ["choose_date", "find_dates", "is_report_time"]

_JOIN = re.compile(
    r"\s*[-–—]\s*"
    r"|(?:,?\s(?:to|until|till|through|and\s+into|into)|(?P<loose>,?\s(?:and|or)(?:\s+(?:continu(?:ed|ing)|lasted|lasting|went)(?:\s+on)?)?))"
    r"\s+(?:\d{1,2}(?:[.:]\d\d)?\s*(?:[ap]\.?m\.?)?\s+)?(?P<again>on\s+)?(?:(?:into|until|through|the|in)\s+)?",
    re.IGNORECASE,
)
# "flared up on Monday evening outside the port and dragged on until Tuesday noon"
_LASTED = re.compile(
    r"[^.;]{0,70}?\b(?:(?:continu(?:ed|ing)|last(?:ed|ing)|went\s+on|carried\s+on|raged|dragged\s+on|ended|ending)\s+(?:on\s+)?"
    r"(?:until|till|through|into|up\s+to)|(?<=and )(?:(?:was|were|had)\s+)?(?:(?:only|finally|not)\s+)?"
    r"(?:ended|over|finished|concluded|stopped|subsided|brought\s+to\s+an\s+end|(?:driven|drove|pulled)\s+out(?:\s+again)?|out\s+again)(?:\s+only)?"
    r"(?:\s+(?:on|by|at))?)\s+(?:(?:the\s+)?(?:early|late)(?:\s+hours\s+(?:of|on))?\s+)?",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\bsince\s+(?:(?:at\s+least|about|around|last)\s+)?$", re.IGNORECASE)
_HOURS_TO = re.compile(
    r"\b(?P<n>24|48|twenty-four|forty-eight)[\s-]hours?(?:\s+period)?,?\s+(?:to|until|till|up\s+to|before|ended|ending|through)"
    r"(?:\s+(?:at|by))?(?:\s+[\d.:]+\s*(?:[ap]\.?m\.?|gmt|hrs)?|\s+noon|\s+midnight|\s+dawn)?(?:\s+(?:on|of))?\s*$",
    re.IGNORECASE,
)  # "in the 24 hours to Tuesday evening", "in the 24 hours ended at 10 a.m. Monday"
# "died on Monday, five days after a shell hit the clinic": the day of the harm
_AFTER_HARM = re.compile(
    r",?\s+(?:just\s+|only\s+|some\s+|about\s+)?(?P<n>[\w-]+)\s+(?P<unit>days?|weeks?)\s+after\s+"
    r"(?:being|having|he|she|they|it|an?|the|his|her|their|gunmen|militants|soldiers|police|troops)\b",
    re.IGNORECASE,
)
_DIED = re.compile(r"\b(?:died|dies|succumbed|dead)\b[^.;]{0,80}$", re.IGNORECASE)
_CLOSES = re.compile(r"\s*(?:[.,;:!?)”\"]|$)")
_LONGEST_JOIN = 31  # days; "between 3 March and 2 April" is a bout at most, not a war
_LONGEST_PAIR = 6  # days from the first to the second of "Friday and Saturday"


def find_dates(text: str, published_on: dt.date | None, previous: dt.date | None = None) -> list[DateExpression]:
    """The time expressions of a passage that can be resolved to days in the past, in the order of the text.

    A weekday is the latest one on or before publication and a date without a year the latest such date (the codebook's
    rule); "overnight" is the day before publication. Vague times ("recently", "a few days ago"), future ones and ones
    that hang on an unknown event ("two days after the truce") give nothing.

    Args:
        text: one passage.
        published_on: the publication date; without it only dates with a year resolve.
        previous: the day told last before this passage, for "that day" and "two days earlier".

    Returns:
        Expressions that do not overlap, with offsets into the text; none of them lies after `published_on`.
    """
    if published_on is not None and published_on.year < 100:  # outside the calendar that the rules count in
        return []
    expressions: list[DateExpression] = []
    for found in find_families(text):
        turn = found.rule == "shift" and bool(
            found.groups["near"] and found.groups["open"]
        )  # "on Friday, two days after gunmen shot …"
        told = previous if not turn or (expressions and expressions[-1].precision == "day") else None
        period = RESOLVERS[found.rule](found, Frame(text, published_on, told))
        period = _past(period, published_on)
        if period is None:
            continue
        start = found.start + len(text[found.start : found.end]) - len(text[found.start : found.end].lstrip())
        end, rule = found.end - len(found.groups.get("open") or ""), found.rule
        if turn:
            expressions.append(
                DateExpression(start, end, text[start:end], period.start, period.end, "day", period.basis, "came_after")
            )
            continue
        expressions.append(
            DateExpression(start, end, text[start:end], period.start, period.end, period.precision, period.basis, rule)
        )
        if period.precision == "day":
            previous = period.start
    if " after " in text:
        of_harm = [_day_of_harm(expression, text) for expression in expressions]
        counted = [False, *(a != b for a, b in zip(expressions, of_harm, strict=True))]
        expressions = [e for e, said in zip(of_harm, counted, strict=False) if e.rule != "came_after" or not said]
    return _extend(_join(expressions, text, published_on), text, published_on)


def _day_of_harm(died: DateExpression, text: str) -> DateExpression:
    """The day on which somebody was hit who died days later, where the text counts the days; else the day as it is."""
    after = _AFTER_HARM.match(text, died.end) if died.precision == "day" else None
    number = None if after is None else read_number(after["n"])
    if after is None or number is None or not _DIED.search(text, max(0, died.start - 90), died.start):
        return died
    days = number * (7 if after["unit"].lower().startswith("week") else 1)
    hit = shift_days(died.date_start, -days)
    return died if hit is None else replace(died, date_start=hit, date_end=hit)


def _past(period: Period | None, published_on: dt.date | None) -> Period | None:
    """The period up to publication, or None where it lies after it."""
    if period is None or published_on is None or period.end <= published_on:
        return period
    if period.start > published_on:
        return None
    return replace(period, end=published_on)


def _join(expressions: list[DateExpression], text: str, published_on: dt.date | None) -> list[DateExpression]:
    """Two days that stand together as one range: "between Friday and Sunday", "Friday night into Saturday"."""
    joined: list[DateExpression] = []
    for expression in expressions:
        whole = None
        if joined:
            whole = _explained(joined[-1], expression, text) or _range(joined[-1], expression, text, published_on)
        if whole is None:
            joined.append(expression)
        else:
            joined[-1] = whole
    return joined


def _explained(first: DateExpression, second: DateExpression, text: str) -> DateExpression | None:
    """A day with its date in brackets: "on Wednesday [4 October]" is that date, whatever the weekday would be."""
    opening, closing = text[first.end : second.start].strip(), text[second.end : second.end + 1]
    if opening not in ("[", "(") or closing not in ("]", ")") or second.rule != "calendar":
        return None
    end = second.end + 1
    return replace(second, start=first.start, end=end, text=text[first.start : end])


def _range(
    first: DateExpression, second: DateExpression, text: str, published_on: dt.date | None
) -> DateExpression | None:
    between = text[first.end : second.start]
    gap = _JOIN.fullmatch(between) if len(between) <= 40 else None
    lasted = gap is None and len(between) <= 110 and first.precision == "day" and _LASTED.fullmatch(between)
    if (gap is None and not lasted) or "year" in (first.precision, second.precision) or first.rule == "range":
        return None
    # "five on Sunday and on Monday six more": the second day opens a clause of its own.
    loose = gap is not None and gap.group("loose")
    if gap is not None and loose and gap.group("again") and not _CLOSES.match(text, second.end):
        return None
    start, end = first.date_start, second.date_end
    if first.rule == "overnight" and second.basis == "weekday":  # "overnight into Saturday"
        start = second.date_start - dt.timedelta(days=1)
    if start > end and first.rule == "weekday":
        start -= dt.timedelta(days=7)
    elif (
        (start > end or (end - start).days > _LONGEST_JOIN)
        and first.rule == "calendar"
        and not re.search(r"\d{4}", first.text)
    ):
        start = latest_yearly(first.date_start.month, first.date_start.day, end) or start
    longest = _LONGEST_PAIR if loose and not _is_between(first, text) else _LONGEST_JOIN
    if not 0 < (end - start).days <= longest:
        return None
    precision = "days" if (end - start).days <= 31 else "month"
    basis = (
        first.basis
        if first.basis == second.basis
        else "relative"
        if "relative" in (first.basis, second.basis)
        else "explicit"
    )
    return DateExpression(
        first.start, second.end, text[first.start : second.end], start, end, precision, basis, "range"
    )


def _is_between(expression: DateExpression, text: str) -> bool:
    return bool(re.search(r"\bbetween\s+$", text[max(0, expression.start - 12) : expression.start], re.IGNORECASE))


def _extend(expressions: list[DateExpression], text: str, published_on: dt.date | None) -> list[DateExpression]:
    """Times after "since" reach from then to publication; "the 24 hours to Monday" from the day before."""
    extended = []
    for expression in expressions:
        hours = _HOURS_TO.search(text, max(0, expression.start - 48), expression.start)
        if hours is not None and expression.precision == "day":
            days = dt.timedelta(days=2 if hours["n"] in ("48", "forty-eight") else 1)
            first = expression.date_start - days
            extended.append(replace(expression, date_start=first, precision="days", rule="span"))
            continue
        match = _SINCE.search(text, max(0, expression.start - 24), expression.start)
        inside = re.match(r"since\s", expression.text, re.IGNORECASE)
        if match or inside:
            start = match.start() if match else expression.start
            end = max(expression.date_end, published_on or expression.date_end)
            precision = expression.precision if expression.precision in ("month", "year") else "days"
            if expression.date_start == end:
                precision = "day"
            expression = replace(
                expression,
                start=start,
                text=text[start : expression.end],
                date_end=end,
                precision=precision,
                rule="since",
            )
        extended.append(expression)
    return extended
