"""Reads from the words right around an actor what it did, where the parse fails: headlines, text that lost its commas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from tasks.extract.perpetrator_grammar import Agency
from tasks.extract.perpetrator_parse import is_against
from tasks.extract.spans import ActorExpression
from tasks.extract.violence import claim_words, grammar_words, is_violent, noun_set, verb_forms, window_words

if TYPE_CHECKING:
    from tasks.extract.parsed import Span, Token

_BACK: Final = 12
_ASIDE: Final = 9  # longest aside between commas
_PHRASE: Final = 16
_ADDS: Final = ("IN", "VBG", "VBN")  # opens what is added to an actor: "gunmen riding a motorbike", "fighters led by"
_INSIDE: Final = ("-", '"', "“", "”", "'", "’", "‘", "``", "''")
_OBJECTS: Final = ("DT", "CD", "PRP$", "NN", "NNS", "NNP", "JJ", "RB")
_AIMS: Final = frozenset({"fire", "open", "burst", "storm", "swoop", "pounce"})
_COMPASS: Final = ("ern", "central", "north", "south", "west", "east")
_WHERE: Final = frozenset({"in", "inside", "across", "near"})
_BROUGHT_DOWN: Final = frozenset({"downed", "down", "crashes", "crashed"})


def by_window(actor: ActorExpression, span: Span, status: str, sentence: Span, *, victim: bool) -> Iterator[Agency]:
    """The agencies that the words before and after an actor show.

    Args:
        actor: The actor.
        span: Its words.
        status: "stated" or "suspected".
        sentence: The sentence.
        victim: Whether the parse makes it an object: then only what cannot be a victim counts.
    """
    doc = sentence.doc
    start = _past_parenthesis(span, sentence)
    after = [t for t in doc[start : min(start + 9, sentence.end)] if t.lower_ not in window_words("skipped")][:7]
    before = list(doc[max(sentence.start, span.start - _BACK) : span.start])
    if after:
        yield from _after(actor, after, status, before, victim)
    if not victim and (act := _over_phrase(span, sentence, before)) is not None:
        yield Agency(actor, act, 0.7, status, "before an attack verb")
    yield from _before(actor, before, status, victim)


def _past_parenthesis(span: Span, sentence: Span) -> int:
    """Where the words after an actor go on behind what is put between commas: "the bandits, it was learnt, whisked away"."""
    doc, start = sentence.doc, span.end
    if start >= sentence.end or doc[start].text != ",":
        return start
    close = next((t.i for t in doc[start + 1 : min(start + _ASIDE, sentence.end)] if t.text == ","), None)
    if close is None or any(is_violent(t) or t.tag_ == "CD" for t in doc[start + 1 : close]):
        return start
    return close + 1


def _over_phrase(span: Span, sentence: Span, before: list[Token]) -> Token | None:
    """The verb of violence that an actor's phrase keeps from it: "six gunmen in a pick-up opened fire at a patrol"."""
    doc, start = sentence.doc, span.end
    if start >= sentence.end or doc[start].tag_ not in _ADDS or doc[start].lower_ in ("by", "after"):
        return None
    opening = [t for t in before if t.tag_ not in ("CD", "JJ", "DT", "NN", "RB", "HYPH", "``") and t.text not in '"“']
    if opening and opening[-1].lower_ not in grammar_words("openers") and opening[-1].text != ",":
        return None
    for token in doc[start + 1 : min(start + _PHRASE, sentence.end)]:
        if token.is_punct and token.text not in _INSIDE:
            return None
        if is_violent(token) and token.tag_ in ("VBD", "VBN", "VBZ"):
            return token if _has_its_object(token, sentence) else None
        if token.tag_ in ("VBD", "VBZ", "VBP", "MD"):
            return None
    return None


