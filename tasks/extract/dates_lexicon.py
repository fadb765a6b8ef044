"""The words of time from `lexicon/dates.toml`, in the shapes that the date grammar and the choice of a date need."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "lexicon" / "dates.toml"


@dataclass(frozen=True, slots=True)
class DateWords:
    """The lexicon of time: words in lower case, weekdays counted from Monday = 0, months from January = 1."""

    weekday_of: dict[str, int]
    weekday_full: tuple[str, ...]
    weekday_short: tuple[str, ...]
    month_of: dict[str, int]
    month_full: tuple[str, ...]
    number_of: dict[str, int]
    parts_after: tuple[str, ...]
    points: tuple[str, ...]
    early_hours: re.Pattern[str]
    holidays: dict[str, tuple[int, int]]
    names_after: tuple[str, ...]
    names_before: tuple[str, ...]
    report_verbs: frozenset[str]
    weak_report_verbs: frozenset[str]
    report_nouns: frozenset[str]
    speakers: frozenset[str]
    toll_verbs: frozenset[str]
    tolls: frozenset[str]
    late_ends: frozenset[str]
    harms: frozenset[str]
    arrivals: frozenset[str]
    gatherings: frozenset[str]
    agencies: frozenset[str]
    act_words: frozenset[str]
    happens: frozenset[str]
    other_words: frozenset[str]
    wars: frozenset[str]
    process: frozenset[str]
    starts: frozenset[str]
    units: frozenset[str]


def alternatives(words: Iterable[str]) -> str:
    """A regular expression for any of the words, longest first, with any white space where a word holds a space."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+").replace("'", "['’]?") for word in ordered)


@lru_cache(maxsize=1)
def date_words() -> DateWords:
    """The lexicon of time, read once.

    Raises:
        KeyError: a section that the grammar needs is missing from the file.
    """
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    weekday_of: dict[str, int] = {}
    for section in ("weekdays", "weekday_abbreviations"):
        for index, words in enumerate(data[section].values()):
            weekday_of.update(dict.fromkeys(words, index))
    month_of = {word: index for index, words in enumerate(data["months"].values(), 1) for word in words}
    return DateWords(
        weekday_of=weekday_of,
        weekday_full=tuple(word for words in data["weekdays"].values() for word in words),
        weekday_short=tuple(word for words in data["weekday_abbreviations"].values() for word in words),
        month_of=month_of,
        month_full=tuple(data["months"]),
        number_of=dict(data["numbers"]),
        parts_after=tuple(data["day_parts"]["after"]),
        points=tuple(data["day_parts"]["points"]),
        early_hours=re.compile(rf"\b(?:{alternatives(data['day_parts']['early'])})(?![\w-])"),
        holidays={name: (month, day) for name, (month, day) in data["holidays"].items()},
        names_after=tuple(data["names"]["after"]),
        names_before=tuple(data["names"]["before"]),
        report_verbs=frozenset(data["report"]["verbs"]),
        weak_report_verbs=frozenset(data["report"]["weak"]),
        report_nouns=frozenset(data["report"]["nouns"]),
        speakers=frozenset(data["report"]["speakers"]),
        toll_verbs=frozenset(data["report"]["toll_verbs"]),
        tolls=frozenset(data["report"]["tolls"]),
        late_ends=frozenset(data["act"]["late_ends"]),
        harms=frozenset(data["act"]["harms"]),
        arrivals=frozenset(data["act"]["arrivals"]),
        gatherings=frozenset(data["other"]["gatherings"]),
        agencies=frozenset(data["report"]["agencies"]),
        act_words=frozenset(data["act"]["words"]),
        happens=frozenset(data["act"]["happens"]),
        other_words=frozenset(data["other"]["words"]),
        wars=frozenset(data["other"]["wars"]),
        process=frozenset(data["other"]["process"]),
        starts=frozenset(data["other"]["starts"]),
        units=frozenset(data["units"]["words"]),
    )
