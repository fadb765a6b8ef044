"""Rows of `mentions` and `articles` for tests: a complete row, of which a test states only what it is about."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

Row = dict[str, Any]

HAROUN = {"place_name": "Tell Haroun", "at": (35.10, 40.40), "country_code": "SY", "admin1": "Deir ez-Zor"}
STRIKE = "An air strike on the market of Tell Haroun killed 26 people on Friday, medics at the Ibn Rushd clinic said."
STRIKE_ELSEWHERE = (
    "Medics of the Ibn Rushd clinic counted 26 dead after warplanes bombed Tell Haroun's vegetable market."
)
LATER_STRIKE = "A new air strike on Tell Haroun killed six people on Monday, residents said."
MOSQUE = "Fourteen worshippers died when shells struck the Abu Dharr mosque in Tell Haroun on Friday."


def short_hash(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]


def mention(article: str, evidence: str | list[str] = "", ordinal: int = 0, **values: Any) -> Row:
    """A mention: `killed=(7, 7)`, `injured=…`, `date="2018-11-12"` or a pair, `at=(lat, lon)`, and any column by name."""
    sentences = [evidence] if isinstance(evidence, str) else evidence
    row: Row = {
        "mention_id": short_hash("mention", article, ordinal),
        "article_id": article,
        "incident_id": None,
        "ordinal": ordinal,
        "event_type": "Explosions/Remote violence",
        "sub_event_type": "Air/drone strike",
        "victims": [],
        "date_precision": None,
        "date_basis": None,
        "date_text": None,
        "place_name": None,
        "place_relation": None,
        "admin1": None,
        "country_code": None,
        "geo_basis": "not_named",
        "perpetrator": None,
        "perpetrator_text": None,
        "perpetrator_status": "unknown",
        "target": None,
        "weapon_text": None,
        "reported_by": [],
        "verification": "unattributed",
        "confidence": 0.7,
        "flags": [],
        "codings": [],
        "evidence": [
            {
                "field": "text",
                "start": 1000 * ordinal + 200 * i,
                "end": 1000 * ordinal + 200 * i + len(text),
                "text": text,
            }
            for i, text in enumerate(sentences)
            if text
        ],
    }
    for what in ("killed", "injured"):
        row[f"{what}_min"], row[f"{what}_max"] = values.pop(what, (None, None))
    start, end = _days(values.pop("date", None))
    row["date_start"], row["date_end"] = start, end
    if start is not None:
        row["date_precision"], row["date_basis"] = ("day" if start == end else "days"), "explicit"
    row["latitude"], row["longitude"] = values.pop("at", (None, None))
    row["geo_precision"] = None if row["latitude"] is None else 1
    if row["latitude"] is not None:
        row["geo_basis"] = "gazetteer"
    row.update(values)
    return row


def _days(value: str | tuple[str, str] | None) -> tuple[dt.date | None, dt.date | None]:
    if value is None:
        return None, None
    first, last = (value, value) if isinstance(value, str) else value
    return dt.date.fromisoformat(first), dt.date.fromisoformat(last)


def article(article_id: str, published: str | None = "2018-11-13", **values: Any) -> Row:
    """An article: `source_id` is the `article_id` unless given."""
    row: Row = {
        "article_id": article_id,
        "source_id": article_id,
        "source_uri": f"{article_id}.txt",
        "url": None,
        "publisher": None,
        "author": None,
        "title": None,
        "standfirst": None,
        "text": "",
        "language": "en",
        "word_count": 0,
        "published_on": None if published is None else dt.date.fromisoformat(published),
        "published_basis": "none" if published is None else "metadata",
        "duplicate_of": None,
        "duplicate_similarity": None,
        "removed": [],
        "flags": [],
        "content_hash": short_hash(article_id),
        "ingested_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    }
    row.update(values)
    return row
