"""One article's account of one incident, reduced to what telling incidents apart needs."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tasks.resolve.wording import Story, telling_words

Bounds = tuple[int | None, int | None]

# Words that names of one place may differ by: articles and what kind of place it is.
_PLACE_WORDS: Final = frozenset(
    [
        "the",
        "of",
        "al",
        "el",
        "an",
        "ar",
        "as",
        "ash",
        "at",
        "ad",
        "az",
        "es",
        "ez",
        "in",
        "city",
        "town",
        "village",
        "province",
        "governorate",
        "district",
        "county",
        "state",
        "region",
        "area",
        "countryside",
        "camp",
        "neighborhood",
        "neighbourhood",
        "suburb",
        "rural",
    ]
)
_WORD: Final = re.compile(r"[^\W_]+")


def fold_name(name: str | None) -> tuple[str, ...]:
    """The words of a name without accents, case, articles and kinds of place: equal for spellings of one name."""
    if not name:
        return ()
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    words = _WORD.findall(re.sub(r"['’ʿʾ`]", "", plain))
    return tuple(w for w in words if w not in _PLACE_WORDS) or tuple(words)


@dataclass(frozen=True, slots=True)
class Account:
    """A mention in terms of what distinguishes incidents.

    Attributes:
        mention_id: The mention.
        article_id: Its article.
        root_id: The article that this one is a copy of, or itself: copies are one source.
        ordinal: Place among the article's mentions.
        published: Day of publication.
        kind: ACLED sub-event type.
        killed: Bounds.
        injured: Bounds.
        groups: Who the victims were, as (outcome, group).
        first_day: First day on which it happened; null: no day is tied to it.
        last_day: Last such day.
        is_exact_day: The date is good to the day.
        place: Folded name of the place.
        regions: Folded names of the larger places that it lies in.
        country: ISO code.
        latitude: Degrees; null: unknown.
        longitude: Degrees.
        is_point: The coordinates are those of the named place or near it, not a region's.
        is_wide: The place is a region or country.
        actor: Canonical perpetrator.
        words: Telling words of its evidence and, where it leads the article, of the title; in alphabetical order.
        names: Those of them written as names.
        leads: It is the first of its article's, or the title speaks of it.
        story: Names of the whole article, shared by all of its accounts.
    """

    mention_id: str
    article_id: str
    root_id: str
    ordinal: int
    published: dt.date | None
    kind: str
    killed: Bounds
    injured: Bounds
    groups: frozenset[tuple[str, str]]
    first_day: dt.date | None
    last_day: dt.date | None
    is_exact_day: bool
    place: tuple[str, ...]
    regions: frozenset[tuple[str, ...]]
    country: str | None
    latitude: float | None
    longitude: float | None
    is_point: bool
    is_wide: bool
    actor: str | None
    words: tuple[str, ...]
    names: frozenset[str]
    leads: bool
    story: Story

    @property
    def is_copy(self) -> bool:
        """Whether its article repeats another one."""
        return self.root_id != self.article_id

    @property
    def order(self) -> tuple[bool, dt.date, str, int, str]:
        """Earliest report first; copies after originals, undated articles last."""
        return self.is_copy, self.published or dt.date.max, self.article_id, self.ordinal, self.mention_id


def account_of(row: Mapping[str, Any], article: Mapping[str, Any], root_id: str, story: Story | None = None) -> Account:
    """The account of a mention.

    Args:
        row: Row of `mentions`.
        article: Its row of `articles` (`title`, `published_on`).
        root_id: The article that its article repeats, or its own.
        story: Names of the whole article.
    """
    evidence = row["evidence"] or ()
    parts = [e["text"] for e in evidence]
    in_title = any(e["field"] == "title" for e in evidence)
    if row["ordinal"] == 0 and article["title"] and not in_title:
        parts.append(article["title"])
    written = telling_words("\n".join(parts))
    exact = row["date_precision"] == "day"
    return Account(
        mention_id=row["mention_id"],
        article_id=row["article_id"],
        root_id=root_id,
        ordinal=row["ordinal"],
        published=article["published_on"],
        kind=row["sub_event_type"],
        killed=(row["killed_min"], row["killed_max"]),
        injured=(row["injured_min"], row["injured_max"]),
        groups=frozenset((v["outcome"], v["group"]) for v in row["victims"] or () if v["group"]),
        first_day=row["date_start"],
        last_day=row["date_end"] or row["date_start"],
        is_exact_day=exact,
        place=fold_name(row["place_name"]),
        regions=frozenset(filter(None, [fold_name(row["admin1"])])),
        country=row["country_code"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        is_point=row["geo_precision"] in (1, 2),
        is_wide=row["geo_precision"] == 3 or row["geo_basis"] in ("gazetteer_region", "country_only"),
        actor=row["perpetrator"],
        words=tuple(sorted(written)),
        names=frozenset(word for word, is_name in written.items() if is_name),
        leads=in_title or row["ordinal"] == 0,
        story=story or Story(),
    )
