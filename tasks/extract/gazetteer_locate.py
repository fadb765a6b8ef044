"""Resolves a place named in an article to coordinates, or says why it cannot."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Final

from tasks.extract.gazetteer import Entry, demonyms
from tasks.extract.gazetteer_fold import fold, plain
from tasks.extract.place_words import core_name, is_near, is_part_of_land, is_region_name, place_words
from tasks.extract.spans import Location, PlaceExpression

if TYPE_CHECKING:
    from tasks.extract.gazetteer import Gazetteer

_LETTERS: Final = re.compile(r"[^\W\d_]+")
_DATE_LINE: Final = re.compile(
    r"\s*([^\W\d_][^\d,;:.!?()\[\]\n–—]{1,30}?)\s*([,(/][^\n]{0,50}?)?(?:\s--?|\s?[–—])\s"
)  # "San Salvador, 4 Apr 89 (AGENCY) -- "
_VOTE_OF_DATE_LINE: Final = 1.0
_VOTE_OF_COUNTRY: Final = 2.0
_SAME_PLACE_KM: Final = 15.0
_WITHIN_CITY_KM: Final = 25.0
_FAR_LARGER: Final = 10  # how many times more people, to be meant without saying which
_WELL_KNOWN: Final = 15_000  # people, to speak for a country
_KNOWN_WORLDWIDE: Final = 100_000  # people, to be meant without any country named
_LIKELY: Final = 0.1  # least share of the clues for a country to be where a place of the article is
_ABOUT_ONE_COUNTRY: Final = 0.6  # share of the article's place clues that point to its main country


@dataclass(frozen=True, slots=True)
class PlaceContext:
    """What an article says of where it plays.

    Attributes:
        countries: ISO codes, the most spoken of first.
        weights: how much of the article's place clues each of them has; adds up to 1.
        admin1: first-level units that its places lie in: (country code, name), the most spoken of first.
        towns: where the large towns lie that it names, in its main country.
        regions: folded names that the article uses with a type word ("Idlib province") and never as a town ("Idlib city").
    """

    countries: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    admin1: tuple[tuple[str, str], ...] = ()
    regions: frozenset[str] = frozenset()
    towns: tuple[tuple[float, float], ...] = ()

    @property
    def main_country(self) -> str | None:
        """The country that the whole article is about, if it is about one."""
        return self.countries[0] if self.weights and self.weights[0] >= _ABOUT_ONE_COUNTRY else None


@dataclass(slots=True)
class _Area:
    """The larger place that a chain names: any of what its name can mean."""

    countries: set[str] = field(default_factory=set)
    units: set[tuple[str, str | None]] = field(default_factory=set)
    points: list[tuple[float, float]] = field(default_factory=list)

    def holds(self, entry: Entry) -> bool:
        if entry.country_code in self.countries or (entry.country_code, entry.admin1) in self.units:
            return True
        return any(distance_km(p, (entry.latitude, entry.longitude)) <= _WITHIN_CITY_KM for p in self.points)

    def unit(self) -> tuple[str | None, str | None]:
        """Country and province, as far as the name leaves no choice."""
        codes = self.countries or {c for c, _ in self.units}
        code = next(iter(codes)) if len(codes) == 1 else None
        names = {n for c, n in self.units if c == code and n}
        return code, next(iter(names)) if code and len(names) == 1 else None


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two points given as latitude and longitude in degrees."""
    lat1, lon1, lat2, lon2 = (radians(x) for x in (*a, *b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 12742.0 * asin(sqrt(min(1.0, h)))


def build_context(
    gazetteer: Gazetteer, places: Iterable[PlaceExpression], words: Iterable[str] = (), opening: str = ""
) -> PlaceContext:
    """Weigh the countries and provinces that an article speaks of.

    A country named counts 2; a place counts 1 (¼ where it is a village), shared among the countries that have one of that name; an adjective or
    demonym ("Syrian") counts ½, as they speak of actors as often as of where.

    Args:
        gazetteer: where names are looked up.
        places: all places found in the article, its title included.
        words: what stands between its blanks, for adjectives and demonyms.
        opening: how its text begins, for the place of a date line.
    """
    votes: dict[str, float] = defaultdict(float)
    units: Counter[tuple[str, str]] = Counter()
    as_region: set[str] = set()
    as_town: set[str] = set()
    unclear: list[tuple[Entry, ...]] = []
    for place in places:
        for name in (place.name, *place.others, *place.within):
            core = core_name(name)
            code, entries = gazetteer.find(name)
            if code:
                votes[code] += _VOTE_OF_COUNTRY
                continue
            entries = _leading(entries)
            if is_region_name(name):
                as_region.add(fold(core))
            elif is_town_name(name):
                as_town.add(fold(core))
            if entries:
                unclear.append(entries)
    for code, part in _votes_of_date_line(gazetteer, opening):
        votes[code] += part
    for code in chain.from_iterable(map(_nations_of, words)):
        votes[code] += 0.5
    for entries in unclear:
        for code, part in _shares(entries).items():
            votes[code] += part * _voice(entries, code)
    top = [c for c, _ in sorted(votes.items(), key=lambda v: (-v[1], v[0]))]
    for entries in unclear:
        code = next((c for c in top[:2] if any(e.country_code == c for e in entries)), None)
        found = {e.admin1 for e in entries if e.country_code == code and e.admin1}
        if code and len(found) == 1:
            units[code, found.pop()] += 1
    large = [
        e
        for entries in unclear
        for e in entries
        if top and e.country_code == top[0] and e.population >= _KNOWN_WORLDWIDE
    ]
    towns = dict.fromkeys((e.latitude, e.longitude) for e in large if e.primary and e.kind == "settlement")
    total = sum(votes.values()) or 1.0
    ranked = sorted(units.items(), key=lambda u: (-u[1], u[0]))
    weights = tuple(round(votes[c] / total, 4) for c in top)
    return PlaceContext(tuple(top), weights, tuple(u for u, _ in ranked), frozenset(as_region - as_town), tuple(towns))


@lru_cache(maxsize=65536)
def _nations_of(chunk: str) -> tuple[str, ...]:
    """The countries whose adjectives or demonyms stand between two blanks."""
    words = (word.lower() if word.isascii() else plain(word) for word in _LETTERS.findall(chunk))
    return tuple(code for word in words if (code := demonyms().get(word)))


def _votes_of_date_line(gazetteer: Gazetteer, opening: str) -> Iterator[tuple[str, float]]:
    """The countries that speak from a date line: that of its town, and the one named after it ("BENI, DR Congo, 14 March -")."""
    line = _DATE_LINE.match(opening)
    if line is None:
        return
    code, entries = gazetteer.find(line.group(1).title() if line.group(1).isupper() else line.group(1))
    shares = {code: 1.0} if code else _shares(_leading(entries)) if entries else {}
    for code, part in shares.items():
        yield code, _VOTE_OF_DATE_LINE * part
    for name in re.split(r"[,(/)]", line.group(2) or ""):
        code, _ = gazetteer.find(name.strip())
        if code:
            yield code, _VOTE_OF_COUNTRY


def is_town_name(name: str) -> bool:
    """Whether a type word makes the name a settlement's: "Idlib city", "town of Hajin"."""
    return any(w in place_words().settlement for w in plain(name).split())


def _shares(entries: Sequence[Entry]) -> dict[str, float]:
    """One vote, shared among countries: places found by their own name, and larger ones, weigh more."""
    weight: dict[str, float] = defaultdict(float)
    for e in entries:
        own = (1.0 if e.primary else 0.1) * (1 + min(e.population, 2_000_000) / 50_000 + (e.kind != "settlement"))
        weight[e.country_code] = max(weight[e.country_code], own)
    total = sum(weight.values())
    return {code: w / total for code, w in weight.items()}


def _voice(entries: Sequence[Entry], code: str) -> float:
    """How much a name says for a country: little where only a village there bears it, as any word may be a village."""
    own = [e for e in entries if e.country_code == code]
    known = any(
        e.primary and (e.kind != "settlement" or e.source != "geonames" or e.population >= _WELL_KNOWN) for e in own
    )
    return 1.0 if known else 0.25


def _leading(found: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The places of that very name, unless one of another name is far larger."""
    own = tuple(e for e in found if e.primary)
    return own if own and max(e.population for e in own) * _FAR_LARGER >= max(e.population for e in found) else found


def _area(gazetteer: Gazetteer, name: str, context: PlaceContext) -> _Area:
    area = _Area()
    code, found = gazetteer.find(name)
    if code:
        area.countries.add(code)
        return area
    entries = list(found)
    if context.countries:
        near = [e for e in entries if e.country_code in context.countries[:3]]
        first = next((c for c in context.countries for e in near if e.country_code == c), None)
        entries = [e for e in near if e.country_code == first] or entries
    primary = [e for e in entries if e.primary] or entries
    if is_region_name(name) and any(e.kind == "region" for e in primary):
        primary = [e for e in primary if e.kind == "region"]
    for e in primary[:20]:
        if e.kind == "region":
            area.units.add((e.country_code, e.admin1))
        else:
            area.units.add((e.country_code, e.admin1)) if e.admin1 else None
            area.points.append((e.latitude, e.longitude))
    return area


def locate(gazetteer: Gazetteer, place: PlaceExpression, context: PlaceContext) -> Location:
    """Where a place lies, or why that is not known.

    A country by itself gets no point. Candidates of the name are narrowed by the chain ("Inkhil in Daraa province"), then by
    the article's countries in order of weight, then by its provinces; what is left must be one place, or one with ten times
    more people than the next. Country and province are filled where the chain or the article fixes them, coordinates or not.
    """
    core = core_name(place.name)
    code, found = gazetteer.find(place.name)
    if code:
        return Location(None, code, None, None, None, "country_only")
    areas = [_area(gazetteer, w, context) for w in place.within]
    areas = [a for a in areas if a.countries or a.units or a.points]
    if place.kind == "region" or is_part_of_land(place.name) or fold(core) in context.regions:
        location = _region(found, areas, context)
        if location is not None:
            return location
    chosen, reason = _choose(found, areas, context, is_part=_is_part(place.name))
    basis = "gazetteer"
    if chosen is None and reason == "not_found":
        for code in _countries_of(areas, context)[:1]:
            alike = gazetteer.similar(core, code)
            if not areas and context.admin1:
                alike = tuple(e for e in alike if (e.country_code, e.admin1) in context.admin1)
            near, why = _choose(alike, areas, context, is_part=_is_part(place.name))
            if near is not None and why == "":
                chosen, basis = near, "gazetteer_similar"
    if chosen is None:
        town = _town_around(gazetteer, place, context) if reason == "not_found" else None
        if town is not None:
            return Location(town.admin1, town.country_code, town.latitude, town.longitude, 2, "gazetteer_within")
        code, unit = _fallback(areas, context)
        return Location(unit, code, None, None, None, reason)
    if chosen.kind != "settlement":
        return Location(chosen.admin1, chosen.country_code, chosen.latitude, chosen.longitude, 3, "gazetteer_region")
    if place.name.lower().endswith(" district") and _town_around(gazetteer, place, context) is None:
        # No quarter of a town but the land around its own: the town does not pose as all of it.
        return Location(chosen.admin1, chosen.country_code, chosen.latitude, chosen.longitude, 3, "gazetteer_region")
    precision = 2 if is_near(place.relation) else 1
    return Location(chosen.admin1, chosen.country_code, chosen.latitude, chosen.longitude, precision, basis)


def _town_around(gazetteer: Gazetteer, place: PlaceExpression, context: PlaceContext) -> Entry | None:
    """The town of "the Sukari district of Aleppo", when no gazetteer knows Sukari: within a town the town's point is near."""
    if not place.within or is_region_name(place.within[0]) or is_part_of_land(place.within[0]):
        return None
    code, found = gazetteer.find(place.within[0])
    if code:
        return None
    around = [_area(gazetteer, w, context) for w in place.within[1:]]
    around = [a for a in around if a.countries or a.units or a.points]
    town, _ = _choose([e for e in found if e.kind == "settlement"], around, context, is_part=False)
    return town


def _is_part(name: str) -> bool:
    return any(w in place_words().part for w in plain(name).split())


def _countries_of(areas: Sequence[_Area], context: PlaceContext) -> list[str]:
    codes = [code for a in areas if (code := a.unit()[0])]
    return codes or list(context.countries)


def _fallback(areas: Sequence[_Area], context: PlaceContext) -> tuple[str | None, str | None]:
    """Country and province of a place without coordinates: those of the chain, else the article's one country."""
    for area in areas:
        code, unit = area.unit()
        if code:
            return code, unit
    return context.main_country, None


def _region(found: Sequence[Entry], areas: Sequence[_Area], context: PlaceContext) -> Location | None:
    chosen, _ = _choose([e for e in found if e.kind != "settlement"], areas, context, is_part=False)
    if chosen is None:
        chosen, _ = _choose([e for e in found if e.kind == "settlement"], areas, context, is_part=False)
    if chosen is None:
        return None
    return Location(chosen.admin1, chosen.country_code, chosen.latitude, chosen.longitude, 3, "gazetteer_region")


def _choose(
    entries: Sequence[Entry], areas: Sequence[_Area], context: PlaceContext, *, is_part: bool
) -> tuple[Entry | None, str]:
    """The one candidate that is meant, or why none is."""
    if not entries:
        return None, "not_found"
    left = list(entries)
    chained = False
    for area in areas:
        inside = [e for e in left if area.holds(e)]
        if inside:
            left, chained = inside, True
        elif area is areas[0]:
            return None, "not_found"  # the gazetteer knows such a name only elsewhere
    if not chained:
        likely = [c for c, weight in zip(context.countries, context.weights, strict=True) if weight >= _LIKELY]
        of_article = [
            found for c in likely if (found := [e for e in left if e.country_code == c and _may_be(e, context)])
        ]
        if of_article:
            left = of_article[0]
        else:
            large = [e for e in left if e.primary and e.population >= _KNOWN_WORLDWIDE]
            if context.countries and not large:
                return None, "not_found"  # its namesakes lie in countries that the article does not speak of
            left = large or left
    if is_part and not chained:  # a quarter lies in a town, and only in one that the article names
        left = [e for e in left if _in_a_town_named(e, context)]
        if not left:
            return None, "not_found"
    return _settle(left, context)


def _in_a_town_named(entry: Entry, context: PlaceContext) -> bool:
    """Near a large town that the article names; or itself a known town of the main country, whose district is meant."""
    at = (entry.latitude, entry.longitude)
    if any(distance_km(town, at) <= _WITHIN_CITY_KM for town in context.towns):
        return True
    return entry.country_code in context.countries[:1] and entry.population >= _WELL_KNOWN


def _may_be(entry: Entry, context: PlaceContext) -> bool:
    """Outside the country that an article is about, only a known place by its own name is meant."""
    if entry.country_code == context.countries[0]:
        return True
    return entry.primary and (context.main_country is None or entry.population >= _WELL_KNOWN)


def _settle(left: Sequence[Entry], context: PlaceContext) -> tuple[Entry | None, str]:
    towns = [e for e in left if e.kind == "settlement"] or list(left)
    towns = [e for e in towns if e.primary] or towns
    groups = _clusters(towns)
    if len(groups) > 1:
        for unit in context.admin1:
            inside = [g for g in groups if (g[0].country_code, g[0].admin1) == unit]
            if len(inside) == 1:
                groups = inside
                break
    if len(groups) > 1:
        groups.sort(key=lambda g: -max(e.population for e in g))
        first, second = (max(e.population for e in g) for g in groups[:2])
        if first < _FAR_LARGER * max(second, 500):
            return None, "ambiguous"
    return groups[0][0], ""


def _clusters(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Entries of one place (two sources name it, a few kilometres apart) put together, the largest first in each."""
    groups: list[list[Entry]] = []
    for entry in sorted(entries, key=lambda e: -e.population):
        at = (entry.latitude, entry.longitude)
        for group in groups:
            if distance_km((group[0].latitude, group[0].longitude), at) <= _SAME_PLACE_KM:
                group.append(entry)
                break
        else:
            groups.append([entry])
    return groups
