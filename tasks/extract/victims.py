"""Tells who the counted people are: the codebook's groups through the nouns of the trade."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from tasks.extract import lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tasks.extract.parsed import Token

# Years at which the codebook's children end.
OF_AGE: Final = 18


@cache
def _nouns() -> dict[str, Any]:
    data = lexicon.load("victims")
    group_of = {noun: group for group, nouns in data["groups"].items() for noun in nouns}
    compound_of = {tuple(c.split()): group for group, names in data["compounds"].items() for c in names}
    trades = {form for word in data["trades"]["words"] for form in (word, _plural(word))}
    persons = (
        trades
        | set(group_of)
        | set(data["plain"]["words"])
        | set(data["members"]["words"])
        | set(data["plain"]["attackers"])
    )
    return {
        "group_of": group_of,
        "compound_of": compound_of,
        "persons": frozenset(persons),
        "members": frozenset(data["members"]["words"]),
        "attackers": frozenset(data["plain"]["attackers"]),
        "compound_heads": frozenset(c[-1] for c in compound_of),
        "sides": {side: frozenset(nouns) for side, nouns in data["sides"].items()},
        "young": frozenset(data["ages"]["young"]),
        "kin": frozenset(data["ages"]["kin"]),
        "ages": frozenset(data["ages"]["below_18"]),
        "makes_civilian": frozenset(data["second"]["civilian"]),
        "arms": frozenset(data["second"]["arms"]),
        "makes_woman": frozenset(data["second"]["woman"]),
        "armed_bodies": frozenset(data["armed_bodies"]["words"]),
        "fight_for": frozenset(data["second"]["fight_for"]),
        "staff": frozenset(data["second"]["staff"]),
        "ranks": frozenset(data["ranks"]["short"]),
        "civil_offices": frozenset(data["ranks"]["civil"]),
    }


def _plural(noun: str) -> str:
    if noun.endswith("man"):
        return noun[:-3] + "men"
    if noun.endswith(("s", "x", "sh", "ch")):
        return noun + "es"
    return noun[:-1] + "ies" if noun.endswith("y") and noun[-2] not in "aeiou" else noun + "s"


def agency_words() -> frozenset[str]:
    """Words of the names of aid organisations."""
    return frozenset(lexicon.load("victims")["second"]["agencies"])


@cache
def attack_verbs() -> frozenset[str]:
    """Acts whose object is those attacked ("ambushed soldiers", "fired on farmers")."""
    return frozenset(lexicon.load("victims")["attacked"]["verbs"])


@cache
def person_nouns() -> frozenset[str]:
    """Lower-case nouns that name people."""
    return frozenset((*_nouns()["persons"], *_nouns()["compound_heads"]))


def is_person_noun(word: str) -> bool:
    """Whether a lower-case noun names people."""
    return word in person_nouns()


def is_member_noun(word: str) -> bool:
    """Whether a noun names those who belong to a group, armed where the group is ("members", "elements")."""
    return word in _nouns()["members"]


def is_armed_body(word: str) -> bool:
    """Whether a lower-case noun names a body of fighters, police or soldiers ("militia", "patrol", "battalion")."""
    return word in _nouns()["armed_bodies"]


def is_staff_noun(word: str) -> bool:
    """Whether a lower-case noun names those who work for somebody ("staff", "drivers", "volunteers")."""
    return word in _nouns()["staff"]


def is_rank(word: str) -> bool:
    """Whether a lower-case word, with or without its point, is a rank in short before a name ("Sgt.", "SPO")."""
    return word.rstrip(".") in _nouns()["ranks"]


def is_attacker_noun(word: str) -> bool:
    """Whether a noun names those who attack by its own meaning ("bomber", "assailants")."""
    return word in _nouns()["attackers"]


def below_of_age(number: str) -> bool:
    """Whether a number, in digits or in words, is the age of a child."""
    return number in _nouns()["ages"] or (number.isdecimal() and int(number) < OF_AGE)


def is_kin(noun: str) -> bool:
    """Whether a noun names kin or young people whom an age may follow: "her daughter of eleven"."""
    return noun in _nouns()["kin"]


def is_minor(words: list[str]) -> bool:
    """Whether the words of an age make somebody a child: under 18 years, or told in months, weeks or days."""
    if {"month", "months", "week", "weeks", "day", "days"} & set(words):
        return True
    return any(w.isdecimal() and int(w) < 18 for w in words if len(w) < 4)


def is_young(words: list[str]) -> bool:
    """Whether the words of a noun phrase make those counted children: "two small sons", "a 9 - year - old passerby"."""
    if set(words) & _nouns()["young"] and set(words) & _nouns()["kin"]:
        return True
    return any(
        (w in ("year", "month", "week", "day") and words[i + 1 : i + 3] == ["-", "old"] and _below(words, i))
        or (w in ("year-old", "month-old", "week-old", "day-old") and _below(words, i))
        for i, w in enumerate(words)
    )


def _below(words: list[str], at: int) -> bool:
    """Whether the number before the unit of an age is that of a child."""
    number = next((w for w in reversed(words[max(0, at - 3) : at]) if w != "-"), "")
    if words[at].startswith("year"):
        return below_of_age(number)
    return True


def other_groups(group: str | None, span: list[Token]) -> list[str]:
    """The groups that the words state beside the first one: "a displaced woman" is a civilian too, "female fighters" are women."""
    data, words = _nouns(), {t.lower_ for t in span}
    found = []
    if group in ("woman", "child") and words & data["makes_civilian"]:
        found.append("civilian")
    if group in ("civilian", "combatant", "journalist", "humanitarian"):
        if words & data["makes_woman"]:
            found.append("woman")
        if is_young([t.lower_ for t in span]):
            found.append("child")
    return found


def side_of(span: Iterable[Token]) -> str:
    """Whose fighters the words name: "state" ("soldiers"), "rebel" ("militants"); "" where they don't say."""
    words = {t.lower_ for t in span}
    if "and" in words:
        return ""  # "70 regime and rebel fighters"
    sides = [side for side, nouns in _nouns()["sides"].items() if words & nouns]
    return sides[0] if len(sides) == 1 else ""


