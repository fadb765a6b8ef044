"""The plain values that the parts of the reader hand to one another.

All `start`/`end` are character offsets into the text of the spaCy `Doc` (one passage: a title or a paragraph) that was read.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DateExpression:
    """A time expression resolved against the publication date; `rule` names the grammar rule that read it."""

    start: int
    end: int
    text: str
    date_start: dt.date
    date_end: dt.date
    precision: str  # vocabulary.DATE_PRECISIONS
    basis: str  # vocabulary.DATE_BASES
    rule: str

    def overlaps(self, other: DateExpression) -> bool:
        """Whether a day is in both."""
        return self.date_start <= other.date_end and other.date_start <= self.date_end


@dataclass(frozen=True, slots=True)
class PlaceExpression:
    """A place named in the text: the name as written, its relation and the larger places that it is said to lie in."""

    start: int
    end: int
    name: str
    relation: str | None  # "near", "north of", "12 km north of"; None: at or in it
    within: tuple[str, ...]  # larger places of the chain, nearest first: ("Daraa province", "Syria")
    kind: str  # "place" a settlement or site, "region" a province or part of a country, "country"
    rule: str
    others: tuple[str, ...] = ()  # further places named with it that share its figures: "Hajin and al-Shaafa"
    rank: int = 5  # how specific: 0 country, 1 part of one, 2 province, 3 part of one, 4 its chief town, 5 settlement, 6 part or site of one


@dataclass(frozen=True, slots=True)
class Location:
    """Where a place lies, or why that is not known (`geo_basis`)."""

    admin1: str | None
    country_code: str | None
    latitude: float | None
    longitude: float | None
    geo_precision: int | None
    geo_basis: str


@dataclass(frozen=True, slots=True)
class ActorExpression:
    """An armed actor named in the text."""

    start: int
    end: int
    text: str
    canonical: str
    kind: str  # "state", "armed_group", "coalition", "generic" ("gunmen", "militants")
    country_code: str | None


@dataclass(frozen=True, slots=True)
class Perpetrator:
    """Who is said to have done it: canonical name, words, and whether stated, claimed or suspected."""

    start: int
    end: int
    text: str
    canonical: str
    status: str  # vocabulary.PERPETRATOR_STATUSES
    denied: bool
    rule: str


@dataclass(frozen=True, slots=True)
class Source:
    """Who the sentence attributes its report to."""

    start: int
    end: int
    name: str
    kind: str  # "monitor", "agency", "media", "official", "military", "armed_group", "medical", "witness", "activist", "other"
    belligerent: bool
    rule: str


@dataclass(frozen=True, slots=True)
class Carried:
    """Who tells a sentence that names no speaker, with the words elsewhere in the article that name them."""

    source: Source
    field: str
    start: int  # a character of the article's field
    text: str
