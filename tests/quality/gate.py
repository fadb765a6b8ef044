"""Measures the reader on coded articles and compares the scores with the floors in `floors.json`."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tasks.clean.step import clean_documents
from tasks.evaluate.score import score_tables
from tasks.extract.step import extract_mentions
from tasks.ingest.step import IngestSettings, ingest_documents
from tasks.resolve.step import resolve_incidents

ROOT = Path(__file__).parents[2]
GOLD = ROOT.parent / "shared" / "gold"
FLOORS = Path(__file__).with_name("floors.json")
WHY_SKIPPED = f"the coded articles are not part of the project and not on this machine ({GOLD})"

Scores = dict[str, float]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles with their gold, of which some lines are measured.

    Attributes:
        name: Name in `floors.json`.
        gold: Gold file.
        articles: What the pipeline reads.
        lines: Which documents of the gold file count; the rest is measured under another name.
    """

    name: str
    gold: Path
    articles: Path
    lines: slice = field(default_factory=lambda: slice(None))


# The first sixty articles may be read while working on the rules; the last forty may not, so a gap between the two warns.
# "own" was written for this project (thirty wars), so it is measured everywhere; the others only where they are to hand.
OWN = Path(__file__).with_name("own")
CORPORA = (
    Corpus("own", OWN / "gold.jsonl", OWN / "articles.jsonl"),
    Corpus("seed", GOLD / "seed.jsonl", ROOT / "seeds"),
    Corpus("dev_read", GOLD / "dev.jsonl", GOLD / "dev_articles.jsonl", slice(0, 60)),
    Corpus("dev_unread", GOLD / "dev.jsonl", GOLD / "dev_articles.jsonl", slice(60, None)),
    Corpus("muc4", GOLD / "muc4_dev_gold.jsonl", GOLD / "muc4_dev_articles.jsonl"),
)
# Too slow for every run: measured by `python -m tests.quality.update --all`, held by QUALITY_GATE=all.
SLOW_CORPORA = (Corpus("merge", GOLD / "merge_dev_gold.jsonl", GOLD / "merge_dev_articles.jsonl"),)


def read_articles(articles: Path, work: Path) -> Path:
    """Takes articles through ingest, clean, extract and resolve; the tables are in `work`, which is returned."""
    now = dt.datetime.now(dt.UTC)
    ingest_documents([str(articles)], work, run_id="quality", settings=IngestSettings(), now=now)
    clean_documents(work, run_id="quality")
    extract_mentions(work, run_id="quality", workers=os.cpu_count() or 1, model=None, progress=None)
    resolve_incidents(work, run_id="quality")
    return work


def measure(corpus: Corpus, tables: Path) -> Scores:
    """The scores of a corpus that floors are kept for."""
    lines = corpus.gold.read_text(encoding="utf-8").splitlines()[corpus.lines]
    part = tables / f"gold-{corpus.name}.jsonl"
    part.write_text("\n".join(lines) + "\n", encoding="utf-8")
    report = score_tables(part, tables)
    numbers = report.as_dict()
    if report.kind == "incidents":
        return {
            "slots_f1": numbers["slots"]["f1"],
            "detection_f1": numbers["detection"]["f1"],
            "usable_rows": numbers["usable_rows"],
            "country": numbers["country"]["share"],
        }
    if report.kind == "templates":
        whole = next(name for name in numbers if name.startswith("whole row"))
        return {"f1_in_scope": numbers["F1, in scope"][0], "whole_row": numbers[whole][0]}
    if report.kind == "resolution":
        return {
            "b_cubed_f1": numbers["b_cubed"]["f1"],
            "pairwise_f1": numbers["pairwise"]["f1"],
            **{name: numbers[name] for name in ("found", "killed_right", "injured_right")},
        }
    raise AssertionError(report.kind)


def fingerprint(path: Path) -> str:
    """SHA-256 of a gold file: floors hold for that gold alone."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def load_floors() -> dict[str, dict[str, Any]]:
    """`floors.json`: by corpus the hash of its gold and the floor of each score."""
    floors: dict[str, dict[str, Any]] = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    return floors


def below_floor(scores: Scores, floors: Scores) -> list[str]:
    """One line a score that is missing or below its floor."""
    return [
        f"{name} is {scores.get(name)}, below its floor of {floor}"
        for name, floor in floors.items()
        if name not in scores or scores[name] < floor
    ]
