"""One document to one article: decoded, the story told from what stands around it, dated, its language named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tasks.clean import dates
from tasks.clean.decode import decode
from tasks.clean.identity import article_id, canonical_url
from tasks.clean.language import identify
from tasks.clean.normalise import one_line, plain_characters, words
from tasks.clean.oneline import dateline_date, opening_date, split_dateline, trim_head, trim_tail
from tasks.clean.page import Page, holds_markup, is_page, read_page, strip_markup
from tasks.clean.story import Story, read_lines

# Lines of about this length that end in mid-sentence are those of a text wrapped by hand.
WRAPPED: Final = range(45, 100)


@dataclass(slots=True)
class _Dated:
    """The publication date with where it was found and what is to be said of it."""

    day: dt.date | None = None
    basis: str = "none"
    flags: list[str] = field(default_factory=list)


def clean_document(document: Mapping[str, Any]) -> dict[str, object]:
    """The `articles` row of a `documents` row (as a dict); `duplicate_of` is left to the comparison of all articles."""
    text, replaced = decode(document["content"], document["encoding"], document["media_type"])
    ingested: dt.date = (document.get("fetched_at") or document["ingested_at"]).date()
    markup = document["media_type"] == "text/html" or holds_markup(text)
    page = read_page(text, ingested) if markup and is_page(text) else Page(strip_markup(text) if markup else text)
    story = _read_story(page, one_line(document["title"]) or one_line(page.title))
    dateline = _split_dateline(story)
    if not story.standfirst:
        story.standfirst = _description(page, story)
    url = canonical_url(document["url"]) or canonical_url(page.url)
    body = "\n\n".join(story.paragraphs)
    dated = _date(document, page, story, dateline, url, ingested)
    language = identify(f"{story.title or ''}\n{story.standfirst or ''}\n{body}")
    flags = [
        *(["not_english"] if language not in (None, "en") else []),
        *([] if body else ["no_text"]),
        *dated.flags,
        *(["invalid_url"] if document["url"] and not canonical_url(document["url"]) else []),
        *(["replaced_characters"] if replaced else []),
    ]
    return {
        "article_id": article_id(url, document["content_hash"]),
        "source_id": document["source_id"],
        "source_uri": document["source_uri"],
        "url": url,
        "publisher": one_line(document["publisher"]) or one_line(page.publisher),
        "author": one_line(document["author"]) or one_line(page.author) or one_line(story.author),
        "title": story.title,
        "standfirst": story.standfirst,
        "text": body,
        "language": language,
        "word_count": len(body.split()),
        "published_on": dated.day,
        "published_basis": dated.basis,
        "removed": [{"kind": kind, "text": piece} for kind, piece in story.removed],
        "flags": flags,
        "content_hash": document["content_hash"],
        "ingested_at": document["ingested_at"],
    }


def split_lines(text: str) -> list[str]:
    """The lines of a text, blank ones left out; a paragraph wrapped by hand is one line."""
    lines: list[str] = []
    for block in plain_characters(text).split("\n\n"):
        pieces = [piece.strip() for piece in block.split("\n") if piece.strip()]
        lines.extend([" ".join(pieces)] if _is_wrapped(pieces) else pieces)
    return lines


def _is_wrapped(pieces: list[str]) -> bool:
    inner = pieces[:-1]
    if len(inner) < 2:
        return False
    even = sum(len(piece) in WRAPPED for piece in inner)
    broken = sum(piece[-1] not in ".!?:\"'" for piece in inner)
    return even >= 0.9 * len(inner) and broken >= 0.6 * len(inner)


def _read_story(page: Page, title: str | None) -> Story:
    story = read_lines(split_lines(page.text), title, find_title=True)
    story.removed.extend(page.removed)
    whole = len(story.paragraphs) == 1
    trim_head(story, whole)
    trim_tail(story)
    story.paragraphs = [kept for paragraph in story.paragraphs if (kept := paragraph.strip())]
    story.standfirst = one_line(story.standfirst)
    return story


def _split_dateline(story: Story) -> str | None:
    """Sets the wire dateline apart as the first paragraph: its place and agency stay citable, the sentence is whole."""
    if not story.paragraphs or not (end := split_dateline(story.paragraphs[0])):
        return None
    first = story.paragraphs[0]
    dateline = first[:end].strip()
    story.paragraphs[:1] = [dateline, first[end:].strip()]
    story.remove_in_front("dateline", dateline)
    return dateline


def _description(page: Page, story: Story) -> str | None:
    """The page's own summary, where it is a whole sentence that the body does not begin with."""
    summary = one_line(page.description)
    if not summary or len(summary.split()) < 6 or summary.endswith(("…", "...")):
        return None
    said, body = " ".join(words(summary)), " ".join(words(" ".join(story.paragraphs[:6])))
    return None if said in body or said == " ".join(words(story.title or "")) else summary


def _lost_a_digit(written: dt.date, known: dt.date) -> bool:
    """Whether a date line says "5-04-2016" for the 25th: the first digit of its day is gone."""
    return known.day > 9 and written.day == known.day % 10 and written.replace(day=1) == known.replace(day=1)


def _date(
    document: Mapping[str, Any], page: Page, story: Story, dateline: str | None, url: str | None, today: dt.date
) -> _Dated:
    """The publication date: the article's own (page metadata, date line), else as handed over, else by dateline or name."""
    dated = _Dated()
    handed = dates.read_date(document["published_on"]) if document["published_on"] else None
    own_page = dates.read_date(page.published_on) if page.published_on else None
    if document["published_on"] and handed is None:
        dated.flags.append("invalid_date")
    written = story.written
    day = written.day if written else None
    known = own_page or handed
    # Of the two readings of 04/03/2016, the one that the metadata agree with.
    if written and known and written.other == known.day:
        day = known.day
    if written and day and known and written.is_clipped and _lost_a_digit(day, known.day):
        day = known.day
    in_dateline = dateline_date(dateline) if dateline else None
    if in_dateline is None and story.paragraphs:
        in_dateline = opening_date(story.paragraphs[0])
    in_name = dates.date_in_name(url or "") or None
    in_stem = dates.date_in_name(document["source_id"])
    candidates = [
        (own_page.day if own_page else None, "metadata"),
        (day, "text"),
        (handed.day if handed else None, "metadata"),
        (in_dateline, "text"),
        (in_name, "metadata"),
        (in_stem, "filename"),
    ]
    # A day's grace: the publisher may be a day ahead of UTC.
    for candidate, basis in candidates:
        if candidate and candidate > today + dt.timedelta(days=1):
            dated.flags.append("future_date")
        elif candidate and dated.day is None:
            dated.day, dated.basis = candidate, basis
    certain = {w.day for w in (own_page, written, handed) if w and not w.other} | {in_dateline, in_name, in_stem}
    ambiguous = [w for w in (own_page, written, handed) if w and w.other and dated.day in (w.day, w.other)]
    if ambiguous and dated.day not in certain and all(w.other and w.other <= today for w in ambiguous):
        dated.flags.append("ambiguous_date")
    if handed and dated.day and dated.day != handed.day and "future_date" not in dated.flags:
        dated.flags.append("date_conflict")
    if dated.day is None:
        dated.flags.append("no_date")
    dated.flags = list(dict.fromkeys(dated.flags))
    return dated
