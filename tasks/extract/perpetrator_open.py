"""Finds who did it among nouns that no list of actors has: "settlers", "residents", "two men on a motorcycle", "a Tajik warlord"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tasks.extract.perpetrator_grammar import Agency, by_grammar
from tasks.extract.perpetrator_parse import MODIFIERS, is_hedged, leader, takes_people
from tasks.extract.spans import ActorExpression
from tasks.extract.violence import grammar_words, noun_set, verb_forms

if TYPE_CHECKING:
    from tasks.extract.parsed import Span, Token

# Rules that show beyond doubt that people did it, whoever they are.
_SURE: Final = (
    "subject of attack",
    "subject of a verb that leads to the attack",
    "by-agent",
    "relative clause",
    "at the hands of",
)
PEOPLE: Final = "people: "  # opens the names of its rules
_LESS: Final = 0.2  # less sure than an actor that a list has
_OF_ITS_NAME: Final = ("JJ", "NNP", "NN", "HYPH", "VBN", "NNPS")


def open_agencies(sentence: Span) -> Iterator[Agency]:
    """The agencies of people who are no armed actor by their name, in a sentence that names none."""
    people = noun_set("people")
    for token in sentence:
        if token.lower_ not in people or token.dep_ in MODIFIERS or token.tag_[:2] != "NN":
            continue
        if token.lower_ in ("man", "men") and not _is_of_a_people(token):
            continue
        first = _first_word(token, sentence)
        words = sentence.doc[first : token.i + 1]
        if words[0].lower_ == "unknown" and token.lower_ in ("persons", "individuals", "subjects", "men"):
            continue
        actor = ActorExpression(words.start_char, words.end_char, words.text, _called(words), "generic", None)
        root = leader(token)
        for agency in by_grammar(actor, root, "suspected" if is_hedged(words, root, sentence) else "stated"):
            harms = takes_people(agency.act) or verb_forms().get(agency.act.lower_) not in grammar_words("not_harming")
            if agency.rule in _SURE and harms:
                yield replace(agency, strength=agency.strength - _LESS, rule=PEOPLE + agency.rule)


def _is_of_a_people(token: Token) -> bool:
    """Whether "man" is told by more than his sex: "a Palestinian man", "men on motorbikes", "several men"; one man is anybody."""
    before = token.doc[token.i - 1] if token.i else None
    if before is not None and before.text[:1].isupper() and before.tag_ in ("JJ", "NNP") and before.dep_ in MODIFIERS:
        return True
    return token.lower_ == "men"


def _first_word(token: Token, sentence: Span) -> int:
    """Where the words begin that say who they are: "Bengali settlers", "prison guards"."""
    first = token.i
    while first > sentence.start:
        before = token.doc[first - 1]
        if before.tag_ not in _OF_ITS_NAME or before.head.i > token.i or before.head.i < first - 1:
            break
        first -= 1
    return first


def _called(words: Span) -> str:
    """The words as written, in small letters where they are no names."""
    return " ".join(t.text if t.tag_.startswith("NNP") or (t.tag_ == "JJ" and t.i) else t.lower_ for t in words)
