"""Chooses, among the places that a sentence names, the one where the act happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tasks.extract.dates_syntax import main_verb
from tasks.extract.place_words import grammar, place_words
from tasks.extract.spans import PlaceExpression

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc, Span, Token

_LEAST: Final = 0.0
_RANK_WEIGHT: Final = 0.6  # within a sentence the tie to the act says more than being specific
_CHAIN_REACH: Final = 60  # characters
_OPENING: Final = 2  # tokens before the preposition of a place that opens the sentence
_OPENING_TIE: Final = 1.0
_LISTENERS: Final = 3  # tokens from "told" to the "in" of where it was
_OPENING_FRAME: Final = 0.6  # "In X, a mob killed a couple in Y": the opening is the land around
# How far the clause of the place lies from the clause of the act, by the arc that joins them.
_ARC: Final = {
    "advcl": 2.0,
    "acl": 2.0,
    "relcl": 1.5,
    "xcomp": 2.5,
    "prep": 2.0,
    "pcomp": 2.5,
    "conj": 1.0,
    "ccomp": 0.5,
    "parataxis": 0.5,
}
_FRAME_OPENS: Final = 6  # words of an opening such as "In the northern province of"
_FRAME_ENDS: Final = 16  # characters from the name in it to its comma
_TIED: Final = 1.0
_SCENE: Final = 3
_SCENES: Final = frozenset({"preposition", "typed", "attack_on", "attack_object", "object"})
_WEAK_RULES: Final = {
    "possessor": -3.0,
    "authority": -3.0,
    "dateline": -9.0,
    "movement": -5.0,
    "reference": -3.5,
    "of": -2.0,
    "headline": -0.5,
    "owned": -0.5,
}

# What stands between two places that share one count; nothing, where the text lost its commas.
_JOINTS: Final = frozenset(
    ("", "and", "and the", "and in", "and on", "and the town of", "or", "&", "as well as", "neighborhoods and")
)


@dataclass(frozen=True, slots=True)
class _Hold:
    """How a place hangs in the sentence."""

    governor: Token  # what the place, with its preposition, hangs on
    preposition: Token | None
    noun: Token  # top of the noun phrase that the place is in: "town" of "the town of X"


def choose_place(sentence: Span, anchor: Token, places: Sequence[PlaceExpression]) -> PlaceExpression | None:
    """The most specific named place that the sentence ties to the act.

    Not the speaker's place, not where the wounded were taken, not where fighters come from. Of two places that share one
    count the first, with the other in `others`.

    Args:
        sentence: the sentence.
        anchor: its word for the act: a casualty verb or noun, or an attack.
        places: the places of the passage, from `find_places`.
    """
    inside = [p for p in places if sentence.start_char <= p.start and p.end <= sentence.end_char]
    if not inside:
        return None
    scored = _share_in_chains([(score_place(sentence, anchor, p), p) for p in inside])
    tied = [(s + _RANK_WEIGHT * p.rank, -p.start, p) for s, p in scored if s > _LEAST]
    if not tied:
        return None
    best = max(tied, key=lambda t: t[:2])[2]
    best = next((p for _, _, p in tied if best.name in p.within and p.rank >= best.rank), best)
    best = _within_the_frame(sentence, best, scored) or best
    return _with_others(sentence, best, [p for s, p in scored if s > _LEAST])


def _within_the_frame(
    sentence: Span, best: PlaceExpression, scored: Sequence[tuple[float, PlaceExpression]]
) -> PlaceExpression | None:
    """The place in what follows an opening that names the land or town around: "In X district, two died in an encounter in Y"."""
    text, lead = sentence.doc.text, sentence.doc.text[sentence.start_char : best.start].split()
    comma = text.find(",", best.end, best.end + _FRAME_ENDS)
    if comma < 0 or not 1 <= len(lead) <= _FRAME_OPENS or lead[0].lower() != "in" or best.relation is not None:
        return None
    inside = [
        (s, p)
        for s, p in scored
        if p.start > comma
        and s > _TIED
        and p.rule in _SCENES
        and p.rank >= max(best.rank, _SCENE)
        and p.name not in best.within
    ]
    return max(inside, key=lambda t: t[0])[1] if inside else None


def is_held_by(doc: Doc, place: PlaceExpression, verb: Token) -> bool:
    """Whether a place hangs on a verb: "rode into X"."""
    hold = _hold(doc, place)
    return hold is not None and hold.governor == verb


def says_where(sentence: Span, places: Sequence[PlaceExpression]) -> PlaceExpression | None:
    """The place of a sentence that says of an act told before where it was: "The incident occurred near X"."""
    root = main_verb(sentence)
    if root is None or root.lemma_.lower() not in grammar("happens"):
        return None
    act = next((c for c in root.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    if act is None or act.lower_ not in place_words().attack_nouns:
        return None
    if not any(c.lower_ in ("the", "this") for c in act.children):
        return None
    return choose_place(sentence, root, places)


def _share_in_chains(scored: list[tuple[float, PlaceExpression]]) -> list[tuple[float, PlaceExpression]]:
    """A place is tied as closely as the larger place that it is said to lie in, whatever the parse hangs on which."""
    shared = []
    for score, place in scored:
        around = [s for s, p in scored if p.name in place.within and abs(p.start - place.end) <= _CHAIN_REACH]
        shared.append((max([score, *around]), place))
    return shared


def score_place(sentence: Span, anchor: Token, place: PlaceExpression) -> float:
    """How closely a place is tied to the act at the anchor; above 0 is tied, and the more the closer."""
    w = place_words()
    hold = _hold(sentence.doc, place)
    if hold is None:
        return _LEAST
    score = 1.0 + _WEAK_RULES.get(place.rule, 0.0)
    verb, act = _clause(hold.governor), _clause(anchor)
    score += _closeness(verb, act)
    governor = hold.governor.lemma_.lower()
    if hold.governor == anchor or governor in w.cause_verbs or hold.governor.text.lower() in w.attack_nouns:
        score += 2.0
    opens = hold.preposition is not None and hold.preposition.i - sentence.start <= _OPENING
    if opens and hold.preposition is not None and hold.preposition.lower_ in ("in", "at", "near", "outside"):
        score += max(0.0, _OPENING_TIE - _closeness(verb, act))  # "In X, police said that a bomb …"
        if sentence.doc.text[place.end : place.end + 1] == ",":
            score -= _OPENING_FRAME
    elif (
        governor in w.report_verbs
        and governor not in w.cause_verbs
        and hold.governor != anchor
        and hold.governor.dep_ != "pcomp"  # "without warning in X"
    ):
        score -= 3.0 if hold.preposition is not None else 1.5
    if hold.governor != anchor and is_where_it_was_said(sentence.doc, place):
        score -= 4.0
    if hold.noun.dep_ == "nsubj" and place.rule not in ("modifier", "typed", "attack_object"):
        score -= 2.0
    if place.rule == "movement" and (_comes_to_do_it(hold, act) or _is_where(hold, anchor)):
        score -= _WEAK_RULES["movement"]
    score += _home(hold) + _carried(hold, verb, act)
    if governor in ("die", "succumb") and hold.preposition is not None and _were_hurt(hold.governor):
        score -= 3.0  # "a soldier wounded in X died in Y"
    if (
        governor in grammar("where_an_actor_stands")
        and hold.governor != anchor
        and hold.governor.dep_ in ("amod", "acl", "relcl")
    ):
        score -= 4.0
    score -= min(abs(hold.noun.i - anchor.i), 40) * 0.02
    return score


def is_where_it_was_said(doc: Doc, place: PlaceExpression) -> bool:
    """Whether somebody only spoke there: "told a briefing in X", "told journalists in X"."""
    hold = _hold(doc, place)
    if hold is None or hold.preposition is None or hold.preposition.lower_ not in ("in", "at"):
        return False
    governor = hold.governor
    told = governor.lemma_.lower() == "tell" and 0 < hold.preposition.i - governor.i <= _LISTENERS
    return told or governor.lemma_.lower() in grammar("heard_a_speaker")


def _hold(doc: Doc, place: PlaceExpression) -> _Hold | None:
    return doc.remembered(("hold", place.start, place.end), lambda: _held(doc, place))


def _held(doc: Doc, place: PlaceExpression) -> _Hold | None:
    span = doc.char_span(place.start, place.end, alignment_mode="expand")
    if span is None:
        return None
    noun, preposition = span.root, None
    for _ in range(12):
        head = noun.head
        if (
            noun.dep_ in ("compound", "nmod", "amod", "appos", "poss", "conj", "nummod", "npadvmod", "flat")
            and head != noun
            and head.pos_ in ("NOUN", "PROPN")
        ):
            if noun.dep_ in ("compound", "nmod", "amod", "poss") and head.lower_ in place_words().attack_nouns:
                return _Hold(head, None, noun)
            noun = head
        elif noun.dep_ in ("oprd", "attr", "dobj") and head.lower_ in grammar("naming") and head.head.pos_ == "NOUN":
            noun = head.head  # "a village called X"
        elif noun.dep_ in ("pobj", "obj") and head.pos_ in ("ADP", "SCONJ", "ADV", "PART"):
            preposition = head
            governor = head.head
            if governor.pos_ == "ADP" and governor.dep_ == "prep":
                governor = governor.head
            if (
                head.lower_ in ("of", "in", "at", "near", "on")
                and governor.pos_ in ("NOUN", "PROPN")
                and _is_locative(governor)
            ):
                noun = governor
                continue
            return _Hold(governor, preposition, noun)
        else:
            break
    return _Hold(noun.head if noun.head != noun else noun, preposition, noun)


def _is_locative(noun: Token) -> bool:
    w = place_words()
    word = noun.lower_
    return (
        word in w.types
        or noun.tag_ == "NNP"
        or word in w.bearings
        or word in ("part", "parts", "end", "side", "middle", "heart")
    ) and word not in w.attack_nouns


def _clause(token: Token) -> Token:
    """The verb (or top noun) of the clause that a token is in."""
    for _ in range(60):
        if (token.pos_ in ("VERB", "AUX") and token.dep_ not in ("aux", "auxpass", "amod")) or token.head == token:
            return token
        token = token.head
    return token


def _closeness(verb: Token, act: Token) -> float:
    """3 in the same clause, less for each clause between; negative across a report."""
    if verb == act:
        return 3.0
    for lower, upper in ((verb, act), (act, verb)):
        cost, token = 3.0, lower
        for _ in range(8):
            if token == upper:
                return cost
            if token.head == token:
                break
            at_once = token.dep_ == "advcl" and any(c.lower_ == "when" for c in token.children)
            cost = min(cost, cost if at_once else _ARC.get(token.dep_, cost)) - 0.25
            token = token.head
    return 0.5


def _comes_to_do_it(hold: _Hold, act: Token) -> bool:
    """Whether they come to the place and do it there: "rode to X and shot five farmers"."""
    verb = hold.governor
    if hold.preposition is None or hold.preposition.lower_ != "to" or verb.lemma_.lower() not in grammar("arrivals"):
        return False
    return (act.head == verb and act.dep_ in ("conj", "advcl", "xcomp")) or (verb.head == act and verb.dep_ == "relcl")


def _is_where(hold: _Hold, anchor: Token) -> bool:
    """Whether the act is told as done at the place that somebody or something moved to: "spread to X, where 40 people died"."""
    clause = next((t for t in (anchor, *anchor.ancestors) if t.dep_ == "relcl" and t.head == hold.noun), None)
    if clause is None or hold.governor.lemma_.lower() in grammar("care_verbs") | {
        "bring",
        "fly",
        "airlift",
        "evacuate",
    }:
        return False
    return any(child.lower_ == "where" for child in clause.children)


def _home(hold: _Hold) -> float:
    """Against the places that people are from: "a teenager from X", "a resident of X"; most where one person is."""
    preposition = "" if hold.preposition is None else hold.preposition.lower_
    if preposition == "from" and hold.governor.lemma_.lower() in grammar("people_from_a_place"):
        return -4.0 if hold.governor.tag_ == "NN" else -2.0
    if preposition != "of" or hold.governor.lower_ not in grammar("who_lives_there"):
        return 0.0
    return -1.0 if hold.governor.dep_ == "nsubjpass" else -4.0  # "two residents of X were killed"


def _were_hurt(died: Token) -> bool:
    """Whether those who died are said to have been hurt before."""
    people = next((c for c in died.children if c.dep_ == "nsubj"), None)
    harms = grammar("harms")
    return people is not None and any(t.lower_ in harms and t.dep_ in ("acl", "relcl", "advcl") for t in people.subtree)


def _carried(hold: _Hold, verb: Token, act: Token) -> float:
    """Against the places that people, wounded or dead, were brought or fled to."""
    w = place_words()
    lemma = verb.lemma_.lower()
    preposition = hold.preposition.lower_ if hold.preposition is not None else ""
    if hold.noun.lower_ in grammar("care_sites") and preposition in ("in", "at") and lemma in grammar("care_verbs"):
        return -4.0
    if lemma not in w.carry_verbs or verb == act or lemma in w.cause_verbs or _comes_to_do_it(hold, act):
        return 0.0
    if preposition in ("to", "into", "toward", "towards", "for", "from") or hold.noun.lemma_.lower() in (
        "hospital",
        "clinic",
    ):
        return -3.0
    return 0.0


def _with_others(sentence: Span, best: PlaceExpression, tied: Sequence[PlaceExpression]) -> PlaceExpression:
    """Join the places listed side by side with the best one: the first gives the name, the others are noted."""
    group = [best]
    text = sentence.doc.text
    for place in sorted(tied, key=lambda p: p.start):
        if place in group or abs(place.rank - best.rank) > 1 or place.name in best.within:
            continue
        before, after = sorted((place, group[-1] if place.start > group[-1].start else group[0]), key=lambda p: p.start)
        gap = text[before.end : after.start].strip(" ,;").lower()
        if gap in _JOINTS and (gap or before.rank == after.rank):
            group.append(place)
            group.sort(key=lambda p: p.start)
    first = group[0]
    rest = tuple(p.name for p in group[1:])
    return replace(first, others=rest) if rest else first
