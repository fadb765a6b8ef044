"""A small ledger for the tests of exports and corroboration: incidents given by what a test is about."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from mention_rows import article, mention

from expectations.storage import write_part
from expectations.tables import INCIDENTS, TABLES

Row = dict[str, Any]


def write_ledger(folder: Path, *incidents: Row, publisher: str = "The Daily Example") -> Path:
    """A ledger with one report of each incident; `words` are the figure of its killed, `evidence` its sentence."""
    rows: dict[str, list[Row]] = {"articles": [], "mentions": [], "figures": [], "incidents": []}
    for number, values in enumerate(incidents):
        _add(rows, number, dict(values), publisher)
    for name, table in rows.items():
        write_part(folder / f"{name}.parquet", TABLES[name], table)
    return folder


def _add(rows: dict[str, list[Row]], number: int, values: Row, publisher: str) -> None:
    told = values.pop("evidence", "Soldiers shelled the market, residents said.")
    words = values.pop("words", None)
    name = values.pop("incident_id", f"i{number}")
    published = values.pop("published", "2021-03-10")
    row = mention(f"a{number}", told, **values)
    row["incident_id"] = name
    rows["articles"].append(article(f"a{number}", published, publisher=publisher, title=f"Report {number}", text=told))
    rows["mentions"].append(row)
    if words is not None:
        rows["figures"].append(_figure(row, words, number))
    kept = {column: row[column] for column in INCIDENTS.names if column in row}
    rows["incidents"].append(
        kept
        | {
            "incident_id": name,
            "article_ids": [row["article_id"]],
            "mention_ids": [row["mention_id"]],
            "n_articles": 1,
            "n_sources": 1,
            "first_published_on": None if published is None else dt.date.fromisoformat(published),
            "conflicts": [],
        }
    )


def _figure(row: Row, words: str, number: int) -> Row:
    return {
        "figure_id": f"f{number}",
        "article_id": row["article_id"],
        "field": "text",
        "start": 0,
        "end": len(words),
        "text": words,
        "outcome": "killed",
        "min": row["killed_min"],
        "max": row["killed_max"],
        "disposition": "incident",
        "mention_id": row["mention_id"],
        "reason": "counted in the incident",
    }
