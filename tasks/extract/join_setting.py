"""Where, when and how a report plays for the joining: by its own words, else by the sentences without figures that lead up to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.extract.reports import Report, Sentence
    from tasks.extract.spans import DateExpression, PlaceExpression

    Relation = Callable[[PlaceExpression, PlaceExpression], str]

_REACH: Final = 3  # sentences before a report that may set its scene
_OPENS: Final = 6  # characters before a place that opens a sentence
_FIRM: Final = 2  # strength of a cue that tells of an act
_SAME: Final = frozenset({"same place", "same region", "one place inside the other"})
_OF_CARE: Final = frozenset({"hospital", "clinic", "morgue", "hospitals", "clinics", "mortuary", "infirmary"})


@dataclass(frozen=True, slots=True)
class Setting:
    """Where, when and by what act a report plays; what only the sentences before it say counts too."""

    place: PlaceExpression | None
    date: DateExpression | None
    type: str | None
    led_up_to: bool
    place_before: bool = False  # only the sentences before it name the place
    date_before: bool = False


def setting_of(report: Report) -> Setting:
    """The setting of a report; worked out once."""
    if report.setting is None:
        report.setting = _settle(report)
    return report.setting


def _settle(report: Report) -> Setting:
    acts = [s for s in lead_up(report) if _is_scene(s)]
    place = report.place if report.place is not None and not _is_speakers(report, report.place) else None
    date = report.date
    kind = report.type if report.type_rule == "cue" else None
    before = day = None
    if place is None:
        before = next(
            (p for s in acts for p in s.places if p.kind == "place" and p.relation not in ("from", "to")), None
        )
    if date is None:
        day = next((d for s in acts for d in s.dates if not _is_of_before(s, d)), None)
    if kind is None and acts and acts[0].cues:
        kind = max(acts[0].cues, key=lambda c: c.strength).type
    return Setting(place or before, date or day, kind, bool(acts), before is not None, day is not None)


def _is_scene(sentence: Sentence) -> bool:
    """Whether a sentence tells of an act: by a word for one, or by a vague word ("attacked", "gunmen") with a place or a day."""
    if any(c.strength >= _FIRM for c in sentence.cues):
        return True
    if any(p.kind == "place" and p.start <= _OPENS for p in sentence.places) and sentence.doc.lower[0] in ("in", "at"):
        return True  # "In Potiskum a man set off his belt."
    return bool(sentence.cues) and (bool(sentence.dates) or any(p.kind == "place" for p in sentence.places))


def _is_of_before(sentence: Sentence, date: DateExpression) -> bool:
    """Whether a day is that of something that had happened before the act: "to free a man who had been held the day before"."""
    token = next((t for t in sentence.doc.tokens if t.idx >= date.start), None)
    for _ in range(6):
        if token is None or token.head == token:
            return False
        token = token.head
        if token.pos_ == "VERB":
            return token.dep_ in ("relcl", "acl", "advcl") and any(c.lower_ == "had" for c in token.children)
    return False


def _is_speakers(report: Report, place: PlaceExpression) -> bool:
    """Whether a place is the speaker's or where the hurt are cared for: "a doctor at the Madina hospital said"."""
    if report.type_rule != "cue" and is_of_care(report, place):
        return True
    return any(s.start <= place.start < s.end for s in report.sentence.sources)


def is_of_care(report: Report, place: PlaceExpression) -> bool:
    """Whether a place names or holds where the hurt and the dead are brought: "at Madina hospital", "a hospital in Madina"."""
    text = report.sentence.text
    after = text[place.end : place.end + 40].lower().replace("'s", " ").split()[:3]
    before = text[max(0, place.start - 25) : place.start].lower().split()[-2:]
    words = {*place.name.lower().split(), *after[:2]}
    return not _OF_CARE.isdisjoint(words) or (before[-1:] in (["in"], ["at"], ["of"]) and before[0] in _OF_CARE)


def lead_up(report: Report) -> list[Sentence]:
    """The sentences without figures right before a report, the nearest first."""
    found: list[Sentence] = []
    sentence = report.sentence
    while (before := sentence.before) is not None and before.field == sentence.field != "title":
        if report.order - before.order > _REACH or len(before.verdicts) < len(before.figures):
            break
        found.append(before)
        if before.opens_paragraph:
            break
        sentence = before
    return found


def setting_clues(report: Report) -> dict[str, float]:
    """The clues of what leads up to a report by itself."""
    return {"led up to": 1.0} if setting_of(report).led_up_to else {}


def compare_setting(report: Report, known: list[Report], clues: dict[str, float], relation: Relation) -> None:
    """Adds the clues of the place and the day of what leads up to a report, where it names none itself."""
    own = setting_of(report)
    if own.place_before and own.place is not None:
        there = [p for r in known if (p := setting_of(r).place) is not None]
        if not there:
            clues["led up to at a place, none told"] = 1.0
        elif any(relation(own.place, p) in _SAME for p in there):
            clues["led up to at the same place"] = 1.0
        else:
            clues["led up to at another place"] = 1.0
    if own.date_before and own.date is not None:
        day = own.date
        days = [d for r in known if (d := setting_of(r).date) is not None]
        if days and not any(day.overlaps(d) for d in days):
            clues["led up to on another day"] = 1.0
