"""Feeds, web archives and PDFs on disk give their documents; what cannot be one is held back with the reason."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from expectations.storage import read_table
from tasks.ingest.readers.pdf import join_lines
from tasks.ingest.settings import IngestSettings
from tasks.ingest.step import ingest_documents
from tests.makers import ATOM, PAGE, RSS, STORY, make_pdf, make_warc

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


class Read:
    def __init__(self, tmp_path: Path, **options: object) -> None:
        work = tmp_path / "work"
        self.summary = ingest_documents(
            [str(tmp_path / "in")], work, run_id="r", settings=IngestSettings(**options), now=NOW
        )
        self.documents = read_table(work, "documents").to_pylist()
        self.held = [
            row for p in sorted((work / "quarantine").glob("ingest-*.parquet")) for row in pq.read_table(p).to_pylist()
        ]

    @property
    def checks(self) -> list[str]:
        return [row["check"] for row in self.held]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.mark.parametrize("name", ["feed.rss", "feed.xml", "feed"])
def test_rss_gives_a_document_an_entry(folder: Path, name: str) -> None:
    (folder / name).write_text(RSS)
    read = Read(folder.parent)
    first, second = read.documents
    assert not read.held
    assert (first["source_id"], first["title"], first["author"]) == ("a-1", "Shells hit market", "A. Writer")
    assert first["url"] == "https://news.example/a?utm_source=rss"
    assert first["published_on"] == "Tue, 02 Mar 2021 10:00:00 GMT"
    assert first["publisher"] == "Example Post"
    assert "<p>Four people were killed in Qara on Monday.</p>" in first["content"].decode()
    assert second["content"].decode() == "Two soldiers were killed by a mine near the bridge."


def test_atom_takes_the_alternate_link_and_the_day_of_publication(folder: Path) -> None:
    (folder / "feed.atom").write_text(ATOM)
    (row,) = Read(folder.parent).documents
    assert row["url"] == "https://news.example/stories/1"
    assert row["published_on"] == "2021-03-04T08:00:00Z"
    assert (row["title"], row["author"]) == ("Mine & shells", "B. Writer")
    assert "A mine killed one man." in row["content"].decode()


def test_a_feed_cut_off_in_the_middle_keeps_its_whole_entries(folder: Path) -> None:
    (folder / "feed.rss").write_text(RSS[: RSS.index("Two soldiers were") + 30])
    read = Read(folder.parent)
    assert len(read.documents) == 2
    assert read.checks == ["broken_xml"]


def test_a_feed_in_another_encoding(folder: Path) -> None:
    (folder / "feed.rss").write_bytes(RSS.replace("UTF-8", "windows-1251").replace("Short", "Убиты").encode("cp1251"))
    assert len(Read(folder.parent).documents) == 2
    (folder / "feed.rss").write_bytes(RSS.replace("UTF-8", "utf-16").encode("utf-16"))
    assert len(Read(folder.parent).documents) == 2


def test_a_sitemap_is_no_article(folder: Path) -> None:
    (folder / "map.xml").write_text("<urlset><url><loc>https://news.example/1</loc></url></urlset>")
    (folder / "other.xml").write_text("<?xml version='1.0'?><invoice><line>1</line></invoice>")
    read = Read_or_held(folder)
    assert read == ["not_a_feed", "not_a_feed"]


def Read_or_held(folder: Path) -> list[str]:  # noqa: N802
    (folder / "good.txt").write_text(STORY)
    return Read(folder.parent).checks


@pytest.mark.parametrize("name", ["news.warc", "news.warc.gz", "news"])
def test_warc_gives_pages_with_address_and_time_of_crawl(folder: Path, name: str) -> None:
    html = "Content-Type: text/html; charset=iso-8859-1"
    data = make_warc(
        ("https://news.example/1", html, PAGE.replace("doctor", "médecin").encode("latin-1")),
        ("https://news.example/2", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html", b"<p>gone</p>"),
        ("https://news.example/3", "Content-Type: image/png", b"\x89PNG\r\n\x1a\n" + bytes(200)),
        (
            "https://u:secret@news.example/4?api_key=secret",
            html + "\r\nContent-Encoding: gzip",
            gzip.compress(PAGE.encode()),
        ),
        packed=name.endswith("gz"),
    )
    (folder / name).write_bytes(data)
    read = Read(folder.parent)
    first, second = read.documents
    assert first["url"] == "https://news.example/1"
    assert first["fetched_at"] == dt.datetime(2021, 3, 4, 5, 6, 7, tzinfo=dt.UTC)
    assert first["published_on"] is None  # the day of the crawl is not that of the article
    assert first["encoding"] == "iso-8859-1"
    assert second["content"] == PAGE.encode()
    assert second["url"] == "https://news.example/4?api_key=***"
    assert "secret" not in str(read.held) + str(read.documents)
    assert sorted(read.checks) == ["http_status", "not_text"]


def test_a_warc_that_breaks_off_keeps_the_pages_before(folder: Path) -> None:
    html = "Content-Type: text/html"
    data = make_warc(*((f"https://news.example/{n}", html, f"{PAGE}{n}".encode()) for n in range(3)), packed=True)
    (folder / "a.warc.gz").write_bytes(data[:-60])
    (folder / "b.warc").write_bytes(make_warc(("https://news.example/9", html, PAGE.encode())) + b"junk\r\n" * 9)
    read = Read(folder.parent)
    assert len(read.documents) == 3
    assert len(read.held) == 2


def test_pdf_lines_become_paragraphs_again(folder: Path) -> None:
    lines = [
        "Shells hit market",
        "Four people were killed when shells hit the market of Qara on Monday, the gover-",
        "nor said. He spoke to reporters in the town, where shops stayed closed all day.",
        "Two more were hurt.",
        "A convoy of the relief agency turned back before it could reach the hospital on",
    ]
    (folder / "paper.pdf").write_bytes(make_pdf([[*lines, "1"], ["the island beyond the bridge.", "2"]]))
    (row,) = Read(folder.parent).documents
    assert row["media_type"] == "text/plain"
    assert row["content"].decode().split("\n\n") == [
        "Shells hit market",
        "Four people were killed when shells hit the market of Qara on Monday, the governor said. He spoke to "
        "reporters in the town, where shops stayed closed all day. Two more were hurt.",
        "A convoy of the relief agency turned back before it could reach the hospital on the island beyond the bridge.",
    ]


def test_pdf_without_text_broken_or_long_is_held_back(folder: Path) -> None:
    (folder / "good.txt").write_text(STORY)
    (folder / "scan.pdf").write_bytes(make_pdf([[""]]))
    (folder / "torn.pdf").write_bytes(make_pdf([[STORY[:80]]])[:200])
    (folder / "long.pdf").write_bytes(make_pdf([["A page of text that is long enough to read."]] * 4))
    read = Read(folder.parent, max_pdf_pages=3)
    assert {row["row_key"].rpartition("/")[2]: row["check"] for row in read.held} == {
        "scan.pdf": "no_text_layer",
        "torn.pdf": "broken_pdf",
        "long.pdf": "too_large",
    }
    assert len(read.documents) == 1


def test_join_lines_of_nothing_is_nothing() -> None:
    assert join_lines([]) == join_lines(["", "\n\n"]) == ""


def test_a_response_without_its_address_does_not_stop_the_pages_after_it(folder: Path) -> None:
    page = ("https://news.example/1", "Content-Type: text/html", PAGE.encode())
    other = ("https://news.example/2", "Content-Type: text/html", PAGE.replace("Four", "Nine").encode())
    nameless = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 4\r\n\r\nabcd\r\n\r\n"
    (folder / "a.warc").write_bytes(make_warc(page) + nameless + make_warc(other))
    read = Read(folder.parent)
    assert [row["url"] for row in read.documents] == ["https://news.example/1", "https://news.example/2"]
    assert read.checks == ["broken_warc"]
    assert "WARC-Target-URI" in read.held[0]["reason"]
