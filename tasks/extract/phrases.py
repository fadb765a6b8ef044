"""Finds the phrases of a passage that count people: "at least seven civilians", "a woman", "dozens of others", "120"."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tasks.extract.numbers import Quantity, is_unit, read_quantities
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
_OF_WORDS: Final = frozenset(
    {"of", "the", "its", "his", "her", "their", "our", "these", "those", "other", "more", "additional", "-"}
)
_ALL_HURT: Final = frozenset({"dead", "killed", "slain", "wounded", "injured", "victims", "casualties", "fatalities"})
_SINGULAR_DETERMINERS: Final = frozenset({"a", "an", "another", "one"})
_DEFINITE: Final = frozenset(
    {"the", "his", "her", "their", "its", "this", "that", "these", "those", "both", "my", "our"}
)
_LONGEST_RUN: Final = 12
_HURT: Final = frozenset({"wounded", "injured", "hurt"})


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


def _noun_after(doc: Doc, at: int) -> tuple[int | None, int]:
    """The counted noun in the nominal run that starts at `at`: (its index or None, last index of the run used)."""
    i, noun, last = at, None, at - 1
    while i < len(doc) and i < at + _LONGEST_RUN:
        token = doc[i]
        word = token.lower_
        if word in ("(", "-LRB-") and i > at:
            close = next((j for j in range(i + 1, min(i + 5, len(doc))) if doc[j].text == ")"), None)
            if close is None:
                break
            i = close + 1
            continue
        form = casualty_form(word)
        person = is_person_noun(word) and token.tag_ not in ("VBZ", "VBP", "VB")
        if noun is not None and form is not None and not (person and token.tag_ in ("NN", "NNS")):
            break
        if noun is not None and not person and token.tag_ not in ("NN", "NNS", "NNP", "NNPS", "HYPH", "POS"):
            break
        if (
            noun is None
            and form is not None
            and form[1] in ("verb", "adjective", "intransitive")
            and token.tag_ in ("VBN", "VBD", "JJ", "VBG")
        ):
            following = doc[i + 1] if i + 1 < len(doc) else None
            if following is None or not is_person_noun(following.lower_) or following.tag_ not in ("NNS", "NN", "NNPS"):
                break
        if person:
            noun, last = i, i
        elif is_unit(word) and token.tag_ in ("NN", "NNS") and noun is None:
            following = doc[i + 1] if i + 1 < len(doc) else None
            if following is None or not is_person_noun(following.lower_):
                return -1, i
        elif word not in ("more", "additional", "further") and (
            token.tag_ not in _NOMINAL or word in ("said", "monitor", "was", "were", "had")
        ):
            break
        i += 1
    return noun, last


def _is_other(doc: Doc, first: int, last: int) -> bool:
    return any(
        t.lower_ in ("other", "others", "another", "more", "additional", "further", "rest")
        and not (t.lower_ == "more" and t.i + 1 < len(doc) and doc[t.i + 1].lower_ == "than")
        for t in doc[first : last + 1]
    )


def _number_phrase(doc: Doc, quantity: Quantity) -> CountPhrase | None:
    at = quantity.last + 1
    of = at < len(doc) and doc[at].lower_ in ("of", "among")
    while at < len(doc) and doc[at].lower_ in _OF_WORDS and at < quantity.last + 5:
        at += 1
    core = quantity.last
    if of and at < len(doc) and doc[at].lower_ in _ALL_HURT:
        return CountPhrase(quantity.first, core, core, None, quantity.min, quantity.max, "number")
    noun, last = _noun_after(doc, at)
    if noun == -1:
        return None
    first = quantity.first
    if noun is None and not of and doc[core].lower_ == "couple":
        return _couple(doc, quantity)
    if noun is None and (whole := _family_of(doc, quantity)) is not None:
        return whole
    if noun is None and of and (at < len(doc) and doc[at].lower_ in _HURT and doc[at - 1].lower_ == "the"):
        return CountPhrase(first, at, core, at, quantity.min, quantity.max, "number")
    if noun is None:
        if of and at + 1 < len(doc) and doc[at].lower_ in ("them", "whom", "these", "those"):
            people = [t.i for t in doc[at + 1 : at + 4] if is_person_noun(t.lower_)]  # whatever the tagger says
            if people:
                return CountPhrase(first, people[-1], core, people[-1], quantity.min, quantity.max, "number")
        if of and at < len(doc) and doc[at].lower_ == "own":
            return CountPhrase(first, at, core, None, quantity.min, quantity.max, "number")
        if of and not (at < len(doc) and doc[at].lower_ in ("them", "whom", "which")):
            return _unknown_of(doc, quantity, at)
        if at < len(doc) and doc[at].tag_ in ("NN", "NNS", "NNP", "NNPS") and not casualty_form(doc[at].lower_):
            return _unknown_noun(doc, quantity, at)
        last = core if not _is_other(doc, core + 1, at - 1) else at - 1
        head = core
    else:
        head = core if of else noun
    return CountPhrase(
        first, max(last, core), head, noun, quantity.min, quantity.max, "number", _is_other(doc, first, max(last, core))
    )


def _couple(doc: Doc, quantity: Quantity) -> CountPhrase:
    """For "an elderly couple": two people, with what stands before the word."""
    first = quantity.first
    while first > 0 and doc[first - 1].tag_ in ("JJ", "DT", "NN", "VBN") and doc[first - 1].head.i == quantity.last:
        first -= 1
    return CountPhrase(first, quantity.last, quantity.last, quantity.last, 2, 2, "number")


def _family_of(doc: Doc, quantity: Quantity) -> CountPhrase | None:
    """For "a family of five": as many as the number says."""
    at = quantity.first - 2
    if at < 0 or doc[at + 1].lower_ != "of" or doc[at].lower_ != "family":
        return None
    first = at
    while first > 0 and doc[first - 1].tag_ in ("DT", "JJ", "NN", "NNP") and doc[first - 1].head.i == at:
        first -= 1
    return CountPhrase(first, quantity.last, at, at, quantity.min, quantity.max, "number")


def _unknown_noun(doc: Doc, quantity: Quantity, at: int) -> CountPhrase | None:
    """A number before a noun that is in no list ("14 Kurds"): kept where the noun can be people; the linker decides."""
    last = at
    while (
        last + 1 < len(doc)
        and doc[last + 1].tag_ in ("NN", "NNS", "NNP", "NNPS")
        and last < at + 4
        and not casualty_form(doc[last + 1].lower_)
    ):
        last += 1
    if is_unit(doc[last].lower_) or is_unit(doc[at].lower_) or doc[last].tag_ == "NN":
        return None
    return CountPhrase(quantity.first, last, last, last, quantity.min, quantity.max, "unknown", False)


def _unknown_of(doc: Doc, quantity: Quantity, at: int) -> CountPhrase | None:
    if at < len(doc) and doc[at].tag_ in ("NNS", "NNPS", "NNP") and not is_unit(doc[at].lower_):
        return _unknown_noun(doc, quantity, at)
    return None


def _determined(doc: Doc, taken: set[int]) -> list[CountPhrase]:
    """Phrases with no number: "a man", "the officer", "civilians", "others"."""
    found = []
    for token in doc:
        word = token.lower_
        if token.i in taken or not is_person_noun(word) or token.tag_ not in ("NN", "NNS", "NNP", "NNPS", "JJ"):
            continue
        if word in (
            "dead",
            "wounded",
            "injured",
            "life",
            "lives",
            "death",
            "deaths",
            "police",
            "group",
            "party",
            "team",
            "crew",
            "sources",
            "staff",
            "family",
            "human",
        ) and (word not in ("police", "family") or token.dep_ not in ("dobj", "nsubjpass")):
            continue
        following = doc[token.i + 1] if token.i + 1 < len(doc) else None
        if (
            following is not None
            and following.tag_ in ("NN", "NNS", "NNP")
            and is_person_noun(following.lower_)
            and token.dep_ == "compound"
        ):
            continue
        first = token.left_edge.i
        first = max(first, token.i - _LONGEST_RUN)
        determiner, start = None, token.i
        for j in range(token.i - 1, first - 1, -1):
            if (
                j in taken
                or doc[j].lower_ in (",", "and", "or")
                or (doc[j].tag_.startswith(("V", "IN")) and doc[j].tag_ not in ("VBN", "VBG"))
            ):
                break
            start = j
            if doc[j].lower_ in _SINGULAR_DETERMINERS or doc[j].lower_ in _DEFINITE or doc[j].lower_ == "no":
                determiner = doc[j].lower_
                break
        if {"how", "many"} <= {t.lower_ for t in doc[max(0, start - 1) : token.i]}:
            continue  # "it was not clear how many people were killed"
        plural = token.tag_ in ("NNS", "NNPS") or word in ("police", "others", "people", "children", "women", "men")
        phrase = _phrase_of(doc, token.i, start, determiner, plural)
        if phrase is not None:
            found.append(phrase)
            taken.update(range(phrase.first, phrase.last + 1))
    return found


def _phrase_of(doc: Doc, noun: int, start: int, determiner: str | None, plural: bool) -> CountPhrase | None:
    other = _is_other(doc, start, noun)
    if determiner == "no":
        return CountPhrase(start, noun, noun, noun, 0, 0, "none")
    if determiner in _SINGULAR_DETERMINERS and not plural and start and doc[start - 1].lower_ == "not":
        return CountPhrase(start - 1, noun, noun, noun, 0, 0, "none")  # "not a single civilian"
    if determiner in _SINGULAR_DETERMINERS and not plural:
        return CountPhrase(start, noun, noun, noun, 1, 1, "indefinite", other)
    if determiner in _DEFINITE:
        if plural:
            return CountPhrase(start, noun, noun, noun, 2, None, "anaphoric", other)
        return CountPhrase(start, noun, noun, noun, 1, 1, "definite", other)
    if plural:
        return CountPhrase(
            noun if start != noun and doc[start].tag_ == "DT" else start, noun, noun, noun, 2, None, "plural", other
        )
    if doc[noun].tag_ in ("NNP", "NN") and determiner is None:
        return CountPhrase(start, noun, noun, noun, 1, 1, "definite", other)
    return None


def _aged(doc: Doc, taken: set[int]) -> list[CountPhrase]:
    """For "a 15-year-old", "the 18-month old": people told by their age alone."""
    found = []
    for token in doc:
        if token.lower_ not in ("old", "olds") or token.i in taken or token.i < 3:
            continue
        words = [t.lower_ for t in doc[max(0, token.i - 5) : token.i]]
        if not any(w in ("year", "years", "month", "months") for w in words[-3:]):
            continue
        following = doc[token.i + 1] if token.i + 1 < len(doc) else None
        if following is not None and (
            is_person_noun(following.lower_) or (following.tag_ in ("NN", "NNS") and following.dep_ != "npadvmod")
        ):
            continue
        run = itertools.takewhile(lambda t: t.tag_ in ("NNP", "JJ", "NN", "JJS", "POS"), doc[token.i + 1 : token.i + 6])
        if any(is_person_noun(t.lower_) for t in run):
            continue  # "a 3-year-old Joplin girl": the noun is what is counted
        start = token.i
        while (
            start > 0
            and token.i - start < 6
            and doc[start - 1].lower_ not in (",", "and", "of", "by", "for", "with", "that", "to")
            and not doc[start - 1].tag_.startswith("V")
        ):
            start -= 1
        named = following is not None and following.tag_ == "NNP"
        last = token.i
        while named and last + 1 < len(doc) and doc[last + 1].tag_ == "NNP":
            last += 1
        found.append(CountPhrase(start, last, last if named else token.i, token.i, 1, 1, "indefinite"))
        taken.update(range(start, last + 1))
    return found


def _single_words(doc: Doc, taken: set[int]) -> list[CountPhrase]:
    """For "another" and "he", "she": one person; the linker takes them only beside a casualty word."""
    found = []
    for token in doc:
        if token.i in taken:
            continue
        behind_verb = token.i > 0 and (form := casualty_form(doc[token.i - 1].lower_)) is not None and form[1] == "verb"
        if (token.lower_ == "another" and behind_verb and not _counts_a_noun(doc, token.i)) or (
            token.lower_ == "another"
            and token.tag_ == "DT"
            and token.dep_ in ("dobj", "nsubj", "nsubjpass", "conj", "pobj", "ROOT", "dep", "appos")
        ):
            found.append(CountPhrase(token.i, token.i, token.i, token.i, 1, 1, "indefinite", True))
        elif token.lower_ in ("he", "she") and token.dep_ in ("nsubj", "nsubjpass"):
            found.append(CountPhrase(token.i, token.i, token.i, token.i, 1, 1, "definite"))
    return found


def _counts_a_noun(doc: Doc, at: int) -> bool:
    """Whether "another" stands before a noun of its own ("another man")."""
    return at + 1 < len(doc) and (
        is_person_noun(doc[at + 1].lower_) or doc[at + 1].tag_ == "CD" or doc[at + 1].lower_ == "one"
    )


def _named(doc: Doc, taken: set[int]) -> list[CountPhrase]:
    """Runs of proper nouns that may be a person's name: the linker takes them only as the subject or object of a casualty verb."""
    found, i = [], 0
    while i < len(doc):
        if doc[i].tag_ in ("NNP", "NNPS") and i not in taken:
            j = i
            while j + 1 < len(doc) and doc[j + 1].tag_ in ("NNP", "NNPS") and j + 1 not in taken:
                j += 1
            found.append(CountPhrase(i, j, j, j, 1, 1, "named"))
            i = j
        i += 1
    return found


