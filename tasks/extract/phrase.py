"""A phrase that counts people, and the noun that it counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tasks.extract.numbers import is_unit
from tasks.extract.predicates import casualty_form
from tasks.extract.victims import is_person_noun

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc

_NOMINAL: Final = frozenset(
    {
        "NN",
        "NNS",
        "NNP",
        "NNPS",
        "JJ",
        "JJR",
        "JJS",
        "VBN",
        "VBG",
        "HYPH",
        "POS",
        "CD",
        "AFX",
        "FW",
        "ADD",
        "RB",
        "VBD",
        "IN?",
    }
)
_LONGEST_RUN: Final = 12
_BEST: Final = frozenset({"most", "best", "top"})  # "one of its most wanted commanders"
_LISTED: Final = frozenset({"women", "children", "men", "girls", "boys", "infants", "babies", "kids"})
_MOSTLY: Final = frozenset({"mostly", "mainly", "largely", "chiefly", "predominantly"})
_HALVES: Final = frozenset("off on under over out by then self ex non pro anti co mid".split())  # before a hyphen
_SIDES: Final = frozenset({"rebel", "regime", "government", "opposition", "militia", "army", "police", "insurgent"})
_CAPTIVE: Final = (["prisoner"], ["prisoners"], ["captive"], ["captives"])
_CLOSING: Final = frozenset({'"', "”", "’"})
_QUOTES: Final = frozenset({'"', "“", "‘"})
OF_WORDS: Final = frozenset(
    {"of", "the", "its", "his", "her", "their", "our", "these", "those", "other", "more", "additional", "-", "x"}
)


@dataclass(frozen=True, slots=True)
class CountPhrase:
    """A phrase that counts people.

    Attributes:
        first: Index of its first token (bound words included).
        last: Index of its last token.
        head: Index of the token that stands for the phrase in the parse.
        noun: Index of the counted noun; None for a bare number.
        min: Lower bound; None: none.
        max: Upper bound; None: open.
        kind: "number", "indefinite" ("a man"), "plural" (no number: "civilians", "others"), "definite" ("the man"),
            "anaphoric" ("the men": no number of its own), "named" (a person's name), "none" ("no one").
        other: Whether it says that there are others apart from these ("seven others", "another civilian", "more").
    """

    first: int
    last: int
    head: int
    noun: int | None
    min: int | None
    max: int | None
    kind: str
    other: bool = False
    tokens: tuple[int, ...] = field(default=(), compare=False)


def noun_after(doc: Doc, at: int) -> tuple[int | None, int]:
    """The counted noun in the nominal run that starts at `at`: (its index or None, last index of the run used)."""
    i, noun, last = at, None, at - 1
    while i < len(doc) and i < at + _LONGEST_RUN:
        token = doc[i]
        word = token.lower_
        if word in ("(", "-LRB-", "[") and (i > at or word == "["):
            close = next((j for j in range(i + 1, min(i + 5, len(doc))) if doc[j].text in (")", "]")), None)
            if close is None:
                break
            i = close + 1
            continue
        if word in _CLOSING and noun == i - 1 and i + 1 < len(doc) and doc[i + 1].tag_ == "NNS":
            i += 1  # '38 "crusader" troops'
            continue
        form = casualty_form(word)
        person = is_person_noun(word) and token.tag_ not in ("VBZ", "VBP", "VB") and not _describes(doc, i)
        if (
            word in _QUOTES
            and noun is None
            and i + 1 < len(doc)
            and doc[i + 1].tag_ in ("NN", "NNS", "NNP", "NNPS", "JJ")
        ):
            i += 1  # 'killed 23 "terrorists"'
            continue
        if noun is not None and form is not None and not (person and token.tag_ in ("NN", "NNS")):
            break
        if noun == i - 1 and word in _LISTED and doc[noun].tag_ in ("NNS", "NNPS"):
            break  # "20 women children and old men", commas lost
        if token.tag_ == "CD" and i > at and doc[i - 1].tag_ in ("NNP", "NN") and doc[i + 1 : i + 2].text != "-":
            break  # "KDKA 11 News two brothers": another number
        if word in ("including", "among") or (token.tag_ == "VBD" and any(c.dep_ == "nsubj" for c in token.children)):
            break  # "14 including six children", "two sides exchanged prisoners"
        if noun is None and word in ("made", "taken") and doc.lower[i + 1 : i + 2] in _CAPTIVE:
            break  # "eight soldiers were killed, three made prisoner"
        if noun is None and word in _HALVES and [t.text for t in doc[i + 1 : i + 2]] == ["-"]:
            i += 2
            continue  # "two off-duty soldiers", "three under-age girls"
        if word in _MOSTLY and i + 1 < len(doc) and _is_plural_person(doc, i + 1):
            break  # "60 mostly women and children"
        if word == "and" and noun in (None, i - 1) and i > at and _joins_modifiers(doc, i):
            noun = None
            i += 1
            continue  # "40 government and opposition soldiers"
        if noun is not None and not person and token.tag_ not in ("NN", "NNS", "NNP", "NNPS", "HYPH", "POS"):
            break
        if (
            noun is None
            and form is not None
            and form[1] in ("verb", "adjective", "intransitive")
            and token.tag_ in ("VBN", "VBD", "JJ", "VBG")
        ):
            following = doc[i + 1] if i + 1 < len(doc) else None
            if (
                following is None or not is_person_noun(following.lower_) or following.tag_ not in ("NNS", "NN", "NNPS")
            ) and not (
                i + 2 < len(doc)
                and doc[i + 1].tag_ == "JJ"
                and casualty_form(doc[i + 1].lower_) is None
                and _is_plural_person(doc, i + 2)
            ):  # "two missing political workers"
                break
        if person:
            noun, last = i, i
        elif is_unit(word) and token.tag_ in ("NN", "NNS") and noun is None:
            if not _leads_to_people(doc, i):
                return -1, i
        elif word not in ("more", "additional", "further", *_BEST) and (
            token.tag_ not in _NOMINAL or word in ("said", "monitor", "was", "were", "had")
        ):
            break
        i += 1
    return noun, last


def _is_plural_person(doc: Doc, at: int) -> bool:
    """Whether a token is a plural that names people."""
    return doc[at].tag_ in ("NNS", "NNPS") and is_person_noun(doc[at].lower_)


def _joins_modifiers(doc: Doc, at: int) -> bool:
    """Whether an "and" joins two words that describe the noun after them: "40 government and opposition soldiers"."""
    if doc[at - 1].tag_ not in ("NN", "NNP", "JJ") or (
        is_person_noun(doc[at - 1].lower_) and not (doc[at - 1].lower_ in _SIDES and doc[at + 1].lower_ in _SIDES)
    ):
        return False
    for i in range(at + 2, min(at + 4, len(doc))):
        if doc[i - 1].tag_ not in ("NN", "NNP", "JJ"):
            return False
        if _is_plural_person(doc, i):
            return True
    return False


def _leads_to_people(doc: Doc, unit: int) -> bool:
    """Whether a unit only describes the people behind it: "two motorcycle taxi drivers", "six mile runners"."""
    for token in doc[unit + 1 : unit + 4]:
        if is_person_noun(token.lower_):
            return True
        if token.tag_ not in ("NN", "NNP", "JJ", "HYPH") or token.lower_ == "old":
            return False
    return False


def _describes(doc: Doc, at: int) -> bool:
    """Whether a word that may name people only describes the noun after it ("minor injuries", "21 Syrian moderate fighters")."""
    if doc[at].tag_ == "JJ" and at + 1 < len(doc) and doc[at + 1].tag_ == "JJ":
        return any(_is_plural_person(doc, i) for i in range(at + 2, min(at + 5, len(doc))))
    following = doc[at + 1] if at + 1 < len(doc) else None
    return (
        doc[at].tag_ == "JJ"
        and following is not None
        and following.tag_ in ("NN", "NNS")
        and not is_person_noun(following.lower_)
    )


def is_other(doc: Doc, first: int, last: int) -> bool:
    """Whether a phrase says that there are others apart from these ("seven others", not "more than seven")."""
    return any(
        t.lower_ in ("other", "others", "another", "more", "additional", "further", "rest")
        and not (t.lower_ == "more" and t.i + 1 < len(doc) and doc[t.i + 1].lower_ == "than")
        for t in doc[first : last + 1]
    )
