"""Turns the rows of a ledger into the pieces that the explorer loads: a short row an incident, its details, an article's text."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import pyarrow as pa

from expectations.tables import TABLES

# What the table, the map, the charts and the filters need of every incident; the rest is loaded with the incident.
SHORT: Final = (
    "incident_id",
    "date_start",
    "date_end",
    "date_precision",
    "place_name",
    "place_relation",
    "admin1",
    "country_code",
    "latitude",
    "longitude",
    "geo_precision",
    "geo_basis",
    "sub_event_type",
    "killed_min",
    "killed_max",
    "injured_min",
    "injured_max",
    "perpetrator",
    "perpetrator_status",
    "verification",
    "confidence",
    "n_articles",
    "n_sources",
)
# Texts that many rows share: written once, with a number a row.
CODED: Final = frozenset(
    c.name for c in TABLES["incidents"].columns if c.name in SHORT[1:] and pa.types.is_string(c.type)
)
ARTICLE_SHORT: Final = ("article_id", "title", "publisher", "published_on", "language", "duplicate_of", "n_mentions")
ARTICLE_CODED: Final = frozenset({"publisher", "language"})
REPORTERS_SHOWN: Final = 6  # in the row that the search reads; the details have them all


def clean(value: Any) -> Any:  # noqa: ANN401 - whatever a table holds
    """Numbers that JSON can hold; anything that is not finite is not known."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {k: clean(v) for k, v in value.items()}
    if isinstance(value, list):
        return [clean(v) for v in value]
    return value


def short_incident(row: dict[str, Any]) -> dict[str, Any]:
    """The row of an incident that is always loaded."""
    short = {name: clean(row[name]) for name in SHORT}
    for name in ("latitude", "longitude"):
        short[name] = None if short[name] is None else round(short[name], 5)
    short["victims"] = [[v["outcome"], v["group"], v["min"], v["max"]] for v in row["victims"]] or None
    short["flags"] = list(row["flags"]) or None
    short["n_conflicts"] = len({c["column"] for c in row["conflicts"]})
    words = [*row["reported_by"][:REPORTERS_SHOWN], row["target"], row["weapon_text"], row["perpetrator_text"]]
    short["words"] = " · ".join(dict.fromkeys(w for w in words if w))[:300] or None
    return short


SHORT_COLUMNS: Final = (*SHORT, "victims", "flags", "n_conflicts", "words")


def utf16_offsets(text: str) -> Callable[[int], int]:
    """Translates an offset in code points, as the tables have it, to one in UTF-16 units, as JavaScript counts."""
    if text.isascii() or max(text) <= "\uffff":
        return lambda offset: offset
    table = [0]
    for character in text:
        table.append(table[-1] + (2 if character > "\uffff" else 1))
    return lambda offset: table[min(max(offset, 0), len(table) - 1)]


def article_record(
    article: dict[str, Any], mentions: Sequence[dict[str, Any]], figures: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """An article with everything that was read in it; offsets as JavaScript counts them."""
    offsets = {name: utf16_offsets(article[name] or "") for name in ("title", "standfirst", "text")}

    def moved(row: dict[str, Any]) -> dict[str, Any]:
        at = offsets[row["field"]]
        return {**row, "start": at(row["start"]), "end": at(row["end"])}

    hidden = {"ingested_at", "content_hash", "source_uri"}
    record = {name: clean(value) for name, value in article.items() if name not in hidden}
    record["mentions"] = [
        {
            "mention_id": m["mention_id"],
            "incident_id": m["incident_id"],
            "label": label(m),
            "evidence": [{k: v for k, v in moved(e).items() if k != "text"} for e in m["evidence"]],
        }
        for m in mentions
    ]
    record["figures"] = [{k: v for k, v in moved(f).items() if k != "article_id"} for f in figures]
    return record


def label(row: dict[str, Any]) -> str:
    """An incident or mention in a few words: kind, place, day."""
    parts = [row["sub_event_type"], row["place_name"] or row["admin1"] or row["country_code"], row["date_start"]]
    return ", ".join(str(part) for part in parts if part)
