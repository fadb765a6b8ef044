"""Who did it: agents in every voice, claims, suspicion, denial; victims are never the perpetrator."""

from __future__ import annotations

import pytest

from tasks.extract.actors import ActorContext, find_actors
from tasks.extract.perpetrators import claim_in, find_perpetrator, merge_perpetrators
from tasks.extract.predicates import find_predicates
from tasks.extract.spans import Perpetrator
from tests.unit.conftest import Parse


def perpetrator(parse: Parse, text: str, home: str | None = None) -> Perpetrator | None:
    doc = parse(text)
    anchors = find_predicates(doc)
    anchor = doc[min(anchors)] if anchors else doc[:1].sent.root
    return find_perpetrator(doc[:], anchor, find_actors(doc, ActorContext(home)))


def who(parse: Parse, text: str, home: str | None = None) -> tuple[str, str] | None:
    found = perpetrator(parse, text, home)
    return (found.canonical, found.status) if found else None


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("Gunmen opened fire on a minibus near Quetta and killed nine passengers.", "gunmen"),
        ("Three people were shot dead by Israeli troops at a checkpoint.", "Israeli troops"),
        ("Two women were killed in Ukrainian shelling of Donetsk.", "Ukraine"),
        ("Saudi-led coalition air strikes killed 14 civilians in Saada.", "Saudi-led coalition"),
        ("The RSF shelled a market in Omdurman, killing 54 people.", "Rapid Support Forces (RSF)"),
        ("At least 40 died in an air strike by the Sudanese army on Nyala.", "Sudanese army"),
        ("Rebel rockets killed five children on Friday.", "rebels"),
        ("Malian soldiers and mercenaries executed 30 herders.", "Malian soldiers"),
        ("A policeman was murdered by members of the FMLN.", "Farabundo Marti National Liberation Front (FMLN)"),
        ("Six farmers were killed when guerrillas dynamited the road.", "guerrillas"),
        ("Turkish Army Kills 12 PKK Militants in Hakkari", "Turkish army"),
        ("A Russian Iskander missile hit a hotel in Pokrovsk, killing nine people.", "Russia"),
        (
            "Eight villagers were killed by a mortar shell fired from Bosnian Serb positions.",
            "Bosnian Serb forces (Bosnian Serb army, Bosnian Serbs)",
        ),
        ("Five farmers were shot dead by two men on a motorbike.", "men on a motorbike"),
        ("Militiamen armed with clubs killed hundreds of refugees at a parish in Cyangugu.", "militia"),
        (
            "The mortar round that killed two patients came from Rwandan Patriotic Front lines.",
            "Rwandan Patriotic Front (RPF)",
        ),
        ("Men in hunters' dress killed nine herders near Bankass.", "men in hunters' dress"),
        ("Nine patients died in the shelling of the army on Monday.", "army"),
        ("Six pilgrims were shot dead after gunmen halted their bus near Mastung.", "gunmen"),
        ("Gunmen in a pickup opened fire at a checkpoint, wounding four.", "gunmen"),
        ("The bandits, it was learnt, also whisked away nine traders.", "bandits"),
        ("Fano fighters abducted and later killed the mayor.", "Fano"),
        ("Two died when the rebels detonated by remote control a bomb hidden in a cart.", "rebels"),
        ("The student was led away by men in masks.", "men in masks"),
        ("Three huts were set ablaze by men dressed as Dozo hunters, killing a child.", "men dressed as Dozo hunters"),
        ("Army artillery fell on a school in Vanni, wounding six pupils.", "army"),
        (
            "The shells that killed nine came from positions held by the Rapid Support Forces.",
            "Rapid Support Forces (RSF)",
        ),
        ("Two rockets fired from a rebel-held area killed a nurse.", "rebels"),
        ("A boy was wounded by machine-gun fire from an Israeli post.", "Israel"),
        ("U.S.-led forces killed four people near Falluja.", "US-led coalition"),
        (
            "Naxals triggered a blast that killed ten policemen.",
            "Communist Party of India-Maoist (Maoists, Naxalites, Naxals, Naxal)",
        ),
        (
            "LTTE cadres shelled a hospital, killing eight patients.",
            "Liberation Tigers of Tamil Eelam (LTTE, Tamil Tigers, Tamil rebels)",
        ),
        ("Five Maoists were gunned down in an encounter with Indian security forces.", "Indian security forces"),
        ("NINE CIVILIANS KILLED BY ARMY TROOPS IN COBAN", "army"),
        ("Nine power station workers, seized by masked gunmen near Gudermes, were killed.", "masked gunmen"),
        ("Russian attacks on eastern Ukraine killed seven people.", "Russia"),
        ("Israeli strikes on southern Lebanon killed three people.", "Israel"),
        (
            "A platoon of the 10th Front of the FARC attacked a post, killing three officers.",
            "Revolutionary Armed Forces of Colombia (FARC)",
        ),
        ("The Arakan Army fell upon a column of soldiers and killed eight of them.", "Arakan Army (AA)"),
        ("Rebels captured two soldiers after the ambush that killed nine.", "rebels"),
        ("Near Eldoret, Kipsigis youths killed 30 villagers.", "Kipsigis youths"),
        ("Four policemen were killed when one of their colleagues opened fire on them.", "colleagues"),
        ("Three alleged thieves were lynched by residents.", "residents"),
        ("A Palestinian man opened fire at a bus stop, injuring three people.", "Palestinian man"),
    ],
)
def test_agents_in_every_voice(parse: Parse, text: str, canonical: str) -> None:
    assert who(parse, text) == (canonical, "stated")


