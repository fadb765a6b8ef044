"""Reads what stands left and right of a name: the preposition, the type word, the bearing, the larger place that owns it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from tasks.extract.gazetteer import demonyms
from tasks.extract.gazetteer_fold import plain
from tasks.extract.place_words import grammar, place_words

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc

_LEFT_LIMIT: Final = 14
# What may stand between a name and its site word: "Mezzeh military airport", "Midan police station".
_DISTANCE: Final = re.compile(
    r"^(?:\d[\d.,]*|a|one|two|three|four|five|six|seven|eight|nine|ten|dozen|few|several|some|hundred|half)$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Left:
    """What leads up to a name."""

    kind: str = "none"  # "preposition", "verb", "list", "noun_of", "noun", "start", "none"
    word: str = ""
    index: int = -1  # token of the word
    type_word: str | None = None  # "village" of X, the "city" of X
    relation: str | None = None
    direction: str | None = None  # "northern" X
    direction_start: int = -1
    owner_end: int = (
        -1
    )  # token after a run that owns or holds the name: "Syria's X", "the Aleppo province village of X"
    nation: str | None = None  # country code of an adjective: "the Syrian town of X"
    indefinite: bool = False


@dataclass(slots=True)
class Right:
    """The type words after a name."""

    words: tuple[str, ...] = ()
    end: int = -1  # token after the type words
    modified: bool = False  # "X-based", "X-held"
    kinds: frozenset[str] = field(default_factory=frozenset)


def read_left(doc: Doc, start: int, run_ends: dict[int, int]) -> Left:
    """Walk left from a name to what governs it.

    Args:
        doc: the passage.
        start: first token of the name.
        run_ends: token after each other run, to the run's first token.
    """
    left, w, k = Left(), place_words(), start - 1
    while k >= 0 and start - k <= _LEFT_LIMIT:
        token = doc[k]
        word = token.text.lower()
        if plain(token.text) in demonyms():
            left.nation = demonyms()[plain(token.text)]
            k -= 1
        elif word in grammar("peoples") and k + 1 == start:
            k -= 1
        elif (named := _named_locality(doc, k)) >= 0:
            left.type_word, k = doc[named].lower_, named - 1
        elif k + 1 in run_ends and run_ends[k + 1] != start and word not in w.not_places:
            return _close_at_run(left, k + 1)
        elif word in grammar("determiners"):
            left.indefinite = left.indefinite or word in ("a", "an")
            k -= 1
        elif word == "of" and k >= 1:
            if k - 1 in run_ends and doc[k - 1].lower_ in w.region:  # "Masisi territory of North Kivu"
                left.kind, left.word, left.index = "preposition", "in", k
                return left
            k = _read_of(doc, k, left)
            if k < 0:
                return left
        elif word in ("'s", "’s") and k - 1 in run_ends and _lies_in(doc, k - 1, run_ends):
            left.kind, left.type_word, left.owner_end = "owned", left.type_word or "town", k
            return left
        elif word in ("'s", "’s") and k in run_ends:
            left.owner_end = k
            left.kind = left.kind if left.kind != "none" else "owned"
            return left
        elif word in w.calendar or word in grammar("time_words"):
            k -= 1  # "strikes on Friday night Hajin" for "on Hajin": careless copy
        elif word in w.directions and (k == start - 1 or left.type_word is None):
            if left.direction is None:
                left.direction, left.direction_start = token.text, k
            k -= 1
        elif word in w.inside or word in w.on or word in w.near or word in w.away:
            return _close_preposition(doc, k, left)
        elif word in grammar("joining") and k and doc[k - 1].lower_ in grammar("roads"):
            left.kind, left.word, left.index = "preposition", "between", k
            return left
        elif word in w.not_places and token.text[:1].isupper() and left.kind == "none" and k + 1 < start:
            k -= 1  # "the Shia villages of X"
        elif (
            (word in w.types or word in ("capital", "seat"))
            and left.type_word is None
            and _is_type_before(doc, k, start)
        ):
            left.type_word = word
            k -= 1
        elif _is_modifier(doc, k) or (left.type_word is not None and token.dep_ == "compound" and token.tag_ == "NN"):
            k -= 1  # "the rebel-held town of X", "the detention centre of X"
        elif token.text in "-–":
            k -= 2
        elif word in ("and", ",", "or", "&", ";") or (word == "as" and doc[max(0, k - 1)].text.lower() == "well"):
            left.kind, left.word, left.index = "list", word, k
            return left
        else:
            is_verb = token.pos_ in ("VERB", "AUX") or (token.lemma_.lower() in w.attack_verbs and token.pos_ != "NOUN")
            left.kind, left.word, left.index = ("verb" if is_verb else "noun"), token.lemma_.lower(), k
            return left
    left.kind = "start" if k < 0 else left.kind
    return left


def _lies_in(doc: Doc, at: int, run_ends: dict[int, int]) -> bool:
    """Whether the land that the word at `at` ends holds the name after its genitive: "in Sumy region's Bilopillia"."""
    before = run_ends[at] - 1
    return (
        doc[at].lower_ in grammar("land_words") and before >= 0 and doc[before].lower_ in ("in", "near", "at", "around")
    )


def _named_locality(doc: Doc, k: int) -> int:
    """The token of the word that a name is given to, from the last word before the name; -1 for none: "a village called X"."""
    word, noun = doc[k].lower_, k - 1
    if word == "as" and k >= 2 and doc[k - 1].lower_ == "known":
        noun = k - 2
    elif word not in grammar("naming"):
        return -1
    fits = noun >= 0 and (doc[noun].lower_ in place_words().types or doc[noun].lower_ in ("place", "spot", "point"))
    return noun if fits else -1


def _close_at_run(left: Left, end: int) -> Left:
    left.owner_end = end
    left.kind = "owned" if left.type_word or left.direction else "adjacent"
    left.index = end - 1
    return left


def _is_type_before(doc: Doc, k: int, start: int) -> bool:
    """A type word straight before the name ("the capital Damascus", "Camp X") or before "of"."""
    return k == start - 1 or (k + 1 < len(doc) and doc[k + 1].text.lower() == "of")


def _is_modifier(doc: Doc, k: int) -> bool:
    token = doc[k]
    if not token.text[:1].islower():
        return False
    if token.pos_ == "ADJ" or token.text.lower() in place_words().rural:
        return True
    hyphened = k > 0 and doc[k - 1].text in "-–" and not doc[k - 1].whitespace_
    return hyphened or (
        token.pos_ in ("VERB", "ADV", "NOUN")
        and token.dep_ in ("amod", "compound", "advmod")
        and token.tag_ in ("VBN", "RB", "JJ", "NNP")
    )


def _read_of(doc: Doc, k: int, left: Left) -> int:
    """Read "TYPE of", "north of" leftwards from "of" at k: the next token to look at, or -1 when the walk ends here."""
    head = doc[k - 1]
    word = head.text.lower()
    if word in grammar("bearings"):
        first = k - 1
        while first > 0 and doc[first - 1].text.lower() in ("the", "just", "to", "about", "roughly", "far"):
            first -= 1
        if first > 0 and doc[first - 1].text.lower() in grammar("distance_units"):
            first -= 1
            while first > 0 and _DISTANCE.match(doc[first - 1].text):
                first -= 1
        while doc[first].text.lower() in ("the", "to"):
            first += 1
        left.relation = doc[first : k + 1].text
        left.kind, left.word, left.index = "preposition", word, first
        return -1
    if word in place_words().types or word in grammar("parts_of_a_place"):
        if left.type_word is None:
            left.type_word = word
        return k - 2
    if word in grammar("distance_units"):  # "within 2 km of X"
        first = k - 1
        while first > 0 and _DISTANCE.match(doc[first - 1].text):
            first -= 1
        left.relation = doc[first : k + 1].text
        left.kind, left.word, left.index = "preposition", "near", first
        return -1
    left.kind, left.word, left.index = "noun_of", head.lemma_.lower(), k - 1
    return -1


def _close_preposition(doc: Doc, k: int, left: Left) -> Left:
    word = doc[k].text.lower()
    left.kind, left.word, left.index = "preposition", word, k
    previous = doc[k - 1].text.lower() if k else ""
    if word == "from" and previous in grammar("roads"):
        left.word = "between"  # "on the road from X to Y"
    elif word == "for" and (doc[k + 1].lower_ == "control" or previous in grammar("fought_for")):
        left.word = "in"  # "the battle for X", "fought for control of X"
    elif word == "to" and previous in grammar("ways_in"):
        left.word = "at"  # "at the northern entrance to X"
    elif word == "to" and previous in ("close", "next", "adjacent"):
        left.word = left.relation = f"{previous} to"
    elif word == "from" and previous in grammar("distance_units") | {"away", "far", "kilometer", "meters"}:
        first = k - 1
        while first > 0 and (
            doc[first].text.lower() in grammar("distance_units") | {"away", "far", "not"}
            or _DISTANCE.match(doc[first].text)
        ):
            first -= 1
        left.word, left.relation = "near", doc[first + 1 : k + 1].text
    elif word in place_words().near and word not in ("toward", "towards"):
        left.relation = word
        if previous in ("and", "or") and k >= 2 and doc[k - 2].text.lower() in place_words().inside:
            left.word, left.relation = "in", None  # "in and around X"
    elif word == "outside":
        left.relation = word
    return left


def read_right(doc: Doc, end: int) -> Right:
    """The type words that follow a name, and whether it is the first half of an adjective."""
    n, w = len(doc), place_words()
    if end + 1 < n and doc[end].text in "-–" and not doc[end - 1].whitespace_:
        return Right(modified=doc[end + 1].text[:1].islower())
    if end >= n:
        return Right()
    after = [t.text.lower() for t in doc.tokens[end : end + 3]]
    first = after[0]
    for size in range(len(after), 0, -1) if first in _openings() else ():
        phrase = " ".join(after[:size])
        if kinds := _kinds().get(phrase):
            return _whole_type(doc, Right((phrase,), end + size, kinds=kinds))
    if first in grammar("site_modifiers") | w.directions and end + 1 < n:
        second = doc[end + 1].text.lower()
        kinds = frozenset(k for k in ("area", "part", "site") if second in getattr(w, k))
        if kinds:
            return Right((first, second), end + 2, kinds=kinds)
    return Right()


@cache
def _kinds() -> dict[str, frozenset[str]]:
    """Type words and what they make of a name."""
    w = place_words()
    listed = {kind: getattr(w, kind) for kind in ("region", "area", "settlement", "part", "site")}
    return {phrase: frozenset(k for k, phrases in listed.items() if phrase in phrases) for phrase in w.types}


@cache
def _openings() -> frozenset[str]:
    """The first word of each type word: "border" of "border crossing"."""
    return frozenset(phrase.split()[0] for phrase in _kinds())


def _whole_type(doc: Doc, right: Right) -> Right:
    """Of capitalised type words in a row the last says what it is: "Kings County Hospital"."""
    n = len(doc)
    while right.end < n and doc[right.end - 1].text[:1].isupper() and doc[right.end].text[:1].isupper():
        word = doc[right.end].text.lower()
        kinds = _kinds().get(word)
        if not kinds:
            break
        right = Right((*right.words, word), right.end + 1, kinds=kinds)
    return right
