"""The registers of conflict news: datelines, bulletins by paragraph, periodic reports, communiqués that deny."""

from __future__ import annotations

import datetime as dt

import pytest


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("BUKAVU, May 14 - Gunmen killed nine villagers near Fizi on Sunday, an official said.", dt.date(2024, 5, 12)),
        ("KYIV/MOSCOW, May 15 - Drones killed two people in Belgorod, officials said.", None),
        ("Bria, 9 May 2024 - A peacekeeper was killed in an ambush near the town.", None),
        ("IMPHAL, May 12: Five persons were killed by a mortar shell at Moreh.", None),
        ("On Monday, 13 May - two days after the truce - four men were shot dead in Goma.", dt.date(2024, 5, 13)),
        ("Sunday 12 May - Gunmen shot dead four traders at Ouallam.", dt.date(2024, 5, 12)),
    ],
)
def test_the_day_of_a_dateline_is_not_the_day_of_the_act(read_article, text: str, day: dt.date | None) -> None:
    [row] = read_article(text).mentions
    assert row["date_start"] == day


@pytest.mark.parametrize(
    ("line", "country"),
    [("BENI, Democratic Republic of Congo, 14 May 2024", "CD"), ("Luau, Angola (AC)", "AO"), ("MUCONDA, Angola", "AO")],
)
def test_the_country_of_a_dateline_is_where_a_village_of_many_namesakes_lies(read_article, line, country) -> None:
    [row] = read_article(f"{line} - Rebels killed nine farmers in the village of Mukondi on Monday.").mentions
    assert (row["country_code"], row["latitude"] is None) == (country, country != "AO")


def test_a_new_paragraph_has_a_speaker_of_its_own_or_none(read_article) -> None:
    bulletin = (
        "A mine wounded two boys in Taiz on Monday, a hospital said.{}A sniper shot dead a woman in Mocha on Tuesday."
    )
    rows = read_article(bulletin.format("\n")).mentions
    assert [row["reported_by"] for row in rows] == [["hospital"], []]


@pytest.mark.parametrize(
    "text",
    [
        "The radio of the insurgents spread the baseless claim that 27 soldiers were killed at Baardheere on Monday.",
        "The ministry denounced the false information of propagandists who speak of 60 soldiers killed at Ménaka.",
        "A report that two journalists had died in Martakert on Monday is false, the union says.",
        "The rumours that our forces executed 12 youths in Bunagana are pure fabrication.",
        "There were rumours of an air raid on Guasdualito that killed 30 peasants.",
    ],
)
def test_what_is_called_an_invention_is_no_incident(read_article, text: str) -> None:
    reading = read_article(text)
    assert reading.mentions == []
    assert {row["disposition"] for row in reading.figures} == {"unresolved"}


@pytest.mark.parametrize(
    "text",
    [
        "Soldiers killed 17 herders in Tillabéri in the two weeks under review.",
        "During the reporting period 92 civilians were killed and 41 injured in North Kivu.",
        "Between that date and 10 May, the mission documented 329 civilians killed and 426 injured.",
        "The institute counts 33 massacres with 104 people killed.",
        "Settlers attacked farmers in 31 instances, injuring 22 people.",
        "Since the inauguration in March, 64 policemen have been killed.",
    ],
)
def test_what_a_periodic_report_adds_up_is_a_toll(read_article, text: str) -> None:
    reading = read_article(text)
    assert reading.mentions == []
    assert {row["disposition"] for row in reading.figures} == {"toll"}


def test_a_number_goes_with_a_noun_in_quotation_marks(read_article) -> None:
    [row] = read_article('The army said on Monday that it had killed 23 "terrorists" near Foneko.').mentions
    assert (row["killed_min"], row["killed_max"]) == (23, 23)
    assert [(v["group"], v["min"]) for v in row["victims"]] == [("combatant", 23)]


