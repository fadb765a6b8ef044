"""Finds the day of one incident of an article: in its own sentences, else in those around it, else that of the story."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tasks.extract.actors import family_of
from tasks.extract.context_phrases import first_phrase
from tasks.extract.culprits import BULLETIN_REACH, detail_perpetrator
from tasks.extract.dates_choose import choose_date, dates_act, is_report_time, says_when
from tasks.extract.passages import heads_list

if TYPE_CHECKING:
    from tasks.extract.join import Incident
    from tasks.extract.reports import Report, Sentence
    from tasks.extract.spans import DateExpression
    from tasks.extract.tellings import Tellings

# A report without a day takes that of the incident before where its last sentence is at most so many before.
_INCIDENT_REACH: Final = 4
_AFTER: Final = 3  # sentences after the lead that may still say when
_HEADINGS: Final = frozenset({"incident", "development", "event", "violence"})  # "Security incidents on Tuesday"
Dated = tuple["DateExpression", "Sentence", bool]  # the last: inherited


def body_first(reports: Sequence[Report]) -> list[Report]:
    """Reports with the one that an incident is best told by first: the first of the body, the headline last."""
    return [r for r in reports if not r.is_title] + [r for r in reports if r.is_title]


@dataclass(frozen=True, slots=True)
class Dating:
    """Looks for the day. `reports`: best evidence first; `inherited`: reports of a total that the incident is part of."""

    incident: Incident
    reports: list[Report]
    inherited: list[Report]
    told: Tellings

    def day(self) -> Dated | None:
        """The day, the sentence that says it, and whether it is that of another sentence or act."""
        return (
            self.told_date()
            or self._date_right_before()
            or self._date_of_incident_before()
            or self._date_right_after()
            or self._date_of_the_story()
        )

    def told_date(self) -> Dated | None:
        """The day that the incident's own sentences tell, or the bulletin that it goes on from."""
        dated = [(r.date, r.sentence, n > 0) for n, r in enumerate(self.reports) if r.date is not None]
        found = next((d for d in dated if d[0].precision in ("day", "days")), dated[0] if dated else None)
        if found is not None and found[0].precision != "day":
            found = self._day_within(found[0]) or found
        found = found or self._day_of_its_item() or self._date_of_its_own_sentence()
        if found is None:
            for detail in sorted(self.incident.details, key=lambda d: abs(d.order - self.reports[0].order)):
                if (date := detail_date(detail)) and date.precision not in ("month", "year"):
                    found = (date, detail, True)
                    break
        if found is None:
            found = next(((r.date, r.sentence, True) for r in self.inherited if r.date is not None), None)
        return found or self._day_of_its_list() or self._of_bulletin()

    def _date_of_its_own_sentence(self) -> Dated | None:
        """The day of a sentence that only says when it was: "The incident occurred on 11 April", before another is told."""
        lead = self.reports[0]
        for sentence in self.told.between(lead.order + 1, lead.order + _AFTER):
            if sentence.field != lead.sentence.field:
                continue
            if sentence.figures:
                break
            if (found := _tells_when(sentence)) is not None:
                return found
        return None

    def _day_within(self, coarse: DateExpression) -> Dated | None:
        """The one day within a week or a weekend on which another of its sentences tells the act."""
        if coarse.rule in ("span", "since", "range") or coarse.precision == "year":
            return None
        days: dict[dt.date, Dated] = {}
        for sentence in [*(r.sentence for r in self.reports[1:]), *self.incident.details]:
            if all(c.type != self.incident.type for c in sentence.cues):
                continue
            date = detail_date(sentence) or _day_of_act(sentence)
            if date is not None and date.precision == "day" and coarse.date_start <= date.date_start <= coarse.date_end:
                days.setdefault(date.date_start, (date, sentence, True))
        return next(iter(days.values())) if len(days) == 1 else None

    def _day_of_its_item(self) -> Dated | None:
        """The day that heads the item of a chronicle which tells of it."""
        sentence = self.reports[0].sentence
        head = sentence.day_head
        if head is None:
            return None
        return replace(head.date, rule="heading"), replace(sentence, offset=head.start, text=head.text), True

    def _day_of_its_list(self) -> Dated | None:
        """The day that the head of a bulletin gives to all its items, for one under a place of its own."""
        first = self.told.first
        label, before = self.reports[0].sentence.label, self.told.before(self.incident)
        if first is None or label is None or first.label is not None:
            return None
        if before is not None and any(r.sentence.label is label for r in before.reports):
            return None
        date = _day_of_list(first)
        return None if date is None else (replace(date, rule="day_of_the_story"), first, True)

    def _date_of_incident_before(self) -> Dated | None:
        """The day of the incident told a few sentences before, where nothing sets this one apart from it in time."""
        lead = self.reports[0]
        before = self.told.before(self.incident)
        if before is None or lead.is_title or lead.order - before.last_order > _INCIDENT_REACH or lead.sentence.dates:
            return None
        found: Dated | None = self.told.remembered(("date", id(before)), lambda: self._date_of(before))
        if found is None or found[0].precision not in ("day", "days"):
            return None
        return replace(found[0], rule="day_of_the_incident_before"), found[1], True

    def _date_right_before(self) -> Dated | None:
        """The one day of the sentence right before, where the lead goes on from it: it names neither place nor day."""
        lead = self.reports[0]
        before = lead.sentence.before
        if before is None or _own_times(lead) or before.figures:
            return None
        if lead.place is not None and not (lead.order - before.order == 1 and _tells_when(before)):
            return None
        if lead.order - before.order > 1 or before.field != lead.sentence.field:
            return None
        found = _only_day(before)
        if found is not None and lead.sentence.dates and not dates_act(before.doc[:], found[0]):
            return None  # "died, the army said on Tuesday" goes on from an act, not from any day told before it
        return found

    def _date_right_after(self) -> Dated | None:
        """The day on which one of the next sentences tells the act again: of the same kind, or how the attackers came."""
        lead = self.reports[0]
        for sentence in self.told.between(lead.order + 1, lead.order + _AFTER):
            if sentence.field != lead.sentence.field:
                continue
            if any(i is not self.incident for i, _ in self.told.tellers(sentence)):
                if sentence.figures:
                    break  # another incident
                continue
            same = any(c.type == self.incident.type and c.strength >= 2 for c in sentence.cues)
            date = detail_date(sentence) if same else None
            date = date or _day_of_act(sentence)
            if date is not None and date.precision == "day":
                return date, sentence, True
        return None

    def _date_of_the_story(self) -> Dated | None:
        """The day of what the article opens with, where nothing sets the incident apart from it in time."""
        first = self.told.first
        lead = self.reports[0]
        if first is None or lead.sentence.dates or lead.sentence is first:
            return None
        if lead.separate == 2 and not self._is_overall(first):
            return None
        date = next((r.date for _, r in self.told.tellers(first) if r.date), None)
        date = date or detail_date(first) or _day_of_list(first)
        if date is None or date.precision not in ("day", "days"):
            return None
        return replace(date, rule="day_of_the_story"), first, True

    def _is_overall(self, sentence: Sentence) -> bool:
        """Whether a sentence tells of all acts of the story together: it counts, and names no place smaller than a country."""
        return bool(sentence.figures) and all(p.kind == "country" for p in sentence.places)

    def _date_of(self, incident: Incident) -> Dated | None:
        of = Dating(incident, body_first(incident.reports), body_first(incident.background), self.told)
        return of.told_date() or of._date_of_incident_before()

    def _of_bulletin(self) -> Dated | None:
        """The day of the report that this one goes on from: same kind of act, no other actor, a few sentences before."""
        first = self.reports[0].sentence
        kind = next((r.type for r in self.reports if r.type_rule == "cue"), None)
        own = next((r.perpetrator for r in self.reports if r.perpetrator is not None), None)
        if any(r.separate == 2 for r in self.reports[:1]) and kind is None:
            return None
        for sentence in first.earlier(BULLETIN_REACH):
            date = detail_date(sentence)
            if date is not None and date.precision in ("day", "days"):
                kinds = [c.type for c in sentence.cues if c.strength >= 2]
                other = detail_perpetrator(sentence)
                same_actor = own is None or other is None or family_of(own.canonical) == family_of(other.canonical)
                if same_actor and (kind is None or kind in kinds):
                    return date, sentence, True
                return None
        return None


