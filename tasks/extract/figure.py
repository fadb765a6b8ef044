"""What a casualty figure of a passage is, and how a counted phrase becomes one."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tasks.extract.numbers import is_vague_word
from tasks.extract.phrase import CountPhrase
from tasks.extract.predicates import Predicate, loss_words
from tasks.extract.victims import (
    OF_AGE,
    agency_words,
    below_of_age,
    group_of,
    is_armed_body,
    is_attacker_noun,
    is_kin,
    is_member_noun,
    is_minor,
    is_person_noun,
    is_rank,
    is_staff_noun,
    side_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.parsed import Doc, Token
    from tasks.extract.spans import ActorExpression


_YEARS: Final = re.compile(r"(?:between )?\d+ (?:(?:and|to|-|–) \d+ )?years (?:old|of age)")
_OUT_OF_BODY: Final = frozenset(
    ", ; : . and or in near at with who whom that of' family families clan party parliament".split()
)
OWN_LOSS: Final = "own"  # the side of those whom the one who tells, or who killed others, has lost
_BY_THEMSELVES: Final = frozenset("suicide himself herself themselves bomber bombers detonated blew".split())
_OF_A_TOWN: Final = frozenset("people inhabitants residents villagers".split())  # "the village lost 31 people"
_SHOOT: Final = frozenset({"sniper", "gunman", "shooter", "fighter", "militant"})
_THEIRS: Final = frozenset({"own", "theirs", "ours"})
_SIDES: Final = frozenset("friendly enemy our own their its army government rebel opposing".split())
_SUFFER: Final = frozenset(
    "has have had having suffer suffers suffered suffering lose loses lost losing sustained take took".split()
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One casualty figure of a passage.

    Attributes:
        first: Index of its first token.
        last: Index of its last token.
        anchor: Index of the casualty word that it hangs on.
        outcome: vocabulary.OUTCOMES.
        group: vocabulary.GROUPS; None where the words state none.
        min: Lower bound; None: none.
        max: Upper bound; None: open.
        role: "count" (a total of its own), "part" ("including 14 children"), "anaphoric" ("the men": no number of its own).
        kind: The phrase's kind (see CountPhrase).
        other: Whether it says that there are others apart from these.
        attackers: Whether those counted are the attackers themselves.
        rule: How it was linked.
        whole: Index (first token) of the phrase that a part is part of.
        side: Whose fighters those counted are: "state", "rebel"; "" where the words don't say.
        vague: Whether a vague word ("dozens", "several") gives the number.
    """

    first: int
    last: int
    anchor: int
    outcome: str
    group: str | None
    min: int | None
    max: int | None
    role: str
    kind: str
    other: bool
    attackers: bool
    rule: str
    whole: int | None = None
    side: str = ""
    vague: bool = False


