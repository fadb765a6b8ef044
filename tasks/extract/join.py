"""Joins the reports of one article into incidents: a positive clue is needed to join, the same number alone is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Final

from tasks.extract import lexicon
from tasks.extract.counts import Count
from tasks.extract.cues import anaphor_fits, compatible_types
from tasks.extract.join_features import article_clues, clues_of, place_relation, same_place
from tasks.extract.join_own import report_clues
from tasks.extract.labels import other_item
from tasks.extract.reports import Report, Sentence, blames

_NO_COUNT: Final = Count(None, None)
_SAME_WORDS: Final = 100.0
_OTHER_ITEM: Final = -99.0
_APART: Final = ("different places", "town and what may be its part", "a place that may lie in the other")

# So that a long article takes linear time: a report is compared with the incidents told last (and the first ones), and with
# the first and last reports of each. No article of common length has more.
_NEAR: Final = 40
_REACH_OF_BLAME: Final = 2  # sentences from an incident to who is blamed for it
_REACH_OF_DETAIL: Final = 40


@dataclass(slots=True, eq=False)
class Incident:
    """One incident of the article: its reports in the order of the text, and the sentences that add to it without figures."""

    reports: list[Report] = field(default_factory=list)
    details: list[Sentence] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    background: list[Report] = field(default_factory=list)  # reports of a total that this incident is a part of
    added: set[int] = field(default_factory=set)  # ids of figures that count beside those of its first report
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
    known = [count for r in reports if (count := r.counts[outcome]).known]
    if not known:
        return _NO_COUNT
    firm = [c for c in known if not c.weak] or known
    lead = firm[0]
    if lead.vague:
        finer = [c for c in firm if not c.vague and c.min is not None and c.min > (lead.min or 0)]
        return finer[0] if finer else lead
    return lead


@cache
def _weights() -> tuple[float, dict[str, float]]:
    fitted = lexicon.load("join")
    return float(fitted["base"]), dict(fitted["points"])


def points(
    report: Report, incident: Incident, last: Incident, own: dict[str, float]
) -> tuple[float, dict[str, float | None]]:
    """Points for a report belonging to an incident, with the clues that gave them; above zero speaks for it.

    Args:
        report: The report.
        incident: An incident told before it.
        last: The incident that was told last.
        own: The clues that the report alone gives.
    """
    if report.is_apart and any(r.sentence is report.sentence and r.is_apart for r in incident.known):
        return _OTHER_ITEM, {"told apart in one sentence": None}
    if any(
        r.sentence.text == report.sentence.text and r.figures[0].first == report.figures[0].first
        for r in incident.known
    ):
        return _SAME_WORDS, {"same words": None}
    first = incident.reports[0].sentence
    if first.field == "text" and other_item(report.sentence.label, first.label, first.offset):
        return _OTHER_ITEM, {"under another heading": None}
    base, weights = _weights()
    given = {c: weights[c] * x for c, x in clues_of(report, incident, last, own).items() if c in weights}
    return base + sum(given.values()), dict(given)


def _in_words(clues: dict[str, float | None]) -> str:
    return "; ".join(clue if given is None else f"{clue} {given:+.1f}" for clue, given in clues.items())


def _near(incidents: list[Incident]) -> list[Incident]:
    """The incidents that a report may join: all, or of very many the first and those told last."""
    if len(incidents) <= _NEAR:
        return incidents
    return incidents[: _NEAR // 4] + incidents[-(_NEAR - _NEAR // 4) :]


def join_reports(reports: list[Report]) -> list[Incident]:
    """Reports in the order of the text to incidents, each report in exactly one."""
    incidents: list[Incident] = []
    article = article_clues(reports)
    last: Incident | None = None
    places: dict[Incident, int] = {}
    for report in reports:
        best: tuple[float, int, Incident, dict[str, float | None]] | None = None
        own = {**article, **report_clues(report)}
        for incident in _near(incidents):
            if last is None:
                break
            score, why = points(report, incident, last, own)
            if best is None or (score, incident.last_order) > best[:2]:
                best = (score, incident.last_order, incident, why)
        if best is not None and best[0] > 0:
            chosen = best[2]
            latest = last.last_order if last is not None else 0
            chosen.reports.append(report)
            chosen.reasons.append(_in_words(best[3]))
        else:
            chosen, latest = Incident([report], background=_elders(report, incidents)), last.last_order if last else 0
            places[chosen] = len(incidents)
            incidents.append(chosen)
        # The one told last; of several that one sentence tells, the first. Looking at all would take quadratic time.
        if last is None or report.order > latest or places[chosen] < places[last]:
            last = chosen
    return incidents


def _elders(report: Report, incidents: list[Incident]) -> list[Report]:
    """The reports that "another five civilians", "other shells" go on from: what they leave out was said there."""
    if not incidents or (report.separate == 2 and report.date is not None):
        return []
    words = report.sentence.doc.lower[:4]
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
    blamed = sentence.order - incident.last_order <= _REACH_OF_BLAME and not sentence.cues and blames(sentence)
    if family is None and (" responsibility" in sentence.text or blamed):
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
    if here and there and all(place_relation(t, h) in _APART for t in there for h in here):
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


class Beside:
    """The incidents that a sentence may add to, for one sentence after another: all, or of very many those told around it."""

    def __init__(self, incidents: list[Incident]) -> None:
        self._all = incidents
        self._ahead = sorted(enumerate(incidents), key=lambda i: i[1].reports[0].order, reverse=True)
        self._open: dict[int, Incident] = {}

    def at(self, sentence: Sentence) -> list[Incident]:
        """Those that a sentence may add to, in their order."""
        if len(self._all) <= _NEAR or sentence.field == "title":
            return self._all
        while self._ahead and self._ahead[-1][1].reports[0].order <= sentence.order + 2:
            position, incident = self._ahead.pop()
            self._open[position] = incident
        self._open = {
            position: i
            for position, i in self._open.items()
            if i.reports[0].order >= sentence.order - _REACH_OF_DETAIL or i.last_order >= sentence.order - 6
        }
        return [self._open[position] for position in sorted(self._open)]


def attach_detail(sentence: Sentence, family: str | None, incidents: list[Incident]) -> Incident | None:
    """Gives a sentence without figures to the incident that it tells of; None: it tells of none.

    An act whose victims the next sentence counts goes there; else "the blast" goes to the latest incident that fits.
    """
    if sentence.field == "title":
        if incidents and any(compatible_types(c.type, incidents[0].type) for c in sentence.cues):
            incidents[0].details.append(sentence)
            return incidents[0]
        return None
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
