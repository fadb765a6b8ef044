"""Reads from the parse how an actor takes part in an act of violence: its doer, its claimant, its suspect, its victim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tasks.extract.perpetrator_parse import (
    MODIFIERS,
    SUBJECTS,
    answered_with,
    fired_from,
    held_by,
    is_active,
    is_against,
    is_of_habit,
    is_reported,
    is_under_suspicion,
    lays_blame,
    past_its_means,
    takes_people,
)
from tasks.extract.spans import ActorExpression
from tasks.extract.violence import claim_words, grammar_words, is_violent, noun_set

if TYPE_CHECKING:
    from tasks.extract.parsed import Token

# "an army truck hit a mine"
_BOMBS: Final = frozenset("mine landmine mines bomb device ied explosive explosives".split())
_CLAUSES: Final = ("xcomp", "advcl", "ccomp", "conj", "acl", "prep", "pcomp", "dep", "parataxis")


@dataclass(frozen=True, slots=True)
class Agency:
    """One reading of an actor as the doer of the act at `act`."""

    actor: ActorExpression
    act: Token
    strength: float
    status: str
    rule: str
    denied: bool = False


def by_grammar(actor: ActorExpression, root: Token, status: str) -> Iterator[Agency]:
    """The agencies that the dependencies around an actor's leading noun show."""
    head = root.head
    if root.dep_ in SUBJECTS:
        yield from as_subject(actor, head, status)
    elif root.dep_ == "nsubjpass":
        yield from _as_suspect(actor, head)
    elif root.dep_ == "pobj":
        yield from _as_prepositional(actor, root, status)
    elif root.dep_ in MODIFIERS:
        yield from _as_modifier(actor, root, status)
    elif root.dep_ == "dobj" and head.lower_ == "fighting" and head.dep_ in ("xcomp", "advcl", "acl"):
        yield Agency(actor, head, 0.5, status, "side of a clash")
    elif root.dep_ == "dobj" and head.lower_ in claim_words("named_as") and _as_the_killers(root):
        yield Agency(actor, head, 0.8, "suspected", "blame: identified as")
    elif root.dep_ in ("dobj", "dative") and head.lower_ in claim_words("suspect_verbs"):
        yield Agency(actor, head, 0.8, "suspected", "blame: object of accuse")
    elif root.dep_ == "ROOT":
        # Headlines: the actor may be read as the head of the whole line.
        for child in root.children:
            if (
                child.dep_ in ("acl", "relcl", "advcl")
                and is_violent(child)
                and child.tag_ in ("VBZ", "VBG", "VBD", "VBP")
                and is_active(child)
            ):
                yield Agency(actor, child, 0.7, status, "headline subject")
    for child in root.children:
        if (
            child.dep_ in ("relcl", "acl")
            and child.tag_ != "VBN"
            and is_violent(child)
            and is_active(child)
            and not _has_own_subject(child, root)
            and not (child.tag_ == "VBG" and root.dep_ == "dobj" and is_violent(root.head))
            and not (root.dep_ == "pobj" and head.lower_ == "by" and not _has_pronoun(child))
        ):
            yield Agency(actor, child, 0.85, status, "relative clause")


def _as_the_killers(root: Token) -> bool:
    """For "named the brigade as the perpetrators"."""
    after = root.doc.lower[root.i + 1 : root.i + 8]
    return "as" in after and not noun_set("attackers").isdisjoint(after)


def _has_pronoun(verb: Token) -> bool:
    return any(c.lower_ in ("who", "which", "that") for c in verb.children)


def _has_own_subject(verb: Token, root: Token) -> bool:
    return any(c.dep_ in SUBJECTS and c.lower_ not in ("who", "which", "that") for c in verb.children)


