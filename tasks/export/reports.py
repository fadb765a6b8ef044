"""The reports of an incident as one nested column, for formats that can nest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tasks.export.facts import Facts
from tasks.export.mapping import Field, Mapping
from tasks.export.plain import EXTRA

_TOLD = ("article_id", "publisher", "author", "title", "published_on", "url", "source_uri")


def with_reports(mapping: Mapping) -> Mapping:
    """The mapping with `reports` in place of the columns that tell of articles and evidence in words."""
    words = {field.name for field in EXTRA if field.source in (("article_ids",), ("mention_ids",))}
    kept = tuple(field for field in mapping.fields if field.name not in words)
    reports = Field(
        "reports",
        "array",
        "Each report: mention_id, its article (publisher, title, address, day) and its evidence (field, start, end, text).",
        ("mention_ids", "article_ids"),
        _reports,
    )
    return replace(mapping, fields=(*kept, reports))


def _reports(facts: Facts) -> list[object]:
    return [_report(report) for report in facts.reports]


def _report(report: dict[str, Any]) -> dict[str, Any]:
    article = {name: report["article"][name] for name in _TOLD}
    return {"mention_id": report["mention_id"], "article": article, "evidence": report["evidence"]}
