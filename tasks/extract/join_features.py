"""Turns a report and an incident told before it into the clues that speak for or against their being one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tasks.extract.actors import family_of, is_named, is_state
from tasks.extract.cues import anaphor_fits, compatible_types
from tasks.extract.gazetteer_fold import fold
from tasks.extract.join_contrast import compare_contrast
from tasks.extract.join_own import opens_with_anaphor
from tasks.extract.join_setting import compare_setting, setting_of
from tasks.extract.join_words import compare_words
from tasks.extract.perpetrator_open import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tasks.extract.counts import Count
    from tasks.extract.join import Incident
    from tasks.extract.reports import Report
    from tasks.extract.spans import PlaceExpression

_FIRM_TOTAL: Final = 10  # a sum that is no chance
_MANY_MORE: Final = 3
_SMALL: Final = 5
_NEARLY: Final = 0.15
_FAR: Final = 10
_OUTCOMES: Final = ("killed", "injured", "abducted")


def same_place(a: PlaceExpression, b: PlaceExpression) -> bool:
    """Whether two expressions name one place, spelling aside."""
    x, y = fold(a.name), fold(b.name)
    return x == y or (len(x) > 4 and len(y) > 4 and (x.startswith(y) or y.startswith(x)))


def place_relation(a: PlaceExpression, b: PlaceExpression) -> str:
    """How two places stand to each other: the same, one inside the other, apart …; "" where nothing can be said."""
    if same_place(a, b):
        return "same place" if a.kind == "place" else "same region"
    if any(fold(b.name) == fold(w) or fold(b.name) in fold(w) for w in a.within) or any(
        fold(a.name) == fold(w) or fold(a.name) in fold(w) for w in b.within
    ):
        return "one place inside the other"
    if a.rank != b.rank and a.kind == b.kind == "place":
        return "town and what may be its part" if min(a.rank, b.rank) == 4 else "a place that may lie in the other"
    if a.kind != b.kind or "country" in (a.kind, b.kind):
        return "a place and a region"
    return "different places"


_PLACE_ORDER: Final = (
    "same place",
    "same region",
    "one place inside the other",
    "town and what may be its part",
    "a place and a region",
    "a place that may lie in the other",
    "different places",
)


def count_relation(a: Count, b: Count) -> str:
    """How two counts of one outcome stand to each other; "" where one is not known."""
    if not a.known or not b.known:
        return ""
    if a.min == b.min or (a.max is not None and a.max == b.max):
        if a.vague and b.vague:
            return "same vague number"
        value = a.min if a.min is not None else a.max
        return "same number" if value is not None and value > 2 and value not in (24, 200) else "same small number"
    low_a, high_a = a.min or 0, a.max if a.max is not None else 1 << 30
    low_b, high_b = b.min or 0, b.max if b.max is not None else 1 << 30
    if low_a <= high_b and low_b <= high_a:
        return "compatible numbers"
    return "more" if low_a > low_b else "fewer"


def _closeness(a: Count, b: Count) -> list[str]:
    """What two numbers say together beyond their relation: the same large one is no chance, nearly the same one is another report's."""
    if not a.min or not b.min or a.vague or b.vague:
        return []
    low, high = sorted((a.min, b.min))
    if low == high:
        return ["same large number"] if low >= _FIRM_TOTAL else []
    return ["numbers near one another"] if high > _SMALL and high - low <= max(2, _NEARLY * high) else []


def _groups(reports: Iterable[Report], outcome: str) -> set[str]:
    return {f.group for r in reports for f in r.figures if f.group and f.outcome == outcome and f.role == "count"}


def _sides(reports: Iterable[Report], outcome: str) -> set[str]:
    return {f.side for r in reports for f in r.figures if f.side and f.outcome == outcome and f.role == "count"}


def clues_of(report: Report, incident: Incident, last: Incident, own: dict[str, float]) -> dict[str, float]:
    """The clues of a report and an incident; `own` are those of the report alone, `last` the incident told last."""
    clues = dict(own)
    known = incident.known
    _compare_counts(report, incident, clues)
    _compare_places(report, known, clues)
    _compare_days(report, known, clues)
    _compare_acts(report, incident, clues)
    _compare_actors(report, known, clues)
    compare_words(report, known, clues)
    compare_setting(report, known, clues, place_relation)
    _compare_totals(report, incident, clues)
    _distance(report, incident, last, clues)
    _cross(clues)
    _turn(report, clues)
    compare_contrast(report, incident, clues)
    return clues