def as_subject(actor: ActorExpression, verb: Token, status: str) -> Iterator[Agency]:
    """The agencies of an actor that is the subject of `verb`."""
    word = verb.lower_
    if word in claim_words("claim") and any(
        _is_deed(c) and c.lower_ not in ("lives", "life")
        for c in verb.children
        if c.dep_ in ("dobj", "prep", "ccomp", "xcomp")
    ):
        yield Agency(actor, verb, 0.95, "claimed", "claim: claimed the deed")
        return
    if word in claim_words("takes_on") and any(c.lower_ in ("responsibility", "credit") for c in verb.children):
        yield Agency(actor, verb, 0.95, "claimed", "claim: took responsibility")
        return
    if word in claim_words("deny"):
        yield Agency(actor, verb, 0.3, "suspected", "denial", denied=True)
        return
    if word in ("had", "has", "have") and any(_takes_part(c) for c in verb.children):
        yield Agency(actor, verb, 0.8, "suspected", "blame: had a hand in")
        return
    if verb.lemma_ == "be" or word in ("is", "was", "were", "are", "be", "been"):
        if any(c.lower_ in claim_words("behind") or (c.lower_ == "blame" and c.dep_ == "xcomp") for c in verb.children):
            yield Agency(
                actor,
                verb,
                0.85,
                "suspected" if status == "suspected" or is_reported(verb) else "stated",
                "blame: was behind",
            )
        elif any(c.lower_ in ("suspects", "suspect", "suspected") for c in verb.subtree):
            yield Agency(actor, verb, 0.7, "suspected", "blame: suspects")
    if word in claim_words("said"):
        yield from _as_speaker(actor, verb)
        return
    if word in grammar_words("falling") and actor.text.split()[-1].lower() in noun_set("attacks"):
        yield Agency(actor, verb, 0.8, status, "attack noun")  # "army artillery fell on a school"
        return
    if is_violent(verb):
        if is_active(verb) and not is_of_habit(verb):
            yield Agency(
                actor, verb, 0.6 if verb.lower_ in noun_set("clash_verbs") else 1.0, status, "subject of attack"
            )
        return
    if takes_people(verb):
        yield Agency(actor, verb, 0.9, status, "subject of attack")
        return
    if word in claim_words("accusing") and any(c.dep_ == "dobj" for c in verb.children):
        return  # "the army accused the rebels of carrying out the attack"
    if (answer := answered_with(verb)) is not None:
        yield Agency(actor, answer, 0.95, status, "answered with an attack")
        return
    act = _violent_in(verb)
    if act is not None:
        yield Agency(actor, act, 0.8, status, "subject of a verb that leads to the attack")
    elif _comes_for_people(actor, verb):
        yield Agency(actor, verb, 0.25, status, "came to the place of the act")


def _as_speaker(actor: ActorExpression, verb: Token) -> Iterator[Agency]:
    """What an actor tells of its own doing: "the group said it had killed nine"."""
    for clause in verb.children:
        if (
            clause.dep_ in ("xcomp", "ccomp", "dobj", "pcomp")
            and clause.tag_ == "VBG"
            and _violent_in(clause)
            and not _has_own_subject(clause, verb)
        ):
            yield Agency(
                actor, clause, 0.95, "claimed", "claim: tells its own deed"
            )  # "the militia reported killing nine"
    for clause in _told_clauses(verb):
        if any(c.dep_ == "attr" and any(g.dep_ == "relcl" for g in c.children) for c in clause.children):
            continue  # "it was the rebels that shot at the bus"
        if _is_quoted(clause) and not any(c.lower_ in ("we", "i") or _is_ours(c) for c in clause.children):
            continue  # "they came at night and shot him," a soldier said
        if any(c.dep_ in SUBJECTS and _is_own(c) for c in clause.children) and _violent_in(clause):
            yield Agency(actor, _violent_in(clause) or clause, 0.95, "claimed", "claim: tells its own deed")
        elif _was_behind(clause):
            yield Agency(actor, clause, 0.9, "claimed", "claim: was behind")
        elif actor.kind in ("state", "coalition") and _is_strike_on_fighters(clause):
            yield Agency(actor, clause, 0.15, "claimed", "claim: tells a strike on its enemy")
        elif actor.kind in ("state", "coalition") and (act := _by_machines(clause)):
            yield Agency(actor, act, 0.6, "claimed", "claim: tells a deed of its machines")


