"""Who did it, where and when, as whole articles tell it: over sentences, and where the grammar of one sentence misleads."""

from __future__ import annotations

import datetime as dt

import pytest


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Zliten in Misrata district suffered air raids which killed seven people, medics said.", "Zliten"),
        ("Kramatorsk came under missile fire on Monday and four people were killed.", "Kramatorsk"),
        ("Three people died when shells hit the Mosul district of Zanjili.", "Zanjili"),
        ("A car bomb killed four people in the Karrada district of Baghdad.", "Karrada district"),
        ("Rockets fired at Helmand neighborhood in Kabul killed eight civilians.", "Helmand"),
        ("Shells launched by rebels stationed in Kobar village killed two people in Hittin.", "Hittin"),
        ("Ten men of the Zaghawa community were shot at Tina Bar in Kutum locality on Sunday.", "Tina Bar"),
        (
            "Ten people were killed in strikes on a hall in the village of Brestovac in the north of Kharkiv.",
            "Brestovac",
        ),
        ("In Helmand province, a mine killed two shepherds in Sangin on Monday, police said.", "Sangin"),
        ("A gunman fired at a car at the Tarqumiyah junction west of Hebron, killing a driver.", "Tarqumiyah junction"),
        ("Soldiers shot twelve residents in the town of Merawi (Gojjam zone) on Monday.", "Merawi"),
        (
            "An air strike killed nine people in the northern province of Amran.\n"
            "The strike hit the village of Bayt Qasim, residents said.",
            "Bayt Qasim",
        ),
        (
            "Gunmen rode into the hamlet of Tin Assel in the morning.\nSeven herders were shot in front of their wives.",
            "Tin Assel",
        ),
        (
            "A bomb went off in Yala on Friday and wounded one man.\nFour people were shot dead in Banang Sata.\n"
            "A grenade then killed two traders in the same town.",
            "Banang Sata",
        ),
        ("A car bomb in Baghdad's mainly Shi'ite Sadr City killed eleven people on Wednesday.", "Sadr City"),
        (
            "Three villagers were shot on Friday in Let Yet Kone village, parents said.",
            "Let Yet Kone",
        ),
        ("A bomb exploded without warning in a bar in Guildford on Monday, killing five people.", "Guildford"),
        ("The battle for Sholgara, south of Mazar-i-Sharif, killed 13 fighters on Tuesday.", "Sholgara"),
        ("Seven men were killed on Saturday by bandits in the hills, at a place called Kamombo.", "Kamombo"),
        ("Three farmers died when insurgents attacked Mussomero, a fishing village, on Monday.", "Mussomero"),
        ("Two officers died when their jeep hit a mine on the road linking Sabha and Ubari.", "Sabha"),
        ("A cameraman was killed in eastern Slavonia when his car hit a mine outside Vukovar.", "Vukovar"),
        ("One of the soldiers wounded in an ambush at Lemera on Sunday died in Bukavu, the army said.", "Lemera"),
        ("Habib Khan, a teenager from Kulgam, was shot dead when troops opened fire in Batagund village.", "Batagund"),
        ("In Kandhamal, a mob killed a couple on Wednesday night in Barakhama village.", "Barakhama"),
        ("Two men were killed in Slovyansk on Monday, the minister told journalists in Kyiv.", "Slovyansk"),
        (
            "Shells hit the El Madaris neighbourhoods in El Geneina on Monday and killed two.",
            "El Madaris neighbourhoods",
        ),
        ("Rebels ambushed a Marine patrol near Patikul on Monday, killing two.", "Patikul"),
        ("Gunmen have taken ten women hostage from the village of Tin Assel, officials said.", "Tin Assel"),
        ("Two rebels were killed in the Rajwar forests in this north Kashmir district on Monday.", "Rajwar forests"),
        (
            "Gunmen killed four people at Unguwan Gaida on Saturday night, the governor said.\n"
            "He also said ten travellers were kidnapped in Birnin Gwari on Saturday.",
            "Birnin Gwari",
        ),
        (
            "A girl was shot dead in Jenin on Monday, the ministry said.\n"
            "Two soldiers were killed there in a gun battle on Saturday.",
            "Jenin",
        ),
        ("Two policemen were killed on Route 35 near Hebron on Monday.", "Hebron"),
        ("A sergeant was killed by a recruit at Camp Bastion on Sunday.", "Camp Bastion"),
        (
            "Gunmen killed three miners in the Pashtunkot district when they stormed a post in Zyaratgah on Monday.",
            "Zyaratgah",
        ),
        (
            "Eight people were killed when gunmen attacked two cars in southern Tanintharyi region.\n"
            "The attack took place in Thayetchaung township on Monday, it said.",
            "Thayetchaung",
        ),
        ("Two cooks were shot in colonia El Roble, in the city of Reynosa, on Monday.", "El Roble"),
        ("A mine killed six drovers in Katsina-Ala LGA, Benue, on Monday.", "Katsina-Ala LGA"),
        ("Raiders stormed Agua Fria, in the district of Puerto Lempira, and shot nine men.", "Agua Fria"),
        ("The fighting then spread to Bentiu, where 40 people were killed on Monday.", "Bentiu"),
        ("Two men were shot in Bor on Monday and rushed to Bentiu, where one died.", "Bor"),
    ],
)
def test_the_place_is_where_it_was_suffered(read_article, text: str, place: str) -> None:
    assert [m["place_name"] for m in read_article(text).mentions][-1] == place


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Six herders were shot in Ileret ward, Marsabit County, by raiders who had crossed from Ethiopia.", "KE"),
        ("A tanker driver was shot dead on the highway to Jordan, 60 km west of Ramadi, on Monday.", "IQ"),
        ("Nine people were kidnapped on the Buea-Kumba road on Monday, a priest said.", "CM"),
        ("Gunmen killed four farmers at Kwaru, near the Niger border, and fled towards Katsina.", "NG"),
        (
            "Raiders shot 30 people in Arbinda, Burkina Faso, on Tuesday.\n"
            "In neighbouring Niger, nine soldiers were killed in an ambush in Sanam.",
            "NE",
        ),
        ("In Kenya, nine soldiers were killed in an ambush in Lafey on Monday.", "KE"),
    ],
)
def test_the_country_is_where_it_was_not_what_lies_beyond_a_border(read_article, text: str, country: str) -> None:
    assert [m["country_code"] for m in read_article(text).mentions][-1] == country


