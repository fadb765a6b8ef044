"""One source: its feed or sitemap asked for what is new, the new pages fetched, failures noted and backed off from."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from expectations.wording import counted
from tasks.feeds import Entry, Feed, FeedError, parse_feed
from tasks.fetch.client import Answer, Client, FetchError, Request
from tasks.fetch.robots import Robots
from tasks.fetch.settings import FetchSettings, SourceSpec
from tasks.fetch.store import Page, Store
from tasks.web import kind_of_answer, redact, stated_charset

FIRST_PAUSE: Final = 15 * 60.0
LONGEST_PAUSE: Final = 24 * 3600.0
REASONS: Final = 5
# What a page may be; a feed or an archive among the pages is none.
_PAGE_KINDS: Final = ("html", "txt", "pdf")


@dataclass(slots=True)
class SourceReport:
    """What one source gave in one run.

    Attributes:
        name: The source.
        kind: Its kind.
        status: good, unchanged, failing, backed_off or not_due (not asked this time), local, missing (a folder that is not there).
        new: Addresses not seen before.
        fetched: Pages that came.
        unchanged: Pages and lists that the server says we have.
        failed: Addresses that gave nothing this time.
        waiting: Pages left for the next run.
        reasons: Why, the first few.
    """

    name: str
    kind: str
    status: str = "good"
    new: int = 0
    fetched: int = 0
    unchanged: int = 0
    failed: int = 0
    waiting: int = 0
    reasons: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """A plain dict for JSON."""
        return asdict(self)

    def fail(self, error: Exception) -> None:
        """Counts an address that gave nothing."""
        self.failed += 1
        if len(self.reasons) < REASONS:
            self.reasons.append(str(error))


class Collector:
    """Takes in one source.

    Args:
        spec: The source.
        settings: How it is fetched.
        client: Fetches.
        robots: The hosts' rules.
        store: Where things are kept.
        now: Time of the run (UTC).
    """

    def __init__(
        self, spec: SourceSpec, settings: FetchSettings, client: Client, robots: Robots, store: Store, now: dt.datetime
    ) -> None:
        self.spec, self.settings, self.client, self.robots, self.store = spec, settings, client, robots, store
        self.now = now
        self.stamp = now.isoformat(timespec="seconds")
        self.report = SourceReport(spec.name, spec.kind)
        self._only = re.compile(spec.include or "")
        self._never = re.compile(spec.exclude) if spec.exclude else None

    def run(self) -> SourceReport:
        """Fetches what is new; whatever fails is in the report and in the store, never raised."""
        known = self.store.source(self.spec.name)
        if known["not_before"] > self.now.timestamp():
            self.report.status = "backed_off"
            until = dt.datetime.fromtimestamp(known["not_before"], dt.UTC).isoformat(timespec="minutes")
            self.report.reasons.append(
                f"not asked again before {until} after {known['failures']} failures: {known['error']}"
            )
            self.report.waiting = self.store.counts(self.spec.name)["waiting"]
            return self.report
        try:
            getattr(self, f"_take_{self.spec.kind}")()
        except (FetchError, FeedError) as error:
            self._note_failure(error)
        else:
            self.store.note_source(self.spec.name, redact(self.spec.addresses[0]), self.stamp)
        counts = self.store.counts(self.spec.name)
        self.report.waiting = counts["waiting"]
        if self.report.status == "good" and not self.report.fetched and not self.report.failed:
            self.report.status = "unchanged"
        return self.report

    def probe(self) -> str:
        """Asks for the first address and keeps nothing; says what is there."""
        answer = self.client.get(self._request(self.spec.addresses[0], self._limit()))
        if self.spec.kind in ("rss", "sitemap"):
            feed = parse_feed(_unzipped(answer.read(), self.settings.max_list_bytes), base=answer.url)
            return counted(len(feed.entries), "entry", "entries")
        return f"{kind_of_answer(answer.headers.get('content-type'), answer.read()[:8192]) or 'unknown content'}"

    def _limit(self) -> int:
        limits = self.settings
        return {"rss": limits.max_list_bytes, "sitemap": limits.max_list_bytes, "warc": limits.max_archive_bytes}.get(
            self.spec.kind, limits.max_page_bytes
        )

    def _note_failure(self, error: FetchError | FeedError) -> None:
        self.report.fail(error)
        failures = self.store.source(self.spec.name)["failures"] + 1
        pause = min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE)
        if isinstance(error, FetchError) and error.retry_after:
            pause = max(pause, error.retry_after)
        until = self.now.timestamp() + pause
        self.store.note_source(
            self.spec.name, redact(self.spec.addresses[0]), self.stamp, failure=(error.check, str(error)[:500], until)
        )
        self.report.status = "failing" if failures >= self.settings.report_after else "failed"

    # --- the kinds ---

    def _take_rss(self) -> None:
        feed = self._list(self.spec.addresses[0])
        for entry in feed.entries if feed else ():
            self._see(entry)
        self._fetch_waiting()

    def _take_sitemap(self) -> None:
        open_lists, asked = [self.spec.addresses[0]], 0
        while open_lists and asked <= self.settings.max_sitemaps:
            address = open_lists.pop(0)
            asked += 1
            try:
                feed = self._list(address)
            except (FetchError, FeedError) as error:
                if asked == 1:
                    raise
                self.report.fail(error)
                continue
            if feed is None and asked == 1:
                break
            for entry in feed.entries if feed else ():
                if feed and feed.kind == "sitemap_index" and entry.link:
                    open_lists.append(entry.link)
                else:
                    self._see(entry)
        self._fetch_waiting()

    def _take_urls(self) -> None:
        for address in self.spec.addresses:
            page = Page(address)
            if self.store.see(self.spec.name, page, self.stamp):
                self.report.new += 1
            known = self.store.page(page.key)
            if known and known["state"] == "stored" and known["not_before"] <= self.now.timestamp():
                self._fetch_page(known, again=True)
        self._fetch_waiting()

    def _take_warc(self) -> None:
        page = Page(self.spec.addresses[0])
        self.report.new += self.store.see(self.spec.name, page, self.stamp)
        known = self.store.page(page.key)
        if known:
            self._fetch_page(known, again=known["state"] == "stored", archive=True, must=True)

    # --- lists ---

    def _list(self, address: str) -> Feed | None:
        """A feed or sitemap; None: the server says that it has not changed."""
        marks = self.store.listing(address)
        request = self._request(address, self.settings.max_list_bytes)
        request.etag, request.last_modified = marks["etag"], marks["last_modified"]
        answer = self.client.get(request)
        if answer.status == 304:
            self.report.unchanged += 1
            return None
        data = _unzipped(answer.read(), self.settings.max_list_bytes)
        kind = kind_of_answer(answer.headers.get("content-type"), data)
        if kind == "html":
            raise FeedError("wrong_type", f"{redact(address)}: a web page, no feed or sitemap. Look for its feed.")
        try:
            charset = stated_charset(answer.headers.get("content-type"), data)
            feed = parse_feed(data, charset=charset, base=answer.url)
        except FeedError as error:
            raise FeedError(error.check, f"{redact(address)}: {error}.") from None
        if feed.broken and not feed.entries:
            raise FeedError("broken_xml", f"{redact(address)}: malformed, and no entry in it can be read.")
        if not feed.broken:
            digest = self.store.keep(io.BytesIO(data))
            self.store.note_listing(address, answer.headers.get("etag"), answer.headers.get("last-modified"), digest)
        return feed

    def _see(self, entry: Entry) -> None:
        link = entry.link
        if not link or not self._only.search(link) or (self._never and self._never.search(link)):
            return
        page = Page(link, entry.title, entry.published_on, entry.author)
        if not self.store.see(self.spec.name, page, self.stamp):
            return
        self.report.new += 1
        if self.spec.text == "feed" and entry.content:
            digest = self.store.keep(io.BytesIO(entry.content.encode("utf-8", "replace")))
            self.store.note_stored(page.key, digest, "entry.html", charset="utf-8", fetched_at=self.stamp)
            self.report.fetched += 1

    # --- pages ---

    def _fetch_waiting(self) -> None:
        pages = self.store.pages(self.spec.name, "waiting", before=self.now.timestamp(), limit=self.settings.max_pages)
        left_alone: set[str] = set()
        for page in pages:
            if (host := _host(page["url"])) not in left_alone and not self._fetch_page(page):
                left_alone.add(host)

    def _fetch_page(
        self, page: dict[str, Any], *, again: bool = False, archive: bool = False, must: bool = False
    ) -> bool:
        """Fetches one page; False: its host wants to be left alone, or is gone, so its other pages can wait.

        Raises:
            FetchError: It failed, and `must` says that the whole source then has.
        """
        request = self._request(
            page["url"], self.settings.max_archive_bytes if archive else self.settings.max_page_bytes
        )
        if again:
            request.etag, request.last_modified = page["etag"], page["last_modified"]
        try:
            answer = self.client.get(request)
            if answer.status == 304:
                self.report.unchanged += 1
                return True
            self._keep_page(page, answer, archive=archive)
        except FetchError as error:
            failures = page["failures"] + 1
            final = not error.may_pass or failures >= self.settings.tries
            pause = max(FIRST_PAUSE * 2 ** (failures - 1), error.retry_after or 0)
            self.store.note_failed(
                page["key"], error.check, str(error)[:500], self.now.timestamp() + pause, final=final
            )
            if must:
                raise
            self.report.fail(error)
            return not (
                error.status == 429
                or error.retry_after
                or error.check in ("refused_address", "connection", "certificate")
            )
        return True

    def _keep_page(self, page: dict[str, Any], answer: Answer, *, archive: bool) -> None:
        head = answer.body.read(64 * 1024)
        content_type = answer.headers.get("content-type")
        kind = kind_of_answer(content_type, head)
        charset = None
        if archive:
            name = page["url"].split("?")[0].rstrip("/").rsplit("/", 1)[-1]
        else:
            if kind not in _PAGE_KINDS:
                stated = (content_type or "no type").split(";")[0][:80]
                raise FetchError("wrong_type", f"{redact(page['url'])}: no page of text ({stated}).")
            name = f"page.{kind}"
            charset = stated_charset(content_type, answer.read()) if kind != "pdf" else None
        digest = self.store.keep(answer.body)
        if digest == page["sha256"]:
            self.report.unchanged += 1
        else:
            self.report.fetched += 1
        marks = {"etag": answer.headers.get("etag"), "last_modified": answer.headers.get("last-modified")}
        self.store.note_stored(page["key"], digest, name, charset=charset, fetched_at=self.stamp, **marks)

    def _request(self, url: str, limit: int) -> Request:
        headers = {name: _secret(value) for name, value in self.spec.headers.items()}
        if self.spec.language:
            headers["Accept-Language"] = f"{self.spec.language}, *;q=0.5"
        own = any(_host(url) == _host(address) for address in self.spec.addresses)
        if not own:  # secrets are for the source's own host
            headers = {name: value for name, value in headers.items() if name == "Accept-Language"}
        return Request(url, limit, headers, allowed=self.robots.allows if self.settings.robots else None)


def _host(url: str) -> str:
    return url.split("://", 1)[-1].split("/", 1)[0].lower()


def _secret(value: str) -> str:
    name = value.removeprefix("env:")
    found = os.environ.get(name)
    if not found:
        raise FetchError("no_secret", f"the environment variable {name} is not set, and sources.toml asks for it.")
    if not found.isprintable():
        raise FetchError("no_secret", f"the environment variable {name} holds signs that no header may.")
    return found


def _unzipped(data: bytes, limit: int) -> bytes:
    """A sitemap as `.xml.gz`, unpacked within the limit."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        unpacker = zlib.decompressobj(47)
        unpacked = unpacker.decompress(data, limit + 1)
    except zlib.error as error:
        raise FeedError("broken_xml", f"broken gzip ({error})") from None
    if len(unpacked) > limit:
        raise FetchError("too_large", f"unpacks to more than the limit of {limit:,} bytes.")
    return unpacked


def pieces(reports: list[SourceReport]) -> Iterator[str]:
    """A line a source, for people."""
    for report in reports:
        counts = ", ".join(
            f"{getattr(report, name)} {name}"
            for name in ("new", "fetched", "unchanged", "failed", "waiting")
            if getattr(report, name)
        )
        why = f": {report.reasons[0]}" if report.reasons else ""
        yield f"{report.name} {report.status.replace('_', ' ')}" + (f" ({counts})" if counts else "") + why
