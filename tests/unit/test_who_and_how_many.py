"""Which group the counted people belong to, and how many of them: bodies of fighters, ranks, staff, ages, wounds and wards."""

from __future__ import annotations

import pytest

Row = tuple[str, str, int | None, int | None]
GROUPS: dict[str, tuple[str, list[Row]]] = {
    "members of a militia in quotation marks": (
        'Four members of the local "Falcons" militia were killed by a mine near Sirte on Monday.',
        [("killed", "combatant", 4, 4)],
    ),
    "men of a patrol": (
        "Three members of a river patrol were killed near Arauca on Monday.",
        [("killed", "combatant", 3, 3)],
    ),
    "members of a family are none": (
        "Three members of a policeman's family were shot dead near Arauca on Monday.",
        [("killed", "civilian", 3, 3)],
    ),
    "a private": ("A private was killed by a mine near Agdam on Monday.", [("killed", "combatant", 1, 1)]),
    "a rank in short": (
        "Sgt. Musa Bello was killed in an ambush near Gwoza on Monday.",
        [("killed", "combatant", 1, 1)],
    ),
    "an office without arms": ("Attorney General Luis Mora was murdered in Cali on Monday.", []),
    "an age told in years": (
        "A herder of 15 years was shot dead near Leer on Monday.",
        [("killed", "child", 1, 1)],
    ),
    "the staff of an agency that speaks": (
        "MSF said two of its drivers were killed near Bria on Monday.",
        [("killed", "humanitarian", 2, 2)],
    ),
    "a school that is called like an agency": (
        "A teacher of Ban Ngo school was shot dead near Yala on Monday.",
        [("killed", "civilian", 1, 1)],
    ),
    "a woman of a trade": (
        "Gunmen shot dead a lady health worker near Peshawar on Monday.",
        [("killed", "humanitarian", 1, 1), ("killed", "woman", 1, 1)],
    ),
    "a mother told of behind the number of her family": (
        "Four members of a family were killed in a raid on Hass on Monday.\n"
        "The mother and her three sons were killed at once.",
        [("killed", "civilian", 4, 4), ("killed", "woman", 1, 1)],
    ),
    "among those who died": (
        "At least four people died in a raid on Hass on Monday.\nA mother and her two children were among those who died.",
        [("killed", "child", 2, 2), ("killed", "woman", 1, 1)],
    ),
    "who are among the dead": (
        "At least ten people were killed near Barsalogho on Monday.\n"
        "Six civilians and four gendarmes who were escorting the convoy are among the dead.",
        [("killed", "civilian", 6, 6), ("killed", "combatant", 4, 4)],
    ),
    "parts of one group": (
        "Nine people were shot dead near Goma on Monday, including a medic and two nurses.",
        [("killed", "humanitarian", 3, 3)],
    ),
    "the parts of a part": (
        "Ten people, including three children, a boy and two girls, were killed near Goma on Monday.",
        [("killed", "child", 3, 3)],
    ),
    "a name with what its bearer is": (
        "Six people, including the reporter Luis Mora, were shot dead near Goma on Monday.",
        [("killed", "journalist", 1, 1)],
    ),
    "a list of trades": (
        "Gunmen killed a tax collector, a street vendor and two motorcycle taxi drivers near Goma on Monday.",
        [("killed", "civilian", 1, 1)],
    ),
    "volunteers who fight": (
        "Ranger Volunteer Somkid was killed by a mine near Yala on Monday.",
        [("killed", "combatant", 1, 1)],
    ),
    "a surname that is a trade": (
        "A retired judge, Jean Cadet, 67, was shot dead in Laboule on Monday.",
        [],
    ),
    "losses of a side": (
        "Rebels attacked a camp near Lere on Monday, leaving on the friendly side nine dead and 13 wounded.",
        [("injured", "combatant", 13, 13), ("killed", "combatant", 9, 9)],
    ),
    "four of their number": (
        "The militiamen lost four of their number in fighting near Relizane on Monday.",
        [("killed", "combatant", 4, 4)],
    ),
    "a leader and his men": (
        "Parad and five of his men were slain by marines near Maimbung on Monday.",
        [("killed", "combatant", 6, 6)],
    ),
    "all of them of one trade": (
        "Five people, all of them woodcutters, died when a mine went off near Treng on Monday.",
        [("killed", "civilian", 5, 5)],
    ),
    "an age behind a comma": (
        "A shell hit a house in Beit Lahiya on Monday; a man was killed and his son, 13, was injured.",
        [("injured", "child", 1, 1)],
    ),
    "a death after a wound": (
        "A constable who had been wounded in Friday's firing in Peshawar died on Monday.",
        [("killed", "combatant", 1, 1)],
    ),
    "who the victims were": (
        "Three people were beheaded near Macomia on Monday. The victims were two fishermen and a peasant.",
        [("killed", "civilian", 3, 3)],
    ),
    "either of two deaths": (
        "Twelve villagers, most of them women, were shot or hacked to death near Rumonge on Monday.",
        [("killed", "civilian", 12, 12), ("killed", "woman", 2, None)],
    ),
    "a firm number of one group after a vague one": (
        "Dozens of rebels were killed in air strikes near Taiz on Monday. The army said 28 rebels were killed in the strikes.",
        [("killed", "combatant", 28, 28)],
    ),
    "the losses of those who killed": (
        "The front reported the deaths of 20 soldiers near Afabet on Monday, as well as four of its own.",
        [("killed", "combatant", 24, 24)],
    ),
    "the age of somebody named": (
        "Samir Odeh, 14, was shot dead near Jenin on Monday.",
        [("killed", "child", 1, 1)],
    ),
    "attackers whom others killed": (
        "One policeman was killed and two attackers were gunned down in a clash near Ghazni on Monday.",
        [("killed", "combatant", 3, 3)],
    ),
    "a part of those who lost their lives": (
        "Eleven people, among them a ward administrator, lost their lives when rebels attacked Oicha on Monday.",
        [],
    ),
    "a gang that is called a clan": (
        "The army killed 15 members of the Gulf Clan near Turbo on Monday.",
        [("killed", "combatant", 15, 15)],
    ),
    "a deputy of an office": (
        "A drone killed Ihor Kozak, deputy head of the Beryslav council, on Monday.",
        [],
    ),
    "one's own beside those killed, and a rival number": (
        "The front said its men killed ten soldiers and lost one man at Aropa on Monday.",
        [("killed", "combatant", 11, 11)],
    ),
    "a trade of the faith in the plural": (
        "Gunmen killed three bishops near Wau on Monday.",
        [("killed", "civilian", 3, 3)],
    ),
}
COUNTS: dict[str, tuple[str, tuple[int | None, int | None]]] = {
    "another hurt on a day": ("A farmer was killed and another wounded Monday by a mine near Taiz.", (1, 1)),
    "an army's initials": ("A truck hit a mine near Bankass on Monday: 4 KIA, 6 WIA.", (4, 6)),
    "initials of a group": ("Four KIA fighters were killed near Laiza on Monday and six wounded.", (4, 6)),
    "treated for wounds": (
        "A shell killed two men in Donji Vakuf on Monday, and five people were being treated there for gunshot and knife wounds.",
        (2, 5),
    ),
    "in a coma": ("Two men were shot dead in Tame on Monday; a third is in a coma.", (2, 1)),
    "with a bullet in the arm": (
        "Two guards were shot dead at Zitlala on Monday and a third is in hospital with a bullet in the arm.",
        (2, 1),
    ),
    "one of the injured ways": ("Nine nurses were beaten or stabbed in Sinak on Monday.", (None, 9)),
    "those made prisoner": ("Eight soldiers were killed near Massabi on Monday, three made prisoner.", (8, None)),
    "off duty": ("A bomb killed two off-duty soldiers in Armagh on Monday.", (2, None)),
    "a pronoun with people of its own": (
        "A bomb went off in Theban on Monday, wounding him and his driver.",
        (None, 2),
    ),
    "bodies of men": ("Bullet-riddled bodies of four men were found dumped in Tootak on Monday.", (4, None)),
    "a name with a rank and his son": (
        "Gunmen shot dead the imam of the mosque, Ali Bakr, and his son in Kazan on Monday.",
        (2, None),
    ),
    "a number with an x": (
        "Rebels fired on a convoy near Lunsar on Monday; 2 x Kenyan soldiers were killed.",
        (2, None),
    ),
    "shot at": ("Gunmen burst into a bar in Leon on Monday and shot at customers; seven people died.", (7, None)),
    "a fourth": ("A mine wrecked a van in Hama on Monday, killing three sisters and maiming a fourth.", (3, 1)),
    "left injured, commas lost": (
        "Monday's raid on Kunduz killed 31 people and left six people injured Dawn News agency said.",
        (31, 6),
    ),
    "another number, commas lost": (
        "At least 19 guards were killed 40 were wounded by a blast in Kandahar on Monday.",
        (None, 40),
    ),
    "hurt, the verb left out": ("Two men were killed and five hurt in a blast in Quetta on Monday.", (2, 5)),
    "kin hurt, the verb left out": (
        "A woman was killed and her two daughters hurt when a shell hit their house in Poonch on Monday.",
        (1, 2),
    ),
    "somebody hurts": ("Rebels hurt three policemen in a raid on Gao on Monday.", (None, 3)),
    "so many dead, after a preposition": ("A blast in Gao on Monday resulted in 11 dead and 22 wounded.", (11, 22)),
    "losses put at": ("The army put its losses at 11 dead and 22 wounded in fighting near Gao on Monday.", (11, 22)),
    "kin that a witness mourns": (
        '"My brother and my two sons died," said Omar. Sunday\'s strike on Rafah killed 22 people, medics said.',
        (22, None),
    ),
    "nothing but kin": ('"They killed my two sons," said Aisha, 40, after Monday\'s raid on Rafah.', (2, None)),
    "things destroyed": (
        "A raid near Homs on Monday killed six men while destroying two tanks and seven all-terrain vehicles.",
        (6, None),
    ),
    "nations told apart behind a dash": (
        "Five observers – three Finns and two Ghanaians – were killed by a mine near Tyre on Monday.",
        (5, None),
    ),
    "nobody, then somebody": (
        "Two shells fell on Abs on Monday. The first killed nobody; the second killed a nun and three pupils.",
        (4, None),
    ),
    "hit, and dead on the way": (
        "A welder was hit in the neck by shrapnel near Misrata on Monday and died on the way to hospital.",
        (1, None),
    ),
    "dead, and others with wounds": (
        "Rebels fired on a lorry near Maringue on Monday, leaving one person dead and eight more with gunshot wounds.",
        (1, 8),
    ),
    "fatally wounded": ("Two guards were fatally wounded by a grenade in Baga on Monday.", (2, None)),
    "all of them left dead": ("A strike near Tyre on Monday left two Amal men and a Syrian worker dead.", (3, None)),
    "a list among others": (
        "Three ministers and the king's brother were among 20 people shot dead in Menaka on Monday.",
        (20, None),
    ),
    "losses that amount to": (
        "Cuban casualties at Cangamba on Monday amounted to 18 dead and 27 wounded.",
        (18, 27),
    ),
    "somebody of somebody": (
        "Insurgents killed the Russian consul's bodyguard and two guards in Zubayr on Monday.",
        (3, None),
    ),
    "a rank with a hyphen": ("Gunmen shot dead Major-General Issa Khouli in Rukn on Monday.", (1, None)),
    "words in quotation marks": (
        'The Taliban said 38 "crusader" troops perished at Gardez on Monday.',
        (38, None),
    ),
    "a crew of so many": ("Rebels shot down a plane near Homs on Monday, killing its crew of four.", (4, None)),
    "bodies of those taken": (
        "The bodies of 17 soldiers who had been kidnapped by militants were found in Kunar on Monday.",
        (17, None),
    ),
    "some of whom": ("Guards at a mine in Geita opened fire on intruders on Monday, four of whom died.", (4, None)),
    "some of them behind a colon": (
        "The army repulsed the raiders at Cyangugu on Monday: 11 of them were killed, one was captured.",
        (11, None),
    ),
    "a leader by name": (
        "Clashes in Saida on Monday killed a Fatah commander, Omar Armoushi, and four of his escorts.",
        (5, None),
    ),
    "killed or captured": ("The rebels said they had killed or captured 60 soldiers at Tongo on Monday.", (None, None)),
    "in all": ("In all 33 people were massacred in Datta on Monday.", (33, None)),
    "a man and his son": (
        "Soldiers shot dead two villagers, a man aged 45 and his son, near Papun on Monday.",
        (2, None),
    ),
    "one fatality": (
        "There was one fatality – a British tourist – in an explosion in Marmaris on Monday, and 21 injured.",
        (1, 21),
    ),
    "two of two kinds": (
        "Two Danes – a soldier and an interpreter – died in an ambush at Sangin on Monday.",
        (2, None),
    ),
    "a family, and who tells of it": (
        "In Karada, south of Kirkuk, a man, his wife and their four children died on Monday, Kirkuk's mayor said.",
        (6, None),
    ),
    "ages in words and numbers": (
        "Two brothers, aged nine and 12, were killed by a shell in Benghazi on Monday.",
        (2, None),
    ),
    "taken in a critical condition": (
        "Four people were killed in a raid on Hass on Monday, while a man was taken in a critical condition to a hospital.",
        (4, 1),
    ),
    "a hospital that is called after martyrs": (
        "Five people were killed in a raid on Rafah on Monday and taken to Al-Aqsa Martyrs Hospital.",
        (5, None),
    ),
    "somebody by what he was": ("Gunmen shot dead a former Ikhwan at his home in Tahab on Monday.", (1, None)),
    "some more of those among them": (
        "Nine villagers, among them the chief and his three sons, were shot dead near Goma on Monday.",
        (9, None),
    ),
    "several with a verb of their own": (
        "Ten soldiers were killed and several wounded near Goma on Monday.",
        (10, None),
    ),
    "a source where the commas are lost": (
        "At least 20 people were killed on Monday in blasts in the cities of Homs and Hama a security source in Beirut told AFP.",
        (None, None),
    ),
    "a body with wounds": ("Residents found the body of a man with bullet wounds near Zliten on Monday.", (1, None)),
    "killing her": ("A bullet struck a nun in Bria on Monday, killing her instantly.", (1, None)),
}


@pytest.mark.parametrize("name", GROUPS)
def test_the_group_of_the_victims(read_article, name: str) -> None:
    text, expected = GROUPS[name]
    rows = [(v["outcome"], v["group"], v["min"], v["max"]) for m in read_article(text).mentions for v in m["victims"]]
    assert rows == expected


@pytest.mark.parametrize("name", COUNTS)
def test_the_number_of_the_victims(read_article, name: str) -> None:
    text, expected = COUNTS[name]
    (mention,) = read_article(text).mentions
    assert (mention["killed_max"], mention["injured_max"]) == expected


@pytest.mark.parametrize(
    "text",
    [
        "In March 761 people were killed in Iraq, the ministry said.",
        "The fighting in Tripoli, now in its second month, has left 432 dead.",
        "Two children died of measles in a shelter near Dinsoor on Monday.",
        "The two sides exchanged 64 prisoners on Monday.",
    ],
)
def test_no_incident_of_a_month_or_a_disease(read_article, text: str) -> None:
    assert read_article(text).mentions == []
