"""Phrases with a number ("at least seven civilians", "a family of five", "120"), and numbers that count nobody."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from tasks.extract.numbers import Quantity, is_unit
from tasks.extract.phrase import OF_WORDS, CountPhrase, is_other, noun_after
from tasks.extract.predicates import casualty_form
from tasks.extract.victims import is_person_noun

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc

_DETERMINERS: Final = frozenset({"the", "its", "his", "her", "their", "our", "these", "those"})
_OWN: Final = frozenset({"own", "theirs", "ours", "number"})  # "eighteen of theirs", "four of their number"
_FAMILIES: Final = frozenset({"family", "household", "crew", "squad", "cell", "patrol"})
_ALL_HURT: Final = frozenset({"dead", "killed", "slain", "wounded", "injured", "victims", "casualties", "fatalities"})
_GROUPS: Final = frozenset(
    {"group", "band", "gang", "convoy", "patrol", "team", "unit", "squad", "party", "crowd", "column", "contingent"}
)
_HURT: Final = frozenset({"wounded", "injured", "hurt"})
# what has a number behind it: ages, times, and things by number
_NUMBERED: Final = frozenset(
    "aged age ages no. number at since article resolution chapter page $ highway route unit division brigade".split()
)
_MEASURES: Final = frozenset("year month day week hour man member strong kilometer km mile foot point".split())
_BEFORE_YEARS: Final = frozenset(
    "in since until till during early late mid spring summer autumn fall winter year".split()
)
_MONTHS: Final = frozenset(
    "january february march april may june july august september october november december "
    "jan feb apr jun jul aug sep sept oct nov dec".split()
)
_AGES_IN_WORDS: Final = frozenset("two three four five six seven eight nine ten eleven twelve".split())


def number_phrase(doc: Doc, quantity: Quantity) -> CountPhrase | None:
    """A number with the noun that it counts; None where it counts no people."""
    at = quantity.last + 1
    of = at < len(doc) and doc[at].lower_ in ("of", "among")
    while at < len(doc) and doc[at].lower_ in OF_WORDS and at < quantity.last + 5:
        if not of and doc[at].lower_ in _DETERMINERS and doc[quantity.last].lower_ != "both":
            break  # "wounded dozens more the governor said", commas lost
        at += 1
    core = quantity.last
    first = quantity.first
    if of and _is_one_of_a_number(doc, quantity, at):
        return None
    if _dead_and_wounded(doc, at):
        noun, last = noun_after(doc, at + 3)
        noun = None if noun == -1 else noun
        last = at + 2 if noun is None else last
        return CountPhrase(first, last, core, noun, quantity.min, quantity.max, "number")
    if of and at < len(doc) and doc[at].lower_ in _ALL_HURT:
        return CountPhrase(quantity.first, core, core, None, quantity.min, quantity.max, "number")
    if doc.lower[at : at + 2] in (["cases", "of"], ["case", "of"]):
        return CountPhrase(quantity.first, at, at, at, quantity.min, quantity.max, "number")
    noun, last = noun_after(doc, at)
    if noun == -1:
        return None
    if noun is None and not of and doc[core].lower_ == "couple":
        return _couple(doc, quantity)
    if noun is None and (whole := _family_of(doc, quantity)) is not None:
        return whole
    if noun is None and of and (at < len(doc) and doc[at].lower_ in _HURT and doc[at - 1].lower_ == "the"):
        return CountPhrase(first, at, core, at, quantity.min, quantity.max, "number")
    if noun is None:
        if of and at + 1 < len(doc) and doc[at].lower_ in ("them", "whom", "these", "those"):
            told = itertools.takewhile(lambda t: t.lower_ not in ("and", "while", "the", ","), doc[at + 1 : at + 4])
            people = [t.i for t in told if is_person_noun(t.lower_)]  # whatever the tagger says
            if people:
                return CountPhrase(first, people[-1], core, people[-1], quantity.min, quantity.max, "number")
        if of and at < len(doc) and doc[at].lower_ in _OWN:
            return CountPhrase(first, at, core, None, quantity.min, quantity.max, "number")
        if of and not (at < len(doc) and doc[at].lower_ in ("them", "whom", "which")):
            return _unknown_of(doc, quantity, at)
        at = _behind_adjectives(doc, at)
        if at < len(doc) and doc[at].tag_ in ("NN", "NNS", "NNP", "NNPS") and not casualty_form(doc[at].lower_):
            return _unknown_noun(doc, quantity, at)
        last = core if not is_other(doc, core + 1, at - 1) else at - 1
        head = core
    else:
        head = core if of else noun
        if (group := _group_before(doc, first)) is not None:
            head = group
    return CountPhrase(
        first, max(last, core), head, noun, quantity.min, quantity.max, "number", is_other(doc, first, max(last, core))
    )


def _is_one_of_a_number(doc: Doc, quantity: Quantity, at: int) -> bool:
    """For "she was one of 12 people killed": the twelve are counted."""
    words = doc.lower
    counted = words[at : at + 2] == ["at", "least"] or (at < len(doc) and doc[at].tag_ == "CD")
    return words[quantity.last] == "one" and counted and words[quantity.first - 1] in ("was", "is", "were")


def _dead_and_wounded(doc: Doc, at: int) -> bool:
    """Whether "dead and wounded", "killed or injured" stands at a token, for one number."""
    words = doc.lower[at : at + 3]
    if len(words) < 3 or words[1] not in ("and", "or"):
        return False
    first, second = casualty_form(words[0]), casualty_form(words[2])
    states = ("adjective", "verb")
    return (
        first is not None
        and second is not None
        and {first[0], second[0]} == {"killed", "injured"}
        and first[1] in states
        and second[1] in states
        and words[0][-3:] != "ing"
    )


def _group_before(doc: Doc, first: int) -> int | None:
    """The noun of "a group of 60 mercenaries", which stands for those counted in the parse."""
    at = first - 2
    if at < 1 or doc[at + 1].lower_ != "of" or doc[at].lower_ not in _GROUPS:
        return None
    return at if any(t.lower_ in ("a", "an", "another") for t in doc[max(0, at - 3) : at]) else None


def _couple(doc: Doc, quantity: Quantity) -> CountPhrase:
    """For "an elderly couple": two people, with what stands before the word."""
    first = quantity.first
    while first > 0 and doc[first - 1].tag_ in ("JJ", "DT", "NN", "VBN") and doc[first - 1].head.i == quantity.last:
        first -= 1
    return CountPhrase(first, quantity.last, quantity.last, quantity.last, 2, 2, "number")


def _family_of(doc: Doc, quantity: Quantity) -> CountPhrase | None:
    """For "a family of five", "its crew of four": as many as the number says."""
    at = quantity.first - 2
    at -= at > 0 and doc[at].text in ('"', "”", "'")
    if at < 0 or doc[quantity.first - 1].lower_ != "of" or doc[at].lower_ not in _FAMILIES:
        return None
    first = at
    while first > 0 and doc[first - 1].tag_ in ("DT", "JJ", "NN", "NNP") and doc[first - 1].head.i == at:
        first -= 1
    return CountPhrase(first, quantity.last, at, at, quantity.min, quantity.max, "number")


def _behind_adjectives(doc: Doc, at: int) -> int:
    """The noun of "seven all-terrain vehicles", "two heavily fortified positions"; else the token itself."""
    i = at
    while i < min(at + 5, len(doc)) and (doc[i].tag_ in ("JJ", "HYPH") or doc[i + 1 : i + 2].text == "-"):
        if casualty_form(doc[i].lower_) is not None:
            return at
        i += 1
    return i if i < len(doc) and doc[i].tag_ in ("NNS", "NN") else at


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


def is_no_count(doc: Doc, quantity: Quantity) -> bool:
    """Whether a number is an age, a date, a year, a time or part of a name."""
    following = doc[quantity.last + 1] if quantity.last + 1 < len(doc) else None
    previous = doc[quantity.first - 1] if quantity.first else None
    if following is not None and following.lower_ in ("-", "–") and _begins_a_compound(doc, quantity.last + 2):
        return True
    if previous is not None and previous.lower_ in _NUMBERED:
        return previous.lower_ != "at" or (quantity.bare and not _is_toll_at(doc, quantity))
    if _is_age(doc, quantity) or _is_age_of_name(doc, quantity) or _is_one_of_things(doc, quantity):
        return True
    counts_people = following is not None and is_person_noun(following.lower_)
    if _is_year(doc, quantity):
        return not counts_people or _ends_a_date(doc, quantity.first)
    if quantity.bare and following is not None and following.text[:1].isdigit() and following.text.count(".") == 2:
        return True  # "1735 15.04.2017", litter of a page
    if not quantity.bare:
        return False
    if following is not None and following.lower_ in _MONTHS and following.tag_ != "MD":
        return True
    month_before = previous is not None and previous.lower_.rstrip(".") in _MONTHS and previous.tag_ != "MD"
    return month_before and (quantity.min or 0) <= 31 and not counts_people


def _begins_a_compound(doc: Doc, at: int) -> bool:
    """Whether what stands after a number and its hyphen makes an adjective of it ("a 12-year jail term", "a ten-household administrator")."""
    if at >= len(doc):
        return False
    compound = doc[at].tag_ == "NN" and at + 1 < len(doc) and doc[at + 1].tag_ in ("NN", "NNS")
    return doc[at].lower_ in _MEASURES or (compound and doc[at - 1].text == "-")


def _is_one_of_things(doc: Doc, quantity: Quantity) -> bool:
    """Whether a number is the "one" of "one of the trucks", "one another", "one day"."""
    following = doc.lower[quantity.last + 1 : quantity.last + 2]
    stands_alone = doc[quantity.last].lower_ == "one" and following in (["of"], ["another"], ["day"])
    return stands_alone and not _one_of_people(doc, quantity)


def _is_year(doc: Doc, quantity: Quantity) -> bool:
    last = doc[quantity.last].text
    return quantity.bare and last.isdigit() and len(last) == 4 and 1900 <= (quantity.min or 0) <= 2100


def _ends_a_date(doc: Doc, at: int) -> bool:
    """Whether a year stands where dates have it: "on 3 March 2015 gunmen killed", "In 2011 soldiers", "March 3rd 2015 rebels"."""
    before = doc[at - 1] if at else None
    if before is None or before.lower_ in _BEFORE_YEARS:
        return before is not None
    month = doc[at - 2] if at > 1 and before.lower_.rstrip("stndrh").isdigit() else before
    return month.lower_.rstrip(".") in _MONTHS and month.tag_ != "MD"


def _is_toll_at(doc: Doc, quantity: Quantity) -> bool:
    """Whether "at" leads to a count: "put the number of dead at 58", "the toll stands at 22"."""
    before = set(doc.lower[max(0, quantity.first - 9) : quantity.first])
    return bool(before & {"toll", "number", "count", "tally", "losses", "casualties"})


def _is_age(doc: Doc, quantity: Quantity) -> bool:
    """Whether a bare number is somebody's age: "Ali Hassan, 47, was", "aged 19 and 21", "(34)"."""
    if not quantity.bare or quantity.first < 2:
        return False
    before, name = doc[quantity.first - 1], doc[quantity.first - 2]
    following = doc[quantity.last + 1] if quantity.last + 1 < len(doc) else None
    closed = following is None or following.text in (",", ")", ".", ";", "-", "--", "–")
    if before.text in (",", "(") and closed and name.tag_ in ("NNP", "NNPS", "NN"):
        return True
    if before.lower_ in ("also", "both", "then") and closed and name.text == ",":
        return True  # "another teen, also 15, was shot"
    if following is not None and following.text == ")" and before.tag_ == "NNP":
        return True  # "(CBS 11)"
    behind = doc.lower[quantity.last + 1 : quantity.last + 5]
    ages = list(itertools.takewhile(lambda w: w in ("and", "years", "of", "old") or w.isdigit(), behind))
    if "years" in ages and ages[-1] in ("of", "old"):
        return True  # "two girls, 13 and 17 years of age"
    words = doc.lower[max(0, quantity.first - 5) : quantity.first]
    start = next((i for i, w in enumerate(words) if w in ("aged", "ages")), None)
    return start is not None and all(
        w in ("and", ",", "to", "or", "between") or w.isdigit() or w in _AGES_IN_WORDS for w in words[start + 1 :]
    )