@pytest.mark.parametrize(
    ("text", "actor", "status"),
    [
        ("Aircraft thought to be Turkish bombed a convoy near Tel Rifaat, killing 20 fighters.", "Turkey", "suspected"),
        (
            "Boko Haram overran the market of Rann on Friday.\nThe militants shot dead eleven traders.",
            "Boko Haram",
            "stated",
        ),
        ("Two people were killed when gunfire broke out on Hill Street, according to the police.", None, "unknown"),
    ],
)
def test_who_did_it(read_article, text: str, actor: str | None, status: str) -> None:
    told = [(m["perpetrator"], m["perpetrator_status"]) for m in read_article(text).mentions]
    assert told == [(actor, status)]


def test_the_headline_names_who_strikes_from_the_air(read_article) -> None:
    text = "In Younine, nine fighters of Hezbollah were killed in an air strike on a house."
    told = read_article(text, title="Israeli warplanes pound the Bekaa valley").mentions
    assert [m["perpetrator"] for m in told] == ["Israel"]


def test_militants_stay_nameless_where_two_groups_are_spoken_of(read_article) -> None:
    text = "Boko Haram and Islamic State West Africa Province fight over Rann.\nThe militants shot dead eleven traders there."
    assert [m["perpetrator"] for m in read_article(text).mentions] == ["militants"]


def test_jets_of_a_state_at_war_at_home_are_its_government_s(read_article) -> None:
    text = "Syria's war went on. Syrian or Russian government planes bombed Hass, killing four Syrian children, a monitor said."
    assert [m["perpetrator"] for m in read_article(text).mentions] == ["Syrian government forces"]


