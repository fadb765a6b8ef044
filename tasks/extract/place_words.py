"""The words of the place grammar, and what they make of a name: "rural Deir ez-Zor province" is a region called Deir ez-Zor."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from tasks.extract import lexicon
from tasks.extract.gazetteer_fold import plain


@dataclass(frozen=True)
class PlaceWords:
    """Sets of lower-case words, by their role: see lexicon/places.toml."""

    region: frozenset[str]
    area: frozenset[str]
    settlement: frozenset[str]
    part: frozenset[str]
    site: frozenset[str]
    small_sites: frozenset[str]
    directions: frozenset[str]
    rural: frozenset[str]
    parts_of_name: frozenset[str]
    articles: frozenset[str]
    inside: frozenset[str]
    on: frozenset[str]
    near: frozenset[str]
    away: frozenset[str]
    bearings: frozenset[str]
    attack_verbs: frozenset[str]
    report_verbs: frozenset[str]
    carry_verbs: frozenset[str]
    cause_verbs: frozenset[str]
    attack_nouns: frozenset[str]
    not_places: frozenset[str]
    calendar: frozenset[str]
    phrases: tuple[str, ...]
    titles: frozenset[str]

    @property
    def types(self) -> frozenset[str]:
        """Every type word."""
        return _types()


@cache
def place_words() -> PlaceWords:
    """The word lists, read once."""
    data = lexicon.load("places")
    types, prepositions, verbs = data["types"], data["prepositions"], data["verbs"]
    return PlaceWords(
        **{name: frozenset(types[name]) for name in ("region", "area", "settlement", "part", "site", "small_sites")},
        **{name: frozenset(types[name]) for name in ("directions", "rural", "parts_of_name", "articles")},
        **{name: frozenset(prepositions[name]) for name in ("inside", "on", "near", "away")},
        bearings=frozenset(prepositions["direction"]),
        attack_verbs=frozenset(verbs["attack"]),
        report_verbs=frozenset(verbs["report"]),
        carry_verbs=frozenset(verbs["carry_away"]),
        cause_verbs=frozenset(verbs["cause"]),
        attack_nouns=frozenset(data["nouns"]["attack"]),
        not_places=frozenset(data["not_places"]["words"]),
        calendar=frozenset(data["not_places"]["calendar"]),
        phrases=tuple(plain(p) for p in data["not_places"]["phrases"]),
        titles=frozenset(data["not_places"]["titles"]),
    )


@cache
def grammar(name: str) -> frozenset[str]:
    """A closed class of words of the place grammar: a list of the table [grammar]."""
    return frozenset(lexicon.load("places")["grammar"][name])


@cache
def _types() -> frozenset[str]:
    w = place_words()
    return w.region | w.area | w.settlement | w.part | w.site


@lru_cache(maxsize=4096)
def core_name(name: str) -> str:
    """The bare name: directions and type words at either end left out, unless nothing would remain."""
    w = place_words()
    words = name.split()
    loose = (
        w.directions
        | w.rural
        | w.types
        | {"the", "of", "city's", "old", "greater", "far", "extreme", "nearby", "countryside"}
    )
    start, end = 0, len(words)
    while end - start > 1:
        if end - start > 2 and " ".join(words[end - 2 : end]).lower() in w.types:
            end -= 2
        elif words[end - 1].lower() in loose and words[end - 1].lower() not in ("of", "old"):
            end -= 1
        else:
            break
    while (
        end - start > 1
        and words[start].lower() in loose
        and (words[start].lower() not in w.site or (start + 1 < end and words[start + 1].lower() == "of"))
    ):
        start += 1
    return " ".join(words[start:end]) or name


@lru_cache(maxsize=4096)
def without_types(name: str) -> str:
    """The name without the type word after it, its directions kept: "North Kivu province", "West Bank town"."""
    head, _, last = name.rpartition(" ")
    return head if head and last.lower() in place_words().types else name


@lru_cache(maxsize=4096)
def is_region_name(name: str) -> bool:
    """Whether a type word makes it a province or the like: "Daraa province", "the province of Daraa"."""
    words = name.lower().split()
    return len(words) > 1 and bool({words[0], words[-1]} & place_words().region)


@lru_cache(maxsize=4096)
def is_part_of_land(name: str) -> bool:
    """Whether it is a stretch of land around or within a larger place: "northern Hama", "rural Idlib", "Aleppo countryside"."""
    w = place_words()
    words = name.lower().split()
    if len(words) < 2:
        return False
    return words[0] in w.directions - {"central", "downtown", "inner"} | w.rural or words[-1] in w.area | w.region


def is_near(relation: str | None) -> bool:
    """Whether a relation puts the act beside the place rather than in it."""
    return relation is not None and relation not in ("in", "at", "on", "inside", "within")
