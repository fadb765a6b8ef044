"""Tells the day of a dispatch from that of an act: date lines, agencies' stamps and those of a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tasks.extract.dates_lexicon import date_words

if TYPE_CHECKING:
    from tasks.extract.parsed import Span

_DATE_LINE = 60  # characters of a place and a date before the dash of a date line
# What stands around the day of a date line: "PORT SUDAN, April 14 - …", "Bangui, 9 February 2019 (XY): …"
_DATE_LINE_PLACE = re.compile(
    r"\W*(?:[A-Z][\w.'’-]*(?:[ /]+(?:(?:of|the|de|del|el|al|i)[ -])?|,\s*))*[A-Z][\w.'’)-]*\s*,\s*"
)
_DATE_LINE_CLOSE = re.compile(r"(?:,?\s*\d{4})?\s*(?:\([^()]{2,40}\)\s*)?(?:--?|[–—:])\s")


def is_date_line(sentence: Span, span: Span) -> bool:
    """Whether the time is that of the dispatch: "DAMASCUS, 4 Feb (AFP) --", "AFP Monday 3 April"."""
    lead, rest = (
        sentence.text[: span.start_char - sentence.start_char],
        sentence.text[span.end_char - sentence.start_char :],
    )
    if len(lead) < _DATE_LINE and _DATE_LINE_PLACE.fullmatch(lead) and _DATE_LINE_CLOSE.match(rest):
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
