"""Whether a time in a sentence dates another event than the act: the background, what comes, a war, what the law does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.dates_lexicon import date_words
from tasks.extract.dates_syntax import (
    governor_of,
    is_of_act,
    lemma_of,
    opened_clause_of,
    tells_of,
)
from tasks.extract.spans import DateExpression

if TYPE_CHECKING:
    from tasks.extract.parsed import Span, Token

_LONGEST_BOUT = (
    31  # days; a time longer than this dates a toll, not an act, unless it is a month or year of the calendar
)
_LONGEST_SINCE = 7  # days; the codebook's bound of a bout
_ANCHOR_REACH = 18  # words between the anchor and its time with no verb between


def _subject_words(verb: Token) -> set[str]:
    """Lemmas of the subjects and objects of a verb (after a preposition too) and of the noun that it describes."""
    near = [child for child in verb.children if child.dep_ in ("nsubj", "nsubjpass", "dobj")]
    near += [noun for child in verb.children if child.dep_ == "prep" for noun in child.children if noun.dep_ == "pobj"]
    if verb.dep_ in ("relcl", "acl"):
        near.append(verb.head)
    return {lemma_of(token) for token in near}


def is_background(span: Span, expression: DateExpression, anchor: Token) -> bool:
    """Whether the expression dates another event, the future, or a time too long for an act."""
    words = date_words()
    length = (expression.date_end - expression.date_start).days
    governor = governor_of(span)
    if expression.rule == "since":
        return length > _LONGEST_SINCE or governor not in (anchor, anchor.head, clause_of(anchor))
    if length > _LONGEST_BOUT and expression.basis != "explicit":
        return True
    if any(child.dep_ == "aux" and child.lower_ in ("will", "shall", "'ll") for child in governor.children):
        return True
    if (
        governor == anchor
        or _shares_subject(governor, anchor)
        or (opened_clause_of(span) is None and follows(span, anchor))
    ):
        return False
    if anchor.tag_ == "VBG" and anchor.dep_ == "advcl" and anchor.head == governor:
        return False  # "gunmen invaded the village on Sunday, killing six"
    if is_of_same_time(governor) or _closes_the_list(governor, anchor, span):
        return False
    lemma = lemma_of(governor)
    if lemma in words.gatherings and _is_scene(governor):
        return False
    if lemma in words.starts and governor.pos_ == "VERB":
        return bool(_subject_words(governor) & (words.wars | words.other_words))
    if lemma in words.other_words or (governor.lower_ in words.other_words and expression.rule != "span"):
        return True  # "bodies were found on Monday"; not "found in the past 24 hours"
    if governor.pos_ == "VERB" and _subject_words(governor) & words.process:
        return True
    # "the group that laid down its arms in March": a side remark with a time of its own.
    return (
        governor.dep_ == "relcl"
        and not is_of_act(governor)
        and not _happens(governor)
        and not _arrives(governor)
        and not _is_under_way(governor)
        and governor not in anchor.ancestors
    )


def _closes_the_list(governor: Token, anchor: Token, span: Span) -> bool:
    """Whether the time closes a list of deeds that began with the act: "killed two and detained nine in a raid on Tuesday"."""
    verb, act = governor, clause_of(anchor)
    if anchor.i >= governor.i or governor.i >= span.start:
        return False
    while verb.dep_ == "conj" and verb.head != verb:
        if any(child.dep_ in ("nsubj", "nsubjpass") and child.lower_ not in ("who", "that") for child in verb.children):
            return False
        verb = verb.head
        if verb == act:
            return True
    return False


def _is_under_way(verb: Token) -> bool:
    """Whether a side remark tells what people were doing when it happened: "two boys who were herding goats on Monday"."""
    return verb.tag_ == "VBG" and any(c.dep_ == "aux" and c.lower_ in ("was", "were") for c in verb.children)


def is_of_same_time(verb: Token) -> bool:
    """Whether a verb stands in a clause told as of the same time: "killed as they tried to reach the lines on Saturday"."""
    while verb.dep_ in ("xcomp", "conj") and verb.head != verb:
        verb = verb.head
    return verb.dep_ == "advcl" and any(child.lower_ in ("as", "when", "while") for child in verb.children)


def _is_scene(noun: Token) -> bool:
    """Whether people are at a gathering when it happens: "hit while attending a funeral", "an attack on a rally"."""
    if noun.dep_ == "pobj" and noun.head.lower_ in ("after", "following", "before") and lemma_of(noun) == "prayer":
        return not tells_of(noun.head.head)  # "a bomb went off after Friday prayers"
    if noun.dep_ == "pobj" and noun.head.lower_ in ("during", "at", "on"):
        return is_of_act(noun.head.head)
    return noun.dep_ == "dobj" and any(c.lower_ in ("while", "as", "when") for c in noun.head.children)


def is_aside(verb: Token) -> bool:
    """Whether a side remark tells of the same moment: "a hall where a wedding was being held on Sunday"; not what had happened before."""
    before = any(child.dep_ == "aux" and child.lower_ in ("had", "has", "have") for child in verb.children)
    where = any(child.lower_ in ("where", "when", "as") for child in verb.children)
    return where and verb.dep_ == "relcl" and not before and lemma_of(verb) not in date_words().other_words


def _happens(verb: Token) -> bool:
    """Whether a side remark says that an act happened: "the attack in which ten died, which was carried out yesterday"."""
    return lemma_of(verb) in date_words().happens and (
        is_of_act(verb.head) or (verb.head.dep_ == "pobj" and is_of_act(verb.head.head.head))
    )


def _arrives(verb: Token) -> bool:
    """Whether a side remark tells how the attackers came: "shot by men who came to their house on Wednesday"."""
    by = verb.head.dep_ == "pobj" and verb.head.head.dep_ == "agent"
    return (by or verb.head.dep_ == "nsubj") and lemma_of(verb) in date_words().arrivals


def follows(span: Span, anchor: Token) -> bool:
    """Whether the time stands after the anchor with no verb between: "the murder of a judge on 1 November"."""
    if anchor.i >= span.start or span.start - anchor.i - 1 > _ANCHOR_REACH:
        return False
    other = date_words().other_words
    return not any(token.pos_ == "VERB" or lemma_of(token) in other for token in span.doc[anchor.i + 1 : span.start])


def _shares_subject(governor: Token, anchor: Token) -> bool:
    """Whether the anchor's verb goes on where the governor began: "entered the mosque on Friday and killed ten"."""
    verb = clause_of(anchor)
    while verb.dep_ == "conj" and verb.head != verb:
        if any(child.dep_ in ("nsubj", "nsubjpass") for child in verb.children):
            return False
        verb = verb.head
        if verb == governor:
            return True
    return False


def clause_of(token: Token) -> Token:
    """The verb of the clause that a word stands in (the word itself where it is one)."""
    while token.pos_ not in ("VERB", "AUX") and token.head != token:
        token = token.head
    return token
