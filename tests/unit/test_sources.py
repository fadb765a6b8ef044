"""Who says so: speakers, agencies told, final attributions without commas, back references; and what that is worth."""

from __future__ import annotations

import pytest

from tasks.extract.actors import ActorContext, find_actors
from tasks.extract.issuer import issuer_of
from tasks.extract.sources import SourceContext, belief, find_sources, read_source_context
from tasks.extract.spans import Perpetrator, Source
from tasks.extract.verification import verification_of
from tests.unit.conftest import Parse


def read(
    parse: Parse, text: str, context: SourceContext | None = None, previous: tuple[Source, ...] = ()
) -> list[Source]:
    doc = parse(text)
    return find_sources(doc[:], actors=find_actors(doc, ActorContext()), context=context, previous=previous)


def names(
    parse: Parse, text: str, context: SourceContext | None = None, previous: tuple[Source, ...] = ()
) -> list[str]:
    return [s.name for s in read(parse, text, context, previous)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The bomb killed nine people, police said.", ["police"]),
        ("The charity Doctors Without Borders said nine people were killed.", ["Doctors Without Borders"]),
        ("A group known as Peace Watch for Sudan says nine people were killed.", ["Peace Watch for Sudan"]),
        ("Seven were killed, a hospital source told Reuters.", ["hospital source", "Reuters"]),
        ("According to Human Rights Watch, 300 civilians were executed.", ["Human Rights Watch"]),
        ("An official at the interior ministry said five died.", ["official at the interior ministry"]),
        ("Ten people were killed on Sunday residents said.", ["residents"]),
        ("At least 12 died, state news agency SANA reported, citing a military source.", ["SANA", "military source"]),
        ("Twelve died, said Omar Haji, a spokesman for the governor.", ["Omar Haji"]),
        ("The Syrian Observatory for Human Rights says ten were killed.", ["Syrian Observatory for Human Rights"]),
        ("Peasants said they had seen twenty bodies.", ["Peasants"]),
        ("Raid on the garrison; the army says nine died.", ["army"]),
        ("A doctor at the hospital said by phone that twelve had died.", ["doctor at the hospital"]),
        ("Two people were wounded, reports the governor.", ["governor"]),
        ("Witnesses speak of at least forty dead.", ["Witnesses"]),
        ("The blast claimed the lives of six people.", []),
        ("IS claimed responsibility for the bombing.", []),
        ("Six people were killed in the bombing.", []),
        ("Seven people died in Delmas, according to the human rights network RADOP.", ["human rights network RADOP"]),
        (
            "Two people died in Bara, according to the local emergency room, a volunteer group.",
            ["local emergency room"],
        ),
        ("According to a witness, gunmen on motorbikes killed four farmers.", ["witness"]),
        ("According to the hospital, the blast on the ring road left two dead.", ["hospital"]),
        ("Everything went according to plan and two rebels were killed.", []),
        ("Two blasts hit the old market in Aden claiming the lives of 40 people.", []),
        (
            "Nine rebels died on a road south of Hama said the Syrian Observatory for Human Rights.",
            ["Syrian Observatory for Human Rights"],
        ),
        ("A preliminary inquiry found that nine civilians died in the raid.", ["preliminary inquiry"]),
        ("The gunmen, believed by police to belong to a cartel, killed three.", ["police"]),
        ("Police named the victims as two brothers from Arsal.", ["Police"]),
        ("The toll was put at 14 by the provincial health directorate.", ["provincial health directorate"]),
        ("Gunmen raised a flag over the town hall and killed two guards.", []),
        ("Three farmers were shot dead, a crime residents attributed to the militia.", ["residents"]),
        ("Local fighters ambushed a column on Friday, and claimed to have killed ten.", ["Local fighters"]),
        ("It was learned from hospital sources that six people had died.", ["hospital sources"]),
        (
            "Twelve people died, according to an updated toll of the provincial prosecutor.",
            ["provincial prosecutor"],
        ),
        (
            "Air raids killed nine people on Monday in Arbin Free Peace Network (FPN) reported.",
            ["Arbin Free Peace Network"],
        ),
        ("A mortar killed three in Avdiivka, the town hall wrote on Telegram.", ["town hall"]),
        ("A third person has died in Tyre, Lebanon's state news agency reports.", ["Lebanon's state news agency"]),
        ("A spokesman, Col. Ana Banda, said two soldiers were killed in Palma.", ["spokesman, Col. Ana Banda"]),
        ("A U.N. spokeswoman, Maj. Inés Fortin, said one peacekeeper died.", ["United Nations", "Inés Fortin"]),
        ("Police found 12 bodies in a ditch in Baquba.", ["Police"]),
        ("Rebels found 12 bodies in a ditch in Baquba.", []),
        ("The minister spoke of 40 hostages.", ["minister"]),
        ("18:10 | Army: We killed two militants in Qalandiya.", ["Army"]),
        (
            "The Resistance Committee of Burri: a woman and her daughter hit by a shell, both dead.",
            ["Resistance Committee of Burri"],
        ),
        ("Hezbollah: two fighters killed in Aitaroun.", ["Hezbollah"]),
        ("Statement: We demand an inquiry into the killing of two nurses.", []),
        ("KABUL: Two killed in blast at bazaar.", []),
        ("According to information available to our peacekeepers, nine villagers were killed.", ["peacekeepers"]),
        ("According to these testimonies, nine villagers were killed.", []),
        ("The rebels boasted that they had killed nine recruits.", ["rebels"]),
        ("The prosecutor's office had spoken of two dead miners.", ["prosecutor's office"]),
        ("The Centre received testimonies that soldiers killed nine fishermen.", ["Centre"]),
        ("Civil society puts forward the figure of seven dead.", ["Civil society"]),
        ("A driver was killed, witnesses told this newspaper.", ["witnesses"]),
        ("The coroner told reporters that nine had died.", ["coroner"]),
        (
            "Soldiers killed nine people at a chapel near Lukolela, a nun who escaped across the river said Tuesday.",
            ["nun"],
        ),
        (
            "The Colombian Foreign Ministry deplored the blast in Cúcuta that cost 23 shoppers their lives.",
            ["Colombian Foreign Ministry"],
        ),
    ],
)
def test_who_is_named(parse: Parse, text: str, expected: list[str]) -> None:
    assert names(parse, text) == expected


