"""Ranks all places that an article names as the place of one incident, by weights fitted on coded articles."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tasks.extract.context import is_prospect
from tasks.extract.context_phrases import first_phrase
from tasks.extract.gazetteer import Gazetteer
from tasks.extract.gazetteer_fold import fold
from tasks.extract.place_words import core_name, grammar, is_near, place_words
from tasks.extract.places_choose import choose_place, is_held_by, is_where_it_was_said, says_where, score_place
from tasks.extract.spans import PlaceExpression
from tasks.extract.tellings import NONE, Features, Standing, Tellings, anchors_of, lead_of, weights_of, worth

if TYPE_CHECKING:
    from tasks.extract.join import Incident
    from tasks.extract.reports import Report, Sentence

_OPENING: Final = 20  # characters from the start of a sentence within which a place opens it: "In northern X, …"
_AFTER: Final = 3  # sentences after the lead that may still say where
_MOST: Final = 5.0  # points of a tie to the act above which more makes no difference
_TOWN: Final = 5
_PROVINCE_OR_TOWN: Final = 4
_REGION: Final = 2
_TOWN_PEOPLE: Final = 5_000  # people of a town that a name stands for
_LAND: Final = 3
_SURE: Final = 1.5
_WHERE: Final = frozenset({"preposition", "typed", "attack_on", "attack_object", "object", "modifier"})
_DEICTIC: Final = frozenset({"the", "this", "same", "that"})
_THERE: Final = frozenset({4, 5, 6})  # "four soldiers were wounded there"
_DEICTIC_RANKS: Final = {
    noun: ranks
    for nouns, ranks in {
        "city citys capital": (4, 5),
        "town village community township": (4, 5),
        "neighborhood neighbourhood suburb quarter camp": (5, 6),
        "district area": (3, 5, 6),
        "province region island governorate": (1, 2, 3),
    }.items()
    for noun in nouns.split()
}


@dataclass(frozen=True, slots=True)
class PlaceCandidate:
    """A place expression as the place of an incident: where it stands, and what speaks for and against it."""

    place: PlaceExpression
    sentence: Sentence
    own: bool  # stands in a sentence that tells of the incident
    features: Features


def best_place_of(incident: Incident, told: Tellings) -> PlaceCandidate | None:
    """The place of an incident; None where none is likelier than that the text names none. The earlier one on a tie."""
    weights = weights_of("place_rank")
    best, most = None, weights[NONE]
    found = list(place_candidates(incident, told))
    listed = [r.place for r in incident.reports if r.one_of_each]
    found = [c for c in found if c.place in listed] if listed else found
    for candidate in found:
        value = worth(candidate.features, weights)
        if value > most:
            best, most = candidate, value
    best = _named_by_bearing(best, found) or best
    return _at_its_heading(_where_it_was(best, incident, told) or best, incident, told)


def _where_it_was(best: PlaceCandidate | None, incident: Incident, told: Tellings) -> PlaceCandidate | None:
    """The finer place of one of the next sentences that tells the act again: "The attack took place in X", "They raided X"."""
    lead = lead_of(incident)
    own, more = {id(r.sentence) for r in incident.reports}, {id(d) for d in incident.details}
    vague = _is_vague(lead.sentence)
    opens = told.first is lead.sentence
    here = {id(incident)}
    elsewhere: dict[str, set[int]] = told.remembered("elsewhere", lambda: _who_tells_of(told))
    for sentence in told.between(lead.order + 1, lead.order + _AFTER):
        if sentence.field != lead.sentence.field:
            continue
        if id(sentence) not in own and (told.tellers(sentence) or (sentence.figures and id(sentence) not in more)):
            break
        if not sentence.places or id(sentence) in own:
            continue
        place = says_where(sentence.doc[:], sentence.places)
        if place is not None and (
            best is None or place.rank > best.place.rank or not best.own or _only_near(best, place)
        ):
            return PlaceCandidate(place, sentence, own=False, features={})
        if first_phrase(sentence.doc, "separate", "strong"):
            break
        if sentence.label is not lead.sentence.label or sentence.day_head is not lead.sentence.day_head:
            break
        place = _told_again(best, sentence, vague=vague) if opens or vague else None
        if (
            place is not None
            and best is not None
            and elsewhere.get(_key(place), here) <= here
            and _may_lie_in(place, best.place)
        ):
            return PlaceCandidate(place, sentence, own=False, features={})
    return None


def _told_again(best: PlaceCandidate | None, sentence: Sentence, *, vague: bool) -> PlaceExpression | None:
    """The place where a sentence without a count says that they did it, where the lead names only the land around."""
    if best is None or not best.own or is_prospect(sentence.doc):
        return None
    if best.place.rank > (_PROVINCE_OR_TOWN if vague or _is_called_region(best) else _REGION):
        return None
    doc = sentence.doc
    words = place_words()
    arrivals = grammar("arrivals")
    verbs = words.cause_verbs | words.attack_verbs | arrivals | {"stop", "intercept"}
    acts = [
        t
        for t in doc
        if t.pos_ == "VERB" and t.lemma_.lower() in verbs and t.tag_ in ("VBD", "VBN") and t.dep_ != "relcl"
    ]
    if not acts:
        return None
    towns = [
        p for p in sentence.places if p.rank >= _TOWN or (p.rank >= _LAND and p.rule == "typed" and p.kind != "country")
    ]
    act = acts[0]
    if act.lemma_.lower() in arrivals and (reached := next((p for p in towns if is_held_by(doc, p, act)), None)):
        return reached
    found = choose_place(doc[:], act, [p for p in towns if p.rule in _WHERE])
    return None if found is None or score_place(doc[:], act, found) < _SURE else found


def _is_called_region(best: PlaceCandidate) -> bool:
    """Whether the text itself calls the place a province or the like: "in Borno state"."""
    after = best.sentence.doc.text[best.place.end :].split(None, 1)
    return bool(after) and after[0].strip(",.;:'’").lower() in place_words().region


def _may_lie_in(place: PlaceExpression, land: PlaceExpression) -> bool:
    """Whether a place may lie in a province: not where the gazetteer knows a town of its name in another one of the country."""
    gazetteer = Gazetteer.load()
    lands = {
        (e.country_code, e.admin1) for e in gazetteer.find(core_name(land.name))[1] if e.primary and e.kind == "region"
    }
    countries = {country for country, _ in lands}
    found = [e for e in gazetteer.find(core_name(place.name))[1] if e.country_code in countries]
    elsewhere = any(e.population >= _TOWN_PEOPLE for e in found)
    return not elsewhere or any((e.country_code, e.admin1) in lands for e in found)


def _only_near(best: PlaceCandidate, place: PlaceExpression) -> bool:
    """Whether the lead names only what the place is near: "near Ramallah", then "in the village of Burqa"."""
    return is_near(best.place.relation) and place.relation is None and place.rank >= best.place.rank


def _is_vague(sentence: Sentence) -> bool:
    """Whether the lead leaves open which place it was: "an attack on a village in X"."""
    words, w = sentence.doc.lower, place_words()
    return any(
        a in ("a", "an", "two", "three") and not {b, c}.isdisjoint(w.settlement | w.site | w.part)
        for a, b, c in zip(words, words[1:], [*words[2:], ""], strict=False)
    )


def _at_its_heading(best: PlaceCandidate | None, incident: Incident, told: Tellings) -> PlaceCandidate | None:
    """The place that heads the incident's item, unless the item itself names another."""
    sentence = lead_of(incident).sentence
    label = sentence.label
    if label is None:
        return best
    heads: set[str] = told.remembered(
        "heads", lambda: {_key_of(s.label.name) for s in told.sentences if s.label is not None}
    )
    key = _key(best.place) if best is not None else ""
    if best is not None and best.sentence.label is label and (key not in heads or key == _key_of(label.name)):
        return best
    place = PlaceExpression(
        0, label.end - label.start, label.name, None, label.within, "place", "heading", label.others
    )
    return PlaceCandidate(place, replace(sentence, offset=label.start, text=label.name), own=False, features={})


