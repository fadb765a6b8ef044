"""Resolves a place named in an article to coordinates, or says why it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log10
from typing import TYPE_CHECKING, Final

from tasks.extract.gazetteer import Entry
from tasks.extract.gazetteer_context import (
    FAR_LARGER,
    KNOWN_WORLDWIDE,
    PlaceContext,
    Point,
    by_spelling,
    distance_km,
    spellings,
)
from tasks.extract.gazetteer_fold import fold, plain
from tasks.extract.place_words import core_name, is_near, is_part_of_land, is_region_name, place_words
from tasks.extract.spans import Location, PlaceExpression

if TYPE_CHECKING:
    from tasks.extract.gazetteer import Gazetteer

_SAME_PLACE_KM: Final = 15.0
_WITHIN_CITY_KM: Final = 25.0
_WELL_KNOWN: Final = 15_000  # people, to be meant in a country that the article speaks of less than of another
_TOWN: Final = 5_000  # people, to be meant across the border
_FAMOUS: Final = 300_000  # people, to be meant in a country that an article about another does not speak of
_LIKELY: Final = 0.1  # least share of the clues for a country to be where a place of the article is
_AGREED: Final = 0.2  # least share for other names of a place to count there


@dataclass(slots=True)
class _Area:
    """The larger place that a chain names: any of what its name can mean."""

    countries: set[str] = field(default_factory=set)
    units: set[tuple[str, str | None]] = field(default_factory=set)
    points: list[Point] = field(default_factory=list)

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


def _areas(gazetteer: Gazetteer, within: Sequence[str], context: PlaceContext) -> list[_Area]:
    """The places of a chain, the smallest first; each lies in the larger ones, else its name means something unknown."""
    found: list[_Area] = []
    for name in reversed(within):
        area = _area(gazetteer, name, found, context.without(name))
        if area is not None:
            found.insert(0, area)
    return found


def _area(gazetteer: Gazetteer, name: str, around: Sequence[_Area], context: PlaceContext) -> _Area | None:
    code, found = gazetteer.find(name)
    if code:
        return _Area(countries={code})
    found = by_spelling(name, found)
    inside = [e for e in found if all(a.holds(e) for a in around)]
    entries = inside if around else _likely(name, found, context)
    if not entries:
        return None
    primary = [e for e in entries if e.primary] or entries
    if is_region_name(name) and any(e.kind == "region" for e in primary):
        primary = [e for e in primary if e.kind == "region"]
    area = _Area()
    for e in primary[:20]:
        if e.admin1 or e.kind == "region":
            area.units.add((e.country_code, e.admin1))
        if e.kind != "region":
            area.points.append((e.latitude, e.longitude))
            if not e.admin1:
                area.countries.add(e.country_code)
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
    found = by_spelling(place.name, found)
    areas = _areas(gazetteer, place.within, context)
    context = context.without(place.name)  # its own name is no clue to where it is
    if place.kind == "region" or is_part_of_land(place.name) or fold(core) in context.regions:
        location = _region(place.name, found, areas, context)
        if location is not None:
            return location
    chosen, reason = _choose(place.name, found, areas, context, is_part=_is_part(place.name))
    basis = "gazetteer"
    if chosen is None and reason == "not_found":
        for code in _countries_of(areas, context)[:1]:
            alike = gazetteer.similar(core, code)
            if not areas and context.admin1:
                alike = tuple(e for e in alike if (e.country_code, e.admin1) in context.admin1)
            near, why = _choose(place.name, alike, areas, context, is_part=_is_part(place.name))
            if near is not None and why == "":
                chosen, basis = near, "gazetteer_similar"
    if chosen is None:
        town = _town_around(gazetteer, place, context) if reason == "not_found" else None
        if town is not None and place.within[0].lower().endswith(" district"):
            return Location(town.admin1, town.country_code, town.latitude, town.longitude, 3, "gazetteer_region")
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
    around = _areas(gazetteer, place.within[1:], context)
    context = context.without(place.within[0])
    town, _ = _choose(place.within[0], [e for e in found if e.kind == "settlement"], around, context, is_part=False)
    return town


def _is_part(name: str) -> bool:
    return any(w in place_words().part for w in plain(name).split())


def _countries_of(areas: Sequence[_Area], context: PlaceContext) -> list[str]:
    codes = [code for a in areas if (code := a.unit()[0])]
    return codes or [c for c in context.countries[:1] if context.weight(c) >= 0.4]


def _fallback(areas: Sequence[_Area], context: PlaceContext) -> tuple[str | None, str | None]:
    """Country and province of a place without coordinates: those of the chain, else the article's one country."""
    for area in areas:
        code, unit = area.unit()
        if code:
            return code, unit
    return context.main_country, None


