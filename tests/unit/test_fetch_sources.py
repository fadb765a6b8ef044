"""A sources.toml on a real server: what is new comes in, what is known is not asked for again, one failure stops no one."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from expectations.errors import InputError, SettingsError
from expectations.storage import read_table
from tasks.fetch.settings import load_sources
from tasks.fetch.step import FetchSummary, check_sources, fetch_sources
from tasks.ingest.settings import IngestSettings
from tasks.ingest.step import ingest_documents
from tests.makers import PAGE, RSS
from tests.misbehaving import Server, running

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
FETCH = """
[fetch]
delay_seconds = 0
read_seconds = 60
total_seconds = 60
retries = 1
backoff_seconds = 0.01
longest_wait_seconds = 1
allow_private = ["127.0.0.0/8"]
"""


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as server:
        yield server


class Desk:
    """A sources.toml and the ledger that it feeds."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder, self.server, self.output = folder, server, folder / "ledger"

    def sources(self, *specs: tuple[str, str, str], more: str = "") -> Path:
        path = self.folder / "sources.toml"
        rows = [f'[[source]]\nname = "{n}"\nkind = "{k}"\naddress = "{self._whole(a)}"\n' for n, k, a in specs]
        path.write_text(FETCH + "\n".join(rows) + more)
        return path

    def _whole(self, address: str) -> str:
        return self.server.root + address if address.startswith("/") else address

    def fetch(self, path: Path, minutes: float = 0, *, due: bool = False) -> FetchSummary:
        return fetch_sources(path, self.output, now=NOW + dt.timedelta(minutes=minutes), due=due)

    def documents(self, summary: FetchSummary) -> list[dict]:
        work = self.folder / "work"
        ingest_documents(summary.inputs, work, run_id="r", settings=IngestSettings(), now=NOW)
        return read_table(work, "documents").to_pylist()


@pytest.fixture
def desk(tmp_path: Path, server: Server) -> Desk:
    return Desk(tmp_path, server)


def test_the_pages_of_a_feed_come_with_what_the_feed_says_of_them(desk: Desk) -> None:
    path = desk.sources(("post", "rss", "/feed.xml"), more='publisher = "Example Post"\n')
    summary = desk.fetch(path)
    (report,) = summary.reports
    assert (report.status, report.new, report.fetched, report.failed) == ("good", 2, 2, 0)
    first, second = sorted(desk.documents(summary), key=lambda row: row["url"])
    assert first["source_uri"] == first["url"] == desk.server.root + "/a?utm_source=rss"
    assert (first["title"], first["publisher"], first["author"]) == ("Shells hit market", "Example Post", "A. Writer")
    assert first["published_on"] == "Tue, 02 Mar 2021 10:00:00 GMT"
    assert first["fetched_at"] == NOW
    assert b"<article>" in second["content"]


def test_a_second_run_asks_only_whether_the_feed_has_changed(desk: Desk) -> None:
    path = desk.sources(("post", "rss", "/feed.xml"))
    first = desk.fetch(path)
    before = Path(first.inputs[0]).read_bytes()
    desk.server.seen.clear()
    second = desk.fetch(path, minutes=60)
    assert [p for p, _ in desk.server.seen] == ["/robots.txt", "/feed.xml"]
    assert second.reports[0].status == "unchanged"
    assert Path(second.inputs[0]).read_bytes() == before


def test_the_text_of_a_feed_can_be_taken_without_its_pages(desk: Desk) -> None:
    path = desk.sources(("post", "rss", "/feed.xml"), more='text = "feed"\n')
    rows = desk.documents(desk.fetch(path))
    assert desk.server.counts["/a"] == 0
    assert sorted(b"Four people were killed in Qara" in row["content"] for row in rows) == [False, True]


def test_sitemaps_lead_to_pages_each_once(desk: Desk) -> None:
    path = desk.sources(("map", "sitemap", "/index.xml"))
    summary = desk.fetch(path)
    assert (summary.reports[0].new, summary.reports[0].fetched, summary.reports[0].failed) == (2, 2, 1)
    assert desk.server.counts["/a"] == 1


def test_a_sitemap_that_leads_to_itself_ends(desk: Desk) -> None:
    path = desk.sources(("map", "sitemap", "/self-index.xml"), ("good", "urls", "/a"), more="")
    assert [r.name for r in desk.fetch(path).reports] == ["map", "good"]
    assert desk.server.counts["/self-index.xml"] <= 51


