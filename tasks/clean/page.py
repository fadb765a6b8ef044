"""An HTML page to its main text and its own metadata, through trafilatura; nothing is fetched, no script is run."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

_TAG: Final = re.compile(r"</(?:p|div|a|span|strong|em|b|i|li|h[1-6]|figcaption)>|<br\s*/?>|<p[ >]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself, and its main text with one paragraph a line."""

    text: str
    title: str | None = None
    description: str | None = None
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    published_on: str | None = None


def holds_markup(text: str) -> bool:
    """Whether a text that is called plain holds HTML after all, as feeds and exports often do."""
    return "<" in text and len(_TAG.findall(text[:20_000])) >= 2


def read_page(markup: str, latest: dt.date) -> Page:
    """The page's text and metadata; the publisher's JSON-LD and OpenGraph come first, dates after `latest` are none."""
    from trafilatura import bare_extraction, baseline

    if "<html" not in markup[:4096].lower() and "<body" not in markup[:4096].lower():
        markup = f"<html><body><article>{markup}</article></body></html>"
    found = bare_extraction(
        markup,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        include_links=False,
        date_extraction_params={
            "extensive_search": False,
            "original_date": True,
            "max_date": latest.isoformat(),
            "outputformat": "%Y-%m-%d",
        },
    )
    if found is None or isinstance(found, dict):
        return Page(text=baseline(markup)[1] or "")
    return Page(
        text=found.text or baseline(markup)[1] or "",
        title=found.title,
        description=found.description,
        url=found.url,
        publisher=found.sitename,
        author=found.author,
        published_on=found.date,
    )
