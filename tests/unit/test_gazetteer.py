"""The gazetteer: names found in any spelling, places located by chain and context, nothing guessed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations import vocabulary
from expectations.errors import InputError
from tasks.extract.gazetteer import EXTRA_VARIABLE, Gazetteer, demonyms
from tasks.extract.gazetteer_context import PlaceContext, build_context
from tasks.extract.gazetteer_fold import fold, key_hash, plain
from tasks.extract.place_words import core_name, is_part_of_land, is_region_name
from tasks.extract.spans import PlaceExpression


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def place(
    name: str, *, within: tuple[str, ...] = (), relation: str | None = None, kind: str = "place"
) -> PlaceExpression:
    return PlaceExpression(0, len(name), name, relation, within, kind, "preposition")


SYRIA = PlaceContext(("SY", "TR"), (0.9, 0.1))
UKRAINE = PlaceContext(("UA", "RU"), (0.8, 0.2))


@pytest.mark.parametrize(
    "spellings",
    [
        ("Deir ez-Zor", "Deir Ezzor", "Deir az-Zour", "Dayr az Zawr", "Deir al-Zor"),
        ("Ash Sha'fah", "al-Shaafa", "Shafah"),
        ("Khan Shaykhun", "Khan Sheikhoun"),
        ("Hasakeh", "Al-Hasakah", "Hassakeh"),
        ("Salamiyah", "Salamyieh", "Salamiya"),
        ("Hodeidah", "Hudaydah", "Al Ḩudaydah"),
        ("Fallujah", "Falluja", "Al Fallūjah"),
        ("Zaporizhzhia", "Zaporizhia"),
        ("Kandahar", "Qandahar"),
        ("Taiz", "Ta'izz", "Taez"),
        ("Usulután", "Usulutan"),
        ("Beit Hanoun", "Bayt Hanun"),
    ],
)
def test_spellings_of_one_place_fold_to_one_key(spellings):
    assert len({fold(s) for s in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Hama", "Homs"), ("Mosul", "Basra"), ("Kherson", "Kharkiv"), ("Kabul", "Kunduz")]
)
def test_different_places_keep_different_keys(one, other):
    assert fold(one) != fold(other)


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(name):
    assert fold(fold(name)) == fold(name)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz' -", min_size=1, max_size=30))
def test_case_accents_and_outer_space_never_matter(name):
    assert fold(f"  {name.upper()} ") == fold(name)


def test_plain_keeps_words_and_drops_marks():
    assert plain("Dar‘ā  al-Balad’") == "dara al balad"


def test_hash_is_the_same_on_every_machine():
    assert key_hash("idlib") == 243050392717844


def test_loads_fast_and_once(gazetteer):
    start = time.process_time()
    assert Gazetteer.load() is gazetteer
    assert time.process_time() - start < 0.05


def test_finds_places_of_several_wars(gazetteer):
    for name, code in [
        ("Hajin", "SY"),
        ("Avdiivka", "UA"),
        ("Lashkar Gah", "AF"),
        ("Baidoa", "SO"),
        ("Fallujah", "IQ"),
        ("El Fasher", "SD"),
    ]:
        assert any(e.country_code == code for e in gazetteer.lookup(name)), name
    assert gazetteer.lookup("Qqzzvvx") == ()


def test_guatemala_city_is_a_town_and_northern_syria_a_country(gazetteer):
    code, entries = gazetteer.find("Guatemala City")
    assert code is None
    assert entries[0].country_code == "GT"
    assert gazetteer.find("northern Syria")[0] == "SY"
    assert gazetteer.find("Burma")[0] == "MM"


def test_demonyms_name_their_country():
    assert demonyms()["syrian"] == "SY"
    assert demonyms()["afghans"] == "AF"


def test_chain_picks_among_places_of_one_name(gazetteer):
    by_chain = gazetteer.locate(place("San Miguel", within=("El Salvador",)), context=PlaceContext())
    assert (by_chain.country_code, by_chain.geo_basis, by_chain.geo_precision) == ("SV", "gazetteer", 1)
    other = gazetteer.locate(place("San Miguel", within=("Peru",)), context=PlaceContext(("SV",), (1.0,)))
    assert other.country_code == "PE"


def test_province_in_the_chain_counts_before_the_article(gazetteer):
    location = gazetteer.locate(place("Inkhil", within=("Daraa province",)), context=SYRIA)
    assert (location.admin1, location.country_code) == ("Daraa", "SY")
    assert location.latitude == pytest.approx(33.02, abs=0.1)


def test_article_country_picks_the_small_namesake(gazetteer):
    assert gazetteer.locate(place("Tripoli"), context=PlaceContext(("LB",), (1.0,))).country_code == "LB"
    assert gazetteer.locate(place("Tripoli"), context=PlaceContext(("LY",), (1.0,))).country_code == "LY"


def test_namesakes_abroad_are_not_taken(gazetteer):
    large = gazetteer.locate(place("Istanbul"), context=UKRAINE)
    assert large.country_code == "TR"  # known the world over
    assert gazetteer.locate(place("Hagen"), context=UKRAINE).latitude is None
    small = gazetteer.locate(place("al-Qusour"), context=PlaceContext(("UA",), (1.0,)))
    assert (small.latitude, small.country_code) == (None, "UA")


def test_ambiguous_place_gets_no_point(gazetteer):
    for name, code in (("San Antonio", "HN"), ("Santa Rosa", "MX")):
        location = gazetteer.locate(place(name), context=PlaceContext((code,), (1.0,)))
        assert (location.geo_basis, location.latitude, location.country_code) == ("ambiguous", None, code)


def test_unknown_place_keeps_the_country_of_a_one_country_article(gazetteer):
    alone = gazetteer.locate(place("Qqzzvvx"), context=SYRIA)
    assert (alone.latitude, alone.country_code, alone.geo_basis) == (None, "SY", "not_found")
    mixed = gazetteer.locate(place("Qqzzvvx"), context=PlaceContext(("SY", "IQ"), (0.5, 0.5)))
    assert mixed.country_code is None


def test_region_is_never_a_town(gazetteer):
    for name in ("Idlib province", "northern Hama", "Aleppo countryside", "rural Deir ez-Zor", "Donbas"):
        location = gazetteer.locate(place(name, kind="region"), context=SYRIA if name != "Donbas" else UKRAINE)
        assert (location.geo_precision, location.geo_basis) == (3, "gazetteer_region"), name


def test_bare_name_of_a_province_follows_the_article(gazetteer):
    as_province = build_context(gazetteer, [place("Idlib province", kind="region"), place("Syria", kind="country")])
    assert gazetteer.locate(place("Idlib"), context=as_province).geo_precision == 3
    as_town = build_context(gazetteer, [place("Idlib city"), place("Syria", kind="country")])
    assert gazetteer.locate(place("Idlib"), context=as_town).geo_precision == 1


def test_country_alone_gets_no_point(gazetteer):
    location = gazetteer.locate(place("eastern Syria", kind="region"), context=SYRIA)
    assert (location.country_code, location.latitude, location.geo_basis) == ("SY", None, "country_only")


def test_near_a_place_is_less_precise(gazetteer):
    location = gazetteer.locate(place("Manbij", relation="12 km north of"), context=SYRIA)
    assert (location.geo_precision, location.geo_basis) == (2, "gazetteer")


def test_quarter_nobody_knows_takes_its_town_and_says_so(gazetteer):
    location = gazetteer.locate(place("Qqzzvvx district", within=("Aleppo",)), context=SYRIA)
    assert (location.geo_basis, location.geo_precision, location.admin1) == ("gazetteer_within", 2, "Aleppo")


def test_district_is_a_quarter_in_a_town_and_a_region_elsewhere(gazetteer):
    iraq = PlaceContext(("IQ",), (1.0,))
    assert gazetteer.locate(place("Sinjar district"), context=iraq).geo_precision == 3
    assert (
        gazetteer.locate(
            place("San Isidro district", within=("Lima",)), context=PlaceContext(("PE",), (1.0,))
        ).geo_precision
        == 1
    )


def test_quarter_far_from_every_town_named_gets_no_point(gazetteer):
    homs = PlaceContext(("SY",), (1.0,), towns=((34.73, 36.71),))
    assert gazetteer.locate(place("al-Zahraa neighborhood"), context=homs).latitude is None


def test_near_spelling_counts_only_within_the_country(gazetteer):
    near = gazetteer.locate(place("Kramatorskij"), context=UKRAINE)
    assert (near.geo_basis, near.admin1) == ("gazetteer_similar", "Donetsk")
    assert gazetteer.locate(place("Kramatorskij"), context=SYRIA).latitude is None
    assert gazetteer.similar("Avdi", "UA") == ()


def test_every_basis_is_in_the_vocabulary(gazetteer):
    names = ["Aleppo", "Qqzzvvx", "Syria", "Idlib province", "Santa Rosa", "Manbij"]
    found = {gazetteer.locate(place(n), context=SYRIA).geo_basis for n in names}
    assert found <= set(vocabulary.GEO_BASES)


def test_context_weighs_the_country_of_the_places_above_passing_mentions(gazetteer):
    places = [place(n) for n in ("Kherson", "Mykolaiv", "Bakhmut", "Ukraine")]
    context = build_context(gazetteer, places, ["Russian", "Ukrainian", "American"])
    assert context.main_country == "UA"
    assert build_context(gazetteer, []).main_country is None
    assert build_context(gazetteer, [], [], "La Paz, 12 Mar 91 (DPA) -- Two teachers were shot").main_country == "BO"


def test_own_csv_adds_places(tmp_path, gazetteer):
    path = tmp_path / "own.csv"
    path.write_text(
        "name,latitude,longitude,admin1,country_code\nMaizila,35.61,40.21,Deir ez-Zor,SY\n", encoding="utf-8"
    )
    location = Gazetteer.load([path]).locate(place("al-Maizilah"), context=SYRIA)
    assert (location.latitude, location.longitude, location.admin1) == (35.61, 40.21, "Deir ez-Zor")
    assert gazetteer.locate(place("Maizila"), context=SYRIA).latitude is None


def test_geonames_dump_adds_places(tmp_path, monkeypatch):
    path = tmp_path / "SY.txt"
    row = [
        "1",
        "Tall Fulan",
        "Tall Fulan",
        "Tel Fulan,تل",
        "35.5",
        "38.5",
        "P",
        "PPL",
        "SY",
        "",
        "09",
        "",
        "",
        "",
        "120",
        "",
        "300",
        "Asia/Damascus",
        "2020-01-01",
    ]
    path.write_text("\t".join(row) + "\n", encoding="utf-8")
    monkeypatch.setenv(EXTRA_VARIABLE, str(path))
    location = Gazetteer.load().locate(place("Tel Foulan"), context=SYRIA)
    assert (location.latitude, location.admin1) == (35.5, "Aleppo")


@pytest.mark.parametrize("text", ["town;lat;lon\nX;1;2\n", "name,latitude,longitude,country_code\nX,95,0,SY\n"])
def test_bad_own_gazetteer_names_file_and_cause(tmp_path, text):
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.csv"):
        Gazetteer.load([path])


def test_missing_own_gazetteer_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="cannot read"):
        Gazetteer.load([tmp_path / "absent.csv"])


def test_core_names():
    assert core_name("rural Deir ez-Zor province") == "Deir ez-Zor"
    assert core_name("Hajin town") == "Hajin"
    assert core_name("Tanak oil field") == "Tanak"
    assert core_name("the city of Homs") == "Homs"
    assert is_region_name("Daraa province")
    assert not is_region_name("Daraa")
    assert is_part_of_land("northern Hama")
    assert not is_part_of_land("Hama")


def test_a_lone_namesake_does_not_vote_for_the_country_that_it_lies_in(gazetteer):
    haiti = build_context(gazetteer, [place(n) for n in ("Pétion-Ville", "Croix-des-Bouquets", "Bourdon")])
    location = gazetteer.locate(place("Bourdon"), context=haiti)
    assert (location.country_code, location.latitude, location.geo_basis) == ("HT", None, "not_found")
    alone = build_context(gazetteer, [place("Kabe")])
    assert gazetteer.locate(place("Kabe"), context=alone).latitude is None


def test_armies_abroad_say_little_of_where_a_war_is(gazetteer):
    words = "Russian troops took a farm . Russian drones hit the station , the Russian army said . Ukrainian doctors".split()
    names = ("Pokrovsk", "Kostiantynivka", "Kramatorsk")
    war = build_context(gazetteer, [place(n) for n in names], words)
    location = gazetteer.locate(place("Pokrovsk"), context=war)
    assert (location.country_code, location.admin1) == ("UA", "Donetsk")


def test_other_names_of_a_place_count_where_its_country_is_spoken_of(gazetteer):
    words = "Israeli soldiers shot two Palestinians , Palestinian medics said ; the Israeli army".split()
    raid = build_context(gazetteer, [place("Tulkarem")], words)
    assert gazetteer.locate(place("Tulkarem"), context=raid).country_code == "PS"


def test_a_name_only_alike_to_the_ear_is_no_city_abroad(gazetteer):
    ituri = build_context(gazetteer, [place("Ituri"), place("Bunia"), place("Lodda")], ["Congolese"])
    assert gazetteer.locate(place("Lodda"), context=ituri).latitude is None


def test_a_town_across_the_border_is_taken_one_on_another_continent_is_not(gazetteer):
    names = ("Nigeria", "Kano", "Hadejia", "Maiduguri", "Diffa", "Whitehaven")
    context = build_context(gazetteer, [place(n) for n in names])
    assert gazetteer.locate(place("Diffa"), context=context).country_code == "NE"
    assert gazetteer.locate(place("Whitehaven"), context=context).latitude is None


def test_the_home_of_an_armed_group_counts_where_no_place_is_known(gazetteer):
    context = build_context(gazetteer, [place("Qqzzvvx")], groups=["LK"])
    location = gazetteer.locate(place("Qqzzvvx"), context=context)
    assert (location.country_code, location.geo_basis) == ("LK", "not_found")
    assert gazetteer.locate(place("Qqzzvvx"), context=build_context(gazetteer, [])).country_code is None


def test_a_unit_that_nobody_knows_lies_in_the_province_that_the_chain_names(gazetteer):
    unknown = place("Kishanga", within=("Masisi territory", "North Kivu"))
    location = gazetteer.locate(unknown, context=build_context(gazetteer, [unknown]))
    assert (location.country_code, location.admin1, location.latitude) == ("CD", "North Kivu", None)


def test_directions_that_belong_to_a_name_stay(gazetteer):
    assert gazetteer.find("West Bank town")[1][0].country_code == "PS"
    assert gazetteer.find("North Kivu province")[1][0].country_code == "CD"
