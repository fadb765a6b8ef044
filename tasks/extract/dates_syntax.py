"""How a time expression stands in a parsed sentence: what it hangs on, and whether that is an act or a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from tasks.extract.dates_lexicon import date_words
from tasks.extract.spans import DateExpression

if TYPE_CHECKING:
    from tasks.extract.parsed import Span, Token

FINITE: Final = ("VBD", "VBZ", "VBP")


def span_of(sentence: Span, expression: DateExpression) -> Span | None:
    """The words of an expression."""
    return sentence.doc.char_span(expression.start, expression.end, alignment_mode="expand")


def lemma_of(token: Token) -> str:
    """The lemma in small letters."""
    return token.lemma_.lower()


def is_of_act(token: Token) -> bool:
    """Whether a word is one of violence."""
    words = date_words().act_words
    return token.pos_ in ("VERB", "NOUN", "PROPN", "ADJ") and (lemma_of(token) in words or token.lower_ in words)


def tells_of(token: Token) -> bool:
    """Whether the token is a verb of reporting in use as one."""
    words = date_words()
    lemma = lemma_of(token)
    if token.pos_ not in ("VERB", "AUX") or lemma not in words.report_verbs:
        return False
    if token.i and token.doc[token.i - 1].text in "-–" and not token.doc[token.i - 1].whitespace_:
        return False  # "the English-speaking region"
    if lemma == "claim" and any(c.dep_ == "dobj" and lemma_of(c) in ("life", "victim") for c in token.children):
        return False
    if lemma not in words.weak_report_verbs:
        return True
    return any(
        child.dep_ == "ccomp" or (child.dep_ == "nsubj" and child.lower_ in words.speakers) for child in token.children
    )


def main_verb(sentence: Span) -> Token | None:
    """The main verb of what is told: of "The attack took place near X, it said" that is "took"."""
    root = next((t for t in sentence if t.dep_ == "ROOT"), None)
    if root is not None and tells_of(root):
        root = next((c for c in root.children if c.dep_ == "ccomp" and c.i < root.i), root)
    return root


def is_bare_participle(verb: Token) -> bool:
    """Whether the verb is a bare participle and no main verb: "an attack claimed by"."""
    return verb.tag_ in ("VBN", "VBG") and not any(child.dep_ in ("aux", "auxpass") for child in verb.children)


def words_before(sentence: Span, span: Span) -> Iterator[Token]:
    """The words of a sentence before a span, the nearest first."""
    tokens = sentence.doc.tokens
    for index in range(span.start - 1, sentence.start - 1, -1):
        yield tokens[index]


def words_after(sentence: Span, span: Span) -> Iterator[Token]:
    """The words of a sentence after a span."""
    yield from sentence.doc.tokens[span.end : sentence.end]


def modified_noun_of(sentence: Span, span: Span) -> Token | None:
    """The noun of an act or a report that the time stands before: "an October 2 bomb attack", "Wednesday's claim"."""
    words = date_words()
    led = span.start > sentence.start and span.doc[span.start - 1].pos_ == "DET"
    if not led and (not span.text.lower().rstrip("'’").endswith("s") or span[-1].lower_ in words.units):
        return None
    for token in list(words_after(sentence, span))[:4]:
        if lemma_of(token) in words.report_nouns or (token.pos_ != "VERB" and is_of_act(token) and token.pos_ != "ADJ"):
            return token
        if token.pos_ not in ("NOUN", "PROPN", "ADJ", "ADV", "NUM", "PART", "PUNCT"):
            return None
        if token.text in (".", ";", ":") or (token.text == "," and token.i > span.end):
            return None
    return None


def governor_of(span: Span) -> Token:
    """The event that the expression hangs on: prepositions and nouns of no event (places, hours) are passed over."""
    words = date_words()
    noun = modified_noun_of(span.sent, span)
    if noun is not None:
        return noun
    token = opened_clause_of(span) or span.root
    while token.head != token:
        inside = span.start <= token.i < span.end
        event = (
            token.pos_ in ("VERB", "AUX")
            or is_of_act(token)
            or lemma_of(token) in words.other_words
            or lemma_of(token) in words.report_nouns
        )
        if not inside and event:
            break
        token = token.head
    return token


def opened_clause_of(span: Span) -> Token | None:
    """The verb of the clause that the time opens: "… and on Monday a mine wounded two boys"."""
    doc, index = span.doc, span.start - 1
    while index > 0 and doc.tokens[index].pos_ == "ADP":
        index -= 1
    if index < 0 or doc.tokens[index].pos_ != "CCONJ":
        return None
    for token in doc[span.end : span.sent.end]:
        if token.pos_ == "VERB" and token.tag_ in (*FINITE, "VBN"):
            return (
                token
                if any(child.dep_ in ("nsubj", "nsubjpass") and child.i >= span.end for child in token.children)
                else None
            )
    return None
