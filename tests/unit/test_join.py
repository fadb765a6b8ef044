"""One incident or several: what joins the reports of an article, and what keeps them apart."""

from __future__ import annotations

from typing import Any

import pytest

Row = tuple[int | None, int | None, str | None]


def incidents(reading) -> list[Row]:
    """(killed_min, injured_min, place_name) of each mention."""
    return [(m["killed_min"], m["injured_min"], m["place_name"]) for m in reading.mentions]


def dispositions(reading) -> list[tuple[str, str]]:
    return [
        (f["text"], f["disposition"])
        for f in sorted(reading.figures, key=lambda f: (f["field"] != "title", f["start"]))
    ]


def test_headline_lead_and_detail_are_one_incident(read_article) -> None:
    reading = read_article(
        "A suicide bomber killed 14 people at a hotel in Mogadishu on Tuesday, police said.\n"
        "The blast also wounded 22 others, a doctor at the Madina hospital said.\n"
        "Al-Shabaab claimed responsibility for the attack.",
        title="Suicide bomber kills 14 at Mogadishu hotel",
    )
    assert incidents(reading) == [(14, 22, "Mogadishu")]
    (mention,) = reading.mentions
    assert mention["perpetrator"] == "Al-Shabaab (al-Shabab, Shebab)"
    assert mention["perpetrator_status"] == "claimed"


def test_two_places_with_counts_of_their_own_are_two(read_article) -> None:
    reading = read_article(
        "Russian shelling killed three people in Kherson on Monday.\n"
        "In Kharkiv, a guided bomb killed five people and wounded 17, the governor said."
    )
    assert incidents(reading) == [(3, None, "Kherson"), (5, 17, "Kharkiv")]


def test_one_sentence_may_tell_of_two(read_article) -> None:
    reading = read_article("Gunmen killed nine farmers in Zabarmari on Saturday and four soldiers in Damboa on Sunday.")
    assert incidents(reading) == [(9, None, "Zabarmari"), (4, None, "Damboa")]


def test_the_same_number_twice_stays_two(read_article) -> None:
    reading = read_article(
        "An air strike killed ten people in Rafah on Monday, medics said.\n"
        "In a separate incident, tank fire killed ten people in Jabalia on Tuesday."
    )
    assert incidents(reading) == [(10, None, "Rafah"), (10, None, "Jabalia")]


def test_an_anaphor_takes_up_the_event(read_article) -> None:
    reading = read_article(
        "A car bomb exploded outside a police station in Cali on Thursday, killing six people.\n"
        "The explosion damaged a school.\n"
        "Two officers were among the dead.\n"
        "The bombing was carried out by FARC dissidents, the army said."
    )
    assert incidents(reading) == [(6, None, "Cali")]
    (mention,) = reading.mentions
    assert len(mention["evidence"]) >= 3
    assert {"outcome": "killed", "group": "combatant", "min": 2, "max": 2} in [
        {k: v for k, v in row.items() if k != "text"} for row in mention["victims"]
    ]


def test_an_umbrella_total_is_no_incident_beside_its_parts(read_article) -> None:
    reading = read_article(
        "Air strikes killed at least 31 people across Aleppo province on Friday.\n"
        "Nineteen people were killed in Azaz, the monitor said.\n"
        "Another 12 people were killed in Afrin."
    )
    assert sorted(incidents(reading), key=str) == [(12, None, "Afrin"), (19, None, "Azaz")]
    assert ("at least 31 people", "repeat") in dispositions(reading)


def test_a_total_whose_parts_have_no_counts_is_the_incident(read_article) -> None:
    reading = read_article("Air strikes on Azaz and Afrin killed 31 people on Friday.")
    assert [row[0] for row in incidents(reading)] == [31]