def _has_its_object(verb: Token, sentence: Span) -> bool:
    """Whether whom or what it hits stands right after a verb, so that it is no passive: "shot dead an elder", "shot and killed"."""
    words = verb.doc.lower[verb.i + 1 : min(verb.i + 4, sentence.end)]
    if not words or (_is_bare_passive(verb, [verb.lower_, words[0]]) and words[:1] != ["and"]):
        return False
    following = verb.doc[verb.i + 1]
    if words[0] == "and":
        then = verb.doc[verb.i + 2 : verb.i + 4]
        return any(is_violent(t) and t.tag_ in ("VBD", "VBN", "VBZ") and _has_its_object(t, sentence) for t in then)
    counted = words[:2] in (["at", "least"], ["more", "than"], ["up", "to"])
    aimed = words[0] in ("on", "at", "into", "upon") and verb_forms()[verb.lower_] in _AIMS
    return counted or aimed or words[0] == "dead" or following.tag_ in _OBJECTS


def _after(
    actor: ActorExpression, after: list[Token], status: str, before: list[Token], victim: bool
) -> Iterator[Agency]:
    first, words = after[0], [t.lower_ for t in after]
    previous = before[-1].lower_ if before else ""
    aimed_at = previous in window_words("aimed_at")
    if (
        words[0] in claim_words("claim")
        and (set(words[1:]) & (noun_set("attacks") - {"hit", "air"}))
        and not set(words[1:4]) & claim_words("past")
        and words[1] not in ("that", "it")
    ):
        yield Agency(actor, first, 0.9, "claimed", "claim: claimed the deed")
    elif (
        words[0] in claim_words("said")
        and any(w in grammar_words("own") for w in words[1:4])
        and any(is_violent(t) for t in after[2:])
        and not set(words[1:]) & window_words("be")
    ):
        act = next(t for t in after[2:] if is_violent(t))
        yield Agency(actor, act, 0.9, "claimed", "claim: tells its own deed")
    elif words[0] in claim_words("takes_on") and "responsibility" in words[1:4]:
        yield Agency(actor, first, 0.95, "claimed", "claim: took responsibility")
    elif words[0] in claim_words("deny"):
        yield Agency(actor, first, 0.3, "suspected", "denial", denied=True)
    elif words[0] in window_words("be") and set(words[1:3]) & {"behind", "responsible"}:
        yield Agency(actor, first, 0.85, "suspected", "blame: was behind")
    elif words[0] in claim_words("suspect_verbs") and words[1:2] in (["of"], ["with"]) and first.tag_ in ("VBN", "VBD"):
        yield Agency(actor, first, 0.7, "suspected", "blame: accused of")
    elif words[0] in ("blamed", "suspected", "accused") and (len(words) == 1 or not words[1].isalpha()):
        yield Agency(actor, first, 0.7, "suspected", "blame: blamed at the end of a headline")
    elif words[0] in ("behind", "responsible") and previous not in ("of", "from"):
        yield Agency(actor, first, 0.7, "suspected", "blame: was behind")
    elif words[0] in ("appeared", "appears", "seem", "seemed") and any(is_violent(t) for t in after[1:5]):
        yield Agency(actor, first, 0.8, "suspected", "appeared to")
    elif previous not in ("on", "against", "of") and (noun := _attack_noun(after, words)) is not None:
        if before and is_against(after[0].doc[before[-1].i + 1], noun):
            return
        yield Agency(actor, noun, 0.75, status, "before an attack noun")
    elif (
        is_violent(first)
        and first.tag_ not in ("VBG", "NN", "NNS")
        and not (aimed_at and (victim or previous in ("against", "on")))
        and "by" not in [t.lower_ for t in before[-2:]]  # "a quarter held by rebels killed nine" is a raid on it
        and not _is_bare_passive(first, words)
        and not (actor.kind == "state" and _is_where(before))
        and not _is_anothers(first, actor)
    ):
        yield Agency(actor, first, 0.8 if not victim else 0.5, status, "before an attack verb")


def _is_anothers(verb: Token, actor: ActorExpression) -> bool:
    """Whether a clause only keeps a verb from its subject: "a jet that was hunting militants killed six"."""
    return any(
        c.dep_ == "nsubj" and c.idx < actor.start and any(g.dep_ == "relcl" for g in c.children) for c in verb.children
    )