def _region(name: str, found: Sequence[Entry], areas: Sequence[_Area], context: PlaceContext) -> Location | None:
    left, _ = _narrowed(name, found, areas, context)
    lands = [e for e in left if e.kind != "settlement"]
    chosen, _ = _settle(lands or left, context) if left else (None, "")
    if chosen is None:
        return None
    return Location(chosen.admin1, chosen.country_code, chosen.latitude, chosen.longitude, 3, "gazetteer_region")


def _choose(
    name: str, entries: Sequence[Entry], areas: Sequence[_Area], context: PlaceContext, *, is_part: bool
) -> tuple[Entry | None, str]:
    """The one candidate that is meant, or why none is."""
    left, chained = _narrowed(name, entries, areas, context)
    if is_part and not chained:  # a quarter lies in a town, and only in one that the article names
        left = [e for e in left if _in_a_town_named(e, context)]
    return _settle(left, context) if left else (None, "not_found")


def _narrowed(
    name: str, entries: Sequence[Entry], areas: Sequence[_Area], context: PlaceContext
) -> tuple[list[Entry], bool]:
    """What a name can mean by its chain, else by what the article speaks of; and whether the chain said it."""
    left = list(entries)
    chained = False
    for area in areas:
        inside = [e for e in left if area.holds(e)]
        if inside:
            left, chained = inside, True
        elif area is areas[0]:
            return [], False  # the gazetteer knows such a name only elsewhere
    return (left, True) if chained else (_likely(name, left, context), False)


def _likely(name: str, entries: Sequence[Entry], context: PlaceContext) -> list[Entry]:
    """The candidates in the one country that the article's other clues make likeliest; none where all lie far from its war."""
    own = [e for e in entries if e.primary]
    there = [e for e in entries if _may_be(e, context)]
    if there:
        best = max(there, key=lambda e: _score(e, context))
        return [e for e in there if e.country_code == best.country_code]
    known = [e for e in own if e.kind != "settlement" or e.population >= _TOWN]
    if context.countries:
        beside = [e for e in known if context.is_near(_at(e))]
        least = _FAMOUS if context.main_country else KNOWN_WORLDWIDE
        written = {plain(n) for n in spellings(name)}
        return beside or [e for e in own if e.population >= least and plain(e.name) in written]
    large = [e for e in known if e.kind != "settlement" or e.source != "geonames" or e.population >= _WELL_KNOWN]
    return large or [e for e in entries if e.population >= KNOWN_WORLDWIDE]


def _may_be(entry: Entry, context: PlaceContext) -> bool:
    """Outside the country that an article is about, only a known place is meant, and by its own name."""
    weight = context.weight(entry.country_code)
    if weight < _LIKELY:
        return False
    if entry.country_code == context.countries[0]:
        return True
    if not entry.primary:
        return weight >= _AGREED and entry.population >= _TOWN
    known = entry.kind != "settlement" or entry.population >= _WELL_KNOWN
    return known or weight >= _AGREED or context.main_country is None or context.is_near(_at(entry))


def _at(entry: Entry) -> Point:
    return entry.latitude, entry.longitude


def _score(entry: Entry, context: PlaceContext) -> float:
    """How likely a candidate is: by its country and province in the article, and by its size."""
    told = context.weight(entry.country_code)
    if (entry.country_code, entry.admin1) in context.admin1:
        told += 0.4
    return told * (1.0 if entry.primary else 0.4) * (1 + log10(1 + entry.population / 1000))


def _in_a_town_named(entry: Entry, context: PlaceContext) -> bool:
    """Near a large town that the article names; or itself a known town of the main country, whose district is meant."""
    at = (entry.latitude, entry.longitude)
    if any(distance_km(town, at) <= _WITHIN_CITY_KM for town in context.towns):
        return True
    return entry.country_code in context.countries[:1] and entry.population >= _WELL_KNOWN


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
        if first < FAR_LARGER * max(second, 500):
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
