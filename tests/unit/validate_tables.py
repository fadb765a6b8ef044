"""A small valid set of tables, made anew for each test, and ways to put it into a work folder."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

from expectations.storage import write_part
from expectations.tables import QUARANTINE, TABLES

Rows = dict[str, list[dict[str, Any]]]
READ_AT = dt.datetime(2024, 5, 8, 6, 30, tzinfo=dt.UTC)
TEXTS = {
    "a1": "Three civilians were killed when a drone hit a market in Wad Madani on Monday, medics said.\n\nThe toll of the war has passed 9,000.",
    "a2": "Gunmen abducted two aid workers near Wad Madani on Sunday.\n\nNobody was hurt in a later blast.",
    "a3": "Three civilians were killed when a drone hit a market in Wad Madani on Monday, medics said.",
}
CODED: dict[str, Any] = {
    "event_type": "Explosions/Remote violence",
    "sub_event_type": "Air/drone strike",
    "killed_min": 3,
    "killed_max": 3,
    "injured_min": None,
    "injured_max": None,
    "victims": [{"outcome": "killed", "group": "civilian", "min": 3, "max": 3, "text": "Three civilians"}],
    "date_start": dt.date(2024, 5, 6),
    "date_end": dt.date(2024, 5, 6),
    "date_precision": "day",
    "date_basis": "weekday",
    "date_text": "on Monday",
    "place_name": "Wad Madani",
    "place_relation": None,
    "admin1": "Al Jazirah",
    "country_code": "SD",
    "latitude": 14.4,
    "longitude": 33.52,
    "geo_precision": 1,
    "geo_basis": "gazetteer",
    "perpetrator": None,
    "perpetrator_text": None,
    "perpetrator_status": "unknown",
    "target": "a market",
    "weapon_text": "a drone",
    "reported_by": ["medics"],
    "verification": "single_source",
    "confidence": 0.9,
    "flags": [],
}
ABDUCTION = CODED | {
    "event_type": "Violence against civilians",
    "sub_event_type": "Abduction/forced disappearance",
    "killed_min": None,
    "killed_max": None,
    "victims": [{"outcome": "abducted", "group": "humanitarian", "min": 2, "max": 2, "text": "two aid workers"}],
    "date_start": dt.date(2024, 5, 5),
    "date_end": dt.date(2024, 5, 5),
    "date_text": "on Sunday",
    "perpetrator": "gunmen",
    "perpetrator_text": "Gunmen",
    "perpetrator_status": "stated",
}
NO_CASUALTIES = CODED | {
    "killed_min": 0,
    "killed_max": 0,
    "victims": [],
    "date_start": None,
    "date_end": None,
    "date_precision": None,
    "date_basis": None,
    "date_text": None,
    "latitude": None,
    "longitude": None,
    "geo_precision": None,
    "geo_basis": "not_named",
    "country_code": None,
    "flags": ["no_casualties"],
}


def sha(text: str) -> str:
    """A SHA-256 as the tables hold it."""
    return hashlib.sha256(text.encode()).hexdigest()


def span(article: str, words: str) -> dict[str, Any]:
    """Where some words stand in an article's text."""
    start = TEXTS[article].index(words)
    return {"field": "text", "start": start, "end": start + len(words), "text": words}


def _document(name: str) -> dict[str, Any]:
    return {
        "document_id": f"d-{name}",
        "source_id": name,
        "source_uri": f"news/{name}.txt",
        "record": 0,
        "media_type": "text/plain",
        "content": TEXTS[name].encode(),
        "content_hash": sha(name),
        "ingested_at": READ_AT,
    }


def _article(name: str, day: int) -> dict[str, Any]:
    return {
        "article_id": name,
        "source_id": name,
        "source_uri": f"news/{name}.txt",
        "url": f"https://news.example/{name}",
        "publisher": "The Nile Courier",
        "title": "Market hit in Wad Madani",
        "text": TEXTS[name],
        "language": "en",
        "word_count": len(TEXTS[name].split()),
        "published_on": dt.date(2024, 5, day),
        "published_basis": "metadata",
        "removed": [{"kind": "credit_line", "text": "[Photo: staff]"}],
        "flags": [],
        "content_hash": sha(name),
        "ingested_at": READ_AT,
    }


