"""Places in running text: which names are places, how they chain, and where the act of a sentence happened."""

from __future__ import annotations

import time

import pytest

from tasks.extract.places import find_places
from tasks.extract.places_choose import choose_place


def named(parse, text):
    return [p.name for p in find_places(parse(text))]


def chosen(parse, text, anchor):
    doc = parse(text)
    token = next(t for t in doc if t.text == anchor)
    return choose_place(doc[token.i : token.i + 1].sent, token, find_places(doc))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A mortar shell landed in the town of Kurakhove on Tuesday.", ["Kurakhove"]),
        ("Gunmen stormed a village near Maiduguri overnight.", ["Maiduguri"]),
        ("The blast tore through a market in Lashkar Gah, Helmand province.", ["Lashkar Gah", "Helmand province"]),
        ("Fighting raged around the Tanak oil field.", ["Tanak oil field"]),
        ("A drone hit the Zarnouqa camp, residents said.", ["Zarnouqa camp"]),
        ("Shells fell on the al-Marjoub neighborhood of Homs.", ["al-Marjoub neighborhood", "Homs"]),
        ("Rockets struck Kharkiv at dawn.", ["Kharkiv"]),
        ("At least 64 people died in a raid on Qasbeera.", ["Qasbeera"]),
        ("Gunmen attacked Qasbeera, killing nine people.", ["Qasbeera"]),
        ("The bombing of Qasbeera killed four people.", ["Qasbeera"]),
        ("Gunmen attacked Qasbeera Textiles, killing nine people.", []),
        ("The raid took place 12 km north of Gao.", ["Gao"]),
        ("Troops were ambushed in western Kasai province.", ["western Kasai province"]),
        ("A bus was shot at in Ciudad Juárez, Mexico.", ["Ciudad Juárez", "Mexico"]),
        ("Peasants were killed in San José de Apartadó, Colombia.", ["San José de Apartadó", "Colombia"]),
        ("Two nurses were killed in Ouanaminthe, Nord-Est Department.", ["Ouanaminthe", "Nord-Est Department"]),
        ("Farmers were shot in Pitalito, Huila Department, on Monday.", ["Pitalito", "Huila Department"]),
        ("Six people were shot in Saint-Jean-du-Var on Friday.", ["Saint-Jean-du-Var"]),
        ("Rebels stormed Karamaja before dawn, killing nine soldiers.", ["Karamaja"]),
        ("Gunmen kidnapped a teacher, Bala Musa, from Dansadau on Tuesday.", ["Dansadau"]),
        ("Guerrillas shot dead the mayor of Guaitarilla on Sunday.", ["Guaitarilla"]),
        ("Killings were reported in Bulonza, Kapere and Mutwanga.", ["Bulonza", "Kapere", "Mutwanga"]),
        ("Three people were hurt at the detention centre of Janzur.", ["Janzur"]),
        ("Armed men killed six in Cox's Bazar on Saturday.", ["Cox's Bazar"]),
        ("Six died in Bangladesh's Cox's Bazar district.", ["Bangladesh", "Cox's Bazar"]),
        ("Gunmen killed 12 guards in Port-au-Prince, Haiti.", ["Port-au-Prince", "Haiti"]),
        ("In neighbouring Kandahar, two soldiers were killed.", ["Kandahar"]),
        ("Two men were hurt, the official news agency PANA reported.", []),
        ("They died in a Chechen village.", []),
    ],
)
def test_names_of_several_wars(parse, text, expected):
    assert named(parse, text) == expected


def test_the_way_into_a_town_is_no_way_that_somebody_takes(parse):
    rules = [find_places(parse(f"Militants {way} to Gao on Monday."))[0].rule for way in ("held the entrance", "moved")]
    assert rules == ["preposition", "movement"]


