"""Whole articles, written for these tests, as the reader codes them; and what no article may do to it."""

from __future__ import annotations

import datetime as dt
import random
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expectations.tables import FIGURES, MENTIONS
from expectations.vocabulary import DISPOSITIONS, SUB_EVENT_TYPES
from tasks.extract.engine import ArticleText, Reader, Reading

PUBLISHED = dt.date(2024, 5, 16)  # a Thursday
ARTICLES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "Drone strike kills five in Omdurman market",
        "A drone strike on a crowded market in Omdurman killed at least five civilians and wounded 18 others on Tuesday, "
        "a doctors' union said.\nThe union blamed the paramilitary Rapid Support Forces for the attack.\n"
        "The war has killed tens of thousands of people since April 2023.",
        {
            "sub_event_type": "Air/drone strike",
            "killed_min": 5,
            "killed_max": None,
            "injured_min": 18,
            "injured_max": 18,
            "date_start": dt.date(2024, 5, 14),
            "date_end": dt.date(2024, 5, 14),
            "place_name": "Omdurman",
            "country_code": "SD",
            "perpetrator": "Rapid Support Forces (RSF)",
            "perpetrator_status": "suspected",
        },
    ),
    (
        "Eleven soldiers killed in northern Burkina Faso",
        "Eleven soldiers were killed when gunmen ambushed their convoy near the town of Djibo on 12 May, the army said.\n"
        "It said 20 attackers were also killed.",
        {
            "sub_event_type": "Armed clash",
            "date_start": dt.date(2024, 5, 12),
            "place_name": "Djibo",
            "place_relation": "near",
            "country_code": "BF",
        },
    ),
    (
        "Two teachers abducted in Cauca",
        "Armed men kidnapped two teachers on Wednesday in the municipality of Corinto, Colombia, the governor said.",
        {
            "sub_event_type": "Abduction/forced disappearance",
            "killed_min": None,
            "injured_min": None,
            "date_start": dt.date(2024, 5, 15),
            "place_name": "Corinto",
            "country_code": "CO",
        },
    ),
    (
        "Suicide bomber kills 14 at Mogadishu hotel",
        "A suicide bomber killed 14 people at a hotel in Mogadishu on Tuesday night, police said.\n"
        "Al-Shabaab claimed responsibility.",
        {
            "sub_event_type": "Suicide bomb",
            "killed_min": 14,
            "killed_max": 14,
            "place_name": "Mogadishu",
            "country_code": "SO",
            "perpetrator": "Al-Shabaab (al-Shabab, Shebab)",
            "perpetrator_status": "claimed",
        },
    ),
    (
        "Russian missile hits Kharkiv apartment block",
        "A Russian missile hit an apartment block in Kharkiv overnight, killing seven people, including two children, "
        "Ukrainian officials said.",
        {
            "sub_event_type": "Shelling/artillery/missile attack",
            "killed_min": 7,
            "killed_max": 7,
            "place_name": "Kharkiv",
            "country_code": "UA",
            "perpetrator_status": "stated",
        },
    ),
]


def article(text: str, title: str | None = None, name: str = "a1") -> ArticleText:
    return ArticleText(name, title, None, text, PUBLISHED, "The Courier")


def as_bytes(reading: Reading) -> tuple[bytes, bytes]:
    """The rows as the tables hold them."""
    tables = MENTIONS.from_rows(reading.mentions), FIGURES.from_rows(reading.figures)
    return tuple(repr(table.to_pylist()).encode() for table in tables)  # type: ignore[return-value]


def assert_sound(text: ArticleText, reading: Reading) -> None:
    """What holds for every article: evidence is verbatim, each figure has its place, values are of the vocabulary."""
    fields = {"title": text.title or "", "standfirst": text.standfirst or "", "text": text.text}
    mentions = {m["mention_id"] for m in reading.mentions}
    assert len(mentions) == len(reading.mentions)
    for mention in reading.mentions:
        assert mention["sub_event_type"] in SUB_EVENT_TYPES
        assert mention["evidence"]
        for part in (*mention["evidence"], *mention["codings"]):
            assert fields[part["field"]][part["start"] : part["end"]] == part["text"]
        counting = [f for f in reading.figures if f["mention_id"] == mention["mention_id"]]
        assert any(f["disposition"] == "incident" for f in counting)
    for figure in reading.figures:
        assert fields[figure["field"]][figure["start"] : figure["end"]] == figure["text"]
        assert figure["disposition"] in DISPOSITIONS
        assert figure["reason"]
        assert figure["mention_id"] is None or figure["mention_id"] in mentions