def _is_quoted(clause: Token) -> bool:
    first = clause.left_edge.i
    return any(t.text in ('"', "“", "''", "``") for t in clause.doc[max(0, first - 1) : first + 1])


def _is_ours(subject: Token) -> bool:
    return subject.dep_ in SUBJECTS and any(c.lower_ in ("our", "my") for c in subject.children)


def _told_clauses(verb: Token) -> list[Token]:
    """What a verb of saying tells, also behind "in a statement posted online that …"."""
    clauses = [c for c in verb.children if c.dep_ == "ccomp"]
    if clauses:
        return clauses
    media = [m for c in verb.children if c.dep_ == "prep" for m in c.children if m.dep_ == "pobj"]
    return [g for m in media for c in (m, *m.children) for g in c.children if g.dep_ == "ccomp"]


def _comes_for_people(actor: ActorExpression, verb: Token) -> bool:
    """Whether attackers do what comes before or after the deed: "gunmen halted the bus", "the raiders then fled on motorbikes"."""
    if actor.kind not in ("generic", "armed_group") or any(
        c.dep_ in ("neg", "auxpass", "nsubjpass") for c in verb.children
    ):
        return False
    if actor.kind == "armed_group":
        return verb.lower_ in grammar_words("coming") and actor.text.split()[-1].lower() in noun_set("collectives")
    return verb.lower_ in grammar_words("coming") and actor.canonical.split()[-1].lower() in noun_set("raiding")


def _is_strike_on_fighters(clause: Token) -> bool:
    """Whether a clause tells of fighters killed by a means of nobody named: "an air strike had killed 20 terrorists"."""
    if not is_violent(clause) or any(c.dep_ == "agent" for c in clause.children):
        return False
    subjects = [c for c in clause.children if c.dep_ in SUBJECTS]
    hit = [c for c in clause.children if c.dep_ == "dobj"]
    means = any(
        s.lower_ in noun_set("attacks") and not any(c.text[:1].isupper() for c in s.children) for s in subjects
    )  # "Russian air strikes" are somebody else's
    return means and any(t.lower_ in noun_set("enemies") for h in hit for t in (h, *h.children))


def _by_machines(clause: Token) -> Token | None:
    """What machines of nobody named did, as an army tells it: "the spokesman said helicopter gunships killed 16 rebels"."""
    machines = [c for c in clause.children if c.dep_ in SUBJECTS and c.lower_ in noun_set("platforms")]
    named = any(t.text[:1].isupper() or t.dep_ == "amod" for m in machines for t in m.children)
    return _violent_in(clause) if machines and not named else None


def _was_behind(clause: Token) -> bool:
    """For "the group said it was behind the blast"."""
    own = any(c.dep_ in SUBJECTS and c.lower_ in ("it", "they", "we") for c in clause.children)
    denied = any(c.dep_ == "neg" for c in clause.children)
    return own and not denied and any(c.lower_ in ("behind", "responsible") for c in clause.children)


def _is_own(token: Token) -> bool:
    """Whether a subject is the speaker or its people: "it", "its fighters", "the group's assassins", "one of its members"."""
    if token.lower_ in grammar_words("own") or any(_is_own_possessor(c) for c in token.children):
        return True
    members = [p for c in token.children if c.lower_ == "of" for p in c.children]
    return any(_is_own_possessor(c) for m in members for c in m.children)


def _is_own_possessor(token: Token) -> bool:
    return token.dep_ == "poss" and (token.lower_ in grammar_words("own") or token.lower_ in claim_words("group_words"))