def _own_times(lead: Report) -> bool:
    """Whether the sentence that tells it names a time other than that of the report: "said on Monday"."""
    return any(not is_report_time(lead.sentence.doc[:], d) for d in lead.sentence.dates)


def _tells_when(sentence: Sentence) -> Dated | None:
    """The day of a sentence whose subject is an act and whose verb only says that it happened."""
    days = [d for d in sentence.dates if d.precision in ("day", "days")]
    if len(days) != 1 or not says_when(sentence.doc[:], days[0]):
        return None
    return days[0], sentence, True


def _day_of_act(sentence: Sentence) -> DateExpression | None:
    """The one day of a sentence that tells how it was done: "had stormed the village on Wednesday", "came at midday on Saturday"."""
    days = [d for d in sentence.dates if d.precision == "day" and d.rule not in ("since", "came_after")]
    if len(days) != 1 or first_phrase(sentence.doc, "separate", "strong"):
        return None
    return days[0] if dates_act(sentence.doc[:], days[0]) else None


def _only_day(sentence: Sentence) -> Dated | None:
    """The day of a sentence that names one only, and not when something was said."""
    days = [d for d in sentence.dates if not is_report_time(sentence.doc[:], d)]
    if len(days) != 1 or days[0].precision != "day":
        return None
    return days[0], sentence, True


def _day_of_list(sentence: Sentence) -> DateExpression | None:
    """The day of all items of a bulletin that its first sentence announces as a list."""
    root = next((t for t in sentence.doc if t.dep_ == "ROOT"), None)
    heading = root is not None and root.lemma_.lower() in _HEADINGS and root.pos_ != "VERB" and not sentence.figures
    if not (heading or heads_list(sentence.text, sentence.doc.lower)):
        return None
    days = [d for d in sentence.dates if d.precision in ("day", "days")]
    return days[-1] if days else None


def detail_date(sentence: Sentence) -> DateExpression | None:
    """The date of the act that a sentence without figures tells of."""
    for cue in sentence.cues:
        if date := choose_date(sentence.doc[:], sentence.doc[cue.last], sentence.dates):
            return date
    return None
