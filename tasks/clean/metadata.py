"""What a page says of itself: the publisher's JSON-LD and OpenGraph first, what it prints for its readers last."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tasks.clean.furniture import page_words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BY: Final = re.compile(r"^(?:posted |written |reported )?by:?\s+", re.IGNORECASE)
_NAME: Final = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){1,4}$")
_HOST: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+$")
# Where a title may be parted from the name of its site.
_PARTED: Final = re.compile(r":\s|\s[|«»<>·–—-]\s")


@dataclass(frozen=True, slots=True)
class Metadata:
    """Values as the page gives them; None where it gives none."""

    title: str | None = None
    description: str | None = None
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    published_on: str | None = None


def read_metadata(tree: HtmlElement, latest: dt.date) -> Metadata:
    """The page's metadata; dates after `latest` are none.

    These are the steps of `trafilatura.extract_metadata` without its search for tags, categories and licences.
    """
    from htmldate import find_date
    from trafilatura import metadata as steps

    found = steps.examine_meta(tree)
    if found.author and " " not in found.author:
        found.author = None
    with suppress(Exception):  # JSON-LD comes in the wildest shapes, and the page has other places for all of it
        found = steps.extract_meta_json(tree, found)
    url = found.url or steps.extract_url(tree)
    published = find_date(
        tree,
        url=url,
        extensive_search=False,
        original_date=True,
        max_date=latest.isoformat(),
        outputformat="%Y-%m-%d",
    )
    return Metadata(
        title=_own_title(tree, found.title or steps.extract_title(tree)),
        description=found.description,
        url=url,
        publisher=_publisher(found.sitename or _site_in_title(steps.extract_sitename(tree)), url),
        author=found.author or steps.extract_author(tree) or _printed_author(tree),
        published_on=published,
    )


def _site_in_title(part: str | None) -> str | None:
    """What stands beside the headline in the title, where it is an address; else it may be "By A. Staff" or "U.S. says"."""
    return part if part and _HOST.match(part) else None


def _publisher(name: str | None, url: str | None) -> str | None:
    """The site's name; its host where it has none."""
    if name and (plain := name.lstrip("@").strip()):
        return plain if "." in plain or plain[0].isupper() else plain.title()
    host = re.match(r"https?://(?:www\.)?([^/:?#]+)", url or "")
    return host.group(1) if host else None


def _printed_author(tree: HtmlElement) -> str | None:
    """The name in the one place that is marked as the author's; None where there is none, or where names differ."""
    known = page_words("author")
    names = {
        text
        for element in tree.iter("span", "a", "div", "address", "p")
        if not known.isdisjoint((element.get("class") or "").lower().split()) or element.get("rel") == "author"
        if _NAME.match(text := _BY.sub("", " ".join(element.text_content().split())))
    }
    return names.pop() if len(names) == 1 else None


def _own_title(tree: HtmlElement, title: str | None) -> str | None:
    """The title without the site's name before or after it, where the page shows the headline alone."""
    if not title or not _PARTED.search(title):
        return title
    for element in tree.iter("h1", "h2", "b", "strong", "font"):
        text = " ".join(element.text_content().split())
        if text == title:
            return title
        if len(text.split()) >= 4 and len(text) > len(title) / 2 and text in title:
            before, _, after = title.partition(text)
            if re.search(r"[:|»>–—-]\s*$", before) or (not before and re.match(r"\s*[|«<–—:-]", after)):
                return text
    return title
