"""Phrases without a number: "a man", "the officer", "civilians", "a 15-year-old", "another", names."""

from __future__ import annotations

import itertools
from functools import cache
from typing import TYPE_CHECKING, Final

from tasks.extract import lexicon
from tasks.extract.numbers import is_unit
from tasks.extract.phrase import CountPhrase, is_other
from tasks.extract.predicates import casualty_form
from tasks.extract.victims import is_attacker_noun, is_person_noun, is_rank, person_nouns

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc, Token

_SINGULAR_DETERMINERS: Final = frozenset({"a", "an", "another", "one"})
_DEFINITE: Final = frozenset(
    {"the", "his", "her", "their", "its", "this", "that", "these", "those", "both", "my", "our"}
)
_LONGEST_RUN: Final = 12
_EVERYBODY: Final = frozenset({"all", "everyone", "everybody", "most"})
_OF_ALL: Final = frozenset({"of", "those", "the", "its", "their", "people", "who", "were", "was", "persons"})
_RIDERS: Final = frozenset({"occupants", "passengers", "crew"})
_OF_SUBSTANCES: Final = frozenset({"chemical", "nerve", "biological", "toxic", "warfare", "blister", "choking"})
_LEAVE: Final = frozenset({"leaving", "left", "leaves"})
_NTH: Final = frozenset("second third fourth fifth sixth seventh eighth ninth tenth".split())
_ALONE: Final = _NTH | {"another", "he", "she", "him", "her"}
_GUNMEN: Final = frozenset({"gunman", "attacker", "assailant", "shooter", "assassin"})  # "before he was shot dead"
_DAYS: Final = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())


def determined_phrases(doc: Doc, taken: set[int]) -> list[CountPhrase]:
    """Phrases with no number: "a man", "the officer", "civilians", "others"."""
    found = []
    people = person_nouns()
    for token in [t for t in doc.tokens if t.lower_ in people]:
        word = token.lower_
        if token.i in taken or token.tag_ not in ("NN", "NNS", "NNP", "NNPS", "JJ"):
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
            "force",
        ) and (word not in ("police", "family") or token.dep_ not in ("dobj", "nsubjpass")):
            continue
        following = doc[token.i + 1] if token.i + 1 < len(doc) else None
        if (
            following is not None
            and following.tag_ in ("NN", "NNS", "NNP", "NNPS")
            and token.dep_ == "compound"
            and (is_person_noun(following.lower_) or is_person_noun(token.head.lower_))
        ):
            continue  # of "a lady health worker" the last is counted
        if token.dep_ == "poss" and is_person_noun(token.head.lower_) and casualty_form(token.head.lower_) is None:
            continue  # "the Russian consul's bodyguard"
        if doc[token.i + 1 : token.i + 2].text == "-" and is_person_noun(doc[token.i + 2 : token.i + 3].text.lower()):
            continue  # "Major-General Issa Khouli"
        if token.tag_ == "NNP" and _is_surname(doc, token.i):
            continue  # "a retired judge, Jean Rony Cadet, 67,"
        if token.i and doc[token.i - 1].lower_ in ("made", "taken") and word in ("prisoner", "captive"):
            continue  # "three were made prisoner"
        if _names_anothers_act(token) or (
            token.i and doc[token.i - 1].lower_ in _OF_SUBSTANCES and word[:5] == "agent"
        ):
            continue
        first = token.left_edge.i
        first = max(first, token.i - _LONGEST_RUN)
        if first == token.i > 2 and doc[token.i - 1].text == "-" and doc[token.i - 2].lower_ in ("ex", "non", "off"):
            first = token.i - 3  # "an ex-policeman"
        determiner, start = None, token.i
        for j in range(token.i - 1, first - 1, -1):
            if (
                j in taken
                or doc[j].lower_ in (",", "and", "or")
                or (doc[j].tag_ == "CD" and doc[j].text.isdecimal() and len(doc[j].text) == 4)
                or (doc[j].tag_.startswith(("V", "IN")) and doc[j].tag_ not in ("VBN", "VBG"))
                or _ends_a_killing(doc, j)
            ):
                break
            start = j
            if doc[j].lower_ in _SINGULAR_DETERMINERS or doc[j].lower_ in _DEFINITE or doc[j].lower_ == "no":
                determiner = doc[j].lower_
                break
        if {"how", "many"} <= set(doc.lower[max(0, start - 1) : token.i]):
            continue  # "it was not clear how many people were killed"
        if determiner is None and start and doc[start - 1].text == "]":
            continue  # "members of the [Chadian] Nomad Guard"
        plural = token.tag_ in ("NNS", "NNPS") or word in (
            "police",
            "militia",
            "others",
            "people",
            "children",
            "women",
            "men",
        )
        if determiner is None and not plural and _shares_article(doc, start):
            determiner = "a"
        phrase = _phrase_of(doc, token.i, start, determiner, plural)
        if phrase is not None:
            found.append(phrase)
            taken.update(range(phrase.first, phrase.last + 1))
    return found