def _named_by_bearing(best: PlaceCandidate | None, found: Sequence[PlaceCandidate]) -> PlaceCandidate | None:
    """The village itself, where one sentence tells only "north of X" and another of the incident "the village of Y, north of X"."""
    if best is None or not _is_bearing(best.place):
        return None
    for before, candidate in itertools.pairwise(found):
        if (
            candidate.own
            and candidate.sentence is before.sentence is not best.sentence
            and candidate.place.rule == "reference"
            and _key(candidate.place) == _key(best.place)
        ):
            return before
    return None


def place_candidates(incident: Incident, told: Tellings) -> Iterator[PlaceCandidate]:
    """Every place that may be an incident's: those of its own sentences, of those before it, of headline and lead."""
    named = told.remembered("named", lambda: Counter(_key(p) for s in told.sentences for p in s.places))
    standings = [s for s in told.around(incident) if s.sentence.places and not _looks_ahead(s)]
    ties = [_ties_of(s, incident, told) for s in standings]
    own = [(p, tie) for s, tied in zip(standings, ties, strict=True) if s.own for p, tie, _ in tied]
    best_own = max((1 + p.rank for p, tie in own if tie > 0), default=0)
    tellers: Counter[str] = told.remembered("tellers of places", lambda: _tellers_of_places(told))
    told_here = _told_first(incident)
    own_places = _Own.of([p for p, _ in own])
    lead = lead_of(incident)
    wanted = _deixis(lead.sentence)
    nearest = _nearest_back(standings, wanted)
    for s, tied in zip(standings, ties, strict=True):
        for place, tie, picked in tied:
            f = _of_place(place, own_places, named) | _of_tie(tie, s, picked=picked)
            f[f"in_{s.where}"] = 1.0
            by_speaker = any(x.start <= place.start < x.end for x in s.sentence.sources)
            f["spoken"] = float(by_speaker or is_where_it_was_said(s.sentence.doc, place))
            if s.own:
                f |= _of_own_sentence(place, tie, s, tied, incident)
            else:
                f["deictic_nearest"] = float(place is nearest)
                f |= _of_others_sentence(place, s, best_own, several=told.several)
                key = _key(place)
                f["others_place"] = float(tellers[key] > (key in told_here))
                f["separate"] = float(lead.separate == 2)
                f["told_elsewhere"] = float(bool(told.tellers(s.sentence)))
                f["deictic_fits"] = float(place.rank in wanted)
                f["deictic_misfit"] = float(bool(wanted) and place.rank not in wanted)
                f["same_act"] = float(_same_act(s, incident))
            yield PlaceCandidate(place, s.sentence, s.own, {k: v for k, v in f.items() if v})


