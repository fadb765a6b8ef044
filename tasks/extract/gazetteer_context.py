"""Weighs the countries and provinces that an article speaks of, so that each of its places can be judged by all the others."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Final

from tasks.extract.gazetteer import Entry, demonyms
from tasks.extract.gazetteer_fold import ARTICLES, fold, plain
from tasks.extract.place_words import core_name, grammar, is_region_name, place_words, without_types
from tasks.extract.spans import PlaceExpression

if TYPE_CHECKING:
    from tasks.extract.gazetteer import Gazetteer

_LETTERS: Final = re.compile(r"[^\W\d_]+")
_DATE_LINE: Final = re.compile(
    r"\s*([^\W\d_][^\d,;:.!?()\[\]\n–—]{1,30}?)\s*([,(/][^\n]{0,50}?)?(?:\s--?|\s?[–—])\s"
)  # "San Salvador, 4 Apr 89 (AGENCY) -- "
_VOTE_OF_DATE_LINE: Final = 1.0
_VOTE_OF_COUNTRY: Final = 2.0
_VOTE_OF_WAY: Final = 0.4  # where people come from or go to, and what lies beyond a border
_VOTE_OF_PEOPLE: Final = 0.5
_VOTE_OF_FORCES: Final = 0.1  # armies fight abroad: "Russian troops", "Israeli soldiers"
_VOTE_OF_GROUP: Final = 0.5  # armed groups mostly fight at home
_WELL_KNOWN: Final = 15_000  # people, to speak for a country
KNOWN_WORLDWIDE: Final = 100_000  # people, to be meant without any country named
FAR_LARGER: Final = 10  # how many times more people, to be meant without saying which
_ALIKE: Final = 75.0  # of 100: least likeness of a name to the gazetteer's, to speak for a country by itself
_ABOUT_ONE_COUNTRY: Final = 0.6  # share of the article's place clues that point to its main country
_LEAST_VOTES: Final = 0.5  # for it to be clear
_ROUNDS: Final = 2
_FLOOR: Final = 0.02  # what a country weighs that nothing else in the article speaks for
_SHORTEST_END: Final = 3  # letters of a road's end that is more than an article
_NEAR_KM: Final = 400.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PlaceContext:
    """What an article says of where it plays.

    Attributes:
        countries: ISO codes, the most spoken of first.
        weights: how much of the article's place clues each of them has; adds up to 1.
        admin1: first-level units that its places lie in: (country code, name), the most spoken of first.
        towns: where the large towns lie that it names, in its main country.
        regions: folded names that the article uses with a type word ("Idlib province") and never as a town ("Idlib city").
        total: how many votes the weights come from.
        own: by folded name, the votes that it gave itself.
        points: by folded name, where its place seems to lie.
        left_out: the folded name whose votes were taken out.
    """

    countries: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    admin1: tuple[tuple[str, str], ...] = ()
    regions: frozenset[str] = frozenset()
    towns: tuple[Point, ...] = ()
    total: float = 1.0
    own: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    points: Mapping[str, Point] = field(default_factory=dict)
    left_out: str = ""

    @property
    def main_country(self) -> str | None:
        """The country that the whole article is about, if it is about one."""
        clear = self.weights and self.weights[0] >= _ABOUT_ONE_COUNTRY and self.weights[0] * self.total >= _LEAST_VOTES
        return self.countries[0] if clear else None

    def weight(self, code: str) -> float:
        """The share of one country."""
        return next((w for c, w in zip(self.countries, self.weights, strict=True) if c == code), 0.0)

    def without(self, name: str) -> PlaceContext:
        """The same, as the other clues alone would have it: no name votes for the country that it is then placed in."""
        key = fold(core_name(name))
        own = self.own.get(key)
        if not own:
            return self
        votes = {
            c: vote
            for c, w in zip(self.countries, self.weights, strict=True)
            if (vote := w * self.total - own.get(c, 0.0)) > 0.01
        }
        countries, weights, total = _ranked(votes)
        return replace(self, countries=countries, weights=weights, total=total, own={}, left_out=key)

    def is_near(self, at: Point) -> bool:
        """Whether another place of the article lies a few hours' drive away."""
        return any(k != self.left_out and distance_km(at, other) <= _NEAR_KM for k, other in self.points.items())


