"""Finds who did it among names that no list of actors has: capitals that stand for a group, groups told with their name or leader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tasks.extract import actor_lexicon, source_lexicon
from tasks.extract.perpetrator_grammar import Agency, by_grammar
from tasks.extract.perpetrator_parse import MODIFIERS, is_hedged, leader, takes_people
from tasks.extract.spans import ActorExpression
from tasks.extract.violence import grammar_words, is_violent, noun_set, verb_forms

if TYPE_CHECKING:
    from tasks.extract.parsed import Span, Token

_LESS: Final = 0.2  # less sure than an actor that a list has
_SURE: Final = ("subject", "by-agent", "relative clause", "at the hands of", "claim", "blame")
# After a noun for a group: its name or its leader's comes next.
_CALLED: Final = (
    ["calling", "itself"],
    ["known", "as"],
    ["styling", "itself"],
    ["calling", "themselves"],
    ["led", "by"],
)
_NAMES: Final = ("called", "named", "of", "under", ",")
_JOINS: Final = frozenset({"of", "the", "for", "and", "al", "de", "del", "-", "'s", "a"})
_LONGEST: Final = 8


def unlisted_agencies(sentence: Span) -> Iterator[Agency]:
    """The agencies of groups that no list has, in a sentence that names no other who could have done it."""
    words = sentence.doc.lower[sentence.start : sentence.end]
    letters = [t for t in sentence if _stands_for_a_group(t)]
    if letters and 2 * sum(t.text.isupper() for t in sentence) < len(words):
        for token in letters:
            yield from _of(sentence.doc[token.i : token.i + 1], [token], sentence)
    if noun_set("unlisted").isdisjoint(words):
        return
    for token in sentence:
        if token.lower_ in noun_set("unlisted") and (name := _name_after(token, sentence)) is not None:
            yield from _of(name, [token, name.root], sentence)


def _stands_for_a_group(token: Token) -> bool:
    """Whether a word is capitals that may stand for an armed group: no agency, country or force."""
    text = token.text
    if not (3 <= len(text) <= 7 and text.isupper() and text.isalpha() and token.tag_ in ("NNP", "NNPS")):
        return False
    words = [token.form.folded]
    known = (source_lexicon.names(), actor_lexicon.countries(), actor_lexicon.organs())
    return token.dep_ not in MODIFIERS and all(table.longest(words, 0) is None for table in known)


def _name_after(head: Token, sentence: Span) -> Span | None:
    """The name that a noun for a group is told by: "a group calling itself the Lions", "a faction led by Commander Rahim"."""
    doc, lower = sentence.doc, sentence.doc.lower
    at = head.i + 1
    if lower[at : at + 2] in _CALLED:
        at += 2
    elif at < sentence.end and lower[at] in _NAMES:
        at += 1
    else:
        return None
    while at < sentence.end and lower[at] in ("the", "a", '"', "“", "commander", "general", "warlord", "one"):
        at += 1
    end = at
    while end < sentence.end and end - at < _LONGEST and (doc[end].text[:1].isupper() or lower[end] in _JOINS):
        end += 1
    while end > at and not doc[end - 1].text[:1].isupper():
        end -= 1
    named = end > at and doc[at].text[:1].isupper() and doc[at].tag_.startswith("NN")
    if not named or actor_lexicon.countries().longest([doc[at].form.folded], 0) is not None:
        return None
    if lower[head.i + 1] == "," and (end >= sentence.end or lower[end] not in (",", ".")):
        return None  # "told the group, Amnesty said"
    return doc[at:end] if lower[head.i + 1] not in ("led", "of", "under") else doc[head.i : end]


def _of(name: Span, roots: list[Token], sentence: Span) -> Iterator[Agency]:
    actor = ActorExpression(name.start_char, name.end_char, name.text, name.text, "armed_group", None)
    for root in dict.fromkeys(leader(r) for r in roots):
        hedged = is_hedged(name, root, sentence)
        for agency in by_grammar(actor, root, "suspected" if hedged else "stated"):
            told = agency.rule.startswith(("claim", "blame")) or takes_people(agency.act) or _harms(agency.act)
            if told and agency.rule.startswith(_SURE):
                yield replace(agency, strength=agency.strength - _LESS)


def _harms(act: Token) -> bool:
    base = verb_forms().get(act.lower_)
    return (is_violent(act) and base not in grammar_words("not_harming")) or act.lower_ in noun_set("attacks")