def _key(place: PlaceExpression) -> str:
    return _key_of(place.name)


@lru_cache(maxsize=4096)
def _key_of(name: str) -> str:
    return fold(core_name(name))


def _ties_of(standing: Standing, incident: Incident, told: Tellings) -> list[tuple[PlaceExpression, float, bool]]:
    """The ties of a sentence; those of a sentence that tells of another incident or of none are worked out once."""
    sentence = standing.sentence
    if standing.own:
        return _ties(sentence, [r for i, r in told.tellers(sentence) if i is incident])
    ties: list[tuple[PlaceExpression, float, bool]] = told.remembered(id(sentence), lambda: _ties(sentence, []))
    return ties


def _ties(sentence: Sentence, reports: Sequence[Report]) -> list[tuple[PlaceExpression, float, bool]]:
    """How closely a sentence ties each of its places to the act that its reports tell, and whether its own grammar picks it."""
    span, doc = sentence.doc[:], sentence.doc
    anchors = anchors_of(sentence, reports)
    picked = {r.place.start for r in reports if r.place is not None}
    if not picked:
        found = (choose_place(span, doc[a], sentence.places) for a in anchors[:2])
        picked = {p.start for p in found if p is not None}
    return [
        (p, max((score_place(span, doc[a], p) for a in anchors), default=0.0), p.start in picked)
        for p in sentence.places
    ]


def _deixis(sentence: Sentence) -> frozenset[int]:
    """The ranks of the place named before to which a sentence points: "the town", "the same village"."""
    words = sentence.doc.lower
    if "there" in words and any(t.lower_ == "there" and t.tag_ == "RB" for t in sentence.doc.tokens):
        return _THERE
    return frozenset(
        rank
        for a, b, c in zip(words, words[1:], [*words[2:], ""], strict=False)
        if a in _DEICTIC and c != "of"
        for rank in _DEICTIC_RANKS.get(b, ())
    )


def _looks_ahead(standing: Standing) -> bool:
    """Whether a sentence after the incident speaks of what may come, elsewhere."""
    return standing.where.startswith("after") and is_prospect(standing.sentence.doc)


def _same_act(standing: Standing, incident: Incident) -> bool:
    return any(c.type == incident.type and c.strength >= 2 for c in standing.sentence.cues)