def _shares_article(doc: Doc, start: int) -> bool:
    """Whether a singular shares the article of the one before: "a woman and child"."""
    before = doc[start - 2] if start > 2 and doc[start - 1].lower_ == "and" else None
    if before is None or before.tag_ != "NN" or not is_person_noun(before.lower_):
        return False
    return doc[before.left_edge.i].lower_ in ("a", "an")


def _is_surname(doc: Doc, at: int) -> bool:
    """Whether a name of people closes somebody's name: an age stands right behind it."""
    after = doc[at + 1 : at + 4]
    aged = len(after) == 3 and after[0].text in (",", "(") and after[1].text.isdecimal() and after[2].text in (",", ")")
    return aged and at > 0 and doc[at - 1].tag_ == "NNP"


def _names_anothers_act(token: Token) -> bool:
    """Whether somebody is told only by what is theirs: "rebel shelling left 15 dead", "air force raids", "civilian cars"."""
    head = token.head
    return (
        token.dep_ in ("compound", "nmod", "amod")
        and head.i > token.i
        and head.tag_ in ("NN", "NNS")
        and not is_person_noun(head.lower_)
        and casualty_form(head.lower_) is None
    )


def _ends_a_killing(doc: Doc, at: int) -> bool:
    """Whether "dead" or "death" goes with the verb before it: "shot dead engineer Mora", "stabbed to death two monks"."""
    if doc[at].lower_ not in ("dead", "death") or not at:
        return False
    return doc[at - 1].tag_.startswith("V") or doc[at - 1].lower_ == "to"


def all_there(doc: Doc, taken: set[int]) -> list[CountPhrase]:
    """For "all those aboard", "everyone inside", "all of its occupants", and "most of them" behind a casualty verb: two or more."""
    found = []
    for token in doc:
        if token.lower_ not in _EVERYBODY or token.i in taken:
            continue
        first, after = token.i, doc.lower[token.i + 1 : token.i + 6]
        if token.lower_ == "most":
            form = casualty_form(doc[first - 1].lower_) if first else None
            behind = form is not None and form[1] == "verb" and not doc[first - 1].lower_.endswith("ed")
            left = first > 0 and doc[first - 1].lower_ in _LEAVE
            size = 2 if after[:2] == ["of", "them"] and (behind or left) else 0
        else:
            of_it = next((n for n, w in enumerate(after) if w in _RIDERS), None) if token.lower_ == "all" else None
            there = next(
                (n for n, w in enumerate(after) if w in ("aboard", "inside") or after[n : n + 2] == ["on", "board"]),
                None,
            )
            end = there if there is not None else of_it
            size = 0 if end is None or not set(after[:end]) <= _OF_ALL else end + 1 + (after[end] == "on")
        inside = range(first, first + size + 1)
        if not size or taken & set(inside):
            continue
        those = next((i for i in inside if doc[i].lower_ in ("those", "people", *_RIDERS)), first)
        found.append(CountPhrase(first, inside[-1], those, None, 2, None, "number"))
        taken.update(inside)
    return found


_BEFORE_A_NAME: Final = frozenset({"a", "an", "former", "suspected", "alleged"})  # "shot dead a former Ikhwan"


def unlisted_people(doc: Doc, taken: set[int]) -> list[CountPhrase]:
    """One person of a trade that is in no list: "a rubber tapper was shot and killed", "killed a ward administrator"."""
    found = []
    for token in doc:
        named = token.tag_ == "NNP" and token.text.istitle() and doc[token.i - 1].lower_ in _BEFORE_A_NAME
        if token.i in taken or not (token.tag_ == "NN" or named) or token.dep_ not in ("nsubjpass", "dobj", "conj"):
            continue
        top = token
        while top.dep_ in ("conj", "appos") and top.head.tag_ in ("NN", "NNS", "NNP"):
            top = top.head
        verbs = [top.head, *top.head.conjuncts] if top.dep_ in ("nsubjpass", "dobj") else []
        verbs = [v for n, v in enumerate(verbs) if not n or not any(c.dep_ in ("nsubj", "dobj") for c in v.children)]
        first = max(token.left_edge.i, token.i - _LONGEST_RUN)
        theirs = token.dep_ == "conj" and doc[first].lower_ in ("his", "her")  # "the driver and his apprentice"
        if not (theirs or doc[first].lower_ in _SINGULAR_DETERMINERS) or not any(
            _hurts_people(doc, v.i) for v in verbs
        ):
            continue
        between = set(doc.lower[top.i : first])
        of_many = token.i + 1 < len(doc) and doc[token.i + 1].lower_ == "of"  # "a group of over 60 mercenaries"
        if of_many or between & {"including", "among", "such"}:
            continue
        if (
            is_unit(token.lower_)
            or token.lower_ in _only_of_people()["not_people"]
            or taken & set(range(first, token.i))
        ):
            continue
        other = is_other(doc, first, token.i)
        found.append(CountPhrase(first, token.i, token.i, token.i, 1, 1, "indefinite", other))
        taken.update(range(first, token.i + 1))
    return found


