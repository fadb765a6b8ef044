"""Writes an incident of an article as a `mentions` row: each slot with the rule that coded it and the words it rests on."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from expectations.vocabulary import EVENT_TYPE_OF
from tasks.extract.coding_counts import Notes, code_counts, code_wounded
from tasks.extract.coding_victims import code_civilians, code_victims
from tasks.extract.cues import Cue, choose_type, finer_blast, is_raid
from tasks.extract.culprits import ISSUED, Culprits
from tasks.extract.dating import Dating, body_first
from tasks.extract.perpetrators import claim_in
from tasks.extract.place_rank import best_place_of
from tasks.extract.reports import Report, Sentence
from tasks.extract.sources import belief
from tasks.extract.spans import Perpetrator
from tasks.extract.verification import verification_of
from tasks.extract.violence import claim_words

if TYPE_CHECKING:
    from tasks.extract.join import Incident
    from tasks.extract.place_rank import PlaceCandidate
    from tasks.extract.spans import Location, PlaceExpression, Source
    from tasks.extract.tellings import Tellings

_SPOKEN_AFTER: Final = 2  # sentences after the lead whose speaker may be that of the incident
_NEWS_DAYS: Final = 7  # what happened earlier than so many days before the latest incident is background
_RAID_REACH: Final = 6  # sentences before a "raid" that may tell of the aircraft
_OF_A_WAVE: Final = {"Air/drone strike", "Shelling/artillery/missile attack"}
_HITS: Final = frozenset(
    "hit struck targeted targeting hitting striking bombed shelled attacked stormed ambushed".split()
)
_LEADING_UP: Final = 2  # sentences before the lead that may tell how it was done
Locate = Callable[["PlaceExpression | None"], "Location"]


def mention_id(article_id: str, field: str, start: int, part: int) -> str:
    """Id of a mention: hash of its article and of where its first evidence stands."""
    return "m" + hashlib.sha256(f"{article_id}|{field}|{start}|{part}".encode()).hexdigest()[:20]


class Coder(Notes):
    """Codes one incident; collects `codings`, `flags` and the row."""

    def __init__(self, article_id: str, incident: Incident, told: Tellings) -> None:
        super().__init__()
        self.article_id = article_id
        self.incident = incident
        self.told = told
        self.reports = body_first(incident.reports)
        self.inherited = body_first(incident.background)

    def event_type(self) -> str:
        """The type that the incident's reports and details tell together, the lead's own words first."""
        told = [*self.reports, *self.inherited]
        telling = ("cue",) if self._has_dead() else ("cue", "outcome_abducted")
        chosen = next((r for r in told if r.type_rule in telling and not _is_massacre(r)), None)
        lead = self.reports[0]
        for rule, sentences in (
            ("cue_in_detail", self.incident.details),
            ("cue_told_before", self._told_right_before()),
        ):
            if chosen is None and (named := _means_in(sentences, lead)) is not None:
                kind, detail, cue = named
                self.note_tokens("sub_event_type", kind, rule, detail, cue.first, cue.last)
                return kind
        if chosen is None and (air := self._raid_from_the_air()) is not None:
            sentence, cue = air
            self.note_tokens("sub_event_type", cue.type, "raid_of_aircraft_told_before", sentence, cue.first, cue.last)
            return cue.type
        if chosen is None and (opening := self._of_the_opening()) is not None:
            sentence, cue = opening
            self.note_tokens("sub_event_type", cue.type, "means_of_the_opening", sentence, cue.first, cue.last)
            return cue.type
        dead = next((r for r in told if self._has_dead() and r.counts["killed"].known), self.reports[0])
        chosen = chosen or next((r for r in told if _is_massacre(r)), dead)
        for detail in [*self.incident.details, *self._told_right_before()]:
            if (finer := finer_blast(chosen.type_cue, detail.cues)) is not None:
                self.note_tokens("sub_event_type", finer.type, "cue_in_detail", detail, finer.first, finer.last)
                return finer.type
        first = last = chosen.anchors[0]
        if chosen.type_cue is not None:
            first, last = chosen.type_cue.first, chosen.type_cue.last
        self.note_tokens("sub_event_type", chosen.type, chosen.type_rule, chosen.sentence, first, last)
        return chosen.type

    def _has_dead(self) -> bool:
        """Whether people were killed: then those taken along do not make it an abduction."""
        return self.incident.count("killed").known

    def _of_the_opening(self) -> tuple[Sentence, Cue] | None:
        """The one means that the first sentence tells of, from the air or by guns, where an incident told further down names none."""
        first = self.told.first
        lead, hint = self.reports[0], self.reports[0].type_cue
        if first is None or lead.sentence is first or lead.separate == 2:
            return None
        if hint is not None and not lead.sentence.doc[hint.first].lower_.startswith("attack"):
            return None  # "gunmen", "bullets"
        cues = [c for c in first.cues if c.strength >= 3]
        kinds = {c.type for c in cues}
        return (first, cues[0]) if len(kinds) == 1 and kinds <= _OF_A_WAVE else None

    def _raid_from_the_air(self) -> tuple[Sentence, Cue] | None:
        """The aircraft of an earlier sentence, where an incident is only told as a "raid" or "strike"."""
        lead = self.reports[0]
        if lead.type_cue is None or not is_raid(lead.sentence.doc, lead.type_cue):
            return None
        before = self.told.between(lead.order - _RAID_REACH, lead.order - 1)
        for sentence in reversed(before):
            cue = max((c for c in sentence.cues if c.strength >= 3), key=lambda c: c.strength, default=None)
            if cue is not None:
                return (sentence, cue) if cue.type == "Air/drone strike" else None
        return None

    def _told_right_before(self) -> list[Sentence]:
        """The sentences without figures that lead up to a lead with no place or day of its own, none of another incident between."""
        lead = self.reports[0]
        if lead.place is not None or lead.date is not None or lead.separate == 2:
            return []
        found, sentence = [], lead.sentence
        while (before := sentence.before) is not None and not before.figures and before.field == sentence.field:
            if sentence.order - before.order > 1 or lead.order - before.order > _LEADING_UP:
                break
            found.append(before)
            sentence = before
        return found

    def date(self, row: dict[str, Any]) -> None:
        """The day it happened: tied to a casualty word, else inherited from a detail, or from the incident told before."""
        found = Dating(self.incident, self.reports, self.inherited, self.told).day()
        if found is None:
            row.update(date_start=None, date_end=None, date_precision=None, date_basis=None, date_text=None)
            return
        date, sentence, inherited = found
        if inherited:
            self.flags.add("date_inherited")
        row.update(
            date_start=date.date_start, date_end=date.date_end, date_precision=date.precision, date_text=date.text
        )
        row["date_basis"] = "inherited" if inherited else date.basis
        self.note("date_start", f"{date.date_start}..{date.date_end}", date.rule, sentence, date.start, date.end)

    def place(self) -> PlaceCandidate | None:
        """The place that ranks first among all that the article names, or none."""
        best = best_place_of(self.incident, self.told)
        if best is None:
            return None
        where = best.place
        if best.sentence is not self.reports[0].sentence:
            self.flags.add("place_inherited")
        self.note("place_name", where.name, where.rule, best.sentence, where.start, where.end)
        return best

    def perpetrator(self, row: dict[str, Any]) -> Perpetrator | None:
        """Who did it, and whether that is stated, claimed or suspected."""
        culprits = Culprits(self.incident, self.reports, self.inherited, self.told)
        found = culprits.named(row["sub_event_type"])
        if found is None:
            row.update(perpetrator=None, perpetrator_text=None, perpetrator_status="unknown")
            return None
        who, where = found
        if who.denied:
            self.flags.add("perpetrator_denied")
        if all(where is not s for s in culprits.own):
            self.flags.add("perpetrator_inherited")
        row.update(perpetrator=who.canonical, perpetrator_text=who.text, perpetrator_status=who.status)
        start = where.offset + who.start
        self.note_at("perpetrator", who.canonical, who.rule, where.field, start, who.text)
        self.note_at("perpetrator_status", who.status, who.rule, where.field, start, who.text)
        return who

    def claims_the_count(self) -> bool:
        """Whether one of the incident's sentences says that somebody claims the act: then the claimant tells of it."""
        own = [s for s in self._sentences() if s.field != "title"]
        return any(claim_in(s.doc[:], s.actors) is not None for s in own)

    def sources(self, claimed: bool = False) -> list[Source]:
        """Who reports it, over all of the incident's sentences, each once."""
        named: dict[str, Source] = {}
        for sentence in self._sentences():
            for source in sentence.sources:
                if source.name not in named and len(source.name.split()) <= 9:
                    named[source.name] = source
                    self.note("reported_by", source.name, source.rule, sentence, source.start, source.end)
        first = self.reports[0].sentence
        told = first.carried
        issued = told is not None and told.source.rule == "issuer"
        if (
            not named
            and told is not None
            and (issued or not (claimed or self._is_background() or self._is_other_news()))
        ):
            named[told.source.name] = told.source
            rule = "issuer_of_the_document" if issued else "source_of_sentence_before"
            self.note_at("reported_by", told.source.name, rule, told.field, told.start, told.text)
        if not named and (after := self._told_right_after()) is not None:
            sentence, source = after
            named[source.name] = source
            self.note("reported_by", source.name, "source_of_sentence_after", sentence, source.start, source.end)
        return list(named.values())

    def _told_right_after(self) -> tuple[Sentence, Source] | None:
        """Who tells more of it in the rest of its paragraph, before another incident is told."""
        lead = self.reports[0].sentence
        for sentence in self.told.between(lead.order + 1, lead.order + _SPOKEN_AFTER):
            if sentence.field != lead.field:
                continue
            if sentence.opens_paragraph or self.told.tellers(sentence):
                return None
            source = next((s for s in sentence.sources if s.rule != "told to"), None)
            if source is not None:
                return sentence, source
        return None

    def _is_other_news(self) -> bool:
        """Whether an incident with a day of its own is told after the figures of another: a speaker of those need not tell it."""
        first = self.reports[0].sentence
        if first.opens_paragraph or first.before is None:
            return False
        return bool(first.before.figures) and any(r.date is not None for r in self.reports)

    def _is_background(self) -> bool:
        """Whether an incident by its own date lies days before another of the article: who tells the news need not tell it."""
        own = max((r.date.date_end for r in self.reports if r.date is not None), default=None)
        return own is not None and (self.told.remembered("latest", self._latest) - own).days > _NEWS_DAYS

    def _latest(self) -> dt.date:
        """The latest day of an incident that the article dates."""
        return max(r.date.date_end for i in self.told.incidents for r in i.reports if r.date is not None)

    def evidence(self) -> list[dict[str, Any]]:
        """The sentences, each once, the best first: the lead with the counts, then the other reports, then details."""
        rows, seen = [], set()
        for sentence in self._sentences():
            key = (sentence.field, sentence.offset)
            if key not in seen:
                seen.add(key)
                rows.append(
                    {
                        "field": sentence.field,
                        "start": sentence.offset,
                        "end": sentence.offset + len(sentence.text),
                        "text": sentence.text,
                    }
                )
        return rows

    def _sentences(self) -> list[Sentence]:
        return [r.sentence for r in self.reports] + self.incident.details + [r.sentence for r in self.inherited]

    def target(self) -> str | None:
        """What was hit, as written: the object of an act word, where it is no person counted already."""
        for report in self.reports:
            for token in report.sentence.doc:
                if token.lower_ in _HITS:
                    for child in token.children:
                        if child.dep_ in ("dobj", "obj"):
                            first, last = child.left_edge.i, child.i
                            self.note_tokens("target", child.text, "object_of_act", report.sentence, first, last)
                            return str(report.sentence.doc[first : last + 1].text)
        return None

    def weapon(self) -> str | None:
        """The weapon or means, as written: the strongest cue of the lead."""
        for report in self.reports:
            if report.type_cue is not None and report.type_cue.strength >= 2 and report.type_rule == "cue":
                cue = report.type_cue
                text = str(report.sentence.doc[cue.first : cue.last + 1].text)
                self.note_tokens("weapon_text", text, "cue", report.sentence, cue.first, cue.last)
                return text
        return None