def _is_deed(token: Token) -> bool:
    words = {token.lower_, *(t.lower_ for t in token.subtree)}
    if words & claim_words("past"):
        return False
    return bool(words & noun_set("attacks")) or any(is_violent(t) for t in token.subtree)


def _violent_in(verb: Token, depth: int = 0) -> Token | None:
    """The violent verb that shares the subject of `verb` ("continued to shell", "entered the town and killed")."""
    if is_violent(verb) and is_active(verb):
        return verb
    if depth > 3 or (depth and any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children)):
        return None
    for child in verb.children:
        if child.dep_ not in _CLAUSES or (depth == 0 and child.i < verb.i and child.dep_ != "advcl"):
            continue
        if child.dep_ == "conj" and child.lower_ in claim_words("suspect_verbs"):
            continue  # "said it has no units there and accused the army of killing"
        if not any(c.dep_ in (*SUBJECTS, "nsubjpass") for c in child.children):
            act = _violent_in(child, depth + 1)
            if act is not None:
                return act
    if verb.lower_ not in claim_words("doing"):
        return None
    for child in verb.children:
        # "carried out an attack", "began an assault", "launched a raid"
        if (
            child.dep_ == "dobj"
            and child.lower_ in noun_set("attacks") | noun_set("clashes")
            and child.lower_ not in ("action", "responsibility")
        ):
            return child
    return None


def _as_suspect(actor: ActorExpression, verb: Token) -> Iterator[Agency]:
    if actor.kind == "generic" and actor.text.split()[-1].lower() in noun_set("attackers"):
        return  # "the attackers are believed to be": who they were stands after it
    held = verb.lower_ == "held" and any(t.lower_ in claim_words("behind") for t in verb.subtree if t.i > verb.i)
    if verb.lower_ in claim_words("suspect_verbs") or held:
        yield Agency(actor, verb, 0.8, "suspected", "blame: is suspected")


def _as_prepositional(actor: ActorExpression, root: Token, status: str) -> Iterator[Agency]:
    preposition = root.head
    governor, word = preposition.head, preposition.lower_
    if word == "by" and (passive := past_its_means(governor)) is not None:
        governor = passive  # "killed with machetes by guerrillas"
    if word == "by":
        if governor.lower_ in ("claimed", "admitted"):
            yield Agency(actor, governor, 0.95, "claimed", "claim: claimed by")
        elif governor.dep_ == "acl" and (act := fired_from(governor.head)) is not None:
            yield Agency(actor, act, 0.8, status, "fire from")  # "shells came from positions held by the militia"
        elif (
            governor.lower_ in grammar_words("not_done_by") and not is_violent(governor) and not takes_people(governor)
        ) or (governor.lower_ in ("statement", "report", "statements", "reports")):
            return
        elif is_violent(governor) or governor.lower_ in noun_set("attacks") or governor.pos_ in ("VERB", "AUX"):
            doubted = is_under_suspicion(governor) or governor.head.lower_ in (
                "believe",
                "believes",
                "suspect",
                "suspects",
                "think",
                "suspected",
                "believed",
                "alleged",
                "alleges",
            )
            hedge = "suspected" if status == "suspected" or doubted else "stated"
            yield Agency(actor, governor, 1.0 if governor.tag_ != "VBG" else 0.9, hedge, "by-agent")
    elif word == "as" and governor.lower_ in claim_words("named_as"):
        yield Agency(actor, governor, 0.8, "suspected", "blame: identified as")
    elif word in ("on", "to", "at", "toward", "towards") and (
        governor.lower_ in claim_words("suspect_verbs") or lays_blame(governor)
    ):
        yield Agency(actor, governor, 0.8, "suspected", "blame: blamed on")
    elif word == "of" and governor.lower_ == "hands":
        yield Agency(actor, governor, 0.9, status, "at the hands of")
    elif word == "of" and governor.lower_ in claim_words("signs") and not any(t.lower_ == "whether" for t in root.doc):
        yield Agency(actor, governor, 0.8, "suspected", "blame: hallmarks")
    elif word in ("at", "into") and governor.lower_ == "looking" and _are_investigators(governor):
        yield Agency(actor, governor, 0.7, "suspected", "blame: is looked into")

    elif word == "from" and governor.lower_ in noun_set("attacks") | noun_set("fired"):
        yield Agency(actor, governor, 0.8, status, "fire from")
    elif word == "of" and (act := fired_from(held_by(governor))) is not None:
        yield Agency(
            actor, act, 0.8, status, "fire from"
        )  # "the missiles came from the territory of", "areas under the control of"
    elif word == "of" and governor.lower_ in noun_set("sent") and not any(c.dep_ == "prep" for c in root.children):
        yield Agency(actor, governor, 0.5, status, "attack of")
    elif word in ("between", "with", "against") and (
        governor.lower_ in noun_set("clashes")
        or governor.lower_ in ("clashed", "fought", "fighting", "clashing", "battled")
    ):
        yield Agency(actor, governor, 0.5 if word == "between" else 0.3, status, "side of a clash")
    elif word == "in" and governor.lower_ in noun_set("clashes"):
        yield Agency(actor, governor, 0.3, status, "side of a clash")