def _mention(name: str, article: str, ordinal: int, coded: dict[str, Any], words: str) -> dict[str, Any]:
    coding = {"column": "date_start", "value": "2024-05-06", "rule": "weekday", **span(article, words[-10:])}
    evidence = [span(article, words)]
    return (
        {"mention_id": name, "article_id": article, "incident_id": f"i-{name}", "ordinal": ordinal}
        | coded
        | {
            "evidence": evidence,
            "codings": [coding],
        }
    )


def _figure(name: str, article: str, words: str, outcome: str, low: int, mention: str | None) -> dict[str, Any]:
    return {
        "figure_id": name,
        "article_id": article,
        **span(article, words),
        "outcome": outcome,
        "group": None,
        "min": low,
        "max": low,
        "disposition": "incident" if mention else "toll",
        "mention_id": mention,
        "reason": "killed in this incident" if mention else "a toll of the whole war",
    }


def _incident(mention: dict[str, Any], day: int) -> dict[str, Any]:
    return {name: mention[name] for name in CODED} | {
        "incident_id": mention["incident_id"],
        "article_ids": [mention["article_id"]],
        "mention_ids": [mention["mention_id"]],
        "n_articles": 1,
        "n_sources": 1,
        "first_published_on": dt.date(2024, 5, day),
        "conflicts": [],
    }


def valid_tables() -> Rows:
    """Three articles (one a copy), three mentions, three figures, three incidents: all as they must be."""
    articles = [_article("a1", 7), _article("a2", 7), _article("a3", 8)]
    articles[2] |= {"duplicate_of": "a1", "duplicate_similarity": 0.93}
    mentions = [
        _mention("m1", "a1", 0, CODED, "Three civilians were killed when a drone hit a market in Wad Madani on Monday"),
        _mention("m2", "a2", 0, ABDUCTION, "Gunmen abducted two aid workers near Wad Madani on Sunday."),
        _mention("m3", "a2", 1, NO_CASUALTIES, "Nobody was hurt in a later blast."),
    ]
    return {
        "documents": [_document(name) for name in TEXTS],
        "articles": articles,
        "mentions": mentions,
        "figures": [
            _figure("f1", "a1", "Three", "killed", 3, "m1"),
            _figure("f2", "a1", "9,000", "killed", 9000, None),
            _figure("f3", "a2", "two", "abducted", 2, "m2"),
        ],
        "incidents": [_incident(mention, 7) for mention in mentions],
    }


def write_tables(work: Path, tables: Rows, *, part: str = "part-00000") -> None:
    """Write each table as one part file; an absent table is not written."""
    for name, rows in tables.items():
        write_part(work / name / f"{part}.parquet", TABLES[name], rows)


def write_held(work: Path, stage: str, document: dict[str, Any]) -> None:
    """What a stage writes when it holds a document back itself."""
    row = {
        "run_id": "r",
        "stage": stage,
        "table": "documents",
        "row_key": document["document_id"],
        "check": "no_story",
        "column": "",
        "reason": "Nothing is left.",
        "row": json.dumps({"content_hash": document["content_hash"]}),
    }
    write_part(work / "quarantine" / f"{stage}-00000.parquet", QUARANTINE, [row])


_IDS = ("document_id", "article_id", "mention_id", "incident_id", "figure_id", "duplicate_of")


def renamed(tables: Rows, suffix: str) -> Rows:
    """The same tables under other keys, so that many sets fit into one work folder."""

    def value(name: str, old: Any) -> Any:
        if old is None:
            return None
        if name in _IDS or name == "source_uri":
            return f"{old}{suffix}"
        if name in ("article_ids", "mention_ids"):
            return [f"{item}{suffix}" for item in old]
        if name == "content_hash" and len(old) == 64:
            return sha(old + suffix)
        return old

    return {
        table: [{name: value(name, old) for name, old in row.items()} for row in rows] for table, rows in tables.items()
    }


def joined(sets: list[Rows]) -> Rows:
    """Several sets of tables as one."""
    return {table: [row for tables in sets for row in tables[table]] for table in sets[0]}