@pytest.mark.parametrize(
    ("text", "home", "expected"),
    [
        ("IS fighters were killed in a government air strike near Kirkuk.", "IQ", "Iraqi government forces"),
        ("Troops killed 20 Boko Haram terrorists in Borno.", "NG", "Nigerian troops"),
        ("A roadside bomb killed three soldiers.", "AF", None),
        ("Four rebels were killed on Tuesday.", "CO", None),
        ("Air strikes in northern Yemen have killed nine people.", "YE", None),
        ("Seven dead as Ukrainian army helicopter shot down near Luhansk", "UA", None),
        ("Unknown persons shot dead a headmaster in Bara on Monday.", "PK", None),
        ("A suicide bomber killed 12 people at a mosque.", "PK", None),
        ("An attack on Taliban positions left six dead.", "AF", None),
        ("A ward administrator appointed by the junta was stabbed to death in Mandalay.", "MM", None),
        ("Two coalitions airstrikes hit a camp, killing nine.", "YE", "coalition"),
    ],
)
def test_victims_and_lone_bombers_are_nobody(parse: Parse, text: str, home: str, expected: str | None) -> None:
    found = who(parse, text, home)
    assert (found[0] if found else None) == expected


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("Suspected Maoist rebels killed four policemen.", "Maoists"),
        ("Officials blamed Boko Haram for the attack that killed 15 villagers.", "Boko Haram"),
        (
            "The governor accused the ELN of killing two teachers.",
            "National Liberation Army (ELN, Army of National Liberation)",
        ),
        (
            "Two policemen died in a car bomb blamed on ETA.",
            "Basque Fatherland and Liberty (ETA, Basque Homeland and Freedom)",
        ),
        ("The ADF is suspected of killing 14 villagers.", "Allied Democratic Forces (ADF, ISCAP)"),
        ("Nine shoppers were killed by a car bomb; PKK blamed", "Kurdistan Workers' Party (PKK)"),
        ("The bombing, which killed six, was likely carried out by al-Qaeda.", "al-Qaeda"),
    ],
)
def test_hedges_make_it_suspected(parse: Parse, text: str, canonical: str) -> None:
    assert who(parse, text) == (canonical, "suspected")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("The bombing, which killed six, was claimed by the Taliban.", "Taliban"),
        ("The army said it killed 12 militants in Borno.", "army"),
        ("Hamas said its fighters killed three soldiers.", "Hamas"),
        ("The Chadian army announced that an air strike had killed 20 militants.", "Chadian army"),
        ("A Taliban spokesman, Ahmad Zia, claimed responsibility for killing the mayor.", "Taliban"),
        ("Al-Shabaab accepted responsibility for the attack that killed nine.", "Al-Shabaab (al-Shabab, Shebab)"),
        ("The Ugandan army said helicopter gunships killed 16 people near Aromo.", "Ugandan army"),
        (
            "Colombia's FARC said its rebels seized the town, killing 60 soldiers.",
            "Revolutionary Armed Forces of Colombia (FARC)",
        ),
        ("Turkish jets killed nine fighters, the Turkish military said.", "Turkey"),
    ],
)
def test_the_actors_own_word_is_a_claim(parse: Parse, text: str, canonical: str) -> None:
    assert who(parse, text) == (canonical, "claimed")


