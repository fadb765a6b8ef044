"""What speaks for and against two accounts being of one incident, weighed into one number with its reasons."""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import permutations
from typing import Final

from tasks.resolve.account import Account, Bounds
from tasks.resolve.wording import Rarity

Features = dict[str, float]

# Names and wording beyond these tell nothing more: reports of different strikes share their war's names too.
_NAMES_CAP: Final = 30.0
# Articles that name this many people, places and numbers and have next to none in common tell of different things.
_STORIES_APART: Final = 0.05
_TELLING_NAMES: Final = 5
# Far above what is lost where the same sum is taken in another order.
_ROUNDING: Final = 1e-6
_EARTH_KM: Final = 6371.0
_UNKNOWN: Final = (None, None)
_NEAR_KM: Final = 12.0
_AWAY_KM: Final = 40.0

# Acts that reports of one incident may call differently.
_KINDRED: Final = (
    frozenset({"Attack", "Armed clash", "Other"}),
    frozenset({"Suicide bomb", "Remote explosive/landmine/IED", "Grenade"}),
    frozenset({"Air/drone strike", "Shelling/artillery/missile attack", "Chemical weapon"}),
    frozenset({"Attack", "Suicide bomb"}),
    frozenset({"Attack", "Abduction/forced disappearance"}),
    frozenset({"Shelling/artillery/missile attack", "Grenade", "Armed clash"}),
)


@lru_cache(maxsize=1)
def _kindred() -> frozenset[tuple[str, str]]:
    """All pairs of different acts of one family."""
    return frozenset(pair for family in _KINDRED for pair in permutations(sorted(family), 2))


@dataclass(frozen=True, slots=True)
class Likeness:
    """The weight of evidence that two accounts are of one incident (natural log odds; above 0: more likely than not)."""

    score: float
    features: Features
    shared: tuple[str, ...]  # shared words, most telling first


@lru_cache(maxsize=1)
def weights() -> Mapping[str, float]:
    """The weight of each piece of evidence, from `weights.toml`."""
    text = files("tasks.resolve").joinpath("weights.toml").read_text(encoding="utf-8")
    return {name: float(value) for name, value in tomllib.loads(text)["weights"].items()}


@dataclass(frozen=True, slots=True)
class Rarities:
    """How telling words are among accounts of incidents, and names, alone and with their neighbours, among whole articles."""

    accounts: Rarity
    stories: Rarity

    @classmethod
    def counted(
        cls, words: Counter[str], reports: int, names: Iterable[str], stories: Counter[str], articles: int
    ) -> Rarities:
        """From counts of the words of accounts, and of the words of whole articles' stories."""
        return cls(Rarity(words, reports, names), Rarity(stories, articles))


def weigh(a: Account, b: Account, rarities: Rarities) -> Likeness:
    """Weighs two accounts against each other; the same whichever comes first."""
    if (b.order, b.mention_id) < (a.order, a.mention_id):
        a, b = b, a
    shared = _shared_words(a, b, rarities.accounts)
    features = (
        _compare_columns(a, b) | _compare_wording(a, b, shared, rarities.accounts) | _compare_stories(a, b, rarities)
    )
    table = weights()
    score = sum(table[name] * value for name, value in features.items())
    return Likeness(score, features, shared)


def is_hopeless(a: Account, b: Account, rarities: Rarities) -> bool:
    """Whether `weigh` gives two accounts a score of 0 or less, where that shows without a look at all of their words.

    Nearly all pairs that share a block are of this kind. A pair that is not may have any score. Each step puts what a piece of
    evidence really adds, or more, in the place of the most that it could add; the cheapest steps come first.
    """
    table, words, number, story = weights(), *_ceilings()
    most = words + number + sum([table[name] * value for name, value in _compare_columns(a, b).items()])
    if a.leads and b.leads:
        most += story
        if phrases := set(a.story.phrases).intersection(b.story.phrases):
            told = sum([rarities.stories.weight(phrase) for phrase in phrases])
            most += max(0.0, table["phrases"]) * math.sqrt(told)
    if most < -_ROUNDING:
        return True
    if set(a.words).isdisjoint(filter(_has_digit, b.words)):
        most -= number
    if most >= -_ROUNDING and a.leads and b.leads:
        names = set(a.story.names).intersection(b.story.names)
        most -= story * (1 - _cosine(a.story.names, b.story.names, names, rarities.stories))
    return most < -_ROUNDING


