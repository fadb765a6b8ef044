"""Splits the casualty figures of one sentence into events: "the army shelled A, killing six, and gunmen shot three in B"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tasks.extract.figure import Figure
    from tasks.extract.parsed import Doc
    from tasks.extract.reports import Sentence
    from tasks.extract.spans import DateExpression, PlaceExpression

OTHER_TIME: Final = frozenset({"after", "before", "following", "followed", "since", "later", "earlier"})
_LED_TO: Final = frozenset({"prompting", "triggering", "sparking", "provoking"})
_ANOTHER: Final = frozenset({"separate", "another", "similar", "simultaneous", "second", "different", "other"})
ACTS: Final = frozenset(
    "attack attacks incident incidents blast explosion bombing ambush clash clashes raid strike shooting assault"
    " case encounter operation shelling".split()
)
_CARE: Final = frozenset(
    "hospital hospitals clinic treated treatment taken rushed evacuated ambulance transferred".split()
)
_CLAUSES: Final = frozenset({"and", "while", "whereas", "but", ";"})
_SUBJECTS: Final = frozenset({"nsubj", "nsubjpass"})
_AT: Final = frozenset({"in", "at", "near", "around", "outside"})
_TOWN: Final = 5  # rank of a town or village
_GENERIC_PLACES: Final = frozenset(
    "village town district districts area areas neighbourhood neighborhood neighbourhoods neighborhoods suburb suburbs city province countryside camp outskirts market parts".split()
)


def segments_of(sentence: Sentence, figures: list[Figure]) -> list[list[Figure]]:
    """Splits the figures of a sentence into events: a second count of the same outcome with its own place, means or day."""
    segments: list[list[Figure]] = []
    for figure in figures:
        if figure.first in sentence.apart and all(f.first != figure.first for f in (segments[-1] if segments else [])):
            segments.append([figure])
            continue
        if figure.role == "part" and segments:
            segments[-1].append(figure)
            continue
        if segments and not _starts_event(sentence, segments[-1], figure):
            segments[-1].append(figure)
        else:
            segments.append([figure])
    return segments


def _starts_event(sentence: Sentence, segment: list[Figure], figure: Figure) -> bool:
    same = [f for f in segment if f.outcome == figure.outcome and f.role == "count"]
    if figure.role != "count":
        return False
    if not same:
        return _hurt_elsewhere(sentence, segment[-1], figure) or _plays_apart(sentence, segment, figure)
    doc, last = sentence.doc, same[-1]
    begin, middle = doc[last.last].idx, doc[figure.first].idx
    end = len(doc.text)
    listed = last.anchor == figure.anchor and figure.rule != "coordination"
    if listed and doc[figure.last].dep_ != "conj":
        return False
    between = doc.lower[last.last + 1 : figure.first]
    if last.anchor == figure.anchor and between in (["and"], [","], [",", "and"]):
        return False  # "in A, south of B, a man, his wife and their four children died, C's mayor said"
    if (
        figure.anchor != last.anchor
        and set(between) & (OTHER_TIME | _LED_TO)
        and any(c.strength >= 1 for c in sentence.cues if last.last < c.first)
    ):
        return True

    def own(items: Sequence[PlaceExpression | DateExpression]) -> bool:
        items = [x for x in items if getattr(x, "rule", "") != "dateline"]
        first = {getattr(x, "name", None) or x.text for x in items if begin <= x.start < middle}  # type: ignore[union-attr]
        second = {getattr(x, "name", None) or x.text for x in items if middle <= x.start < end}  # type: ignore[union-attr]
        return bool(first and second and first.isdisjoint(second))

    if figure.other and figure.anchor != last.anchor and _somewhere_else(doc, figure):
        return True
    clause = _own_clause(doc, last, figure)
    if clause is not None:
        begin, middle = 0, doc[clause].idx  # each clause with all of its places
    if own([p for p in sentence.places if (p.rank <= _TOWN if listed else p.kind == "place")]):
        return True
    if listed:
        return False  # "killed two guards at the gate and three guests in the dining hall"
    if own(sentence.places) or own(sentence.dates):
        return True
    first_cues = {c.type for c in sentence.cues if last.last <= c.first < figure.first and c.strength >= 3}
    second_cues = {c.type for c in sentence.cues if c.first >= figure.first and c.strength >= 3}
    return bool(first_cues and second_cues and first_cues.isdisjoint(second_cues) and figure.anchor != last.anchor)


def _hurt_elsewhere(sentence: Sentence, last: Figure, figure: Figure) -> bool:
    """Whether the other outcome is told of another town: "killed three in Kherson and wounded one in Nikopol"."""
    doc = sentence.doc
    if last.role != "count" or any(f.last + 1 >= len(doc) or doc.lower[f.last + 1] not in _AT for f in (last, figure)):
        return False
    towns = [p for p in sentence.places if p.rank <= _TOWN]
    begin, middle = doc[last.last].idx, doc[figure.first].idx
    first = {p.name for p in towns if begin < p.start < middle}
    second = {p.name for p in towns if p.start > middle}
    return bool(first and second and first.isdisjoint(second))


def _plays_apart(sentence: Sentence, segment: list[Figure], figure: Figure) -> bool:
    """Whether a count of another outcome plays elsewhere, in a clause of its own: "two died in Rada and six were hurt near Thah"."""
    told = [f for f in segment if f.role == "count"]
    places = [p for p in sentence.places if p.kind == "place" and p.relation not in ("from", "to")]
    if not told or len(places) < 2 or figure.anchor == told[-1].anchor:
        return False
    clause = _own_clause(sentence.doc, told[-1], figure)
    if clause is None:
        return False
    doc = sentence.doc
    if figure.other or not _CARE.isdisjoint(doc.lower[clause:]):
        return False
    begin, middle = (
        doc[told[-1].first].idx,
        doc[clause].idx,
    )  # "In Koro, two died and six were hurt": one place for both
    first = {p.name for p in places if begin <= p.start < middle}
    second = {p.name for p in places if p.start >= middle}
    return bool(first and second and first.isdisjoint(second))


def _own_clause(doc: Doc, last: Figure, figure: Figure) -> int | None:
    """The conjunction that opens a clause with a subject and a casualty verb of its own for a figure: "…, and gunmen shot three in Koro"."""
    anchor = doc[figure.anchor]
    for i in range(figure.first - 1, last.last, -1):
        if doc[i].lower_ not in _CLAUSES:
            continue
        if doc[i].lower_ in ("while", "whereas") and doc[i + 1].tag_ != "VBG":
            return i
        token = anchor
        for _ in range(4):
            if any(c.dep_ in _SUBJECTS and i < c.i < token.i for c in token.children):
                return i
            if token.head.i == token.i or token.head.i < i:
                break
            token = token.head
    return None


def _somewhere_else(doc: Doc, figure: Figure) -> bool:
    """Whether a count has a place of its own without a name: "four more died at a farm outside the town"."""
    after = list(doc[figure.anchor + 1 : figure.anchor + 8])
    for i, token in enumerate(after):
        if token.lower_ in ("in", "on", "at", "near"):
            near = {t.lower_ for t in after[i + 1 : i + 5]}
            if not _GENERIC_PLACES.isdisjoint(near) or not (ACTS.isdisjoint(near) or _ANOTHER.isdisjoint(near)):
                return True
        if token.tag_.startswith("V") or token.lower_ in (",", "and"):
            return False
    return False


def segment_start(doc: Doc, before: list[Figure], segment: list[Figure]) -> int:
    """Where the second event of a sentence begins: at the conjunction before its first figure, else at the figure."""
    first = segment[0].first
    floor = before[0].first
    if (clause := _own_clause(doc, before[-1], segment[0])) is not None:
        return clause
    for i in range(first - 1, max(floor, first - 12), -1):
        if doc[i].lower_ in ("and", "while", ";", "but", "whereas", "that"):
            return i
    return first
