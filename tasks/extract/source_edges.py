"""Where the words of a speaker begin and end: the noun phrase around its head, before or after the verb."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tasks.extract import source_lexicon as lex

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc, Token

_NOMINAL: Final = frozenset(
    {"NN", "NNS", "NNP", "NNPS", "JJ", "POS", "HYPH", "FW", "NFP", "AFX", "ADD", "JJS", "VBG", "VBN", ":"}
)
_LINKS: Final = frozenset("of at for in from with on to and - & the a an 's ’s ( ) s ' al".split())
DETERMINERS: Final = frozenset(
    {"the", "a", "an", "its", "our", "their", "his", "her", "some", "another", "one", "local", "several", "two"}
)
DAYS: Final = frozenset(
    {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "yesterday", "today"}
)
TITLES: Final = frozenset(
    "mr mrs ms dr sheikh col gen lt maj capt sgt brig cpl cmdr adm insp supt rev hon prof fr".split()
)
_FINITE: Final = frozenset({"VBD", "VBZ", "VBP", "MD"})
_LONGEST: Final = 16


@dataclass(frozen=True, slots=True)
class Phrase:
    """A speaker phrase: tokens first to last of the Doc, the head noun, and the rule that found it."""

    first: int
    last: int
    head: int
    rule: str


def first_of_name(name: Token) -> int:
    """Where the capitals begin that end in a name: "an attack the Free Voice group blamed on the army"."""
    first = name.i
    while first and name.doc[first - 1].tag_ in ("NNP", "NNPS"):
        first -= 1
    return first


def left_of(doc: Doc, head: int, start: int) -> int:
    """First token of the noun phrase that ends in `head`."""
    first = head
    while first > start and head - first < 10:
        token = doc[first - 1]
        if token.lower_ in DETERMINERS:
            return first - 1
        if token.text in (";", ":"):
            break
        following = doc[first]
        if following.text[:1].isupper() and (
            token.tag_ == "NNS" or (following.tag_ == "JJ" and token.tag_ in ("NN", "NNP"))
        ):
            break  # text without commas: "… hurting 19 villagers Chadian state radio said"
        if token.lower_ in DAYS or (token.tag_ not in _NOMINAL and token.text != "-"):
            break
        first -= 1
    return first


def right_of(doc: Doc, head: int, stop: int) -> int:
    """Last token of the noun phrase with its "of", "at", "for" phrases and appositions; before a clause, a verb or a day."""
    last = head
    i = head + 1
    while i < stop and i - head < _LONGEST:
        token = doc[i]
        word = token.lower_
        if (
            word in DAYS
            or word in ("who", "which", "that", "said", "told", "says")
            or (token.tag_.startswith(("VB", "MD", "PRP", "WP", "RB", "CD")) and token.tag_ not in ("VBN", "VBG"))
        ):
            break
        if token.tag_ in ("VBN", "VBG") and i + 1 < stop and doc[i + 1].tag_ not in _NOMINAL:
            break
        if token.text == "." and doc[i - 1].lower_ in TITLES:
            i += 1
            continue
        if token.text in (".", ":", ";", '"', "”", "“") or (token.text == "," and _opens_clause(doc, i + 1, stop)):
            break
        if token.tag_ in _NOMINAL or word in ("based", "backed", "linked", "aligned"):
            last = i
        elif (word not in _LINKS and token.text != "," and token.tag_ not in ("IN", "DT", "CC")) or (
            token.tag_ == "IN" and word not in _LINKS
        ):
            break
        i += 1
    return last


def _opens_clause(doc: Doc, start: int, stop: int) -> bool:
    """Whether a comma ends the speaker's phrase: "according to a witness, gunmen killed four" (but not "Ali Hassan, the mayor, said")."""
    for token in doc[start:stop]:
        if token.text in (",", ";", ".") or token.tag_ in ("WP", "WDT"):
            return False
        if token.tag_ in _FINITE:
            return True
    return False


def is_acronym(token: Token) -> bool:
    """Whether a token is a name of three capitals or more."""
    return len(token.text) > 2 and token.text.isupper()


def phrase_after(doc: Doc, start: int, stop: int, rule: str) -> Iterator[Phrase]:
    """The noun phrase that starts at `start`."""
    if rule == "told to" and any(
        t.lower_ in lex.word_list("unspoken", "told") for t in doc[start : min(start + 3, stop)]
    ):
        return  # "told reporters", "told this newspaper"
    i = start
    while (
        i < stop
        and (doc[i].lower_ in DETERMINERS or doc[i].tag_ in ("JJ", "CD", "DT") or doc[i].text in ('"', "“", "-"))
        and i < start + 6
        and doc[i].tag_ not in ("NNP",)
    ):
        i += 1
    if i >= stop:
        return
    if rule == "told to" and doc[i].tag_ not in ("NNP", "NNPS", "NN", "NNS") and not is_acronym(doc[i]):
        return
    if doc[i].tag_.startswith("PRP") and rule != "told to":
        yield Phrase(i, i, i, rule)
        return
    head = None
    while (
        i < stop
        and (doc[i].tag_ in _NOMINAL or doc[i].text in ("-", "'s", "’s"))
        and doc[i].lower_ not in DAYS
        and i < start + 12
    ):
        if doc[i].tag_.startswith("NN") or is_acronym(doc[i]):
            head = i
            if (
                rule == "told to"
                and i + 1 < stop
                and doc[i + 1].tag_ not in ("NNP", "NNPS", "NN", "HYPH")
                and doc[i + 1].text != "-"
            ):
                break
        i += 1
    while head is not None and doc[head].lower_ in lex.word_list("unspoken", "speakers"):
        head = head - 1 if head > start and doc[head - 1].tag_.startswith("NN") else None  # "an Observatory toll"
    if head is None:
        return
    last = head if rule == "told to" else right_of(doc, head, stop)
    yield Phrase(start, last, head, rule)