@lru_cache(maxsize=1)
def _ceilings() -> tuple[float, float, float]:
    """The most that shared words can add without numbers, shared numbers, and equal stories."""
    most = {name: max(0.0, weight) for name, weight in weights().items()}
    words = most["wording"] + most["names"] * _NAMES_CAP / 10 + most["stories_apart"]
    return words, most["numbers"] * _NAMES_CAP / 10, most["story"]


def _compare_columns(a: Account, b: Account) -> Features:
    """All but the words."""
    features = {"prior": 1.0}
    features |= _compare_time(a, b)
    features |= _compare_place(a, b)
    features |= _compare_kind(a, b)
    features |= _compare_counts(a, b)
    features |= _compare_people(a, b)
    return features


def _compare_time(a: Account, b: Account) -> Features:
    features: Features = {}
    if a.first_day and a.last_day and b.first_day and b.last_day:
        gap = max((a.first_day - b.last_day).days, (b.first_day - a.last_day).days)
        exact = a.is_exact_day and b.is_exact_day
        if gap <= 0:
            features["day_same" if exact else "days_meet"] = 1.0
        elif gap == 1:
            features["day_next"] = 1.0
        else:
            features["days_off" if gap <= 3 else "days_far" if gap <= 14 else "days_wide"] = 1.0
    else:
        dated, other = (a, b) if a.first_day else (b, a)
        if dated.first_day and other.published:
            lag = (other.published - dated.first_day).days
            name = "lag_before" if lag < -1 else "lag_short" if lag <= 3 else "lag_long" if lag <= 21 else "lag_wide"
            features[name] = 1.0
    if a.published and b.published and not (a.first_day and b.first_day):
        # Between two dated reports the time of publication says nothing more: trials are reported years later.
        apart = abs((a.published - b.published).days)
        features["published_close" if apart <= 2 else "published_near" if apart <= 10 else "published_far"] = 1.0
    return features


def distance_km(a: Account, b: Account) -> float | None:
    """Great-circle distance between two points; null when either has none."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return None
    lat_a, lat_b = math.radians(a.latitude), math.radians(b.latitude)
    d_lat, d_lon = lat_b - lat_a, math.radians(b.longitude - a.longitude)
    h = math.sin(d_lat / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(d_lon / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


def _compare_place(a: Account, b: Account) -> Features:
    features: Features = {}
    km = distance_km(a, b) if a.is_point and b.is_point else None
    is_wide = a.is_wide or b.is_wide
    other_country = bool(a.country and b.country and a.country != b.country)
    other_region = bool(a.regions and b.regions and not a.regions & b.regions)
    if a.place and a.place == b.place:
        # Points, regions and countries are looked up by the name: where they differ, it may be one place found twice.
        if other_country or other_region or (km is not None and km > _AWAY_KM):
            return {"namesake": 1.0}
        # That both happened in the same province says little.
        return {"province_same" if is_wide else "place_same": 1.0}
    if other_country:
        features["country_other"] = 1.0
    elif a.regions and b.regions:
        features["region_other" if other_region else "region_same"] = 1.0
    if _tells_place(a, b) or _tells_place(b, a):
        features["place_told"] = 1.0
    if not a.place or not b.place:
        return features
    if _is_part(a, b) or _is_part(b, a):
        features["province_same" if is_wide else "place_part"] = 1.0
    elif km is not None:
        features["place_near" if km <= _NEAR_KM else "place_other" if km <= _AWAY_KM else "place_away"] = 1.0
    else:
        features["place_other"] = 1.0
    return features


def _tells_place(teller: Account, other: Account) -> bool:
    """Whether the place of one account is named somewhere in the other's article."""
    return bool(other.place) and not other.is_wide and all(word in teller.story for word in other.place)


def _is_part(small: Account, large: Account) -> bool:
    """Whether one account's place is the region that the other's lies in, or their names hold one another."""
    return large.place in small.regions or set(large.place) <= set(small.place)


def _compare_kind(a: Account, b: Account) -> Features:
    if a.kind == b.kind:
        return {"kind_same": 1.0}
    if (a.kind, b.kind) in _kindred():
        return {}
    return {"kind_other": 1.0}


