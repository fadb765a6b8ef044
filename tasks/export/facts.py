"""A published ledger as one object an incident: its row, its reports with their articles, its figures of the killed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations.countries import countries
from expectations.ranges import span
from expectations.storage import iter_parts

Row = dict[str, Any]

_ARTICLE_COLUMNS = ["article_id", "source_id", "source_uri", "url", "publisher", "author", "title", "published_on"]
_REPORT_COLUMNS = ["mention_id", "article_id", "evidence"]
_FIGURE_COLUMNS = ["mention_id", "outcome", "disposition", "min", "max", "text"]
_COUNTED = ("incident", "repeat")


@dataclass(frozen=True, slots=True)
class Facts:
    """All that an export says of one incident.

    Attributes:
        row: The incident's row.
        reports: Its mentions in the row's own order: `mention_id`, `article` and `evidence`.
        killed_figures: The figures of the killed that its mentions count or repeat: `min`, `max`, `text`.
    """

    row: Row
    reports: tuple[Row, ...]
    killed_figures: tuple[Row, ...]

    @property
    def articles(self) -> list[Row]:
        """The articles that report it, each once, in the order of the reports."""
        return list({report["article"]["article_id"]: report["article"] for report in self.reports}.values())

    @property
    def country(self) -> str | None:
        """English short name of the country, by GeoNames."""
        known = countries().get(self.row["country_code"] or "")
        return known.name if known else None

    def span(self, outcome: str) -> str:
        """The killed or injured as people write them: 26, 5–7, 24+; empty: not stated."""
        return span(self.row[f"{outcome}_min"], self.row[f"{outcome}_max"])


def read_facts(ledger: Path) -> Iterator[Facts]:
    """The incidents of a ledger by date and id, the undated last."""
    articles = {row["article_id"]: row for row in _rows(ledger, "articles", _ARTICLE_COLUMNS)}
    reports = {row["mention_id"]: row for row in _rows(ledger, "mentions", _REPORT_COLUMNS)}
    killed: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(ledger, "figures", _FIGURE_COLUMNS):
        if row["outcome"] == "killed" and row["mention_id"] and row["disposition"] in _COUNTED:
            killed[row["mention_id"]].append(row)
    for incident in _incidents(ledger):
        yield Facts(
            row=incident,
            reports=tuple(
                {
                    "mention_id": mention,
                    "article": articles[reports[mention]["article_id"]],
                    "evidence": reports[mention]["evidence"],
                }
                for mention in incident["mention_ids"]
            ),
            killed_figures=tuple(figure for mention in incident["mention_ids"] for figure in killed[mention]),
        )


def _incidents(ledger: Path) -> list[Row]:
    rows = list(_rows(ledger, "incidents", None))
    return sorted(rows, key=lambda row: (row["date_start"] is None, str(row["date_start"]), row["incident_id"]))


def _rows(ledger: Path, table: str, columns: list[str] | None) -> Iterator[Row]:
    for part in iter_parts(ledger, table, columns):
        yield from part.to_pylist()
