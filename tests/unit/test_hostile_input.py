"""Input that means harm: nothing in it is run, expanded, followed, shown raw or allowed to stop its neighbours."""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from expectations.storage import read_table
from expectations.tables import ARTICLES
from tasks.clean.article import clean_document
from tasks.clean.step import clean_documents
from tasks.feeds import FeedError, parse_feed
from tasks.ingest.settings import IngestSettings
from tasks.ingest.source import Document
from tasks.ingest.step import ingest_documents
from tests.makers import PAGE, RSS, STORY, jsonl

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
GOOD = "Two soldiers were killed when a mine went off near the bridge at Qara on Monday, the governor said."
SCRIPT = "<script>alert('owned')</script>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.txt").write_text(GOOD)
    return tmp_path / "in"


class Taken:
    """A folder through ingest and clean."""

    def __init__(self, folder: Path, **limits: int) -> None:
        work = folder.parent / "work"
        started = time.process_time()
        self.ingest = ingest_documents([str(folder)], work, run_id="r", settings=IngestSettings(**limits), now=NOW)
        self.clean = clean_documents(work, run_id="r")
        self.seconds = time.process_time() - started
        self.articles = read_table(work, "articles").to_pylist()
        self.held = [r for p in sorted((work / "quarantine").glob("*.parquet")) for r in pq.read_table(p).to_pylist()]
        assert any(GOOD in row["text"] for row in self.articles), "the good neighbour is lost"

    def article(self, name: str) -> dict:
        return next(row for row in self.articles if name in row["source_uri"])


# --- XML ---

XXE = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title><description>&x;</description></item></channel></rss>'
LAUGHS = (
    "<!DOCTYPE l [<!ENTITY a 'ha'>"
    + "".join(
        f"<!ENTITY {n} '&{p};&{p};&{p};&{p};&{p};&{p};&{p};&{p};&{p};&{p};'>"
        for p, n in zip("abcdefghij", "bcdefghijk", strict=True)
    )
    + "]><rss><channel><item><title>&k;</title></item></channel></rss>"
)
PARAMETER = '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]><urlset><url><loc>https://x.example/</loc></url></urlset>'
QUADRATIC = f"<!DOCTYPE q [<!ENTITY a '{'a' * 50_000}'>]><rss><channel><item><title>{'&a;' * 5_000}</title></item></channel></rss>"