def _compare_counts(report: Report, incident: Incident, clues: dict[str, float]) -> None:
    titles_only = all(r.is_title for r in incident.known)
    shared = False
    setting = setting_of(report)
    beside = setting.place is None and setting.date is None and report.order - incident.last_order <= 1
    for outcome in _OUTCOMES:
        mine, theirs = report.counts[outcome], incident.count(outcome)
        mine_sides, their_sides = _sides([report], outcome), _sides(incident.known, outcome)
        other_side = bool(mine_sides and their_sides) and mine_sides.isdisjoint(their_sides)
        relation = count_relation(mine, theirs)
        if relation:
            shared = True
        if beside and other_side and relation in ("more", "fewer"):
            relation = ""  # how many of its own a side lost says nothing of the other's dead
        if relation in ("more", "fewer"):
            relation = f"{relation} {outcome}"
            if (mine.min or 0) > _MANY_MORE * (theirs.min or 0) > 0:
                clues["many times more"] = 1.0
            if titles_only:
                relation = "not the headline's number"
            elif report.update or report.anaphor:
                relation = "another number of an update"
            elif "counts bodies" in clues:
                relation = "another number of bodies"
            elif report.sentence.sources and not (
                {s.name for s in report.sentence.sources} & {s.name for r in incident.known for s in r.sentence.sources}
            ):
                clues["another number of another source"] = 1.0
        if relation:
            clues[relation] = 1.0
        clues.update(dict.fromkeys(_closeness(mine, theirs), 1.0))
        ours, others = _groups([report], outcome), _groups(incident.known, outcome)
        if ours and others and ("combatant" in ours) != ("combatant" in others) and not (ours & others):
            clues[
                "other side in a clash" if "Armed clash" in (report.type, incident.type) else "other kind of victims"
            ] = 1.0
        if mine_sides and their_sides:
            clues["other side" if other_side else "same side"] = 1.0
    if {"same number", "same small number"} & clues.keys() and any(c.startswith(("more ", "fewer ")) for c in clues):
        clues["one number the same, another not"] = 1.0
    if not shared:
        for outcome in _OUTCOMES:
            if report.counts[outcome].known:
                clues[f"adds the {outcome}"] = 1.0
    if "adds the abducted" in clues and setting.place is not None and "adds the killed" not in clues:
        clues["abducted at a place"] = 1.0
    if "others" in clues and any(
        f.other and incident.count(f.outcome).known for f in report.figures if f.outcome in _OUTCOMES
    ):
        clues["'others' apart from those told"] = 1.0


def _compare_places(report: Report, known: list[Report], clues: dict[str, float]) -> None:
    places = [p for r in known if (p := setting_of(r).place) is not None]
    here = setting_of(report).place
    if here is None:
        clues["no place of its own" if places else "no place in either"] = 1.0
    elif not places:
        clues["a place where none was told"] = 1.0
    else:
        found = {place_relation(here, p) for p in places}
        clues[next(r for r in _PLACE_ORDER if r in found)] = 1.0


def _compare_days(report: Report, known: list[Report], clues: dict[str, float]) -> None:
    dates = [d for r in known if (d := setting_of(r).date) is not None]
    here = setting_of(report).date
    if here is None:
        if dates:
            clues["no day of its own"] = 1.0
    elif not dates:
        clues["a day where none was told"] = 1.0
    else:
        overlap = any(here.overlaps(d) for d in dates)
        clues["same day" if overlap else "different days"] = 1.0


def _compare_acts(report: Report, incident: Incident, clues: dict[str, float]) -> None:
    if report.anaphor:
        if anaphor_fits(report.anaphor, incident.type):
            clues["takes up the event"] = 1.0
            if opens_with_anaphor(report):
                clues["opens with the event"] = 1.0
        else:
            clues["takes up another event"] = 1.0
    types = {t for r in incident.known if (t := setting_of(r).type) is not None}
    mine = setting_of(report).type
    if mine is None:
        clues["no act of its own"] = 1.0
    elif not types:
        clues["an act where none was told"] = 1.0
    elif mine in types:
        clues["same kind of act"] = 1.0
    elif any(compatible_types(mine, t) for t in types):
        clues["kinds of act that go together"] = 1.0
    else:
        clues["other kind of act"] = 1.0


def _armed_actor(report: Report) -> str | None:
    """Who did it, where the words name an armed actor; "residents" and the like tell no incidents apart."""
    told = report.perpetrator
    return None if told is None or told.rule.startswith(PEOPLE) else told.canonical


def _compare_actors(report: Report, known: list[Report], clues: dict[str, float]) -> None:
    who = {actor for r in known if (actor := _armed_actor(r)) is not None}
    mine = _armed_actor(report)
    if mine is not None and who:
        if mine in who or family_of(mine) in {family_of(w) for w in who}:
            clues["same actor"] = 1.0
        elif is_named(mine) and any(is_named(w) for w in who):
            clues["other named actor"] = 1.0
        else:
            clues["an actor without a name"] = 1.0
        if is_state(mine) not in {is_state(w) for w in who}:
            clues["an actor of the other side"] = 1.0
    elif mine is not None:
        clues["an actor where none was told"] = 1.0
    names = {s.name for r in known for s in r.sentence.sources}
    if report.sentence.sources and names:
        clues["same source" if names & {s.name for s in report.sentence.sources} else "other source"] = 1.0


