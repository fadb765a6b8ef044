"""Common verbs that tell of the killed, hurt or abducted only together with other words: "took six engineers hostage"."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from tasks.extract import lexicon
from tasks.extract.victims import is_person_noun

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc, Token

OF_CAPTIVES: Final = "of_captives"  # key in a Doc's user data: its article speaks of kidnappers or a ransom
_REACH: Final = 16  # words after the verb within which its other words stand
_BY: Final = 13  # words after a verb within which its agent begins
_AGENT: Final = 7  # words after "by" within which its noun stands


@dataclass(frozen=True, slots=True)
class Frame:
    """What a verb needs beside it, and what it tells then (see frames.toml)."""

    outcome: str
    phrases: tuple[tuple[str, ...], ...]
    searched: tuple[str, ...]  # the phrases between blanks
    needed: tuple[frozenset[str], ...]  # the words of each phrase
    captors: bool
    passive: bool
    subject: bool
    story: bool
    unless: frozenset[str]
    people: bool  # its subject in the passive are people: houses are burned, too


@cache
def _frames() -> dict[str, list[Frame]]:
    """Verb form → its frames."""
    index: dict[str, list[Frame]] = {}
    for entry in lexicon.load("frames")["frames"]:
        phrases = tuple(tuple(phrase.split()) for phrase in entry.get("with", ()))
        frame = Frame(
            entry["outcome"],
            phrases,
            tuple(f" {' '.join(phrase)} " for phrase in phrases),
            tuple(frozenset(filter(str.isalpha, phrase)) for phrase in phrases),
            entry.get("captors", False),
            entry.get("passive", False),
            entry.get("subject", False),
            entry.get("story", False),
            frozenset(entry.get("unless", ())),
            entry.get("people", False),
        )
        for form in entry["verbs"]:
            index.setdefault(form, []).append(frame)
    return index


@cache
def frame_verbs() -> frozenset[str]:
    """Every form that may open a frame."""
    return frozenset(_frames())


def may_tell(words: frozenset[str] | set[str]) -> bool:
    """Whether a sentence with these lower-case words can hold a frame."""
    captors = _captor_words()
    for verb in words & frame_verbs():
        for frame in _frames()[verb]:
            if any(map(words.issuperset, frame.needed)):
                return True
            if frame.passive or (frame.captors and not words.isdisjoint(captors)):
                return True
    return False


def frame_of(token: Token) -> Frame | None:
    """The frame that a verb makes with the words after it; None where it makes none."""
    frames = _frames().get(token.lower_)
    if frames is None or not token.tag_.startswith(("V", "JJ")):
        return None
    after = _clause_after(token)
    text = f" {' '.join(after)} "
    for frame in frames:
        if not frame.unless.isdisjoint(after):
            continue
        if frame.story:
            if token.doc.user_data.get(OF_CAPTIVES) and _is_done_to_them(token):
                return frame
            continue
        for phrase in frame.searched:
            if phrase in text:
                return frame
        if frame.captors and _by_captors(token):
            return frame
        if frame.passive and any(
            c.dep_ == "nsubjpass" and is_person_noun(c.lower_) if frame.people else c.dep_ in ("nsubjpass", "auxpass")
            for c in token.children
        ):
            return frame
    return None


@cache
def captive_words() -> frozenset[str]:
    """Words of an article that make its "were taken", "was seized" an abduction."""
    return frozenset(lexicon.load("frames")["captors"]["story"])


@cache
def story_verbs() -> frozenset[str]:
    """The verbs that tell of an abduction in such an article."""
    return frozenset(verb for verb, frames in _frames().items() if any(f.story for f in frames))


def _is_done_to_them(verb: Token) -> bool:
    """Whether a verb is a passive that leads nowhere: "the two were taken on Monday", not "taken to hospital"."""
    children = {c.dep_ for c in verb.children}
    led = any(c.dep_ == "prep" and c.lower_ in ("to", "into", "for", "over") for c in verb.children)
    return "nsubjpass" in children and "dobj" not in children and not led


def _clause_after(token: Token) -> list[str]:
    """The words after a verb up to the next sentence mark."""
    words = []
    for later in token.doc.tokens[token.i + 1 : token.i + 1 + _REACH]:
        if later.lower_ in (";", ":", "."):
            break
        words.append(later.lower_)
    return words


@cache
def _captor_words() -> frozenset[str]:
    data = lexicon.load("frames")["captors"]
    return frozenset((*data["nouns"], *data["described"]))


def _by_captors(verb: Token) -> bool:
    """Whether captors do it: the verb's subject, or its agent in the passive."""
    doc = verb.doc
    if any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children) or verb.dep_ in ("acl", "relcl"):
        by = next((t.i for t in doc[verb.i + 1 : verb.i + _BY] if t.lower_ == "by"), None)
        return by is not None and any(_is_captor(t) for t in doc[by + 1 : by + 1 + _AGENT])
    subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
    if subject is None and verb.dep_ == "conj":
        subject = next((c for c in verb.head.children if c.dep_ == "nsubj"), None)
    return subject is not None and _is_captor(subject)


def _is_captor(noun: Token) -> bool:
    data = lexicon.load("frames")["captors"]
    if noun.lower_ in data["nouns"]:
        return True
    near: Doc = noun.doc
    around = {t.lower_ for t in near[max(0, noun.i - 4) : noun.i + 4]}
    if (
        noun.lower_ == "men"
        and near[noun.i + 1 : noun.i + 2].text.lower() == "of"
        and near[noun.i + 2 : noun.i + 3].text[:1].isupper()
    ):
        return True  # "the men of Nurullo"
    return noun.lower_ in data["men"] and not around.isdisjoint(data["described"])