def make_figure(
    doc: Doc, phrase: CountPhrase, predicate: Predicate, rule: str, actors: Sequence[ActorExpression]
) -> Figure:
    """A counted phrase as a figure of the outcome of its casualty word."""
    span = list(doc[phrase.first : phrase.last + 1])
    group, attackers = None, False
    if phrase.noun is not None and phrase.kind != "named":
        noun = doc[phrase.noun]
        group = group_of(noun, span, _armed(doc, phrase, actors))
        attackers = is_attacker_noun(noun.lower_)
        if group is None and phrase.kind == "unknown" and _is_actor(doc, phrase, actors):
            group = "combatant"  # "two Naxals", "five Houthis"
        if group in (None, "civilian") and (_of_an_agency(doc, phrase.last) or of_its_staff(doc, phrase)):
            group = "humanitarian"
        if group not in ("combatant", "child") and ages_after(doc, phrase.last):
            group = "child"
    elif phrase.noun is None and phrase.kind == "number" and ages_after(doc, _behind_state(doc, phrase.last)):
        group = "child"  # "the six dead, aged 5 to 12,"
    elif (
        phrase.noun is None
        and (told := next((c for c in doc[phrase.head].head.children if c.dep_ == "attr" and c.i > phrase.last), None))
        is not None
    ):
        group = group_of(told, [told], False) if doc[phrase.head].dep_ == "nsubj" else None  # "seven were children"
    elif phrase.kind == "named" and (title := _title_of(doc, phrase)) is not None:
        # "Colonel Hassan Ali", "Mayor Pedro Gómez", "the banker Luis Mora", "Sgt. Bello"
        before = list(doc[phrase.first : title.i + 1]) or [title]
        group = group_of(title, before, title.tag_ == "NNP" or _armed(doc, phrase, actors))
        if group is None and is_rank(title.lower_):
            group = "combatant"
    if group is None and phrase.kind == "named" and ages_after(doc, phrase.last):
        group = "child"  # "Ahmed Ali, 14, was shot"
    if (
        group is None
        and phrase.kind == "indefinite"
        and doc[phrase.last].lower_ in ("old", "olds")
        and is_minor([t.lower_ for t in span])
    ):
        group = "child"  # "a 15-year-old"
    if group is None and phrase.kind == "definite" and doc[phrase.first].lower_ in ("him", "her"):
        group = _of_the_one_before(doc, phrase.first)
    subject = _whose_dead(doc, phrase)
    if group is None and rule != "part" and _own_dead(doc, phrase, predicate, subject, actors):
        group = None if doc[phrase.last].lower_ in _OF_A_TOWN else "combatant"
    side = side_of(span if phrase.noun is not None or subject is None else [subject]) if group else ""
    lost = doc[predicate.token].lower_ in loss_words() and predicate.light is None and rule != "part"
    if attackers and phrase.noun is not None:
        side = "rebel"
        if _were_killed(doc, phrase, rule):
            group, attackers = "combatant", False
    elif lost and not side and group == "combatant" and phrase.kind in ("number", "indefinite"):
        side = OWN_LOSS
    elif phrase.kind == "number" and doc[phrase.last].lower_ in _THEIRS:
        group, side = group or "combatant", OWN_LOSS  # "17 rebels, as well as six of its own"
    elif not side and group == "combatant" and phrase.noun is None and _of_a_side(doc, phrase):
        side = OWN_LOSS if {"friendly", "our", "ranks"} & set(doc.lower) else ""  # "friendly side: 14 dead"
    role = "anaphoric" if phrase.kind == "anaphoric" else "count"
    return Figure(
        phrase.first,
        phrase.last,
        predicate.token,
        predicate.outcome,
        group,
        phrase.min,
        phrase.max,
        role,
        "definite" if _is_mourned(doc, phrase) else phrase.kind,
        phrase.other,
        attackers,
        rule,
        side=side,
        vague=_is_vague(doc, phrase),
    )


def _of_the_one_before(doc: Doc, at: int) -> str | None:
    """The group of the one told right before in "beneath the car of an army officer, killing him": the last person named."""
    if doc[at - 1].tag_ != "VBG":
        return None
    told = (t for t in reversed(doc[: at - 1]) if t.tag_ in ("NN", "NNP") and is_person_noun(t.lower_))
    one = next((t for t in told if t.lower_ not in _SHOOT and doc[t.i + 1].text != "'s"), None)
    if one is None or is_attacker_noun(one.lower_):
        return None
    return group_of(one, list(doc[one.left_edge.i : one.i + 1])[-6:], False)


def _is_mourned(doc: Doc, phrase: CountPhrase) -> bool:
    """Whether somebody tells of kin ("my two sons"), who are some of the dead."""
    if phrase.kind != "number" or phrase.noun is None or not is_kin(doc[phrase.noun].lower_):
        return False
    return not {"my", "our"}.isdisjoint(doc.lower[max(0, phrase.first - 1) : phrase.last])


def _were_killed(doc: Doc, phrase: CountPhrase, rule: str) -> bool:
    """Whether attackers died by others' hands: "two attackers were gunned down"; not those who blew themselves up."""
    told = phrase.kind in ("number", "indefinite") and doc[phrase.last].lower_[:4] in ("atta", "assa")
    beside = doc[phrase.head].dep_ == "conj" or any(c.dep_ == "conj" for c in doc[phrase.head].children)
    if told and beside and rule == "subject":
        return _BY_THEMSELVES.isdisjoint(doc.lower)  # "three attackers and a guard died"
    return told and rule in ("object", "passive_subject") and _BY_THEMSELVES.isdisjoint(doc.lower)


def _is_vague(doc: Doc, phrase: CountPhrase) -> bool:
    """Whether a vague word stands for the number: "dozens of", not "at least 20"."""
    if phrase.kind != "number" or phrase.max is not None:
        return False
    said = doc[phrase.first : phrase.last + 1]
    return any(is_vague_word(t.lower_) for t in said) and not any(t.text[:1].isdigit() for t in said)


