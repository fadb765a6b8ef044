"""Tells totals from what they add up within one sentence: "31 killed, 20 soldiers and 11 civilians"; "14 dead, nine in A and five in B"."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from tasks.extract.figure import Figure, make_figure
from tasks.extract.phrase import CountPhrase
from tasks.extract.phrases import find_count_phrases
from tasks.extract.predicates import Predicate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.parsed import Doc
    from tasks.extract.spans import PlaceExpression

_OPENED: Final = frozenset({",", "–", "—", "-", "--", "(", ":"})
PART_OF_SUM: Final = "part_of_sum"  # rule of the figures that a total adds up
_COLONS: Final = frozenset({":", "–", "—", "--", "-", "("})
_LEAST: Final = 3  # a total of two says too little: any two single victims add up to it


def settle_totals(
    doc: Doc, figures: Sequence[Figure], places: Sequence[PlaceExpression]
) -> tuple[list[Figure], frozenset[int]]:
    """Figures with the parts of a total marked as such, and where those begin that are events of their own.

    Parts that each have a place of their own are events ("15 in Gamboru and 12 in Rann"), others are parts of the total.

    Args:
        doc: The sentence.
        figures: Its figures, in the order of the text.
        places: Its places.

    Returns:
        The figures, and the first tokens of the total and its parts where they are told apart.
    """
    settled, apart = list(figures), set[int]()
    for outcome in dict.fromkeys(f.outcome for f in figures):
        numbered = [
            n
            for n, f in enumerate(settled)
            if f.outcome == outcome and f.min is not None and f.kind in ("number", "indefinite", "unknown", "definite")
        ]
        for at, n in enumerate(numbered):
            parts = _parts(doc, settled, n, numbered[at + 1 :])
            if not parts:
                continue
            total = settled[n]
            spread = _each_elsewhere(doc, [settled[p] for p in parts], places)
            for p in parts:
                if spread:
                    settled[p] = replace(
                        settled[p],
                        role="count",
                        whole=None,
                        group=settled[p].group or total.group,
                        side=settled[p].side or total.side,
                    )
                elif settled[p].role == "count":
                    settled[p] = replace(settled[p], role="part", rule=PART_OF_SUM, whole=total.first)
            if spread:
                apart |= {total.first, *(settled[p].first for p in parts)}
            break
    return settled, frozenset(apart)


def with_listed(doc: Doc, figures: list[Figure]) -> list[Figure]:
    """Figures of which a list right behind a total tells who they were: "left five dead: three rebels, a soldier and a girl".

    Args:
        doc: The sentence.
        figures: Its figures, in the order of the text.
    """
    totals = [f for f in figures if f.role == "count" and f.kind == "number" and f.min == f.max and (f.min or 0) > 1]
    for total in totals:
        opened = next((i for i in range(total.last + 1, total.last + 4) if doc[i : i + 1].text in _COLONS), None)
        if opened is None or any(doc[i].text in (",", "and") for i in range(total.last + 1, opened)):
            continue
        listed = _listed(doc, opened + 1, total.min or 0)
        if not listed:
            continue
        spans = {p.first for p in listed}
        predicate = Predicate(total.anchor, total.outcome, "verb")
        parts = [make_figure(doc, p, predicate, "part", ()) for p in listed]
        parts = [replace(p, role="part", rule=PART_OF_SUM, whole=total.first) for p in parts]
        kept = [f for f in figures if f.first not in spans]
        return sorted([*kept, *parts], key=lambda f: (f.first, f.outcome))
    return figures


def _listed(doc: Doc, at: int, total: int) -> list[CountPhrase]:
    """The people told one after the other from a token on, where they add up to a total; else []."""
    listed: list[CountPhrase] = []
    for phrase in (p for p in find_count_phrases(doc) if p.first >= at and p.kind != "named"):
        start = listed[-1].last + 1 if listed else at
        if not all(w in ("and", ",", "both", "all", "as", "well", "plus") for w in doc.lower[start : phrase.first]):
            break
        if phrase.kind not in ("number", "indefinite", "definite") or phrase.noun is None:
            break
        listed.append(phrase)
        if sum(p.min or 0 for p in listed) >= total:
            break
    return listed if len(listed) > 1 and sum(p.min or 0 for p in listed) == total else []


def _parts(doc: Doc, figures: list[Figure], total: int, after: list[int]) -> list[int]:
    """The numbers right after a total that add up to it, two or more; [] where none do."""
    whole = figures[total]
    beside = bool(after) and doc[whole.last + 1].text in _OPENED and figures[after[0]].first == whole.last + 2
    if whole.role != "count" or whole.min is None or whole.min < (2 if beside else _LEAST):
        return []  # "two people, a guard and a girl, were wounded"
    for length, running in enumerate(accumulate(figures[p].min or 0 for p in after), start=1):
        if running == whole.min and length > 1:
            if any(_is_no_part(doc, whole, figures[p]) for p in after[:length]):
                return []  # "three men, a woman and two children"
            told = {figures[p].whole if figures[p].role == "part" else None for p in after[:length]}
            return after[:length] if len(told) == 1 else []  # "eleven, four of them children, and seven others"
        if running > whole.min:
            break
    return []


def _is_no_part(doc: Doc, whole: Figure, part: Figure) -> bool:
    """Whether a group cannot be a part of those counted before: women of men, civilians of soldiers."""
    if doc[whole.last].lower_ == "men" and part.group in ("woman", "child"):
        return True
    if whole.group is None or part.group is None or whole.group == "civilian":
        return False
    return whole.group != part.group


def _each_elsewhere(doc: Doc, parts: list[Figure], places: Sequence[PlaceExpression]) -> bool:
    """Whether each part is followed by a place of its own before the next begins."""
    ends = [*(doc[p.first].idx for p in parts[1:]), len(doc.text)]
    names = []
    for part, end in zip(parts, ends, strict=True):
        here = [p.name for p in places if doc[part.last].idx < p.start < end and p.kind == "place"]
        if not here:
            return False
        names.append(here[0])
    return len(set(names)) == len(names)