@pytest.mark.parametrize(
    "text", [XXE, LAUGHS, PARAMETER, QUADRATIC], ids=["xxe", "billion laughs", "parameter", "quadratic"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_entities_in_feeds_and_sitemaps_are_refused_unread(folder: Path, text: str, encoding: str) -> None:
    (folder / "evil.xml").write_bytes(text.encode(encoding))
    with pytest.raises(FeedError) as caught:
        parse_feed(text.encode(encoding))
    assert caught.value.check == "unsafe_xml"
    taken = Taken(folder)
    assert [row["check"] for row in taken.held] == ["unsafe_xml"]
    assert "root:" not in str(taken.articles) + str(taken.held)
    assert taken.seconds < 5


def test_a_document_type_from_elsewhere_is_not_fetched() -> None:
    text = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://127.0.0.1:9/rss.dtd">' + RSS.split("?>", 1)[1]
    assert len(parse_feed(text.encode()).entries) == 2


def test_xml_that_nests_without_end(folder: Path) -> None:
    (folder / "deep.xml").write_text("<rss><channel>" + "<item>" * 200_000)
    assert Taken(folder).seconds < 5


# --- pages ---


def test_scripts_are_neither_run_nor_copied(folder: Path) -> None:
    page = PAGE.replace(
        "</article>", f"<p>Three {SCRIPT} more died.</p><style>p{{owned}}</style><noscript>owned</noscript></article>"
    )
    page = page.replace("<title>", f"{SCRIPT}<title>").replace("<h1>", f'<h1 onclick="owned()">{SCRIPT}')
    page = page.replace(
        "</head>",
        '<meta name="author" content="<script>alert(\'owned\')</script>"><script type="application/ld+json">{"@type":"NewsArticle","headline":"Shells hit market","publisher":{"name":"Example Post"}}</script></head>',
    )
    (folder / "page.html").write_text(page)
    (folder / "feed.rss").write_text(RSS.replace("<p>Two were", f"{SCRIPT}<svg onload=owned()><p>Two were"))
    (folder / "rows.jsonl").write_text(
        json.dumps(
            {"id": "r", "title": f"Blast {SCRIPT} kills two", "publisher": f"<b>Post</b>{SCRIPT}", "text": STORY}
        )
    )
    taken = Taken(folder)
    said = json.dumps([{k: v for k, v in row.items() if k != "removed"} for row in taken.articles], default=str)
    assert "owned" not in said, [row for row in taken.articles if "owned" in str(row)]
    assert "<script" not in said
    assert taken.article("rows.jsonl")["title"] == "Blast kills two"
    assert taken.article("rows.jsonl")["publisher"] == "Post"


@pytest.mark.parametrize(
    "markup",
    [
        "<html><body>" + "<div>" * 100_000 + "Two died.",
        "<html>" + "<p " + "a=b " * 200_000 + ">x",
        "<html><body>" + "<table><tr><td>" * 20_000 + "x",
        "<html><!--" + "-" * 3_000_000,
        "<html><script>" + "<" * 1_000_000,
        "<html><head><title>" + "a" * 2_000_000,
        "<html><body>" + "&" * 1_000_000,
        "<html><body>" + "&#x41" * 300_000,
        "<html><body><p>" + "word " * 400_000,
        "<html><body><p>" + "a" * 2_000_000,
    ],
    ids=["deep", "attributes", "tables", "comment", "script", "title", "ampersands", "references", "words", "one word"],
)
def test_pages_built_to_hang_a_parser_end(folder: Path, markup: str) -> None:
    (folder / "evil.html").write_text(markup)
    assert Taken(folder).seconds < 20


# --- characters ---


def test_bidi_and_control_characters_leave_the_text_and_the_words_stay(folder: Path) -> None:
    evil = "At least 12\u202e\u2066 people\u2069 were\x00 killed\x1b[31m in\u200b Qara\x07 on Monday, the gov\u00aderno\ufeffr said there."
    (folder / "bidi.txt").write_text(evil, "utf-8")
    text = Taken(folder).article("bidi.txt")["text"]
    assert text == "At least 12 people were killed[31m in Qara on Monday, the governor said there."


def test_no_column_of_an_article_holds_what_a_terminal_or_page_would_obey() -> None:
    evil = "x\u202e\x1b]0;y\x07\x00\u2028z"
    handed = {"given_id": evil, "title": evil, "author": evil, "publisher": evil, "published_on": evil}
    document = Document("a.html", 0, "text/html", PAGE.encode(), "a", **handed)
    article = clean_document(document.row(NOW))
    for name in ("title", "author", "publisher", "text", "standfirst", "source_id"):
        assert not set("\u202e\x1b\x07\x00\u2028") & set(str(article[name])), name


def test_digits_that_only_look_like_digits(folder: Path) -> None:
    (folder / "wide.txt").write_text(
        "At least １２ people and 𝟑 children were killed near Qara on Monday, the governor said.", "utf-8"
    )
    (folder / "letters.txt").write_text(
        "At least 1О people were killed near Qara and l2 were hurt on Monday, a doctor said.", "utf-8"
    )
    taken = Taken(folder)
    assert "At least 12 people and 3 children" in taken.article("wide.txt")["text"]
    # A Cyrillic letter is no digit and is not made one.
    assert "1О people" in taken.article("letters.txt")["text"]


@pytest.mark.parametrize("junk", [b"\xff\xfe\xfd", b"\xc3\x28", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\x80" * 50])
def test_malformed_utf8_is_read_as_far_as_it_goes(folder: Path, junk: bytes) -> None:
    (folder / "mal.txt").write_bytes(
        "In Idlib – “the town” – ".encode() + junk + b" five people were killed on Monday, he said."
    )
    (folder / "mal.jsonl").write_bytes(
        b'{"id":"a","text":"Six ' + junk + b' died on Monday."}\n' + jsonl("Nine men died on Monday.")
    )
    taken = Taken(folder)
    assert "five people were killed" in taken.article("mal.txt")["text"]
    assert any("Nine men" in row["text"] for row in taken.articles)


def test_nul_bytes_in_every_kind(folder: Path) -> None:
    (folder / "nul.txt").write_bytes(GOOD.encode().replace(b"Two", b"T\0hree", 1))
    (folder / "nul.csv").write_bytes(b"id,text\n1,Four \0men died on Monday.\n2,Five men died on Monday.\n")
    (folder / "nul.jsonl").write_text('{"id":"a","title":"\\u0000","text":"Six \\u0000men died on Monday."}\n')
    taken = Taken(folder)
    assert "\0" not in str(taken.articles)
    assert any("Five men" in row["text"] for row in taken.articles)
    assert any("Six men" in row["text"] for row in taken.articles)


# --- size ---


def test_documents_lines_and_feeds_over_the_limits_are_named_with_their_setting(folder: Path) -> None:
    (folder / "big.html").write_text(PAGE + "x" * 300_000)
    (folder / "line.jsonl").write_bytes(b'{"text":"' + b"x" * 400_000 + b'"}\n' + jsonl("Nine men died on Monday."))
    (folder / "feed.rss").write_text(RSS + " " * 500_000)
    taken = Taken(folder, max_document_bytes=200_000, max_line_bytes=200_000, max_feed_bytes=200_000)
    reasons = {row["row_key"].rpartition("/")[2]: row["reason"] for row in taken.held}
    assert "max_document_bytes" in reasons["big.html"]
    assert "max_line_bytes" in reasons["line.jsonl#0"]
    assert "max_feed_bytes" in reasons["feed.rss"]
    assert all(json.loads(row["row"]).get("sha256") for row in taken.held)
    assert any("Nine men" in row["text"] for row in taken.articles)


# --- files ---


def test_links_that_leave_the_folder_are_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/s.txt").write_text("A secret that nobody named.")
    (folder / "file.txt").symlink_to(tmp_path / "secret/s.txt")
    (folder / "dir").symlink_to(tmp_path / "secret")
    (folder / "loop").symlink_to(folder)
    (folder / "passwd.txt").symlink_to("/etc/passwd")
    taken = Taken(folder)
    assert "secret" not in " ".join(row["text"] for row in taken.articles)
    assert [row["check"] for row in taken.held] == ["outside_folder"] * 3


def test_a_sidecar_may_not_lead_out_of_the_folder(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"publisher": "Elsewhere"}')
    (folder / "good.meta.json").symlink_to(tmp_path / "other.json")
    assert Taken(folder).article("good.txt")["publisher"] is None


def test_names_of_files_that_no_encoding_can_write(folder: Path) -> None:
    for name in (b"a\xff\xfe.txt", b"b\xff\xfd.txt", b"new\nline.txt", "r\u202etxt.txt".encode()):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(
            STORY + os.fsdecode(name).encode("utf-8", "replace").decode()
        )
    taken = Taken(folder)
    assert len(taken.articles) == 5
    assert all(sign not in row["source_uri"] for row in taken.articles for sign in "\n\u202e")
    assert len({row["source_uri"] for row in taken.articles}) == 5


def test_a_list_of_fetched_pages_cannot_name_files(folder: Path) -> None:
    line = {"url": "https://news.example/", "name": "x.txt", "sha256": "../../../../etc/passwd"}
    (folder / "evil.fetched").write_text(json.dumps(line) + "\n")
    taken = Taken(folder)
    assert "root:" not in str(taken.articles)
    assert [row["check"] for row in taken.held] == ["not_fetched"]


def test_every_article_fits_its_definition(folder: Path) -> None:
    (folder / "evil.jsonl").write_bytes(
        jsonl("\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace") + " Three died.")
    )
    for row in Taken(folder).articles:
        assert list(row) == ARTICLES.names


def test_halves_of_surrogate_pairs_can_be_written_wherever_they_come_from(folder: Path) -> None:
    ld = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Shells \\ud800 hit","url":"https://news.example/\\ud800","author":{"name":"A \\udfff B"}}</script>'
    (folder / "page.html").write_text(PAGE.replace("</head>", ld + "</head>"))
    (folder / "rows.jsonl").write_text(
        '{"te\\ud800xt": "x"}\n{"id": "\\ud800", "title": "\\ud800", "text": "One \\ud800 died."}\n'
    )
    (folder / "utf7.html").write_bytes(
        PAGE.replace("<head>", '<head><meta charset="utf-7">').replace("Four", "+2AA-Four\xe9").encode("latin-1")
    )
    taken = Taken(folder)
    assert len(taken.articles) == 4
    assert [row["check"] for row in taken.held] == ["missing_text"]
