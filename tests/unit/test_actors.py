"""Armed actors in the words of many wars: who is named, under which canonical name, and who is not an actor."""

from __future__ import annotations

import pytest
import spacy

from tasks.extract.actor_lexicon import fold
from tasks.extract.actors import ActorContext, family_of, find_actors, is_named, read_context
from tasks.extract.parsed import Doc, Form, Token

BLANK = spacy.blank("en")


def words_of(text: str) -> Doc:
    """A text split into words and not parsed: actors are read from words alone."""
    doc = Doc(text)
    for t in BLANK(text):
        form = Form(t.lower_, t.shape_, t.is_alpha, t.is_punct, t.is_space, t.like_num, fold(t.text))
        doc.tokens.append(Token(doc, t.i, t.idx, t.text, t.whitespace_, (form, "", "", "", "")))
    doc.link(range(len(doc)))
    return doc


def named(text: str, home: str | None = None, coalition: str | None = None) -> list[str]:
    return [a.canonical for a in find_actors(words_of(text), ActorContext(home, coalition))]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("Al-Shabaab fighters took the town", "Al-Shabaab (al-Shabab, Shebab)"),
        ("a raid by Boko Haram gunmen", "Boko Haram"),
        ("the Rapid Support Forces entered Nyala", "Rapid Support Forces (RSF)"),
        ("FARC dissidents blew up the bridge", "FARC dissidents (Estado Mayor Central, EMC)"),
        ("the M23 advanced on Goma", "March 23 Movement (M23)"),
        ("IS claimed it", "Islamic State (IS, ISIS, ISIL, Daesh)"),
        ("Daesh terrorists", "Islamic State (IS, ISIS, ISIL, Daesh)"),
        ("the self-proclaimed Islamic State group", "Islamic State (IS, ISIS, ISIL, Daesh)"),
        ("Houthi rebels", "Houthi rebels (Houthis, Huthis, Ansar Allah, Houthi forces, Houthi militia, Huthi rebels)"),
        ("the Tamil Tigers", "Liberation Tigers of Tamil Eelam (LTTE, Tamil Tigers, Tamil rebels)"),
        ("the PKKs fighters", "Kurdistan Workers' Party (PKK)"),
        ("alNusra Front", "Nusra Front (Jabhat al-Nusra, Fateh al-Sham Front)"),
        (
            "JNIM claimed the raid",
            "Jama'at Nusrat al-Islam wal-Muslimin (JNIM, GSIM, Group to Support Islam and Muslims)",
        ),
        ("aggression warplanes", "Saudi-led coalition"),
        ("Naxals", "Communist Party of India-Maoist (Maoists, Naxalites, Naxals, Naxal)"),
        ("the Koglweogo militia", "Koglweogo"),
        ("Provisional IRA", "Irish Republican Army (IRA, Provisional IRA, Provisionals)"),
        ("CRPF personnel", "Central Reserve Police Force (CRPF)"),
        ("Bosnian Serb gunners", "Bosnian Serb forces (Bosnian Serb army, Bosnian Serbs)"),
        ("Segunda Marquetalia", "Second Marquetalia (Segunda Marquetalia)"),
        ("al-Qassam Brigades", "Hamas"),
        ("Hashd al-Shaabi", "Popular Mobilization Forces (PMF, PMU, Hashd al-Shaabi)"),
        ("THE FMLN ATTACKED THE BARRACKS", "Farabundo Marti National Liberation Front (FMLN)"),
    ],
)
def test_named_groups_whatever_the_spelling(text: str, canonical: str) -> None:
    assert named(text) == [canonical]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("Ukrainian forces", "Ukrainian forces"),
        ("the Turkish army", "Turkish army"),
        ("Israeli soldiers", "Israeli soldiers"),
        ("the Armed Forces of Mali", "Malian armed forces"),
        ("Kenyan policemen", "Kenyan police"),
        ("Philippine marines", "Philippine marines"),
        ("forces of Khalifa Haftar", "Libyan National Army (LNA, Haftar's forces)"),
        ("Russia's defence ministry", "Russia"),
        ("Burkina Faso army", "Burkina Faso army"),
        ("Russian warplanes", "Russia"),
        ("a Russian missile strike", "Russia"),
        ("US air strikes", "United States (US)"),
        ("U.S. drones", "United States (US)"),
        ("Israel bombed the port", "Israel"),
        ("Syrian regime shelling", "Syrian regime forces (Assad)"),
        ("Assads forces", "Syrian regime forces (Assad)"),
        ("forces loyal to President Bashar al-Assad", "Syrian regime forces (Assad)"),
        ("Nigeria's army", "Nigerian army"),
        ("US-led strikes", "US-led coalition"),
        ("USled coalition", "US-led coalition"),
        ("French-led forces", "French-led coalition"),
        ("the Russians shelled the town", "Russia"),
        ("shot by the Israelis", "Israel"),
    ],
)
def test_forces_of_states_by_country_ruler_or_weapon(text: str, canonical: str) -> None:
    assert named(text) == [canonical]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("unidentified gunmen", "gunmen"),
        ("masked gunmen on motorcycles", "masked gunmen"),
        ("Islamist militants", "islamist militants"),
        ("armed men", "armed men"),
        ("cattle rustlers", "cattle rustlers"),
        ("suspected bandits", "bandits"),
        ("the enemy", "enemy"),
        ("resistance fighters", "resistance fighters"),
        ("a group of men wearing military uniforms", "men wearing military uniforms"),
        ("opposition fighters", "opposition fighters"),
        ("Turkish-backed forces", "Turkish-backed forces"),
        ("rebel shelling", "rebels"),
        ("terrorist rocket attack", "terrorists"),
        ("the Salah Wardak Brigade attacked", "Salah Wardak Brigade"),
        ("gunmen armed with rifles", "gunmen"),
        ("rebels besieged the town", "rebels"),
        ("blue helmets opened fire", "UN peacekeepers"),
    ],
)
def test_actors_with_no_listed_name_are_kept_as_written(text: str, canonical: str) -> None:
    assert named(text) == [canonical]


