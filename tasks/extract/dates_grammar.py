"""The grammar of time expressions: one compiled pattern a family, each with the name of its rule.

A family has cues (without one of them in the text it is not tried), a core pattern, and a lead that may stand before the core
("early on", "the night of"). Patterns hold no nested repetition, so that reading takes time linear in the text. A family may
also match what is no past date ("next Friday", "tomorrow", "every Sunday"): the match takes the words away from the other
families and resolves to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from tasks.extract.dates_lexicon import DateWords, alternatives, date_words

_YEAR = r"(?:19|20)\d\d"
_UNIT = r"(?P<unit>hours?|days?|nights?|weeks?|fortnights?|months?|years?|decades?)"
_VAGUE = r"few|several|some|many|dozens\s+of|couple"
_ORDINAL_SUFFIX = r"(?:\s?(?:st|nd|rd|th)\b)?"
_TAIL_WORDS = (
    r"in|on|at|when|near|after|by|as|and|of|that|which|the|were|was|during|from|while|where|against|before|killed|left"
)


_LEAD_WINDOW = 90  # characters before a core in which its lead is looked for
_DIGIT = ("0",)  # any digit
_DIGITS = re.compile("[0-9]")
_LETTERS = re.compile("[a-z]+")
_UNITS = frozenset(
    f"{unit}{plural}"
    for unit in ("hour", "day", "night", "week", "fortnight", "month", "year", "decade")
    for plural in ("", "s")
)


@dataclass(frozen=True, slots=True)
class Family:
    """A family of time expressions: rule, core pattern, lead, and cues.

    A sentence needs a word of each group in `cues` ("0" stands for any digit), and what `near` finds, before the core is tried:
    the groups with the rarest words come first.
    """

    rule: str
    core: re.Pattern[str]
    lead: re.Pattern[str] | None
    cues: tuple[frozenset[str], ...]
    near: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Found:
    """A match of a family, not yet resolved."""

    start: int
    end: int
    rule: str
    groups: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class _Parts:
    """Fragments that several families share."""

    before: str
    after: str
    weekday: str
    short: str
    month: str
    month_full: str
    number: str
    not_a_name: str


def _parts(words: DateWords) -> _Parts:
    after = alternatives(words.parts_after)
    points = alternatives(words.points)
    before = (
        r"(?:(?:(?:in|during)\s+)?the\s+(?:very\s+)?(?:early|late|small|first|pre-?dawn|wee|last)\s+(?:morning\s+)?hours?\s+(?:of|on)\s+"
        rf"|(?:on\s+|during\s+)?(?:the\s+)?(?:{after}|day)\s+(?:of|on)\s+"
        rf"|(?:at|before|around|by|after|towards?|near)\s+(?:{points})\s+(?:on\s+|of\s+)?"
        rf"|overnight\s+(?:on\s+)?|(?:{points}|pre-?dawn)\s+(?:on\s+)?"
        r"|(?:very\s+)?(?:early|late|later|earlier|mid)[\s-]+(?:on\s+)?){0,2}"
    )
    part_after = (
        rf"(?:,?\s+(?:(?:early|late)\s+)?(?:in\s+the\s+(?:early\s+|late\s+)?|at\s+|before\s+|around\s+)?(?:{after})\b)?"
    )
    return _Parts(
        before=before,
        after=part_after,
        weekday=alternatives(words.weekday_full),
        short=alternatives(word.capitalize() for word in words.weekday_short),
        month=alternatives(words.month_of),
        month_full=alternatives(words.month_full),
        number=rf"(?:{alternatives(words.number_of)}|\d{{1,3}})",
        not_a_name=rf"(?!\s+(?:{alternatives(words.names_after)})\b)",
    )


def _family(
    rule: str, core: str, *cues: Iterable[str], lead: str | None = None, near: re.Pattern[str] | None = None
) -> Family:
    compiled = None if lead is None else re.compile(rf"(?<!\w)(?:{lead})$", re.IGNORECASE)
    return Family(rule, re.compile(core, re.IGNORECASE), compiled, tuple(map(frozenset, cues)), near)


def _weekday_families(words: DateWords, parts: _Parts) -> Iterator[Family]:
    habit = rf"(?:(?P<habit>(?<!\ba )(?:{alternatives(words.names_before)}))\s+)?"  # "it was a black Sunday" is a day
    modifier = r"(?:(?P<mod>last|this|next|past|this\s+past|this\s+coming|coming|upcoming|(?:the\s+)?previous|(?:the\s+)?following)\s+)?"
    lead = habit + parts.before + modifier
    tail = r"(?:\s+(?:of\s+)?(?P<tail>last\s+week|this\s+week|next\s+week|the\s+(?:previous|same)\s+week))?"
    full = rf"\b(?P<wd>{parts.weekday})(?P<plural>['’]?s)?\b{parts.not_a_name}{parts.after}{tail}"
    # "Sat", "Sun" and their like are days only beside "on", a point or a part of the day.
    short = (
        rf"(?-i:(?<=\bon )(?P<wd1>{parts.short})\b\.?|(?<!\bThe )\b(?P<wd2>{parts.short})\.(?!\w)"
        rf"|\b(?P<wd3>{parts.short})\b(?=\s+(?:{alternatives(words.parts_after)})\b)|\b(?P<wd4>Tues|Thurs|Weds)\b){parts.after}{tail}"
    )
    days = [form for word in words.weekday_full for form in (word, f"{word}s")]
    yield _family("weekday", full, days, lead=lead)
    near = re.compile(rf"on (?:{parts.short})|(?:{parts.short})[. ]|Tues|Thurs|Weds")
    yield _family("weekday", short, (*words.weekday_short, "tues", "thurs", "weds"), lead=lead, near=near)


def _calendar_families(words: DateWords, parts: _Parts) -> Iterator[Family]:
    weekday = rf"(?:(?:(?:{parts.weekday})|(?-i:{parts.short}))\b\.?,?\s+(?:(?:{alternatives(words.parts_after)})\b,?\s*)?(?:the\s+)?)?"
    lead = parts.before + weekday
    year = (
        rf"(?:,?\s+(?:of\s+)?(?P<y>{_YEAR})(?!\d|[:,]\d)|\s+['’]?(?P<yy>\d\d)(?=\s*(?:[().;]|--|$))"
        r"|,?\s+(?:of\s+)?(?P<ly>last|this)\s+year)?"
    )
    month = rf"(?P<m>{parts.month})\b\.?"
    joined = r"(?:\s?[-–—]\s?|\s+(?:to|and|or|through|until)\s+(?:the\s+|on\s+)?)"
    # "15 may have died": the auxiliary is no month.
    no_verb = r"(?!(?-i:(?<=may))\s+(?:have|be|not|also|still|well|include)\b)"
    number = r"(?:0?[1-9]|[12]\d|3[01])"
    first = rf"(?:(?P<d0>{number}){_ORDINAL_SUFFIX}{joined})?(?P<d>{number}){_ORDINAL_SUFFIX}"
    dmy = rf"(?<![\w:.,/–-]){first}\s*-?(?:of\s+)?\s?{month}{no_verb}{year}{parts.not_a_name}{parts.after}"
    second = (
        rf"(?:{joined}(?P<d2>{number}){_ORDINAL_SUFFIX}(?!\d|[:,]\d)(?!\s+(?!(?:{_TAIL_WORDS}|an?)\b)(?-i:[a-z])))?"
    )
    mdy = (
        rf"\b{month}\s*(?:the\s+)?(?P<d>{number}){_ORDINAL_SUFFIX}"
        rf"(?!\d|[:,]\d|\s+years?\b|%){second}{year}{parts.not_a_name}{parts.after}"
    )
    months = frozenset(words.month_of)
    iso = r"\b(?P<y>(?:19|20)\d\d)-(?P<m>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])\b"
    yield _family("calendar", iso, _DIGIT, near=re.compile("[0-9]-"))
    yield _family(
        "numeric",
        r"(?<![\d/.-])(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4}|\d\d)(?![\d/-]|\.\d)",
        _DIGIT,
        near=re.compile("[0-9][/.-][0-9]"),
    )
    yield _family("calendar", dmy, months, _DIGIT, lead=lead)
    yield _family("calendar", mdy, months, _DIGIT, lead=lead)
    yield _family(
        "holiday",
        rf"\b(?P<holiday>{alternatives(words.holidays)})\b(?:,?\s+(?P<y>{_YEAR}))?",
        [word for name in words.holidays for word in (name.split()[0].replace("'", ""), re.split("[ ']", name)[0])],
    )
    # "on the 15th.", "on the 15th when …", "on the 15th of this month": elsewhere an ordinal counts something.
    nth = rf"\bon\s+the\s+(?P<d>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)(?:\s+of\s+(?P<which>this|last|the\s+same|the)\s+month\b|(?=\s*(?:[.,;:)]|$)|\s+(?:{_TAIL_WORDS})\b))"
    yield _family("nth", nth, _DIGIT, near=re.compile("on the", re.IGNORECASE))


def _month_families(words: DateWords, parts: _Parts) -> Iterator[Family]:
    months = frozenset(words.month_of)
    third = r"(?P<third>early|mid|late|the\s+(?:start|beginning|middle|end)\s+of)(?:\s+in)?[\s-]+"
    capital = rf"(?-i:(?=[A-Z]))(?P<m>{parts.month_full}|sept)\b(?!\.?\s+\d{{1,2}}(?!\d)|['’-])"
    with_year = rf"\b(?P<m>{parts.month})\b\.?,?\s+(?:of\s+)?(?:(?P<y>{_YEAR})(?![\d:]|,\d)|(?P<ly>last|this)\s+year\b)"
    led = rf"\b(?:{third}|(?P<lead>in|during|since|until|last|this\s+past|this|next|the\s+month\s+of)\s+){capital}"
    # "the December attack": a month before a common noun.
    noun = rf"\b(?:the|a|an|that)\s+{capital}(?=\s+[a-z])(?!\s+(?:to|on|of|in|was|by|for|has|had|is|and|at)\b)"
    year = (
        r"\b(?P<lead>in|during|since|of|until|by|from|early|late|mid|throughout|before|after|the|early\s+in|late\s+in)[\s-]+"
        rf"(?P<y>{_YEAR})\b(?![,.:]\d|%|[-/]\d|-?\s?(?:strong|people|civilians|men|women|children|troops|soldiers|fighters|metres|meters|km|kilometres|kilometers|pounds|kg)\b)"
    )
    yield _family("month", with_year, months, (*_DIGIT, "year"), lead=rf"(?:{third})?")
    full = (*words.month_full, "sept")
    yield _family("month", led, full)
    week = r"(?P<nth>first|second|third|fourth|last)\s+week\s+(?:of|in)\s+"
    yield _family(
        "month_week", rf"\b{week}(?P<m>{parts.month_full})\b(?:,?\s+(?P<y>{_YEAR}))?", ("week",), words.month_full
    )
    yield _family("month", noun, full)
    yield _family("year", year, _DIGIT, near=re.compile("19|20"))


def _relative_families(parts: _Parts) -> Iterator[Family]:
    number = rf"(?P<n>{parts.number}|{_VAGUE})"
    period = r"(?P<mod>past|last|previous|preceding|recent|next|coming|first)"
    led = r"(?:(?:in|over|during|within|for|throughout)\s+)?"
    periods = ("past", "last", "previous", "preceding", "recent", "next", "coming", "first")
    yield _family(
        "span", rf"\b{period}\s+{number}[\s-]+(?:of\s+)?{_UNIT}\b", periods, _UNITS, lead=led + r"(?:(?:the|these)\s+)?"
    )
    yield _family("span", rf"\bthe\s+{period}(?P<n>)\s+{_UNIT}\b", periods, _UNITS, lead=led)
    yield _family("span", rf"\b(?P<mod>recent)(?P<n>)\s+{_UNIT}\b", ("recent",), _UNITS)
    back = rf"(?:\s+(?:today|(?:on\s+)?(?P<wd>{parts.weekday}))\b{parts.after})?"  # "a week ago on Sunday"
    yield _family("ago", rf"\b{number}\s+(?:of\s+)?(?:short\s+|long\s+)?{_UNIT}\s+ago\b{back}", ("ago",))
    turns = ("earlier", "later", "previously", "before", "beforehand", "after", "afterward", "afterwards")
    shift = rf"\b{number}\s+(?:of\s+)?{_UNIT}\s+(?:(?P<dir>earlier|later|previously|beforehand|afterwards?)\b|(?P<near>before|after)\b)(?P<open>\s+\w)?"
    yield _family("shift", shift, _UNITS, turns)
    # "the assault came two days after a judge was shot": dates what is told second.
    came = r"(?P<came>(?:came|come|comes|coming|occurred|happened|followed|follows|took\s+place|takes\s+place)\s+)(?:just\s+|only\s+|less\s+than\s+|barely\s+|about\s+|exactly\s+)?"
    yield _family("came_after", rf"\b{came}(?P<n>{parts.number})\s+{_UNIT}\s+after\b", ("after",), _UNITS)
    unit = (
        r"\b(?P<mod>last|this|next|the\s+previous|the\s+following|the\s+same)\s+(?P<unit>week|month|year)\b(?:['’]s)?"
    )
    yield _family(
        "unit", unit, ("week", "month", "year"), lead=r"(?:(?:early|earlier|late|later|mid)(?:\s+in)?[\s-]+)?"
    )
    weekend = r"\b(?P<mod>the|last|this|this\s+past|the\s+past|the\s+last|next|the\s+previous)\s+week-?end\b(?:['’]?s)?"
    yield _family("weekend", weekend, ("weekend", "end"), lead=r"(?:(?:over|at|during|on|for)\s+)?")


def _day_families(parts: _Parts) -> Iterator[Family]:
    yield _family("today", r"\btoday\b(?:['’]?s\b)?", ("today",), lead=rf"(?:(?P<later>later)\s+)?{parts.before}")
    yield _family(
        "yesterday",
        rf"\byesterday(?:['’]?s)?\b{parts.after}",
        ("yesterday", "yesterdays"),
        lead=rf"(?P<two>(?:the\s+)?day\s+before\s+)?{parts.before}",
    )
    tomorrow = r"\btomorrow(?:['’]?s)?\b(?:\s+(?:morning|afternoon|evening|night))?"
    yield _family("tomorrow", tomorrow, ("tomorrow", "tomorrows"), lead=r"(?:(?:the\s+)?day\s+after\s+)?")
    part = ("morning", "afternoon", "evening", "night", "day")
    this_part = (
        r"\bthis\s+(?:very\s+)?(?:early\s+)?(?:morning|afternoon|evening)\b(?:['’]?s\b)?|\btonight\b|\bthis\s+day\b"
    )
    yield _family("today", this_part, (*part, "tonight"), ("this", "tonight"), lead=parts.before)
    yield _family(
        "last_night", r"\blast\s+(?:night|evening)\b(?:['’]?s\b)?", ("night", "evening"), ("last",), lead=parts.before
    )
    yield _family("night_before_last", r"\bthe\s+night\s+before\s+last\b", ("night",), ("before",), ("last",))
    overnight = r"\bovernight\b(?!\s+(?:from|between|stay|bag|guest|train|bus|flight|curfew)\b)|\b(?:during|through|in|on|over)\s+the\s+night\b(?!\s+(?:of|between|from|before|after|to)\b)"
    yield _family("overnight", overnight, ("overnight", "night"))
    # "the day before the truce", "the day before Eid" hang on another event.
    closed = rf"(?=\s*(?:[^\w\s]|$)|\s+(?:{_TAIL_WORDS})\b)"
    other_day = (
        r"\b(?:on\s+)?(?:the\s+)?(?P<rel>previous\s+(?:day|night|evening|morning)|preceding\s+(?:day|night)"
        rf"|next\s+(?:day|morning|night)|following\s+(?:day|morning|night|evening)|(?:day|night|evening)\s+before{closed}"
        rf"|(?:day|morning|night)\s+after{closed})\b"
    )
    yield _family("other_day", other_day, part, ("previous", "preceding", "before", "next", "following", "after"))
    same_day = (
        r"\b(?:earlier|later)\s+(?:on\s+)?in\s+the\s+(?:day|morning|evening|afternoon|night)\b"
        r"|\b(?:on\s+)?(?:that|the\s+same|that\s+same|the\s+very\s+same)\s+(?:day|night|morning|evening|afternoon)\b(?:['’]?s\b)?"
    )
    yield _family("same_day", same_day, part, ("that", "same", "earlier", "later"))


@lru_cache(maxsize=1)
def families() -> tuple[Family, ...]:
    """All families, compiled once; where two match the same length, the earlier one wins."""
    words = date_words()
    parts = _parts(words)
    return (
        *_calendar_families(words, parts),
        *_day_families(parts),
        *_weekday_families(words, parts),
        *_month_families(words, parts),
        *_relative_families(parts),
    )


@lru_cache(maxsize=1)
def _families_of() -> dict[str, list[int]]:
    """The families, by their number, that may be tried where a word stands: those that it is a first cue of."""
    found: dict[str, list[int]] = {}
    for number, family in enumerate(families()):
        for word in family.cues[0]:
            found.setdefault(word, []).append(number)
    return found


def _matches(family: Family, text: str) -> Iterator[Found]:
    for match in family.core.finditer(text):
        start, groups = match.start(), match.groupdict()
        if family.lead is not None:
            lead = family.lead.search(text, max(0, start - _LEAD_WINDOW), start)
            if lead is not None:
                start = lead.start()
                groups |= lead.groupdict()
        yield Found(start, match.end(), family.rule, groups)


def _may_match(text: str) -> Iterator[Family]:
    """The families whose cues stand in a text, in their order."""
    words = set(_LETTERS.findall(text.lower()))
    if _DIGITS.search(text):
        words.add("0")
    known, every = _families_of(), families()
    for number in sorted({number for word in words & known.keys() for number in known[word]}):
        family = every[number]
        if not any(map(words.isdisjoint, family.cues)) and (family.near is None or family.near.search(text)):
            yield family


def find_families(text: str) -> list[Found]:
    """The time expressions of a text, in order, none over another: the longest wins, then the earlier family."""
    matches = [found for family in _may_match(text) for found in _matches(family, text)]
    matches.sort(key=lambda found: found.start - found.end)
    taken = bytearray(len(text))
    kept: list[Found] = []
    for found in matches:
        if any(taken[found.start : found.end]):
            continue
        taken[found.start : found.end] = b"\x01" * (found.end - found.start)
        kept.append(found)
    return sorted(kept, key=lambda found: found.start)