def _volunteers_for(noun: Token) -> str | None:
    """The group of volunteers who bring no aid: "volunteers for the defence of the homeland", "Ranger Volunteer Khan"."""
    near = set(noun.doc.lower[max(0, noun.i - 2) : noun.i + 8])
    if "civil" in near or near.isdisjoint(_nouns()["fight_for"]):
        return None
    return "combatant"


def _of_a_family(noun: Token) -> bool:
    """For "five members of one family"; not "members of the Gulf Clan"."""
    after = [t.text for t in noun.doc[noun.i + 1 : noun.i + 7]]
    return after[:1] in (["of"], ["from"]) and bool({"family", "families", "household", "clan"} & set(after))


def group_of(noun: Token, span: list[Token], armed: bool) -> str | None:
    """The group of a counted noun phrase; None where the words state none ("people", "men").

    Args:
        noun: The counted noun.
        span: Tokens of the noun phrase, determiners and modifiers included.
        armed: Whether an armed actor is named in or right after the phrase ("members of the SDF").
    """
    data, words = _nouns(), [t.lower_ for t in span]
    for i in range(len(words) - 1):
        for size in (3, 2):
            group = data["compound_of"].get(tuple(words[i : i + size]))
            if group is not None:
                return str(group)
    word = noun.lower_
    group = data["group_of"].get(word)
    if group == "combatant" and not {"former", "ex", "retired"}.isdisjoint(words):
        return None
    if word == "deputy" and noun.doc[noun.i + 1 : noun.i + 2].text.isalpha() and "sheriff" not in words:
        return None  # "the deputy head of the council"
    if group != "combatant" and is_young(words):
        return "child"
    if word in ("leader", "leaders", "agent", "agents") and not armed:
        return None
    if word in ("general", "generals") and not data["civil_offices"].isdisjoint(words):
        return None  # "the attorney general"
    if group == "humanitarian" and not data["arms"].isdisjoint(words):
        return "combatant"  # "two armed volunteers", "a defence volunteer"
    if word in ("volunteer", "volunteers") and (others := _volunteers_for(noun)) is not None:
        return others
    if group is not None:
        return str(group)
    if word in ("member", "members") and _of_a_family(noun):
        return "civilian"
    if armed and word in data["members"]:
        return "combatant"
    if word == "men" and not {"his", "their", "its"}.isdisjoint(words):
        return "combatant"  # "two of his men"
    modifiers = set(words) - {word, "deputy"}
    for candidate in ("child", "journalist", "humanitarian", "combatant", "civilian", "woman"):
        if any(data["group_of"].get(m) == candidate for m in modifiers) and candidate in (
            "civilian",
            "combatant",
            "child",
        ):
            return candidate
    return None