def test_pages_named_one_by_one_are_asked_for_again_and_only_taken_when_changed(desk: Desk) -> None:
    path = desk.sources(("pages", "urls", "/conditional"))
    desk.fetch(path)
    again = desk.fetch(path, minutes=5)
    assert (again.reports[0].unchanged, again.reports[0].fetched) == (1, 0)
    desk.server.answers["/conditional"] = lambda h: h.send(200, b"<html><p>Seven people were killed.</p></html>")
    changed = desk.fetch(path, minutes=10)
    assert changed.reports[0].fetched == 1
    assert b"Seven" in desk.documents(changed)[0]["content"]


def test_a_warc_of_the_web_and_a_folder_here(desk: Desk) -> None:
    (desk.folder / "saved").mkdir()
    (desk.folder / "saved/x.txt").write_text("One man was killed.")
    path = desk.sources(("crawl", "warc", "/news.warc.gz"), ("saved", "folder", "saved"))
    rows = desk.documents(desk.fetch(path))
    assert sorted(row["url"] or "" for row in rows) == ["", "https://news.example/w"]


def test_one_failing_source_does_not_stop_the_others_and_is_left_in_peace(desk: Desk) -> None:
    path = desk.sources(("down", "rss", "/500"), ("hangs", "rss", "/hang"), ("post", "rss", "/feed.xml"))
    path.write_text(
        path.read_text().replace("read_seconds = 60", "read_seconds = 1").replace("retries = 1", "retries = 0")
    )
    summary = desk.fetch(path)
    assert [r.status for r in summary.reports] == ["failed", "failed", "good"]
    assert "500" in summary.reports[0].reasons[0]
    asked = desk.server.counts["/500"]
    soon = desk.fetch(path, minutes=5)
    assert soon.reports[0].status == "backed_off"
    assert desk.server.counts["/500"] == asked
    assert "not asked again before" in soon.reports[0].reasons[0]
    for minutes in (16, 60):
        report = desk.fetch(path, minutes=minutes).reports[0]
    assert report.status == "failing"
    row = check_sources(path, desk.output, now=NOW + dt.timedelta(minutes=61))[0]
    assert (row["state"], row["failures"]) == ("failing", 3)
    assert row["not_before"] is not None
    desk.server.answers["/500"] = desk.server.answers["/feed.xml"]
    assert desk.fetch(path, minutes=600).reports[0].status in ("good", "unchanged")
    assert check_sources(path, desk.output, now=NOW)[0]["state"] == "good"


def test_retry_after_of_a_source_is_kept_over_runs(desk: Desk) -> None:
    path = desk.sources(("busy", "rss", "/429-long"), ("post", "urls", "/a"))
    desk.fetch(path)
    assert desk.fetch(path, minutes=30).reports[0].status == "backed_off"
    assert desk.fetch(path, minutes=61).reports[0].status == "failed"
    assert desk.server.counts["/429-long"] == 2


@pytest.mark.parametrize(
    ("address", "check"),
    [
        ("/feed-is-page", "wrong_type"),
        ("/bomb.xml", "unsafe_xml"),
        ("/empty", "broken_xml"),
        ("/bomb", "too_large"),
        ("/to-private", "refused_address"),
    ],
)
def test_a_feed_that_is_none_is_named(desk: Desk, address: str, check: str) -> None:
    path = desk.sources(("bad", "rss", address), ("good", "urls", "/a"))
    summary = desk.fetch(path)
    assert summary.reports[0].status == "failed"
    store = check_sources(path, desk.output, now=NOW)[0]
    assert store["error"]
    assert len(desk.documents(summary)) == 1


def feed_of(*links: str) -> bytes:
    items = "".join(f"<item><title>t</title><link>{link}</link></item>" for link in links)
    return f"<rss><channel>{items}</channel></rss>".encode()


def test_bad_pages_of_a_good_feed_are_given_up_one_by_one_with_the_reason_in_quarantine(desk: Desk) -> None:
    root = desk.server.root
    links = [
        f"{root}/a",
        "file:///etc/passwd",
        "http://169.254.169.254/x",
        f"{root}/404",
        f"{root}/image-as-html",
        f"{root}/truncated",
        f"{root}/b",
    ]
    desk.server.answers["/mixed.xml"] = lambda h: h.send(200, feed_of(*links), Content_Type="text/xml")
    path = desk.sources(("mixed", "rss", "/mixed.xml"))
    for minutes in (0, 20, 60, 200):
        summary = desk.fetch(path, minutes=minutes)
    work = desk.folder / "work"
    done = ingest_documents(summary.inputs, work, run_id="r", settings=IngestSettings(), now=NOW)
    assert done.rows_out == 2
    assert {"refused_scheme", "refused_address", "status", "not_text", "truncated"} <= set(done.details)
    assert "passwd" in " ".join(done.messages)
    assert desk.server.counts["/truncated"] <= 3 * 2
    assert desk.server.counts["/404"] == 1