def find_count_phrases(doc: Doc) -> list[CountPhrase]:
    """All phrases of a parsed passage that count (or could count) people, left to right."""
    words = [t.lower_ for t in doc]
    phrases: list[CountPhrase] = []
    taken: set[int] = set()
    for i, word in enumerate(words):
        if word == "no" and any((f := casualty_form(w)) is not None and f[1] == "noun" for w in words[i + 1 : i + 3]):
            last = next(j for j in range(i + 1, i + 3) if casualty_form(words[j]))
            phrases.append(CountPhrase(i, last, last, last, 0, 0, "none"))
            taken.update(range(i, last + 1))
            continue
        if word in ("nobody", "none") or (word == "no" and words[i + 1 : i + 2] == ["one"]):
            last = i + (word == "no")
            phrases.append(CountPhrase(i, last, last, last, 0, 0, "none"))
            taken.update(range(i, last + 1))
    for quantity in read_quantities(words):
        if any(i in taken for i in range(quantity.first, quantity.last + 1)) or _is_no_count(doc, quantity):
            continue
        phrase = _number_phrase(doc, quantity)
        if phrase is None:
            taken.update(range(quantity.first, quantity.last + 1))
            continue
        phrases.append(phrase)
        taken.update(range(phrase.first, phrase.last + 1))
    phrases += _aged(doc, taken)
    phrases += _determined(doc, taken)
    phrases += _single_words(doc, taken)
    names = _named(doc, taken)
    titled = {n.first - 1 for n in names}
    phrases = [p for p in phrases if not (p.kind == "definite" and p.last in titled and doc[p.last].tag_ == "NNP")]
    phrases += names
    return sorted(phrases, key=lambda p: p.first)