@pytest.mark.parametrize(
    "text",
    [
        "Ukraine's air force said it had shot down 11 of 14 drones and three people died.",
        "The strikes that killed nine came in response to a rebel offensive.",
        "Nobody owned up to the blast that killed six but the Taliban has carried out similar attacks.",
        "A raid on a quarter controlled by rebels killed five children.",
        "A bomb in northwest Pakistan killed three people.",
        "An operation of the military hospital saved two of the nine hurt.",
        "Nine were let go and two were killed.",
    ],
)
def test_who_is_named_beside_the_act_did_not_do_it(parse: Parse, text: str) -> None:
    assert who(parse, text) is None


def test_denial_is_kept_beside_the_name(parse: Parse) -> None:
    found = perpetrator(parse, "Russia denied bombing the hospital, where 20 people died.")
    assert found is not None
    assert (found.canonical, found.denied) == ("Russia", True)


def test_follow_up_claims(parse: Parse) -> None:
    def claim(text: str) -> tuple[str, str] | None:
        doc = parse(text)
        found = claim_in(doc[:], find_actors(doc))
        return (found.canonical, found.status) if found else None

    assert claim("Islamic State later claimed responsibility for that ambush.") == (
        "Islamic State (IS, ISIS, ISIL, Daesh)",
        "claimed",
    )
    assert claim("The blast bore the hallmarks of al-Shabab.") == ("Al-Shabaab (al-Shabab, Shebab)", "suspected")
    for text, group, status in (
        ("Police suspect the hand of Boko Haram.", "Boko Haram", "suspected"),
        ("Officials said Boko Haram had a hand in the attack.", "Boko Haram", "suspected"),
        ("The army pointed the finger at Boko Haram.", "Boko Haram", "suspected"),
        ("Suspicion fell on Boko Haram.", "Boko Haram", "suspected"),
        ("Boko Haram's radio said the group's commandos had carried out the killing.", "Boko Haram", "claimed"),
        (
            "Boko Haram said in a statement posted online that one of its members carried out the attack.",
            "Boko Haram",
            "claimed",
        ),
        (
            "A caller claiming to speak for Boko Haram told this newspaper that the shooting was a reply.",
            "Boko Haram",
            "claimed",
        ),
    ):
        assert claim(text) == (group, status)
    assert claim("The Kurdistan Workers' Party is held responsible.") == ("Kurdistan Workers' Party (PKK)", "suspected")
    assert claim("Residents said the assailants were members of a militia, the Koglweogo.") == (
        "Koglweogo",
        "suspected",
    )
    assert claim("No group claimed responsibility.") is None
    assert claim("The Taliban have claimed several attacks in the past.") is None


def test_the_groups_own_word_means_the_group_named_before(parse: Parse) -> None:
    earlier = find_actors(parse("Al-Shabab fighters raided the base on Friday."))
    doc = parse("The group said it had killed 61 soldiers.")
    found = find_perpetrator(doc[:], doc[5], find_actors(doc), earlier)
    assert found is not None
    assert (found.canonical, found.status, found.text) == ("Al-Shabaab (al-Shabab, Shebab)", "claimed", "group")
    follow_up = parse("The group claimed responsibility for the attack.")
    claim = claim_in(follow_up[:], [], earlier)
    assert claim is not None
    assert claim.canonical == "Al-Shabaab (al-Shabab, Shebab)"
    assert claim_in(follow_up[:], []) is None


def test_a_name_takes_the_place_of_a_noun_and_a_claim_sets_the_status(parse: Parse) -> None:
    lead = perpetrator(parse, "Gunmen stormed a hotel, killing seven guests.")
    later = perpetrator(parse, "Al-Shabab claimed responsibility for the attack.")
    assert lead is not None
    assert later is not None
    merged = merge_perpetrators([lead, later])
    assert merged is not None
    assert (merged.canonical, merged.status) == ("Al-Shabaab (al-Shabab, Shebab)", "claimed")
    assert merge_perpetrators([]) is None
