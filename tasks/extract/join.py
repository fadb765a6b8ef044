"""Joins the reports of one article into incidents: a positive clue is needed to join, the same number alone is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tasks.extract.cues import anaphor_fits, anaphor_of, compatible_types
from tasks.extract.gazetteer_fold import fold
from tasks.extract.predicates import casualty_form
from tasks.extract.reports import Count, Report, Sentence

if TYPE_CHECKING:
    from tasks.extract.spans import PlaceExpression

# Points for and against two reports being one incident; they join at JOIN_AT or more.
JOIN_AT: Final = 1.0
_SAME_WORDS: Final = 10.0
_SAME_COUNT: Final = 1.4
_SAME_SMALL_COUNT: Final = 0.4
_OTHER_COUNT: Final = -2.4
_WITHIN_COUNT: Final = 0.4
_SAME_PLACE: Final = 1.9
_INSIDE_PLACE: Final = 0.8
_OTHER_PLACE: Final = -1.7
_COARSER_PLACE: Final = -0.2
_MAYBE_INSIDE: Final = -0.7
_SAME_DATE: Final = 0.8
_OTHER_DATE: Final = -1.7
_SAME_TYPE: Final = 0.5
_OTHER_TYPE: Final = -1.2
_ANAPHOR: Final = 1.6
_SAME_PERPETRATOR: Final = 0.4
_OTHER_PERPETRATOR: Final = -1.0
_OTHER_GROUP: Final = -1.2
_SEPARATE: Final = (0.0, -0.4, -2.2)
_UPDATE: Final = 0.8
_NOTHING_NEW: Final = 0.7
_NEXT: Final = 0.0
_HEADLINE: Final = 1.5


# So that a long article takes linear time: a report is compared with the incidents told last (and the first ones), and with
# the first and last reports of each. No article of common length has more.
_NEAR: Final = 40
_REACH_OF_TOTAL: Final = 60
_REACH_OF_DETAIL: Final = 40


@dataclass(slots=True, eq=False)
class Incident:
    """One incident of the article: its reports in the order of the text, and the sentences that add to it without figures."""

    reports: list[Report] = field(default_factory=list)
    details: list[Sentence] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    background: list[Report] = field(default_factory=list)  # reports of a total that this incident is a part of
    is_umbrella: bool = False  # a total of which several incidents here are parts

    @property
    def last_order(self) -> int:
        """The place of its last sentence in the article."""
        return max(self.reports[-1].order, self.details[-1].order if self.details else 0)

    @property
    def known(self) -> list[Report]:
        """The reports that others are compared with: all, or of very many the first and the last."""
        return self.reports if len(self.reports) <= _NEAR else self.reports[: _NEAR // 2] + self.reports[-_NEAR // 2 :]

    @property
    def type(self) -> str:
        """Its sub-event type by the first report whose words name one."""
        for report in self.known:
            if report.type_rule == "cue" and not report.is_title:
                return report.type
        return self.reports[0].type

    def count(self, outcome: str) -> Count:
        """The number that the article leads with: the first body report that gives one, else the headline's."""
        return leading_count([r for r in self.known if not r.is_title] + self.known, outcome)


def leading_count(reports: list[Report], outcome: str) -> Count:
    """The first number told; an exact one within a vague one ("dozens" … "45") comes before it, people without a number last."""
    known = [r.counts[outcome] for r in reports if r.counts[outcome].known]
    firm = [c for c in known if not c.weak] or known
    if not firm:
        return Count(None, None)
    lead = firm[0]
    if lead.vague:
        finer = [c for c in firm if not c.vague and c.min is not None and c.min >= (lead.min or 0)]
        return finer[0] if finer else lead
    return lead


def same_place(a: PlaceExpression, b: PlaceExpression) -> bool:
    """Whether two expressions name one place, spelling aside."""
    x, y = fold(a.name), fold(b.name)
    return x == y or (len(x) > 4 and len(y) > 4 and (x.startswith(y) or y.startswith(x)))


def place_points(a: PlaceExpression, b: PlaceExpression) -> tuple[float, str]:
    """Points for two places being that of one incident, and the reason."""
    if same_place(a, b):
        return (_SAME_PLACE if a.kind == "place" else _SAME_PLACE / 2), "same place"
    if any(fold(b.name) == fold(w) or fold(b.name) in fold(w) for w in a.within) or any(
        fold(a.name) == fold(w) or fold(a.name) in fold(w) for w in b.within
    ):
        return _INSIDE_PLACE, "one place inside the other"
    if a.rank != b.rank and a.kind == b.kind == "place":
        return (_COARSER_PLACE if min(a.rank, b.rank) == 4 else _MAYBE_INSIDE), "a place that may lie in the other"
    if a.kind != b.kind or "country" in (a.kind, b.kind):
        return 0.0, ""
    return _OTHER_PLACE, "different places"


