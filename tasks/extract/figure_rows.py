"""Writes each casualty figure of an article as a `figures` row: what became of it, and why."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tasks.extract.tellings import lead_of

if TYPE_CHECKING:
    from tasks.extract.figure import Figure
    from tasks.extract.join import Incident
    from tasks.extract.reports import Report, Sentence


def _figure_id(article_id: str, field: str, start: int, end: int, outcome: str) -> str:
    return "f" + hashlib.sha256(f"{article_id}|{field}|{start}|{end}|{outcome}".encode()).hexdigest()[:20]


def figure_rows(
    article_id: str,
    sentences: Sequence[Sentence],
    coded: list[tuple[dict[str, Any], Incident]],
    umbrellas: list[tuple[Incident, list[Incident]]],
) -> list[dict[str, Any]]:
    """One row a figure, each with exactly one disposition.

    Args:
        article_id: The article.
        sentences: All that were read of it.
        coded: The rows of its mentions, each with its incident.
        umbrellas: Totals that were taken out, each with its parts.
    """
    of_figure: dict[int, tuple[dict[str, Any], Incident, Report]] = {}
    for row, incident in coded:
        for report in incident.reports:
            for figure in report.figures:
                of_figure[id(figure)] = (row, incident, report)
    row_of = {id(incident): row for row, incident in coded}
    umbrella_of = {id(f): parts for umbrella, parts in umbrellas for r in umbrella.reports for f in r.figures}
    rows = []
    for sentence in sentences:
        for n, figure in enumerate(sentence.figures):
            start = sentence.offset + sentence.doc[figure.first].idx
            last = sentence.doc[figure.last]
            end = sentence.offset + last.idx + len(last)
            disposition, reason, mention = _disposition(
                figure, sentence.verdicts.get(n), of_figure, umbrella_of, row_of
            )
            rows.append(
                {
                    "figure_id": _figure_id(article_id, sentence.field, start, end, figure.outcome),
                    "article_id": article_id,
                    "field": sentence.field,
                    "start": start,
                    "end": end,
                    "text": sentence.text[start - sentence.offset : end - sentence.offset],
                    "outcome": figure.outcome,
                    "group": figure.group,
                    "min": figure.min,
                    "max": figure.max,
                    "disposition": disposition,
                    "mention_id": mention,
                    "reason": reason,
                }
            )
    return list({r["figure_id"]: r for r in rows}.values())


def _disposition(
    figure: Figure,
    verdict: tuple[str, str] | None,
    of_figure: dict[int, tuple[dict[str, Any], Incident, Report]],
    umbrella_of: dict[int, list[Incident]],
    row_of: dict[int, dict[str, Any]],
) -> tuple[str, str, str | None]:
    if verdict is not None:
        return verdict[0], verdict[1], None
    if (parts := umbrella_of.get(id(figure))) is not None:
        mention = next((row_of[id(p)]["mention_id"] for p in parts if id(p) in row_of), None)
        if mention is not None:
            return "repeat", f"a total of {len(parts)} incidents that the article tells one by one", mention
        return "unresolved", "a total whose parts are no incidents of their own", None
    if id(figure) not in of_figure:
        return "unresolved", "people without a number of their own, or nobody reported hurt by name or number", None
    row, incident, report = of_figure[id(figure)]
    first = lead_of(incident)
    if report is first or id(figure) in incident.added or all(f.outcome != figure.outcome for f in first.figures):
        return "incident", "counted in the incident", row["mention_id"]
    return "repeat", "another report of the same incident in this article", row["mention_id"]