@pytest.mark.parametrize(
    ("text", "killed"),
    [
        ("A sniper shot dead a woman in Mocha on Tuesday.", 1),
        ("A settler shot dead two farmers near Nablus on Friday.", 2),
        ("A witness said soldiers shot dead her husband and her two sons in Barsalogho on Monday.", 3),
        ("A baker was shot dead by gunmen in Tumaco on Monday.", 1),
    ],
)
def test_whom_somebody_shot_dead(read_article, text: str, killed: int) -> None:
    [row] = read_article(text).mentions
    assert (row["killed_min"], row["killed_max"]) == (killed, killed)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (
            "* MOSUL - Gunmen killed two policemen on Monday, police said.\n"
            "* KIRKUK - A mortar round killed three people in their house, police said.",
            ["MOSUL", "KIRKUK"],
        ),
        (
            "Stepanakert. Sirens again this morning. The rescue service reports four dead in shelling on Sunday.\n"
            "Fizuli. Two people were wounded by rockets on Sunday, officials say.\n"
            "Talks. The mediators meet on Friday.",
            ["Stepanakert", "Fizuli"],
        ),
        (
            "1. Marchand (Artibonite). On 3 May, gang members killed 83 residents.\n"
            "2. Boston (Cité Soleil). On 6 May, 12 people were shot dead by gang members in Brooklyn.",
            ["Marchand", "Brooklyn"],
        ),
        (
            "North Kivu\n- On 9 May, gunmen killed five farmers.\nIturi\n- On 10 May, seven miners were shot dead.",
            ["North Kivu", "Ituri"],
        ),
        (
            "GROZNY - A mine killed one soldier, the army said.\n"
            "NEAR ARGUN - Gunmen shot dead one soldier at a checkpoint, the army said.\n"
            "GROZNY - A second soldier was killed by a sniper, the army said.\n"
            "GUDERMES - Two soldiers were killed when their truck was ambushed.",
            ["GROZNY", "ARGUN", "GROZNY", "GUDERMES"],
        ),
    ],
)
def test_the_places_that_head_the_items_of_a_bulletin(read_article, text: str, places: list[str | None]) -> None:
    assert [row["place_name"] for row in read_article(text).mentions] == places


@pytest.mark.parametrize(
    ("text", "who", "status"),
    [
        ("Members of the CODECO militia killed at least 12 people in Djugu on Monday.", "CODECO", "stated"),
        ("A settler shot and killed two shepherds near Nablus on Monday.", "settlers", "stated"),
        (
            "A junta paramotor released mortar shells over a feast in Myaing on Monday, killing three.",
            "junta",
            "stated",
        ),
        (
            "Two NPA fighters were killed in a firefight in Loreto on Monday.",
            "New People's Army (NPA, communist rebels, insurgents, guerrillas)",
            "stated",
        ),
        (
            "A bomb killed six people in Jilib on Monday.\nOfficials accused Al-Shabaab.",
            "Al-Shabaab (al-Shabab, Shebab)",
            "suspected",
        ),
        (
            "A mine killed nine wedding guests near Andar on Thursday.\nThree more are in hospital.\nThe governor blamed the Taliban for planting the mine.",
            "Taliban",
            "suspected",
        ),
        (
            "A mortar round killed a peacekeeper in Kigali on Monday.\nA spokesman said that the shell was fired from RPF lines.",
            "Rwandan Patriotic Front (RPF)",
            "stated",
        ),
        (
            "Three farmers were shot dead at Bor on Monday.\nThe assailants, suspected separatist militants, had come across the river.",
            "separatist militants",
            "suspected",
        ),
    ],
)
def test_who_did_it_in_the_words_of_many_wars(read_article, text: str, who: str | None, status: str) -> None:
    [row] = read_article(text).mentions
    assert (row["perpetrator"], row["perpetrator_status"]) == (who, status)


@pytest.mark.parametrize(
    ("text", "killed", "injured"),
    [
        ("Gunmen killed five farmers and wounded two in Beni on Monday.", (5, 5), (2, 2)),
        (
            "The number of people killed in a bomb attack in Jos on Monday has risen to 45, police said.",
            (45, 45),
            (None, None),
        ),
        (
            "The death toll from Monday's blast in Quetta rose to 12 after two more victims died.",
            (12, 12),
            (None, None),
        ),
    ],
)
def test_doers_and_earlier_tolls_are_not_added(
    read_article, text: str, killed: tuple[int, int], injured: tuple[int | None, int | None]
) -> None:
    [row] = read_article(text).mentions
    assert (row["killed_min"], row["killed_max"]) == killed
    assert (row["injured_min"], row["injured_max"]) == injured


