"""Reads parts told apart from their whole: "six children were among the dead", "those killed included three women"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tasks.extract.figure import Figure, ages_after, of_its_staff
from tasks.extract.phrase import CountPhrase
from tasks.extract.victims import below_of_age, group_of, is_person_noun

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc

_BE: Final = frozenset({"is", "are", "was", "were", "be", "been"})
_SHARES: Final = frozenset({"most", "many", "some", "majority", "all", "rest", "remainder"})
# Rules of the figures that stand for all of those told, and for those of whom nothing else was told.
ALL_OF_TOLD: Final = "all_of_told"
REST_OF_TOLD: Final = "rest_of_told"
_ONLY_ONE: Final = frozenset({"bride", "baby", "infant", "newborn"})  # "the bride was among those killed"
_ALL: Final = (["all"], ["mostly"], ["mainly"], ["both"])
_INCLUDE: Final = frozenset({"include", "includes", "included", "including", "comprise", "comprised"})
# What is left of an earlier sentence: the words that stand for all those hurt, with their outcome.
_SETS: Final = {
    ("the", "dead"): "killed",
    ("the", "killed"): "killed",
    ("the", "deaths"): "killed",
    ("the", "fatalities"): "killed",
    ("the", "slain"): "killed",
    ("the", "victims"): "killed",
    ("its", "victims"): "killed",
    ("the", "casualties"): "killed",
    ("those", "killed"): "killed",
    ("people", "killed"): "killed",
    ("the", "deceased"): "killed",
    ("the", "bodies"): "killed",
    ("the", "corpses"): "killed",
    ("the", "martyred"): "killed",
    ("the", "martyrs"): "killed",
    ("the", "murdered"): "killed",
    ("the", "executed"): "killed",
    ("those", "slain"): "killed",
    ("those", "dead"): "killed",
    ("those", "murdered"): "killed",
    ("those", "executed"): "killed",
    ("those", "martyred"): "killed",
    ("the", "wounded"): "injured",
    ("the", "hurt"): "injured",
    ("the", "injured"): "injured",
    ("those", "wounded"): "injured",
    ("those", "injured"): "injured",
    ("those", "hurt"): "injured",
    ("the", "kidnapped"): "abducted",
    ("the", "abducted"): "abducted",
    ("the", "hostages"): "abducted",
    ("the", "captives"): "abducted",
    ("those", "kidnapped"): "abducted",
    ("those", "abducted"): "abducted",
}


_FATES: Final = {
    **dict.fromkeys(("died", "perished", "killed", "fell", "slain", "drowned"), "killed"),
    **dict.fromkeys(("wounded", "injured", "hurt"), "injured"),
}
THEM: Final = re.compile(
    r"\b(?:of|among) them\b|^\W*they includ|^\W*(?:they|all|most) (?:were|are) |\byoungest\b", re.IGNORECASE
)
_SET_WORDS: Final = frozenset(second for _, second in _SETS)


def find_sets(doc: Doc) -> list[tuple[int, int, str]]:
    """(first token, last token, outcome) of the words that stand for all those killed or hurt."""
    words = doc.lower
    if _SET_WORDS.isdisjoint(words) and "those" not in words:
        return []
    pairs = [(i, i + 1, _SETS[pair]) for i in range(len(words) - 1) if (pair := (words[i], words[i + 1])) in _SETS]
    return pairs + [(i, end, outcome) for i, end, outcome in _those_who(doc) if words[i] == "those"]


def _those_who(doc: Doc) -> list[tuple[int, int, str]]:
    """The words "those who died", "those who were wounded", with what became of them."""
    found, words = [], doc.lower
    for i in range(len(words) - 3):
        if words[i] != "those" or words[i + 1] != "who":
            continue
        at = i + 3 if words[i + 2] in ("were", "had", "have", "lost") else i + 2
        outcome = "killed" if words[i + 2 : i + 5] == ["lost", "their", "lives"] else _FATES.get(words[at])
        if outcome is not None:
            found.append((i, at, outcome))
    return found


def _second_sets(doc: Doc, sets: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The second set of "elders were among the dead and injured"."""
    return [
        (first, last + 2, second)
        for first, last, _ in sets
        if doc.lower[last + 1 : last + 2] in (["and"], ["or"])
        and (second := _SETS.get(("the", doc[last + 2].lower_ if last + 2 < len(doc) else "")))
    ]


