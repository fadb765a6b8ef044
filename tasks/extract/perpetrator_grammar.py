"""Reads from the parse how an actor takes part in an act of violence: its doer, its claimant, its suspect, its victim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tasks.extract.spans import ActorExpression
from tasks.extract.victims import is_person_noun
from tasks.extract.violence import claim_words, is_violent, noun_set, verb_forms, window_words

if TYPE_CHECKING:
    from tasks.extract.parsed import Span, Token

SUBJECTS: Final = ("nsubj", "csubj")
MODIFIERS: Final = ("compound", "amod", "nmod", "poss", "npadvmod")
_CLAUSES: Final = ("xcomp", "advcl", "ccomp", "conj", "acl", "prep", "pcomp", "dep", "parataxis")
# "held by", "reported by": what a "by" tells that is no attack.
NOT_DONE_BY: Final = frozenset(
    ["held", "controlled", "backed", "supported", "reported", "said", "led", "run", "ruled", "known", "used", "followed", "posted", "released", "issued", "published",
     "confirmed", "denied", "monitored", "guarded", "manned", "joined", "accompanied", "written", "quoted", "made", "escorted", "owned", "defended", "inhabited",
     "seized", "captured", "taken", "retaken", "recaptured", "besieged", "overrun", "occupied", "liberated", "surrounded", "rescued", "found", "recovered", "treated",
     "arrested", "detained", "announced", "given", "provided", "carried", "told", "declared", "dominated", "visited", "foiled", "thwarted", "intercepted", "described", "appointed", "experienced", "suffered", "sustained", "elected", "employed",
     "hired", "trained", "recruited", "funded", "banned", "designated", "imposed", "brokered", "administered", "governed", "condemned", "criticised", "criticized", "welcomed", "protected"]
)  # fmt: skip
OWN_PRONOUNS: Final = frozenset({"it", "they", "its", "their", "he", "we", "our"})
_OBJECT_PREPOSITIONS: Final = frozenset(
    "of on against at to toward towards near in into for among inside including".split()
)
_BELONG: Final = frozenset(
    {"belong", "belongs", "belonging", "belonged", "linked", "affiliated", "loyal", "allied", "tied", "aligned"}
)
_LINES: Final = frozenset({"lines", "line", "positions", "position", "trenches", "territory", "posts", "hills", "side"})
_STOPPING: Final = frozenset({"intercept", "intercepts", "intercepted", "intercepting", "downed"})
_STOPPED: Final = frozenset(
    {"it", "missile", "missiles", "rocket", "rockets", "drone", "drones", "projectile", "projectiles", "uav", "uavs"}
)
_MEMBERS: Final = frozenset({"of", "from"})


@dataclass(frozen=True, slots=True)
class Agency:
    """One reading of an actor as the doer of the act at `act`."""

    actor: ActorExpression
    act: Token
    strength: float
    status: str
    rule: str
    denied: bool = False


def leader(token: Token) -> Token:
    """The noun that stands for an actor: "members" for the FMLN in "members of the FMLN"; the first of a list."""
    for _ in range(4):
        head = token.head
        of = token.dep_ == "pobj" and head.lower_ in _MEMBERS and head.head.lower_ in noun_set("collectives")
        if of and not (
            head.lower_ == "from"
            and head.head.lower_ in noun_set("targets")
            and head.head.dep_ in ("nsubjpass", "dobj")
        ):
            token = head.head
        elif (
            token.dep_ == "pobj"
            and head.lower_ == "to"
            and head.head.lower_ in _BELONG
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
            token.dep_ in MODIFIERS and head.lower_ in noun_set("collectives") and head.dep_ != "nsubjpass"
        ):
            token = head
        else:
            break
    return token


def _is_active(verb: Token) -> bool:
    following = verb.doc[verb.i + 1].lower_ if verb.i + 1 < len(verb.doc) else "."
    past = verb.lower_ != verb_forms().get(verb.lower_) and verb.lower_.endswith("ed")
    counts = verb.doc[verb.i + 2].lower_ if verb.i + 2 < len(verb.doc) else ""
    if (
        past
        and verb_forms()[verb.lower_] in window_words("killing")
        and following in window_words("passive_after")
        and counts not in ("least", "most", "many", "few")  # "killed at least 12"
        and not (following == "over" and counts[:1].isdigit())
    ):
        return False  # "30 militants killed in …", however the parse takes it
    if any(c.dep_ in ("auxpass", "nsubjpass", "agent") for c in verb.children):
        return False
    return not (
        verb.tag_ == "VBN"
        and verb.dep_ in ("acl", "amod", "relcl")
        and not any(c.dep_ in ("nsubj", "aux", "dobj") for c in verb.children)
    )


def _owner(link: Token) -> Token | None:
    """The noun that "belonging to", "linked to", "loyal to" hang on."""
    for _, ancestor in zip(range(3), link.ancestors, strict=False):
        if ancestor.pos_ in ("NOUN", "PROPN"):
            return ancestor
    return next((c for c in link.children if c.dep_ in SUBJECTS), None)


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
    elif root.dep_ in ("dobj", "dative") and head.lower_ in claim_words("suspect_verbs"):
        yield Agency(actor, head, 0.8, "suspected", "blame: object of accuse")
    elif root.dep_ == "ROOT":
        # Headlines: the actor may be read as the head of the whole line.
        for child in root.children:
            if (
                child.dep_ in ("acl", "relcl", "advcl")
                and is_violent(child)
                and child.tag_ in ("VBZ", "VBG", "VBD", "VBP")
                and _is_active(child)
            ):
                yield Agency(actor, child, 0.7, status, "headline subject")
    for child in root.children:
        if (
            child.dep_ in ("relcl", "acl")
            and child.tag_ != "VBN"
            and is_violent(child)
            and _is_active(child)
            and not _has_own_subject(child, root)
            and not (child.tag_ == "VBG" and root.dep_ == "dobj" and is_violent(root.head))
        ):
            yield Agency(actor, child, 0.85, status, "relative clause")


def _has_own_subject(verb: Token, root: Token) -> bool:
    return any(c.dep_ in SUBJECTS and c.lower_ not in ("who", "which", "that") for c in verb.children)


def as_subject(actor: ActorExpression, verb: Token, status: str) -> Iterator[Agency]:
    """The agencies of an actor that is the subject of `verb`."""
    word = verb.lower_
    if word in claim_words("claim") and any(
        _is_deed(c) for c in verb.children if c.dep_ in ("dobj", "prep", "ccomp", "xcomp")
    ):
        yield Agency(actor, verb, 0.95, "claimed", "claim: claimed the deed")
        return
    if word in claim_words("takes_on") and any(c.lower_ in ("responsibility", "credit") for c in verb.children):
        yield Agency(actor, verb, 0.95, "claimed", "claim: took responsibility")
        return
    if word in claim_words("deny"):
        yield Agency(actor, verb, 0.3, "suspected", "denial", denied=True)
        return
    if verb.lemma_ == "be" or word in ("is", "was", "were", "are", "be", "been"):
        if any(c.lower_ in claim_words("behind") for c in verb.children):
            yield Agency(
                actor,
                verb,
                0.85,
                "suspected" if status == "suspected" or _is_reported(verb) else "stated",
                "blame: was behind",
            )
        elif any(c.lower_ in ("suspects", "suspect", "suspected") for c in verb.subtree):
            yield Agency(actor, verb, 0.7, "suspected", "blame: suspects")
    if word in claim_words("said"):
        for clause in verb.children:
            if (
                clause.dep_ == "ccomp"
                and any(c.dep_ in SUBJECTS and _is_own(c) for c in clause.children)
                and _violent_in(clause)
            ):
                yield Agency(actor, _violent_in(clause) or clause, 0.95, "claimed", "claim: tells its own deed")
            elif clause.dep_ == "ccomp" and _was_behind(clause):
                yield Agency(actor, clause, 0.9, "claimed", "claim: was behind")
            elif clause.dep_ == "ccomp" and actor.kind in ("state", "coalition") and _is_strike_on_fighters(clause):
                yield Agency(actor, clause, 0.15, "claimed", "claim: tells a strike on its enemy")
        return
    if is_violent(verb):
        if _is_active(verb):
            yield Agency(
                actor, verb, 0.6 if verb.lower_ in noun_set("clash_verbs") else 1.0, status, "subject of attack"
            )
        return
    act = _violent_in(verb)
    if act is not None:
        yield Agency(actor, act, 0.8, status, "subject of a verb that leads to the attack")


def _is_strike_on_fighters(clause: Token) -> bool:
    """Whether a clause tells of fighters killed with nobody named as the attacker: "an air strike had killed 20 terrorists"."""
    if not is_violent(clause) or any(c.dep_ == "agent" for c in clause.children):
        return False
    subjects = [c for c in clause.children if c.dep_ in SUBJECTS]
    hit = [c for c in clause.children if c.dep_ in ("dobj", "nsubjpass")]
    means = not subjects or any(
        s.lower_ in noun_set("attacks") and not any(c.text[:1].isupper() for c in s.children) for s in subjects
    )  # "Russian air strikes" are somebody else's
    return means and any(t.lower_ in noun_set("enemies") for h in hit for t in (h, *h.children))


def _was_behind(clause: Token) -> bool:
    """For "the group said it was behind the blast"."""
    own = any(c.dep_ in SUBJECTS and c.lower_ in ("it", "they", "we") for c in clause.children)
    denied = any(c.dep_ == "neg" for c in clause.children)
    return own and not denied and any(c.lower_ in ("behind", "responsible") for c in clause.children)


def _is_own(token: Token) -> bool:
    return token.lower_ in OWN_PRONOUNS or any(c.lower_ in OWN_PRONOUNS and c.dep_ == "poss" for c in token.children)


def _is_deed(token: Token) -> bool:
    words = {token.lower_, *(t.lower_ for t in token.subtree)}
    if words & claim_words("past"):
        return False
    return bool(words & noun_set("attacks")) or any(is_violent(t) for t in token.subtree)


def _violent_in(verb: Token, depth: int = 0) -> Token | None:
    """The violent verb that shares the subject of `verb` ("continued to shell", "entered the town and killed")."""
    if is_violent(verb) and _is_active(verb):
        return verb
    if depth > 3 or (depth and any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children)):
        return None
    for child in verb.children:
        if child.dep_ not in _CLAUSES or (depth == 0 and child.i < verb.i and child.dep_ != "advcl"):
            continue
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


def _is_reported(verb: Token) -> bool:
    """Whether a clause hangs on a verb of saying: then "was behind it" is somebody's accusation."""
    return any(
        a.lower_ in claim_words("said")
        or a.lower_ in claim_words("suspect_verbs")
        or a.lower_ in ("show", "shows", "indicate", "indicates")
        for a in verb.ancestors
    )