def _takes_part(noun: Token) -> bool:
    """For "had a hand in the attack"."""
    return noun.lower_ in ("hand", "role", "part") and [t.lower_ for t in noun.doc[noun.i + 1 : noun.i + 2]] == ["in"]


def _are_investigators(verb: Token) -> bool:
    return any(c.dep_ in SUBJECTS and c.lower_ in claim_words("investigators") for c in verb.children)


def _as_modifier(actor: ActorExpression, root: Token, status: str) -> Iterator[Agency]:
    noun = root.head
    for _ in range(2):
        if noun.dep_ in ("nsubjpass", "dobj") and noun.lower_ in noun_set("platforms") and is_violent(noun.head):
            return  # "a Chadian plane was shot down"
        if noun.lower_ == "responsibility":
            yield Agency(actor, noun, 0.95, "claimed", "claim: took responsibility")
            return
        if noun.lower_ in grammar_words("lines") and (act := fired_from(noun)) is not None:
            yield Agency(actor, act, 0.8, status, "fire from")
            return
        if noun.lower_ in noun_set("attacks") or noun.lower_ in noun_set("clashes"):
            if is_against(root.doc[root.left_edge.i], noun):
                return
            hedge = (
                "suspected"
                if status == "suspected" or any(c.lower_ in claim_words("suspect_words") for c in noun.children)
                else "stated"
            )
            act = noun.head if noun.dep_ in SUBJECTS and is_violent(noun.head) and is_active(noun.head) else noun
            yield Agency(actor, act, 0.95, hedge, "attack noun")
            return
        if noun.lower_ in noun_set("targets"):
            return
        if noun.dep_ in SUBJECTS:
            yield from _by_its_own(actor, noun, status)
            return
        if noun.dep_ not in MODIFIERS:
            return
        noun = noun.head


def _by_its_own(actor: ActorExpression, noun: Token, status: str) -> Iterator[Agency]:
    """What a part of an actor that no list has did: "the FARC's 48th Front ambushed a patrol", "navy patrol boats shelled the port"."""
    if actor.kind == "generic" or noun.head.tag_ == "VBG":
        return
    for agency in as_subject(actor, noun.head, status):
        hit = next((c.lower_ for c in agency.act.children if c.dep_ == "dobj"), None)
        at = hit or next((c.lower_ for c in agency.act.children if c.lower_ in ("on", "at", "into", "upon")), None)
        if agency.strength > 0.5 and (at is not None or agency.rule.startswith("claim")) and hit not in _BOMBS:
            yield replace(agency, strength=agency.strength - 0.1)