def find_them(doc: Doc, outcome: str | None) -> list[tuple[int, int, str]]:
    """The pronoun for all those hurt in the sentence before: "four of them were children", "they included a nurse".

    Args:
        doc: A parsed passage.
        outcome: What became of those that the sentence before counts; None: it counts none, or does not say of whom.
    """
    if outcome is None or not THEM.search(doc.text):
        return []
    words = doc.lower
    opening = [i for i, w in enumerate(words[:2]) if w == "they" and words[i + 1 : i + 2] and words[i + 1] in _INCLUDE]
    opening += [
        i
        for i, w in enumerate(words[:2])
        if words[i + 1 : i + 2] in (["were"], ["are"])
        and (w in ("all", "most") or (w == "they" and words[i + 2 : i + 3] in _ALL))
    ]
    them = [i for i, w in enumerate(words) if w == "them" and i and words[i - 1] in ("of", "among")]
    return [(i, i, outcome) for i in (*opening, *them)][:1]


def find_youngest(doc: Doc, outcome: str | None) -> list[Figure]:
    """The child in "the youngest victim was a boy of four", "the youngest was three": at least one, if no others are told.

    Args:
        doc: A parsed passage.
        outcome: What became of those of whom it is told; None: nobody was told of.
    """
    words = doc.lower
    if outcome is None or "youngest" not in words:
        return []
    at = words.index("youngest")
    behind = list(doc[at + 1 : at + 10])
    told = next((t.i for t in behind if t.lower_ in ("was", "is", "being", "aged", "only", ",")), None)
    if told is None or told > at + 5 or any(t.lower_ in ("son", "daughter", "brother") for t in doc[at + 1 : told + 1]):
        return []
    after = [t.lower_ for t in doc[told : told + 8]]
    aged = any(below_of_age(w) for w in after) and not {"daughters", "sons"} & set(after)
    child = any(t.tag_ == "NN" and group_of(t, [t], False) == "child" for t in doc[told : told + 8])
    if not (aged or child):
        return []
    return [Figure(at, at, at, outcome, "child", 1, 1, "part", "plural", False, False, "youngest", -1)]


def find_parts(
    doc: Doc, phrases: Sequence[CountPhrase], taken: Sequence[Figure], them: str | None = None
) -> list[Figure]:
    """The parts that a passage tells of a whole counted elsewhere; role "part", `whole` -1.

    Args:
        doc: A parsed passage.
        phrases: Its count phrases.
        taken: Figures found already; their phrases are left alone.
        them: What became of those counted in the sentence before, for whom "them" may stand.
    """
    found: list[Figure] = []
    used = {i for f in taken for i in range(f.first, f.last + 1) if f.role == "count"}
    sets = find_sets(doc)
    for first, last, outcome in [*sets, *_second_sets(doc, sets), *find_them(doc, them)]:
        for phrase in phrases:
            if phrase.kind in ("named", "anaphoric", "unknown", "none") or phrase.first in used:
                continue
            only_one = doc[phrase.last].lower_ in _ONLY_ONE and _is_among(doc, phrase, first)
            if phrase.kind == "definite" and not only_one and doc[phrase.first].lower_ not in ("his", "her", "their"):
                continue
            told = phrase.noun is not None and phrase.first < first < phrase.last  # "three of them were children"
            told = told or _is_among(doc, phrase, first) or _is_listed(doc, phrase, first, last, phrases)
            if not told and found and found[-1].anchor == first:
                told = _goes_with(doc, phrase, max(last, found[-1].last))
            if told:
                found.append(_part(doc, phrase, first, outcome))
        if outcome == "killed" or outcome == "injured":
            rule = _share_told(doc, first, last)
            found += [replace(_part(doc, p, first, outcome), rule=rule) for p in _most_were(doc, first, last, phrases)]
        found += [_part(doc, p, first, outcome) for p in _told_before(doc, found, phrases, used)]
        counted = _counted_of(doc, first, phrases)
        if counted is None:
            found += [_part(doc, p, first, outcome) for p in _they_were(doc, first, last, phrases, used)]
        else:
            listed = _who_they_were(doc, last, counted, phrases)
            young = bool(listed) and ages_after(doc, listed[-1].last)  # "a brother and sister aged 7 and 11"
            parts = [_part(doc, p, first, outcome) for p in listed]
            found += [replace(f, group="child") if young else f for f in parts]
            found += [] if listed else [_part(doc, p, first, outcome) for p in _groups_they_were(doc, last, phrases)]
            named = None if listed else _named_after(doc, last)
            if named is not None:
                found.append(replace(_part(doc, counted, first, outcome), group=named))
    return list({(f.first, f.outcome, f.group): f for f in found if f.group is not None}.values())


