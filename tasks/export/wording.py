"""What exports say in words: notes, sources, dates."""

from __future__ import annotations

import datetime as dt

from tasks.export.facts import Facts
from tasks.export.fatalities import vague_words
from tasks.export.mapping import joined

MAX_EVIDENCE = 400  # characters of the best evidence in notes


def notes(facts: Facts) -> str:
    """One incident in sentences: ranges, precision, status of claims, sources, what they disagree on, the best evidence."""
    row = facts.row
    parts = [f"Killed: {_count(facts, 'killed')}; injured: {_count(facts, 'injured')}."]
    parts += [f"Date: {when(facts)}.", f"Place: {where(facts)}."]
    if row["perpetrator"]:
        parts.append(f"Perpetrator: {row['perpetrator']} ({row['perpetrator_status']}).")
    if row["target"]:
        parts.append(f"Target: {row['target']}.")
    if row["reported_by"]:
        parts.append(f"Reported by: {joined(row['reported_by'])}.")
    parts.append(f"Verification: {row['verification']}.")
    if row["conflicts"]:
        parts.append(f"Sources disagree on: {joined(conflict['column'] for conflict in row['conflicts'])}.")
    if row["flags"]:
        parts.append(f"Flags: {joined(row['flags'])}.")
    if best := evidence(facts):
        parts.append(f"Evidence: “{best[:MAX_EVIDENCE]}{'…' if len(best) > MAX_EVIDENCE else ''}”")
    parts.append(f"Extracted by machine, confidence {row['confidence']:.2f}.")
    return " ".join(parts)


def _count(facts: Facts, outcome: str) -> str:
    text = facts.span(outcome)
    if not text:
        return "none" if "no_casualties" in facts.row["flags"] else "not stated"
    words = vague_words(facts) if outcome == "killed" else None
    return f"{text} (“{words}”)" if words else text


def when(facts: Facts) -> str:
    """The date with its end and how fine it is."""
    row = facts.row
    if row["date_start"] is None:
        return "not stated" + (f"; first reported {row['first_published_on']}" if row["first_published_on"] else "")
    days = f"{row['date_start']}" + (
        f" to {row['date_end']}" if row["date_end"] not in (None, row["date_start"]) else ""
    )
    basis = f", from {row['date_basis']} words" if row["date_basis"] else ""
    return f"{days} (precision: {row['date_precision']}{basis})"


def where(facts: Facts) -> str:
    """The place as written, with how the incident lies to it and where its coordinates come from."""
    row = facts.row
    if not row["place_name"]:
        return f"not named ({row['geo_basis']})"
    relation = f"{row['place_relation']} " if row["place_relation"] else ""
    return f"{relation}{row['place_name']} ({row['geo_basis']})"


def evidence(facts: Facts) -> str:
    """The best sentence of the first report."""
    found = next((report["evidence"][0]["text"] for report in facts.reports if report["evidence"]), "")
    return " ".join(found.split())


def all_evidence(facts: Facts) -> str:
    """All sentences that report it, each once, a line each."""
    texts = (" ".join(piece["text"].split()) for report in facts.reports for piece in report["evidence"])
    return joined(texts, "\n")


def publishers(facts: Facts) -> str:
    """The outlets."""
    return joined(article["publisher"] or article["source_id"] for article in facts.articles)


def addresses(facts: Facts) -> str:
    """Where the articles are to be found."""
    return joined(article["url"] or article["source_uri"] for article in facts.articles)


def titles(facts: Facts) -> str:
    """The headlines."""
    return joined(article["title"] for article in facts.articles)


def days_long(facts: Facts) -> int | None:
    """Days from the first to the last; None: no date."""
    start, end = facts.row["date_start"], facts.row["date_end"]
    return None if start is None else ((end or start) - start).days + 1


def middle_day(facts: Facts) -> dt.date | None:
    """The day in the middle of the range."""
    start, length = facts.row["date_start"], days_long(facts)
    return None if start is None or length is None else start + dt.timedelta(days=(length - 1) // 2)