def _nearest_back(standings: Sequence[Standing], wanted: frozenset[int]) -> PlaceExpression | None:
    """The last place named before the lead that "the town" of the lead may stand for."""
    if not wanted:
        return None
    back = [s for s in standings if not s.own and s.gap > 0 and s.sentence.field != "title"]
    return next((p for s in reversed(back) for p in reversed(s.sentence.places) if p.rank in wanted), None)


def _is_bearing(place: PlaceExpression) -> bool:
    """Whether only the direction from the place is told: "south of X"."""
    return place.relation is not None and place.relation.endswith(" of")


@dataclass(frozen=True, slots=True)
class _Own:
    """The places of an incident's own sentences: how often each name, what they are told to lie in, and which they are."""

    names: Counter[str]
    within: frozenset[str]
    ids: frozenset[int]

    @classmethod
    def of(cls, places: Sequence[PlaceExpression]) -> _Own:
        within = frozenset(_key_of(name) for p in places for name in p.within)
        return cls(Counter(map(_key, places)), within, frozenset(map(id, places)))

    def name_of_another(self, key: str, place: PlaceExpression) -> bool:
        """Whether one of them, other than this one, has that name."""
        return self.names[key] > (id(place) in self.ids and key == _key(place))


def _told_first(incident: Incident) -> set[str]:
    """The places of the reports that an incident begins with."""
    return {_key(r.place) for r in incident.reports[:2] if r.place}


def _who_tells_of(told: Tellings) -> dict[str, set[int]]:
    """The incidents that play at each place."""
    found: dict[str, set[int]] = {}
    for incident in told.incidents:
        for place in (r.place for r in incident.reports if r.place):
            found.setdefault(_key(place), set()).add(id(incident))
    return found


def _tellers_of_places(told: Tellings) -> Counter[str]:
    """How many incidents begin with each place."""
    return Counter(key for incident in told.incidents for key in _told_first(incident))


def _of_place(place: PlaceExpression, of_own: _Own, named: Counter[str]) -> Features:
    inside = set(map(_key_of, place.within))
    return {
        "rank": place.rank / 6,
        "country": float(place.kind == "country"),
        "region": float(place.kind == "region"),
        f"rule_{place.rule}": 1.0,
        "relation": float(place.relation is not None),
        "bearing": float(_is_bearing(place)),
        "care_site": float(place.name.lower().endswith(("hospital", "clinic", "morgue"))),
        "chained": float(bool(place.within)),
        "around_own": float(_key(place) in of_own.within),
        "inside_own": float(any(of_own.name_of_another(key, place) for key in inside)),
        "named_again": math.log(named[_key(place)]),
    }


def _of_tie(tie: float, standing: Standing, *, picked: bool) -> Features:
    side = "own" if standing.own else "other"
    return {
        f"{side}_tie": min(max(tie, 0.0), _MOST) / _MOST,
        f"{side}_untied": max(min(tie, 0.0), -_MOST) / _MOST,
        f"{side}_loose": float(tie <= 0),
        f"{side}_picked": float(picked),
    }


def _of_own_sentence(
    place: PlaceExpression,
    tie: float,
    standing: Standing,
    tied: Sequence[tuple[PlaceExpression, float, bool]],
    incident: Incident,
) -> Features:
    f = {"own_rank": place.rank / 6, f"own_rank_{place.rank}": 1.0}
    if standing.where != "lead":
        f["own_same_act"] = float(_same_act(standing, incident))
    chosen = next((p for p, _, picked in tied if picked), None)
    if chosen is None:
        return f
    if chosen is not place:
        finer = tie > 0 and place.rank > chosen.rank
        return f | {"finer_than_picked": float(finer), "finer_than_opening": float(finer and chosen.start < _OPENING)}
    finer = any(t > 0 and p.rank > place.rank and p.rule != "reference" for p, t, _ in tied)
    return f | {"picked_beside_finer": float(finer), "opening_beside_finer": float(finer and place.start < _OPENING)}


def _of_others_sentence(place: PlaceExpression, standing: Standing, best_own: int, *, several: bool) -> Features:
    own = "none" if best_own == 0 else "wide" if best_own <= 4 else "town" if best_own == 5 else "fine"
    return {
        f"in_{standing.where}_of_several": float(several),
        f"own_has_{own}": 1.0,
        "other_rank": place.rank / 6,
        f"finer_than_{own}": float(1 + place.rank > best_own),
    }
