"""Reads single words of a parse for `perpetrator_grammar`: which noun leads, whether a verb is active, who is only hit or suspected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tasks.extract.predicates import casualty_form
from tasks.extract.victims import is_person_noun
from tasks.extract.violence import claim_words, grammar_words, is_violent, noun_set, verb_forms, window_words

if TYPE_CHECKING:
    from tasks.extract.parsed import Span, Token

SUBJECTS: Final = ("nsubj", "csubj")
MODIFIERS: Final = ("compound", "amod", "nmod", "poss", "npadvmod")
_QUANTITIES: Final = frozenset({"many", "several", "dozens", "scores", "others", "more", "some"})
_MEMBERS: Final = frozenset({"of", "from"})
_SEEMING: Final = frozenset({"appear", "appears", "appeared", "seem", "seems", "seemed"})


def leader(token: Token) -> Token:
    """The noun that stands for an actor: "members" for the FMLN in "members of the FMLN"; the first of a list."""
    for _ in range(4):
        head = token.head
        of = token.dep_ == "pobj" and head.lower_ in _MEMBERS and _stands_for(head.head)
        if of and not (
            head.lower_ == "from"
            and head.head.lower_ in noun_set("targets")
            and head.head.dep_ in ("nsubjpass", "dobj")
        ):
            token = head.head
        elif (
            token.dep_ == "pobj"
            and head.lower_ == "to"
            and head.head.lower_ in grammar_words("belonging")
            and (owner := _owner(head.head)) is not None
        ):
            token = owner
        elif (
            token.dep_ == "pobj"
            and head.lower_ in ("for", "of", "by", "from")
            and head.head.lower_ in noun_set("mouthpieces")
        ) or (token.dep_ in MODIFIERS and head.lower_ in noun_set("mouthpieces")):
            token = head.head if token.dep_ == "pobj" else head
        elif (token.dep_ in ("conj", "appos") and head.pos_ in ("NOUN", "PROPN", "ADJ")) or (
            token.dep_ in MODIFIERS
            and _stands_for(head)
            and head.lower_ not in noun_set("formations")
            and head.dep_ != "nsubjpass"
        ):
            token = head
        else:
            break
    return token


def _stands_for(noun: Token) -> bool:
    """Whether a noun names people or bodies that act for whom they are of: "members of the FMLN", "Janjaweed horsemen"."""
    return noun.lower_ in noun_set("collectives") or noun.lower_ in noun_set("acting")


def _is_shot_dead(verb: Token, following: str, then: str) -> bool:
    """Whether a headline's verb is passive: "three policemen shot dead in Quetta", "trader gunned down outside his shop"."""
    if following not in ("dead", "down") or verb.lower_ not in ("shot", "gunned", "mown", "cut"):
        return False
    return then in window_words("passive_after") or not then[:1].isalnum()


def is_active(verb: Token) -> bool:
    """Whether a verb of violence tells what its subject did, not what it suffered: "fighters killed" may be either."""
    doc = verb.doc
    following = doc[verb.i + 1].lower_ if verb.i + 1 < len(doc) else "."
    past = verb.lower_ != verb_forms().get(verb.lower_) and verb.lower_.endswith("ed")
    counts = doc[verb.i + 2].lower_ if verb.i + 2 < len(doc) else ""
    if past and verb_forms()[verb.lower_] in window_words("killing"):
        if following == "and" and counts in _QUANTITIES and verb.i + 3 < len(doc) and _is_hurt(doc[verb.i + 3].lower_):
            return False  # "70 militants killed and many injured in air strikes"
        if following[:1].isdigit() and casualty_form(counts) is not None:
            return False  # "40 fighters killed 110 injured"
        if (
            following in window_words("passive_after")
            and counts not in ("least", "most", "many", "few")  # "killed at least 12"
            and not (following == "over" and counts[:1].isdigit())
            and not (following in ("and", "or", "by") and _has_object(verb))
        ):
            return False  # "30 militants killed in …", however the parse takes it
    if any(c.dep_ in ("auxpass", "nsubjpass") for c in verb.children) or _is_shot_dead(verb, following, counts):
        return False
    if any(c.dep_ == "agent" for c in verb.children) and not _has_object(verb):
        return False  # but "detonated by remote control a bomb"
    return not (
        verb.tag_ == "VBN"
        and verb.dep_ in ("acl", "amod", "relcl")
        and not any(c.dep_ in ("nsubj", "aux", "dobj") for c in verb.children)
    )


