"""Time expressions as a reader of news resolves them, and the one among them that dates an act."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks.extract.dates import choose_date, find_dates, is_report_time
from tasks.extract.dates_heads import day_at, find_day_heads
from tasks.extract.dates_lines import written_on

WEDNESDAY = dt.date(2022, 5, 11)

ONE_DAY = {
    "Tuesday night": "2022-05-10",
    "early Tuesday morning": "2022-05-10",
    "at dawn on Monday": "2022-05-09",
    "in the early hours of Sunday": "2022-05-08",
    "late on Saturday": "2022-05-07",
    "Wednesday": "2022-05-11",
    "Thursday": "2022-05-05",
    "last Wednesday": "2022-05-04",
    "this Friday": "2022-05-06",
    "Monday last week": "2022-05-02",
    "overnight": "2022-05-10",
    "overnight Friday": "2022-05-06",
    "before dawn today": "2022-05-11",
    "this morning": "2022-05-11",
    "last night": "2022-05-10",
    "yesterday evening": "2022-05-10",
    "the day before yesterday": "2022-05-09",
    "the night before last": "2022-05-09",
    "2 days ago": "2022-05-09",
    "a couple of days ago": "2022-05-09",
    "five hours ago": "2022-05-11",
    "two days earlier": "2022-05-09",
    "15 March": "2022-03-15",
    "March 15th": "2022-03-15",
    "the 3rd of June": "2021-06-03",
    "15 March 2016": "2016-03-15",
    "March 15, 2016": "2016-03-15",
    "15/03/2016": "2016-03-15",
    "2016-03-15": "2016-03-15",
    "Feb. 21": "2022-02-21",
    "on the 15th.": "2022-04-15",
    "on the 6th when shells fell": "2022-05-06",
    "a week ago today": "2022-05-04",
    "two weeks ago on Friday": "2022-04-22",
    "4 Feb 90": "1990-02-04",
    "the night of 3 May": "2022-05-03",
    "on 1 may": "2022-05-01",
    "Sunday March 5 2017": "2017-03-05",
    "Friday, May 6, 2022": "2022-05-06",
    "SUNDAY 8 MAY": "2022-05-08",
    "29 February": "2020-02-29",
    "New Year's Eve": "2021-12-31",
    "on Sat": "2022-05-07",
    "Tues. morning": "2022-05-10",
    "Wed night": "2022-05-11",
    "mondays attack": "2022-05-09",
    "Wensday": "2022-05-11",
}
RANGES = {
    "in the past few hours": ("2022-05-10", "2022-05-11", "days"),
    "in the past 24 hours": ("2022-05-10", "2022-05-11", "days"),
    "over the past 48 hours": ("2022-05-09", "2022-05-11", "days"),
    "in the last three days": ("2022-05-08", "2022-05-11", "days"),
    "in the past week": ("2022-05-04", "2022-05-11", "days"),
    "last week": ("2022-05-02", "2022-05-08", "week"),
    "earlier this week": ("2022-05-09", "2022-05-11", "week"),
    "last month": ("2022-04-01", "2022-04-30", "month"),
    "earlier this month": ("2022-05-01", "2022-05-11", "month"),
    "last year": ("2021-01-01", "2021-12-31", "year"),
    "three months ago": ("2022-02-01", "2022-02-28", "month"),
    "four years ago": ("2018-01-01", "2018-12-31", "year"),
    "over the weekend": ("2022-05-07", "2022-05-08", "days"),
    "since Friday": ("2022-05-06", "2022-05-11", "days"),
    "between Friday and Sunday": ("2022-05-06", "2022-05-08", "days"),
    "from Thursday to Saturday": ("2022-05-05", "2022-05-07", "days"),
    "on Friday and Saturday": ("2022-05-06", "2022-05-07", "days"),
    "began Saturday and continued Sunday": ("2022-05-07", "2022-05-08", "days"),
    "Friday night into Saturday": ("2022-05-06", "2022-05-07", "days"),
    "from 8pm on Friday to 6am on Saturday": ("2022-05-06", "2022-05-07", "days"),
    "a fortnight ago": ("2022-04-27", "2022-04-27", "week"),
    "15-17 March": ("2022-03-15", "2022-03-17", "days"),
    "March 3-5": ("2022-03-03", "2022-03-05", "days"),
    "Dec. 30 to Jan. 2": ("2021-12-30", "2022-01-02", "days"),
    "11 December and 12 December 2016": ("2016-12-11", "2016-12-12", "days"),
    "early March": ("2022-03-01", "2022-03-10", "days"),
    "in March": ("2022-03-01", "2022-03-31", "month"),
    "in June": ("2021-06-01", "2021-06-30", "month"),
    "March 2012": ("2012-03-01", "2012-03-31", "month"),
    "April last year": ("2021-04-01", "2021-04-30", "month"),
    "in 2013": ("2013-01-01", "2013-12-31", "year"),
    "in the night between Sunday and Monday": ("2022-05-08", "2022-05-09", "days"),
    "in the night from Sunday to Monday": ("2022-05-08", "2022-05-09", "days"),
    "overnight from Sunday to Monday": ("2022-05-08", "2022-05-09", "days"),
    "on the night of May 2 to 3 a column": ("2022-05-02", "2022-05-03", "days"),
}
NO_DATE = [
    *(
        "tomorrow",
        "next Friday",
        "every Friday",
        "on Fridays and Mondays",
        "a few days ago",
        "in recent weeks",
        "later today",
    ),
    *(
        "at 2:45 a.m.",
        "a 12-year-old boy",
        "24/7",
        "9/11",
        "some 2000 people",
        "the death of 2000 civilians",
        "1,215 March",
    ),
    *(
        "he sat. Then",
        "the sun rose",
        "The Sun. It",
        "15 may have died",
        "They may 5",
        "a march on the city",
        "May said so",
    ),
    *(
        "two days after the truce",
        "the day before Eid",
        "the same day",
        "the 17 November Movement",
        "the Sunday Times",
        "Easter Sunday",
        "30 February",
        "31/31/2020",
    ),
    *("03/04/2022", "the 15th division", "five weeks later", "in two days of fighting", "Jan Egeland said"),
]


@pytest.mark.parametrize(("phrase", "day"), ONE_DAY.items())
def test_a_phrase_names_one_day(phrase: str, day: str) -> None:
    (found,) = find_dates(phrase, WEDNESDAY)
    assert (found.date_start.isoformat(), found.date_end, found.precision) == (day, found.date_start, "day")


@pytest.mark.parametrize(("phrase", "expected"), RANGES.items())
def test_a_phrase_names_a_range(phrase: str, expected: tuple[str, str, str]) -> None:
    (found,) = find_dates(phrase, WEDNESDAY)
    assert (found.date_start.isoformat(), found.date_end.isoformat(), found.precision) == expected


@pytest.mark.parametrize("phrase", NO_DATE)
def test_what_is_no_past_date_gives_none(phrase: str) -> None:
    assert find_dates(phrase, WEDNESDAY) == []


@pytest.mark.parametrize(
    ("phrase", "basis"), [("on Monday", "weekday"), ("yesterday", "relative"), ("on 3 May", "explicit")]
)
def test_the_basis_says_how_the_date_is_told(phrase: str, basis: str) -> None:
    assert find_dates(phrase, WEDNESDAY)[0].basis == basis


def test_days_that_hang_on_a_day_told_before() -> None:
    found = find_dates(
        "On Friday the town fell. Two days earlier a shell had hit it, and the following day ten died.", WEDNESDAY
    )
    assert [date.date_start.isoformat() for date in found] == ["2022-05-06", "2022-05-04", "2022-05-05"]
    (same,) = find_dates("Six more died that day.", WEDNESDAY, previous=dt.date(2022, 5, 2))
    assert same.date_start == dt.date(2022, 5, 2)


def test_the_day_of_what_an_act_came_after() -> None:
    monday = dt.date(2022, 5, 2)
    (found,) = find_dates("The raid came three days after a mayor was shot.", WEDNESDAY, previous=monday)
    assert (found.date_start.isoformat(), found.precision) == ("2022-04-29", "day")
    (found,) = find_dates("The latest blast comes barely a week after a bus was ambushed.", WEDNESDAY, previous=monday)
    assert found.date_end == WEDNESDAY - dt.timedelta(days=7)


def test_the_day_of_the_harm_where_the_days_to_the_death_are_counted() -> None:
    (found,) = find_dates("A nurse died on Monday, five days after a shell hit her clinic.", WEDNESDAY)
    assert found.date_start == dt.date(2022, 5, 4)


def test_earlier_in_the_day_is_the_day_told_before() -> None:
    (found,) = find_dates("Earlier in the day, two guards were shot.", WEDNESDAY, previous=dt.date(2022, 5, 2))
    assert found.date_start == dt.date(2022, 5, 2)


def test_two_days_of_two_clauses_stay_apart() -> None:
    found = find_dates("Five died on Sunday and on Monday six more.", WEDNESDAY)
    assert [date.date_start.day for date in found] == [8, 9]


def test_a_count_after_a_date_is_not_its_end() -> None:
    (found,) = find_dates("On March 11 and 20 people died", WEDNESDAY)
    assert found.date_end == dt.date(2022, 3, 11)


def test_without_a_publication_date_only_whole_dates_resolve() -> None:
    text = "On Monday, yesterday, 3 May, 3 May 2019, in March, in July 2018 and in 2013"
    assert [date.text for date in find_dates(text, None)] == ["3 May 2019", "July 2018", "in 2013"]


def test_an_ambiguous_numeric_date_needs_the_publication_near() -> None:
    assert find_dates("03/04/2016", None) == []
    assert find_dates("03/04/2016", dt.date(2016, 4, 5))[0].date_start == dt.date(2016, 4, 3)


# Sentence, anchor, the words of the date (None: no date of the act).
CHOICES = [
    ("Gunmen killed 12 herders near Bama on Sunday a monitor said.", "killed", "Sunday"),
    ("Gunmen killed 12 herders near Bama, a monitor said on Sunday.", "killed", None),
    ("An official told reporters on Thursday that eight miners had been killed.", "killed", None),
    ("On Monday the ministry said that nine soldiers were killed in the ambush.", "killed", None),
    ("The ministry on Monday accused rebels of killing nine soldiers.", "killing", None),
    ("In a statement on Friday the army said 30 militants were killed.", "killed", None),
    (
        "At least 20 recruits were killed Thursday in a blast in Mogadishu, the police announced Friday.",
        "killed",
        "Thursday",
    ),
    ("The monitor said shelling on Sunday killed four farmers in Avdiivka.", "killed", "Sunday"),
    ("State radio said nine dockers were wounded on Saturday as rockets hit the port.", "wounded", "Saturday"),
    (
        "On Wednesday three bombers killed two guards outside the bank in an attack claimed by the group.",
        "killed",
        "Wednesday",
    ),
    ("The group claimed an April 2 car bomb attack on a police station that killed 17 people.", "killed", "April 2"),
    ("He condemned the attack in which ten died, which was carried out yesterday by rebels.", "died", "yesterday"),
    ("Gunmen killed a judge on Sunday [1 May] in Cali.", "killed", "Sunday [1 May]"),
    ("Saturday's blast killed 40 pilgrims in Karbala.", "killed", "Saturday's"),
    ("The official spoke after Wednesdays attack that left ten people dead.", "dead", "Wednesdays"),
    ("A truce that was reached on Monday collapsed and shells killed two children.", "killed", None),
    ("Ten people were killed in the conflict that broke out in June 2014.", "killed", None),
    ("Since 2014 more than 13,000 people have been killed.", "killed", None),
    ("At least 12 people have been killed since Friday in Kharkiv.", "killed", "since Friday"),
    ("Over the past two years hundreds have been killed.", "killed", None),
    ("Ten soldiers died in an ambush, and the president will visit the base on Friday.", "died", None),
    ("A man was arraigned on Monday over the shooting of a boy.", "shooting", None),
    ("On Friday gunmen entered a mosque and killed 12 worshippers.", "killed", "Friday"),
    ("Police said on Wednesday that shells fell at dawn on the market, killing three.", "killing", "Wednesday"),
    (
        "The raids, which began on Saturday and continued on Sunday, killed 45 people.",
        "killed",
        "Saturday and continued on Sunday",
    ),
    ("KABUL, 4 Feb 90 (AFP) -- Six people were killed in a rocket attack.", "killed", None),
    ("Four farmers were shot by hooded men who came to their house on Sunday, the mayor said.", "shot", "Sunday"),
    ("May 7: Rebels came into the village at night and killed two guards.", "killed", "May 7"),
    (
        "The clashes in which nine died erupted on Saturday east of the town and went on until Sunday.",
        "died",
        "Saturday east of the town and went on until Sunday",
    ),
    ("Clashes were reported on Sunday in which six fighters died.", "Clashes", "Sunday"),
    ("JUBA (4 May) - Armed youths killed 19 herders on Tuesday night.", "killed", "Tuesday night"),
    ("Rebels killed a guard in Ekona, in the English-speaking west, on Tuesday.", "killed", "Tuesday"),
    ("The conflict claimed another six lives on Sunday when rebels ambushed a jeep.", "lives", "Sunday"),
    ("Snipers killed a mother and her son as they tried to reach the lines on Sunday.", "killed", "Sunday"),
]


@pytest.mark.parametrize(("text", "anchor", "expected"), CHOICES)
def test_the_date_of_the_act_is_chosen(parse, text: str, anchor: str, expected: str | None) -> None:
    doc = parse(text)
    word = next(token for token in doc if token.text == anchor)
    chosen = choose_date(doc[word.i : word.i + 1].sent, word, find_dates(text, WEDNESDAY))
    assert (chosen.text if chosen else None) == expected


@pytest.mark.parametrize(
    ("text", "anchor", "expected"),
    [
        (
            "Troops killed two raiders and seized nine in a sweep near Tal Afar on Sunday, it said.",
            "killed",
            "2022-05-08",
        ),
        ("A mine killed a nun and maimed two boys who were herding goats on 3 May.", "killed", "2022-05-03"),
        ("They shot the clerk, whom they accuse of informing, at a tea stall on Monday.", "shot", "2022-05-09"),
        ("A bomb went off at the mosque in Potiskum after Friday prayers, killing nine.", "killing", "2022-05-06"),
        ("Gunmen killed ten in Zurmi on Wednesday night, police said on Thursday.", "killed", "2022-05-04"),
        ("A train was attacked at Movene on Wednesday, the company said today.", "attacked", "2022-05-04"),
        ("Two were shot in Derna on Sunday, a day after a car bomb wounded seven in Tobruk.", "wounded", "2022-05-07"),
        ("Two were shot in Derna on Sunday, a day after a car bomb wounded seven in Tobruk.", "shot", "2022-05-08"),
    ],
)
def test_the_day_of_the_act_among_other_clauses(parse, text: str, anchor: str, expected: str) -> None:
    doc = parse(text)
    word = next(token for token in doc if token.text == anchor)
    found = choose_date(doc[word.i : word.i + 1].sent, word, find_dates(text, WEDNESDAY))
    assert found is not None
    assert found.date_start.isoformat() == expected


def test_a_bout_whose_end_a_second_clause_tells() -> None:
    (found,) = find_dates("The siege began on Friday evening and was only brought to an end on Sunday.", WEDNESDAY)
    assert (found.date_start.day, found.date_end.day) == (6, 8)


def test_the_nearer_of_two_days_belongs_to_each_act(parse) -> None:
    doc = parse("Shelling on Sunday killed four farmers, and on Monday a mine wounded two boys.")
    dates = find_dates(doc.text, WEDNESDAY)
    days = [
        choose_date(doc[word.i : word.i + 1].sent, word, dates).text
        for word in doc
        if word.text in ("killed", "wounded")
    ]
    assert days == ["Sunday", "Monday"]


def test_report_time_is_told_from_the_time_of_the_act(parse) -> None:
    doc = parse("Ten people were killed on Tuesday, the mayor said on Wednesday.")
    sentence = doc[:1].sent
    assert [is_report_time(sentence, date) for date in find_dates(doc.text, WEDNESDAY)] == [False, True]


def test_what_reaches_to_the_present_ends_on_the_day_of_the_report(parse) -> None:
    doc = parse("Since Friday shells have killed at least 66 civilians, the monitor said on Tuesday.")
    word = next(token for token in doc if token.text == "killed")
    chosen = choose_date(doc[:], word, find_dates(doc.text, WEDNESDAY))
    assert (chosen.date_start, chosen.date_end) == (dt.date(2022, 5, 6), dt.date(2022, 5, 10))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("BANGUI, May 10 (PA) - Gunmen killed two.", 10),
        ("NAY PYI TAW 9 May\n\nGunmen killed two.", 9),
        ("Text of report by Radio Sahel on 10 May\n\nGunmen killed two.", 10),
        ("On 9 May: gunmen killed two.", 11),
        ("BANGUI, April 2 (PA) - Gunmen killed two.", 11),
    ],
)
def test_the_day_of_writing(text: str, day: int) -> None:
    assert written_on(text, WEDNESDAY) == dt.date(2022, 5, day)


def test_days_that_head_the_items_of_a_chronicle() -> None:
    text = "Notes.\n\nMay 2: A mine went off.\n\nTuesday 3 May - A girl died.\n\nMay 4 to 6. Fighting near Bara."
    heads = find_day_heads(text, WEDNESDAY)
    assert [(h.date.date_start.day, h.date.date_end.day) for h in heads] == [(2, 2), (3, 3), (4, 6)]
    assert day_at(heads, text.index("girl")).text == "Tuesday 3 May"
    assert find_day_heads("May 2: A mine went off.\n\nA girl died.", WEDNESDAY) == []
    assert [h.text for h in find_day_heads("[09.05, 13:25] Two died.\n[10.05, 08:00] One died.", WEDNESDAY)] == [
        "09.05",
        "10.05",
    ]


def test_the_day_is_that_of_the_sentence_that_tells_the_act_again(read_article) -> None:
    text = "At least nine villagers were killed by militiamen in Bara. The men entered the village at midday on Monday."
    mention = read_article(text, published_on=WEDNESDAY).mentions[0]
    assert mention["date_start"] == dt.date(2022, 5, 9)


def test_a_day_told_later_is_finer_than_the_week(read_article) -> None:
    text = (
        "Earlier this week nine passengers were taken off a bus near Bara and shot dead. "
        "A militia claimed responsibility for the shooting on Monday, in which the bus was burned."
    )
    mentions = read_article(text, published_on=WEDNESDAY).mentions
    assert [m["date_start"] for m in mentions] == [dt.date(2022, 5, 9)]
