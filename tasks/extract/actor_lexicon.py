"""Loads the actor names, countries and actor nouns into the look-up tables that `actors` reads passages with."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Generic, TypeVar

from tasks.extract import lexicon

T = TypeVar("T")

_APOSTROPHES = str.maketrans("", "", "'’‘`´.")
# What the table calls a country where its plain name is not what news writes; and its adjective.
_COUNTRY_NAMES = {"US": "United States (US)", "GB": "United Kingdom (UK)", "AE": "United Arab Emirates (UAE)"}
ABROAD = frozenset({"US", "GB", "FR", "RU"})  # powers that fight in the wars of others
_ADJECTIVES = {
    "US": "US",
    "GB": "British",
    "AE": "Emirati",
    "SA": "Saudi",
    "CF": "Central African",
    "SS": "South Sudanese",
    "MM": "Myanmar",
}


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """The form that words are compared in: lower case, without accents, apostrophes and dots."""
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return word.translate(_APOSTROPHES).lower()


def folded_words(phrase: str) -> tuple[str, ...]:
    """The folded words of a phrase; hyphens and slashes part words, and the possessive -s is a word of its own that is left out."""
    parts = phrase.replace("-", " ").replace("/", " ").split()
    return tuple(w for w in (fold(p.removesuffix("'s").removesuffix("’s")) for p in parts) if w)


@dataclass(slots=True)
class Node(Generic[T]):
    """One step of a trie over folded words; `value` where a phrase ends."""

    next: dict[str, Node[T]] = field(default_factory=dict)
    value: T | None = None


class Trie(Generic[T]):
    """Phrases by their folded words; a lost or written possessive -s on any word does not matter."""

    def __init__(self, entries: Iterable[tuple[tuple[str, ...], T]]) -> None:
        self._root: Node[T] = Node()
        for words, value in entries:
            node = self._root
            for word in words:
                node = node.next.setdefault(word, Node())
            if node.value is None:
                node.value = value

    def first_words(self) -> Iterator[str]:
        """The words that a phrase may start with."""
        return iter(self._root.next)

    def longest(self, words: list[str], at: int) -> tuple[int, T] | None:
        """(number of words, value) of the longest phrase that starts at word `at`."""
        node, best, i, end = self._root, None, at, len(words)
        while i < end:
            word = words[i]
            following = node.next.get(word)
            if following is None and len(word) > 2 and word[-1] == "s":
                following = node.next.get(word[:-1])
            if following is None:
                break
            node = following
            i += 1
            if node.value is not None:
                best = (i - at, node.value)
        return best


@dataclass(frozen=True, slots=True)
class NamedActor:
    """A row of actors.csv under one of its aliases; `exact` is set where the alias must be written as it stands."""

    canonical: str
    kind: str
    country_code: str | None
    exact: str | None


@dataclass(frozen=True, slots=True)
class CountryWord:
    """A country's name or adjective."""

    code: str
    adjective: bool
    capitals: bool  # "US": the pronoun otherwise


def _rows(name: str) -> Iterator[dict[str, str]]:
    lines = files(lexicon.__name__).joinpath(name).read_text(encoding="utf-8").splitlines()
    yield from csv.DictReader(line for line in lines if line and not line.startswith("#"))


def _named() -> Iterator[tuple[tuple[str, ...], NamedActor]]:
    for row in _rows("actors.csv"):
        for alias in row["aliases"].split("|"):
            exact = alias.startswith("=") or (len(alias) <= 3 and alias.isupper())
            alias = alias.removeprefix("=")
            actor = NamedActor(row["canonical"], row["kind"], row["country"] or None, alias if exact else None)
            yield folded_words(alias), actor
            if "-" in alias and not exact:
                # Text that lost its hyphens joins the parts: "USled coalition", "alNusra".
                yield folded_words(alias.replace("-", "")), actor


@cache
def names() -> Trie[NamedActor]:
    """The aliases of actors.csv."""
    return Trie(_named())


@cache
def kinds() -> dict[str, str]:
    """Canonical name → kind, of every row of actors.csv."""
    return {row["canonical"]: row["kind"] for row in _rows("actors.csv")}


@cache
def state_forces() -> dict[str, str]:
    """Canonical name → country code, of the forces of states in actors.csv."""
    return {
        row["canonical"]: row["country"] for row in _rows("actors.csv") if row["kind"] == "state" and row["country"]
    }


@cache
def _country_rows() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in _rows("places_countries.csv")}


