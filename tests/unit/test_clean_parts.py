"""Dates, addresses, copies and the stage: each by what a user could see in the tables."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.storage import read_table
from tasks.clean.article import clean_document
from tasks.clean.dates import date_in_name, date_line, leading_date, read_date
from tasks.clean.duplicates import Entry, bands_of, find_duplicates, shingles, signature
from tasks.clean.furniture import kind_of
from tasks.clean.identity import article_id, canonical_url
from tasks.clean.language import identify
from tasks.clean.page import read_page
from tasks.clean.step import clean_documents
from tasks.ingest.settings import IngestSettings
from tasks.ingest.step import ingest_documents

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
DAY = dt.date(2018, 11, 13)


@pytest.mark.parametrize(
    "written",
    [
        "2018-11-13", "2018-11-13T23:30:00-05:00", "2018-11-13T00:10:00+03:00", "2018-11-13 10:00", "2018/11/13", "20181113",
        "20181113T101500Z", "13/11/2018", "13.11.2018", "13-11-2018", "11/13/2018", "13 November 2018", "13 Nov. 2018",
        "November 13, 2018", "Nov 13th, 2018", "Tuesday, 13 November 2018", "Tue, 13 Nov 2018 10:00:00 GMT",
        "Tue, 13 Nov 2018 10:00:00 +0300", "13th of November 2018", "13 November, 2018", "13 novembre 2018", "13 de noviembre de 2018",
        "13. November 2018", "1542103200", "1542103200000", "Published: 13 November 2018 10:20 GMT", " 2018-11-13 ",
    ],
)  # fmt: skip
def test_dates_handed_over(written: str) -> None:
    found = read_date(written)
    assert found is not None
    assert found.day == DAY


@pytest.mark.parametrize(
    "written",
    ["yesterday", "two days ago", "Monday", "November 2018", "2018", "2018-13-45", "2018-02-30", "31 February 2018", "not a date", "0000-00-00", "13/13/2018", "now", "today 2018", "99999999", "1"],
)  # fmt: skip
def test_what_is_no_full_date_is_none(written: str) -> None:
    assert read_date(written) is None


def test_invalid_date_is_null_with_a_flag_and_the_article_goes_on(tmp_path: Path) -> None:
    lines = [
        {"id": "a", "text": "Two people were shot.", "published_on": "2018-02-30"},
        {"id": "b", "text": "Three people were shot."},
    ]
    rows = run(tmp_path, lines)
    assert [(r["source_id"], r["published_on"], r["published_basis"], r["flags"]) for r in rows] == [
        ("a", None, "none", ["invalid_date", "no_date"]),
        ("b", None, "none", ["no_date"]),
    ]


def test_future_date_is_not_taken(tmp_path: Path) -> None:
    (row,) = run(tmp_path, [{"text": "Two people were shot.", "published_on": "2031-05-05"}])
    assert row["published_on"] is None
    assert row["flags"] == ["future_date", "no_date"]


def test_date_from_address_and_from_file_name(tmp_path: Path) -> None:
    rows = run(
        tmp_path,
        [
            {"id": "x", "text": "Two people were shot.", "url": "https://n.example/2018/11/13/qara"},
            {"id": "2018-11-12_qara", "text": "Six people were shot."},
        ],
    )
    assert {(str(r["published_on"]), r["published_basis"]) for r in rows} == {
        ("2018-11-13", "metadata"),
        ("2018-11-12", "filename"),
    }
    assert date_in_name("a2fbda1269467dec") is None


def test_numeric_date_line_is_read_as_the_metadata_do(tmp_path: Path) -> None:
    body = "04/03/2016 Shelling killed two people in the old town, the mayor said."
    american, other = run(
        tmp_path, [{"text": body, "published_on": "2016-04-03"}, {"text": body, "published_on": "2016-03-04"}]
    )
    assert {american["published_on"], other["published_on"]} == {dt.date(2016, 4, 3), dt.date(2016, 3, 4)}
    assert american["flags"] == other["flags"] == []


@pytest.mark.parametrize(
    "line", ["Updated 2 hours ago", "In 2018 the war began", "13", "May 2018", "He was born on 13 May 2000 in Qara"]
)
def test_lines_that_are_no_date_lines(line: str) -> None:
    assert date_line(line) is None


def test_published_wins_over_updated_in_one_line() -> None:
    found = date_line("Updated: 15 May 2018 10:00 | Published: 13 May 2018")
    assert found is not None
    assert found.is_update
    assert leading_date("13 May 2018 was a quiet day") is None


@given(st.dates(dt.date(1990, 1, 1), dt.date(2025, 12, 31)))
def test_every_day_in_every_form(day: dt.date) -> None:
    for form in ("%d %B %Y", "%B %d, %Y", "%a, %d %b %Y 10:00:00 GMT", "%Y-%m-%d", "%d.%m.%Y", "%A %d %b %Y"):
        found = read_date(day.strftime(form))
        assert found is not None
        assert found.day == day


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://News.Example:443/a?utm_source=x&id=7&fbclid=1#top", "https://news.example/a?id=7"),
        ("http://news.example", "http://news.example/"),
        ("https://news.example:8443/a", "https://news.example:8443/a"),
        ("ftp://news.example/a", None),
        ("not an address", None),
        ("http://[broken/a", None),
        (None, None),
    ],
)
def test_canonical_addresses(url: str | None, canonical: str | None) -> None:
    assert canonical_url(url) == canonical


def test_article_id_rests_on_the_address_else_on_the_document() -> None:
    assert article_id("https://n.example/a/", "x") == article_id("http://n.example/a", "y")
    assert article_id(None, "x") != article_id(None, "y")


STORY = (
    "Nine people were killed and 14 wounded when a bomb hidden in a fruit cart exploded in the main market of Lakehead on Thursday. "
    "Doctors of the town expect that more will die, for some of those who were hurt are in a critical state. The army blamed the Northern Front, "
    "which has carried out similar attacks in the region since the talks began in the capital last winter. Nobody has claimed the attack so far, "
    "and residents said that the market would stay closed until Sunday while the police search the stalls for other devices."
)


def run(tmp_path: Path, lines: list[dict], name: str = "work") -> list[dict]:
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines))
    work = tmp_path / name
    ingest_documents([str(path)], work, run_id="r", settings=IngestSettings(batch_documents=2), now=NOW)
    clean_documents(work, run_id="r")
    return sorted(read_table(work, "articles").to_pylist(), key=lambda row: row["source_id"])


def test_exact_and_near_copies_are_marked_with_the_earliest(tmp_path: Path) -> None:
    near = STORY.replace("nobody", "no one").replace("fruit cart", "vegetable cart")
    other = "Talks between the army and the Northern Front broke off on Monday after two days without a word on the hostages, mediators said in the capital."
    rows = run(
        tmp_path,
        [
            {"id": "a", "text": STORY, "published_on": "2021-05-08"},
            {"id": "b", "text": other, "published_on": "2021-05-01"},
            {"id": "c", "text": near, "published_on": "2021-05-09"},
            {"id": "d", "text": STORY, "published_on": "2021-05-07"},
            {"id": "e", "text": STORY},
        ],
    )
    by_id = {row["source_id"]: row for row in rows}
    first = by_id["d"]["article_id"]
    assert by_id["d"]["duplicate_of"] is None
    assert by_id["b"]["duplicate_of"] is None
    for name, least in (("a", 1.0), ("c", 0.8), ("e", 1.0)):
        assert by_id[name]["duplicate_of"] == first
        assert least <= by_id[name]["duplicate_similarity"] <= 1.0


def entry(name: str, text: str) -> Entry:
    sketch = signature(text)
    return Entry(name, DAY, None if sketch is None else bands_of(sketch))


def test_copies_do_not_depend_on_the_order_of_articles() -> None:
    texts = {
        "a": STORY,
        "b": STORY + " The police asked for help.",
        "c": STORY.replace("Lakehead", "Hillhead"),
        "d": "Short text.",
    }
    entries = [entry(name, text) for name, text in texts.items()]
    one = find_duplicates(entries, lambda names: [(name, texts[name]) for name in names])
    assert one == find_duplicates(entries[::-1], lambda names: [(name, texts[name]) for name in names])
    assert set(one) == {"b", "c"}
    own, other = shingles(texts["a"]), shingles(texts["b"])
    assert one["b"] == ("a", round(len(own & other) / len(own | other), 4))


def test_templates_with_other_figures_are_no_copies() -> None:
    one = "Police said four men were shot in Qara on Monday evening. No further details were available."
    two = "Police said nine men were shot in Dura on Friday evening. No further details were available."
    assert find_duplicates([entry("a", one), entry("b", two)], lambda names: {"a": one, "b": two}.items()) == {}


def test_same_address_twice_keeps_the_first_and_records_the_other(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(
        "\n".join(
            json.dumps({"id": name, "url": f"https://n.example/a?utm_source={name}", "text": f"{STORY} {name}"})
            for name in "xyz"
        )
    )
    ingest_documents([str(path)], tmp_path, run_id="r", settings=IngestSettings(batch_documents=1), now=NOW)
    summary = clean_documents(tmp_path, run_id="r")
    assert (summary.rows_in, summary.rows_out, summary.duplicates) == (3, 1, 2)
    import pyarrow.parquet as pq

    held = pq.read_table(tmp_path / "quarantine" / "clean-00000.parquet").to_pylist()
    assert [row["check"] for row in held] == ["duplicate_article"] * 2
    assert "in.jsonl" in held[0]["reason"]
    (row,) = read_table(tmp_path, "articles").to_pylist()
    assert row["source_id"] == "x"


def test_the_stage_writes_the_same_bytes_again(tmp_path: Path) -> None:
    lines = [{"id": str(n), "text": f"{STORY} {n}", "published_on": "2021-05-08"} for n in range(5)]
    run(tmp_path, lines, "one")
    run(tmp_path, lines, "two")
    for path in sorted((tmp_path / "one" / "articles").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / "articles" / path.name).read_bytes()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("3 min read", "read_time"), ("Reading time: 4 minutes", "read_time"), ("Share", "share"), ("Facebook Twitter WhatsApp", "share"),
        ("Follow us on Twitter @example and Facebook", "share"), ("READ MORE: Army retakes town", "related"), ("Also read | Talks open", "related"),
        ("FILE PHOTO: Troops near Qara, May 7, 2021", "caption"), ("A burnt car in Qara [AFP/Getty Images]", "caption"),
        ("Smoke rises over Dura. (Photo: Example Post)", "caption"), ("Photo credit: A. Writer", "caption"),
        ("Reuters contributed to this report.", "credit_line"), ("(Reporting by A. Writer; Editing by B. Writer)", "credit_line"),
        ("Source: Al Jazeera and news agencies", "credit_line"), ("© 2021 Example Post", "boilerplate"), ("ADVERTISEMENT", "boilerplate"),
        ("Subscribe to our daily newsletter", "boilerplate"), ("Tags: army, mines", "boilerplate"), ("* * *", "boilerplate"),
        ("Published 7 May 2021, 10:15 BST", "date_line"),
        ("Soldiers shared food with the families.", None), ("Ten people were killed, officials said.", None),
        ("The source: a doctor who asked not to be named said that nine had died. The ministry denied it.", None),
        ("Related killings were reported in two other towns, the governor's office said.", None),
        ("Watch towers were hit in the attack, which wounded five border guards.", None),
        ("More than 30 people died.", None), ("Print works were hit.", None), ("On Monday, 20 died", None), ("Telegram groups spread it.", None),
    ],
)  # fmt: skip
def test_kinds_of_lines(line: str, kind: str | None) -> None:
    assert kind_of(line) == kind


@pytest.mark.parametrize(
    "piece",
    ["1", "a ", "(", "[", "A", "Ab ", "share ", "AP, AFP and ", "12 May 2014 ", "A/B ", "Photo: ", "- ", "Tags "],
)
def test_no_line_takes_long(piece: str) -> None:
    import time

    def seconds(line: str) -> float:
        document = {
            "content": line.encode(), "encoding": None, "media_type": "text/plain", "ingested_at": NOW, "title": "A title of this",
            "url": None, "content_hash": "x", "source_id": "s", "source_uri": "u", "publisher": None, "author": None,
            "published_on": None, "record": 0,
        }  # fmt: skip
        started = time.process_time()
        clean_document(document)
        return time.process_time() - started

    for end in ("", "!", "z"):
        short, long = (seconds(piece * (length // len(piece)) + end) for length in (220, 440))
        # Twice as long takes up to four times as long; a pattern that runs wild, thousands of times.
        assert long < 15 * max(short, 0.03), (piece, end)


def test_a_menu_of_a_page_is_no_story_and_a_list_in_the_story_is() -> None:
    links = "".join(f'<li><a href="/s/{n}">Section {n}</a></li>' for n in range(40))
    points = "".join(
        f'<li>Shell number {n} fell <a href="/m/{n}">on the mill</a>, a guard said.</li>' for n in range(12)
    )
    told = "".join(
        f"<p>Four people were killed at the mill of Qara on day {n} of the siege, a guard said.</p>" for n in range(5)
    )
    page = f'<html><body><div class="mega"><ul>{links}</ul></div><article><h1>Siege of the mill</h1>{told}<ul>{points}</ul></article></body></html>'
    text = read_page(page, DAY).text
    assert "Section" not in text
    assert "Shell number 11 fell on the mill" in text


def test_the_language_is_that_of_the_body() -> None:
    arabic = "قتل أربعة أشخاص في قصف استهدف سوق المدينة صباح الاثنين بحسب ما قاله طبيب في المستشفى المحلي. " * 12
    english = "Four people were killed when shells hit the market of the town on Monday, its doctor said. " * 4
    assert identify(english * 3) == "en"
    assert identify(english[:90] + arabic) == "ar"
    assert identify("قتل " + english * 3) == "en"