@dataclass(slots=True)
class _Name:
    """A name of the article that the gazetteer knows: what it can mean, and how often it stands there."""

    entries: tuple[Entry, ...]
    shares: Mapping[str, float]  # one vote by country, judged by the name alone
    known: Mapping[str, bool]  # by country, whether more than a village bears it there
    times: int = 0

    def votes(self, support: Mapping[str, float]) -> dict[str, float]:
        """Its votes by country, given what all other clues say."""
        weighed = {c: s * (_FLOOR + support.get(c, 0.0)) for c, s in self.shares.items()}
        total = sum(weighed.values())
        found = {}
        for code, part in weighed.items():
            voice = 1.0 if self.known[code] else 0.25
            found[code] = part / total * voice * min(self.times, 3)
        return found


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance between two points given as latitude and longitude in degrees."""
    lat1, lon1, lat2, lon2 = (radians(x) for x in (*a, *b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 12742.0 * asin(sqrt(min(1.0, h)))


def build_context(
    gazetteer: Gazetteer,
    places: Iterable[PlaceExpression],
    words: Sequence[str] = (),
    opening: str = "",
    groups: Iterable[str] = (),
) -> PlaceContext:
    """Weigh the countries and provinces that an article speaks of.

    A country named counts 2 (0.4 as where somebody comes from or goes to, or as what lies near); a place counts 1 (¼ where it is a village), shared among the countries that have one of that name by how much the
    other clues speak for each; an adjective or demonym ("Syrian") counts ½, before soldiers and weapons ⅒, as armies fight abroad; an
    armed group counts ½ for its home.

    Args:
        gazetteer: where names are looked up.
        places: all places found in the article, its title included.
        words: what stands between its blanks, for adjectives and demonyms.
        opening: how its text begins, for the place of a date line.
        groups: home countries of the armed groups that it names.
    """
    firm: dict[str, float] = defaultdict(float)
    names: dict[str, _Name] = {}
    as_region: set[str] = set()
    as_town: set[str] = set()
    for place in places:
        for name in (*_ends_of_road(place.name), *place.others, *place.within):
            core = core_name(name)
            code, entries = gazetteer.find(name)
            if code:
                firm[code] += _VOTE_OF_WAY if _is_beyond(place) else _VOTE_OF_COUNTRY
                continue
            key = fold(core)
            if is_region_name(name):
                as_region.add(key)
            elif is_town_name(name):
                as_town.add(key)
            if entries and not (core.isupper() and len(core) <= 3):  # "DHQ", "KIO"
                if key not in names:
                    names[key] = _named(name, entries)
                names[key].times += 1
    for code, part in _votes_of_date_line(gazetteer, opening, names):
        firm[code] += part
    for code, part in _votes_of_peoples(words):
        firm[code] += part
    for code in set(groups):
        firm[code] += _VOTE_OF_GROUP
    own = _settled_votes(firm, names)
    return _context(firm, names, own, frozenset(as_region - as_town))


def _is_beyond(country: PlaceExpression) -> bool:
    """Whether a country is named as what lies beyond: "crossed from Kenya", "near the Niger border"."""
    near = country.relation is not None and country.relation in place_words().near
    return near or country.rule in ("movement", "reference") or country.name.lower().endswith(("border", "frontier"))


def _ends_of_road(name: str) -> tuple[str, ...]:
    """The towns that a road is named by, "Kirkuk-Tikrit highway"; else the name itself."""
    head, _, last = name.rpartition(" ")
    if last.lower() not in grammar("roads") or not ("-" in head or "–" in head):
        return (name,)
    return tuple(end.strip() for end in re.split("[-–]", head) if len(end.strip()) > _SHORTEST_END)


def _settled_votes(firm: Mapping[str, float], names: Mapping[str, _Name]) -> dict[str, dict[str, float]]:
    """What each name votes for once it has heard the others, by name and country."""
    own = {key: {c: s * (1.0 if n.known[c] else 0.25) for c, s in n.shares.items()} for key, n in names.items()}
    for _ in range(_ROUNDS):
        votes = Counter(firm)
        for part in own.values():
            votes.update(part)
        heard = {}
        for key, name in names.items():
            others = {c: votes[c] - own[key].get(c, 0.0) for c in name.shares}
            total = sum(votes.values()) - sum(own[key].values())
            heard[key] = name.votes({c: v / total for c, v in others.items()} if total > 0.01 else {})
        own = heard
    return own


def _context(
    firm: Mapping[str, float],
    names: Mapping[str, _Name],
    own: Mapping[str, Mapping[str, float]],
    regions: frozenset[str],
) -> PlaceContext:
    votes = Counter(firm)
    for part in own.values():
        votes.update(part)
    countries, weights, total = _ranked(votes)
    units: Counter[tuple[str, str]] = Counter()
    points: dict[str, Point] = {}
    large: dict[Point, None] = {}
    for key, name in names.items():
        code = max(own[key], key=lambda c: own[key][c])
        if code not in countries[:4]:
            continue
        there = [e for e in name.entries if e.country_code == code]
        found = {e.admin1 for e in there if e.admin1}
        if len(found) == 1:
            units[code, found.pop()] += name.times
        best = max(there, key=lambda e: (e.primary, e.population))
        if name.known[code] or code == countries[0]:
            points[key] = (best.latitude, best.longitude)
        if code == countries[0]:
            towns = (e for e in there if e.primary and e.kind == "settlement" and e.population >= KNOWN_WORLDWIDE)
            large.update(dict.fromkeys((e.latitude, e.longitude) for e in towns))
    ranked = sorted(units.items(), key=lambda u: (-u[1], u[0]))
    return PlaceContext(
        countries, weights, tuple(u for u, _ in ranked), regions, tuple(large), total, dict(own), points
    )


def _ranked(votes: Mapping[str, float]) -> tuple[tuple[str, ...], tuple[float, ...], float]:
    top = sorted(votes.items(), key=lambda v: (-v[1], v[0]))
    total = sum(votes.values()) or 1.0
    return tuple(c for c, _ in top), tuple(round(v / total, 4) for _, v in top), total


def _votes_of_peoples(words: Sequence[str]) -> Iterator[tuple[str, float]]:
    """The votes of adjectives and demonyms; one before soldiers or weapons says little of where they are."""
    for i, chunk in enumerate(words):
        for code in _nations_of(chunk):
            after = words[i + 1].lower().strip(".,;:'’\"”)") if i + 1 < len(words) else ""
            yield code, _VOTE_OF_FORCES if after in grammar("armed") else _VOTE_OF_PEOPLE


@lru_cache(maxsize=65536)
def _nations_of(chunk: str) -> tuple[str, ...]:
    """The countries whose adjectives or demonyms stand between two blanks."""
    words = (word.lower() if word.isascii() else plain(word) for word in _LETTERS.findall(chunk))
    return tuple(code for word in words if (code := demonyms().get(word)))


def _votes_of_date_line(gazetteer: Gazetteer, opening: str, names: dict[str, _Name]) -> Iterator[tuple[str, float]]:
    """The country named in a date line ("BENI, DR Congo, 14 March -"); its town joins the names of the article."""
    line = _DATE_LINE.match(opening)
    if line is None:
        return
    town = line.group(1).title() if line.group(1).isupper() else line.group(1)
    code, entries = gazetteer.find(town)
    if code:
        yield code, _VOTE_OF_DATE_LINE
    elif entries:
        names.setdefault(fold(core_name(town)), _named(town, entries)).times += 1
    for name in re.split(r"[,(/)]", line.group(2) or ""):
        code, _ = gazetteer.find(name.strip())
        if code:
            yield code, _VOTE_OF_COUNTRY


def is_town_name(name: str) -> bool:
    """Whether a type word makes the name a settlement's: "Idlib city", "town of Hajin"."""
    return any(w in place_words().settlement for w in plain(name).split())


