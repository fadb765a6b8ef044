"""How well the fixture pages are read, by us and by plain trafilatura: `python -m tests.quality.pages`."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from tasks.clean.article import clean_document
from tasks.ingest.source import Document
from tests.fixtures.pages.build import Page, pages
from tests.fixtures.pages.furniture import UNWANTED

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Reading:
    """What was read from a page."""

    title: str
    author: str
    date: str
    text: str


@dataclass(frozen=True)
class Score:
    """Shares (0–1) over all pages."""

    title: float
    date: float
    author: float
    body: float
    clean: float


def read_ours(page: Page) -> Reading:
    """By the clean stage."""
    row = clean_document(Document(f"{page.name}.html", 0, "text/html", page.markup.encode(), page.name).row(NOW))
    values: dict[str, Any] = {name: row[name] or "" for name in ("title", "author", "text")}
    return Reading(values["title"], values["author"], str(row["published_on"] or ""), values["text"])


def read_plain(page: Page) -> Reading:
    """By trafilatura as it comes."""
    from trafilatura import extract

    found = json.loads(extract(page.markup, output_format="json", with_metadata=True, include_comments=False) or "{}")
    return Reading(*(str(found.get(name) or "") for name in ("title", "author", "date", "text")))


def words(text: str) -> Counter[str]:
    """The words of a text."""
    return Counter(re.findall(r"\w+", text.casefold()))


def body_f1(page: Page, text: str) -> float:
    """Agreement of the words read with those of the story; the standfirst and the dateline count neither way."""
    wanted, found = words(" ".join(page.story.body)), words(text)
    spare = words(f"{page.story.standfirst} {page.story.place} {page.story.agency}")
    extra = found - wanted - spare
    both = (wanted & found).total()
    return 2 * both / (wanted.total() + both + extra.total()) if both else 0.0


def score(readings: list[tuple[Page, Reading]]) -> Score:
    """The shares over all pages."""
    total = len(readings)
    return Score(
        title=sum(r.title == p.story.title for p, r in readings) / total,
        date=sum(r.date == p.story.date for p, r in readings) / total,
        author=sum(r.author.casefold() == p.story.author.casefold() for p, r in readings) / total,
        body=sum(body_f1(p, r.text) for p, r in readings) / total,
        clean=sum(not unwanted(p, r) for p, r in readings) / total,
    )


def unwanted(page: Page, reading: Reading) -> list[str]:
    """Furniture that came out as story."""
    story = page.story
    return [piece for piece in (*UNWANTED, story.caption, story.credit) if piece in reading.text]


def main() -> None:
    """Print both scores, and what goes wrong page by page."""
    both = {"ours": [(p, read_ours(p)) for p in pages()], "trafilatura": [(p, read_plain(p)) for p in pages()]}
    for name, readings in both.items():
        print(name, score(readings))
    for page, reading in both["ours"]:
        wrong = []
        if reading.title != page.story.title:
            wrong.append(f"title {reading.title!r}")
        if reading.date != page.story.date:
            wrong.append(f"date {reading.date!r} for {page.story.date}")
        if reading.author.casefold() != page.story.author.casefold():
            wrong.append(f"author {reading.author!r} for {page.story.author!r}")
        if (f1 := body_f1(page, reading.text)) < 0.99:
            extra = words(reading.text) - words(" ".join(page.story.body))
            lost = words(" ".join(page.story.body)) - words(reading.text)
            wrong.append(f"body {f1:.3f}, extra {' '.join(list(extra)[:25])}, lost {' '.join(list(lost)[:12])}")
        wrong += [f"unwanted {piece!r}" for piece in unwanted(page, reading)]
        if wrong:
            print(f"{page.name}: {'; '.join(wrong)}")


if __name__ == "__main__":
    main()