def _is_hurt(word: str) -> bool:
    form = casualty_form(word)
    return form is not None and form[0] in ("killed", "injured")


def _has_object(verb: Token) -> bool:
    """Whether a verb has people or things as its object, or shares those of the next: "abducted and later killed the mayor"."""
    if any(c.dep_ == "dobj" and c.i > verb.i and c.tag_ != "CD" for c in verb.children):
        return True
    joined = [c for c in verb.children if c.dep_ == "conj" and c.tag_ in ("VBD", "VBN", "VBZ", "VBP")]
    return any(o.dep_ == "dobj" and o.i > c.i and o.tag_ != "CD" for c in joined for o in c.children)


def _owner(link: Token) -> Token | None:
    """The noun that "belonging to", "linked to", "loyal to" hang on."""
    for _, ancestor in zip(range(3), link.ancestors, strict=False):
        if ancestor.pos_ in ("NOUN", "PROPN"):
            return ancestor
    return next((c for c in link.children if c.dep_ in SUBJECTS), None)


def is_reported(verb: Token) -> bool:
    """Whether a clause hangs on a verb of saying: then "was behind it" is somebody's accusation."""
    return any(
        a.lower_ in claim_words("said")
        or a.lower_ in claim_words("suspect_verbs")
        or a.lower_ in ("show", "shows", "indicate", "indicates")
        for a in verb.ancestors
    )


def takes_people(verb: Token) -> bool:
    """Whether those taken are people: "nine workers seized by gunmen", not "a town seized by gunmen"; "led away by men in masks"."""
    if any(t.lower_ in ("away", "off") for t in verb.doc[verb.i + 1 : verb.i + 2]):
        return True
    if verb.lower_ not in grammar_words("taking"):
        return False
    if any(c.dep_ == "dobj" for c in verb.children) and not any(c.dep_ == "auxpass" for c in verb.children):
        return any(_are_people(c) for c in verb.children if c.dep_ == "dobj" and c.i > verb.i)
    taken = [verb.head] if verb.dep_ == "acl" else [c for c in verb.children if c.dep_ == "nsubjpass"]
    return any(_are_people(t) for t in taken)


def _are_people(token: Token) -> bool:
    return is_person_noun(token.lower_) or token.tag_ in ("PRP", "WP", "CD")


def is_under_suspicion(verb: Token) -> bool:
    """Whether words before a verb make its agent a suspect only: "allegedly killed by"."""
    words = claim_words("suspect_words")
    near = verb.doc[max(0, verb.i - 4) : verb.i]
    return any(
        t.lower_ in words and (t.dep_ != "amod" or t.head is verb) for t in near
    )  # not "alleged thieves lynched by"


def fired_from(lines: Token) -> Token | None:
    """What came from somebody's lines: "a shell fired from Serb positions", "rounds came from the direction of rebel lines"."""
    if lines.lower_ not in grammar_words("lines"):
        return None
    of = lines.head
    if of.lower_ == "of" and of.head.lower_ in ("direction", "side"):
        lines = of.head
    governor = lines.head.head
    known = noun_set("attacks") | noun_set("fired")
    return governor if lines.head.lower_ == "from" and governor.lower_ in known else None


def stops_a_missile(root: Token) -> bool:
    """Whether the actor only brings down what others sent: "air defences intercepted the missile and debris hurt two"."""
    return brings_down(root.head if root.dep_ in SUBJECTS else root)


def brings_down(verb: Token) -> bool:
    """Whether a verb tells that something sent was brought down: "shot down 11 of 14 drones"."""
    after = verb.doc[verb.i + 1 : verb.i + 8]
    shot = verb.lower_ in ("shot", "shoot", "shoots", "shooting") and any(t.lower_ == "down" for t in after[:3])
    if not (shot or verb.lower_ in grammar_words("stopping")):
        return False
    if not any(t.lower_ in grammar_words("stopped") for t in after):
        return False
    more = [c for c in verb.children if c.dep_ == "conj" and not any(g.dep_ in SUBJECTS for g in c.children)]
    return not any(is_violent(c) for c in more)  # "intercepted two drones and killed a man"