def _as_suspect(actor: ActorExpression, verb: Token) -> Iterator[Agency]:
    if actor.kind == "generic" and actor.text.split()[-1].lower() in noun_set("attackers"):
        return  # "the attackers are believed to be": who they were stands after it
    held = verb.lower_ == "held" and any(t.lower_ in claim_words("behind") for t in verb.subtree if t.i > verb.i)
    if verb.lower_ in claim_words("suspect_verbs") or held:
        yield Agency(actor, verb, 0.8, "suspected", "blame: is suspected")


def _as_prepositional(actor: ActorExpression, root: Token, status: str) -> Iterator[Agency]:
    preposition = root.head
    governor, word = preposition.head, preposition.lower_
    if word == "by":
        if governor.lower_ in ("claimed", "admitted"):
            yield Agency(actor, governor, 0.95, "claimed", "claim: claimed by")
        elif (governor.lower_ in NOT_DONE_BY and not is_violent(governor) and not _takes_people(governor)) or (
            governor.lower_ in ("statement", "report", "statements", "reports")
        ):
            return
        elif is_violent(governor) or governor.lower_ in noun_set("attacks") or governor.pos_ in ("VERB", "AUX"):
            hedge = "suspected" if status == "suspected" or _under_suspicion(governor) else "stated"
            yield Agency(actor, governor, 1.0 if governor.tag_ != "VBG" else 0.9, hedge, "by-agent")
    elif word in ("on", "to") and governor.lower_ in claim_words("suspect_verbs"):
        yield Agency(actor, governor, 0.8, "suspected", "blame: blamed on")
    elif word == "of" and governor.lower_ == "hands":
        yield Agency(actor, governor, 0.9, status, "at the hands of")
    elif word == "of" and governor.lower_ == "hallmarks":
        yield Agency(actor, governor, 0.8, "suspected", "blame: hallmarks")
    elif word == "from" and governor.lower_ in noun_set("attacks") | noun_set("fired"):
        yield Agency(actor, governor, 0.8, status, "fire from")
    elif word == "of" and governor.lower_ in noun_set("sent") and not any(c.dep_ == "prep" for c in root.children):
        yield Agency(actor, governor, 0.5, status, "attack of")
    elif word in ("between", "with", "against") and (
        governor.lower_ in noun_set("clashes")
        or governor.lower_ in ("clashed", "fought", "fighting", "clashing", "battled")
    ):
        yield Agency(actor, governor, 0.5 if word == "between" else 0.3, status, "side of a clash")
    elif word == "in" and governor.lower_ in noun_set("clashes"):
        yield Agency(actor, governor, 0.3, status, "side of a clash")


