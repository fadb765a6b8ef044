"""RSS, Atom and RDF feeds saved to disk: one document an entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tasks.feeds import Entry, FeedError, parse_feed
from tasks.ingest.readers.text import looks_like_html, read_html
from tasks.ingest.records import record_document
from tasks.ingest.settings import IngestSettings
from tasks.ingest.source import Document, Rejected, Source, measure, mebibytes, read_whole


def read_feed(source: Source, settings: IngestSettings) -> Iterator[Document | Rejected]:
    """The documents of a feed; an entry has the text that the feed gives, a summary where it gives no more."""
    with source.open() as stream:
        data = read_whole(stream, settings.max_feed_bytes)
    if len(data) > settings.max_feed_bytes:
        reason = (
            f"more than the limit of {mebibytes(settings.max_feed_bytes)} a feed. Split it, or raise max_feed_bytes"
        )
        yield _rejected(source, "too_large", reason)
        return
    if not data.strip():
        yield _rejected(source, "empty_file", "the file is empty. Fetch it again")
        return
    if looks_like_html(data[:8192]):
        yield from read_html(source, settings)
        return
    try:
        feed = parse_feed(data)
    except FeedError as error:
        yield _rejected(source, error.check, f"{error}. Fetch it again, or remove it")
        return
    if feed.kind != "feed":
        reason = 'a sitemap lists addresses and holds no text. Name it in sources.toml with kind = "sitemap"'
        yield _rejected(source, "not_a_feed", reason)
        return
    own_names = replace(settings, mapping={})  # a mapping is for the records of exports
    for position, entry in enumerate(feed.entries):
        record = _record(entry, feed.title)
        yield record_document(record, source, position, f"entry {position + 1}", own_names)
    if feed.broken:
        reason = f"malformed XML; {len(feed.entries)} entries were read, what followed the fault may be missing"
        yield _rejected(source, "broken_xml", reason)


def _record(entry: Entry, publisher: str | None) -> dict[str, object]:
    fields = {
        "id": entry.guid,
        "url": entry.link,
        "title": entry.title,
        "html": entry.content,
        "published_on": entry.published_on,
        "author": entry.author,
        "publisher": publisher,
    }
    return {name: value for name, value in fields.items() if value}


def _rejected(source: Source, check: str, reason: str) -> Rejected:
    size, digest = measure(source)
    return Rejected(source.uri, check, f"{source.uri}: {reason}.", size=size, sha256=digest)
