"""Tells the day of a dispatch from that of an act: date lines, agencies' stamps and those of a page."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import TYPE_CHECKING, Final

from tasks.extract.dates_lexicon import date_words

if TYPE_CHECKING:
    from tasks.extract.parsed import Span

_DATE_LINE = 60  # characters of a place and a date before the dash of a date line
# What stands around the day of a date line: "PORT SUDAN, April 14 - …", "Bangui, 9 February 2019 (XY): …"
_DATE_LINE_PLACE = re.compile(
    r"\W*(?:[A-Z][\w.'’-]*(?:[ /]+(?:(?:of|the|de|del|el|al|i)[ -])?|,\s*))*[A-Z][\w.'’)-]*\s*,\s*"
)
_DATE_LINE_CLOSE = re.compile(r"(?:,?\s*\d{4})?\s*(?:\([^()]{2,40}\)\s*)?(?:--?|[–—:])\s")
# "JUBA (16 May) - …", "HEBRON, West Bank (May 16, XY) — …"
_BEFORE_BRACKET: Final = re.compile(r"\W*[A-Z][\w.'’-]*(?:,?[ /][A-Z][\w.'’-]*){0,5}\s*\((?:[A-Z][\w.]*,?\s+)?")
_BRACKETED: Final = re.compile(r"(?:,?\s*\d{4})?(?:[,;/]?\s*[A-Z][\w.]*){0,2}\)\s*(?:--?|[–—:])\s")
_WRITTEN_BEFORE: Final = 3  # days from the date line to publication, at most


@cache
def _heading() -> re.Pattern[str]:
    """A date line at the head of a text: "GUWAHATI, Nov 26:", "NAY PYI TAW 21 April", "Text of report by … on 3 February"."""
    month = "|".join(sorted(map(re.escape, date_words().month_of), key=len, reverse=True))
    return re.compile(
        r"\W*(?:(?-i:[A-Z][A-Z'’ .,/()-]{2,50}?|[A-Z][\w'’ .-]{2,30},)\s|Text of [^.\n]{0,90}?\bon\s+)"
        rf"(?:(?P<month>{month})\.?\s+(?P<day>\d{{1,2}})|(?P<day2>\d{{1,2}})\s+(?P<month2>{month}))\b(?:,?\s+\d{{4}})?"
        r"\s*(?:[(:–—-]|,\s+translated|\n|$)",
        re.IGNORECASE,
    )


def written_on(text: str, published_on: dt.date | None) -> dt.date | None:
    """The day on which an article was written, where its date line names one shortly before publication; else that."""
    found = _heading().match(text[:200]) if published_on is not None else None
    if found is None or published_on is None:
        return published_on
    month = date_words().month_of[(found["month"] or found["month2"]).lower()]
    day = int(found["day"] or found["day2"])
    back = (published_on - dt.timedelta(days=n) for n in range(1, _WRITTEN_BEFORE + 1))
    return next((d for d in back if (d.month, d.day) == (month, day)), published_on)


def is_date_line(sentence: Span, span: Span) -> bool:
    """Whether the time is that of the dispatch: "DAMASCUS, 4 Feb (AFP) --", "AFP Monday 3 April"."""
    lead, rest = (
        sentence.text[: span.start_char - sentence.start_char],
        sentence.text[span.end_char - sentence.start_char :],
    )
    if len(lead) < _DATE_LINE and _DATE_LINE_PLACE.fullmatch(lead) and _DATE_LINE_CLOSE.match(rest):
        return True
    if len(lead) < _DATE_LINE and _BRACKETED.match(rest) and _BEFORE_BRACKET.fullmatch(lead):
        return True
    words = date_words()
    if span.start <= sentence.start + 1 and rest[:1] == ")" and span.text[:1].isdigit():
        return True  # "13.04.2017) …": a stamp of the page
    before = [token.lower_ for token in reversed(sentence.doc[sentence.start : span.start]) if not token.is_punct][:2]
    if any(word in words.agencies for word in before[:1]):
        return True
    after = "".join(token.text_with_ws for token in sentence.doc[span.end : min(span.end + 8, sentence.end)])
    opening = after.lstrip()[:1]
    agency = after.lstrip("( ").split(")")[0].split(" ")[0].lower()
    if after.lstrip().startswith("--") and span.start_char - sentence.start_char < _DATE_LINE:
        return True
    return opening == "(" and (agency in words.agencies or ") --" in after or ") -" in after)


def heads_item(sentence: Span, span: Span) -> bool:
    """Whether the time heads an item of a list of days: "Friday 17 June - the staff announced that …"."""
    following = sentence.doc[span.end : span.end + 1].text
    return span.start <= sentence.start + 1 and following in ("-", "–", "—", ":") and span.end + 1 < sentence.end
