"""Gives figures the group that other words of their sentence tell: those attacked, his comrades, the others, those facing losses."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tasks.extract.victims import attack_verbs, group_of, is_person_noun, side_of

if TYPE_CHECKING:
    from tasks.extract.figure import Figure
    from tasks.extract.parsed import Doc, Token

_ATTACKED: Final = frozenset({"civilian", "combatant", "humanitarian", "journalist", "child"})
_BODIES: Final = frozenset({"bodies", "corpses", "body", "dead"})
_NTH: Final = frozenset("second third fourth fifth sixth seventh".split())
_FELLOWS: Final = frozenset(
    "comrades comrade colleagues colleague companions companion followers men entourage aides deputies associates henchmen".split()
)


def facing_losses(doc: Doc, figures: list[Figure]) -> list[Figure]:
    """For "killed ten for the loss of one fighter": those killed on the other side are fighters, too."""
    lost = next((f for f in figures if f.group == "combatant" and doc[f.anchor].lower_ == "loss"), None)
    if lost is None:
        return figures
    return [
        replace(f, group="combatant")
        if f.group is None and f.outcome == "killed" and f.kind == "number" and f.first < lost.first
        else f
        for f in figures
    ]


def with_leaders(doc: Doc, figures: list[Figure]) -> list[Figure]:
    """For "Parad and five of his men were slain": whose men they were is a fighter, too."""
    for n, (leader, men) in enumerate(itertools.pairwise(figures)):
        if (
            leader.group is not None
            or leader.kind != "named"
            or men.group != "combatant"
            or leader.anchor != men.anchor
        ):
            continue
        if men.first - leader.last <= 2 and not {"his", "her"}.isdisjoint(doc.lower[men.first : men.last + 1]):
            figures[n] = replace(leader, group="combatant", side=men.side)
    return figures


def _are_fellows(words: set[str]) -> bool:
    """For "seven of his comrades", "two of her colleagues": of the group of the one told before."""
    return not words.isdisjoint(("his", "her", "their")) and not words.isdisjoint(_FELLOWS)


def _of_them(doc: Doc, figure: Figure) -> Token | None:
    """The people whom "them" stands for in "attacked the villagers, killing 12 of them": the last plural told before, no attacker."""
    words = doc.lower[figure.first : figure.last + 3]
    if "them" not in words or "of" not in words or words.index("them") < words.index("of"):
        return None
    for token in reversed(doc[: figure.first]):
        if token.tag_ in ("NNS", "NNPS") and is_person_noun(token.lower_):
            hit = token.dep_ in ("dobj", "pobj", "nsubjpass") or any(c.dep_ == "aux" for c in token.head.children)
            group = group_of(token, [token], False)
            return token if hit and group in _ATTACKED else None
    return None


def _of_those_attacked(doc: Doc, figure: Figure) -> Token | None:
    """Those of whom "opened fire at farmers, killing one and injuring two" counts some: the object of the act before."""
    if figure.kind != "number" or figure.role != "count" or figure.other or figure.outcome not in ("killed", "injured"):
        return None
    verb = doc[figure.anchor]
    if verb.tag_ != "VBG" or not set(doc.lower[figure.first : figure.last + 1]).isdisjoint(_BODIES):
        return None
    for _ in range(3):
        if verb.dep_ not in ("advcl", "conj", "xcomp", "acl") or verb.head.i >= verb.i:
            return None
        verb = verb.head
        if verb.lower_ in attack_verbs():
            break
    else:
        return None
    objects = [c for c in verb.children if c.dep_ == "dobj"]
    fired = [o for o in (verb, *objects) for c in o.children if c.dep_ == "prep" and c.lower_ in ("at", "on", "upon")]
    hit = [p for o in fired for c in o.children if c.dep_ == "prep" for p in c.children if p.dep_ == "pobj"]
    hit += [p for o in objects for c in o.children if c.lower_ == "of" for p in c.children if p.dep_ == "pobj"]
    people = any(is_person_noun(t.lower_) for t in doc[figure.first : figure.last + 1])
    for token in (*objects, *hit):
        if token.tag_ in ("NNS", "NNPS") and token.i < figure.first and is_person_noun(token.lower_):
            group = group_of(token, [token], False)
            return token if group == "civilian" or (group == "combatant" and not people) else None
    return None


def with_group_of_others(doc: Doc, figure: Figure, before: list[Figure]) -> Figure:
    """For "nine civilians … and two others": others of the same outcome, and "another one", are of the group told before."""
    if figure.group is None and figure.role == "count" and (whose := _of_them(doc, figure)) is not None:
        return replace(figure, group=group_of(whose, [whose], False), side=side_of([whose]))
    if figure.group is None and (attacked := _of_those_attacked(doc, figure)) is not None:
        return replace(figure, group=group_of(attacked, [attacked], False), side=side_of([attacked]))
    if figure.group is not None or figure.role != "count" or not before or figure.rule.startswith("toll_"):
        return figure
    words = set(doc.lower[figure.first : figure.last + 1])
    last = next((f for f in reversed(before) if f.role == "count"), None)
    if last is not None and last.group in ("combatant", "humanitarian", "journalist") and _are_fellows(words):
        return replace(figure, group=last.group, side=last.side)
    if last is None or last.group not in ("civilian", "combatant", "humanitarian", "journalist"):
        return figure
    others = (
        bool(words & {"others", "other", "more"})
        and last.outcome == figure.outcome
        and not any(w for w in words if w in ("people", "persons", "men"))
    )
    told = doc[figure.first : figure.last + 1]
    carried = (
        last.group == "combatant"
        and last.outcome != figure.outcome
        and figure.kind != "named"
        and not any(is_person_noun(t.lower_) and t.lower_ not in ("other", "others") for t in told)
    )  # "killing eight officers and wounding five"
    one = bool(words & {"one", "another", *_NTH}) and words <= {"a", "one", "another", "other", *_NTH}
    again = (
        figure.kind == last.kind == "number"
        and figure.outcome == last.outcome
        and not any(is_person_noun(t.lower_) or t.lower_ == "the" for t in told)
        and figure.min != last.min
        and not (figure.min or 0) > (last.min or 0)
    )  # "45 civilians in the city and 22 in a nearby village", "21 civilians …, 15 in the city and six near it"
    return replace(figure, group=last.group, side=last.side) if others or one or carried or again else figure