def test_wrong_types_and_charsets_do_not_matter_where_the_bytes_are_plain(desk: Desk) -> None:
    from tasks.clean.article import clean_document

    path = desk.sources(
        *((p[1:], "urls", p) for p in ("/type-image", "/charset-wrong", "/charset-right", "/charset-unknown"))
    )
    rows = desk.documents(desk.fetch(path))
    assert len(rows) == 4
    texts = [
        clean_document(row)["text"] for row in rows if "charset-unknown" not in row["url"] and "type" not in row["url"]
    ]
    assert all("médecin" in str(text) for text in texts)


def test_pages_over_the_limit_of_a_run_wait_for_the_next(desk: Desk) -> None:
    links = [f"{desk.server.root}/a?{n}" for n in range(5)]
    desk.server.answers["/many.xml"] = lambda h: h.send(200, feed_of(*links), Content_Type="text/xml")
    path = desk.sources(("many", "rss", "/many.xml"), more="limits = { max_pages = 2 }\n")
    counts = [(r.fetched, r.waiting) for r in (desk.fetch(path, minutes=m).reports[0] for m in range(3))]
    assert counts == [(2, 3), (2, 1), (1, 0)]


def test_robots_are_honoured(desk: Desk) -> None:
    desk.server.answers["/robots.txt"] = lambda h: h.send(200, b"User-agent: *\nDisallow: /a\n")
    path = desk.sources(("post", "rss", "/feed.xml"))
    report = desk.fetch(path).reports[0]
    assert (report.fetched, report.failed, desk.server.counts["/a"]) == (1, 1, 0)
    assert "robots.txt" in report.reasons[0]


def test_secrets_come_from_the_environment_and_are_written_nowhere(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.sources(("post", "urls", "/a?api_key=sesame"), more='headers = { Authorization = "env:NEWS_TOKEN" }\n')
    with pytest.raises(InputError, match="NEWS_TOKEN"):
        desk.fetch(path)
    monkeypatch.setenv("NEWS_TOKEN", "open-sesame")
    summary = desk.fetch(path, minutes=60)
    assert any(headers.get("Authorization") == "open-sesame" for _, headers in desk.server.seen)
    rows = desk.documents(summary)
    said = str(rows) + str(summary) + json.dumps(check_sources(path, desk.output, now=NOW))
    assert "sesame" not in said


def test_a_run_that_is_killed_loses_nothing_that_had_come(desk: Desk) -> None:
    path = desk.sources(("post", "rss", "/feed.xml"))
    desk.fetch(path)
    for draft in desk.output.rglob("post.fetched"):
        draft.unlink()
    summary = desk.fetch(path, minutes=1)
    assert len(desk.documents(summary)) == 2


def test_no_source_has_given_anything(desk: Desk) -> None:
    with pytest.raises(InputError, match=r"no source has given anything.*500"):
        desk.fetch(desk.sources(("down", "rss", "/500")))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "source"),
        ("[[source]", "not TOML"),
        ('[[source]]\nname = "x"\nkind = "gopher"\naddress = "https://x.example"', "kind"),
        ('[[source]]\nname = "X Y"\nkind = "rss"\naddress = "https://x.example"', "name"),
        ('[[source]]\nname = "x"\nkind = "rss"\naddress = "file:///etc/passwd"', "https://"),
        ('[[source]]\nname = "x"\nkind = "rss"\naddress = "https://me:pw@x.example/"', "headers"),
        (
            '[[source]]\nname = "x"\nkind = "rss"\naddress = "https://x.example"\nheaders = { A = "plain-secret" }',
            "headers",
        ),
        ('[[source]]\nname = "x"\nkind = "rss"\naddress = "https://x.example"\ninclude = "("', "include"),
        ('[[source]]\nname = "x"\nkind = "rss"\naddress = "https://x.example"\nlimits = { no_such = 1 }', "no_such"),
        (
            '[fetch]\nallow_private = ["nonsense"]\n[[source]]\nname = "x"\nkind = "rss"\naddress = "https://x.example"',
            "allow_private",
        ),
        ('[[source]]\nname = "x"\nkind = "rss"\naddress = "https://x.example"\n' * 2, "two sources"),
    ],
)
def test_mistakes_in_the_file_are_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_sources(path)
    assert said in str(caught.value)
    assert "plain-secret" not in str(caught.value)
    assert "me:pw" not in str(caught.value)