@pytest.mark.parametrize(
    "text",
    [
        "Damascus said the rebels had broken the truce.",
        "Moscow denies that its aircraft took part.",
        "The Washington-backed force lost two vehicles.",
        "Syrian and Russian warplanes carried out the raids.",
        "The Islamic State of Iraq and the Levant claimed the attack.",
        "Fighters of Hayat Tahrir al-Sham withdrew on Monday.",
        "The Free Syrian Army denied the report in December.",
        "The report was carried by the Aleppo Media Center.",
        "President Hassan Sheikh Mohamud condemned the murder of Colonel Jordan Tripoli.",
        "He spoke during Ramadan to Sunni and Shiite leaders.",
        "Seven people were killed, Deir Ezzor 24 reported.",
        "The State Department and the Department of Justice condemned the murder.",
        "The bomb was aimed at the US ambassador and at Rector Felipe Kasai.",
    ],
)
def test_governments_peoples_bodies_and_persons_are_no_places(parse, text):
    assert named(parse, text) == []


def test_relations_are_kept_as_written(parse):
    relations = {
        "A mine exploded near Bakhmut.": "near",
        "A mine exploded outside Bakhmut.": "outside",
        "A mine exploded 12 km north of Bakhmut.": "12 km north of",
        "A mine exploded on the outskirts of Bakhmut.": "outskirts of",
        "A mine exploded in Bakhmut.": None,
    }
    for text, relation in relations.items():
        assert find_places(parse(text))[0].relation == relation, text


def test_chains_name_the_larger_places(parse):
    places = {p.name: p for p in find_places(parse("Two boys died in Inkhil in Daraa province, Syria."))}
    assert places["Inkhil"].within == ("Daraa province", "Syria")
    owned = {p.name: p for p in find_places(parse("Shelling hit Somalia's Baidoa on Friday."))}
    assert owned["Baidoa"].within == ("Somalia",)
    national = find_places(parse("A bomb exploded in the Afghan city of Kunduz."))[0]
    assert national.within == ("Afghanistan",)


def test_a_lesser_unit_is_part_of_the_province_after_of(parse):
    places = find_places(parse("Four people were killed in Kishanga, in Masisi territory of North Kivu, on Sunday."))
    assert [(p.name, p.within) for p in places[:2]] == [
        ("Kishanga", ("Masisi territory", "North Kivu")),
        ("Masisi territory", ("North Kivu",)),
    ]


def test_specificity_orders_country_province_town_quarter(parse):
    texts = ["in Yemen", "in eastern Yemen", "in Marib province", "in Manbij", "in the Sukari district of Aleppo"]
    ranks = [find_places(parse(f"Ten people died {t}."))[0].rank for t in texts]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)


def test_headlines_in_title_case(parse):
    assert named(parse, "Car Bomb Kills Twelve Near Police Station in Mogadishu") == ["Mogadishu"]
    assert "Idlib" in named(parse, "Deadly Air Raids Hit Crowded Market in Idlib")


def test_spans_are_the_words_of_the_passage(parse):
    text = "Eight farmers were shot dead in rural Zamfara state and near Gusau."
    for place in find_places(parse(text)):
        assert text[place.start : place.end] == place.name


def test_excluded_spans_are_left_out(parse):
    text = "The attack on Jaysh Tadmur near Palmyra killed two."
    start = text.index("Jaysh")
    assert [p.name for p in find_places(parse(text), exclude=[(start, start + 12)])] == ["Palmyra"]


