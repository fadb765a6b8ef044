"""What a casualty figure is when it is no incident of the story: toll, threat, caption, background, no violence."""

from __future__ import annotations

import pytest

INCIDENT = None


def dispositions(read_sentences, text: str) -> set[str | None]:
    sentences = read_sentences(text)
    found = {s.verdicts.get(n, (INCIDENT, ""))[0] for s in sentences for n in range(len(s.figures))}
    for sentence in sentences:
        assert all(reason for _, reason in sentence.verdicts.values())
    return found


@pytest.mark.parametrize(
    "text",
    [
        "More than 12,000 civilians have been killed in Ukraine since the invasion began.",
        "The war has killed more than 150,000 people in Yemen.",
        "At least 40,000 people have died since the conflict broke out in 2009.",
        "The insurgency has claimed the lives of 35,000 people in the north-east.",
        "So far this year, 310 people have been killed in the city.",
        "Some 220,000 people were killed in five decades of conflict in Colombia, a commission found.",
        "Over the past year 92 aid workers have been killed in the country.",
        "Gunmen have abducted 1,400 pupils since 2014.",
    ],
)
def test_running_tolls(read_sentences, text: str) -> None:
    assert dispositions(read_sentences, text) == {"toll"}


@pytest.mark.parametrize(
    "since",
    ["since the army launched an offensive on Sunday", "since the militants launched their campaign three days ago"],
)
def test_what_runs_since_a_day_of_this_week_is_a_bout(read_article, since: str) -> None:
    reading = read_article(f"At least 33 rebels have been killed in clashes in Kidal {since}.")
    assert [(m["killed_min"], m["place_name"]) for m in reading.mentions] == [(33, "Kidal")]


@pytest.mark.parametrize(
    "text",
    [
        "The group threatened to kill ten hostages.",
        "An assault could kill thousands of civilians, the agency warned.",
        "If the dam is bombed, 20,000 people would die.",
        "The men planned to kill two judges in Bogotá.",
        "The commander vowed to kill 100 soldiers.",
    ],
)
def test_threats_plans_and_conditions(read_sentences, text: str) -> None:
    assert dispositions(read_sentences, text) == {"threat"}


@pytest.mark.parametrize(
    "text",
    [
        "The earthquake killed 2,900 people in the mountains.",
        "Eleven people died in a car accident outside Kano.",
        "Cholera has killed 31 people in the camp.",
        "Flash floods left nine people dead in Marib.",
        "He was sentenced to death for killing two policemen.",
        "Two soldiers died after their truck skidded off a mountain road on Monday.",
        "Six people were killed when a bus overturned near Kano.",
        "A man died when the tunnel in which he worked collapsed.",
        "A policeman was killed when his rifle went off accidentally.",
        "Four pilots were killed in a helicopter that came down with engine failure.",
    ],
)
def test_deaths_that_are_no_armed_violence(read_sentences, text: str) -> None:
    assert dispositions(read_sentences, text) == {"not_violence"}


@pytest.mark.parametrize(
    "text",
    [
        "Six people were killed when a bus ran over a landmine and overturned.",
        "Warplanes bombed the town on Monday. Nine people died when a building collapsed.",
    ],
)
def test_what_an_act_brings_down_is_no_accident(read_article, text: str) -> None:
    assert {f["disposition"] for f in read_article(text).figures} == {"incident"}


@pytest.mark.parametrize(
    "text",
    [
        "Mourners carry the body of one of four people killed in a raid [Getty]",
        "Relatives of two soldiers killed on Sunday, in Kharkiv (AP Photo/A. Writer).",
    ],
)
def test_captions(read_sentences, text: str) -> None:
    assert dispositions(read_sentences, text) == {"caption"}


@pytest.mark.parametrize(
    "text",
    [
        "Seven people were killed when a missile hit an apartment block in Dnipro on Wednesday.",
        "A gunman shot dead three worshippers in the village on Sunday.",
        "At least 1,100 people were killed in the attack on 7 October.",
        "A landmine killed two deminers near Hodeidah, the second such accident of the week.",
        "Fighters who had threatened the town killed five residents on Monday.",
        "The army killed 12 militants who were planning an attack.",
        "Soldiers killed four cattle thieves after a flood.",
    ],
)
def test_incidents_stay_what_they_are(read_sentences, text: str) -> None:
    assert dispositions(read_sentences, text) == {INCIDENT}


def test_a_reason_names_the_words_it_rests_on(read_sentences) -> None:
    (sentence,) = read_sentences("The group threatened to kill ten hostages.")
    assert "threatened" in sentence.verdicts[0][1]