@pytest.mark.parametrize(
    "text",
    [
        "it is said that this is the end",
        "he told us that they came",
        "a Daesh-held town",
        "an Afghan attack",
        "a Gaza strike",
        "a terrorist attack",
        "a terrorist bombing",
        "a suicide attacker",
        "near the police station",
        "the Syrian National Coalition",
        "the opposition boycotted the talks",
    ],
)
def test_what_is_no_actor(text: str) -> None:
    assert named(text) == []


def test_bare_army_and_coalition_are_those_of_the_article() -> None:
    assert named("the army said", home="SD") == ["Sudanese army"]
    assert named("the army said") == ["army"]
    assert named("government troops fired", home="SO") == ["Somali government forces"]
    assert named("coalition warplanes", coalition="Saudi-led coalition") == ["Saudi-led coalition"]


def test_its_forces_are_those_of_the_country_that_speaks() -> None:
    assert named("Cameroon said its army had beaten off a raid", home="NG") == ["Cameroon", "Cameroonian army"]


def test_context_reads_the_home_of_the_war() -> None:
    text = "Mali: jihadists attack a village. Malian soldiers and French troops arrived. The US-led coalition is elsewhere, Mali said."
    context = read_context(text)
    assert context.home == "ML"
    assert context.coalition == "US-led coalition"
    assert read_context("Nothing happened.") == ActorContext()


def test_all_forces_of_a_state_are_one_family() -> None:
    assert family_of("Syrian army") == family_of("Syria") == family_of("Syrian regime forces (Assad)") == "state:SY"
    assert family_of("United States (US)") == family_of("US troops") == "state:US"
    assert family_of("Armed Forces of Ukraine (AFU)") == family_of("Ukrainian army") == "state:UA"
    assert family_of("Syrian rebels") != family_of("Syria")
    assert is_named("Boko Haram")
    assert is_named("Israeli troops")
    assert not is_named("gunmen")


def test_offsets_point_at_the_words() -> None:
    doc = words_of("On Monday Boko Haram militants raided Dapchi.")
    (actor,) = find_actors(doc)
    assert doc.text[actor.start : actor.end] == actor.text == "Boko Haram militants"
    assert actor.kind == "armed_group"
    assert actor.country_code == "NG"