def test_a_monitor_is_the_one_that_the_article_names(parse: Parse) -> None:
    article = "Raids kill nine: monitor. The Syrian Observatory for Human Rights said jets had hit Idlib."
    context = read_source_context(article)
    assert context.monitor == "Syrian Observatory for Human Rights"
    assert names(parse, "Nine people were killed in raids on Sunday, a monitor said.", context) == [context.monitor]
    assert names(parse, "Raids kill nine in Idlib: monitor", context) == [context.monitor]


def test_back_references(parse: Parse) -> None:
    said = tuple(read(parse, "Four died, the Emergency Lawyers said."))
    assert names(parse, "It said nine more were wounded.", previous=said) == [said[0].name]


def test_he_is_never_a_body(parse: Parse) -> None:
    commissioner = read(parse, "The commissioner, Deng Majok, said nine herders died.")
    mission = read(parse, "The United Nations said it had sent a patrol.")
    assert names(parse, "He said two girls were missing.", None, (*commissioner, *mission)) == [commissioner[0].name]


def test_parties_to_the_fighting_are_marked(parse: Parse) -> None:
    assert [s.belligerent for s in read(parse, "The army said it killed nine rebels.")] == [True]
    assert [s.belligerent for s in read(parse, "Doctors said nine people died.")] == [False]
    home = SourceContext(home="SY")
    assert [s.belligerent for s in read(parse, "Nine people died, SANA reported.", home)] == [True]
    assert [s.belligerent for s in read(parse, "Nine people died, SANA reported.")] == [False]


def test_doubt(parse: Parse) -> None:
    assert belief(parse("The claim could not be independently verified.")[:]) == {"unverified"}
    assert belief(parse("The ministry denied the report.")[:]) == {"denied"}
    assert belief(parse("Accounts of the raid contradicted each other.")[:]) == {"disputed"}
    assert not belief(parse("Nine people died.")[:])


def source(name: str, kind: str = "official", belligerent: bool = False, rule: str = "said") -> Source:
    return Source(0, 1, name, kind, belligerent, rule)


def test_verification_rules() -> None:
    hospital, monitor = source("hospital", "medical"), source("Airwars", "monitor")
    army, agency = source("Somali army", "military", belligerent=True), source("Reuters", "agency", rule="told to")
    plain = {"disputed": False, "denied": False}
    assert verification_of([], **plain) == "unattributed"
    assert verification_of([hospital, monitor], **plain) == "multi_source"
    assert verification_of([hospital, hospital, agency], **plain) == "single_source"
    assert verification_of([army], **plain) == "belligerent_claim"
    assert verification_of([army, agency], **plain) == "belligerent_claim"
    assert verification_of([army, hospital], **plain) == "multi_source"
    assert verification_of([hospital], disputed=True, denied=False) == "unverified"
    assert verification_of([hospital], disputed=True, denied=True) == "denied"
    israel = Perpetrator(0, 1, "Israel", "Israel", "claimed", False, "x")
    assert verification_of([source("Israeli military")], **plain, perpetrator=israel) == "belligerent_claim"


@pytest.mark.parametrize(
    ("title", "text", "publisher", "name"),
    [
        (
            "War communique no. 4",
            "The High Command of the Casamance Front informs opinion of the following. A mine killed two soldiers.",
            None,
            "High Command of the Casamance Front",
        ),
        (
            "Bulletin No. 12: Shan State",
            "A shell killed two nuns at Hsipaw.\nSince June the Network has documented 90 deaths.",
            "Shan Network for Rights",
            "Shan Network for Rights",
        ),
        (
            "Killings in Gao",
            "The Sahel Committee (SC) is deeply alarmed. Two herders were shot.",
            "Sahel Committee",
            "Sahel Committee",
        ),
        ("Blast kills two in Gao", "The army condemns the act. Two herders were killed.", "Sahel Times", None),
        ("Blast kills two in Gao", "The Sahel Times notes that two herders were killed.", "Sahel Times", None),
    ],
)
def test_who_issued_a_document(title: str, text: str, publisher: str | None, name: str | None) -> None:
    found = issuer_of(title, text, publisher)
    assert (found.name if found else None) == name
    if found:
        assert set(text[found.start : found.end].split()) & set(found.name.split())