@pytest.mark.parametrize(("title", "text", "expected"), ARTICLES, ids=[a[0] for a in ARTICLES])
def test_articles_of_many_wars(reader: Reader, title: str, text: str, expected: dict[str, Any]) -> None:
    read = article(text, title)
    reading = reader.read(read)
    assert_sound(read, reading)
    (mention,) = reading.mentions
    assert {name: mention[name] for name in expected} == expected


def test_an_article_without_casualties_has_no_rows(reader: Reader) -> None:
    reading = reader.read(
        article("Ministers met in Geneva to discuss grain exports. Talks will go on.", "Talks resume")
    )
    assert reading == Reading([], [])


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", ".", "7", "killed", "Killed killed killed.", "12 killed"])
def test_next_to_no_text(reader: Reader, text: str) -> None:
    read = article(text)
    assert_sound(read, reader.read(read))


def test_the_order_of_reading_does_not_matter(reader: Reader) -> None:
    texts = [article(text, title, f"a{n}") for n, (title, text, _) in enumerate(ARTICLES)]
    first = {t.article_id: as_bytes(reader.read(t)) for t in texts}
    shuffled = [*texts, *texts]
    random.Random(7).shuffle(shuffled)
    for text in shuffled:
        assert as_bytes(reader.read(text)) == first[text.article_id]


@pytest.mark.parametrize(
    "title",
    [
        "Gunmen kill nine villagers in Zamfara",
        "Gunmen Kill Nine Villagers In Zamfara",
        "GUNMEN KILL NINE VILLAGERS IN ZAMFARA",
    ],
)
def test_headlines_in_any_case_join_their_story(reader: Reader, title: str) -> None:
    text = "Gunmen on motorcycles killed nine villagers in Zamfara state on Monday, residents said."
    read = article(text, title)
    reading = reader.read(read)
    assert_sound(read, reading)
    (mention,) = reading.mentions
    assert (mention["killed_min"], mention["killed_max"]) == (9, 9)
    assert {part["field"] for part in mention["evidence"]} == {"title", "text"}


def test_an_article_in_upper_case_is_read(reader: Reader) -> None:
    text = "GUERRILLAS KILLED SIX SOLDIERS IN AN AMBUSH NEAR THE TOWN OF TOCACHE ON TUESDAY, THE ARMY SAID."
    read = article(text)
    reading = reader.read(read)
    assert_sound(read, reading)
    assert [m["killed_min"] for m in reading.mentions] == [6]


def test_right_to_left_text_is_survived(reader: Reader) -> None:
    read = article(
        "قتل خمسة أشخاص في غارة على المدينة.\nFive people were killed in a strike on رفح on Monday, medics said."
    )
    reading = reader.read(read)
    assert_sound(read, reading)
    assert [m["killed_min"] for m in reading.mentions] == [5]


def test_typographic_signs_keep_their_offsets(reader: Reader) -> None:
    read = article(
        "“At least 12 people — three of them children — were killed” in Odesa’s port on Monday, said the mayor…"
    )
    reading = reader.read(read)
    assert_sound(read, reading)
    assert [m["killed_min"] for m in reading.mentions] == [12]


WORDS = [
    "killed",
    "wounded",
    "12",
    "people",
    "at least",
    "dozens",
    "in",
    "Gaza",
    "on Monday",
    "the",
    "blast",
    "and",
    ",",
    ".",
]
JUNK = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.sampled_from(WORDS), JUNK), max_size=60))
def test_any_text_is_survived(reader: Reader, words: list[str]) -> None:
    read = article(" ".join(words), " ".join(words[:6]))
    assert_sound(read, reader.read(read))


def _long_text(sentences: int) -> str:
    """A text of many incidents, each of a day, a place and a number of its own, and of sentences about none."""
    places = ["Kharkiv", "Aleppo", "Mosul", "Sanaa", "Kabul", "Maiduguri", "Mogadishu", "Cali", "Goma", "Rafah"]
    months = ["January", "February", "March", "April"]
    lines = []
    for n in range(sentences):
        lines.append(
            f"Shelling killed {n % 37 + 2} people and wounded {n % 23 + 3} others in {places[n % 10]} on "
            f"{n % 28 + 1} {months[n // 28 % 4]} 2024, a local official told reporters."
        )
        lines += ["The ministers met again in the capital to talk about the price of bread and fuel, which rose."] * 9
    return "\n".join(lines)


def test_a_long_article_takes_linear_time(reader: Reader) -> None:
    def seconds(sentences: int) -> tuple[float, int]:
        text = _long_text(sentences)
        started = time.process_time()
        reader.read(article(text))
        return time.process_time() - started, len(text.split())

    seconds(20)
    short, words = seconds(60)
    long, more_words = seconds(600)
    assert more_words > 100_000
    assert long / short < 3 * more_words / words


