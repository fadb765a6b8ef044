"""Codes the `victims` rows of an incident: who the dead and the hurt were, by group, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from expectations.ranges import span
from tasks.extract.actors import is_state
from tasks.extract.counts import added_up, parts_added_up
from tasks.extract.figure import OWN_LOSS, shares_number
from tasks.extract.parts import ALL_OF_TOLD, REST_OF_TOLD
from tasks.extract.sums import PART_OF_SUM
from tasks.extract.victims import is_person_noun, other_groups

if TYPE_CHECKING:
    from tasks.extract.coding_counts import Notes
    from tasks.extract.figure import Figure
    from tasks.extract.reports import Report

_OUTCOMES: Final = ("killed", "injured")
_TOLD_OF: Final = (*_OUTCOMES, "abducted", "missing")  # the outcomes of `victims`
_WHOLE: Final = frozenset({"civilian", "combatant", "journalist", "humanitarian"})
# another version of the same fight, whose dead are not added to those told before
_RIVAL: Final = frozenset(
    "claimed claims claiming false falsely denied denies disputed disputes rejected rejects refuted".split()
)
_NEXT: Final = 2  # sentences from the dead of one side to those of the other
_MOTHERS: Final = frozenset({"mother", "wife", "grandmother"})
_THEIR: Final = frozenset({"his", "their", "its", "our", "own"})
_OTHER_SIDE: Final = {"state": "rebel", "rebel": "state"}


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
    last = reports[0].order
    for report in reports:
        here: dict[tuple[str, str], _Row] = {}
        sides: dict[tuple[str, str], str] = {}  # of the fighters of a second side that are added here
        counted = {id(f) for outcome in _TOLD_OF for f in added_up(report.figures, outcome)}
        listed = parts_added_up(report.figures, report.sentence.doc)
        fighters = not report.is_title and _only_fighters(rows, row)
        for told, group in _grouped(report, fighters=fighters):
            figure = _of_all(told, rows, row)
            most = row.get(f"{figure.outcome}_max")
            if report.is_title and most is not None and (figure.min or 0) > most:
                continue  # a headline that adds up several incidents
            key = (figure.outcome, group)
            known = rows.get(key)
            text = report.sentence.doc[figure.first : figure.last + 1].text
            side = _side(figure, report) if group == "combatant" else ""
            if known is not None and key not in here and not (known.weak and figure.kind in ("number", "indefinite")):
                apart = side not in known.sides and _of_another_side(side, known.sides)
                apart = apart or bool(side and sides.get(key) == side and id(figure) in counted)
                again = side == OWN_LOSS and (report.is_title or figure.min in (None, known.min))
                again = again or (key not in sides and _is_rival(report, figure.outcome, known.sides))
                if apart and not again and figure.kind in ("number", "indefinite"):
                    if report.order - last <= _NEXT and report.place is None:
                        _add_to_total(notes, row, figure, known, report)
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
            if _is_loose(figure, report, row):
                continue
            if key not in here:
                here[key] = _Row(figure.min, figure.max, text, figure.kind == "plural", {side} - {""})
            elif (
                id(figure) in listed
                or figure.rule in ("part_of_told", PART_OF_SUM, ALL_OF_TOLD, REST_OF_TOLD)
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


def _add_to_total(notes: Notes, row: dict[str, Any], figure: Figure, known: _Row, report: Report) -> None:
    """Adds the dead of the second side to the number of the incident, where that counts those of the first alone."""
    low, high = f"{figure.outcome}_min", f"{figure.outcome}_max"
    if (row.get(low), row.get(high)) != (known.min, known.max) or figure.min is None or known.min is None:
        return
    row[low] = known.min + figure.min
    row[high] = None if known.max is None or figure.max is None else known.max + figure.max
    notes.added.add(id(figure))
    value = span(row[low], row[high])
    notes.note_tokens(low, value, "both_sides", report.sentence, figure.first, figure.last)


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
    if figure.side:
        return figure.side
    doc = report.sentence.doc
    words = doc.lower[figure.first : figure.last + 1]
    if "and" in words:
        return ""
    start, last = doc[figure.first].idx, doc[figure.last]
    named = [a for a in report.sentence.actors if start <= a.start < last.idx + len(last) and a.kind != "generic"]
    if named:
        return "state" if is_state(named[0].canonical) else "rebel"
    return "" if _THEIR.isdisjoint(words) else OWN_LOSS  # "five of his fighters", "two of their men"


def _is_loose(figure: Figure, report: Report, row: dict[str, Any]) -> bool:
    """Whether people without a number stand beside a number told for all: "killing civilians", where 40 were killed."""
    total = row.get(f"{figure.outcome}_min")
    if figure.kind != "plural" or figure.role != "count" or total is None or total <= (figure.min or 0):
        return False
    return figure.group in ("civilian", "combatant") and not any(
        f is not figure and f.outcome == figure.outcome and f.role == "count" and f.kind == "number"
        for f in report.figures
    )


def _is_rival(report: Report, outcome: str, known: set[str]) -> bool:
    """Whether a report gives another version of the same fight: it denies or claims, or counts the dead of both sides itself."""
    if not _RIVAL.isdisjoint(report.sentence.doc.lower):
        return True
    fighters = [f for f in report.figures if f.outcome == outcome and f.group == "combatant" and f.role == "count"]
    return any(_side(f, report) in known - {""} for f in fighters)


def _of_another_side(side: str, known: set[str]) -> bool:
    """Whether fighters are not those counted before: of the other side, or told as losses beside those killed."""
    if side == OWN_LOSS or known == {OWN_LOSS}:
        return bool(side) and side not in known
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


def _are_more(report: Report, figure: Figure) -> bool:
    """For "six others were hurt" in the sentence after the one that tells of soldiers alone: they are soldiers, too."""
    if figure.group is not None or figure.role != "count" or figure.kind != "number" or figure.outcome != "injured":
        return False
    words = report.sentence.doc.lower[figure.first : figure.last + 1]
    return not any(is_person_noun(w) and w not in ("other", "others") for w in words)


def _only_fighters(rows: dict[tuple[str, str], _Row], row: dict[str, Any]) -> bool:
    """Whether all those told of so far are fighters, and all the dead among them."""
    dead = rows.get(("killed", "combatant"))
    return (
        dead is not None
        and {group for _, group in rows} == {"combatant"}
        and (dead.min, dead.max) == (row.get("killed_min"), row.get("killed_max"))
    )


def _grouped(report: Report, *, fighters: bool) -> Iterator[tuple[Figure, str]]:
    """The figures of a report that state who the killed or injured were, with each group that they state.

    Args:
        report: The report.
        fighters: Whether all those told of before it are fighters.
    """
    doc = report.sentence.doc
    for position, figure in enumerate(report.figures):
        if fighters and _are_more(report, figure):
            yield replace(figure, group="combatant"), "combatant"
            continue
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
                groups.append("civilian")  # "a girl died and four other civilians were hurt"
        for group in groups:
            yield figure, group
