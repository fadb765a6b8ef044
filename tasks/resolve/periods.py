"""Reports by the half-year that they tell of, and how telling words are in each: what joins reports never looks further than that.

So what is joined rests on the reports around it alone: memory holds a year of them, and news of today leaves the joins of other years
as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from tasks.resolve.account import Account
from tasks.resolve.likeness import Rarities

PERIOD_DAYS: Final = 182
# Reports without any date meet each other alone.
UNDATED: Final = -10
# How telling a word is in a period, is counted over the periods from so many before it to the next.
LOOKS_BACK: Final = 2


def period_of(account: Account) -> int:
    """The number of the half-year that a report tells of: of the day it names, else of its publication."""
    day = account.first_day if account.is_exact_day else account.published or account.first_day
    return UNDATED if day is None else day.toordinal() // PERIOD_DAYS


def neighbours(period: int) -> range:
    """The periods whose reports bear on what is joined in a period and the next."""
    return range(period, period + 1) if period == UNDATED else range(period - LOOKS_BACK, period + 2)


@dataclass(slots=True)
class WordCounts:
    """In how many reports, and in how many articles' stories, each word and phrase of a period stands."""

    words: Counter[str] = field(default_factory=Counter)
    reports: int = 0
    names: set[str] = field(default_factory=set)
    stories: Counter[str] = field(default_factory=Counter)
    articles: int = 0

    def add(self, accounts: Iterable[Account]) -> None:
        """Count the words of these accounts; each article's story once."""
        stories = {}
        for account in accounts:
            self.words.update(account.words)
            self.names.update(account.names)
            self.reports += 1
            stories[account.article_id] = account.story
        for story in stories.values():
            self.stories.update(story.names)
            self.stories.update(story.phrases)
        self.articles += len(stories)

    def join(self, other: WordCounts) -> None:
        """Add the counts of another period."""
        self.words.update(other.words)
        self.names |= other.names
        self.reports += other.reports
        self.stories.update(other.stories)
        self.articles += other.articles


class Periods:
    """The accounts of all periods, few of which are in memory at a time."""

    def __init__(self, known: Iterable[int], load: Callable[[int], Sequence[Account]]) -> None:
        """Takes hold of them.

        Args:
            known: The periods that have accounts.
            load: The accounts of a period, in any order.
        """
        self.known = sorted(known)
        held = frozenset(self.known)

        @lru_cache(maxsize=2)
        def accounts(period: int) -> list[Account]:
            return sorted(load(period), key=lambda a: a.order) if period in held else []

        @lru_cache(maxsize=LOOKS_BACK + 2)
        def counts(period: int) -> WordCounts:
            found = WordCounts()
            found.add(accounts(period))
            return found

        @lru_cache(maxsize=2)
        def rarities(period: int) -> Rarities:
            total = WordCounts()
            for near in neighbours(period):
                total.join(counts(near))
            return Rarities.counted(total.words, total.reports, total.names, total.stories, total.articles)

        self.accounts = accounts
        self.rarities = rarities
