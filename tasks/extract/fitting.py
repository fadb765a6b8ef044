"""Whether a kind of phrase can be counted by a link: names, nouns in no list, fighters, the living."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tasks.extract.linking_surface import Link
from tasks.extract.phrase import CountPhrase
from tasks.extract.predicates import Predicate, casualty_form, fighter_things, fighter_verbs, loss_words
from tasks.extract.victims import group_of, is_attacker_noun

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc, Token

_ONLY_OF_PEOPLE: Final = ("neutrali", "eliminat", "liquidat", "exterminat")  # what a bare number beside them counts
# "lost three men", "the village lost 157 of its people"
_OF_A_LOSER: Final = frozenset("own number man men comrades members people inhabitants residents villagers".split())
_LONGEST_ASIDE: Final = 10  # tokens from a participle that describes people to what became of them
_FOUND: Final = frozenset({"found", "recovered", "discovered", "dumped", "retrieved", "pulled", "washed"})
_HOUSES: Final = frozenset(
    "hospital university college school street road avenue square station church mosque airport".split()
)
_OF_OTHERS: Final = frozenset({"that", "who", "corpse", "corpses", "body", "bodies"})
_TAKE: Final = frozenset({"take", "takes", "took", "taken", "taking"})
_FORCES: Final = frozenset(
    "army military militia navy enemy forces force junta regime side sides gendarmerie brigade battalion rebels".split()
)


def fits(doc: Doc, phrase: CountPhrase, link: Link) -> bool:
    """Whether a kind of phrase can be counted by such a link: names and unknown nouns only by verbs and "deaths of"."""
    if link.predicate.frame and not of_living(doc, phrase, link.predicate):
        return False
    if link.rule == "lives_counted":
        return True
    if phrase.kind == "named" and link.predicate.kind == "body" and link.rule == "of_noun":
        bodies = doc[link.predicate.token]  # "the body of Father Isaac Achi was found"
        if bodies.head.lower_ not in _FOUND or bodies.i > phrase.first:
            return False
    elif phrase.kind in ("named", "unknown"):
        if link.predicate.kind not in ("verb", "intransitive", "noun") or link.rule in (
            "attribute",
            "toll_reaches",
            "counted_noun",
        ):
            return False
        if link.predicate.kind == "noun" and link.rule not in ("of_noun", "lives_of"):
            return False
    if phrase.kind == "named":
        casualty = doc[link.predicate.token]
        if casualty.tag_ == "VBN" and casualty.dep_ in ("oprd", "acl") and phrase.first > casualty.i:
            return False  # "left seven people injured Studio Tamani reported", commas lost
        if doc[phrase.last].lower_ in _HOUSES:
            return False
        several = phrase.last > phrase.first  # "Mr. Meneses", which looks like a plural
        return doc[phrase.last].tag_ in ("NNP", "NNPS" if several else "NNP") and doc[phrase.last].shape_[:1] == "X"
    if doc[link.predicate.token].lower_ in fighter_verbs() and link.predicate.light is None:
        lost = doc[link.predicate.token].lower_ in loss_words() and phrase.kind in ("number", "indefinite")
        if lost and doc[phrase.last].lower_ in _OF_A_LOSER:
            return True
        if phrase.noun is None and phrase.kind == "number":
            return (
                _of_a_force(doc[link.predicate.token])
                if lost
                else doc[link.predicate.token].lower_.startswith(_ONLY_OF_PEOPLE)
            )
        if (
            phrase.kind == "unknown"
            and doc[phrase.last].lower_.upper() == doc[phrase.last].text
            and doc[phrase.last].is_alpha
        ):
            return doc[phrase.last].lower_ not in fighter_things()  # "neutralised three ADF"
        if phrase.noun is not None and doc[phrase.noun].lower_ in ("family", "families", "household"):
            return doc[link.predicate.token].lower_.startswith(("wip", "annihil", "extermin"))
        return phrase.noun is not None and (
            group_of(doc[phrase.noun], list(doc[phrase.first : phrase.last + 1]), True) == "combatant"
            or (phrase.kind == "number" and is_attacker_noun(doc[phrase.noun].lower_))
        )
    return not (link.predicate.outcome == "casualties" and link.rule == "attribute")


def _of_a_force(verb: Token) -> bool:
    """Whether an armed side is the subject: "the army lost five in the attack", not "the team lost five in a row"."""
    if verb.tag_ == "VBG" and verb.dep_ in ("advcl", "conj") and verb.head.tag_.startswith("V"):
        verb = verb.head  # "its men killed 34, losing five"
    subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
    return subject is not None and (subject.lower_ in _FORCES or group_of(subject, [subject], True) == "combatant")


def of_living(doc: Doc, phrase: CountPhrase, predicate: Predicate) -> bool:
    """Whether a phrase counts people by a noun, a name or a bare number, and no bodies, wounded or hostages."""
    if phrase.kind == "unknown":
        return False
    if phrase.kind == "named" and doc[predicate.token].lower_ in _TAKE:
        return phrase.noun != phrase.last  # "rebels took Ramussa": a town, where no title says who it is
    form = casualty_form(doc[phrase.noun].lower_) if phrase.noun is not None else None
    return form is None or form[1] == "verb" or form[0] == predicate.outcome


def state_given(verb: Token, predicates: dict[int, Predicate]) -> Predicate | None:
    """The state that a verb gives its subject ("is in critical condition", "was taken to hospital in serious condition")."""
    doc = verb.doc
    for i in range(verb.i, min(verb.i + 9, len(doc))):
        token = doc[i]
        if i > verb.i and token.tag_ in ("VBD", "VBZ", "VBP") and token.dep_ not in ("aux", "auxpass"):
            return None
        if i > verb.i and token.dep_ in ("nsubj", "nsubjpass"):
            return None  # "a nurse said eight fighters with gunshot wounds had arrived"
        if token.lower_ in _OF_OTHERS or (token.lower_ in ("man", "woman") and token.dep_ == "pobj"):
            return None  # "residents found the body of a man with bullet wounds"
        predicate = predicates.get(i)
        if predicate is not None and predicate.kind == "state":
            return predicate
    return None


def main_verb_after(participle: Token, predicates: dict[int, Predicate]) -> Predicate | None:
    """The casualty verb of those that a participle describes: "five people waiting for a bus died"."""
    if any(c.dep_ == "aux" for c in participle.children):
        return None  # "were waiting"
    for token in participle.doc[participle.i + 1 : participle.i + _LONGEST_ASIDE]:
        if token.text in (",", ";", ":") or token.lower_ == "and":
            return None
        if token.tag_ not in ("VBD", "VBN") or token.lower_ in ("was", "were", "been", "had"):
            continue
        main = predicates.get(token.i)
        alone = not any(c.dep_ in ("nsubj", "nsubjpass", "dobj") for c in token.children)
        told = main is not None and (main.kind == "intransitive" or main.passive)
        return main if told and alone else None
    return None
