"""Scores published tables against a gold file of any shape it knows: coded incidents, joined articles, MUC templates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.errors import InputError, TableError

if TYPE_CHECKING:
    from tasks.evaluate.report import Report

_MENTION_COLUMNS = [
    "article_id",
    "incident_id",
    "sub_event_type",
    "killed_min",
    "killed_max",
    "injured_min",
    "injured_max",
    "victims",
    "date_start",
    "date_end",
    "place_name",
    "admin1",
    "country_code",
    "perpetrator",
    "perpetrator_text",
    "perpetrator_status",
    "weapon_text",
    "reported_by",
    "evidence",
]
_INCIDENT_COLUMNS = ["incident_id", "killed_min", "killed_max", "injured_min", "injured_max"]


def read_gold(path: Path) -> list[dict[str, Any]]:
    """The documents of a gold file (JSON Lines).

    Raises:
        InputError: There is no such file, or a line is not a JSON object with a `doc_id`.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot read the gold file ({error}).") from error
    docs = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            doc = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"{path}, line {number}: not JSON ({error}). Gold is one JSON object a line.") from error
        if not isinstance(doc, dict) or "doc_id" not in doc:
            raise InputError(f"{path}, line {number}: no `doc_id`. Each line names the document it annotates.")
        docs.append(doc)
    return docs


def gold_shape(docs: list[dict[str, Any]], path: Path) -> str:
    """Which annotation the documents hold, told by their fields: "incidents", "templates" or "resolution".

    Raises:
        InputError: None of the three.
    """
    for doc in docs:
        if "incident" in doc:
            return "resolution"
        for incident in doc.get("incidents", ()):
            if "sentences" in incident:
                return "incidents"
            if "types" in incident:
                return "templates"
    if any("not_incidents" in doc for doc in docs):
        return "incidents"
    raise InputError(
        f"{path}: no gold that can be scored. Known shapes: `incidents` with `sentences` (coded incidents), `incidents` "
        "with `types` (MUC templates), `incident` (which incident an article is about)."
    )


def score_tables(gold: Path, tables: Path) -> Report:
    """Scores the `articles`, `mentions` (and `incidents`) tables in a folder against a gold file.

    A document is found by `articles.source_id` = `doc_id`.

    Args:
        gold: Gold file, JSON Lines; its shape decides what is measured.
        tables: Folder with the tables (an output folder).

    Raises:
        InputError: The gold file is unreadable or of no known shape.
        TableError: The tables are missing or broken.
    """
    from expectations.storage import part_paths, read_table
    from tasks.evaluate.incidents import score_incidents
    from tasks.evaluate.resolution import score_resolution
    from tasks.evaluate.templates import score_templates

    docs = read_gold(gold)
    shape = gold_shape(docs, gold)
    for name in ("articles", "mentions", *(("incidents",) if shape == "resolution" else ())):
        if not part_paths(tables, name):
            raise TableError(f"{tables}: no `{name}` table there. Name the output folder of a run.")
    articles = read_table(tables, "articles", ["article_id", "source_id"]).to_pylist()
    doc_of = {row["article_id"]: row["source_id"] for row in articles}
    mentions_of: dict[str, list[dict[str, Any]]] = {}
    for row in read_table(tables, "mentions", list(_MENTION_COLUMNS)).to_pylist():
        if row["article_id"] in doc_of:
            mentions_of.setdefault(doc_of[row["article_id"]], []).append(row)
    if shape == "resolution":
        rows = read_table(tables, "incidents", _INCIDENT_COLUMNS).to_pylist()
        report = score_resolution(docs, mentions_of, {row["incident_id"]: row for row in rows})
    elif shape == "templates":
        report = score_templates(docs, mentions_of)
    elif shape == "incidents":
        report = score_incidents(docs, mentions_of)
    else:
        raise AssertionError(shape)
    absent = sorted({doc["doc_id"] for doc in docs} - set(doc_of.values()))
    if absent:
        named = ", ".join(absent[:3])
        report.warnings.append(f"{len(absent)} of {len(docs)} gold documents have no article row, such as {named}")
    return report
