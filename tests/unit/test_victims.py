"""Who the victims of an incident were, in the words of many wars: one row an outcome and group, the dead of both sides together."""

from __future__ import annotations

import pytest

Row = tuple[str, str, int | None, int | None]
TEXTS: dict[str, tuple[str, list[Row]]] = {
    "a name with its age": (
        "Meanwhile 13-year-old Tariq Anwar, who had been hit by pellets, died in hospital in Srinagar on Monday.",
        [("killed", "child", 1, 1)],
    ),
    "a trade with its age": (
        "A 9-year-old passer-by was killed by falling debris in Cali on Monday.",
        [("killed", "child", 1, 1)],
    ),
    "a second singular without an article": (
        "Fourteen people, a woman and child among them, died when a mortar hit a ferry in Goma on Monday.",
        [("killed", "child", 1, 1), ("killed", "woman", 1, 1)],
    ),
    "also among those killed": (
        "A boy was also among at least 19 people slain by a car bomb in Baidoa on Monday.",
        [("killed", "child", 1, 1)],
    ),
    "among the dead and wounded": (
        "Shells hit Stepanakert on Monday, leaving three dead and six hurt. Women were among the dead and wounded.",
        [("injured", "woman", 2, None), ("killed", "woman", 2, None)],
    ),
    "them of this sentence": (
        "One man died in Nikopol on Monday. Sixteen people were hurt, two of them girls.",
        [("injured", "child", 2, 2)],
    ),
    "those attacked, of whom some are counted": (
        "Gunmen opened fire at farmers near Kutum on Monday, killing one and injuring two.",
        [("injured", "civilian", 2, 2), ("killed", "civilian", 1, 1)],
    ),
    "soldiers ambushed": (
        "Rebels ambushed soldiers near Beni on Monday, killing six and wounding four.",
        [("injured", "combatant", 4, 4), ("killed", "combatant", 6, 6)],
    ),
    "people in a place attacked are not those attacked": (
        "Rebels attacked a post of soldiers near Beni on Monday, killing six people.",
        [],
    ),
    "members of a group in quotation marks": (
        'No fewer than 41 members of the "Islamic State" organisation died in fighting near Gao on Monday.',
        [("killed", "combatant", 41, None)],
    ),
    "members and commanders of a group": (
        "Soldiers killed 17 members and commanders of the Islamic State near Gao on Monday.",
        [("killed", "combatant", 17, 17)],
    ),
    "a commander with his men": (
        "Near Goma on Monday the army killed a rebel colonel as well as nine of his escort.",
        [("killed", "combatant", 10, 10)],
    ),
    "those killed for a loss": (
        "The guerrillas said they had killed ten for the loss of one fighter near Kan Thar on Monday.",
        [("killed", "combatant", 11, 11)],
    ),
    "losses of the other side told later": (
        "At least 26 militants died in fighting near Kirkuk on Monday. The Peshmerga also lost four men in the battle.",
        [("killed", "combatant", 30, None)],
    ),
    "losses of the same side told later": (
        "Militants killed 22 soldiers at a base near Gao on Monday. The army lost four officers at the base.",
        [("killed", "combatant", 22, 22)],
    ),
    "soldiers and gendarmes are of one group": (
        "Sixteen soldiers and gendarmes died in an ambush near Timbuktu on Monday.",
        [("killed", "combatant", 16, 16)],
    ),
    "those abducted": (
        "Gunmen kidnapped an army captain and his two bodyguards near Hawija on Monday.",
        [("abducted", "combatant", 3, 3)],
    ),
    "those rounded up and driven off": (
        "Gunmen rounded up dozens of employees of a ministry in Baghdad on Monday and drove off with them.",
        [("abducted", "civilian", 24, None)],
    ),
    "those missing": (
        "An ambush near Gubio killed nine soldiers on Monday, with 27 others declared missing.",
        [("killed", "combatant", 9, 9), ("missing", "combatant", 27, 27)],
    ),
    "kin of no stated group": (
        "A mine killed two brothers near Marib on Monday.",
        [],
    ),
    "fighters who fell": (
        "At least nine soldiers fell, the local staff said, when guerrillas attacked a post near Puerto Rico on Monday.",
        [("killed", "combatant", 9, None)],
    ),
    "taken off a bus and shot": (
        "Nine labourers were taken off a bus near Mach on Monday and shot dead from close range.",
        [("killed", "civilian", 9, 9)],
    ),
    "the bodies of missing people": (
        "The bodies of two missing political activists were found near Gwadar on Monday.",
        [("killed", "civilian", 2, 2)],
    ),
    "losses in numbers alone": (
        "The losses of the army near Aghdam on Monday were four killed and nine wounded.",
        [("injured", "combatant", 9, 9), ("killed", "combatant", 4, 4)],
    ),
    "ages in words": (
        "A mine near Baidoa on Monday killed a girl, and her two brothers, aged nine and four, were injured.",
        [("injured", "child", 2, 2), ("killed", "child", 1, 1)],
    ),
    "two kinds of one side beside the other's dead": (
        "On Sunday 22 rebels were killed in Tamghas. Four soldiers and two policemen died in the exchange of fire.",
        [("killed", "combatant", 28, 28)],
    ),
    "some of the kidnapped": (
        "Rebels killed two people at a mission near Pader on Monday. Among the kidnapped are three girls.",
        [("abducted", "child", 3, 3)],
    ),
    "a third of the same group": (
        "Two civil guards died and a third lost both legs when a car bomb exploded in Zarautz on Monday.",
        [("injured", "combatant", 1, 1), ("killed", "combatant", 2, 2)],
    ),
    "an officer along with his wife": (
        "An officer was gunned down along with his wife in Quetta on Monday.",
        [("killed", "combatant", 1, 1), ("killed", "woman", 1, 1)],
    ),
    "the wounded of a patrol are fighters as its dead are": (
        "Rebels ambushed a patrol near Lashkar Gah on Monday, killing eight officers and wounding five.",
        [("injured", "combatant", 5, 5), ("killed", "combatant", 8, 8)],
    ),
    "the wounded beside dead villagers are not called civilians": (
        "Three villagers died and seven others were injured when a mine exploded near Marib on Monday.",
        [("killed", "civilian", 3, 3)],
    ),
    "small sons are children": (
        "A landmine killed a woman and her two small sons near Baidoa on Tuesday.",
        [("killed", "child", 2, 2), ("killed", "woman", 1, 1)],
    ),
    "an age behind the noun": (
        "Nine people, four of them novice monks under 15, were killed when jets bombed Loikaw on Monday.",
        [("killed", "child", 4, 4)],
    ),
    "a displaced woman is a civilian too": (
        "A displaced woman was killed when a mine exploded in Nyala on Monday.",
        [("killed", "civilian", 1, 1), ("killed", "woman", 1, 1)],
    ),
    "other civilians make the first one a civilian": (
        "A girl was killed and three other civilians were wounded by shelling in Kherson on Monday.",
        [("injured", "civilian", 3, 3), ("killed", "child", 1, 1), ("killed", "civilian", 1, 1)],
    ),
    "members of a family": (
        "Five members of one family, including three children, were killed when a rocket hit a house in Tajoura on Monday.",
        [("killed", "child", 3, 3), ("killed", "civilian", 5, 5)],
    ),
    "an army's own losses are added": (
        "The army said it had killed 15 insurgents near Diffa on Monday, while losing two of its own.",
        [("killed", "combatant", 17, 17)],
    ),
    "the assailants' dead of the next sentence are added": (
        "Two soldiers died in an ambush near Bastar on Monday. Twenty assailants were killed in the counter-attack.",
        [("killed", "combatant", 22, 22)],
    ),
    "the soldier of a shoot-out with a gang is added": (
        "Troops shot dead six suspected gang members outside Culiacan on Monday. One soldier also died.",
        [("killed", "combatant", 7, 7)],
    ),
    "parts told of the dead before": (
        "A mortar killed nine people in Stepanakert on Monday. Two of the dead were a brother and sister aged 7 and 11.",
        [("killed", "child", 2, 2)],
    ),
    "all of the dead": (
        "A rocket killed nine people in Nikopol on Monday. The victims were all civilians, the governor said.",
        [("killed", "civilian", 9, 9)],
    ),
    "all those killed": (
        "A rocket killed nine people in Nikopol on Monday. All those killed were villagers, the governor said.",
        [("killed", "civilian", 9, 9)],
    ),
    "the rest of the dead": (
        "At least 22 people, six of them civilians, died in strikes on Mosul on Monday. The rest of the dead were militants.",
        [("killed", "civilian", 6, 6), ("killed", "combatant", 16, None)],
    ),
    "them in the same sentence": (
        "Gunmen attacked villagers near Jos on Monday, killing 12 of them and wounding others.",
        [("killed", "civilian", 12, 12)],
    ),
    "them are no more than they were": (
        "Militants attacked a bus near Jos on Monday and killed five of them.",
        [],
    ),
    "some of them included": (
        "Seven people, two policemen included, were injured by a bomb in Jalalabad on Monday.",
        [("injured", "combatant", 2, 2)],
    ),
    "the bodies of some": (
        "Officials counted 22 bodies, including those of three elderly women, in the burned village of Tori on Monday.",
        [("killed", "woman", 3, 3)],
    ),
    "volunteers under arms": (
        "Two armed village volunteers were killed in an ambush near Jiribam on Monday.",
        [("killed", "combatant", 2, 2)],
    ),
    "ages of the dead": (
        "A mortar round hit a yard in Taiz on Monday. Doctors said the six dead, aged 5 to 12, were brought in at noon.",
        [("killed", "child", 6, 6)],
    ),
    "ages in years": (
        "A shell hit a school in Donetsk on Monday, killing eight pupils between 9 and 13 years old.",
        [("killed", "child", 8, 8)],
    ),
    "what is told of the dead now": (
        "Shelling killed five people in Donetsk on Monday. There are many women and children among those killed.",
        [("killed", "child", 2, None), ("killed", "woman", 2, None)],
    ),
    "women or children have no share of their own": (
        "A mortar killed nine people in Stepanakert on Monday. Seven of the dead were women or children.",
        [],
    ),
    "most of them": (
        "Eleven civilians, most of them women and children, were killed by a bomb in Mosul on Monday.",
        [("killed", "child", 2, None), ("killed", "civilian", 11, 11), ("killed", "woman", 2, None)],
    ),
    "all of them": (
        "Gunmen killed nine people in Bunia on Monday, all civilians.",
        [("killed", "civilian", 9, 9)],
    ),
    "a share of the dead": (
        "Of the 19 people killed in a raid on Sabratha on Monday, seven were children.",
        [("killed", "child", 7, 7)],
    ),
    "women and children who share a number": (
        "Mortar fire killed eleven people, including dozens of women and children, at a camp near Goma on Monday.",
        [("killed", "child", 2, None), ("killed", "woman", 2, None)],
    ),
    "mostly women and children": (
        "An air strike killed more than 60 mostly women and children in Taiz on Friday.",
        [("killed", "child", 2, None), ("killed", "woman", 2, None)],
    ),
    "both fighters and civilians": (
        "A drone strike killed at least nine people both fighters and civilians in Marib on Monday.",
        [("killed", "civilian", 2, None), ("killed", "combatant", 2, None)],
    ),
    "fighters of two armies under one number": (
        "At least 40 government and opposition soldiers died in clashes near Juba on Monday.",
        [("killed", "combatant", 40, None)],
    ),
    "among them, without a comma": (
        "An air raid on Tuesday killed 24 villagers among them nine children in Kunduz.",
        [("killed", "child", 9, 9), ("killed", "civilian", 24, 24)],
    ),
    "a commander's comrades": (
        "A drone strike near Ghazni on Monday killed the rebel commander Mullah Nasim and four of his comrades.",
        [("killed", "combatant", 5, 5)],
    ),
    "bodies of people": (
        "At least 40 bodies of villagers were found in a well near Bambari on Monday.",
        [("killed", "civilian", 40, None)],
    ),
    "the same dead told twice in a sentence": (
        "Nine villagers were killed on Monday when jets bombed Gedeb, killing nine villagers, most of them women.",
        [("killed", "civilian", 9, 9), ("killed", "woman", 2, None)],
    ),
    "more who were among the dead": (
        "Shelling killed 43 people in Tskhinvali on Monday. Three nurses were among the dead along with women and children.",
        [("killed", "child", 2, None), ("killed", "humanitarian", 3, 3), ("killed", "woman", 2, None)],
    ),
    "a wife in a list": (
        "A man, his wife and their three children were killed when a shell hit their house in Aden on Friday.",
        [("killed", "child", 3, 3), ("killed", "woman", 1, 1)],
    ),
    "dozens of women and children hurt": (
        "A shell killed five people and injured dozens of women and children in Sloviansk on Friday.",
        [("injured", "child", 2, None), ("injured", "woman", 2, None)],
    ),
    "attackers whom others killed": (
        "Police shot dead three attackers in Basra on Friday.",
        [("killed", "combatant", 3, 3)],
    ),
    "hurt first and then dead": (
        "A girl was hit by gunfire in Enugu on Friday. Neighbours drove the girl to a clinic, where she died at night.",
        [("killed", "child", 1, 1)],
    ),
    "somebody's own, left wounded": (
        "An ambush in Buea left a ten-year-old boy dead and his mother wounded on Sunday.",
        [("injured", "woman", 1, 1), ("killed", "child", 1, 1)],
    ),
    "numbers of": (
        "Numbers of insurgents were killed in the clashes near Maiduguri on Friday.",
        [("killed", "combatant", 2, None)],
    ),
    "symptoms of gas": (
        "In a gas attack near Halabja on Friday at least 30 Kurdish soldiers suffered symptoms such as vomiting.",
        [("injured", "combatant", 30, None)],
    ),
    "most of the dead": (
        "A raid on Hass killed 22 people on Wednesday. Most of the dead were children, doctors said.",
        [("killed", "child", 2, None)],
    ),
    "dead and wounded fighters": (
        "The militia left behind dozens of dead and wounded fighters near Mekelle on Monday.",
        [("injured", "combatant", 24, None), ("killed", "combatant", 24, None)],
    ),
    "a woman stoned by an armed group": (
        "In Kunduz on Friday a widow - whom the group had condemned for sorcery - was stoned to death.",
        [("killed", "woman", 1, 1)],
    ),
    "two in apposition": (
        "A drone in Shebekino on Friday wounded two people, a guard of the plant and a 12-year-old boy.",
        [("injured", "child", 1, 1), ("injured", "combatant", 1, 1)],
    ),
    "a driver of an aid agency": (
        "A driver of an aid agency was shot dead near Kuajok on Friday.",
        [("killed", "humanitarian", 1, 1)],
    ),
    "two groups among the dead": (
        "A raid killed 48 people in Douma on Thursday. Nine women and 21 rebels from a nearby camp were among the dead.",
        [("killed", "combatant", 21, 21), ("killed", "woman", 9, 9)],
    ),
    "dozens, mostly women": (
        "Dozens mostly women and infants died on Friday when a rocket set fire to a clinic in Taiz.",
        [("killed", "child", 2, None), ("killed", "woman", 2, None)],
    ),
    "parts of a total of civilians": (
        "Six villagers were killed in rocket attacks on several quarters of Gao on Thursday. Two people were killed by a "
        "rocket in the Sosso quarter. Another rocket on the Chateau quarter killed four people.",
        [("killed", "civilian", 2, 2), ("killed", "civilian", 4, 4)],
    ),
    "some of them": (
        "Nine people were killed in Goma on Friday. Three of them were children.",
        [("killed", "child", 3, 3)],
    ),
    "among them": (
        "A bomb killed nine people in Goma on Friday. Among them were two nurses and a boy.",
        [("killed", "child", 1, 1), ("killed", "humanitarian", 2, 2)],
    ),
    "they included": (
        "Twelve people were wounded in Goma on Friday. They included three women.",
        [("injured", "woman", 3, 3)],
    ),
    "fighters and a civilian": (
        "Three soldiers, two of them officers, and a civilian driver were killed near Cali on Friday.",
        [("killed", "civilian", 1, 1), ("killed", "combatant", 3, 3)],
    ),
    "how badly": (
        "The attack wounded nine soldiers, three seriously, near Cali on Friday.",
        [("injured", "combatant", 9, 9)],
    ),
    "a bare number including": (
        "The raid killed 14 including six children in Saada on Friday.",
        [("killed", "child", 6, 6)],
    ),
    "armed groups by name": (
        "Two Naxals were gunned down in a gunfight in Sukma on Monday.",
        [("killed", "combatant", 2, 2)],
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_victims_of_an_incident(read_article, name: str) -> None:
    text, expected = TEXTS[name]
    mentions = read_article(text).mentions
    rows = [(v["outcome"], v["group"], v["min"], v["max"]) for m in mentions for v in m["victims"]]
    assert rows == expected
