"""Finds the speaker phrases that no verb of reporting opens: who judges, opens an item, finds the dead, or ends a headline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from tasks.extract import source_lexicon as lex
from tasks.extract.actor_lexicon import fold
from tasks.extract.source_edges import Phrase
from tasks.extract.source_phrases import of_subject, subject_of

if TYPE_CHECKING:
    from tasks.extract.parsed import Span, Token
    from tasks.extract.spans import ActorExpression

_OPENING: Final = 12  # words within which the colon of an opening stands
_FOUND: Final = frozenset({"body", "bodies", "corpse", "corpses", "remains", "dead"})


def reactions(sentence: Span) -> Iterator[Phrase]:
    """The bodies that a sentence names for judging the act: "the ministry condemned the raid that left 18 dead"."""
    for token in sentence:
        if token.lower_ in lex.word_list("verbs", "react") and token.tag_ in ("VBD", "VBZ", "VBP"):
            subject = subject_of(token)
            known = subject is not None and (
                subject.lower_ in lex.kind_of() or lex.names().longest([subject.form.folded], 0) is not None
            )
            if subject is not None and (
                known or (subject.tag_ == "NNP" and subject.i > 0 and token.i - subject.i == 1)
            ):
                yield from of_subject(sentence.doc, subject, token, sentence, "condemned")


def opening_phrase(sentence: Span, actors: Sequence[ActorExpression] = ()) -> Phrase | None:
    """Who speaks in an item that opens with its speaker: "Army: we struck two launchers", "14:05 | Medics: five wounded"."""
    doc, start = sentence.doc, sentence.start
    colon = next((t.i for t in doc[start : min(start + _OPENING, sentence.end)] if t.text == ":"), None)
    if colon is None or colon + 2 >= sentence.end:
        return None
    while start < colon and (doc[start].is_punct or doc[start].text in "|•*" or doc[start].text[:1].isdigit()):
        start += 1
    words = doc.lower[start:colon]
    if not words or any(t.tag_.startswith(("VB", "MD")) or t.text in (",", ";", ".") for t in doc[start:colon]):
        return None
    link = next((i for i, w in enumerate(words) if i and w in ("of", "in", "on", "for", "at")), len(words))
    head = start + link - 1
    named = lex.names().longest([fold(w) for w in words[:link]], 0)
    speaks = doc[head].lower_ in lex.kind_of() and doc[head].lower_ not in lex.word_list("openings", "words")
    speaks = speaks or (named is not None and named[0] == link)
    group = any(a.kind == "armed_group" and a.start == doc[start].idx and a.end == doc[colon].idx for a in actors)
    if not speaks and not group:
        return None
    return Phrase(start, head if "on" in words else colon - 1, head, "opening")


def finders(sentence: Span) -> Iterator[Phrase]:
    """The police or rescuers whose find a sentence tells: "police found 12 bodies"; where nobody else tells it."""
    for token in sentence:
        if token.lower_ in lex.word_list("openings", "seers"):
            subject = next((c for c in token.children if c.dep_ == "nsubj"), None)
            if subject is not None and lex.kind_of().get(subject.lower_) in ("media", "witness", "monitor"):
                yield from of_subject(sentence.doc, subject, token, sentence, "saw")
            continue
        if token.lower_ not in lex.word_list("openings", "finders") or token.tag_ not in ("VBD", "VBP", "VBZ", "VBN"):
            continue
        subject = next((c for c in token.children if c.dep_ == "nsubj"), None)
        found = any(c.lower_ in _FOUND for c in token.children if c.dep_ == "dobj")
        if subject is not None and found and lex.kind_of().get(subject.lower_) in ("official", "medical"):
            yield from of_subject(sentence.doc, subject, token, sentence, "found")


def headline_phrase(sentence: Span) -> Phrase | None:
    """The bare attribution that ends a headline: "… kill 18 civilians: monitor", "… ambush NGO"."""
    tokens = [t for t in sentence if not t.is_punct or t.text in (":", "-", "–", "|")]
    if len(tokens) < 4 or sentence.text.rstrip().endswith((".", "!", "?")):
        return None
    last = tokens[-1]
    if (body := _body_at_end(tokens)) is not None:
        return body
    if last.lower_ not in lex.word_list("headline", "words"):
        return None
    before = tokens[-2]
    if before.text in (":", "-", "–"):
        return Phrase(last.i, last.i, last.i, "headline")
    if before.tag_ in ("IN", "DT", "CC", "POS", "TO", "PRP$", "CD") or (
        before.tag_.startswith("JJ") and last.tag_.startswith("NN") and not last.text[0].isupper()
    ):
        return None
    plain = last.lower_ in lex.word_list("headline", "bare")
    return Phrase(last.i, last.i, last.i, "headline") if plain else None


def _body_at_end(tokens: list[Token]) -> Phrase | None:
    """The known body that stands alone behind a headline's dash or colon: "3 killed in Azaz - White Helmets"."""
    at = next((i for i in range(len(tokens) - 2, max(2, len(tokens) - 7), -1) if tokens[i].text in ":-–|"), None)
    if at is None:
        return None
    words = [t.form.folded for t in tokens[at + 1 :]]
    hit = lex.names().longest(words, 0)
    if hit is None or hit[0] != len(words):
        return None
    return Phrase(tokens[at + 1].i, tokens[-1].i, tokens[-1].i, "headline")