def _is_among(doc: Doc, phrase: CountPhrase, first: int) -> bool:
    """For "nine novices were among the dead"; "there are nurses among the victims"."""
    words = doc.lower[phrase.last + 1 : first]
    if words[:2] == ["made", "up"] and words[-1] == "of":
        return True  # "nine cadets made up the remainder of the dead"
    if not words or words[-1] != "among" or doc[max(0, phrase.first - 1)].lower_ in ("from", "of", "in"):
        return False
    verbs = [t for t in doc[phrase.last + 1 : first] if t.tag_.startswith("V")]
    if len(words) <= 14 and len(verbs) == 1 and verbs[0].lower_ in _BE:
        return True
    if words[0] in ("who", "whom") and len(words) <= 14 and words[-2] in _BE:
        return True  # "four gendarmes who were escorting the convoy are among the dead"
    there = next((i for i in range(phrase.first - 1, -1, -1) if doc[i].lower_ == "there"), None)
    return (
        there is not None
        and doc[there + 1].lower_ in _BE
        and not any(t.tag_.startswith("V") for t in doc[there + 2 : first])
    )


def _told_before(
    doc: Doc, found: Sequence[Figure], phrases: Sequence[CountPhrase], used: set[int]
) -> list[CountPhrase]:
    """The first of "four nuns and nine deserters were among the dead"."""
    if not found:
        return []
    before = next((p for p in phrases if p.last == found[0].first - 2 and p.first not in used), None)
    if before is None or before.kind not in ("number", "indefinite", "plural"):
        return []
    return [before] if doc[before.last + 1].lower_ in ("and", ",") else []


def _groups_they_were(doc: Doc, last: int, phrases: Sequence[CountPhrase]) -> list[CountPhrase]:
    """The groups in "five of the dead were women and children": some of each."""
    if last + 1 >= len(doc) or doc[last + 1].lower_ not in _BE:
        return []
    first = next((p for p in phrases if p.first == last + 2 and p.kind == "plural"), None)
    second = next((p for p in phrases if first is not None and p.first == first.last + 2 and p.kind == "plural"), None)
    if first is None or second is None or doc[first.last + 1].lower_ != "and":
        return []
    return [first, second]


def _most_were(doc: Doc, first: int, last: int, phrases: Sequence[CountPhrase]) -> list[CountPhrase]:
    """The group in "most of those slain were pilgrims", "the dead were mostly monks": some of each."""
    most = first > 1 and doc[first - 2].lower_ in _SHARES and doc[first - 1].lower_ == "of"
    most = most or (first > 0 and doc[first - 1].lower_ == "all")  # "all those killed were villagers"
    most = most or doc[first].lower_ in ("all", "most")  # "all were villagers"
    verb = next((t.i for t in doc[last + 1 : last + 12] if t.lower_ in _BE), None)
    if verb is None:
        return []
    after = [p for p in phrases if p.first > verb and p.kind == "plural"]
    mostly = any(t.lower_ in ("mostly", "mainly", "all", "both") for t in doc[verb + 1 : verb + 3])
    if not (most or mostly) or not after or after[0].first > verb + 2:
        return []
    second = after[1:2]
    joined = second and doc.lower[after[0].last + 1 : second[0].first] in (["and"], ["or"])
    return [after[0], *second] if joined else after[:1]


def _share_told(doc: Doc, first: int, last: int) -> str:
    """How many of those told a sentence says who they were: all, those of whom nothing was told yet, or some."""
    before = doc.lower[max(0, first - 3) : first]
    if before[-2:] == ["rest", "of"] or before[-2:] == ["remainder", "of"]:
        return REST_OF_TOLD
    verb = next((t.i for t in doc[last + 1 : last + 12] if t.lower_ in _BE), last)
    behind = doc.lower[verb + 1 : verb + 2]
    everybody = behind in (["all"], ["both"]) or "all" in before[-2:] or doc[first].lower_ == "all"
    return ALL_OF_TOLD if everybody else "part_of_told"


def _goes_with(doc: Doc, phrase: CountPhrase, last: int) -> bool:
    """For "a vet was among the dead along with two shepherds"."""
    between = doc.lower[last + 1 : phrase.first]
    joined = {"as", "well", "along", "together", "with", "and", ",", "at", "least"}
    return bool(between) and set(between) <= joined and phrase.noun is not None