def _is_age_of_name(doc: Doc, quantity: Quantity) -> bool:
    """Whether a bare number is the age behind a name where commas are lost: "Corporal Daniel Vega 24 was shot"."""
    at = quantity.first - 1
    if not quantity.bare or at < 1 or not 3 <= (quantity.min or 0) < 100 or doc[quantity.last].is_alpha:
        return False
    first = at
    while first >= 0 and doc[first].tag_ == "NNP":
        first -= 1
    behind = doc[quantity.last + 1].lower_ if quantity.last + 1 < len(doc) else ""
    if at - first < 2 or (first >= 0 and doc[first].tag_ in ("IN", "TO")):
        return False  # "in Tel Aviv 24 were hurt"
    return behind in ("was", "who", "has", "is") or (
        behind == "and" and doc[quantity.last + 2 : quantity.last + 3].text.istitle()
    )


def _one_of_people(doc: Doc, quantity: Quantity) -> bool:
    at = quantity.last + 2
    if doc.lower[at : at + 1] in (["theirs"], ["ours"]):
        return True
    while at < len(doc) and doc[at].lower_ in OF_WORDS:
        at += 1
    if doc.lower[at + 1 : at + 2] == ["fatally"]:
        return True  # "one of them fatally"
    noun, _ = noun_after(doc, at)
    return noun is not None and noun >= 0