def _hurts_people(doc: Doc, verb: int) -> bool:
    """Whether a verb takes people only."""
    words = _only_of_people()
    after = doc.lower[verb + 1 : verb + 3]
    return doc[verb].lemma_ in words["lemmas"] or (
        doc[verb].lower_ in ("shot", "beaten", "hacked", "burned", "burnt")
        and (after[:1] == ["dead"] or after == ["to", "death"])
    )


@cache
def _only_of_people() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in lexicon.load("outcomes")["only_of_people"].items()}


def _phrase_of(doc: Doc, noun: int, start: int, determiner: str | None, plural: bool) -> CountPhrase | None:
    other = is_other(doc, start, noun)
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


def aged_phrases(doc: Doc, taken: set[int]) -> list[CountPhrase]:
    """For "a 15-year-old", "the 18-month old": people told by their age alone."""
    found = []
    for token in doc:
        if token.lower_ not in ("old", "olds") or token.i in taken or token.i < 3:
            continue
        words = doc.lower[max(0, token.i - 5) : token.i]
        if not any(w in ("year", "years", "month", "months") for w in words[-3:]):
            continue
        following = doc[token.i + 1] if token.i + 1 < len(doc) else None
        if following is not None and (
            is_person_noun(following.lower_) or (following.tag_ in ("NN", "NNS") and following.dep_ != "npadvmod")
        ):
            continue
        run = itertools.takewhile(lambda t: t.tag_ in ("NNP", "JJ", "NN", "JJS", "POS"), doc[token.i + 1 : token.i + 6])
        if any(is_person_noun(t.lower_) for t in run):
            continue  # "a 5-year-old Tbilisi boy": the noun is what is counted
        start = token.i
        while (
            start > 0
            and token.i - start < 6
            and doc[start - 1].lower_ not in (",", "and", "of", "by", "for", "with", "that", "to")
            and not doc[start - 1].tag_.startswith("V")
        ):
            start -= 1
        if start > 1 and doc[start - 1].lower_ in ("and", "to") and doc[start - 2].like_num:
            continue  # "scouts between 9 and 13 years old"
        named = following is not None and following.tag_ == "NNP"
        last = token.i
        while named and last + 1 < len(doc) and doc[last + 1].tag_ == "NNP":
            last += 1
        found.append(CountPhrase(start, last, last if named else token.i, token.i, 1, 1, "indefinite"))
        taken.update(range(start, last + 1))
    return found


def single_words(doc: Doc, taken: set[int]) -> list[CountPhrase]:
    """For "another" and "he", "she": one person; the linker takes them only beside a casualty word."""
    found = []
    for token in doc:
        if token.lower_ not in _ALONE or token.i in taken:
            continue
        behind_verb = token.i > 0 and (form := casualty_form(doc[token.i - 1].lower_)) is not None and form[1] == "verb"
        if token.lower_ == "another" and (
            (behind_verb and not _counts_a_noun(doc, token.i))
            or _is_hurt(doc, token.i)
            or (
                token.tag_ == "DT"
                and token.dep_ in ("dobj", "nsubj", "nsubjpass", "conj", "pobj", "ROOT", "dep", "appos")
            )
        ):
            found.append(CountPhrase(token.i, token.i, token.i, token.i, 1, 1, "indefinite", True))
        elif (
            token.lower_ in _NTH
            and token.i
            and doc[token.i - 1].lower_ == "a"
            and (
                token.dep_ in ("nsubj", "nsubjpass")
                or doc[token.i + 1 : token.i + 2].text == "lost"
                or (
                    doc.lower[token.i + 1 : token.i + 2] == ["in"]
                    and "condition" in doc.lower[token.i + 2 : token.i + 5]
                )
                or ((form := casualty_form(doc[token.i - 2].lower_)) is not None and form[1] == "verb")
            )
        ):
            found.append(CountPhrase(token.i - 1, token.i, token.i, token.i, 1, 1, "indefinite", True))  # "a fourth"
        elif (
            token.lower_ in ("he", "she")
            and token.dep_ in ("nsubj", "nsubjpass")
            and not (doc[token.i - 1].lower_ == "before" and not _GUNMEN.isdisjoint(doc.lower[: token.i]))
        ) or (token.lower_ in ("him", "her") and (_with_theirs(doc, token.i) or _killed_one(doc, token))):
            found.append(CountPhrase(token.i, token.i, token.i, token.i, 1, 1, "definite"))
    return found