def _is_no_count(doc: Doc, quantity: Quantity) -> bool:
    """Whether a number is an age, a date, a year, a time or part of a name."""
    last = doc[quantity.last]
    following = doc[quantity.last + 1] if quantity.last + 1 < len(doc) else None
    previous = doc[quantity.first - 1] if quantity.first else None
    if (
        following is not None
        and following.lower_ in ("-", "–")
        and quantity.last + 2 < len(doc)
        and doc[quantity.last + 2].lower_
        in (
            "year",
            "month",
            "day",
            "week",
            "hour",
            "man",
            "member",
            "strong",
            "kilometer",
            "km",
            "mile",
            "foot",
            "point",
        )
    ):
        return True
    if previous is not None and previous.lower_ in (
        "aged",
        "age",
        "no.",
        "number",
        "at",
        "since",
        "article",
        "resolution",
        "chapter",
        "page",
        "$",
        "highway",
        "route",
        "unit",
        "division",
        "brigade",
    ):
        return previous.lower_ != "at" or (quantity.bare and not _is_toll_at(doc, quantity))
    if _is_age(doc, quantity):
        return True
    if (
        last.lower_ == "one"
        and following is not None
        and following.lower_ in ("of", "another", "day")
        and not _one_of_people(doc, quantity)
    ):
        return True
    if (
        quantity.bare
        and quantity.min is not None
        and 1900 <= quantity.min <= 2100
        and last.text.isdigit()
        and len(last.text) == 4
    ):
        return following is None or not is_person_noun(following.lower_)
    months = (
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "jan",
        "feb",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
    )
    if following is not None and following.lower_ in months and following.tag_ != "MD" and quantity.bare:
        return True
    return (
        previous is not None
        and previous.lower_.rstrip(".") in months
        and previous.tag_ != "MD"
        and quantity.bare
        and (quantity.min or 0) <= 31
        and not (following is not None and is_person_noun(following.lower_))
    )