def _behind_state(doc: Doc, last: int) -> int:
    """The last token of "six dead", "nine wounded"."""
    return last + 1 if doc[last + 1 : last + 2].text in ("dead", "killed", "wounded", "injured") else last


def _title_of(doc: Doc, phrase: CountPhrase) -> Token | None:
    """The word before a name that says what its bearer is."""
    if phrase.last > phrase.first and is_rank(doc[phrase.first].lower_):
        return doc[phrase.first]
    if phrase.first > 1 and doc[phrase.first - 1].text == "." and is_rank(doc[phrase.first - 2].lower_):
        return doc[phrase.first - 2]  # "Sgt. Bello", the point apart
    if phrase.noun is not None and phrase.noun < phrase.last:
        return doc[phrase.noun]  # not the surname "Cadet"
    before = doc[phrase.first - 1] if phrase.first else None
    if before is None or not (before.tag_ == "NNP" or (before.tag_ == "NN" and is_person_noun(before.lower_))):
        return None
    return before  # "Mayor Pedro Gómez", "photographer Luis Mora"


def _whose_dead(doc: Doc, phrase: CountPhrase) -> Token | None:
    """The side in "the rebels had five dead": the subject of a verb of loss right before a bare number."""
    if phrase.noun is not None or phrase.kind != "number":
        return None
    before = [t for t in doc[max(0, phrase.first - 3) : phrase.first] if t.lower_ in _SUFFER]
    return next((c for t in before for c in t.children if c.dep_ == "nsubj"), None)


def _own_dead(
    doc: Doc, phrase: CountPhrase, predicate: Predicate, subject: Token | None, actors: Sequence[ActorExpression]
) -> bool:
    """Whether the dead or wounded are told as the losses of an armed side: "losing two of its own", "the rebels had five dead"."""
    if doc[predicate.token].lower_ in loss_words() and predicate.light is None:
        return True
    if phrase.noun is None and phrase.kind == "number" and _of_a_side(doc, phrase):
        return True
    if subject is None:
        return False
    armed = any(a.start <= subject.idx < a.end for a in actors)
    return armed or group_of(subject, [subject], False) == "combatant" or is_attacker_noun(subject.lower_)


def _of_a_side(doc: Doc, phrase: CountPhrase) -> bool:
    """Whether a bare number counts the losses of a side: "our losses were four killed", "on the friendly side nine dead"."""
    before = doc.lower[max(0, phrase.first - 12) : phrase.first]
    inside = doc.lower[phrase.first : phrase.last + 1]
    if (
        "losses" in before
        or ("enemy" in before and "casualties" in before)
        or "theirs" in inside
        or "ours" in inside
        or "number" in inside
    ):
        return True
    at = next((i for i, w in enumerate(before) if w in ("side", "ranks")), 0)
    if at and before[at - 1] in _SIDES:
        return True
    after = doc.lower[phrase.last + 1 : phrase.last + 9]
    at = after.index("ranks") if "ranks" in after else 0
    return at > 0 and after[at - 1] in ("the", *_SIDES)


def _of_an_agency(doc: Doc, last: int) -> bool:
    """Whether those counted work for aid: "a driver of a humanitarian agency", "three employees of the Red Cross"."""
    after = doc.lower[last + 1 : last + 10]
    if after[:1] not in (["of"], ["for"], ["from"], ["with"]):
        return False
    inside = list(itertools.takewhile(lambda w: w.isalpha() or w in ("'s", "-"), after[1:]))
    if "ngo" in inside and doc[last + 2 + inside.index("ngo")].text != "NGO":
        return False  # "a teacher of Ban Ngo school"
    return not agency_words().isdisjoint(inside) and not {"camp", "camps", "convoy", "centre", "center"} & set(inside)


def of_its_staff(doc: Doc, phrase: CountPhrase) -> bool:
    """Whether those counted are the staff of an agency named in or before the phrase: "two UNRWA staff", "MSF lost three of its drivers"."""
    if phrase.noun is None or not is_staff_noun(doc[phrase.noun].lower_):
        return False
    inside = doc.lower[phrase.first : phrase.last + 1]
    if not agency_words().isdisjoint(inside):
        return True
    theirs = "its" in inside or "their" in inside or doc[phrase.noun].lower_[:5] in ("staff", "emplo", "colle")
    return theirs and not agency_words().isdisjoint(doc.lower[max(0, phrase.first - 12) : phrase.first])