def is_victim(root: Token) -> bool:
    """Whether grammar makes the actor the object: "killed 20 X", "X were killed", "an attack on X", "X positions"."""
    head = root.head
    if root.dep_ == "nsubjpass" or (root.dep_ in ("dobj", "dative") and is_violent(head)):
        return True
    if root.dep_ in MODIFIERS and head.lower_ in noun_set("targets"):
        return True
    return root.dep_ == "pobj" and head.lower_ in grammar_words("aimed")


def is_hedged(span: Span, root: Token, sentence: Span) -> bool:
    """Whether the words around an actor make it a suspect only: "suspected", "likely", "may have"."""
    words = claim_words("suspect_words")
    before = sentence.doc[max(sentence.start, span.start - 3) : span.start]
    if any(t.lower_ in words for t in [*before, *span[1:]] if t.lower_ not in ("may", "might")):
        return True
    after = sentence.doc.lower[span.end : span.end + 2]
    if after[1:] == ["to"] and after[0] in words:
        return True  # "insurgents believed to belong to the group"
    verb = (
        root.head
        if root.dep_ in (*SUBJECTS, "agent", "nsubjpass")
        else root.head.head
        if root.dep_ == "pobj"
        else root.head
    )
    return (
        any(c.lower_ in words for c in verb.children if c.dep_ in ("advmod", "aux", "amod")) or verb.lower_ in _SEEMING
    )


def held_by(noun: Token) -> Token:
    """The areas that are under somebody's "control"."""
    return noun.head.head if noun.lower_ == "control" and noun.head.lower_ == "under" else noun


def past_its_means(noun: Token) -> Token | None:
    """The passive whose means or place stands between it and its agent: "killed with machetes by", "shot in the head by"."""
    between = noun.head
    verb = between.head
    deed = noun.lower_ in noun_set("attacks") | noun_set("clashes") | claim_words("answers")
    if noun.pos_ not in ("NOUN", "PROPN") or noun.dep_ != "pobj" or deed:
        return None
    if between.lower_ not in ("with", "in", "at", "to", "on", "near", "from", "for", "during") or verb.tag_ != "VBN":
        return None
    return verb if is_violent(verb) or takes_people(verb) else None


def lays_blame(governor: Token) -> bool:
    """For "put the blame for the killings on the rebels", "suspicion fell on the army", "pointed the finger at the cartel"."""
    words = claim_words("blame_nouns")
    if governor.lower_ in ("fall", "falls", "fell", "fallen") and not words.isdisjoint(
        governor.doc.lower[max(0, governor.i - 6) : governor.i]
    ):
        return True  # "suspicion is likely to fall on"
    return governor.lower_ in words or any(c.lower_ in words and c.dep_ in ("dobj", "nsubj") for c in governor.children)


def answered_with(verb: Token) -> Token | None:
    """The attack by which somebody answers: "responded by shelling X", "retaliated with air strikes"."""
    if verb.lower_ not in grammar_words("answering"):
        return None
    for preposition in verb.children:
        for act in preposition.children if preposition.lower_ in ("by", "with") and preposition.i > verb.i else ():
            if is_violent(act) or act.lower_ in noun_set("attacks"):
                return act
    return None


def is_of_habit(verb: Token) -> bool:
    """Whether somebody is said to do so always: "its air force only targets military sites"."""
    only = any(c.dep_ == "advmod" and c.lower_ in ("only", "never", "always") for c in verb.children)
    return only and verb.tag_ in ("VBZ", "VBP")


def is_against(first: Token, noun: Token) -> bool:
    """Whether an offensive called after a side is led against it by another: "army presses rebel offensive", "a new rebel campaign began" is not."""
    if noun.lower_ not in window_words("led_against"):
        return False
    at = first.i - 1
    while at >= 0 and first.doc[at].lower_ in ("the", "a", "an", "its", "their", "new", "fresh", "major", "anti", "-"):
        at -= 1
    return at > 0 and first.doc[at].lower_ in window_words("leads")
