"""Codes the counts of an incident, `killed_*` and `injured_*`, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from expectations.ranges import span
from tasks.extract.join import leading_count
from tasks.extract.parts import find_sets
from tasks.extract.predicates import shot_forms

if TYPE_CHECKING:
    from tasks.extract.reports import Report, Sentence

_OUTCOMES: Final = ("killed", "injured")
_SENT: Final = frozenset({"sent", "sending", "sends", "taken", "rushed"})  # to hospital: the dead may be among them
_WISHES: Final = frozenset({"condolences", "recovery", "shortage", "shortages", "wishes", "wished", "if"})
_ANYONE: Final = frozenset({"man", "woman", "boy", "girl", "victim", "person", "teen", "teenager", "child"})


class Notes:
    """What the coded values of one incident rest on (`codings`), and what is doubtful about them (`flags`)."""

    def __init__(self) -> None:
        self.codings: list[dict[str, Any]] = []
        self.flags: set[str] = set()
        self.added: set[int] = set()  # ids of figures of other reports that were added to the first's
        self.died_of_it = False  # whether the one person told hurt is one of the dead

    def note(self, column: str, value: object, rule: str, sentence: Sentence, start: int, end: int) -> None:
        """Records what a coded value rests on; `start`, `end` are characters of the sentence."""
        self.note_at(column, value, rule, sentence.field, sentence.offset + start, sentence.text[start:end])

    def note_at(self, column: str, value: object, rule: str, field: str, start: int, text: str) -> None:
        """Like `note`, for words that stand anywhere in the article; `start` is a character of the field."""
        self.codings.append(
            {
                "column": column,
                "value": str(value),
                "rule": rule,
                "field": field,
                "start": start,
                "end": start + len(text),
                "text": text,
            }
        )

    def note_tokens(self, column: str, value: object, rule: str, sentence: Sentence, first: int, last: int) -> None:
        """Like `note`, for a range of tokens."""
        token = sentence.doc[last]
        self.note(column, value, rule, sentence, sentence.doc[first].idx, token.idx + len(token))


def code_counts(notes: Notes, reports: list[Report], row: dict[str, Any]) -> None:
    """killed_* and injured_*: the figure that the article leads with; other figures are flagged."""
    shot = _shot_and_killed(reports)
    for outcome in _OUTCOMES:
        lead = leading_count(reports, outcome)
        row[f"{outcome}_min"], row[f"{outcome}_max"] = lead.min, lead.max
        told = False
        for report in reports:
            count = report.counts[outcome]
            if count == lead and lead.known and not told:
                told = True
                for figure in report.figures:
                    if figure.outcome == outcome and figure.role == "count":
                        value = span(lead.min, lead.max)
                        notes.note_tokens(
                            f"{outcome}_min",
                            value,
                            f"figure:{figure.rule}",
                            report.sentence,
                            figure.first,
                            figure.last,
                        )
            elif count.known and (count.min, count.max) != (lead.min, lead.max):
                notes.flags.add("alternative_counts")
        if lead.summed:
            notes.flags.add("both_sides" if _counts_both_sides(reports, outcome) else "summed")
    if row["killed_min"] and _shot_by_headline(reports, row["killed_min"]):
        row["injured_min"] = row["injured_max"] = None
        notes.codings[:] = [c for c in notes.codings if c["column"] != "injured_min"]
    elif shot is not None:
        row["injured_min"], row["injured_max"] = shot
        notes.died_of_it = shot == (None, None)
    elif row["killed_min"] and row["injured_min"] == row["injured_max"] == 1 and _died_of_it(reports):
        row["injured_min"] = row["injured_max"] = None
        notes.died_of_it = True
        notes.codings[:] = [c for c in notes.codings if c["column"] != "injured_min"]


def _shot_by_headline(reports: list[Report], killed: int) -> bool:
    """Whether only a headline tells of people "shot" whom the body tells killed: "Labourers shot in Turbat"."""
    told = [(r, f) for r in reports for f in r.figures if f.outcome == "injured" and f.role == "count"]
    return bool(told) and all(
        r.is_title and r.sentence.doc[f.anchor].lower_ in shot_forms() and (f.kind == "plural" or f.min == killed)
        for r, f in told
    )


def code_wounded(notes: Notes, sentences: Iterable[Sentence], row: dict[str, Any]) -> None:
    """The injured of an incident that only speaks of "the wounded": two or more."""
    if row["injured_min"] is not None or row["injured_max"] is not None or notes.died_of_it:
        return
    for sentence in sentences:
        if not _WISHES.isdisjoint(sentence.doc.lower):
            continue
        told = [(first, last) for first, last, outcome in find_sets(sentence.doc) if outcome == "injured"]
        told += [(f.first, f.last) for f in sentence.figures if f.outcome == "injured" and f.kind == "anaphoric"]
        if told:
            row["injured_min"], row["injured_max"] = 2, None
            notes.note_tokens("injured_min", span(2, None), "the_wounded", sentence, *told[0])
            return


def _counts_both_sides(reports: list[Report], outcome: str) -> bool:
    """Whether a sum adds the fighters of two sides ("12 rebels and 3 soldiers")."""
    fighters = [f for f in reports[0].figures if f.outcome == outcome and f.group == "combatant" and f.role == "count"]
    return len(fighters) > 1


def _died_of_it(reports: list[Report]) -> bool:
    """Whether the one person hurt is one of the dead, told again: "he was shot in the chest", "Ms Diaz suffered a wound"."""
    dead = [r for r in reports if r.counts["killed"].known]
    if _died_later(reports):
        return True
    for report in reports:
        for figure in report.figures:
            if figure.outcome != "injured" or figure.role != "count":
                continue
            doc = report.sentence.doc
            one = doc[figure.first].lower_ in ("he", "she")
            where_died = any(
                f.outcome == "killed"
                and (
                    (f.first > figure.last and doc[f.first].lower_ in ("he", "she", "him", "her"))
                    or (one and f.last < figure.first)
                )
                for f in report.figures
            )  # "a man was taken to hospital, where he died", "died of a wound that he suffered in May"
            again = figure.kind in ("definite", "named") and doc[figure.first].lower_ not in (
                "his",
                "her",
                "their",
                "its",
            )
            if figure.other or not (where_died or (again and not any(r is report for r in dead))):
                return False
    return True


def _died_later(reports: list[Report]) -> bool:
    """For "a cook was carried in with burns. She died at a clinic.": one hurt, and one dead by no other name."""
    told = [(r, f) for r in reports if not r.is_title for f in r.figures if f.role == "count"]
    hurt = [(r, f) for r, f in told if f.outcome == "injured"]
    dead = [(r, f) for r, f in told if f.outcome == "killed" and f.kind != "implied"]
    if not hurt or not dead or any(f.other for _, f in hurt):
        return False
    nouns = {r.sentence.doc[f.last].lower_ for r, f in hurt}
    first = min(r.order for r, _ in hurt)
    return all(
        f.kind == "definite"
        and r.order >= first
        and (r.sentence.doc[f.first].lower_ in ("he", "she") or r.sentence.doc[f.last].lower_ in nouns | _ANYONE)
        for r, f in dead
    )


def _died_of_them(reports: list[Report]) -> bool:
    """Whether the dead are told as some of those hurt: "one of the victims later died"."""
    words = [r.sentence.doc.lower for r in reports if r.counts["killed"].known and not r.is_title]
    return any(w[1:4] == ["of", "the", "victims"] or w[1:3] == ["of", "them"] for w in words)


def _shot_and_killed(reports: list[Report]) -> tuple[int | None, int | None] | None:
    """The injured of "three people were shot, one fatally": those shot less those killed; None: not told that way."""
    killed, shot = leading_count(reports, "killed"), leading_count(reports, "injured")
    told = next((r for r in reports if r.counts["injured"] == shot and shot.known), None)
    if told is None or killed.min is None or killed.min != killed.max or shot.min is None or killed.min == 0:
        return None
    doc = told.sentence.doc
    anchors = {doc[f.anchor].lower_ for f in told.figures if f.outcome == "injured" and f.role == "count"}
    if (
        not anchors
        or not (anchors <= shot_forms() or (anchors <= _SENT and _died_of_them(reports)))
        or shot.min < killed.min
        or any(f.other for f in told.figures if f.outcome == "injured")
    ):
        return None
    left = shot.min - killed.min
    return (left or None, left or None)