def _compare_counts(a: Account, b: Account) -> Features:
    features: Features = {}
    for what, ours, theirs in (("killed", a.killed, b.killed), ("injured", a.injured, b.injured)):
        if ours == _UNKNOWN or theirs == _UNKNOWN:
            continue
        if ours == theirs and ours[0] is not None:
            # That two reports say 26 tells more than that both say 1.
            features[f"{what}_same"] = 1.0 + math.log2(1 + ours[0]) / 2
        elif ranges_meet(ours, theirs):
            features[f"{what}_fits"] = 1.0
        else:
            features[f"{what}_off"] = min(3.0, abs(math.log2((1 + _middle(ours)) / (1 + _middle(theirs)))))
    toll = _sum(a.killed, a.injured)
    if toll is not None and a.killed != b.killed and toll == _sum(b.killed, b.injured):
        features["toll_same"] = 1.0  # some of the wounded have died since
    return features


def ranges_meet(a: Bounds, b: Bounds) -> bool:
    """Whether one number can lie in both ranges; an absent bound is open."""
    (low_a, high_a), (low_b, high_b) = a, b
    if high_a is not None and low_b is not None and high_a < low_b:
        return False
    return high_b is None or low_a is None or high_b >= low_a


def _middle(bounds: Bounds) -> float:
    low, high = bounds
    if low is None or high is None:
        return float(low or high or 0)
    return (low + high) / 2


def _sum(killed: Bounds, injured: Bounds) -> int | None:
    if killed[0] is None or killed[0] != killed[1] or injured[0] is None or injured[0] != injured[1]:
        return None
    return killed[0] + injured[0]


def _compare_people(a: Account, b: Account) -> Features:
    features: Features = {}
    if a.groups and b.groups:
        features["groups_shared" if a.groups & b.groups else "groups_other"] = 1.0
    if a.actor and b.actor:
        features["actor_same" if a.actor.casefold() == b.actor.casefold() else "actor_other"] = 1.0
    return features


def _place_words(a: Account, b: Account) -> set[str]:
    """Words that place columns already account for."""
    return {*a.place, *b.place, *(word for region in a.regions | b.regions for word in region)}


def _shared_words(a: Account, b: Account, rarity: Rarity) -> tuple[str, ...]:
    shared = set(a.words).intersection(b.words) - _place_words(a, b)
    return tuple(sorted(shared, key=lambda word: (-rarity.weight(word), word)))


def _compare_wording(a: Account, b: Account, shared: tuple[str, ...], rarity: Rarity) -> Features:
    names = a.names | b.names
    return {
        "wording": _cosine(a.words, b.words, shared, rarity),
        "names": _capped(rarity.weight(w) for w in shared if w in names),
        "numbers": _capped(rarity.weight(w) for w in shared if _has_digit(w)),
    }


def _compare_stories(a: Account, b: Account, rarities: Rarities) -> Features:
    """What the articles as a whole have in common speaks for the incidents they lead with, not for their asides."""
    if not (a.leads and b.leads):
        return {}
    known = _place_words(a, b)
    names = sorted(set(a.story.names).intersection(b.story.names) - known)
    phrases = sorted(set(a.story.phrases).intersection(b.story.phrases))
    told = math.fsum(rarities.stories.weight(p) for p in phrases if not known.issuperset(p.split()))
    alike = _cosine(a.story.names, b.story.names, names, rarities.stories)
    apart = alike < _STORIES_APART and min(len(a.story.names), len(b.story.names)) >= _TELLING_NAMES
    return {
        **({"stories_apart": 1.0} if apart else {}),
        "story": alike,
        # Names of one story come in company: each further one tells less.
        "phrases": math.sqrt(told),
    }


def _cosine(a: tuple[str, ...], b: tuple[str, ...], shared: Iterable[str], rarity: Rarity) -> float:
    lengths = rarity.length(a) * rarity.length(b)
    return math.fsum(rarity.weight(w) ** 2 for w in shared) / lengths if lengths else 0.0


def _capped(told: Iterable[float]) -> float:
    return min(math.fsum(told), _NAMES_CAP) / 10


@lru_cache(maxsize=1 << 17)
def _has_digit(word: str) -> bool:
    return any(c.isdigit() for c in word)