def _as_written(claimant: Perpetrator) -> str:
    """The name that the text gives a claimant; the one in the table where it is "the group" or "it"."""
    words = claimant.text.split()
    pointed = not any(w[:1].isupper() for w in words) or words[-1].lower() in claim_words("group_words")
    return claimant.canonical if pointed else claimant.text


def _is_massacre(report: Report) -> bool:
    """Whether a report only calls the act a massacre, whatever it was done with."""
    cue = report.type_cue
    return cue is not None and str(report.sentence.doc[cue.first : cue.last + 1].text).lower().startswith("massacre")


def _means_in(sentences: Iterable[Sentence], lead: Report) -> tuple[str, Sentence, Cue] | None:
    """The type by the strongest cue of sentences that tell more of an incident, the first among equals."""
    best: tuple[str, Sentence, Cue] | None = None
    for detail in sentences:
        kind, rule, cue = choose_type(detail.cues, [], lead.figures, detail.doc)
        if rule == "cue" and cue is not None and (best is None or cue.strength > best[2].strength):
            best = (kind, detail, cue)
    return best


def code_incident(article_id: str, incident: Incident, told: Tellings, locate: Locate, part: int) -> dict[str, Any]:
    """An incident as a `mentions` row (plain dict with the table's column names; `ordinal` is set by the caller).

    Args:
        article_id: The article.
        incident: Its reports and details.
        told: The sentences and incidents of the article.
        locate: PlaceExpression → Location, with the article's own context.
        part: Which event of its first sentence it is, from 0.
    """
    coder = Coder(article_id, incident, told)
    row: dict[str, Any] = {"article_id": article_id}
    kind = coder.event_type()
    row["sub_event_type"], row["event_type"] = kind, EVENT_TYPE_OF[kind]
    code_counts(coder, coder.reports, row)
    code_wounded(coder, [*(r.sentence for r in coder.reports), *incident.details], row)
    row["victims"] = code_victims(coder, coder.reports, row)
    incident.added = coder.added
    row["victims"] += code_civilians(coder, coder.reports, coder.inherited, row)
    row["victims"].sort(key=lambda v: (v["outcome"], v["group"]))
    coder.date(row)
    place = coder.place()
    _add_place(row, place, locate)
    if place is not None:
        for column in ("admin1", "country_code"):
            if row[column] is not None:
                where = place.place
                coder.note(column, row[column], f"gazetteer:{row['geo_basis']}", place.sentence, where.start, where.end)
    perpetrator = coder.perpetrator(row)
    issued = perpetrator is not None and perpetrator.rule == ISSUED
    sources = coder.sources(perpetrator is not None and perpetrator.status == "claimed" and not issued)
    row["reported_by"] = [s.name for s in sources]
    if not sources and perpetrator is not None and perpetrator.status == "claimed" and coder.claims_the_count():
        row["reported_by"] = [_as_written(perpetrator)]
        coder.codings.append(
            {
                **next(c for c in reversed(coder.codings) if c["column"] == "perpetrator"),
                "column": "reported_by",
                "rule": "claimant",
            }
        )
    row["target"], row["weapon_text"] = coder.target(), coder.weapon()
    doubts = set().union(*(belief(s.doc[:]) for s in [r.sentence for r in coder.reports] + incident.details))
    if doubts:
        coder.flags.add("disputed")
    row["verification"] = verification_of(
        sources, disputed=bool(doubts), denied="perpetrator_denied" in coder.flags, perpetrator=perpetrator
    )
    if row["killed_max"] == 0 and row["injured_max"] in (0, None):
        coder.flags.add("no_casualties")
    if incident.is_umbrella:
        coder.flags.add("umbrella")
    row["evidence"] = coder.evidence()
    best = row["evidence"][0]
    row["mention_id"] = mention_id(article_id, best["field"], best["start"], part)
    row["flags"] = sorted(coder.flags)
    attributed = next((c for c in coder.codings if c["column"] == "reported_by"), best)
    words = {key: attributed[key] for key in ("field", "start", "end", "text")}
    coder.codings.append({"column": "verification", "value": row["verification"], "rule": "sources", **words})
    row["codings"] = coder.codings
    return row


def _add_place(row: dict[str, Any], place: PlaceCandidate | None, locate: Locate) -> None:
    location: Location = locate(place.place if place else None)
    row.update(
        place_name=place.place.name if place else None,
        place_relation=place.place.relation if place else None,
        admin1=location.admin1,
        country_code=location.country_code,
        latitude=location.latitude,
        longitude=location.longitude,
        geo_precision=location.geo_precision,
        geo_basis=location.geo_basis,
    )


def first_sentence_key(incident: Incident) -> tuple[int, int]:
    """Sort key of an incident: where its first report stands in the article."""
    first = min(incident.reports, key=lambda r: (r.order, r.figures[0].first))
    return first.order, first.figures[0].first