def _is_actor(doc: Doc, phrase: CountPhrase, actors: Sequence[ActorExpression]) -> bool:
    """Whether the counted noun itself is the name of an armed actor."""
    last = doc[phrase.last]
    return any(a.start <= last.idx and last.idx + len(last) <= a.end for a in actors)


def ages_after(doc: Doc, last: int) -> bool:
    """Whether ages below 18 stand behind a phrase: "two brothers aged 7 and 11", "four novices under 15", "a student, 16,"."""
    after = doc.lower[last + 1 : last + 8]
    commas = after[:1] == [","] or after[:1] == ["("]
    if commas:
        after = after[1:]
    if (
        after[:1] == ["of"]
        and is_kin(doc[last].lower_)  # not "a mother of three"
        and after[2:3]
        and not doc[last + 3].tag_.startswith(("NN", "JJ", "CD"))
        and below_of_age(after[1])
    ):
        return after[2] != "-"  # "her daughter of eleven"
    if after[:1] == ["of"] and after[2:3] in (["years"], ["months"]) and after[3:4] not in (["of"], ["in"]):
        return after[2] == "months" or below_of_age(after[1])  # "a herder of 16 years"
    if after[:1] == ["of"] or after[:1] == ["both"] or after[:1] == ["all"]:
        after = after[1:]
    if after[:1] and after[0] in ("about", "around", "between"):
        after = after[1:]
    elif commas and after[:1] and after[0].isdecimal() and after[1:2] in ([","], [")"], ["."], ["was"], ["were"]):
        return int(after[0]) < OF_AGE  # "their brother, 13, was hurt"
    elif _YEARS.match(" ".join(after)):  # "scouts between 9 and 13 years old"
        after = after[after[0] == "between" :]
    elif after[:1] and after[0] in ("aged", "ages", "under"):
        under = after[0] == "under"
        after = after[1:]
        if after[:3] == ["the", "age", "of"]:
            after = after[3:]
        if under:
            return (
                bool(after)
                and after[0].isdecimal()
                and int(after[0]) <= OF_AGE
                and after[1:2] not in (["-"], ["percent"])
            )
    else:
        return False
    numbers = [
        w
        for w in itertools.takewhile(
            lambda w: w.isdecimal() or below_of_age(w) or w in ("and", ",", "to", "between", "-"), after
        )
        if w.isdecimal() or below_of_age(w)
    ]
    return bool(numbers) and all(below_of_age(n) for n in numbers)


def _armed(doc: Doc, phrase: CountPhrase, actors: Sequence[ActorExpression]) -> bool:
    """Whether an armed actor is named inside the phrase or right after it ("members of the SDF")."""
    start = doc[phrase.first].idx
    end_token = doc[phrase.last]
    end = end_token.idx + len(end_token)
    after = doc[phrase.last + 1 : phrase.last + 4]
    if len(after) == 3 and after[0].lower_ == "and" and is_member_noun(after[1].lower_):
        end, after = after[1].idx + len(after[1]), after[2:]  # "175 members and commanders of the group"
    follows = len(after) > 0 and after[0].lower_ in ("of", "from")
    if follows and _of_armed_body(doc, after[0].i):
        return True
    for actor in actors:
        if start <= actor.start < end:
            return True
        if (
            follows
            and 0 <= actor.start - end <= 30
            and doc.char_span(end, actor.start, alignment_mode="expand") is not None
        ):
            between = doc.text[end : actor.start].lower().replace('"', "").replace("[", "").split()
            if len(between) <= 4 and all(
                w in ("of", "from", "the", "so-called", "a", "an", "its") or (w.isalpha() and len(w) < 12)
                for w in between
            ):
                return True
    return False


def _of_armed_body(doc: Doc, of: int) -> bool:
    """Whether fighters are told of by their body: "five members of the 'Falcons' militia", "men of a border patrol"."""
    for token in doc[of + 1 : of + 10]:
        if token.tag_.startswith("V") or token.lower_ in _OUT_OF_BODY:
            return False
        if is_armed_body(token.lower_):
            return True
    return False


def shares_number(figure: Figure, before: Figure | None) -> bool:
    """Whether people without a number go with the number told before: "128 troops and militia", "18 police and soldiers"."""
    return (
        before is not None
        and before.kind == "number"
        and figure.kind == "plural"
        and not figure.other
        and (figure.anchor, figure.outcome, figure.group) == (before.anchor, before.outcome, before.group)
        and figure.group is not None
    )