# The articles of these tests are published on Tuesday, 5 March 2024.
@pytest.mark.parametrize(
    ("text", "day"),
    [
        (
            "A police source told reporters that gunmen on Sunday morning attacked a bus in Gao, killing six.",
            "2024-03-03",
        ),
        (
            "The brigade claimed a suicide bombing at a barracks in Ajdabiya on Sunday that left six dead.",
            "2024-03-03",
        ),
        ("On Sunday it is alleged a gunship fired on Rabak, killing a family of four.", "2024-03-03"),
        (
            "Saturday 2 March - The general staff announced that an air strike near Djibo killed 20 people.",
            "2024-03-02",
        ),
        ("The raid came a day after an air strike on Saturday killed twelve people in Nyala.", "2024-03-02"),
        (
            "Nine people died in an air strike on a hall where a wedding was being held on Sunday, medics said.",
            "2024-03-03",
        ),
        (
            "Armed men on two speedboats stormed a ship off Basilan at dawn on Sunday.\nA crewman who resisted was shot dead.",
            "2024-03-03",
        ),
        (
            "Shelling killed three women in Kherson, officials said.\nThe shells struck a market on Saturday, a witness said.",
            "2024-03-02",
        ),
        (
            "Air strikes killed ten people in Mokha on Sunday, medics said.\nThe port was closed.\nRoads were cut.\n"
            "Schools closed.\nShops closed.\nHospitals were full of wounded.\nMarkets shut.\n"
            "Two fishermen were killed in Hays by a mine.",
            "2024-03-03",
        ),
        (
            "The raiders struck three hamlets around Tera on Saturday afternoon.\n"
            "At least 37 people died, the governor said on Monday.",
            "2024-03-02",
        ),
        ("The envoy visited Bouar on Saturday.\nSix traders were shot by rebels, the prefect said on Monday.", "None"),
    ],
)
def test_when_it_happened(read_article, text: str, day: str) -> None:
    mentions = read_article(text, published_on=dt.date(2024, 3, 5)).mentions
    assert str(mentions[-1]["date_start"]) == str(mentions[-1]["date_end"]) == day


def test_who_tells_the_news_need_not_tell_what_lies_days_back(read_article) -> None:
    text = (
        "A car bomb killed four people in Gao on Monday, the governor said. "
        "On 3 February gunmen killed nine traders in Bourem. A mine killed two herders in Ansongo."
    )
    told = read_article(text, published_on=dt.date(2024, 3, 5)).mentions
    assert [m["reported_by"] for m in told] == [["governor"], [], ["governor"]]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Two miners, hit by bullets on Monday in Marikana, died in hospital on Wednesday, police said.", "2024-05-13"),
        ("An air strike killed nine herders near Bankass.\nThe incident occurred on 11 May.", "2024-05-11"),
        ("The toll rose, and on Wednesday the governor said that nine people had been killed in Tokmak.", None),
        (
            "Nine villagers were killed while attending a funeral on Tuesday evening, the mayor of Barsalogho said.",
            "2024-05-14",
        ),
        ("Gunmen shot six people in Solhan.\nThe ministry announced a toll of nine dead on Wednesday.", None),
        ("Rebels abducted and killed a chief in Bria in the second week of April.", "2024-04-08"),
        (
            "Police said on Wednesday that gunmen had killed four people in Yala on Monday.\n"
            "On the same day a bomb wounded two soldiers in Raman.",
            "2024-05-13",
        ),
        ("Shells killed two women in Siversk earlier in the day, the mayor said.", "2024-05-16"),
        (
            "Strikes across the country killed 30 people on Tuesday.\nMosques were hit.\nTowns burned.\n"
            "In a separate attack, four people were killed in Dhamar.",
            "2024-05-14",
        ),
    ],
)
def test_the_day_is_that_of_the_act(read_article, text: str, day: str | None) -> None:
    date = read_article(text).mentions[-1]["date_start"]
    assert (date and date.isoformat()) == day


def test_items_of_a_bulletin_take_its_day_not_that_of_the_item_before(read_article) -> None:
    text = (
        "Security incidents in Iraq on Tuesday, except where another day is given.\n"
        "MOSUL - A car bomb killed two people in Mosul on Monday, police said.\n"
        "KIRKUK - Gunmen killed a teacher near Kirkuk, police said.\n"
        "TIKRIT - A mine wounded three soldiers near Tikrit."
    )
    assert [m["date_start"].day for m in read_article(text).mentions] == [13, 14, 14]


def test_a_carried_speaker_rests_on_the_words_that_name_them(read_article) -> None:
    text = (
        "The Highland Liberation Army informs the people of the following.\n\n"
        "On Friday a patrol was ambushed near Panguna. Five soldiers were killed.\n\n"
        "On Saturday a mortar bomb killed a man in Arawa, a doctor said. Raiders shot two women in Buin."
    )
    rows = read_article(text, title="War communiqué no. 9").mentions
    told = [c for row in rows for c in row["codings"] if c["column"] == "reported_by"]
    assert [(c["rule"], c["text"]) for c in told] == [
        ("issuer_of_the_document", "Highland Liberation Army"),
        ("said", "a doctor"),
        ("source_of_sentence_before", "a doctor"),
    ]
    assert all(text[c["start"] : c["end"]] == c["text"] for c in told)