def _is_toll_at(doc: Doc, quantity: Quantity) -> bool:
    """Whether "at" leads to a count: "put the number of dead at 58", "the toll stands at 22"."""
    before = {t.lower_ for t in doc[max(0, quantity.first - 9) : quantity.first]}
    return bool(before & {"toll", "number", "count", "tally"})


def _is_age(doc: Doc, quantity: Quantity) -> bool:
    """Whether a bare number is somebody's age: "Ali Hassan, 47, was", "aged 19 and 21", "(34)"."""
    if not quantity.bare or quantity.first < 2:
        return False
    before, name = doc[quantity.first - 1], doc[quantity.first - 2]
    following = doc[quantity.last + 1] if quantity.last + 1 < len(doc) else None
    closed = following is None or following.text in (",", ")", ".", ";", "-", "--", "–")
    if before.text in (",", "(") and closed and name.tag_ in ("NNP", "NNPS", "NN"):
        return True
    words = [t.lower_ for t in doc[max(0, quantity.first - 5) : quantity.first]]
    return "aged" in words and all(
        w in ("aged", "and", ",", "to", "or") or w.isdigit() for w in words[words.index("aged") :]
    )


def _one_of_people(doc: Doc, quantity: Quantity) -> bool:
    at = quantity.last + 2
    while at < len(doc) and doc[at].lower_ in _OF_WORDS:
        at += 1
    if [t.lower_ for t in doc[at + 1 : at + 2]] == ["fatally"]:
        return True  # "one of them fatally"
    noun, _ = _noun_after(doc, at)
    return noun is not None and noun >= 0