def _killed_one(doc: Doc, one: Token) -> bool:
    """Whether a pronoun is who is killed: "a bullet struck him, killing him instantly", "dragged her out and shot her dead"."""
    if one.tag_ != "PRP" or one.dep_ not in ("dobj", "obj"):
        return False
    after = doc.lower[one.i + 1 : one.i + 3]
    dead = after[:1] == ["dead"] or after == ["to", "death"]
    form = casualty_form(doc[one.i - 1].lower_)
    killed = dead or (form is not None and form == ("killed", "verb"))
    return killed and not any(is_attacker_noun(word) for word in doc.lower)


def _with_theirs(doc: Doc, at: int) -> bool:
    """Whether a pronoun stands beside people of its own: "killing him and his driver", "wounding her, her son and two guards"."""
    form = casualty_form(doc[at - 1].lower_) if at and doc[at].tag_ == "PRP" else None
    after = doc[at + 1 : at + 3]
    joined = len(after) == 2 and after[0].lower_ in ("and", ",") and (after[1].tag_ in ("PRP$", "CD"))
    return form is not None and form[1] == "verb" and joined


def _is_hurt(doc: Doc, at: int) -> bool:
    """Whether "another" is hurt itself before a day: "and another wounded Monday by a mine"."""
    form = casualty_form(doc[at + 1].lower_) if at + 2 < len(doc) else None
    return form is not None and form[1] in ("verb", "adjective") and doc[at + 2].lower_ in _DAYS


def _counts_a_noun(doc: Doc, at: int) -> bool:
    """Whether "another" stands before a noun of its own ("another man")."""
    return at + 1 < len(doc) and (
        is_person_noun(doc[at + 1].lower_) or doc[at + 1].tag_ == "CD" or doc[at + 1].lower_ == "one"
    )


def named_phrases(doc: Doc, taken: set[int]) -> list[CountPhrase]:
    """Runs of proper nouns that may be a person's name: the linker takes them only as the subject or object of a casualty verb."""
    found, i, tokens = [], 0, doc.tokens
    while i < len(tokens):
        if tokens[i].tag_ in ("NNP", "NNPS") and i not in taken and tokens[i].lower_ not in _DAYS:
            j = i
            while j + 1 < len(tokens) and j + 1 not in taken:
                pointed = tokens[j + 1].text == "." and is_rank(tokens[j].lower_)  # "Insp. Reynaldo Lontoc"
                if tokens[j + 1].tag_ not in ("NNP", "NNPS") and not pointed:
                    break
                j += 1
            j -= j > i and tokens[j].text == "."
            found.append(CountPhrase(i, j, j, j, 1, 1, "named"))
            i = j
        i += 1
    return found


def with_titles(doc: Doc, phrases: list[CountPhrase], names: list[CountPhrase]) -> list[CountPhrase]:
    """The phrases and names, of which "the banker Luis Mora" and "the bishop of Cali, Luis Mora," are one: a name with what its bearer is."""
    single = [p for p in phrases if p.kind == "definite" and p.noun is not None]
    joined, merged = [], set()
    for name in names:
        title = next((p for p in single if p.last + 1 == name.first), None)
        if title is not None:
            inside = range(title.first, name.last + 1)
            head = name.head if doc[name.head].head.i not in inside else title.head
            name = CountPhrase(title.first, name.last, head, title.noun, 1, 1, "named")
        elif doc[name.head].dep_ == "appos" and doc[name.first - 1].text == ",":
            title = next((p for p in single if p.head == doc[name.head].head.i and p.last < name.first), None)
            if title is not None:
                name = CountPhrase(name.first, name.last, title.head, title.noun, 1, 1, "named")
        if title is not None:
            merged.add(title.first)
        joined.append(name)
    return [p for p in phrases if not (p.kind == "definite" and p.first in merged)] + joined