def _takes_people(verb: Token) -> bool:
    """Whether those taken are people: "nine workers seized by gunmen", not "a town seized by gunmen"."""
    if verb.lower_ not in ("seized", "taken", "captured"):
        return False
    taken = [verb.head] if verb.dep_ == "acl" else [c for c in verb.children if c.dep_ == "nsubjpass"]
    return any(is_person_noun(t.lower_) for t in taken)


def _under_suspicion(verb: Token) -> bool:
    words = claim_words("suspect_words")
    near = verb.doc[max(0, verb.i - 4) : verb.i]
    return any(t.lower_ in words for t in near)


def _as_modifier(actor: ActorExpression, root: Token, status: str) -> Iterator[Agency]:
    noun = root.head
    for _ in range(2):
        if noun.dep_ in ("nsubjpass", "dobj") and noun.lower_ in noun_set("platforms") and is_violent(noun.head):
            return  # "a Russian helicopter was shot down"
        if noun.lower_ == "responsibility":
            yield Agency(actor, noun, 0.95, "claimed", "claim: took responsibility")
            return
        if noun.lower_ in _LINES and (act := _fired_from(noun)) is not None:
            yield Agency(actor, act, 0.8, status, "fire from")
            return
        if noun.lower_ in noun_set("attacks") or noun.lower_ in noun_set("clashes"):
            hedge = (
                "suspected"
                if status == "suspected" or any(c.lower_ in claim_words("suspect_words") for c in noun.children)
                else "stated"
            )
            yield Agency(actor, noun, 0.95, hedge, "attack noun")
            return
        if noun.lower_ in noun_set("targets") or noun.dep_ not in MODIFIERS:
            return
        noun = noun.head


