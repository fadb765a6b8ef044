"""A document becomes an article: what is no story is taken out as what it is, and no word of the story is lost."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations import vocabulary as v
from tasks.clean.article import clean_document

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "fixtures" / "clean"
NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
BODY = (
    "Three soldiers were killed on Monday when a convoy hit a mine near the village of Qara, the governor said. "
    "He said that two more were in hospital. Nobody has claimed the attack so far."
)


def document(content: str | bytes, **fields: Any) -> dict[str, Any]:
    return {
        "document_id": "d",
        "source_id": "s",
        "source_uri": "in/s.txt",
        "record": 0,
        "media_type": "text/plain",
        "content": content.encode() if isinstance(content, str) else content,
        "encoding": None,
        "url": None,
        "title": None,
        "published_on": None,
        "publisher": None,
        "author": None,
        "content_hash": "c0ffee",
        "ingested_at": NOW,
        **fields,
    }


def clean(content: str | bytes, **fields: Any) -> dict[str, Any]:
    row = clean_document(document(content, **fields))
    assert {piece["kind"] for piece in row["removed"]} <= set(v.REMOVED_KINDS)
    assert set(row["flags"]) <= set(v.ARTICLE_FLAGS)
    return row


def removed(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [(piece["kind"], piece["text"]) for piece in row["removed"]]


def test_the_seed_article() -> None:
    row = clean((ROOT / "seeds" / "000_a2fbda1269467dec.txt").read_bytes())
    title = "Civilian casualties mount as Kurdish forces resume IS offensive in eastern Syria"
    assert row["title"] == title
    assert row["standfirst"].startswith("A US-backed Kurdish-led militia has resumed")
    assert (row["published_on"], row["published_basis"]) == (dt.date(2018, 11, 13), "text")
    assert [kind for kind, _ in removed(row)] == ["repeated_title", "read_time", "date_line", "caption", "credit_line"]
    assert removed(row)[3][1].endswith("[Getty]")
    paragraphs = row["text"].split("\n\n")
    assert len(paragraphs) == 19
    assert paragraphs[0].startswith("Seven civilians were killed")
    assert paragraphs[-1].endswith("al-Assad's regime.")
    assert row["language"] == "en"
    assert row["flags"] == []


def test_a_page_saved_as_text() -> None:
    row = clean((FIXTURES / "blast_at_market.txt").read_bytes())
    assert row["title"] == "Market blast kills nine in Lakehead as truce talks stall"
    assert (
        row["standfirst"]
        == "A bomb hidden in a fruit cart tore through a crowded market on the eve of talks in the capital."
    )
    assert row["author"] == "Jane Okello"
    assert row["published_on"] == dt.date(2021, 5, 7)
    assert [kind for kind, _ in removed(row)] == [
        "repeated_title", "byline", "read_time", "date_line", "caption",
        "related", "share", "boilerplate", "boilerplate", "credit_line", "related", "related", "related",
    ]  # fmt: skip
    assert row["text"].split("\n\n") == [
        "Nine people were killed and 14 wounded when a bomb hidden in a fruit cart exploded in Lakehead's main market on Thursday, the mayor said.",
        '"We counted nine bodies," the mayor, Amos Tell, told reporters.',
        "The army blamed the Northern Front, which has carried out similar attacks in the region.",
        "Nobody has claimed the attack.",
    ]


@pytest.mark.parametrize(
    ("beside", "publisher"), [("By A. Staff", None), ("U.S. envoy says", None), ("post.example", "post.example")]
)
def test_what_stands_beside_a_headline_is_a_publisher_only_as_an_address(beside: str, publisher: str | None) -> None:
    page = f"<html><head><title>Blast hits the bakery of Qara | {beside}</title></head><body><article><h1>Blast hits the bakery of Qara</h1>"
    page += "<p>Four people were killed when a bomb went off in the bakery of Qara on Monday, the governor said.</p></article></body></html>"
    assert clean(page, media_type="text/html")["publisher"] == publisher


def test_an_html_page() -> None:
    row = clean((FIXTURES / "bridge_strike.html").read_bytes(), media_type="text/html")
    assert row["title"] == "Strike on Dura bridge kills six, officials say"
    assert row["publisher"] == "Example Post"
    assert row["author"] == "Lina Haddad"
    assert row["url"] == "https://www.post.example/world/2022/03/09/dura-bridge"
    # The publisher's own day, not that of UTC, and not the day of the change.
    assert (row["published_on"], row["published_basis"]) == (dt.date(2022, 3, 9), "metadata")
    assert row["standfirst"] == "The crossing was the last one open to people leaving the besieged town."
    assert "Nine hundred" not in row["text"]
    assert "cookies" not in row["text"]
    assert "Smoke over Dura" not in row["text"]
    assert row["text"].startswith("An air strike on the bridge at Dura killed six people")
    assert row["text"].endswith("looking into the reports.")


LEADS = [
    ("07-05-2021 {title}. {body}", {"date_line", "repeated_title"}),
    ("Fri May 7 2021 {title}. {body}", {"date_line", "repeated_title"}),
    ("07-05-2021 title: {title}. {body}", {"date_line", "repeated_title"}),
    ("Date of publication 7 May 2021 A convoy hit a mine in the north. Tags Qara Mines Northern Front {body}", {"date_line", "boilerplate"}),
    ("Published May 7 2021 {body}", {"date_line"}),
    ("Last updated at May 072021 {body}", {"date_line"}),
    ("{title} AFP Friday 7 May 2021 {body}", {"repeated_title", "byline", "date_line"}),
    ("{title} A convoy hit a mine in the north, officials say AP Friday 7 May 2021 {body}", {"repeated_title", "byline", "date_line"}),
    ("Posted on May 7 2021 by Jane Okello {title} {body}", {"date_line", "byline", "repeated_title"}),
    ("{title} World Africa Army 07-05-2021 0147 PM {body}", {"repeated_title", "boilerplate", "date_line"}),
    ("07.05.2021(updated 1618 07.05.2021) Get short URL 0 215 {body}", {"date_line", "share"}),
    ("Print this page Friday 7 May 2021 16:45 {title}. {body}", {"share", "date_line", "repeated_title"}),
    ("May 7 2021 {title}. Jane Okello Amos Tell. {body}", {"date_line", "repeated_title"}),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "kinds"), LEADS)
def test_articles_of_one_line(shape: str, kinds: set[str]) -> None:
    title = "Mine kills three soldiers near Qara in the north"
    row = clean(shape.format(title=title, body=BODY), title=title, published_on="2021-06-30")
    assert row["published_on"] == dt.date(2021, 5, 7)
    assert row["published_basis"] == "text"
    assert "date_conflict" in row["flags"]
    assert kinds <= {kind for kind, _ in removed(row)}
    assert row["text"].endswith(BODY)
    if "Okello Amos" not in shape:
        assert row["text"] == BODY


def test_a_date_line_that_lost_a_digit() -> None:
    title = "Mine kills three soldiers near Qara in the north"
    row = clean(f"7-05-2021 {title}. {BODY}", title=title, published_on="2021-05-27")
    assert row["published_on"] == dt.date(2021, 5, 27)


TAILS = [
    ("Read Also", "related"),
    ("SSH 11", "boilerplate"),
    ("219-11", "boilerplate"),
    ("Reporting by Jane Okello; Editing by Amos Tell", "credit_line"),
    ("(Source: Northern Press Office) Twitter", "share"),
    ("Source TRTWorld and agencies", "credit_line"),
    ("Okello / Amos Tell", "byline"),
    ("Tags mines army Qara", "boilerplate"),
    ("Copyright 2021 Example Post. All rights reserved.", "boilerplate"),
]


@pytest.mark.parametrize(("tail", "kind"), TAILS)
def test_what_hangs_on_to_the_end_of_a_line(tail: str, kind: str) -> None:
    row = clean(f"{BODY} {tail}")
    assert row["text"] == BODY
    assert kind in {found for found, _ in removed(row)}


@pytest.mark.parametrize(
    "text",
    [
        # A title that runs on into the first sentence is no repeated title.
        "Air strikes kill 20 Syrian soldiers at a base in the east, a monitor said on Monday, in the second raid of the week.",
        # A date that begins a sentence is no date line.
        "September 8, 2013 was the day on which the shelling of the old town began, residents told the commission.",
        # Numbers, names and brackets that belong to the story.
        "Ten fighters were killed (four of them foreigners) near the town, the army said. The toll rose to 12.",
        "The ministry put the dead at 31. Read also the names, the minister said, of those who are missing.",
        "The dam was blown up in Jan. 2014",
        "It was the worst raid since the truce. 2014",
        "Soldiers shared the road with families leaving the town. Two were shot, by whom nobody could say.",
    ],
)
def test_what_may_be_story_stays(text: str) -> None:
    row = clean(text, title="Air strikes kill 20")
    assert row["text"] == text
    assert row["removed"] == []


def test_a_text_that_is_nothing_but_one_signed_sentence_stays() -> None:
    line = "Four people were killed when a shell hit a bakery in Qara on Friday (Photo: Example Post)"
    assert clean(line)["text"] == line


def test_a_story_with_a_date_at_its_end_is_no_standfirst() -> None:
    first, second = BODY, "The road has been closed since the army left the district in spring, residents said."
    row = clean(f"{first}\n\n{second}\n\nUpdated 7 May 2021")
    assert row["text"] == f"{first}\n\n{second}"
    assert row["standfirst"] is None
    assert row["published_on"] == dt.date(2021, 5, 7)


@pytest.mark.parametrize(
    ("dateline", "day"),
    [
        ("BEIRUT (Reuters) -", None),
        ("KABUL, May 7 (AP) —", None),
        ("San Pedro, 7 May 89 (RADIO NORTE) -- [Text]", dt.date(1989, 5, 7)),
        ("PORT HARBOR, Ark. (KXYZ) –", None),
        ("MOSCOW (Sputnik)", None),
        ("San Pedro, 7 May 89 -- [Text] [Continued]", dt.date(1989, 5, 7)),
        ("QUETTA, May 7, 2011 (XNA) —", dt.date(2011, 5, 7)),
    ],
)
def test_wire_dateline_is_set_apart(dateline: str, day: dt.date | None) -> None:
    row = clean(f"{dateline} {BODY}")
    assert row["text"] == f"{dateline}\n\n{BODY}"
    assert removed(row) == [("dateline", dateline)]
    assert row["published_on"] == day


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("BANGUI, Central African Republic, Feb. 9, 2016 -", dt.date(2016, 2, 9)),
        ("Herat, 21 June 2010 (Sunrise):", dt.date(2010, 6, 21)),
        ("CALI (3 August 2002) -", dt.date(2002, 8, 3)),
        ("TAIZ - 3 August 2016:", dt.date(2016, 8, 3)),
        ("Juba | 4 May 2014 |", dt.date(2014, 5, 4)),
        ("The march of 21 June 2010 -", None),
        ("Since May 7, 2011, the road to Qara has been shut:", None),
    ],
)
def test_date_line_without_an_agency_gives_the_day(opening: str, day: dt.date | None) -> None:
    row = clean(f"{opening} {BODY}")
    assert row["published_on"] == day
    assert row["text"].startswith(opening)


def test_a_date_in_brackets_at_the_head_is_a_date_line() -> None:
    row = clean(f"(Updated 7 May 2021) {BODY}")
    assert (row["published_on"], row["text"]) == (dt.date(2021, 5, 7), BODY)


def test_repeated_first_sentence_and_paragraph() -> None:
    first = BODY.split(". ")[0] + "."
    row = clean(f"{first} {BODY}")
    assert row["text"] == BODY
    row = clean(f"{BODY}\n\nThe road is closed until further notice, the police said.\n\n{BODY}")
    assert [kind for kind, _ in removed(row)] == ["repeated_paragraph"]


def test_typography_is_plain_and_words_are_kept() -> None:
    raw = "Al\u00adeppo\u2019s\u00a0\u201cold\u201d town\u200b was hit\u202e by 10\u201312 shells; co\u2011ordinated ﬁre, cafe\u0301."
    row = clean(raw)
    assert row["text"] == 'Aleppo\'s "old" town was hit by 10–12 shells; co-ordinated fire, café.'


def test_windows_characters_read_as_latin_1_are_mended() -> None:
    assert clean("The mayor\x92s office \x96 \x93closed\x94 \x85")["text"] == 'The mayor\'s office – "closed" …'


def test_hand_wrapped_lines_are_joined() -> None:
    text = (
        "Three soldiers were killed on Monday when a convoy hit a\nmine near the village of Qara, the governor of the\n"
        "district told the listeners of a local station on the\nradio in the evening.\n\nNobody has claimed it."
    )
    row = clean(text)
    assert row["text"].count("\n") == 2
    assert "hit a mine near" in row["text"]


def test_right_to_left_text_is_kept_with_its_language() -> None:
    text = "قتل سبعة مدنيين وأصيب آخرون في انفجار سيارة مفخخة شمال المدينة يوم الاثنين، بحسب ما أفاد به مصدر محلي. ولم تعرف هوية صاحب السيارة."
    row = clean(text)
    assert row["text"] == text
    assert row["language"] == "ar"
    assert "not_english" in row["flags"]


def test_article_that_is_not_english() -> None:
    text = "Sept civils ont été tués lundi dans l'explosion d'une voiture piégée au nord de la ville, selon une source locale sur place. Le propriétaire du véhicule n'a pas été identifié."
    row = clean(text, published_on="13 novembre 2018")
    assert (row["language"], row["published_on"]) == ("fr", dt.date(2018, 11, 13))
    assert "not_english" in row["flags"]


def test_too_short_to_tell_the_language() -> None:
    assert clean("Oslo 12.")["language"] is None


def test_no_news_at_all() -> None:
    row = clean("Whisk the eggs with the sugar until pale.\n\nFold in the flour.\n\nBake for 25 minutes.")
    assert row["text"].startswith("Whisk the eggs")
    assert row["flags"] == ["no_date"]


def test_nothing_left_after_cleaning() -> None:
    row = clean("Share\n\nAdvertisement\n\n3 min read\n")
    assert row["text"] == ""
    assert row["word_count"] == 0
    assert "no_text" in row["flags"]


@pytest.mark.parametrize(
    ("content", "expected", "flagged"),
    [
        ("Le café à Ghât".encode("cp1252"), "Le café à Ghât", False),
        ("“Quoted” – here".encode("cp1252"), '"Quoted" – here', False),
        ("Kurdish forces in Şırnak".encode("utf-16"), "Kurdish forces in Şırnak", False),
        ("Plain words in a wide form".encode("utf-16-le"), "Plain words in a wide form", False),
        ("\ufeffMarked text".encode(), "Marked text", False),
        (
            "Взрыв произошёл на рынке в понедельник утром, сообщили власти города и очевидцы.".encode("cp1251"),
            "Взрыв произошёл",
            False,
        ),
        ("Ünlü şehir çok güzel ".encode() * 9 + b"\xff broken", "Ünlü şehir çok güzel", True),
    ],
)
def test_wrong_encoding(content: bytes, expected: str, flagged: bool) -> None:
    row = clean(content)
    assert row["text"].startswith(expected)
    assert ("replaced_characters" in row["flags"]) is flagged


def test_html_that_names_its_own_encoding() -> None:
    page = f'<html><head><meta charset="windows-1251"></head><body><p>{"Взрыв на рынке. " * 12}</p></body></html>'
    assert "Взрыв на рынке" in clean(page.encode("cp1251"), media_type="text/html")["text"]


def test_markup_in_a_field_called_text() -> None:
    row = clean(f"<p>{BODY}</p><p>The road is closed, the <b>police</b> said.</p>")
    assert "<" not in row["text"]
    assert row["text"].endswith("the police said.")


def test_fragment_of_a_page_keeps_every_sentence() -> None:
    fragment = f"<p>{BODY}</p>Outside of any tag.<br>Next line.<script>alert('no')</script><!-- no --> Tail.<ul><li>One item</li></ul>"
    row = clean(fragment, media_type="text/html")
    assert row["text"].split("\n\n") == [BODY, "Outside of any tag.", "Next line. Tail.", "One item"]


def test_deeply_nested_markup_is_survived() -> None:
    row = clean("<div>" * 5000 + BODY + "</div>" * 5000, media_type="text/html")
    assert "Three soldiers" in row["text"]


def test_broken_html_is_still_an_article() -> None:
    row = clean("<html><body><p>" + BODY + "<div><table><tr>", media_type="text/html")
    assert "Three soldiers" in row["text"]


NEAR_ANYTHING = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=200
) | st.lists(
    st.sampled_from(["13 May 2020", "By Jane Doe", "Share", "[Getty]", "BEIRUT (AP) -", "Tags A B", "Read more:", BODY, "\n", "\n\n", "2020"]),
    max_size=12,
).map(" ".join)  # fmt: skip


@settings(max_examples=150)
@given(NEAR_ANYTHING, NEAR_ANYTHING)
def test_no_word_of_a_text_is_lost_or_made_up(text: str, title: str) -> None:
    """Every word that came in is in the body, the title, the standfirst or among what was taken out; none is new."""
    if "<" in text or "&" in text + title:
        return
    row = clean(text, title=title)
    kept = " ".join([row["text"], row["title"] or "", row["standfirst"] or "", *(p["text"] for p in row["removed"])])
    plain = clean_words(text)
    assert plain <= clean_words(kept)
    assert clean_words(row["text"]) <= plain | clean_words(title)


def clean_words(text: str) -> set[str]:
    from tasks.clean.normalise import plain_characters

    return set(re.findall(r"[^\W_]+", plain_characters(text)))


@pytest.mark.parametrize(
    ("written", "flagged"), [("03/04/2015", True), ("13/04/2015", False), ("04/04/2015", False), ("2015-04-03", False)]
)
def test_a_date_that_may_be_read_two_ways_is_flagged(written: str, flagged: bool) -> None:
    row = clean(
        b"A convoy hit a mine in the north, officials say. Four soldiers died on the road.", published_on=written
    )
    assert row["published_on"] is not None
    assert ("ambiguous_date" in row["flags"]) is flagged
