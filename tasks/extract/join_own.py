"""The clues that a report alone gives on whether it tells of an incident told before: how it opens, whom it counts, where it turns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tasks.extract.cues import anaphor_of
from tasks.extract.join_contrast import contrast_clues
from tasks.extract.join_opening import opening_clues
from tasks.extract.join_setting import is_of_care, setting_clues
from tasks.extract.predicates import casualty_form

if TYPE_CHECKING:
    from tasks.extract.figure import Figure
    from tasks.extract.reports import Report

_DEFINITE: Final = frozenset({"the", "this", "these", "those", "that"})
_INDEFINITE: Final = frozenset({"a", "an", "two", "three", "several"})
_ANOTHER: Final = frozenset({"another", "second", "third", "fourth", "separate", "other", "similar", "further"})
_EARLIER: Final = frozenset({"earlier", "previous", "last", "first"})
_CLAIMS: Final = frozenset("claim claims claimed denied disputed insisted countered contradicted".split())
_OPENS_APART: Final = frozenset("separately earlier later previously also another other".split())
_CARE: Final = frozenset(
    "hospital hospitals hospitalized hospitalised clinic morgue ambulance ambulances airlifted evacuated treated treatment".split()
)
_REVENGE: Final = frozenset("revenge retaliation retaliating reprisal avenge response".split())
_REACH_OF_AFTER: Final = 14
_SUBJECT: Final = 3  # tokens that a main clause takes at least


def report_clues(report: Report) -> dict[str, float]:
    """The clues that a report alone gives: how it opens, whether it counts people that were told of before."""
    doc = report.sentence.doc
    clues: dict[str, float] = {}
    counted = [f for f in report.figures if f.role == "count"]
    if report.separate:
        clues["told as another event" if report.separate == 2 else "also, later, earlier"] = 1.0
    if report.update:
        clues["words of an update"] = 1.0
    if only_bodies(report):
        clues["counts bodies"] = 1.0
    if not counted or any(f.role == "part" and f.whole == -1 for f in report.figures):
        clues["parts of a total"] = 1.0  # "a child was among the dead and 30 people were wounded" too
    if counted and all(f.kind in ("definite", "anaphoric") for f in counted):
        clues["people told of before"] = 1.0
    elif counted and all(f.kind == "plural" for f in counted):
        clues["people without a number"] = 1.0
    elif any(f.kind == "named" for f in counted):
        clues["people by name"] = 1.0
    if any(f.other for f in counted):
        clues["others"] = 1.0
    if opens_with_place(report):
        clues["opens with a place"] = 1.0
    if opens_with_day(report):
        clues["opens with a day"] = 1.0
    if report.sentence.opens_paragraph:
        clues["opens a paragraph"] = 1.0
    if (cue := report.type_cue) is not None and report.type_rule == "cue":
        before = doc[cue.first - 1].lower_ if cue.first else ""
        if before in _ANOTHER or (cue.first > 1 and doc[cue.first - 2].lower_ in _ANOTHER):
            clues["another act"] = 1.0
        elif before in _EARLIER:
            clues["an earlier act"] = 1.0
        elif before in _INDEFINITE:
            clues["an act with 'a'"] = 1.0
        elif before in _DEFINITE:
            clues["an act with 'the'"] = 1.0
    if report.sentence.sources and any(
        "only" in (doc[max(0, f.first - 1)].lower_, doc[f.first].lower_) for f in counted
    ):
        clues["only so many, by a speaker"] = 1.0
    if any(t.lower_ in _CLAIMS for t in doc):
        clues["a claim"] = 1.0
    if any(c.lower_ == "had" for a in report.anchors for c in doc[a].children):
        clues["had been"] = 1.0
    if doc.text.count('"') or "“" in doc.text:
        clues["a quotation"] = 1.0
    if not report.sentence.places and not report.sentence.dates and not report.sentence.cues:
        clues["no place, day or means"] = 1.0
    clues.update(setting_clues(report))
    clues.update(opening_clues(report))
    clues.update(contrast_clues(report))
    clues.update(_turns(report, counted))
    return clues


def opens_with_place(report: Report) -> bool:
    """Whether the sentence begins with where it plays: "In Baqouba, …"."""
    doc = report.sentence.doc
    first = next((t for t in doc if t.is_alpha), None)
    if first is None or first.lower_ not in ("in", "at", "near", "on", "outside", "around"):
        return False
    return any(0 <= p.start - first.idx <= 30 and not is_of_care(report, p) for p in report.sentence.places)


def opens_with_day(report: Report) -> bool:
    """Whether the sentence begins with when it plays: "On 25 November, …", "An hour later, …"."""
    return any(d.start <= 12 for d in report.sentence.dates)


def only_bodies(report: Report) -> bool:
    """Whether all that a report counts is bodies: found, seen or carried away after an act told elsewhere."""
    doc = report.sentence.doc
    return all((form := casualty_form(doc[f.anchor].lower_)) is not None and form[1] == "body" for f in report.figures)


def opens_with_anaphor(report: Report) -> bool:
    """Whether the sentence begins with the event noun as its subject: "The blast also left …"."""
    words = report.sentence.doc.lower[:5]
    return bool(words) and words[0] in _DEFINITE and anaphor_of(report.sentence.doc[:5].as_doc()) is not None


def _turns(report: Report, counted: list[Figure]) -> dict[str, float]:
    """The clues of an earlier act in the report's own words, and of the hurt being cared for after one."""
    doc = report.sentence.doc
    words = doc.lower
    clues: dict[str, float] = {}
    if words[0] in _OPENS_APART:
        clues["opens with 'earlier', 'another'"] = 1.0
    if not _CARE.isdisjoint(words):
        clues["in hospital"] = 1.0
    if counted:
        end = max(counted[0].first, counted[0].anchor)
        if not _REVENGE.isdisjoint(words[:end]):
            clues["in revenge"] = 1.0
        first = min(f.first for f in counted)
        start = max(_SUBJECT, min(first, counted[0].anchor) - _REACH_OF_AFTER)
        at = next((i for i in range(start, min(first, end)) if words[i] in ("after", "following")), None)
        if at is not None and any(t.tag_ in ("VBD", "VBZ", "VBP", "VBN") for t in doc[:at]):
            clues["after another act"] = 1.0
    return clues
