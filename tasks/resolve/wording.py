"""The rare words of a report, and how much it tells when two reports share them."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from sys import intern
from typing import Final

# Hyphenated words stay whole: "24-year-old" tells more than its parts.
_TOKEN: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE_STARTS: Final = frozenset('.!?:"“”«»(\n')
_MIN_WORD: Final = 4
_MIN_NAME: Final = 3

# Small numbers, years and dates are counts and days, which columns of their own compare; what is left are ages, house and unit numbers.
_BARE_NUMBER: Final = re.compile(r"\d{1,2}|(?:19|20)\d\d|[\d'-]*20[012]\d\d?|\d{1,2}(?:st|nd|rd|th|am|pm)")

# How often a word stands in a news report that has nothing to do with the other, before any report is seen, and how many
# reports that belief is worth: with few articles at hand, no word would be known as rare.
_PRIOR_REPORTS: Final = 1000.0
_PRIOR_SHARE: Final = {"common": 0.2, "word": 1 / 150, "number": 1 / 300, "name": 1 / 2000, "phrase": 1 / 20000}


@lru_cache(maxsize=1)
def _word_list(name: str = "common_words.txt") -> tuple[frozenset[str], frozenset[str]]:
    """Words that tell nothing, and words that any report of violence may hold."""
    text = files("tasks.resolve").joinpath(name).read_text(encoding="utf-8")
    sections: dict[str, set[str]] = {}
    current: set[str] = set()
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("["):
            current = sections.setdefault(line.strip("[] \n"), set())
        else:
            current.update(line.split())
    return frozenset(sections["silent"]), frozenset(sections["common"])


def telling_words(text: str) -> dict[str, bool]:
    """The words of a text that may tell one incident from another, in lower case → whether it is written as a name."""
    silent, _ = _word_list()
    found: dict[str, bool] = {}
    for match in _TOKEN.finditer(text):
        word = match.group().replace("’", "'").removesuffix("'s")
        key = word.casefold()
        if key in silent or _BARE_NUMBER.fullmatch(key):
            continue
        has_digit = _has_digit(word)
        if not has_digit and len(word) < (_MIN_NAME if word[0].isupper() else _MIN_WORD):
            continue
        before = _before(text, match.start())
        # A word at the start of a sentence, or in a text all in capitals, has no say in whether it is a name.
        is_name = word[0].isupper() and not has_digit and not word.isupper() and before not in _SENTENCE_STARTS
        found[key] = found.get(key, False) or (is_name and before != "")
    return found


def _has_digit(word: str) -> bool:
    return not word.isalpha() and any(map(str.isdigit, word))


def _before(text: str, at: int) -> str:
    """The last character before this place that is no space; empty where there is none."""
    while at and text[at - 1].isspace():
        at -= 1
    return text[at - 1 : at] if at else ""


@dataclass(frozen=True, slots=True)
class Story:
    """What tells that two articles are on one matter.

    Attributes:
        names: Names and numbers of the article, in alphabetical order.
        phrases: Neighbouring names in it ("ibn rushd", "4000 law"), in alphabetical order: a person, a street, a site.
    """

    names: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()

    def __contains__(self, name: str) -> bool:
        at = bisect_left(self.names, name)
        return at < len(self.names) and self.names[at] == name

    def interned(self) -> Story:
        """The same with each word one object, however many stories hold it."""
        return Story(tuple(map(intern, self.names)), tuple(map(intern, self.phrases)))

    @classmethod
    def of(cls, text: str) -> Story:
        """The story of an article's title and first paragraphs."""
        found = telling_words(text)
        names = sorted(intern(word) for word, is_name in found.items() if is_name or _has_digit(word))
        return cls(tuple(names), tuple(sorted(_phrases(text))))


def _phrases(text: str) -> set[str]:
    """Pairs of neighbouring words of a name; the second may follow a middle name or initial."""
    silent, common = _word_list()
    found: set[str] = set()
    run: list[str] = []
    end = -1
    for match in _TOKEN.finditer(text):
        word = match.group().replace("’", "'").removesuffix("'s")
        key = word.casefold()
        fits = (word[0].isupper() or word[0].isdigit()) and key not in silent and not word.isdecimal()
        if not fits or text[end : match.start()].strip(" .") or "\n" in text[end : match.start()]:
            run = []
        if fits:
            run = [*run[-2:], key]
            for first in run[:-1]:
                if first not in common or key not in common:
                    found.add(intern(f"{first} {key}"))
        end = match.end()
    return found


class Rarity:
    """How telling it is that two reports share a word, from how many reports hold it.

    The tables at hand are joined with a prior (names are rare, crime words are not), so that it means something from
    the second report on.
    """

    def __init__(self, holding: Counter[str], reports: int, names: Iterable[str] | None = None) -> None:
        """Takes counts over.

        Args:
            holding: In how many reports each word stands; copies of one story count once.
            reports: How many reports there are.
            names: Words that are written as names; null: all that are no numbers.
        """
        self._holding = holding
        self._reports = reports
        self._names = None if names is None else frozenset(names)
        self._weights: dict[str, float] = {}
        self._lengths: dict[tuple[str, ...], float] = {}

    def holding(self, word: str) -> int:
        """In how many reports the word stands."""
        return self._holding[word]

    def weight(self, word: str) -> float:
        """The natural logarithm of how many times rarer than always the word is: 0 for no news, about 6–9 for a rare name."""
        weight = self._weights.get(word)
        if weight is None:
            share = _PRIOR_SHARE[self._kind(word)]
            expected = self._holding[word] + _PRIOR_REPORTS * share
            weight = max(0.0, math.log((self._reports + _PRIOR_REPORTS) / expected)) if expected else 0.0
            self._weights[word] = weight
        return weight

    def length(self, words: tuple[str, ...]) -> float:
        """The length of the vector of a report's weights, for cosines; remembered."""
        length = self._lengths.get(words)
        if length is None:
            length = self._lengths[words] = math.sqrt(math.fsum(self.weight(w) ** 2 for w in words))
        return length

    def _kind(self, word: str) -> str:
        _, common = _word_list()
        if word in common:
            return "common"
        if " " in word:
            return "phrase"
        if _has_digit(word):
            return "number"
        return "name" if self._names is None or word in self._names else "word"