def count_points(a: Count, b: Count) -> tuple[float, str]:
    """Points for two counts of one outcome being the same count told twice."""
    if not a.known or not b.known:
        return 0.0, ""
    if (a.min == b.min and a.max == b.max) or a.min == b.min or (a.max is not None and a.max == b.max):
        if a.vague and b.vague:
            return _WITHIN_COUNT / 2, "same vague number"
        value = a.min if a.min is not None else a.max
        return (
            _SAME_COUNT if value is not None and value > 2 and value not in (24, 200) else _SAME_SMALL_COUNT
        ), "same number"
    low_a, high_a = a.min or 0, a.max if a.max is not None else 1 << 30
    low_b, high_b = b.min or 0, b.max if b.max is not None else 1 << 30
    if low_a <= high_b and low_b <= high_a:
        return _WITHIN_COUNT, "compatible numbers"
    return _OTHER_COUNT, "different numbers"


def _groups(report: Report, outcome: str) -> set[str]:
    return {f.group for f in report.figures if f.group and f.outcome == outcome and f.role == "count"}


def points(report: Report, incident: Incident) -> tuple[float, list[str]]:
    """Points for a report belonging to an incident, with the clues that gave them."""
    total, why = 0.0, []

    def add(value: float, reason: str) -> None:
        nonlocal total
        if value:
            total += value
            why.append(f"{reason} {value:+.1f}")

    if any(
        r.sentence.text == report.sentence.text and r.figures[0].first == report.figures[0].first
        for r in incident.known
    ):
        return _SAME_WORDS, ["same words"]
    for outcome in ("killed", "injured", "abducted"):
        value, reason = count_points(report.counts[outcome], incident.count(outcome))
        if reason == "different numbers" and (report.update or report.anaphor) and not _own_place(report, incident):
            value = -0.3
        if reason == "different numbers" and all(r.is_title for r in incident.known):
            value = -0.5
        if reason == "different numbers" and _only_bodies(report):
            value = 0.0
        add(value, f"{outcome}: {reason}")
        ours, theirs = _groups(report, outcome), set().union(*(_groups(r, outcome) for r in incident.known))
        if ours and theirs and ("combatant" in ours) != ("combatant" in theirs) and not (ours & theirs):
            add(_OTHER_GROUP, "other kind of victims")
    places = [r.place for r in incident.known if r.place is not None]
    if report.place is not None and places:
        value, reason = max((place_points(report.place, p) for p in places), key=lambda x: x[0])
        add(value, reason)
    dates = [r.date for r in incident.known if r.date is not None]
    if report.date is not None and dates:
        overlap = any(report.date.date_start <= d.date_end and d.date_start <= report.date.date_end for d in dates)
        add(_SAME_DATE if overlap else _OTHER_DATE, "same day" if overlap else "different days")
    if report.type_rule == "cue" and any(r.type_rule == "cue" for r in incident.known):
        types = [r.type for r in incident.known if r.type_rule == "cue"]
        if report.type in types:
            add(_SAME_TYPE, "same kind of act")
        elif not any(compatible_types(report.type, t) for t in types):
            add(_OTHER_TYPE, "other kind of act")
    if report.anaphor and anaphor_fits(report.anaphor, incident.type):
        add(_ANAPHOR + (1.0 if _opens_with_anaphor(report) else 0.0), "takes up the event")
    who = [r.perpetrator.canonical for r in incident.known if r.perpetrator]
    if report.perpetrator and who:
        same = report.perpetrator.canonical in who
        add(_SAME_PERPETRATOR if same else _OTHER_PERPETRATOR, "same actor" if same else "other actor")
    add(_SEPARATE[report.separate], "told as another event")
    if report.update:
        add(_UPDATE, "words of an update")
    if report.order - incident.last_order <= 1:
        add(_NEXT, "next sentence")
    if any(r.is_title for r in incident.known) and len(incident.known) == 1 and not report.is_title:
        add(_HEADLINE, "after the headline")
    if report.place is None and report.date is None and report.separate < 2 and places:
        add(_NOTHING_NEW, "no place or day of its own")
    others = [f for f in report.figures if f.other and f.role == "count" and f.outcome in report.counts]
    if others and any(incident.count(f.outcome).known for f in others) and not report.anaphor:
        add(-1.0, "'others' apart from those told")
    return total, why


def _own_place(report: Report, incident: Incident) -> bool:
    """Whether a report names a place of its own that is none of the incident's."""
    here = [r.place for r in incident.known if r.place is not None]
    return report.place is not None and bool(here) and not any(same_place(report.place, p) for p in here)