def _fired_from(lines: Token) -> Token | None:
    """What came from somebody's lines: "a shell fired from Serb positions", "rounds came from the direction of rebel lines"."""
    of = lines.head
    if of.lower_ == "of" and of.head.lower_ in ("direction", "side"):
        lines = of.head
    governor = lines.head.head
    known = noun_set("attacks") | noun_set("fired")
    return governor if lines.head.lower_ == "from" and governor.lower_ in known else None


def stops_a_missile(root: Token) -> bool:
    """Whether the actor only brings down what others sent: "air defences intercepted the missile and debris hurt two"."""
    verb = root.head if root.dep_ in SUBJECTS else root
    after = root.doc[verb.i + 1 : verb.i + 5]
    if verb.lower_ not in _STOPPING or not any(t.lower_ in _STOPPED for t in after):
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
    return root.dep_ == "pobj" and head.lower_ in _OBJECT_PREPOSITIONS


def is_hedged(span: Span, root: Token, sentence: Span) -> bool:
    """Whether the words around an actor make it a suspect only: "suspected", "likely", "may have"."""
    words = claim_words("suspect_words")
    before = sentence.doc[max(sentence.start, span.start - 3) : span.start]
    if any(t.lower_ in words for t in [*before, *span[1:]] if t.lower_ not in ("may", "might")):
        return True
    verb = (
        root.head
        if root.dep_ in (*SUBJECTS, "agent", "nsubjpass")
        else root.head.head
        if root.dep_ == "pobj"
        else root.head
    )
    return any(c.lower_ in words for c in verb.children if c.dep_ in ("advmod", "aux", "amod")) or verb.lower_ in (
        "appear",
        "appears",
        "appeared",
        "seem",
        "seems",
        "seemed",
    )