@pytest.mark.parametrize(
    "sentence",
    [
        "Police figures show that 371 people were murdered in the city last year.",
        "A rights group says 581 civilians were killed in the first quarter of the year.",
        "Six militants were killed in the annual anti-hijacking exercise of the airport police.",
        "Three labourers died when the roof of a coal mine caved in at Harnai.",
        "Two convicts condemned to death by a military court were hanged on Monday.",
    ],
)
def test_tolls_of_a_year_drills_and_accidents_are_no_incidents(read_article, sentence: str) -> None:
    assert read_article(sentence).mentions == []


def test_one_man_is_no_toll(read_article) -> None:
    reading = read_article("Gunmen beheaded a Malaysian trader whom they had held since December, the army said.")
    assert [m["killed_min"] for m in reading.mentions] == [1]


@pytest.mark.parametrize(
    "text",
    [
        "The army's campaign in the valley has killed 340 people, a monitor says.",
        "The health agency said on Wednesday that 443 people had been killed since the fighting started on 4 April.",
        "The office said that 52 civilians were murdered for political reasons between 1 January and 28 February.",
        "The strikes have killed hundreds of civilians, activists say.",
        "Clashes between the two groups in less than a month left 350 militiamen dead in Pibor.",
        "Rights groups say over 150 Hazaras were killed in the province last year.",
    ],
)
def test_tolls_of_campaigns_and_of_long_spans(read_sentences, text: str) -> None:
    assert dispositions(read_sentences, text) == {"toll"}


@pytest.mark.parametrize(
    "text",
    [
        "More than 340 air raids have killed 90 people in the valley, the monitor said.",
        "By the register, 212 farmers perished in the course of the year in the two cantons.",
        "The siege that started on 3 February killed 120 people.",
        "Tuesday's shooting brought to 31 the number of miners killed since January.",
        "Soldiers killed 64 rebels in raids across 14 provinces, the ministry said.",
        "As of Tuesday, at least 266 people had been killed since the March 2018 coup.",
        "In July the office recorded 19 attacks in the valley, which left 16 dead.",
        "Troops killed 29 rebels in the delta between 5 and 19 July.",
        "Total: 19 dead and 22 wounded.",
        "The attacks killed 18 teachers, compared with the 11 of a year before.",
    ],
)
def test_tolls_of_many_acts_and_of_what_began_long_ago(read_sentences, text: str) -> None:
    assert dispositions(read_sentences, text) == {"toll"}


def test_mishaps_of_soldiers_are_no_armed_violence(read_article) -> None:
    mishap = read_article(
        "The wreckage was reached on Monday. All six bodies have been found.", "Army helicopter crashed in hills"
    )
    attack = read_article("Six soldiers died near Rejaf when their lorry overturned after it hit a mine.")
    assert [mishap.mentions, [m["killed_min"] for m in attack.mentions]] == [[], [6]]


def test_a_war_crime_is_no_war(read_sentences) -> None:
    text = "She spoke of war crimes after the raid on a clinic that claimed 20 lives on Monday."
    assert dispositions(read_sentences, text) == {INCIDENT}


@pytest.mark.parametrize(
    "text",
    [
        "A car bomb has killed hundreds of people in Bamako, officials say.",
        "At least 44 people were killed in an air strike in Marib on Monday, in the third week of the siege.",
        "The army killed 12 rebels between Sunday and Tuesday near Pibor.",
    ],
)
def test_a_single_act_is_no_toll(read_sentences, text: str) -> None:
    assert dispositions(read_sentences, text) == {INCIDENT}


def test_what_may_be_done_with_a_bomb_is_a_threat(read_sentences) -> None:
    text = "The ministry warned that the group may use a lorry to kill dozens of people."
    assert dispositions(read_sentences, text) == {"threat"}


def test_twenty_and_more_are_a_number_and_dozens_are_not(read_article) -> None:
    text = "{} rebels were killed, a statement said."
    assert [m["killed_min"] for m in read_article(text.format("At least 20")).mentions] == [20]
    assert read_article(text.format("Some")).mentions == []


@pytest.mark.parametrize(
    "text",
    [
        "The gas attack on Halabja claimed over 1,000 lives.",
        "They blame the army for the attack which killed 1,400 people.",
    ],
)
def test_one_act_may_kill_thousands(read_sentences, text: str) -> None:
    assert dispositions(read_sentences, text) == {INCIDENT}


@pytest.mark.parametrize(
    "text",
    [
        "Rebels took Ramussa on Monday after a siege of three weeks.",
        "Troops stormed a hideout near Birnin on Friday and rescued 21 kidnapped villagers.",
        "So far the kingdom has lost no fewer than 40 airmen in the Chadian war.",
    ],
)
def test_towns_taken_people_freed_and_losses_of_a_war_are_no_incidents(read_article, text: str) -> None:
    assert read_article(text).mentions == []


def test_the_rest_of_those_told_are_no_second_incident(read_article) -> None:
    text = "A raid killed 12 people in Jinotega on Sunday. The other five dead were women from a hamlet nearby."
    assert [m["killed_min"] for m in read_article(text).mentions] == [12]