def _attack_noun(after: list[Token], words: list[str]) -> Token | None:
    """The attack noun right after an actor, its kind between them ("suicide blast"); none for machines that were hit."""
    at = 0
    while (
        at < 2
        and at < len(words)
        and words[at] in noun_set("attack_kinds")
        and set(words[at + 1 : at + 3]) & noun_set("attacks")
    ):
        at += 1
    if at >= len(words) or words[at] not in noun_set("attacks") or words[at] == "air":
        return None
    if words[at] in noun_set("platforms") and set(words[at + 1 : at + 4]) & (window_words("be") | _BROUGHT_DOWN):
        return None
    return after[at]


def _is_where(before: list[Token]) -> bool:
    """Whether an actor's name only says where: "air strikes in northern Yemen killed nine"."""
    words = [t.lower_ for t in before[-2:]]
    return bool(words) and (words[-1] in _WHERE or (words[0] in _WHERE and words[-1].endswith(_COMPASS)))


def _is_bare_passive(verb: Token, words: list[str]) -> bool:
    """Whether a past form right after the actor is a passive: "militants killed in an ambush"."""
    base = verb_forms()[verb.lower_]
    if (verb.lower_.endswith("s") and verb.lower_ != base) or (verb.lower_ == base and base not in ("hit",)):
        return False
    if len(words) < 2:
        return base in window_words("killing")
    if words[1] in ("dead", "down") and verb.lower_ in ("shot", "gunned"):
        return len(words) == 2 or words[2] in window_words("passive_after") or not words[2][:1].isalnum()
    return words[1] == "by" or (base in window_words("killing") and words[1] in window_words("passive_after"))


def _before(actor: ActorExpression, before: list[Token], status: str, victim: bool) -> Iterator[Agency]:
    words = [t.lower_ for t in before]
    kept = list(before)
    while kept and kept[-1].lower_ in window_words("premodifiers"):
        kept.pop()
    if not kept:
        return
    last = kept[-1].lower_
    if last == "by" and len(kept) > 1:
        act = kept[-2]
        if act.lower_ in ("claimed", "admitted"):
            yield Agency(actor, act, 0.9, "claimed", "claim: claimed by")
        elif (
            is_violent(act)
            or act.lower_ in noun_set("attacks")
            or act.lower_ in ("out", "off", "dead", "dropped", "down", "planted", "on")
        ):
            yield Agency(actor, act, 0.8, status, "after by")
    elif last in ("on", "to", "of") and set(words if last == "on" else words[-6:]) & {
        "blamed",
        "blame",
        "blames",
        "blaming",
        "pinned",
        "attributed",
    }:
        yield Agency(actor, kept[-1], 0.7, "suspected", "blame: blamed on")
    elif last in ("blamed", "blame", "blames", "blaming", "accused", "accuses", "accusing", "accuse"):
        yield Agency(actor, kept[-1], 0.75, "suspected", "blame: object of accuse")
    elif (
        any(w in noun_set("attackers") for w in words) and set(words) & (window_words("be") | window_words("belonging"))
    ) or _are_the_attackers(words):
        yield Agency(actor, kept[-1], 0.75, "suspected", "blame: who the attackers were")
    elif last == "from" and {t.lower_ for t in kept[-5:-1]} & (noun_set("fired") | noun_set("sent")):
        yield Agency(actor, kept[-1], 0.7, status, "fire from")
    elif last in ("for", "of", "represent", "representing") and _speaks_for([t.lower_ for t in kept[-3:]]):
        yield Agency(actor, kept[-1], 0.7, "claimed", "claim: a caller spoke for it")
    elif last == "fighting" and not victim:
        yield Agency(actor, kept[-1], 0.4, status, "side of a clash")


def _speaks_for(words: list[str]) -> bool:
    """Whether somebody unnamed speaks for the actor named next: "a caller claiming to speak for", "on behalf of"."""
    if words[-1] in ("represent", "representing"):
        return True
    return words[-2:-1] in (["speak"], ["speaking"], ["spoke"]) if words[-1] == "for" else words[-2:-1] == ["behalf"]


def _are_the_attackers(before: list[str]) -> bool:
    """Whether an actor stands as a suspicion beside the attackers: "the assailants, suspected Dinka militants, had fled"."""
    for i, word in enumerate(before[:-1]):
        if word in noun_set("attackers") and before[i + 1] == ",":
            return bool(set(before[i + 2 :]) & claim_words("suspect_words"))
    return False
