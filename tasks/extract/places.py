"""Finds the places that a passage names as places: by their names, by the grammar around them, or both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tasks.extract.gazetteer import Entry, Gazetteer, demonyms
from tasks.extract.gazetteer_fold import plain
from tasks.extract.place_context import Right, read_left, read_right
from tasks.extract.place_pieces import cut_run
from tasks.extract.place_rules import LARGE_PEOPLE, Candidate, names_attack, which_rule
from tasks.extract.place_runs import Run, find_runs, is_headline
from tasks.extract.place_words import grammar, place_words
from tasks.extract.spans import PlaceExpression

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc

_SHORT_GAP: Final = 6  # tokens
_REFERENCE_GAP: Final = 9
_OPENING_WORDS: Final = 4  # before the country in "Meanwhile in neighbouring Niger, …"
_SETTLEMENT: Final = 5
_SETTLED: Final = (4, 5)
_DISTRICT_OF_VILLAGES: Final = 3
_WHERE: Final = frozenset({"preposition", "typed", "attack_on", "attack_object"})


def find_places(
    doc: Doc, gazetteer: Gazetteer | None = None, *, exclude: Sequence[tuple[int, int]] = ()
) -> list[PlaceExpression]:
    """The places named in a passage, from left to right, with relation and chain.

    Governments called by their capital, nationalities, organisations, people and publishers are left out.

    Args:
        doc: a passage (title or paragraph), tagged and parsed.
        gazetteer: where names are looked up; default: the one of the package.
        exclude: character spans [start, end) known to be something else, such as actors and sources.
    """
    gazetteer = gazetteer or Gazetteer.load()
    headline = is_headline(doc)
    runs = [r for r in find_runs(doc, headline=headline) if not _excluded(doc, r, exclude)]
    ends = {r.end: r.start for r in runs}
    accepted: list[Candidate] = []
    for run in runs:
        for candidate in _candidates(doc, run, ends, gazetteer, headline=headline):
            candidate.named_event = names_attack(doc, candidate)
            candidate.rule = which_rule(doc, candidate, accepted, headline=headline)
            ends[candidate.end] = candidate.start
            if candidate.rule:
                accepted.append(candidate)
    found = _mark_references(doc, [_express(doc, c) for c in accepted], accepted)
    return _within_opening(doc, _lower_districts(_link(doc, found, accepted), accepted))


def _excluded(doc: Doc, run: Run, exclude: Sequence[tuple[int, int]]) -> bool:
    final = doc.tokens[run.end - 1]
    first, last = doc.tokens[run.start].idx, final.idx + len(final.text)
    return any(a < last and first < b for a, b in exclude)


# --- candidates ------------------------------------------------------------------------------------------------------


def _candidates(doc: Doc, run: Run, ends: dict[int, int], gazetteer: Gazetteer, *, headline: bool) -> list[Candidate]:
    """The names in a run: one as a rule; more where a text without commas runs places together."""
    found = []
    for piece in cut_run(doc, run, gazetteer, headline=headline):
        left = read_left(doc, piece.start, ends)
        right = read_right(doc, piece.end)
        name = " ".join(piece.words)
        country, entries = gazetteer.find(name)
        if _types_what_follows(doc, right, entries, gazetteer):
            right = Right()
        found.append(Candidate(piece, left, right, name, entries, country, "", piece.start, piece.end))
    return found


def _types_what_follows(doc: Doc, right: Right, entries: Sequence[Entry], gazetteer: Gazetteer) -> bool:
    """Whether a town is followed by what a smaller name after it is: "the Mosul district of Zanjili"."""
    if "part" not in right.kinds or doc[right.end : right.end + 1].text != "of":
        return False
    after = next((r for r in find_runs(doc[right.end + 1 : right.end + 6].as_doc(), headline=False)), None)
    if after is None or not any(e.primary and e.population >= LARGE_PEOPLE for e in entries):
        return False
    country, larger = gazetteer.find(" ".join(after.words))
    return country is None and not any(e.kind == "region" or e.population >= LARGE_PEOPLE for e in larger)


# --- from candidate to expression ------------------------------------------------------------------------------------


def _express(doc: Doc, c: Candidate) -> PlaceExpression:
    start, end, name = c.start, c.end, " ".join(c.run.words)
    w = place_words()
    region_named = any(e.kind == "region" and e.primary for e in c.entries)
    if _keeps_type(c, region_named=region_named):
        end = c.right.end
        name = f"{name} {doc[c.end : end].text}"
    elif not c.right.words and (c.left.type_word in w.area or (c.left.type_word in w.region and region_named)):
        name = f"{name} {c.left.type_word}"
    if c.left.direction and c.left.direction_start == c.start - 1:
        start = c.left.direction_start
        name = f"{doc[start].text} {name}"
    elif c.start > 0 and doc[c.start - 1].text.lower() == "rural":
        start, name = c.start - 1, f"{doc[c.start - 1].text} {name}"
    kind, rank = _kind_and_rank(c, name)
    first, last = doc[start], doc[end - 1]
    relation = c.left.relation
    if c.rule == "movement":
        relation = c.left.word
    return PlaceExpression(first.idx, last.idx + len(last), name, relation, (), kind, c.rule, (), rank)


def _keeps_type(c: Candidate, *, region_named: bool) -> bool:
    """Whether the type word belongs to the name: not in "Hajin town", nor in "an Aleppo hospital"."""
    if not c.right.words or c.right.words[-1] in ("state", "division"):
        return False
    kinds = c.right.kinds
    if kinds & {"region", "area"} and c.country is None:
        return True
    if c.country is not None:
        return False
    if kinds & {"settlement"}:
        return region_named
    big = region_named or any(e.population >= LARGE_PEOPLE and e.primary for e in c.entries)
    return not big or (c.right.words[-1] in grammar("unique_sites") and not c.left.indefinite)


def _kind_and_rank(c: Candidate, name: str) -> tuple[str, int]:
    w = place_words()
    words = name.lower().split()
    has_direction = words[0] in w.directions | w.rural and len(words) > 1 and name != " ".join(c.run.words)
    kinds = c.right.kinds if len(words) > len(c.run.words) else frozenset()
    if c.country is not None:
        return ("region", 1) if has_direction else ("country", 0)
    regions, areas, towns = (
        [e for e in c.entries if e.kind == k and e.primary] for k in ("region", "area", "settlement")
    )
    if has_direction and not (towns or kinds or c.left.type_word):
        return "region", _DISTRICT_OF_VILLAGES
    if kinds & {"region"} or (c.left.type_word in w.region and (regions or not towns)):
        return "region", 2
    if kinds & {"area"} or c.left.type_word in w.area or (has_direction and (regions or areas) and not kinds):
        return "region", 3
    if set(c.right.words) & {"river", "lake"}:
        return "place", 3
    loose = set(c.right.words) & {"area", "areas", "outskirts", "zone", "sector"} and towns
    if kinds & {"part", "site"} and not loose:
        return "place", 4 if c.right.words[-1] in w.small_sites else 6
    if regions and not towns and not c.left.indefinite and set(c.right.words) & grammar("quarters"):
        return "place", 6  # a quarter that bears the name of a province elsewhere
    if c.left.type_word in w.part - {"area", "areas", "outskirts"} and not regions and not towns:
        return "place", 6
    if any(e.source == "conflict_ledger" for e in areas) or (areas and not towns):
        return "region", 3
    if regions:
        return ("place", 4) if towns or c.left.type_word in w.settlement else ("region", 2)
    return "place", 5


def _mark_references(doc: Doc, places: list[PlaceExpression], candidates: Sequence[Candidate]) -> list[PlaceExpression]:
    """In "Tikrit, 150 km north of Baghdad" Baghdad only says where Tikrit is."""
    marked = list(places)
    for i in range(1, len(places)):
        before, c = candidates[i - 1], candidates[i]
        if places[i].relation is None or places[i].rule == "movement" or places[i - 1].rank < _SETTLED[0]:
            continue
        between = doc[max(before.end, before.right.end) : max(c.left.index, 0)]
        if len(between) <= _REFERENCE_GAP and all(
            t.like_num or t.is_punct or t.lower_ in grammar("before_distances") for t in between
        ):
            marked[i] = replace(places[i], rule="reference")
    return marked


def _link(doc: Doc, places: list[PlaceExpression], candidates: Sequence[Candidate]) -> list[PlaceExpression]:
    """Chain neighbours: "Inkhil in Daraa province", "Hajin, Syria", "Syria's Idlib"."""
    linked = list(places)
    for i in range(len(places) - 1, -1, -1):
        place, c = linked[i], candidates[i]
        settled = place.rank in _SETTLED or (place.rank == _DISTRICT_OF_VILLAGES and bool(c.right.words))
        if (
            i + 1 < len(places)
            and settled
            and (_is_district_around(doc, c, candidates[i + 1]) or _is_town_around(doc, c, candidates[i + 1]))
        ):
            linked[i + 1] = replace(linked[i + 1], rank=min(place.rank, _DISTRICT_OF_VILLAGES + 1) - 1)
        if i + 1 < len(places) and 0 < place.rank <= linked[i + 1].rank and _in_brackets(doc, c, candidates[i + 1]):
            linked[i + 1] = replace(linked[i + 1], rank=place.rank - 1)
        if (
            i + 1 < len(places)
            and _continues(doc, candidates[i], candidates[i + 1])
            and (linked[i + 1].rank < place.rank or _is_part_of_province(c, candidates[i + 1]))
        ):
            after = linked[i + 1]
            linked[i] = replace(place, within=(after.name, *after.within))
            if after.rank >= place.rank:  # "Guma LGA, Benue"
                linked[i + 1] = replace(after, rank=max(place.rank - 1, 0))
        owner = next(
            (
                j
                for j in range(i)
                if candidates[j].end in (c.left.owner_end, c.left.owner_end - 1)
                or candidates[j].right.end == c.left.owner_end > 0
            ),
            None,
        )
        if owner is None and i and candidates[i - 1].run.possessor and c.start - candidates[i - 1].end <= 5:
            owner = i - 1
        at_once = owner is not None and c.start - candidates[owner].end <= 1 and place.rank == _SETTLEMENT
        if owner is not None and (at_once or _holds(linked[owner], place)) and not linked[i].within:
            linked[i] = replace(linked[i], within=(linked[owner].name,))
        if c.left.nation and not linked[i].within:
            linked[i] = replace(linked[i], within=(_country_name(c.left.nation),))
    return linked


def _within_opening(doc: Doc, places: list[PlaceExpression]) -> list[PlaceExpression]:
    """Places lie in the country that their sentence opens with: "In neighbouring Niger, 14 soldiers died in an ambush in X"."""
    if len(places) < 2 or places[0].kind != "country" or doc.text[places[0].end : places[0].end + 1] != ",":
        return places
    lead = doc.text[: places[0].start].lower().split()
    if "in" not in lead or len(lead) > _OPENING_WORDS:
        return places
    return [
        replace(p, within=(places[0].name,)) if p.rule in _WHERE and p.kind != "country" and not p.within else p
        for p in places
    ]


def _lower_districts(places: list[PlaceExpression], candidates: Sequence[Candidate]) -> list[PlaceExpression]:
    """Districts beside a village or a name that nobody knows are land around it, not quarters of a town."""
    at = grammar("districts_only")
    districts = {
        n
        for n, c in enumerate(candidates)
        if places[n].rank == 6 and (c.left.type_word in at or (c.right.words and c.right.words[-1] in at))
    }
    if not districts or len(places) == len(districts):
        return places
    small = any(
        p.rank == _SETTLEMENT and p.rule in _WHERE and all(e.population < LARGE_PEOPLE for e in c.entries)
        for n, (p, c) in enumerate(zip(places, candidates, strict=True))
        if n not in districts
    )
    if not small or any(any(e.population >= LARGE_PEOPLE for e in c.entries) for c in candidates):
        return places
    return [replace(p, rank=_SETTLED[0]) if n in districts else p for n, p in enumerate(places)]


def _is_part_of_province(a: Candidate, b: Candidate) -> bool:
    """Whether a is called a lesser unit and b is a province: "Masisi territory of North Kivu"."""
    lesser = bool(a.right.words) and a.right.words[-1] in grammar("lesser_units")
    return lesser and any(e.kind == "region" and e.primary for e in b.entries)


def _in_brackets(doc: Doc, a: Candidate, b: Candidate) -> bool:
    """Whether b alone stands in brackets after a: "the town of X (Y zone)"."""
    opening, closing = max(a.end, a.right.end), max(b.end, b.right.end)
    return opening + 1 == b.start and doc[opening].text == "(" and closing < len(doc) and doc[closing].text == ")"


def _is_district_around(doc: Doc, a: Candidate, b: Candidate) -> bool:
    """Whether b is the district that the village a lies in: "Ali Sher village in the Bak district"; towns have districts inside."""
    around = b.right.words[-1] if b.right.words else b.left.type_word
    if around not in grammar("districts_of_villages"):
        return False
    village = a.right.kinds == {"settlement"} or a.left.type_word in place_words().settlement
    if (any(e.population >= LARGE_PEOPLE for e in a.entries) and not village) or not _continues(doc, a, b):
        return False
    between = doc.lower[max(a.end, a.right.end) : b.start]
    return bool(between) and ("in" in between or "of" in between or between == [","])


def _is_town_around(doc: Doc, a: Candidate, b: Candidate) -> bool:
    """Whether b is told as the town that the quarter or hamlet a lies in: "colonia Obrera, in the city of Reynosa"."""
    if b.left.type_word not in grammar("towns_around") or b.left.relation is not None or not _continues(doc, a, b):
        return False
    between = doc.lower[max(a.end, a.right.end) : b.start]
    return between[:1] == ["in"] or between[:2] == [",", "in"]


def _holds(owner: PlaceExpression, place: PlaceExpression) -> bool:
    """Whether an owner is the larger place; towns own areas, which may rank with settlements: "Peshawar's Kocha Risaldar area"."""
    return owner.rank < place.rank or (owner.rank == place.rank and len(place.name.split()) > len(owner.name.split()))


def _country_name(code: str) -> str:
    from tasks.extract.gazetteer import display_country

    return display_country(code) or code


def _continues(doc: Doc, a: Candidate, b: Candidate) -> bool:
    """Whether b's name follows a's as the larger place around it."""
    between = [t.text.lower() for t in doc[max(a.end, a.right.end) : b.start]]
    if len(between) > _SHORT_GAP or b.left.relation is not None:
        return False
    w = place_words()
    links = (
        {"in", ",", "of", "the", "(", "at", "within", "province", "near"}
        | w.directions
        | w.types
        | {"-", "held", "rebel", "rural", "central"}
    )
    if b.left.kind == "adjacent" or not between:
        return True
    return all(t in links or plain(t) in demonyms() or "-" in t or t.endswith("held") for t in between)
