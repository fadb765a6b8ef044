"""How a sentence turns to what it tells: to another time or event, to those told of before, to what somebody else counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tasks.extract.join_setting import lead_up
from tasks.extract.segments import ACTS

if TYPE_CHECKING:
    from tasks.extract.reports import Report

_OPENING: Final = 12  # tokens in which a sentence turns, before whom it counts
_LEAST: Final = 4
_SPANS: Final = frozenset("hour hours day days night nights week weeks month months year years evening morning".split())
_AWAY: Final = frozenset("later earlier before after afterwards afterward".split())
_BESIDE: Final = frozenset("next previous same following preceding".split())
_TIMES: Final = frozenset("day night week weekend month time moment hour morning evening afternoon year".split())
_ELSEWHERE: Final = frozenset("elsewhere separately meanwhile separate another".split())
# "In a third incident", "In another attack"
_OTHER: Final = frozenset(
    "separate another second third fourth fifth similar different unrelated parallel other".split()
)
_WAYS: Final = frozenset("north south east west northeast northwest southeast southwest afield".split())
_BUT: Final = frozenset("but however though contrary".split())
_DOERS: Final = frozenset(
    "attackers assailants gunmen raiders assailant attacker bomber gunman shooter kidnappers abductors killers militants"
    " insurgents rebels intruders invaders perpetrators hijackers bandits victims dead wounded injured deceased".split()
)
_THEY: Final = frozenset({"he", "she", "they", "it", "his", "her", "their"})
_FIRST_PERSON: Final = frozenset({"i", "my", "me", "we", "our", "us"})


def opening_clues(report: Report) -> dict[str, float]:
    """The clues of how a report's sentence opens, and of how those that lead up to it do."""
    clues: dict[str, float] = {}
    words = report.sentence.doc.lower
    first = min((f.first for f in report.figures), default=_OPENING)
    if _turns_away(words[: max(_LEAST, min(first, _OPENING))]):
        clues["opens with a time apart"] = 1.0
    if any(_elsewhere(o) or _turns_away(o) for s in lead_up(report) if (o := s.doc.lower[:_OPENING])):
        clues["led up to by a turn"] = 1.0
    if words[0] == "in" and not _OTHER.isdisjoint(words[1:4]) and not ACTS.isdisjoint(words[2:6]):
        clues["opens as another incident"] = 1.0
    if report.sentence.sources and not _BUT.isdisjoint(words[:12]):
        clues["but, by a speaker"] = 1.0
    if words[0] in ("the", "these", "those") and not _DOERS.isdisjoint(words[1:3]):
        clues["opens with those told of"] = 1.0
    if words[0] in _THEY:
        clues["opens with 'they'"] = 1.0
    if not _FIRST_PERSON.isdisjoint(words):
        clues["in the first person"] = 1.0
    return clues


def _elsewhere(opening: list[str]) -> bool:
    """Whether an opening turns to another event: "Elsewhere", "In a separate incident"."""
    return not _ELSEWHERE.isdisjoint(opening[:4])


def _turns_away(opening: list[str]) -> bool:
    """Whether an opening tells of a time by another, or of another part of the land: "Two hours later", "Further south"."""
    if opening[0] in ("further", "farther") and opening[1] in _WAYS:
        return True
    for i, word in enumerate(opening[:-1]):
        if word in _SPANS and opening[i + 1] in _AWAY:
            return True
        if word in _BESIDE and not _TIMES.isdisjoint(opening[i + 1 : i + 3]):
            return True
    return False
