"""RSS, Atom, RDF and sitemaps to plain entries, with a parser that expands no entity and fetches nothing."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

if TYPE_CHECKING:
    from lxml.etree import _Element

_DECLARED: Final = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_ENCODING: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,30})", re.I)
_ENTITY_DECLARATION: Final = re.compile(r"<!ENTITY|<!ELEMENT|<!ATTLIST|<!DOCTYPE[^>]{0,2000}\[", re.I)
_DOCTYPE: Final = re.compile(r"<!DOCTYPE[^>\[]{0,2000}>", re.I)
_NAMED: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,30});")
# What XML 1.0 does not allow at all.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DATES: Final = (
    "published",
    "pubdate",
    "issued",
    "date",
    "created",
    "publication_date",
    "updated",
    "modified",
    "lastmod",
)


class FeedError(Exception):
    """A feed that cannot be read; `check` names the kind of trouble, the message tells it."""

    def __init__(self, check: str, message: str) -> None:
        super().__init__(message)
        self.check = check


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed, or one address of a sitemap; every value as it stands there.

    Attributes:
        link: Address of the article; relative ones are resolved.
        guid: The feed's own id of it.
        title: Title, without markup.
        published_on: Its date as written.
        author: Author.
        content: Body as HTML; None: the feed has none.
        is_whole: Whether `content` is given as the body, and not as a summary.
    """

    link: str | None
    guid: str | None = None
    title: str | None = None
    published_on: str | None = None
    author: str | None = None
    content: str | None = None
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed or sitemap holds.

    Attributes:
        kind: feed, sitemap, or sitemap_index (then the entries are further sitemaps).
        title: Its title.
        entries: In the order of the file.
        broken: Whether the XML was malformed, so that what followed the fault may be missing.
    """

    kind: str
    title: str | None
    entries: list[Entry] = field(default_factory=list)
    broken: bool = False


def parse_feed(data: bytes, *, charset: str | None = None, base: str | None = None) -> Feed:
    """The entries of a feed or sitemap.

    Args:
        data: The bytes of the file.
        charset: What the server says that the encoding is.
        base: Address that relative links start from.

    Raises:
        FeedError: `unsafe_xml` for one that declares entities, `not_a_feed` for another kind of XML, `broken_xml`.
    """
    from lxml import etree

    text = _decode(data, charset)
    if _ENTITY_DECLARATION.search(text):
        raise FeedError("unsafe_xml", "it declares entities or a document type of its own, which no feed needs")
    text = _NAMED.sub(_character, _ILLEGAL.sub("", _DOCTYPE.sub("", _DECLARED.sub("", text, count=1), count=1)))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(text.strip().encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise FeedError("broken_xml", f"it is not XML ({str(error)[:200]})") from None
    if root is None:
        raise FeedError("broken_xml", "it is not XML")
    return _read_root(root, base, broken=bool(parser.error_log))


def _decode(data: bytes, charset: str | None) -> str:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    declared = _ENCODING.search(data[:400])
    for candidate in ("utf-8", declared.group(1).decode("ascii") if declared else None, charset, "cp1252"):
        try:
            if candidate:
                return data.decode(candidate)
        except (LookupError, ValueError):
            continue
    return data.decode("utf-8", "replace")


def _character(found: re.Match[str]) -> str:
    """A name of HTML (`&nbsp;`) as its character; one that is no name stays as text."""
    meant = html.unescape(found.group())
    return meant if meant != found.group() else f"&amp;{found.group(1)};"


def _local(element: _Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _read_root(root: _Element, base: str | None, *, broken: bool) -> Feed:
    kind = _local(root)
    if kind in ("urlset", "sitemapindex"):
        found = [entry for child in root if (entry := _sitemap_entry(child, base))]
        return Feed("sitemap" if kind == "urlset" else "sitemap_index", None, found, broken)
    if kind not in ("rss", "feed", "rdf", "channel"):
        raise FeedError("not_a_feed", f"its first element is <{kind[:40]}>, not that of a feed or sitemap")
    channel = next((child for child in root if _local(child) == "channel"), root)
    title = next((_text(child) for child in channel if _local(child) == "title"), None)
    items = (item for parent in dict.fromkeys((channel, root)) for item in parent if _local(item) in ("item", "entry"))
    base = root.get("{http://www.w3.org/XML/1998/namespace}base") or base
    return Feed("feed", title, [_entry(item, base) for item in items], broken)


def _sitemap_entry(element: _Element, base: str | None) -> Entry | None:
    link = title = published = None
    for child in element.iter():
        name = _local(child)
        if name == "loc" and link is None and child.getparent() is element:
            link = _text(child)
        elif name == "publication_date":
            published = _text(child)
        elif name == "title":
            title = title or _text(child)
    return Entry(urljoin(base or "", link), title=title, published_on=published) if link else None


def _entry(item: _Element, base: str | None) -> Entry:
    values: dict[str, str] = {}
    whole, summary, links = None, None, list(_links(item))
    for child in item:
        name = _local(child)
        if name in ("encoded", "content") and not _is_media(child):
            whole = whole or _markup(child)
        elif name in ("description", "summary"):
            summary = summary or _markup(child)
        elif name == "author" or name == "creator":
            person = next((_text(part) for part in child if _local(part) == "name"), None) or _text(child)
            values["author"] = ", ".join(dict.fromkeys(filter(None, (values.get("author"), person))))
        elif name not in values and (text := _text(child)) is not None:
            values[name] = text
    guid = values.get("guid") or values.get("id")
    link = next(iter(links), None)
    if link is None and guid and re.match(r"https?://", guid):
        link = guid
    return Entry(
        link=_joined(base, link),
        guid=guid,
        title=_plain(values.get("title")),
        published_on=next((values[name] for name in _DATES if name in values), None),
        author=values.get("author") or None,
        content=whole or summary,
        is_whole=whole is not None,
    )


def _joined(base: str | None, link: str | None) -> str | None:
    if not link:
        return None
    try:
        return urljoin(base or "", link.strip())
    except ValueError:
        return link.strip()


def _links(item: _Element) -> Iterator[str]:
    """Addresses of the article, the best first: RSS's link, Atom's alternate link."""
    for child in item:
        if _local(child) == "link":
            address = child.get("href") or _text(child)
            if address and child.get("rel", "alternate") == "alternate":
                yield address


def _is_media(element: _Element) -> bool:
    return "search.yahoo.com/mrss" in str(element.tag)


def _text(element: _Element) -> str | None:
    return " ".join("".join(element.itertext(with_tail=False)).split()) or None


def _markup(element: _Element) -> str | None:
    """The HTML of a body: escaped or in CDATA, or (Atom's xhtml) as elements."""
    from lxml import etree

    if len(element):
        inner = "".join(etree.tostring(child, encoding="unicode", method="html") for child in element)
        return ((element.text or "") + inner).strip() or None
    return (element.text or "").strip() or None


def _plain(title: str | None) -> str | None:
    """A title without the markup that some feeds escape into it."""
    if title is None or not re.search(r"<[a-z/]|&\w", title, re.I):
        return title
    return " ".join(html.unescape(re.sub(r"</?[a-zA-Z][^<>]{0,200}>", "", title)).split()) or None