def test_a_raised_toll_is_the_same_incident(read_article) -> None:
    reading = read_article(
        "The death toll from Monday's attack on a market in Maiduguri has risen to 23, officials said.\n"
        "Officials had earlier said that 16 people were killed in the attack."
    )
    assert [row[0] for row in incidents(reading)] == [23]
    assert "alternative_counts" in reading.mentions[0]["flags"]


def test_every_figure_has_one_place(read_article) -> None:
    reading = read_article(
        "A drone strike killed four people in Omdurman on Sunday.\n"
        "The strike also wounded seven.\n"
        "The war has killed more than 60,000 people since April 2023.\n"
        "The group threatened to kill two captives."
    )
    of_mention: dict[str, Any] = {m["mention_id"]: m for m in reading.mentions}
    assert len(of_mention) == 1
    assert [d for _, d in dispositions(reading)] == ["incident", "incident", "toll", "threat"]
    for figure in reading.figures:
        assert figure["reason"]
        assert (figure["mention_id"] in of_mention) == (figure["disposition"] in ("incident", "repeat"))


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("Two other passengers were wounded.", (6, 2, "Maiduguri")),
        ("Another nine were injured.", (6, 9, "Maiduguri")),
        ("A hospital official put the number of wounded at 14.", (6, 14, "Maiduguri")),
        ("Doctors at the teaching hospital said eight people were being treated for gunshot wounds.", None),
        ("The group said it had killed 20 soldiers.", (6, None, "Maiduguri")),
        ("Two more bodies were recovered hours later.", (6, None, "Maiduguri")),
    ],
)
def test_a_sentence_without_place_day_or_act_goes_on_with_the_incident_told_last(
    read_article, second: str, expected: Row | None
) -> None:
    reading = read_article(
        f"Insurgents ambushed a bus near Maiduguri on Sunday, killing six people, the police said. {second}\n"
        "Schools in the region stay closed until further notice."
    )
    told = incidents(reading)
    assert len(told) == 1
    assert expected is None or told == [expected]


@pytest.mark.parametrize(
    "second",
    [
        "In Goma, a grenade killed three people on Monday.",
        "Elsewhere, three people were killed when a mine exploded in Rutshuru.",
        "Meanwhile, gunmen shot dead three traders in Butembo on Tuesday.",
    ],
)
def test_a_place_and_an_act_of_its_own_open_an_incident(read_article, second: str) -> None:
    reading = read_article(f"Rebels killed five villagers in Oicha on Sunday, the army said.\n{second}")
    assert [row[0] for row in incidents(reading)] == [5, 3]


@pytest.mark.parametrize("prospect", ["the toll was likely to rise", "the death toll could still climb"])
def test_a_toll_that_may_rise_is_no_new_toll_of_the_incident_before(read_article, prospect: str) -> None:
    reading = read_article(
        "Air raids killed 20 people in Taiz on Monday, a monitor said.\n"
        "On Tuesday the coalition also mounted raids against Dhamar, another town in Houthi hands, the monitor said. "
        f"The raids left five villagers dead, but it said {prospect}."
    )
    assert incidents(reading) == [(20, None, "Taiz"), (5, None, "Dhamar")]


def test_a_text_all_in_capitals_is_read_like_any_other(read_article) -> None:
    reading = read_article(
        "GUERRILLAS KILLED THE MAYOR OF A HAMLET AND SIX PEASANTS NEAR AYACUCHO ON MONDAY, POLICE SAID.\n"
        "IN LONDONDERRY, A SOLDIER WAS WOUNDED BY A SNIPER ON TUESDAY."
    )
    assert incidents(reading) == [(7, None, "AYACUCHO"), (None, 1, "LONDONDERRY")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Militants killed 27 people in two villages of Borno state on Friday: 15 in Gamboru and 12 in Rann.",
            [(15, None, "Gamboru"), (12, None, "Rann")],
        ),
        ("Two attacks left 14 dead, nine of them in Kidal and five in Gao.", [(9, None, "Kidal"), (5, None, "Gao")]),
        (
            "A nurse said 27 villagers had been killed by the shelling, 18 in a suburb of Taiz and another nine in Ibb.",
            [(18, None, "Taiz"), (9, None, "Ibb")],
        ),
        (
            "At least 31 people were killed, 20 soldiers and 11 civilians, in an attack on a base in Inata.",
            [(31, None, "Inata")],
        ),
        ("Four people - a monk, two women and a boy - died in Kherson.", [(4, None, "Kherson")]),
        (
            "Eleven people, four of them children, were killed in Pokrovsk and seven others died in Sloviansk.",
            [(11, None, "Pokrovsk"), (7, None, "Sloviansk")],
        ),
    ],
)
def test_a_total_and_its_parts_in_one_sentence(read_article, text: str, expected: list[Row]) -> None:
    """Parts with places of their own are incidents and the total is none; parts without are no more dead."""
    assert incidents(read_article(text)) == expected