def test_who_sums_up_tells_the_items_too(read_article) -> None:
    rows = read_article(
        "Nine people were killed in separate incidents on Tuesday, the interior ministry said.\n"
        "In Kunduz, gunmen shot dead four teachers at a bus stop.\n"
        "In Herat, a car bomb near a market killed five people."
    ).mentions
    assert [r["reported_by"] for r in rows[-2:]] == [["interior ministry"], ["interior ministry"]]


def test_the_items_of_a_bulletin_have_the_day_and_the_source_that_it_opens_with(read_article) -> None:
    bulletin = (
        "KABUL, May 15 - The following are security incidents logged by the interior ministry on Tuesday.\n"
        "KUNDUZ - Gunmen killed a teacher on his way to work.\n"
        "HERAT - A car bomb near a market killed ten people, a doctor said."
    )
    rows = read_article(bulletin).mentions
    assert [(row["date_start"], row["reported_by"]) for row in rows] == [
        (dt.date(2024, 5, 14), ["interior ministry"]),
        (dt.date(2024, 5, 14), ["doctor"]),
    ]


def test_a_day_beside_an_invasion_is_that_of_what_it_led_to(read_article) -> None:
    [row] = read_article("Gunmen invaded the village of Shinkafi on Sunday, killing six people.").mentions
    assert row["date_start"] == dt.date(2024, 5, 12)


def test_the_hours_up_to_a_day_begin_the_day_before(read_article) -> None:
    [row] = read_article("Police found 33 bodies in Baghdad in the 24 hours to Tuesday evening.").mentions
    assert (row["date_start"], row["date_end"]) == (dt.date(2024, 5, 13), dt.date(2024, 5, 14))


def test_air_defences_that_stop_a_missile_hurt_nobody(read_article) -> None:
    [row] = read_article("Ukrainian air defences intercepted the missile and debris hurt two people in Odesa.").mentions
    assert (row["injured_min"], row["perpetrator"]) == (2, None)


@pytest.mark.parametrize(
    ("after", "actor"),
    [
        ("He would not say who was responsible, but villagers blamed Croat militiamen.", "Croat militia"),
        ("ISWAP said it was behind the explosion.", "Islamic State West Africa Province (ISWAP)"),
        ("The Yarmouk Brigade admitted planting the device in a call to a newspaper.", "Yarmouk Brigade"),
        ("The Taliban said they were not behind the explosion.", None),
    ],
)
def test_who_owns_up_or_is_blamed_in_a_later_sentence(read_article, after: str, actor: str | None) -> None:
    [row] = read_article(f"Nine people were killed when a bomb exploded at Koro on Monday.\n{after}").mentions
    assert row["perpetrator"] == actor


@pytest.mark.parametrize(
    ("text", "abducted"),
    [
        ("Three nuns were taken from their convent in Jos on Sunday. Their captors have not made contact.", 1),
        ("A surgeon and her driver were seized on Tuesday in Carrefour. The kidnappers demand a ransom.", 1),
        ("Three nuns were taken to hospital in Jos on Sunday. Their captors have not made contact.", 0),
        ("Three nuns were taken from their convent in Jos on Sunday by their bishop, who gave them a house.", 0),
        ("Police took three men into custody in Jos on Sunday.", 0),
    ],
)
def test_those_taken_where_kidnappers_are_spoken_of_are_abducted(read_article, text: str, abducted: int) -> None:
    figures = {f["outcome"] for f in read_article(text).figures if f["disposition"] == "incident"}
    assert ("abducted" in figures) == bool(abducted)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The harbour of Sirte came under mortar fire on Friday, with reports of casualties.", ["casualties"]),
        ("There were casualties when a shell hit a school in Donetsk on Monday.", ["casualties"]),
        ("There were no immediate reports of casualties when a shell hit a school in Donetsk on Monday.", []),
        ("Shelling on Kharkiv on Monday could have caused casualties, officials said.", []),
        ("The head of the teachers' union was abducted by masked men on his way to work.", ["The head"]),
    ],
)
def test_hurt_or_taken_without_a_number(read_article, text: str, told: list[str]) -> None:
    reading = read_article(text)
    assert [f["text"] for f in reading.figures if f["disposition"] == "incident"] == told
    assert [(m["killed_min"], m["injured_min"]) for m in reading.mentions] == [(None, None) for _ in told]
