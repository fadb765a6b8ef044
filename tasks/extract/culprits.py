"""Finds who did it, for one incident of an article: in its own sentences, else in those that it goes on from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tasks.extract.actors import family_of, group_in, is_named, kind_of_name, state_of
from tasks.extract.cues import find_anaphor
from tasks.extract.perpetrator_open import PEOPLE
from tasks.extract.perpetrator_parse import SUBJECTS, is_active
from tasks.extract.perpetrators import claim_in, find_perpetrator, merge_perpetrators
from tasks.extract.spans import Perpetrator
from tasks.extract.violence import claim_words, is_violent, noun_set

if TYPE_CHECKING:
    from tasks.extract.join import Incident
    from tasks.extract.reports import Report, Sentence
    from tasks.extract.spans import ActorExpression, Carried
    from tasks.extract.tellings import Tellings

ISSUED: Final = "issuer of the document"  # the rule by which a communique tells its issuer's deeds
BULLETIN_REACH: Final = 4  # sentences back to the act that a report goes on from
_TOLD_REACH: Final = 3  # sentences back to who did what an incident goes on from
_OPENING: Final = 3  # sentences that a story opens with, its headline among them
BLAME_REACH: Final = 4  # sentences on to who is blamed for an act
_AIR: Final = "Air/drone strike"
# Kinds of act that one word may tell: "attacks", "blasts".
_FAMILIES: Final = {
    "Suicide bomb": "bomb",
    "Remote explosive/landmine/IED": "bomb",
    "Grenade": "bomb",
    "Armed clash": "Attack",
}
_NAMED: Final = ("armed_group", "state")
_NAMELESS: Final = ("generic", "coalition", "men")  # at last a force that is only told by its men: "a soldier"
_MEN: Final = frozenset(
    "soldier soldiers policeman policemen constable constables trooper troopers jawan jawans conscripts".split()
)
# Means that one side of a war has, as a rule.
_GUNS: Final = "Shelling/artillery/missile attack"
_OF_ONE_ACTOR: Final = (_AIR, _GUNS)


@dataclass(frozen=True, slots=True)
class Culprits:
    """Looks for who did it. `reports`: best evidence first; `inherited`: reports of a total that it is part of."""

    incident: Incident
    reports: list[Report]
    inherited: list[Report]
    told: Tellings

    @property
    def own(self) -> list[Sentence]:
        """The sentences that tell of the incident."""
        return [r.sentence for r in self.reports] + self.incident.details

    def named(self, kind: str) -> tuple[Perpetrator, Sentence] | None:
        """Who did it, with the sentence that says so; a claim or a hedge elsewhere in the incident sets the status.

        Args:
            kind: The sub-event type of the incident.
        """
        found = self._in_own_sentences(kind)
        near = (
            None
            if found
            else self._blamed_after()
            or self._whom_they_stand_for()
            or self._of_bulletin()
            or self._told_before()
            or self._side_of_clash(_NAMED)
            or self._of_the_story(kind)
            or self._of_the_lead(kind)
            or self._of_the_issuer()
            or self._side_of_clash(_NAMELESS)
        )
        found = [near] if near is not None else found
        merged = merge_perpetrators([p for p, _ in found])
        if merged is None:
            return None
        where = next(
            (s for p, s in found if (p.start, p.end, p.text) == (merged.start, merged.end, merged.text)), found[0][1]
        )
        return self._by_its_name(merged, where), where

    def _in_own_sentences(self, kind: str) -> list[tuple[Perpetrator, Sentence]]:
        """Everybody whom the incident's sentences hold for it, best evidence first; without a name also those of its total."""
        found = [(r.perpetrator, r.sentence) for r in self.reports if r.perpetrator is not None]
        if len(self.reports) > 1:  # "the attackers were killed by police" says not whose attack it was
            others = [(p, s) for p, s in found if not _killed_the_attackers(p, s)]
            found = others if len(others) < len(found) else found
        found += [(p, d) for d in self.incident.details if (p := detail_perpetrator(d)) is not None]
        found += [(c, s) for s in self.own if (c := claim_in(s.doc[:], s.actors)) is not None]
        if not any(is_named(p.canonical) for p, _ in found):
            found += [(r.perpetrator, r.sentence) for r in self._totals(kind) if r.perpetrator is not None][:1]
        return found

    def _totals(self, kind: str) -> list[Report]:
        """The totals that it is part of, but for those that tell of other means: "a day of bombs and death-squad killings"."""
        own = _FAMILIES.get(kind, kind)
        return [r for r in self.inherited if _means(r.sentence) <= {own}]

    def _blamed_after(self) -> tuple[Perpetrator, Sentence] | None:
        """Whom one of the next sentences blames, or who claims the deed there, before another act is told."""
        end = max(r.order for r in self.reports)
        for sentence in self.told.between(end + 1, end + BLAME_REACH):
            if sentence.field == "title":
                continue
            begun = [r for i, r in self.told.tellers(sentence) if i is not self.incident and r is i.reports[0]]
            other = begun[-1] if begun else None
            if other is not None and (other.separate == 2 or other.place is not None):
                return None
            who = claim_in(sentence.doc[:], sentence.actors)
            if who is not None and not who.rule.startswith("denial") and _is_of_this(who, sentence):
                return who, sentence
        return None

    def _whom_they_stand_for(self) -> tuple[Perpetrator, Sentence] | None:
        """Who did the act told before where "they" or "the same group" did this one: "They killed 19 people in Ajuong"."""
        lead = self.reports[0].sentence
        if not any(_is_done_by_those_before(s) for s in self.own if s.field == lead.field):
            return None
        for sentence in lead.earlier(_TOLD_REACH):
            if sentence.field != lead.field:
                return None
            who = find_perpetrator(sentence.doc[:], sentence.doc[0], sentence.actors)
            if who is not None and not who.rule.startswith(("denial", PEOPLE)):
                return who, sentence
        return None

    def _of_bulletin(self) -> tuple[Perpetrator, Sentence] | None:
        """Who did the act that this one goes on from, told with the same means, where its own sentences name no armed actor."""
        first = self.reports[0].sentence
        kind = next((r.type for r in self.reports if r.type_rule == "cue"), None)
        if kind is None or self.reports[0].separate == 2 or any(s.actors for s in self.own):
            return None
        for sentence in first.earlier(BULLETIN_REACH):
            if kind in [c.type for c in sentence.cues if c.strength >= 2] and (actor := detail_perpetrator(sentence)):
                return actor, sentence
        return None

    def _side_of_clash(self, kinds: tuple[str, ...]) -> tuple[Perpetrator, Sentence] | None:
        """The side of some kinds that is named of a firefight that is told with no attacker; a group before a state."""
        for report in self.reports:
            cue = report.type_cue
            if report.type != "Armed clash" or cue is None:
                continue
            if not any(t.lower_ in noun_set("clashes") for t in report.sentence.doc[cue.first : cue.last + 1]):
                continue
            if _only_speaks(report.sentence):
                continue
            sides = [a for a in report.sentence.actors if _side_kind(a) in kinds]
            if sides:
                side = min(sides, key=lambda a: (kinds.index(_side_kind(a)), a.start))
                told = Perpetrator(side.start, side.end, side.text, side.canonical, "stated", False, "side of a clash")
                return told, report.sentence
        return None

    def _by_its_name(self, told: Perpetrator, sentence: Sentence) -> Perpetrator:
        """The group itself where "the militants" did it and the article speaks of one armed group only."""
        if told.text.lower() not in noun_set("pointing") or sentence.text[: told.start].split()[-1:] not in (
            ["the"],
            ["The"],
        ):
            return told
        groups: dict[str, str] = self.told.remembered("groups", self._groups)
        return replace(told, canonical=next(iter(groups.values()))) if len(groups) == 1 else told

    def _groups(self) -> dict[str, str]:
        """The armed groups that the article names, by family."""
        named = (a for s in self.told.sentences for a in s.actors if a.kind == "armed_group")
        return {family_of(a.canonical): a.canonical for a in named}

    def _of_the_story(self, kind: str) -> tuple[Perpetrator, Sentence] | None:
        """The one actor who, as the article tells, strikes by that means, where the incident's own sentences name no other that could."""
        own = [a for s in self.own for a in s.actors]
        if kind not in _OF_ONE_ACTOR or any(kind != _AIR or a.kind in ("state", "coalition") for a in own):
            return None
        told: tuple[Perpetrator, Sentence] | None = self.told.remembered(("actor", kind), lambda: self._actor_of(kind))
        return told

    def _of_the_lead(self, kind: str) -> tuple[Perpetrator, Sentence] | None:
        """Who made the attacks that the story opens with, of which this is one: "Russian strikes on the east killed seven"."""
        lead = self.reports[0]
        if kind not in _OF_ONE_ACTOR or (lead.separate == 2 and lead.date is not None):
            return None
        for sentence in self.told.sentences[:_OPENING]:
            who = find_perpetrator(sentence.doc[:], sentence.doc[0], sentence.actors)
            if sentence.order >= lead.order or who is None or who.rule != "attack noun":
                continue
            after = sentence.doc.char_span(who.end, who.end + 40, alignment_mode="contract")
            if after is not None and any(t.lower_ in noun_set("waves") for t in after):
                return who, sentence
        return None

    def _of_the_issuer(self) -> tuple[Perpetrator, Sentence] | None:
        """The armed side whose own communique the article is, for what it tells to have cost its enemies."""
        lead = next((r.sentence for r in self.reports if not r.is_title), None)
        told = self.told.remembered("issuer", self._issuer)
        if told is None or lead is None:
            return None
        carried, canonical, is_group = told
        words = set(lead.doc.lower)
        hit = words & (noun_set("enemies") | noun_set("forces") if is_group else noun_set("enemies"))
        if not (hit or "enemy" in words) or words & noun_set("ours"):
            return None
        start = carried.start - lead.offset  # its name stands elsewhere in the article
        end = start + len(carried.text)
        return Perpetrator(start, end, carried.text, canonical, "claimed", False, ISSUED), lead

    def _issuer(self) -> tuple[Carried, str, bool] | None:
        """Who speaks in the article as a whole, where that is an armed side: its name in the table, and whether it is no state's."""
        carried = next(
            (s.carried for s in self.told.sentences if s.carried and s.carried.source.rule == "issuer"), None
        )
        if carried is None or not carried.source.belligerent:
            return None
        name, is_group = carried.source.name, carried.source.kind == "armed_group"
        if (known := group_in(name)) is not None:
            return carried, known, True
        if not name.startswith("Radio"):
            return carried, name, is_group
        named = (a.canonical for s in self.told.sentences for a in s.actors)
        group = next((n for n in named if kind_of_name(n) == "armed_group"), None)
        return (carried, group, True) if group else None  # a clandestine radio speaks for the group that it tells of

    def _actor_of(self, kind: str) -> tuple[Perpetrator, Sentence] | None:
        """The only one whom sentences of the article say to have acted by some means."""
        told = self._actors_of(kind)
        if not told and kind == _AIR:  # whose guns it is, his are the aircraft
            guns = self._actors_of(_GUNS)
            told = [(replace(p, canonical=side), s) for p, s in guns if (side := state_of(p.canonical)) is not None]
        return told[0] if len({family_of(p.canonical) for p, _ in told}) == 1 else None

    def _actors_of(self, kind: str) -> list[tuple[Perpetrator, Sentence]]:
        """Everybody whom a sentence of the article says to have acted by some means."""
        sentences = [s for s in self.told.sentences if any(c.type == kind and c.strength >= 2 for c in s.cues)]
        return [(p, s) for s in sentences if (p := detail_perpetrator(s)) is not None and p.rule != "denial"]

    def _told_before(self) -> tuple[Perpetrator, Sentence] | None:
        """Who did the act that the sentences right before tell of, where the incident's own go on from it without place or day."""
        lead = self.reports[0]
        if lead.separate == 2 or (lead.anaphor is None and (lead.place is not None or lead.date is not None)):
            return None
        sentence = lead.sentence
        for _ in range(_TOLD_REACH):
            before = sentence.before
            if before is None or sentence.order - before.order > 1 or before.field != lead.sentence.field:
                return None
            actor = detail_perpetrator(before) or find_perpetrator(before.doc[:], before.doc[0], before.actors)
            if actor is not None:
                same = any(a.canonical == actor.canonical for a in lead.sentence.actors)
                return None if same else (actor, before)
            if before.figures or before.opens_paragraph:
                return None
            sentence = before
        return None


