"""Compares the wording of a report with that of an incident: nouns, sites and means of act named in both, "the town"."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from tasks.extract import lexicon
from tasks.extract.predicates import casualty_form

if TYPE_CHECKING:
    from tasks.extract.reports import Report

_MOVING_SITES: Final = frozenset(
    "bus convoy home house wedding funeral patrol truck train boat ambulance ship motorcycle car".split()
)
_TOWNS: Final = frozenset(
    "town city village area district neighbourhood neighborhood suburb camp province region market mosque hospital base capital".split()
)
_FEW: Final = 3  # a report of fewer nouns is not compared by them
_MANY: Final = 5
_LONG: Final = 6
_COMMON: Final = frozenset({"people", "before"})


def compare_words(report: Report, known: list[Report], clues: dict[str, float]) -> None:
    """Adds the clues of the nouns in common, of the sites and means of act named in both, and of "the town"."""
    known = [r for r in known if r.sentence is not report.sentence]  # a sentence has all words in common with itself
    mine = telling_words(report)
    theirs = set[str]().union(*(telling_words(r) for r in known))
    if len(mine) >= _FEW and len(theirs) >= _FEW:
        shared = len(mine & theirs)
        clues["nouns in common"] = min(shared, _MANY) / _MANY
        if not shared:
            clues["no noun in common"] = 1.0
    long = long_words(report)
    shared = len(long & set[str]().union(*(long_words(r) for r in known)))
    clues["long words in common"] = min(shared, _MANY) / _MANY
    here, there = mine & _sites(), theirs & _sites()
    if here and there:
        clues["same site" if here & there else "other site"] = 1.0
    elif here:
        clues["a site where none was told"] = 1.0
    if report.type_rule == "cue" and report.type_cue is not None:
        means = _means(report)
        told = {_means(r) for r in known if r.type_rule == "cue" and r.type_cue is not None}
        if means in told:
            clues["same word for the act"] = 1.0
    generic = _generic_place(report)
    if generic and report.place is None:
        clues[generic] = 1.0


@cache
def _sites() -> frozenset[str]:
    return frozenset(_stem(w) for w in lexicon.load("places")["types"]["site"] if " " not in w) | _MOVING_SITES


def _means(report: Report) -> str:
    cue = report.type_cue
    assert cue is not None
    return _stem(report.sentence.doc[cue.last].lower_)


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 3 and not word.endswith("ss") else word


def telling_words(report: Report) -> frozenset[str]:
    """The nouns of a report's sentence that tell it from others: no people counted, no casualty words, days or speakers."""
    sentence = report.sentence
    if sentence.nouns is None:
        taken = [
            *((d.start, d.end) for d in sentence.dates),
            *((p.start, p.end) for p in sentence.places),
            *((s.start, s.end) for s in sentence.sources),
            *((a.start, a.end) for a in sentence.actors),
        ]
        sentence.nouns = frozenset(
            _stem(t.lower_)
            for t in sentence.doc
            if t.tag_.startswith("NN")
            and t.is_alpha
            and len(t.text) > 2
            and casualty_form(t.lower_) is None
            and not any(start <= t.idx < end for start, end in taken)
        )
    return sentence.nouns


def long_words(report: Report) -> frozenset[str]:
    """The long words of a report's sentence, names too: no casualty words."""
    sentence = report.sentence
    if sentence.long_words is None:
        sentence.long_words = frozenset(
            t.lower_
            for t in sentence.doc
            if t.is_alpha and len(t.text) >= _LONG and t.lower_ not in _COMMON and casualty_form(t.lower_) is None
        )
    return sentence.long_words


def _generic_place(report: Report) -> str | None:
    """Whether the sentence plays in "the town" (told before) or in "a village" (a new one)."""
    doc = report.sentence.doc
    for t in doc[1:]:
        if t.lower_ in _TOWNS:
            before = doc[t.i - 1].lower_
            if before in ("the", "that", "this", "same") and not any(p.start <= t.idx < p.end for p in report.places):
                return "'the town'"
            if before in ("a", "another", "nearby", "neighbouring", "neighboring"):
                return "another town"
    return None