@lru_cache(maxsize=16384)
def is_alike(name: str, other: str) -> bool:
    """Whether two names that share a key are also spelled much alike: "Lodda" is not Loudi, nor "Weni" Vienna."""
    from rapidfuzz import fuzz

    one, two = (
        "".join(words) if (words := [w for w in plain(n).split() if w not in ARTICLES]) else plain(n)
        for n in (name, other)
    )
    return one == two or fuzz.ratio(one, two) >= _ALIKE


@lru_cache(maxsize=16384)
def by_spelling(name: str, found: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The candidates of a name; those that are spelled otherwise, if alike to the ear, count as found by another name."""
    return tuple(
        e if not e.primary or any(is_alike(n, e.name) for n in spellings(name)) else e._replace(primary=False)
        for e in found
    )


def spellings(name: str) -> tuple[str, ...]:
    """A name as written, without its type word, and without its directions too: "North Kivu province", "North Kivu", "Kivu"."""
    return name, without_types(name), core_name(name)


@lru_cache(maxsize=16384)
def _ballot(name: str, found: tuple[Entry, ...]) -> tuple[tuple[Entry, ...], dict[str, float], dict[str, bool]]:
    """What a name can mean, its one vote shared among countries, and where more than a village bears it."""
    entries = _leading(by_spelling(name, found))
    weight: dict[str, float] = defaultdict(float)
    known: dict[str, bool] = defaultdict(bool)
    for e in entries:
        size = (1.0 if e.primary else 0.1) * (1 + min(e.population, 2_000_000) / 50_000 + (e.kind != "settlement"))
        weight[e.country_code] = max(weight[e.country_code], size)
        known[e.country_code] |= e.primary and (
            e.kind != "settlement" or e.source != "geonames" or e.population >= _WELL_KNOWN
        )
    total = sum(weight.values())
    return entries, {code: w / total for code, w in weight.items()}, dict(known)


def _named(name: str, found: tuple[Entry, ...]) -> _Name:
    return _Name(*_ballot(name, found))


def _leading(found: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The places of that very name, unless one of another name is far larger."""
    own = tuple(e for e in found if e.primary)
    return own if own and max(e.population for e in own) * FAR_LARGER >= max(e.population for e in found) else found
