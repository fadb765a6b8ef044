"""Loads the names, nouns and verbs of attribution (sources.toml) into look-up tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from tasks.extract import lexicon
from tasks.extract.actor_lexicon import Trie, folded_words


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A monitor, agency, medium or body that is known by name."""

    name: str
    kind: str  # spans.Source.kind
    party: str | None  # the country whose voice it is in that country's wars, "*" for an armed group's own
    acronym: bool  # this alias is an acronym: read in capitals only


def _is_acronym(alias: str) -> bool:
    return alias.isupper() and (len(alias) <= 3 or alias in ("SITE", "MENA", "OCHA", "SAMS", "SUNA", "U.N."))


@cache
def names() -> Trie[KnownSource]:
    """Known sources by their aliases."""
    data = lexicon.load("sources")
    parties = data["parties"]["codes"]
    entries = []
    for kind, listed in data["names"].items():
        for name, aliases in listed.items():
            for alias in (name, *aliases):
                known = KnownSource(
                    name,
                    "agency" if kind == "state_agency" else kind,
                    parties.get(name),
                    _is_acronym(alias) or alias == "SITE",
                )
                entries.append((folded_words(alias), known))
    return Trie(entries)


@cache
def monitor_words() -> frozenset[str]:
    """Words without which no monitor is written out in a text: one of each name of several words, the longest."""
    listed = lexicon.load("sources")["names"]["monitor"]
    names = (folded_words(alias) for name, aliases in listed.items() for alias in (name, *aliases))
    return frozenset(max(words, key=len) for words in names if len(words) > 1)


@cache
def starters() -> frozenset[str]:
    """Every word that a known source may start with."""
    return frozenset(names().first_words())


@cache
def kind_of() -> dict[str, str]:
    """Noun of a speaker → the kind of source it makes."""
    nouns = lexicon.load("sources")["nouns"]
    return {word: kind for kind, words in reversed(nouns.items()) if kind != "armed" for word in words}


@cache
def word_list(*path: str) -> frozenset[str]:
    """A word list of sources.toml."""
    part: Any = lexicon.load("sources")
    for key in path:
        part = part[key]
    return frozenset(part)


@cache
def speech_words() -> frozenset[str]:
    """Every word at which a speaker phrase may be found: verbs of speech, and what opens "according to", "as per", "in a statement to"."""
    others = ("hold", "holds", "held", "according", "accord", "per", "statement", "interview", "statements")
    verbs = (word_list("verbs", name) for name in ("cite", "say", "get"))
    return frozenset(others).union(*verbs)


@cache
def belief_phrases() -> dict[str, tuple[str, ...]]:
    """Cue phrases, between blanks, by what they say of a report: unverified, denied, disputed."""
    return {
        name: tuple(f" {phrase} " for phrase in phrases) for name, phrases in lexicon.load("sources")["belief"].items()
    }


@cache
def belief_words() -> frozenset[str]:
    """Words without which none of those phrases stands in a sentence: one of each, the longest."""
    return frozenset(max(phrase.split(), key=len) for phrases in belief_phrases().values() for phrase in phrases)