def _side_kind(actor: ActorExpression) -> str:
    """The kind of a side; "men" for a force that is only named by those it lost."""
    return "men" if actor.kind == "state" and actor.text.lower() in _MEN else actor.kind


def _means(sentence: Sentence) -> set[str]:
    """The kinds of act that a sentence tells of, those alike as one."""
    return {_FAMILIES.get(c.type, c.type) for c in sentence.cues if c.strength >= 2}


def _killed_the_attackers(who: Perpetrator, sentence: Sentence) -> bool:
    """Whether all that an actor of a sentence did was to kill those who attacked."""
    span = sentence.doc.char_span(who.start, who.end, alignment_mode="expand")
    if span is None or span.root.dep_ != "pobj" or span.root.head.lower_ != "by":
        return False
    verb = span.root.head.head
    hit = [c for v in (verb, verb.head) for c in v.children if c.dep_ in ("nsubjpass", "nsubj")]
    return any(t.lower_ in noun_set("attackers") for t in hit)


def _is_done_by_those_before(sentence: Sentence) -> bool:
    """Whether a sentence tells a deed of "they", "he" or "the same group"."""
    for token in sentence.doc.tokens:
        if token.dep_ not in SUBJECTS or not is_violent(token.head) or not is_active(token.head):
            continue
        pointed = token.i > 0 and sentence.doc[token.i - 1].lower_ in ("same", "the")
        if token.lower_ in ("they", "he") or (pointed and token.lower_ in claim_words("group_words")):
            return True
    return False


def _is_of_this(who: Perpetrator, sentence: Sentence) -> bool:
    """Whether a claim can be that of this act: what a side tells of its own doing only where it takes up an act told before."""
    told = who.rule.startswith("claim: tells")
    return not told or (not sentence.figures and find_anaphor(sentence.doc) is not None)


def _only_speaks(sentence: Sentence) -> bool:
    """Whether the one actor of a sentence is who tells it: "gunfire killed two, police said"."""
    families = {family_of(a.canonical) for a in sentence.actors}
    spoken = [(s.start, s.end) for s in sentence.sources]
    return len(families) == 1 and all(
        any(a.start < end and start < a.end for start, end in spoken) for a in sentence.actors
    )


def detail_perpetrator(sentence: Sentence) -> Perpetrator | None:
    """Who did the act that a sentence without figures tells of."""
    for cue in sentence.cues:
        if perpetrator := find_perpetrator(sentence.doc[:], sentence.doc[cue.last], sentence.actors):
            return perpetrator
    return None