def _only_bodies(report: Report) -> bool:
    """Whether all that a report counts is bodies: found, seen or carried away after an act told elsewhere."""
    doc = report.sentence.doc
    return all((form := casualty_form(doc[f.anchor].lower_)) is not None and form[1] == "body" for f in report.figures)


def _opens_with_anaphor(report: Report) -> bool:
    """Whether the sentence begins with the event noun as its subject: "The blast also left …"."""
    words = [t.lower_ for t in report.sentence.doc[:5]]
    return (
        bool(words)
        and words[0] in ("the", "this", "these", "those", "that")
        and anaphor_of(report.sentence.doc[:5].as_doc()) is not None
    )


def _near(incidents: list[Incident]) -> list[tuple[int, Incident]]:
    """The incidents that a report may join, with their indexes: all, or of very many the first and those told last."""
    numbered = list(enumerate(incidents))
    if len(numbered) <= _NEAR:
        return numbered
    return numbered[: _NEAR // 4] + numbered[-(_NEAR - _NEAR // 4) :]


def join_reports(reports: list[Report]) -> list[Incident]:
    """Reports in the order of the text to incidents, each report in exactly one."""
    incidents: list[Incident] = []
    for report in reports:
        best: tuple[float, int, list[str]] | None = None
        for i, incident in _near(incidents):
            if any(r.sentence is report.sentence for r in incident.known):
                continue
            score, why = points(report, incident)
            if (
                best is None
                or score > best[0]
                or (score == best[0] and incident.last_order > incidents[best[1]].last_order)
            ):
                best = (score, i, why)
        if best is not None and best[0] >= JOIN_AT:
            incidents[best[1]].reports.append(report)
            incidents[best[1]].reasons.append("; ".join(best[2]))
        else:
            incidents.append(Incident([report], background=_elders(report, incidents)))
    return incidents


def _elders(report: Report, incidents: list[Incident]) -> list[Report]:
    """The reports that "another five civilians", "other shells" go on from: what they leave out was said there."""
    if not incidents or (report.separate == 2 and report.date is not None):
        return []
    words = [t.lower_ for t in report.sentence.doc[:4]]
    others = any(f.other and f.role == "count" and f.kind != "plural" for f in report.figures[:1])
    if not (
        others
        or words[:1] in (["another"], ["other"])
        or any(r.sentence is report.sentence for i in incidents[-_NEAR:] for r in i.known)
    ):
        return []
    elder = max(incidents[-_NEAR:], key=lambda i: i.last_order)
    return [*elder.known, *elder.background][:_NEAR] if report.order - elder.last_order <= 2 else []


def _takes_up(sentence: Sentence, incident: Incident, family: str | None) -> bool:
    """Whether a sentence speaks of the incident: "the blast", or the same place with the same kind of act."""
    if _elsewhere(sentence, incident):
        return False
    if family is None and " responsibility" in sentence.text:
        family = "*"  # "the group claimed responsibility", for what was told before
    if family is not None and anaphor_fits(family, incident.type):
        return True
    for place in sentence.places:
        if place.kind == "place" and any(r.place is not None and same_place(place, r.place) for r in incident.known):
            return any(compatible_types(c.type, incident.type) for c in sentence.cues if c.strength >= 2)
    return False


def _elsewhere(sentence: Sentence, incident: Incident) -> bool:
    """Whether a sentence plays at another place or on another day than the incident."""
    here = [r.place for r in incident.known if r.place is not None and r.place.kind == "place"]
    there = [p for p in sentence.places if p.kind == "place" and p.relation not in ("from", "to")]
    if here and there and all(place_points(t, h)[0] < 0 for t in there for h in here):
        return incident.reports[0].place is not None and len(there) == 1 and not any(h.within for h in here)
    return False


def _goes_on(sentence: Sentence, incident: Incident) -> bool:
    """Whether the next sentence goes on telling of the incident: a means of the same kind, no other place."""
    strong = [c for c in sentence.cues if c.strength >= 2]
    same = any(c.type == incident.type for c in strong)
    if not same or sentence.order - incident.last_order > 1:
        return False
    ranks = [r.place.rank for r in incident.known if r.place is not None]
    finer = [p for p in sentence.places if p.kind == "place" and p.relation is None]
    return all(ranks and p.rank > min(ranks) for p in finer) or not finer


def _introduces(sentence: Sentence, incident: Incident) -> bool:
    """Whether a sentence tells of the act whose victims the next sentence counts ("A bomb went off in X. Two were killed.")."""
    first = incident.reports[0]
    if not 0 < first.order - sentence.order <= 2 or first.is_title:
        return False
    vague = first.type_rule in ("no_cue", "weak_cue", "fighters_dead") or first.anaphor is not None
    here = first.place is None or any(same_place(first.place, p) for p in sentence.places)
    return vague and here and any(c.strength >= 3 for c in sentence.cues) and bool(sentence.places or sentence.dates)


def attach_detail(sentence: Sentence, family: str | None, incidents: list[Incident]) -> Incident | None:
    """Gives a sentence without figures to the incident that it tells of; None: it tells of none.

    An act whose victims the next sentence counts goes there; else "the blast" goes to the latest incident that fits.
    """
    if sentence.field == "title":
        if incidents and any(compatible_types(c.type, incidents[0].type) for c in sentence.cues):
            incidents[0].details.append(sentence)
            return incidents[0]
        return None
    if len(incidents) > _NEAR:
        incidents = [
            i
            for i in incidents
            if -_REACH_OF_DETAIL <= i.reports[0].order - sentence.order <= 2 or i.last_order >= sentence.order - 6
        ]
    introduced = [i for i in incidents if _introduces(sentence, i)]
    for incident in introduced:
        incident.details.append(sentence)
    if introduced:
        return introduced[0]
    fitting = [
        i
        for i in incidents
        if i.reports[0].order <= sentence.order and (_takes_up(sentence, i, family) or _goes_on(sentence, i))
    ]
    if not fitting:
        return None
    chosen = max(fitting, key=lambda i: i.last_order)
    if sentence.order - chosen.last_order > 5 and len(incidents) > 1:
        return None
    chosen.details.append(sentence)
    return chosen


def drop_umbrellas(incidents: list[Incident]) -> list[tuple[Incident, list[Incident]]]:
    """Takes out totals whose parts are incidents of their own ("31 killed in Aleppo: 19 in A, 12 in B").

    Returns:
        Each umbrella with its parts; `incidents` keeps the parts only.
    """
    umbrellas = []
    told, gone = list(incidents), set[Incident]()
    for position, incident in enumerate(told):
        total = incident.count("killed")
        if not total.known or total.min is None or total.min < 2:
            continue
        around = told[max(0, position - 10) : position + _REACH_OF_TOTAL]
        rest = [
            i
            for i in around
            if i is not incident and i not in gone and i.count("killed").min and _may_be_part(i, incident)
        ]
        parts = _parts_summing_to(rest, total.min)
        if parts is not None and len(parts) >= 2:
            umbrellas.append((incident, parts))
            for part in parts:
                part.background += incident.reports
            gone.add(incident)
            incidents.remove(incident)
    return umbrellas


def mark_parts(incidents: list[Incident]) -> None:
    """Lets an incident at a finer place take what it leaves out (day, means, actor) from the total told before it."""
    for whole in incidents:
        lead = whole.reports[0]
        place = next((r.place for r in whole.reports if r.place is not None), None)
        if lead.order > 4 or whole.count("killed").min is None:
            continue
        parts: list[int] = []
        for part in incidents:
            own = next((r.place for r in part.reports if r.place is not None), None)
            if (
                part is whole
                or own is None
                or part.background
                or not _may_be_part(part, whole)
                or (part.reports[0].separate == 2 and part.reports[0].date)
            ):
                continue
            finer = place is None or own.rank > place.rank
            fewer = (part.count("killed").min or 0) <= (whole.count("killed").min or 0)
            if (
                finer
                and fewer
                and all(r.date is None for r in part.reports)
                and part.reports[0].order - whole.last_order <= 8
            ):
                part.background += whole.reports
                parts.append(part.count("killed").min or 0)
        whole.is_umbrella = len(parts) > 1 and all(parts) and sum(parts) <= (whole.count("killed").min or 0)


def _may_be_part(part: Incident, whole: Incident) -> bool:
    """Whether an incident can be one of those that a total adds up: told after it, of its day and kind."""
    if part.reports[0].order < whole.reports[0].order:
        return False
    days, others = [r.date for r in whole.reports if r.date], [r.date for r in part.reports if r.date]
    if (
        days
        and others
        and not any(a.date_start <= b.date_end and b.date_start <= a.date_end for a in days for b in others)
    ):
        return False
    kinds = {r.type for r in whole.reports if r.type_rule == "cue"}
    own = {r.type for r in part.reports if r.type_rule == "cue"}
    if kinds and own and not any(compatible_types(a, b) for a in kinds for b in own):
        return False
    return whole.type != "Suicide bomb"


def _parts_summing_to(incidents: list[Incident], total: int) -> list[Incident] | None:
    """Consecutive incidents whose killed add up to a total; None: there are none."""
    for start in range(len(incidents)):
        running, parts = 0, []
        for incident in incidents[start:]:
            running += incident.count("killed").min or 0
            parts.append(incident)
            if running == total:
                return parts
            if running > total:
                break
    return None