def _who_they_were(doc: Doc, last: int, counted: CountPhrase, phrases: Sequence[CountPhrase]) -> list[CountPhrase]:
    """The list in "two of the dead were a nurse and a boy", "two of the injured, a nurse and a boy, are …": as many as counted."""
    after = last + 1
    if after >= len(doc) or not (doc[after].lower_ in _BE or doc[after].text in (",", ":", "-", "–", "—")):
        return []
    listed: list[CountPhrase] = []
    for phrase in (p for p in phrases if p.first > after):
        start = listed[-1].last + 1 if listed else after + 1
        if not all(t.lower_ in ("and", ",", "both", "all", "as", "well") for t in doc[start : phrase.first]):
            break
        listed.append(phrase)
    return listed if listed and sum(p.min or 0 for p in listed) == counted.min else []


def _they_were(doc: Doc, first: int, last: int, phrases: Sequence[CountPhrase], used: set[int]) -> list[CountPhrase]:
    """The list in "the victims were two fishermen and a peasant": two or more people told one after the other."""
    before = doc[first - 1].lower_ if first else ""
    if last + 1 >= len(doc) or doc[last + 1].lower_ not in _BE or before in ("of", "among"):
        return []
    listed: list[CountPhrase] = []
    for phrase in (p for p in phrases if p.first > last + 1):
        start = listed[-1].last + 1 if listed else last + 2
        if phrase.first in used or not all(w in ("and", ",", "both", "all") for w in doc.lower[start : phrase.first]):
            break
        listed.append(phrase)
    told = [p for p in listed if p.kind in ("number", "indefinite") and p.noun is not None]
    return told if len(told) == len(listed) > 1 else []


def _is_listed(doc: Doc, phrase: CountPhrase, first: int, last: int, phrases: Sequence[CountPhrase]) -> bool:
    """For "those who died included two cooks, nine cadets and a priest"; "among the dead were two boys"."""
    if phrase.first <= last:
        return False
    mostly = phrase.first + (doc[phrase.first].lower_ == "mostly")
    words = doc.lower[last + 1 : mostly]
    opened = first > 0 and (doc[first - 1].lower_ == "among" or (doc[first - 1].lower_ == "of" and first == 1))
    verbs = [i for i, w in enumerate(words) if w in _INCLUDE or (opened and w in _BE) or (w == "mostly" and not opened)]
    if not verbs:
        return False
    between = doc[last + 2 + verbs[0] : phrase.first]
    inside = {i for p in phrases for i in range(p.first, p.last + 1)}
    return verbs[0] <= (14 if opened else 5) and all(
        t.i in inside or t.lower_ in ("and", ",", "at", "least", "as", "well", "also") for t in between
    )


def _counted_of(doc: Doc, first: int, phrases: Sequence[CountPhrase]) -> CountPhrase | None:
    """The number of "14 of the dead"."""
    if first < 2 or doc[first - 1].lower_ != "of":
        return None
    return next(
        (p for p in phrases if p.kind == "number" and p.first < first and first - 2 <= p.last <= first + 1), None
    )


def _named_after(doc: Doc, last: int) -> str | None:
    """The group of "… were opposition fighters", "… had been identified as civilians"."""
    after = list(doc[last + 1 : last + 12])
    words = [t.lower_ for t in after]
    if words[:2] in ([",", "both"], [",", "all"]):
        after = after[1:]  # "two of the injured, both women,"
    elif not any(w in _BE or w in ("had", "have") for w in words[:3]):
        return None
    for token in after:
        if is_person_noun(token.lower_) and token.tag_ in ("NNS", "NNPS"):
            if doc.lower[token.i + 1 : token.i + 2] in (["or"], ["and"]):
                return None  # "seven of the dead were women or children"
            return group_of(token, [token], True)
        if token.lower_ in (",", "and", "but", "in", "when", "that"):
            return None
    return None


def _part(doc: Doc, phrase: CountPhrase, anchor: int, outcome: str) -> Figure:
    span = list(doc[phrase.first : phrase.last + 1])
    group = group_of(doc[phrase.noun], span, False) if phrase.noun is not None else None
    if group in (None, "civilian") and of_its_staff(doc, phrase):
        group = "humanitarian"
    return Figure(
        phrase.first,
        phrase.last,
        anchor,
        outcome,
        group,
        phrase.min,
        phrase.max,
        "part",
        phrase.kind,
        phrase.other,
        False,
        "part_of_told",
        -1,
    )