@cache
def countries() -> Trie[CountryWord]:
    """Names and adjectives of countries."""
    entries = []
    for code, row in _country_rows().items():
        for name in [row["name"], *row["aliases"].split(";")]:
            if name:
                entries.append((folded_words(name), CountryWord(code, False, name in ("US", "U.S.", "UK", "UAE"))))
        for adjective in row["adjectives"].split(";"):
            if adjective:
                entries.append((folded_words(adjective), CountryWord(code, True, adjective in ("US", "U.S.", "UK"))))
    entries.append((("us",), CountryWord("US", True, True)))
    entries.append((("uk",), CountryWord("GB", True, True)))
    entries.append((("saudi",), CountryWord("SA", True, False)))
    adjectives_first = sorted(entries, key=lambda e: not e[1].adjective)
    return Trie(adjectives_first)


def country_name(code: str) -> str:
    """What the table calls a country that acted: "Russia", "United States (US)"."""
    return _COUNTRY_NAMES.get(code) or _country_rows()[code]["name"]


def country_adjective(code: str) -> str:
    """The adjective before a force of a country: "Syrian"; the country's name where it has none."""
    row = _country_rows()[code]
    return _ADJECTIVES.get(code) or row["adjectives"].split(";")[0] or row["name"]


def force_name(code: str, organ: str) -> str:
    """What the table calls an organ of a state: "Syrian army"; the country itself for its ministries ("=" in actors.toml)."""
    return country_name(code) if organ == "=" else f"{country_adjective(code)} {organ}"


@cache
def organs() -> Trie[str]:
    """Forces of a state by their words: what the table calls them."""
    return Trie((folded_words(words), name) for words, name in lexicon.load("actors")["organs"].items())


@cache
def weapons() -> Trie[str]:
    """Weapons and acts of armed sides: "platform" or "act"; "place" where an adjective before it may say where."""
    data = lexicon.load("actors")["weapons"]
    place_like = {folded_words(w) for w in data["place_like"]}
    entries = [(folded_words(w), "platform") for w in data["platforms"]]
    entries += [(folded_words(w), "place" if folded_words(w) in place_like else "act") for w in data["acts"]]
    return Trie(entries)


@cache
def generic_nouns() -> Trie[str]:
    """Nouns of actors with no name: their plural."""
    return Trie((folded_words(words), plural) for words, plural in lexicon.load("actors")["generic"]["nouns"].items())


@cache
def rulers() -> Trie[str]:
    """Rulers by name: the country code."""
    return Trie((folded_words(n), code) for code, listed in lexicon.load("actors")["rulers"].items() for n in listed)


@cache
def capitals() -> Trie[str]:
    """Capitals that stand for their governments: the country code."""
    return Trie((folded_words(n), code) for code, listed in lexicon.load("actors")["capitals"].items() for n in listed)


@cache
def scenes() -> Trie[str]:
    """Towns and forces by which an article shows where it plays: the country code."""
    return Trie((folded_words(n), code) for code, listed in lexicon.load("actors")["scenes"].items() for n in listed)


@cache
def regimes() -> frozenset[str]:
    """Countries at war within, of which the state itself is one side: its forces stand under the name of the regime."""
    return frozenset(lexicon.load("actors")["rulers_rules"]["regime"])


def with_ruler(canonical: str, code: str | None) -> str:
    """A regime's forces under the ruler's name as well, for news uses either: "Syrian regime forces (Assad)"."""
    data = lexicon.load("actors")
    if code not in data["rulers_rules"]["regime"] or not canonical.endswith(" regime forces"):
        return canonical
    return f"{canonical} ({data['rulers'][code][0]})"


@cache
def word_set(*path: str) -> frozenset[str]:
    """A word list of actors.toml, folded ("need_state" phrases joined by blanks)."""
    part: Any = lexicon.load("actors")
    for key in path:
        part = part[key]
    return frozenset(" ".join(folded_words(w)) or w for w in part)


@cache
def unlisted_heads() -> frozenset[str]:
    """The last words of groups that actors.csv does not list."""
    return word_set("unlisted", "heads") | word_set("unlisted", "weak_heads")


def first_words(*tables: Trie[Any]) -> frozenset[str]:
    """Every word that a phrase of some tables may start with."""
    return frozenset(word for table in tables for word in table.first_words())


@cache
def context_starters() -> frozenset[str]:
    """Every word that an actor, a ruler or a country may start with."""
    return first_words(names(), rulers(), countries(), scenes())
