"""Small ledgers for the explorer's tests: articles given as text, with the figures and incidents that their words tell."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from expectations.storage import write_part
from expectations.tables import TABLES
from tests.unit.mention_rows import mention

Row = dict[str, Any]


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Story:
    """One article. `incidents` are columns of mentions (see `mention`), with `words` for the evidence in the text."""

    article_id: str
    text: str
    title: str = "Market hit"
    incidents: list[Row] = field(default_factory=list)
    figures: list[tuple[str, str, str | None]] = field(default_factory=list)  # words, disposition, mention's incident
    columns: Row = field(default_factory=dict)


def find(text: str, words: str) -> Row:
    start = text.index(words)
    return {"field": "text", "start": start, "end": start + len(words), "text": words}


def article_row(story: Story) -> Row:
    return {
        "article_id": story.article_id,
        "source_id": story.article_id,
        "source_uri": f"news/{story.article_id}.txt",
        "url": f"https://news.example/{story.article_id}",
        "publisher": "The Nile Courier",
        "title": story.title,
        "text": story.text,
        "language": "en",
        "word_count": len(story.text.split()),
        "published_on": dt.date(2024, 5, 7),
        "published_basis": "metadata",
        "removed": [],
        "flags": [],
        "content_hash": sha(story.text),
        "ingested_at": dt.datetime(2024, 5, 8, tzinfo=dt.UTC),
    } | story.columns


def write_ledger(folder: Path, stories: list[Story], **tables: list[Row]) -> Path:
    """The tables of the stories, as a ledger has them; incidents of one id in several stories are one."""
    mentions: list[Row] = []
    figures: list[Row] = []
    for story in stories:
        for ordinal, given in enumerate(story.incidents):
            values = {"incident_id": f"i{story.article_id}{ordinal}"} | given
            words = values.pop("words", "")
            row = mention(story.article_id, ordinal=ordinal, **values)
            row["evidence"] = [find(story.text, words)] if words else []
            mentions.append(row)
        for number, (words, disposition, incident) in enumerate(story.figures):
            counted = [
                m["mention_id"]
                for m in mentions
                if m["article_id"] == story.article_id and m["incident_id"] == incident
            ]
            figures.append(
                find(story.text, words)
                | {
                    "figure_id": f"f{story.article_id}{number}",
                    "article_id": story.article_id,
                    "outcome": "killed",
                    "min": 3,
                    "max": 3,
                    "disposition": disposition,
                    "mention_id": counted[0] if counted else None,
                    "reason": f"because {disposition}",
                }
            )
    rows = {
        "articles": [article_row(s) for s in stories],
        "mentions": mentions,
        "figures": figures,
        "incidents": incident_rows(mentions),
    }
    for name, given in {**rows, "quarantine": [], "checks": [], **tables}.items():
        write_part(folder / name / "part-00000.parquet", TABLES[name], given)
    return folder


def incident_rows(mentions: list[Row]) -> list[Row]:
    coded = set(TABLES["incidents"].names)
    found: dict[str, Row] = {}
    for row in mentions:
        if row["incident_id"] is None:
            continue
        joined = found.setdefault(
            row["incident_id"],
            {k: v for k, v in row.items() if k in coded} | {"article_ids": [], "mention_ids": [], "conflicts": []},
        )
        joined["article_ids"].append(row["article_id"])
        joined["mention_ids"].append(row["mention_id"])
        joined["n_articles"] = joined["n_sources"] = len(joined["article_ids"])
    return list(found.values())


TEXT = (
    "Three civilians were killed when a drone hit a market in Wad Madani on Monday, medics said.\n\n"
    "The toll of the war has passed 9,000.\n\nResidents fled the town."
)


def market(article_id: str = "a1", **incident: Any) -> Story:
    """A story of one incident, with one figure that counts and one that does not."""
    values: Row = {
        "incident_id": "i1",
        "killed": (3, 3),
        "date": "2024-05-06",
        "place_name": "Wad Madani",
        "admin1": "Al Jazirah",
        "country_code": "SD",
        "at": (14.4, 33.52),
        "victims": [{"outcome": "killed", "group": "civilian", "min": 3, "max": 3, "text": "Three civilians"}],
        "words": "Three civilians were killed when a drone hit a market in Wad Madani on Monday, medics said.",
        "reported_by": ["medics"],
        "verification": "single_source",
    }
    return Story(
        article_id,
        TEXT,
        incidents=[values | incident],
        figures=[("Three civilians", "incident", values["incident_id"]), ("9,000", "toll", None)],
    )


ATTACKS = (
    "</script><script>window.HIT=1</script>",
    "<img src=x onerror=window.HIT=2>",
    "<svg/onload=window.HIT=3>",
    "javascript:window.HIT=4",
    "{{constructor.constructor('window.HIT=5')()}}",
    "${window.HIT=6}",
    "\u2028window.HIT=7\u2029",
    "<!--<script>window.HIT=8",
    "]]><iframe src=//evil.example/></iframe>",
    "\u202egnp.exe\u202c\u2066abc",
    "<a href='https://evil.example/'>x</a>",
    "'\"`;window.HIT=9//\\",
    '=HYPERLINK("https://evil.example")',
)


def hostile() -> Story:
    """Every text that a reader sees is an attack."""
    attack = " ".join(ATTACKS)
    words = f"Three {attack} civilians were killed {'x' * 20_000}."
    return Story(
        "evil",
        f"\U0001f480 {words}\n\n{attack}\n\nSeven died.",
        title=f"Title {attack}",
        columns={
            "publisher": f"Paper {attack}",
            "author": attack,
            "url": "https://news.example/?q='><script>window.HIT=10</script>",
            "standfirst": attack,
            "removed": [{"kind": "caption", "text": attack}],
        },
        incidents=[
            {
                "incident_id": "ievil",
                "killed": (3, None),
                "date": "2024-05-06",
                "place_name": f"Place {attack}",
                "admin1": f"Admin {attack}",
                "country_code": "SD",
                "at": (14.4, 33.52),
                "perpetrator": f"Actor {attack}",
                "perpetrator_text": attack,
                "weapon_text": attack,
                "target": attack,
                "date_text": attack,
                "reported_by": [attack, "مرصد حقوق الإنسان"],
                "victims": [{"outcome": "killed", "group": "civilian", "min": 3, "max": None, "text": attack}],
                "words": words,
                "codings": [
                    {
                        "column": "killed_min",
                        "value": attack,
                        "rule": attack,
                        "text": attack,
                        "field": "text",
                        "start": 0,
                        "end": 3,
                    }
                ],
            }
        ],
        figures=[("Three ", "incident", "ievil"), ("Seven", "unresolved", None)],
    )