def test_a_second_means_after_the_first_is_another_incident(read_article) -> None:
    reading = read_article(
        "Police said a bomb in a van killed 28 people in Kirkuk, and that mortar shells followed the explosion and killed six more."
    )
    assert [(m["killed_min"], m["sub_event_type"]) for m in reading.mentions] == [
        (28, "Remote explosive/landmine/IED"),
        (6, "Shelling/artillery/missile attack"),
    ]


def test_incidents_elsewhere_add_up_to_no_total(read_article) -> None:
    """Two dead in one city are not the sum of one here and one there, with more hurt there than in all."""
    reading = read_article(
        "Two people were killed and three wounded by rockets in Herat on Sunday, police said.\n"
        "In Kandahar, a mortar round killed a shepherd and wounded 12 people the same day.\n"
        "In Kunduz, a mine killed a driver and wounded four people."
    )
    assert incidents(reading)[0] == (2, 3, "Herat")
    assert len(reading.mentions) == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The army shelled Horlivka on Monday, killing six people, and gunmen shot dead three farmers in Toretsk.",
            [(6, None, "Horlivka"), (3, None, "Toretsk")],
        ),
        (
            "Rebel rockets killed ten people in Aden, including a child, while air strikes on Taiz killed at least 40.",
            [(10, None, "Aden"), (40, None, "Taiz")],
        ),
        (
            "Four soldiers were killed by a roadside bomb in Maiduguri, but two traders were shot dead in Konduga.",
            [(4, None, "Maiduguri"), (2, None, "Konduga")],
        ),
        ("An air strike killed four people in Rafah and three others died in hospital.", [(7, None, "Rafah")]),
    ],
)
def test_clauses_with_acts_and_places_of_their_own_are_incidents(read_article, text: str, expected: list[Row]) -> None:
    assert incidents(read_article(text)) == expected


def test_what_leads_up_to_a_count_tells_where_it_belongs(read_article) -> None:
    reading = read_article(
        "Army units clashed with gunmen near Bambari on Monday. The attack was foiled and 28 gunmen were killed.\n"
        "Meanwhile, fighter jets bombed a camp outside Kaga Bandoro on Sunday. "
        "A source said the strikes resulted in killing 15 gunmen."
    )
    assert [killed for killed, _, _ in incidents(reading)] == [28, 15]


def test_a_toll_of_another_day_is_no_other_incident(read_article) -> None:
    reading = read_article(
        "Gunmen fired on a bus near Mandera on Monday, killing two people and injuring three.\n"
        "The injured were airlifted to Nairobi on Tuesday for treatment."
    )
    assert incidents(reading) == [(2, 3, "Mandera")]


def test_a_headline_that_sums_up_the_body_is_no_incident_beside_it(read_article) -> None:
    reading = read_article(
        "Two policemen were shot dead in Quetta on Monday.\n"
        "In a separate attack, a roadside bomb killed five soldiers near Turbat on Sunday.\n"
        "On Saturday, gunmen abducted three engineers in Zhob.",
        title="Policemen among 12 dead as violence sweeps Balochistan",
    )
    assert incidents(reading) == [(2, None, "Quetta"), (5, None, "Turbat"), (None, None, "Zhob")]
    assert next(d for _, d in dispositions(reading)) == "repeat"