@pytest.mark.parametrize(
    ("text", "anchor", "expected"),
    [
        (
            "Six people were killed in the town of Kurakhove in Donetsk region, the governor said.",
            "killed",
            "Kurakhove",
        ),
        ("The ministry said in Geneva that ten people were killed in Taiz.", "killed", "Taiz"),
        ("Air strikes on Saada killed nine, a spokesman told reporters in Riyadh.", "killed", "Saada"),
        ("A car bomb in Baghdad killed four and the wounded were taken to a hospital in Karbala.", "killed", "Baghdad"),
        ("Fighters from Chechnya shelled Avdiivka, wounding three.", "wounding", "Avdiivka"),
        ("Three soldiers were killed when rebels attacked their base near Goma.", "killed", "Goma"),
        ("A blast in the Karrada district of Baghdad left eleven dead.", "dead", "Karrada district"),
        ("The London-based monitor said 14 died in shelling of Beit Hanoun.", "died", "Beit Hanoun"),
        ("Kabul bombing kills twenty", "kills", "Kabul"),
    ],
)
def test_the_place_of_the_act(parse, text, anchor, expected):
    assert chosen(parse, text, anchor).name == expected


@pytest.mark.parametrize(
    ("text", "anchor", "expected"),
    [
        ("A courier was killed in an air raid at Pullavedi on the 6th of May.", "killed", "Pullavedi"),
        ("Two men were shot dead in Sumy region's Pullavedi.", "shot", "Pullavedi"),
        ("A truck struck a mine between Ntanda and Muidine; both men were hurt.", "hurt", "Ntanda"),
        ("Ten gunmen were killed in the forests of Zbarra since Friday.", "killed", "Zbarra forests"),
        ("In Kandahar, the police chief said six guards were killed by a colleague.", "killed", "Kandahar"),
        ("Two died when a Grad rocket fell on a house in Tajoura.", "died", "Tajoura"),
        ("GOMA CITY, Oct 3 (Agency) - Two traders were shot dead in Kibati.", "shot", "Kibati"),
        ("Bandits killed four in Ruwan Dorawa in Birnin Magaji Local Government Area.", "killed", "Ruwan Dorawa"),
        ("Three guards were killed in Kala village in the Zurmat district.", "killed", "Kala village"),
        ("Troops killed two men in Baghdad's Ruwanda on Sunday, police said.", "killed", "Ruwanda"),
        ("In Kulgam district, two men were gunned down in an encounter in Redwan village.", "gunned", "Redwan"),
        ("Men rode into Kautikari and shot five farmers.", "shot", "Kautikari"),
        ("Men on camels came to Ropp and shot five farmers.", "shot", "Ropp"),
        ("Raiders attacked hamlets in the chiefdom of Bahema Nord and killed 26.", "killed", "Bahema Nord chiefdom"),
        ("Shells killed five in Hpon Leik village, Buthidaung Township, on Friday.", "killed", "Hpon Leik"),
        ("Two residents of Kherson were killed on 14 May.", "killed", "Kherson"),
        ("A boy was hit in Dharasu and succumbed at the Mirza Hospital.", "hit", "Dharasu"),
    ],
)
def test_the_place_of_the_act_where_no_gazetteer_knows_it(parse, text, anchor, expected):
    assert chosen(parse, text, anchor).name == expected


@pytest.mark.parametrize(
    "text",
    [
        "The figures were checked by an analyst at Chatford House.",
        "Fighting between Tamarra and Ouda militias killed five.",
        "Gunmen in two Opel cars opened fire.",
    ],
)
def test_sides_institutions_and_cars_are_no_places(parse, text):
    assert named(parse, text) == []


def test_no_place_for_an_act_without_one(parse):
    assert chosen(parse, "Four people were killed and nine wounded on Monday.", "killed") is None
    assert chosen(parse, "He was born in Vienna.", "born") is not None


def test_two_places_with_one_count_are_both_kept(parse):
    place = chosen(parse, "Air strikes on Hajin and al-Shaafa killed 26 civilians on Friday.", "killed")
    assert (place.name, place.others) == ("Hajin", ("al-Shaafa",))


def test_reading_places_costs_little_beside_the_parse(parse):
    text = "Nine people were killed when shells hit the town of Kurakhove in Donetsk region, officials in Kyiv said on Friday. "
    doc = parse(text * 40)
    find_places(doc)
    start = time.process_time()
    find_places(doc)
    assert len(doc) / (time.process_time() - start) > 5_000