def test_the_place_of_an_incident_may_stand_in_the_sentence_before() -> None:
    text = (
        "Shells landed on the town of Nyamilima on Tuesday, residents said.\n"
        "Six people were killed in the town, among them two children, a nurse said."
    )
    [row] = Reader().read(article(text, "Shelling kills six")).mentions
    assert row["place_name"] == "Nyamilima"
    assert "place_inherited" in row["flags"]


def test_a_village_goes_before_the_bearing_that_leads_to_it() -> None:
    text = (
        "Four people were killed when a bomb exploded north of Wajid town on Tuesday.\n"
        "Residents said the bomb exploded in the village of Buurdhuubo, north of Wajid town."
    )
    [row] = Reader().read(article(text, "Bomb kills four")).mentions
    assert row["place_name"] == "Buurdhuubo"


def test_a_nation_aims_its_attack() -> None:
    text = "An Israeli attack on a fuel store outside Baalbek killed three guards on Sunday, an officer said."
    [row] = Reader().read(article(text)).mentions
    assert row["perpetrator"] == "Israel"
    assert (row["killed_min"], row["killed_max"]) == (3, 3)


def test_those_whose_car_hits_a_mine_did_not_lay_it() -> None:
    text = (
        "Five policemen died on Sunday when their vehicle hit a landmine outside Kirkuk, residents said.\n"
        "The government blamed rebels for the attack."
    )
    [row] = Reader().read(article(text)).mentions
    assert (row["perpetrator"], row["perpetrator_status"]) == ("rebels", "suspected")


def test_an_incident_without_a_day_has_that_of_the_incident_before() -> None:
    text = (
        "A shell killed two people in Avdiivka on Tuesday, the governor said.\n"
        "A grenade wounded three people in Toretsk."
    )
    _, second = Reader().read(article(text)).mentions
    assert (second["place_name"], second["date_start"]) == ("Toretsk", dt.date(2024, 5, 14))
    assert second["date_basis"] == "inherited"
    assert "date_inherited" in second["flags"]
    assert "day_of_the_incident_before" in [c["rule"] for c in second["codings"]]


def test_an_incident_with_a_time_of_its_own_takes_no_day_from_another() -> None:
    text = (
        "A shell killed two people in Avdiivka on Tuesday, the governor said.\n"
        "Two guards had died in Pokrovsk in 2021 when a rocket hit a depot."
    )
    _, second = Reader().read(article(text)).mentions
    assert second["date_start"] == dt.date(2021, 1, 1)


def test_the_blast_of_a_day_is_the_one_told_before() -> None:
    text = (
        "Nearly 70 people were killed when a car bomb tore through a column of buses, a doctor said on Wednesday.\n"
        "Tuesday's blast hit the buses at a checkpoint in Baidoa."
    )
    [row] = Reader().read(article(text)).mentions
    assert (row["place_name"], row["date_start"]) == ("Baidoa", dt.date(2024, 5, 14))


@pytest.mark.parametrize(
    "text",
    [
        "The minister condemned the murder of former appeal court judge Tomas Ilunga.",
        "Unions demanded an inquiry into opposition candidate Ana Lobo's murder.",
        "Talks stay suspended until the killings of the Belgian monks are cleared up.",
    ],
)
def test_an_act_told_by_its_noun_is_an_incident(text: str) -> None:
    [row] = Reader().read(article(text)).mentions
    assert row["sub_event_type"] == "Attack"


def test_how_it_was_done_may_be_told_right_before() -> None:
    text = (
        "A bomb exploded in a bakery in Zinder on Monday.\n"
        "The customers had left the shop by then. Only one policeman was slightly hurt."
    )
    [row] = Reader().read(article(text)).mentions
    assert row["sub_event_type"] == "Remote explosive/landmine/IED"


def test_a_title_after_the_name_of_a_country_ends_no_sentence() -> None:
    text = "The group shot at former U.S. Secretary Brown in Lagos on Monday and killed two of his guards."
    [row] = Reader().read(article(text)).mentions
    assert [e["text"] for e in row["evidence"]] == [text]


@pytest.mark.parametrize(
    ("text", "is_inherited"),
    [
        ("Al-Shabaab fighters attacked the base at Barire.\nSix soldiers were killed, a nurse said.", True),
        ("Al-Shabaab fighters killed six soldiers at the base at Barire, a nurse said.", False),
    ],
)
def test_who_did_it_by_another_sentence_is_flagged(text: str, is_inherited: bool) -> None:
    [row] = Reader().read(article(text, "News from Lower Shabelle")).mentions
    assert row["perpetrator"] == "Al-Shabaab (al-Shabab, Shebab)"
    assert ("perpetrator_inherited" in row["flags"]) is is_inherited
