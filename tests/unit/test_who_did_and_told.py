"""Who did it, who says so and how, told in the many ways of news: names with a possessive, parts of a side, claims, speakers of any trade."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks.extract.engine import ArticleText, Reader

BY: dict[str, tuple[str, str, str]] = {
    "a name with a possessive in it": (
        "The Lord's Resistance Army hacked nine villagers to death near Dungu on Monday.",
        "Lord's Resistance Army",
        "stated",
    ),
    "a state that answers": (
        "Turkey responded by shelling targets near Tall Abyad on Monday, killing three Syrian soldiers.",
        "Turkey",
        "stated",
    ),
    "a short name written as a word": (
        "Isis fighters killed ten people in Kobani on Monday.",
        "Islamic State",
        "stated",
    ),
    "a part of a group": (
        "The FARC's 9th Front ambushed a patrol near Mocoa on Monday and killed two soldiers.",
        "FARC",
        "stated",
    ),
    "a state whose arms reach abroad": (
        "A Russian attack killed three people in Sumy on Monday.",
        "Russia",
        "stated",
    ),
    "an occupation's fire": (
        "Three people were killed on Monday in occupation shelling of a house in Gaza City, Palestine.",
        "Israel",
        "stated",
    ),
    "fire of a country": ("Pakistani fire killed two farmers near Poonch on Monday.", "Pakistan", "stated"),
    "what a country does to a town": (
        "Nine people were killed on Monday in the Ethiopian bombing of Mekelle.",
        "Ethiopia",
        "stated",
    ),
    "lives that a deed claims": (
        "The regime's bombing of a school near Hass on Monday claimed the lives of nine pupils.",
        "regime forces",
        "stated",
    ),
    "boats of a navy": (
        "Sri Lankan navy gunboats shelled the port of Mullaitivu on Monday, killing nine civilians.",
        "Sri Lankan navy",
        "stated",
    ),
    "who rides for a side": (
        "Nine villagers were shot by Janjaweed horsemen at Kutum on Monday.",
        "Janjaweed",
        "stated",
    ),
    "fighters of a group behind another word": (
        "Jihadis from Boko Haram stormed Dikwa on Monday and killed nine farmers.",
        "Boko Haram",
        "stated",
    ),
    "dropped from a drone": (
        "A man was killed in Nikopol on Monday by an explosive dropped from a Russian drone.",
        "Russia",
        "stated",
    ),
    "whom others set apart": (
        "It was the Taliban that shot at the bus near Farah on Monday, killing nine, the army said.",
        "Taliban",
        "stated",
    ),
    "allied to somebody": (
        "Nine people were killed in Bentiu on Monday by fighters allied to the former vice-president.",
        "fighters",
        "stated",
    ),
    "believed to be": (
        "Insurgents believed to belong to a rival faction beheaded nine farmers near Palma on Monday.",
        "insurgents",
        "suspected",
    ),
    "attributed to a state": (
        "Three farmers were killed on Monday near Kobani in a drone attack that the council attributed to Turkey.",
        "Turkey",
        "suspected",
    ),
    "owned up": (
        "Lashkar-e-Taiba owned up to the grenade attack that wounded nine people in Srinagar on Monday.",
        "Lashkar-e-Taiba",
        "claimed",
    ),
    "his forces": (
        "Federal police commander Raed Jawdat said his forces had killed 20 militants near the mosque in Mosul on Monday.",
        "federal police",
        "claimed",
    ),
    "what came before": (
        "An air strike by the Russian army hit the bridge at Sloviansk on Monday after separatists had entered the town, killing five.",
        "Russian army",
        "stated",
    ),
    "a capital that stands for its state": (
        "Four people were killed on a beach in Sevastopol on Monday by debris from missiles fired by Kyiv.",
        "Ukraine",
        "stated",
    ),
    "a group in capitals": (
        "ABLF guerrillas stopped the train near Keren on Monday and killed nine soldiers.",
        "ABLF guerrillas",
        "stated",
    ),
    "fire of a country's troops": (
        "Nine people were killed by Israeli fire near Khan Younis on Monday.",
        "Israel",
        "stated",
    ),
    "bears the stamp of": (
        "Twin car bombs, which officials said bore the stamp of al-Qaeda, killed 23 people in Baghdad on Monday.",
        "al-Qaeda",
        "suspected",
    ),
    "an accuser does nothing": (
        "A drone hit a depot in Port Sudan on Monday, wounding five. The army accused the Rapid Support Forces of carrying out the attack.",
        "Rapid Support Forces",
        "suspected",
    ),
    "they of a quotation are others": (
        'Boko Haram fighters attacked a camp near Jere on Monday. "They slit the throats of eight loggers," said a soldier.',
        "Boko Haram",
        "stated",
    ),
    "suspicion that is to fall": (
        "A bomb killed five people in Bannu on Monday. Suspicion is likely to fall on the Pakistani Taliban.",
        "Tehreek-e-Taliban Pakistan",
        "suspected",
    ),
    "in the sentence before, by a verb of no weapon": (
        "The Guatemalan army burned the village of Nenton on Monday. Nine people died, a survivor said.",
        "Guatemalan army",
        "stated",
    ),
    "who came before the deed": (
        "About 40 passengers were executed near Gbarnga on Monday after NPFL fighters stopped a convoy.",
        "National Patriotic Front of Liberia",
        "stated",
    ),
    "a jet that did something else as well": (
        "Villagers say a Nigerian Air Force jet that was hunting militants killed six people near Gubio on Monday.",
        "Nigerian air force",
        "stated",
    ),
    "reported killing": (
        "The People's Defence Force reported killing nine junta soldiers near Pauk on Monday.",
        "People's Defence Force",
        "claimed",
    ),
    "the group itself tells it": (
        "Nine drivers were executed by Ansar al-Islam near Mosul on Monday, the group said on its website.",
        "Ansar al-Islam",
        "claimed",
    ),
    "a claim of the next sentence": (
        "Nine people were killed by mortar fire in Mogadishu on Monday. Al-Shabaab said it had fired the rounds.",
        "Al-Shabaab",
        "claimed",
    ),
}
SAYS: dict[str, tuple[str, str]] = {
    "the ministry that ends a headline": ("Two officers killed in Cali on Monday, says ministry", "ministry"),
    "the initials that end a headline": ("Two soldiers killed in Tank on Monday, says ISPR", "ISPR"),
    "behind a headline's dash": (
        "Syria: 3 killed, 8 injured in shelling on Azaz on Monday - White Helmets",
        "White Helmets",
    ),
    "a trade that no list of speakers has": (
        "Rebels shot two boys near Kyaukme on Monday, the village headman, Ko Aung, said.",
        "Ko Aung",
    ),
    "behind a clause with a place": (
        "Gunmen abducted nine pupils from a school in Bamenda on Monday, the governor of the region said.",
        "governor of the region",
    ),
    "quoted": (
        "Nine soldiers died in an ambush near Calbayog on Monday, a regional spokesman was quoted as saying by the Daily Tribune.",
        "regional spokesman",
    ),
    "who stood by": ("Militiamen lynched two traders in Bangui on Monday, a Reuters photographer saw.", "Reuters"),
    "in the next sentence": (
        "Nine people were killed by gunmen at a bar in Zaruma on Monday. Prosecutors said that two men were being questioned.",
        "Prosecutors",
    ),
    "in a communique": (
        "Robbers killed nine people in Kumba on Monday. The diocese, in a communique, said that the attackers were unknown.",
        "diocese",
    ),
}
HOW: dict[str, tuple[str, str]] = {
    "missiles of a drone": ("A drone fired two missiles at a house in Datta Khel on Monday, killing five people.", "Air/drone strike"),
    "bombs that were fired": ("A nun said the bombs had been fired by the rebels and that eight people had been killed in Sake on Monday.", "Shelling/artillery/missile attack"),
    "a mine that is dug": ("Gunmen attacked a gold mine near Bunia on Monday and nine people died.", "Attack"),
}  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def _only(reader: Reader, text: str) -> dict[str, object]:
    (mention,) = reader.read(
        ArticleText("a", None, None, f"{text}\nThe road has been closed since.", dt.date(2024, 5, 16), None)
    ).mentions
    return mention


@pytest.mark.parametrize("case", BY)
def test_who_did_it_however_told(reader: Reader, case: str) -> None:
    text, who, status = BY[case]
    mention = _only(reader, text)
    assert str(mention["perpetrator"]).startswith(who) or f"({who}" in str(mention["perpetrator"])
    assert mention["perpetrator_status"] == status


@pytest.mark.parametrize(
    "text",
    [
        "Three policemen shot dead in Quetta on Monday",
        "Two soldiers gunned down outside a bank in Cali on Monday",
        "IED hits truck near Bankass on Monday: 4 KIA, 6 WIA.",
    ],
)
def test_those_who_are_hit_did_not_do_it(reader: Reader, text: str) -> None:
    mention = _only(reader, text)
    assert mention["killed_min"]
    assert mention["perpetrator"] is None


@pytest.mark.parametrize("case", SAYS)
def test_who_says_so_however_told(reader: Reader, case: str) -> None:
    text, who = SAYS[case]
    told = _only(reader, text)["reported_by"]
    assert isinstance(told, list)
    assert any(who in name for name in told)


@pytest.mark.parametrize("case", HOW)
def test_how_it_was_done_however_told(reader: Reader, case: str) -> None:
    text, kind = HOW[case]
    assert _only(reader, text)["sub_event_type"] == kind