def test_the_headline_alone_may_tell_of_an_incident(read_article) -> None:
    reading = read_article("The mayor spoke of a black day.", title="Car bomb kills nine in Jalalabad")
    assert incidents(reading) == [(9, None, "Jalalabad")]


def test_one_attack_is_no_total_of_smaller_ones_elsewhere(read_article) -> None:
    reading = read_article(
        "An air raid killed 11 people in Shevchenkove on Monday.\n"
        "Shelling killed two people in Nikopol.\n"
        "In Izium, a missile killed nine people."
    )
    assert incidents(reading) == [(11, None, "Shevchenkove"), (2, None, "Nikopol"), (9, None, "Izium")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Rebels shelled the town of Bunagana on Friday, killing nine people. "
            "On Saturday fighters attacked an army post in Rutshuru. Three soldiers were killed.",
            [(9, None, "Bunagana"), (3, None, "Rutshuru")],
        ),
        (
            "An air strike killed seven farmers in Azaz on Monday. "
            "On Tuesday gunmen ambushed a bus in Jarablus. Four passengers were killed.",
            [(7, None, "Azaz"), (4, None, "Jarablus")],
        ),
        (
            "A roadside bomb killed 11 guests of a wedding in Ghazni on Thursday. "
            "The military in Kabul put the number of dead at 14.",
            [(11, None, "Ghazni")],
        ),
    ],
)
def test_the_scene_of_a_count_is_set_by_the_sentence_before(read_article, text: str, expected: list[Row]) -> None:
    """A count that names no place of its own plays where its act was told; the speaker's place is none."""
    assert incidents(read_article(text)) == expected


def test_also_adds_the_other_half_of_a_count(read_article) -> None:
    reading = read_article(
        "A bomb killed 18 people in a suburb of Cali on Tuesday, the governor said. "
        "The van bomb by the Siloe church also injured 70 passers-by, he said."
    )
    assert [row[:2] for row in incidents(reading)] == [(18, 70)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "A mine killed five soldiers near Koro on Monday.\nHours later, gunmen shot dead two policemen at a bar in Djenne.",
            [(5, None, "Koro"), (2, None, "Djenne")],
        ),
        (
            "Shelling killed four people in Taiz on Monday, a doctor said.\nFurther south, a drone hit a car at a checkpoint."
            " Two men died.",
            [(4, None, "Taiz"), (2, None, None)],
        ),
        (
            "Eight people died when a car bomb went off in Marib and two were wounded when gunmen attacked a post near Taiz.",
            [(8, None, "Marib"), (None, 2, "Taiz")],
        ),
        (
            "Gunmen killed nine farmers in Konduga on Sunday, while another three men died in an apparently simultaneous attack.",
            [(9, None, "Konduga"), (3, None, "Konduga")],
        ),
        (
            "A suicide bomber killed 30 people at a market in Lahore on Sunday.\n"
            "Jinnah hospital received 28 bodies, a doctor there said.\nThe number of injured stood at 141.",
            [(30, 141, "Lahore")],
        ),
        (
            "A car bomb killed nine people in Karrada on Monday.\nFifty people have been killed since the siege of the town began.",
            [(9, None, "Karrada")],
        ),
        (
            "Troops killed two men in Jenin on Monday.\nSome 400 people were killed in seven months of raids.",
            [(2, None, "Jenin")],
        ),
        (
            "Soldiers killed 12 villagers at Gome on Tuesday, residents said.\nThe bishop spoke of 19 dead.",
            [(12, None, "Gome")],
        ),
    ],
)
def test_how_a_sentence_opens_tells_another_event_from_the_same(read_article, text: str, expected: list[Row]) -> None:
    assert incidents(read_article(text)) == expected
