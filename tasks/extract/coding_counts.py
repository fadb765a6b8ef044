"""Codes the counts and the victims of an incident: `killed_*`, `injured_*` and the `victims` rows, each with what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from expectations.ranges import span
from tasks.extract.join import leading_count
from tasks.extract.predicates import shot_forms

if TYPE_CHECKING:
    from tasks.extract.reports import Report, Sentence

_OUTCOMES: Final = ("killed", "injured")


class Notes:
    """What the coded values of one incident rest on (`codings`), and what is doubtful about them (`flags`)."""

    def __init__(self) -> None:
        self.codings: list[dict[str, Any]] = []
        self.flags: set[str] = set()

    def note(self, column: str, value: object, rule: str, sentence: Sentence, start: int, end: int) -> None:
        """Records what a coded value rests on; `start`, `end` are characters of the sentence."""
        self.codings.append(
            {
                "column": column,
                "value": str(value),
                "rule": rule,
                "field": sentence.field,
                "start": sentence.offset + start,
                "end": sentence.offset + end,
                "text": sentence.text[start:end],
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


def _counts_both_sides(reports: list[Report], outcome: str) -> bool:
    """Whether a sum adds the fighters of two sides ("12 rebels and 3 soldiers")."""
    fighters = [f for f in reports[0].figures if f.outcome == outcome and f.group == "combatant" and f.role == "count"]
    return len(fighters) > 1


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
        or not anchors <= shot_forms()
        or shot.min < killed.min
        or any(f.other for f in told.figures if f.outcome == "injured")
    ):
        return None
    left = shot.min - killed.min
    return (left or None, left or None)


def code_victims(notes: Notes, reports: list[Report]) -> list[dict[str, Any]]:
    """One row an outcome and group, from the report that states it first."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for report in reports:
        here: dict[tuple[str, str], dict[str, Any]] = {}
        for figure in report.figures:
            if (
                figure.group is None
                or figure.outcome not in _OUTCOMES
                or figure.attackers
                or figure.kind in ("anaphoric", "none")
            ):
                continue
            key = (figure.outcome, figure.group)
            if (key in rows and not (rows[key].pop("weak", False) and figure.kind in ("number", "indefinite"))) or (
                figure.kind in ("definite", "plural") and len(reports) > 1 and rows
            ):
                continue
            text = report.sentence.doc[figure.first : figure.last + 1].text
            if key in here and figure.role == "count":
                old = here[key]
                old["min"] = None if old["min"] is None or figure.min is None else old["min"] + figure.min
                old["max"] = None if old["max"] is None or figure.max is None else old["max"] + figure.max
                old["text"] += f"; {text}"
            elif key not in here:
                here[key] = {
                    "outcome": figure.outcome,
                    "group": figure.group,
                    "min": figure.min,
                    "max": figure.max,
                    "text": text,
                }
                here[key]["weak"] = figure.kind == "plural"
            value = f"{figure.outcome} {figure.group}: {span(figure.min, figure.max)}"
            notes.note_tokens("victims", value, f"figure:{figure.rule}", report.sentence, figure.first, figure.last)
        rows.update(here)
    return [{k: v for k, v in rows[key].items() if k != "weak"} for key in sorted(rows)]