def _compare_totals(report: Report, incident: Incident, clues: dict[str, float]) -> None:
    parts = set[tuple[str, int]]().union(*(r.part_of for r in incident.known))
    for outcome in ("killed", "injured"):
        mine, theirs = report.counts[outcome].min, incident.count(outcome).min
        if theirs is not None and (outcome, theirs) in report.part_of:
            many = "many" if theirs >= _FIRM_TOTAL else "a few"
            clues[f"one of several that add up to {many} {outcome}"] = 1.0
        if mine is not None and (outcome, mine) in parts:
            clues["what several add up to"] = 1.0
    if parts & report.part_of:
        clues["another part of one total"] = 1.0


def _distance(report: Report, incident: Incident, last: Incident, clues: dict[str, float]) -> None:
    gap = report.order - incident.last_order
    clues["sentences between"] = min(max(gap, 0), _FAR) / _FAR
    if gap <= 0:
        clues["same sentence"] = 1.0
    elif gap == 1:
        clues["next sentence"] = 1.0
    elif gap <= 3:
        clues["two or three sentences on"] = 1.0
    elif gap > 8:
        clues["far on"] = 1.0
    if incident is last:
        clues["the incident told last"] = 1.0
        if gap == 1 and report.sentence.opens_paragraph is False:
            clues["goes on in the paragraph"] = 1.0
    titled = any(r.is_title for r in incident.known)
    if titled:
        clues["the headline's incident"] = 1.0
        if len(incident.known) == 1 and not report.is_title:
            clues["first after the headline"] = 1.0


# What the clues of one kind come to, for those that tell more together than each by itself.
_PLACE_KINDS: Final = {
    "same place": "same place",
    "same region": "same place",
    "one place inside the other": "finer place",
    "town and what may be its part": "finer place",
    "a place and a region": "finer place",
    "a place that may lie in the other": "other place",
    "different places": "other place",
    "a place where none was told": "new place",
    "no place of its own": "no place",
    "no place in either": "no place",
}
_NUMBER_KINDS: Final = {
    "same number": "same number",
    "same small number": "same number",
    "same vague number": "compatible numbers",
    "compatible numbers": "compatible numbers",
    "more killed": "more",
    "fewer killed": "fewer",
    "more injured": "more",
    "fewer injured": "fewer",
    "not the headline's number": "other number",
    "another number of an update": "other number",
    "another number of bodies": "other number",
    "adds the killed": "adds",
    "adds the injured": "adds",
    "adds the abducted": "adds",
}


def _cross(clues: dict[str, float]) -> None:
    """Weighs the place, the number and the distance by how much of a round-up the article is."""
    share = clues["many places"]
    place = next((_PLACE_KINDS[c] for c in clues if c in _PLACE_KINDS), "no place")
    number = next((_NUMBER_KINDS[c] for c in clues if c in _NUMBER_KINDS), "no number")
    if "the incident told last" not in clues:
        distance = "not the last"
    else:
        distance = "right after" if clues.keys() & {"next sentence", "same sentence"} else "later"
    for kind in (place, number, distance):
        clues[f"many places, {kind}"] = share


def _turn(report: Report, clues: dict[str, float]) -> None:
    """Weighs words of an update, of another event and of taking up by what they stand beside."""
    if "words of an update" in clues:
        if clues.keys() & {"different places", "a place that may lie in the other"}:
            clues["an update elsewhere"] = 1.0
        if "the headline's incident" in clues and "next sentence" not in clues:
            clues["an update of the headline's"] = 1.0
    if "different days" in clues:  # of the toll, of the flight to a hospital: not of the act
        for kind in ("words of an update", "in hospital", "people told of before", "parts of a total"):
            if kind in clues:
                clues[f"different days, {kind}"] = 1.0
    if report.separate == 2 and "next sentence" in clues:
        clues["another event, next sentence"] = 1.0
    if "takes up the event" in clues and "the incident told last" in clues:
        clues["takes up the incident told last"] = 1.0


def article_clues(reports: list[Report]) -> dict[str, float]:
    """How much of a round-up an article is: the share of its reports that name a place apart from all others."""
    told = [setting_of(r).place for r in reports if not r.is_title]
    places = {fold(p.name) for p in told if p is not None and p.kind == "place"}
    return {"many places": min(len(places), 8) / 8}
