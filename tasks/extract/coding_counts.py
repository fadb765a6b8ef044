"""Codes the counts and the victims of an incident: `killed_*`, `injured_*` and the `victims` rows, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from expectations.ranges import span
from tasks.extract.counts import added_up, parts_added_up
from tasks.extract.figure import shares_number
from tasks.extract.join import leading_count
from tasks.extract.parts import ALL_OF_TOLD, REST_OF_TOLD, find_sets
from tasks.extract.predicates import loss_words, shot_forms
from tasks.extract.victims import other_groups

if TYPE_CHECKING:
    from tasks.extract.figure import Figure
    from tasks.extract.reports import Report, Sentence

_OUTCOMES: Final = ("killed", "injured")
_TOLD_OF: Final = (*_OUTCOMES, "abducted", "missing")  # the outcomes of `victims`
_SENT: Final = frozenset({"sent", "sending", "sends", "taken", "rushed"})  # to hospital: the dead may be among them
_WISHES: Final = frozenset({"condolences", "recovery", "shortage", "shortages", "wishes", "wished", "if"})
_ANYONE: Final = frozenset({"man", "woman", "boy", "girl", "victim", "person", "teen", "teenager", "child"})
_WHOLE: Final = frozenset({"civilian", "combatant", "journalist", "humanitarian"})
_MOTHERS: Final = frozenset({"mother", "wife", "grandmother"})
_OTHER_SIDE: Final = {"state": "rebel", "rebel": "state"}


class Notes:
    """What the coded values of one incident rest on (`codings`), and what is doubtful about them (`flags`)."""

    def __init__(self) -> None:
        self.codings: list[dict[str, Any]] = []
        self.flags: set[str] = set()
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
    if shot is not None:
        row["injured_min"], row["injured_max"] = shot
    elif row["killed_min"] and row["injured_min"] == row["injured_max"] == 1 and _died_of_it(reports):
        row["injured_min"] = row["injured_max"] = None
        notes.died_of_it = True
        notes.codings[:] = [c for c in notes.codings if c["column"] != "injured_min"]


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
    """For "a boy was found with a gunshot wound. He died in hospital.": one hurt, and one dead by no other name."""
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


@dataclass(slots=True)
class _Row:
    """One row of `victims` in the making. `weak`: no number told ("civilians"); `sides`: whose dead it counts already."""

    min: int | None
    max: int | None
    text: str
    weak: bool
    sides: set[str]

    def add(self, low: int | None, high: int | None, text: str) -> None:
        """Adds others of the same outcome and group."""
        self.min = None if self.min is None or low is None else self.min + low
        self.max = None if self.max is None or high is None else self.max + high
        self.text += f"; {text}"


def code_victims(notes: Notes, reports: list[Report], row: dict[str, Any]) -> list[dict[str, Any]]:
    """One row an outcome and group, from the report that states it first; the fighters of a second side are added.

    Args:
        notes: Where what the rows rest on is written down.
        reports: The incident's reports, the lead first.
        row: The incident, its counts coded.
    """
    rows: dict[tuple[str, str], _Row] = {}
    for report in reports:
        here: dict[tuple[str, str], _Row] = {}
        sides: dict[tuple[str, str], str] = {}  # of the fighters of a second side that are added here
        counted = {id(f) for outcome in _TOLD_OF for f in added_up(report.figures, outcome)}
        listed = parts_added_up(report.figures, report.sentence.doc)
        for told, group in _grouped(report):
            figure = _of_all(told, rows, row)
            most = row.get(f"{figure.outcome}_max")
            if report.is_title and most is not None and (figure.min or 0) > most:
                continue  # a headline that adds up several incidents
            key = (figure.outcome, group)
            known = rows.get(key)
            text = report.sentence.doc[figure.first : figure.last + 1].text
            side = _side(figure, report) if group == "combatant" else ""
            if known is not None and key not in here and not (known.weak and figure.kind in ("number", "indefinite")):
                apart = figure.side not in known.sides and _of_another_side(side, known.sides)
                apart = apart or bool(side and sides.get(key) == side and id(figure) in counted)
                again = side == "own" and (report.is_title or figure.min in (None, known.min))
                if apart and not again and figure.kind in ("number", "indefinite"):
                    known.add(figure.min, figure.max, text)
                    known.sides.add(side)
                    sides[key] = side
                    notes.flags.add("both_sides")
                continue
            if figure.attackers and not (key in here and here[key].sides == {"state"}) and id(figure) not in counted:
                continue  # attackers count as the other side's dead only, or where others killed them
            retold = figure.kind in ("definite", "plural") and len(reports) > 1 and bool(rows) and figure.role != "part"
            if retold and not (figure.kind == "definite" and report.sentence.doc[figure.last].lower_ in _MOTHERS):
                continue  # but "the mother and her three children" says who were killed
            if key not in here:
                here[key] = _Row(figure.min, figure.max, text, figure.kind == "plural", {side} - {""})
            elif (
                id(figure) in listed
                or figure.rule in ("part_of_told", ALL_OF_TOLD, REST_OF_TOLD)
                or (
                    figure.role == "count"
                    and figure.kind != "plural"
                    and (id(figure) in counted or figure.outcome not in _OUTCOMES)
                )
            ):  # not the same number told again in one sentence
                here[key].add(figure.min, figure.max, text)
                here[key].sides |= {side} - {""}
            value = f"{figure.outcome} {group}: {span(figure.min, figure.max)}"
            notes.note_tokens("victims", value, f"figure:{figure.rule}", report.sentence, figure.first, figure.last)
        rows.update(here)
    _as_coded(rows, reports, row)
    if notes.died_of_it:  # told hurt first, then dead
        rows = {("killed" if o == "injured" else o, group): row for (o, group), row in sorted(rows.items())}
    return [
        {"outcome": outcome, "group": group, "min": row.min, "max": row.max, "text": row.text}
        for (outcome, group), row in sorted(rows.items())
    ]


def _as_coded(rows: dict[tuple[str, str], _Row], reports: list[Report], row: dict[str, Any]) -> None:
    """Gives a group the number of the killed, where a report counts that many of the group alone.

    For "dozens of fighters were killed … 28 fighters died": the row says what the count says.
    """
    coded = (row.get("killed_min"), row.get("killed_max"))
    for (outcome, group), told in rows.items():
        if outcome != "killed" or coded == (None, None) or (told.min, told.max) == coded or ";" in told.text:
            continue
        for report in reports:
            count = report.counts[outcome]
            if (count.min, count.max) == coded and not count.weak:
                counted = added_up(report.figures, outcome)
                if {f.group for f in counted} == {group}:
                    told.min, told.max = coded
                    told.text = "; ".join(report.sentence.doc[f.first : f.last + 1].text for f in counted)
                    break


def _side(figure: Figure, report: Report) -> str:
    """Whose fighters a figure counts: "state", "rebel", or "own": those that the one who tells or fought has lost."""
    doc = report.sentence.doc
    if doc[figure.anchor].lower_ in loss_words():
        return "own"
    return figure.side


def _of_another_side(side: str, known: set[str]) -> bool:
    """Whether fighters are not those counted before: of the other side, or told as losses beside those killed."""
    if "own" in (side, *known):
        return side == "own" and "own" not in known
    return bool(side) and known == {_OTHER_SIDE[side]}


def _of_all(figure: Figure, rows: dict[tuple[str, str], _Row], row: dict[str, Any]) -> Figure:
    """The figure of "the victims were all civilians", "the rest of the dead were militants" with the number that it stands for."""
    low, high = row.get(f"{figure.outcome}_min"), row.get(f"{figure.outcome}_max")
    if figure.rule not in (ALL_OF_TOLD, REST_OF_TOLD) or low is None or (low == high == 1):
        return figure
    told = 0
    if figure.rule == REST_OF_TOLD:
        groups = [r.min or 0 for (outcome, group), r in rows.items() if outcome == figure.outcome and group in _WHOLE]
        told = sum(groups)
        if not told or told >= low:
            return figure
    return replace(figure, min=low - told, max=None if high is None else high - told, kind="number")


def code_civilians(
    notes: Notes, reports: list[Report], totals: list[Report], row: dict[str, Any]
) -> list[dict[str, Any]]:
    """The row of civilians of a part ("two people in A") of a total that counts civilians alone ("six civilians in the city")."""
    killed = row["killed_min"]
    known = {v["group"] for v in row["victims"] if v["outcome"] == "killed"}
    if killed is None or killed != row["killed_max"] or killed == 0 or not known <= {"woman", "child"}:
        return []
    if not any(f.outcome == "killed" and f.kind in ("number", "indefinite") for r in reports for f in r.figures):
        return []
    for total in totals:
        counted = added_up(total.figures, "killed")
        if {f.group for f in counted} == {"civilian"} and all((f.min or 0) > killed for f in counted):
            figure = counted[0]
            notes.note_tokens(
                "victims", f"killed civilian: {killed}", "of_civilians", total.sentence, figure.first, figure.last
            )
            return [
                {
                    "outcome": "killed",
                    "group": "civilian",
                    "min": killed,
                    "max": killed,
                    "text": total.sentence.doc[figure.first : figure.last + 1].text,
                }
            ]
    return []


def _grouped(report: Report) -> Iterator[tuple[Figure, str]]:
    """The figures of a report that state who the killed or injured were, with each group that they state."""
    doc = report.sentence.doc
    for position, figure in enumerate(report.figures):
        if figure.outcome not in _TOLD_OF or figure.kind in ("anaphoric", "none"):
            continue
        if shares_number(figure, report.figures[position - 1] if position else None):
            continue
        if figure.attackers:
            if figure.kind == "number" and figure.role == "count" and figure.side:
                yield figure, "combatant"
            continue
        groups = [figure.group] if figure.group else []
        groups += other_groups(figure.group, list(doc[figure.first : figure.last + 1]))
        if figure.group in ("woman", "child", None) and figure.role == "count" and "civilian" not in groups:
            later = report.figures[position + 1 :]
            if any(f.group == "civilian" and f.other and f.role == "count" for f in later):
                groups.append("civilian")  # "a woman was killed and three other civilians were injured"
        for group in groups:
            yield figure, group
