"""An HTML page to its main text and its own metadata, through trafilatura; nothing is fetched, no script is run."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from tasks.clean.furniture import page_words
from tasks.clean.metadata import read_metadata

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TAG: Final = re.compile(r"</(?:p|div|a|span|strong|em|b|i|li|h[1-6]|figcaption)>|<br\s*/?>|<p[ >]", re.IGNORECASE)


_PAGE: Final = re.compile(r"<(?:html|body|head|!doctype)\b", re.IGNORECASE)
_HIDDEN: Final = frozenset(("script", "style", "noscript", "template", "iframe"))
_BLOCKS: Final = frozenset(
    (
        *(
            "p",
            "div",
            "li",
            "ul",
            "ol",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "blockquote",
            "section",
            "article",
            "header",
        ),
        *("footer", "aside", "figure", "figcaption", "table", "tr", "pre", "hr", "dd", "dt", "title", "body", "head"),
    )
)


PART_CHARACTERS: Final = 1_200
FULL_PARAGRAPH: Final = 60
ENOUGH: Final = 0.85
# So many links of so few characters on average, with next to nothing between them, are a menu.
MENU_LINKS: Final = 10
MENU_LINK_CHARACTERS: Final = 30
MENU_SHARE: Final = 0.9
_HOLDERS: Final = ("head", "body", "html", "main", "article", "section", "div")


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
    removed: tuple[tuple[str, str], ...] = ()


def holds_markup(text: str) -> bool:
    """Whether a text that is called plain holds HTML after all, as feeds and exports often do."""
    return "<" in text and len(_TAG.findall(text[:20_000])) >= 2


def is_page(markup: str) -> bool:
    """Whether this is a whole page; a fragment (of a feed or an export) is an article's body already."""
    return bool(_PAGE.search(markup[:20_000]))


class _Text(HTMLParser):
    """Collects the text between tags; blocks become paragraphs, what scripts and styles hold is passed over."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _HIDDEN
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in _HIDDEN))
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS or tag == "br":
            self.pieces.append("\n" if tag == "br" else "\n\n")


def strip_markup(markup: str) -> str:
    """The text of a fragment: every word between the tags stays, blocks become paragraphs, scripts go."""
    parser = _Text()
    # Marked sections are no HTML; the parser gives up on one that it does not know.
    parser.feed(markup.replace("<![CDATA[", "").replace("]]>", "").replace("<![", "&lt;!["))
    parser.close()
    return "".join(parser.pieces)


def _drop_unseen(tree: HtmlElement) -> None:
    """Takes out what no reader sees: scripts, styles and templates; metadata as JSON-LD stays where it can be no text."""
    for element in list(tree.iter("script", "style", "noscript", "template", "iframe", "svg")):
        parent = element.getparent()
        if parent is None:
            continue
        if element.tag == "script" and "ld+json" in element.get("type", "") and parent.tag in _HOLDERS:
            continue
        element.drop_tree()


def _drop_menus(tree: HtmlElement) -> None:
    """Takes out lists of nothing but short links: on many pages most of the elements, which all that follows would go through."""
    for menu in list(tree.iter("ul", "ol")):
        if menu.getparent() is None:
            continue
        links = [len(" ".join(link.text_content().split())) for link in menu.iter("a")]
        if len(links) < MENU_LINKS or sum(links) > MENU_LINK_CHARACTERS * len(links):
            continue
        if sum(links) >= MENU_SHARE * len("".join(menu.text_content().split())):
            menu.drop_tree()


def _take_out(tree: HtmlElement) -> tuple[tuple[str, str], ...]:
    """Takes out the parts that are known by their class; (kind, words) of each."""
    # Trafilatura leaves these out as well, after it has copied them several times.
    for element in list(tree.iter("nav", "footer", "menu", "button", "select")):
        if element.getparent() is not None and (element.tag != "footer" or element.find(".//p") is None):
            element.drop_tree()
    known = page_words("classes")
    removed = []
    for element in list(tree.iter("div", "section", "aside", "blockquote", "p", "ul")):
        names = element.get("class")
        # A part that holds most of the page is the page, whatever it is called.
        if not names or known.isdisjoint(names.lower().split()) or element.getparent() is None:
            continue
        text = " ".join(element.text_content().split())
        if len(text) <= PART_CHARACTERS:
            if text:
                removed.append(("boilerplate", text))
            element.drop_tree()
    return tuple(removed)


def read_page(markup: str, latest: dt.date) -> Page:
    """The page's text and metadata; dates after `latest` are none."""
    from trafilatura import baseline
    from trafilatura.utils import load_html

    tree = load_html(markup)
    if tree is None:
        return Page(text=strip_markup(markup))
    _drop_unseen(tree)
    _drop_menus(tree)
    found = read_metadata(tree, latest)
    removed = _take_out(tree)
    return Page(
        text=_main_text(tree) or baseline(markup)[1] or strip_markup(markup),
        title=found.title,
        description=found.description,
        url=found.url,
        publisher=found.publisher,
        author=found.author,
        published_on=found.published_on,
        removed=removed,
    )


def _main_text(tree: HtmlElement) -> str | None:
    """The main text, by trafilatura.

    Its second opinions (readability, justext) take most of its time. They are asked where the first one leaves out much of
    what stands in paragraphs, or where a page has none.
    """
    from trafilatura import bare_extraction

    told = sum(len(text) for element in tree.iter("p") if len(text := element.text_content()) >= FULL_PARAGRAPH)
    for fast in (True, False):
        found = bare_extraction(
            tree, fast=fast, include_comments=False, include_tables=False, include_links=False, with_metadata=False
        )
        text = None if found is None or isinstance(found, dict) else found.text
        if text and fast and told and len(text) >= ENOUGH * told:
            break
    return text or None