def test_checking_with_a_probe_says_what_is_there_now(desk: Desk) -> None:
    path = desk.sources(("post", "rss", "/feed.xml"), ("down", "rss", "/500"), ("gone", "folder", "nowhere"))
    rows = check_sources(path, desk.output, now=NOW, probe=True)
    assert [row["state"] for row in rows] == ["never checked", "failed", "missing"]
    assert rows[0]["now"] == "2 entries"


def test_a_scheduled_run_asks_only_the_sources_that_are_due(desk):
    path = desk.sources(("hourly", "rss", "/feed.xml"), ("pages", "urls", "/conditional"))
    path.write_text(path.read_text().replace('name = "hourly"\n', 'name = "hourly"\nschedule = "0 * * * *"\n'))
    first, again, later = (desk.fetch(path, minutes=minutes, due=True) for minutes in (0, 1, 61))
    assert [report.status for report in first.reports] == ["good", "good"]
    assert [report.status for report in again.reports] == ["not_due", "unchanged"]
    assert [report.status for report in later.reports] == ["unchanged", "unchanged"]
    assert again.inputs == first.inputs, "what came earlier stays"


def test_a_source_that_failed_stays_due(desk):
    path = desk.sources(("gone", "rss", "/nowhere"), ("good", "rss", "/feed.xml"))
    path.write_text(path.read_text().replace('name = "gone"\n', 'name = "gone"\nschedule = "0 0 1 1 *"\n'))
    assert desk.fetch(path, due=True).reports[0].failed == 1
    assert desk.fetch(path, minutes=30, due=True).reports[0].failed == 1, "asked again by the next run"


def test_only_what_a_page_or_feed_is_now_stays_on_disk(desk: Desk) -> None:
    path = desk.sources(("post", "rss", "/feed.xml"), ("desk", "urls", "/moved"))
    objects = desk.output / ".ledger" / "fetched" / "objects"
    for hour in range(4):
        news = RSS.replace("https://news.example", desk.server.root).replace("Short.", f"Edition {hour}.").encode()
        page = PAGE.replace("Four", f"{hour + 20}").encode()
        desk.server.answers["/feed.xml"] = lambda h, news=news: h.send(200, news, Content_Type="application/rss+xml")
        desk.server.answers["/moved"] = lambda h, page=page: h.send(200, page)
        summary = desk.fetch(path, minutes=60 * hour)
        assert summary.reports[1].fetched == 1
    torn = objects / "ab" / ".abcdef.1.2"
    torn.parent.mkdir(exist_ok=True)
    torn.write_bytes(b"what a run that died had begun")
    documents = desk.documents(desk.fetch(path, minutes=300))
    assert sorted(p.read_bytes() for p in objects.glob("*/*")) == sorted([*(row["content"] for row in documents), news])
    assert b"23 people" in b"".join(row["content"] for row in documents)


def test_what_a_source_gave_stays_when_the_source_is_taken_off_the_list(desk: Desk) -> None:
    desk.fetch(desk.sources(("post", "rss", "/feed.xml"), ("desk", "urls", "/moved")))
    summary = desk.fetch(desk.sources(("desk", "urls", "/moved")), minutes=60)
    (again,) = [i for i in desk.fetch(desk.sources(("post", "rss", "/404")), minutes=120).inputs if "post" in i]
    assert len(summary.inputs) == 1
    assert len(desk.documents(FetchSummary(inputs=[again]))) == 2


def test_a_host_that_is_gone_does_not_hold_up_the_pages_of_others(desk: Desk) -> None:
    links = ["http://127.0.0.1:9/gone", "http://127.0.0.1:9/gone-too", "http://10.0.0.1/", desk.server.root + "/a"]
    rows = "".join(f"<item><title>{n}</title><link>{link}</link></item>" for n, link in enumerate(links))
    desk.server.answers["/many.xml"] = lambda h: h.send(200, f"<rss><channel>{rows}</channel></rss>".encode())
    (report,) = desk.fetch(desk.sources(("hub", "rss", "/many.xml"))).reports
    assert (report.new, report.fetched, report.failed, report.waiting) == (4, 1, 3, 2)


def test_a_folder_that_is_not_there_is_told_and_the_others_are_read(desk: Desk) -> None:
    summary = desk.fetch(desk.sources(("post", "rss", "/feed.xml"), ("saved", "folder", "nowhere")))
    assert [report.status for report in summary.reports] == ["good", "missing"]
    assert "no such file or folder" in summary.lines()[1]


def test_a_mistake_in_the_file_is_told_with_the_name_of_its_source(desk: Desk) -> None:
    path = desk.sources(("post", "rss", "/feed.xml"), ("other-post", "rss", "ftp://x/feed.xml"))
    with pytest.raises(SettingsError, match=r"source 2 \(other-post\): .*https://"):
        load_sources(path)
