"""Finds the armed actors that a passage names: forces of states, coalitions, armed groups, and actors with no name ("gunmen")."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final

from tasks.extract import actor_lexicon as lex
from tasks.extract.actor_generics import PEOPLE, GenericReader
from tasks.extract.actor_passage import ActorContext, Found
from tasks.extract.actor_states import BEFORE_COALITION, StateReader
from tasks.extract.spans import ActorExpression

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc

__all__ = ["ActorContext", "actors_within", "family_of", "find_actors", "is_named", "kind_of_name", "read_context"]

_WORDS: Final = re.compile(r"[^\W_][\w.'’-]*")
_COALITION_HOMES: Final = {"SY": "US-led coalition", "IQ": "US-led coalition", "YE": "Saudi-led coalition"}
# After an adjective these are its people abroad: "a Pakistani national", "two Indian engineers".
_FOREIGNERS: Final = frozenset(
    "led national nationals citizen citizens tourist tourists contractor contractors journalist journalists engineer "
    "engineers passport passports businessman hostage hostages aid diplomat diplomats embassy ambassador origin".split()
)


def family_of(canonical: str) -> str:
    """The side that an actor belongs to, for comparing across articles: one key for all forces of one state.

    "Syrian army", "Syrian regime forces" and "Syria" are all "state:SY"; other actors stand for themselves.
    """
    if (code := lex.state_forces().get(canonical)) is not None:
        return f"state:{code}"
    first = canonical.partition(" (")[0]
    words = list(lex.folded_words(first))
    hit = lex.countries().longest(words, 0)
    if hit is not None:
        rest = words[hit[0] :]
        organ = lex.organs().longest(rest, 0) if rest else None
        if not rest or (organ is not None and organ[0] == len(rest)):
            return f"state:{hit[1].code}"
    return f"actor:{' '.join(words)}"


def kind_of_name(canonical: str) -> str | None:
    """The kind of an actor that actors.csv names; None for others."""
    return lex.kinds().get(canonical)


def is_named(canonical: str) -> bool:
    """Whether a canonical name is that of a state, a coalition or a group, not a mere noun ("gunmen", "Syrian rebels")."""
    return (
        kind_of_name(canonical) is not None
        or family_of(canonical).startswith("state:")
        or canonical.endswith("-led coalition")
    )


@lru_cache(maxsize=65536)
def _parts_of(chunk: str) -> tuple[tuple[str, str, bool], ...]:
    """The words between two blanks, also those that hyphens join: as written, folded, and whether an actor, a ruler or a country may start there."""
    openings = lex.context_starters()
    parts = [(p, fold) for word in _WORDS.findall(chunk) for p in word.split("-") if (fold := lex.fold(p))]
    return tuple((part, fold, fold in openings or fold[:-1] in openings) for part, fold in parts)


def read_context(text: str) -> ActorContext:
    """Reads from a whole article (title and text) whose forces its bare "army", "regime" and "coalition" are."""
    parts = list(chain.from_iterable(map(_parts_of, text.split())))
    words = [fold for _, fold, _ in parts]
    countries: Counter[str] = (
        Counter()
    )  # a name counts four, an adjective two; half of that for powers that fight abroad
    coalitions: Counter[str] = Counter()
    end = 0
    for i in [i for i, (_, _, opens) in enumerate(parts) if opens]:
        if i < end:
            continue
        named = lex.names().longest(words, i)
        if named is not None and named[1].exact is None:
            if named[1].kind == "coalition":
                coalitions[named[1].canonical] += 1
            end = i + named[0]
            continue
        ruler = lex.rulers().longest(words, i)
        country = lex.countries().longest(words, i)
        if ruler is not None:
            countries[ruler[1]] += 2
            end = i + ruler[0]
        elif country is not None and (not country[1].capitals or parts[i][0].isupper()):
            following = words[i + country[0]] if i + country[0] < len(words) else ""
            # "Turkish-backed", "Russian warplanes", "US-led": outsiders in somebody else's war, and the names of citizens abroad.
            outsider = following in lex.word_set("compound_adjectives", "words") or following in _FOREIGNERS
            weight = 2 if country[1].adjective else 4
            countries[country[1].code] += 0 if outsider else weight // 2 if country[1].code in lex.ABROAD else weight
            end = i + country[0]
        elif parts[i][0][:1].isupper() and (scene := lex.scenes().longest(words, i)) is not None:
            countries[scene[1]] += 1
            end = i + scene[0]
    top = countries.most_common(2)
    home = top[0][0] if top and (len(top) == 1 or top[0][1] > top[1][1]) else None
    coalition = coalitions.most_common(1)
    return ActorContext(home, coalition[0][0] if coalition else _COALITION_HOMES.get(home or ""))


class _Reader(StateReader, GenericReader):
    """All readers over one passage."""


@lru_cache(maxsize=65536)
def _readers_of(word: str) -> tuple[Callable[[_Reader, int], Found | None], ...]:
    """What may read an actor that starts with a folded word; of two readings of one length the earlier counts."""
    forms = {word, word[:-1]}  # a plural -s does not matter
    return tuple(reader for reader, openings in _readers() if not openings.isdisjoint(forms))


@cache
def _readers() -> tuple[tuple[Callable[[_Reader, int], Found | None], frozenset[str]], ...]:
    """The readers, each with the words that what it reads may start with."""
    countries, organs = lex.first_words(lex.countries()), lex.first_words(lex.organs())
    makers = lex.word_set("generic", "heads", "modifiers") | lex.word_set("generic", "heads", "makers")
    return (
        (_Reader.name, lex.first_words(lex.names())),
        (_Reader.state, lex.first_words(lex.rulers()) | lex.first_words(lex.capitals()) | countries),
        (_Reader.coalition, BEFORE_COALITION | {"coalition"}),
        (_Reader.forces_of, organs),
        (_Reader.organ, organs),
        (_Reader.generic, lex.first_words(lex.generic_nouns()) | countries | makers | PEOPLE),
    )


def find_actors(doc: Doc, context: ActorContext | None = None) -> list[ActorExpression]:
    """All armed actors that a passage names, left to right, none overlapping; the longest name wins.

    Works on words alone (no parse): needs nothing but tokens.

    Args:
        doc: One passage.
        context: What `read_context` said of the article; without it bare "army" and "coalition" stay nobody's in particular.
    """
    passage = _Reader(doc, context or ActorContext())
    found: list[ActorExpression] = []
    unlisted, end = passage.may_open_unlisted(), 0
    for i, readers in enumerate(map(_readers_of, passage.words)):
        if i < end or not (readers or i in unlisted) or (passage.words[i] == "kia" and "wia" in passage.words):
            continue
        best: Found | None = None
        for reader in (*readers, _Reader.unlisted) if i in unlisted else readers:
            candidate = reader(passage, i)
            if candidate is not None and (best is None or candidate.last > best.last):
                best = candidate
        if best is None:
            continue
        span = doc[passage.tokens[best.first] : passage.tokens[best.last] + 1]
        found.append(
            ActorExpression(
                span.start_char,
                span.end_char,
                span.text,
                lex.with_ruler(best.canonical, best.country_code),
                best.kind,
                best.country_code,
            )
        )
        end = best.last + 1
    return found


def actors_within(actors: Sequence[ActorExpression], start: int, end: int) -> list[ActorExpression]:
    """The actors whose words lie within the characters [start, end)."""
    return [a for a in actors if a.start >= start and a.end <= end]


def state_of(canonical: str) -> str | None:
    """What the table calls the state whose forces an actor is: "Israel" of "Israeli soldiers"; "Syrian regime forces" stays."""
    family = family_of(canonical)
    if not family.startswith("state:"):
        return None
    code = family.removeprefix("state:")
    return canonical if code in lex.regimes() or canonical.endswith(" forces") else lex.country_name(code)


def group_in(name: str) -> str | None:
    """The armed group that actors.csv names within the name of a body: "High Command of the Armed Forces of Cabinda"."""
    words = list(lex.folded_words(name))
    hits = (lex.names().longest(words, i) for i in range(len(words)))
    return next((hit[1].canonical for hit in hits if hit is not None and hit[1].kind == "armed_group"), None)


def is_state(canonical: str) -> bool:
    """Whether an actor is a state, its forces, or a coalition of states: those that have aircraft."""
    return (
        family_of(canonical).startswith("state:")
        or kind_of_name(canonical) in ("state", "coalition")
        or canonical.endswith("coalition")
        or canonical in ("regime forces", "government forces")
    )
