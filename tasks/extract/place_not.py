"""Tells capitalised runs that are something else than places: organisations, people, peoples, months, plain words."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tasks.extract.gazetteer import demonyms
from tasks.extract.gazetteer_fold import plain
from tasks.extract.place_runs import common_words
from tasks.extract.place_words import grammar, place_words

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc
    from tasks.extract.place_rules import Candidate


def is_something_else(doc: Doc, c: Candidate, *, headline: bool, typed: bool) -> bool:
    """Organisations, people, nationalities, months: by their words and by what stands beside them."""
    w = place_words()
    words = [x.lower().strip(".") for x in c.run.words]
    if not any(ch.isalpha() for ch in c.name) or (len(c.name) < 3 and c.country is None):
        return True
    if c.name.endswith(".") and c.country is None and len(c.run.words) == 1:
        return True  # "Mo.", "Gen."
    if _in_phrase(doc, c):
        return True
    if c.right.words and doc[c.start - 2 if c.left.direction else c.start - 1].lower_ == "this":
        return True  # "in this north Kashmir district": the one of the date line
    if _is_plain_word(doc, c, headline=headline):
        return True
    if c.country is not None or _known_exactly(c):
        return c.right.modified or _after_title(doc, c) or _is_adjective(doc, c)
    if len(words) > 1 and words[0] in w.titles and words[0] != "sheikh" and not typed:
        return True  # "Rector Felipe Kasai"; Sheikh opens names of villages
    if any(x in w.not_places or x in w.calendar for x in words):
        return True
    whole = plain(doc[c.run.start : c.run.end].text).split()
    if whole and all(x in demonyms() or x in grammar("peoples") for x in whole):
        return True
    return c.right.modified or _after_title(doc, c) or _is_organisation(doc, c)


def _is_adjective(doc: Doc, c: Candidate) -> bool:
    """Whether an acronym of a country describes what follows: "the former U.S. Secretary of State", "US missionaries"."""
    following = doc[c.end] if c.end < len(doc) else None
    if c.country is None or not c.name.isupper() or following is None:
        return False
    return following.tag_ in ("NN", "NNS", "NNP", "NNPS", "JJ") and following.lower_ not in place_words().calendar


def _is_plain_word(doc: Doc, c: Candidate, *, headline: bool) -> bool:
    """Nothing but ordinary words that a headline, a careless writer or a machine wrote large: "a Peasant village"."""
    if c.country is not None:
        return False
    w = place_words()
    words = [x.lower() for part in c.run.words for x in part.split("-") if x]
    if not headline and len(words) == 2 and words[0] in grammar("opens_a_site") and words[1] not in w.types:
        return False  # "at Camp Bastion"
    if all(x in w.types or x in w.directions or x in w.rural or x in ("the", "of") for x in words):
        return True
    if not all(x in common_words() or x in w.types or x in w.directions for x in words):
        return False
    if not headline and c.left.kind == "preposition" and c.left.index == c.start - 1 and doc[c.start].tag_ == "NNP":
        return not any(e.primary for e in c.entries)  # "near Sake", "in Hit"
    large_type = bool(c.right.words) and doc[c.end].text[:1].isupper()
    return headline or not large_type


def _known_exactly(c: Candidate) -> bool:
    return any(plain(e.name) == plain(c.name) for e in c.entries) and c.name.lower() not in place_words().not_places


def _after_title(doc: Doc, c: Candidate) -> bool:
    before = doc[c.start - 1].text.lower().strip(".") if c.start else ""
    return before in place_words().titles and not (c.country or (before in ("general",) and c.entries))


def _is_organisation(doc: Doc, c: Candidate) -> bool:
    """Followed by a bracketed acronym, or by a capitalised "Army", "Brigade", "Media"."""
    following = doc[c.end : c.end + 3]
    if (
        len(following) >= 2
        and following[0].text in "(["
        and following[1].text.isupper()
        and len(following[1].text) <= 6
    ):
        return not c.entries
    return False


def _is_department(doc: Doc, c: Candidate) -> bool:
    """Whether a capital "Department" is a part of a country ("in Huila Department"), not of a government ("the State Department")."""
    if c.right.words != ("department",) or doc[c.right.end : c.right.end + 1].text.lower() == "of":
        return False
    known = any(e.kind != "settlement" and e.primary for e in c.entries)
    return known or (bool(c.entries) and c.left.kind in ("preposition", "list", "adjacent"))


_LENGTHS: Final = frozenset(
    "km kms kilometre kilometres kilometer kilometers mile miles metre metres meter meters".split()
)


@lru_cache(maxsize=65536)
def _phrases_around(name: str) -> tuple[str, ...]:
    """The fixed names of something else that hold a name, between blanks."""
    return tuple(f" {phrase} " for phrase in place_words().phrases if f" {name} " in f" {phrase} ")


def _in_phrase(doc: Doc, c: Candidate) -> bool:
    """Whether the name stands inside a fixed name of something else: "Islamic State of Iraq and the Levant"."""
    if phrases := _phrases_around(plain(c.name)):
        text = f" {plain(doc[max(0, c.start - 8) : c.end + 6].text)} "
        if any(phrase in text for phrase in phrases):
            return True
    following = doc[c.end].lower_ if c.end < len(doc) else ""
    if (
        following in place_words().not_places
        and following not in ("police", "regime", "rebels", "rebel")
        and doc[c.end].text[:1].isupper()
        and not _is_department(doc, c)
    ):
        return True
    following = doc[c.end].text if c.end < len(doc) else ""
    return (
        following.isdigit()
        and (c.left.kind != "preposition" or c.name == "Route")
        and not c.right.words
        and not _distance_at(doc, c.end)
        and not c.left.type_word
    )


def _distance_at(doc: Doc, at: int) -> bool:
    """Whether a distance starts there: "Kharkiv 30 km from the border", its comma lost."""
    return at + 1 < len(doc) and doc[at + 1].lower_ in _LENGTHS
