"""Finds the words of weapons, means and acts in a passage and decides the ACLED sub-event type by them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from tasks.extract import lexicon

if TYPE_CHECKING:
    from tasks.extract.figure import Figure
    from tasks.extract.parsed import Doc

_DEFINITE: Final = frozenset({"the", "this", "that", "these", "those", "its", "their", "his", "latest"})


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that tells of a kind of act: token indexes (last inclusive), sub-event type and strength (see events.toml)."""

    first: int
    last: int
    type: str
    strength: int


@cache
def _index() -> dict[str, list[tuple[tuple[str, ...], str, int]]]:
    index: dict[str, list[tuple[tuple[str, ...], str, int]]] = defaultdict(list)
    for entry in lexicon.load("events")["cues"]:
        for phrase in entry["phrases"]:
            words = tuple(phrase.split())
            index[words[0]].append((words, entry["type"], entry["strength"]))
    return {first: sorted(rows, key=lambda r: -len(r[0])) for first, rows in index.items()}


@cache
def _compatible() -> frozenset[frozenset[str]]:
    return frozenset(frozenset(p) for p in lexicon.load("events")["compatible"]["pairs"])


def _anaphors() -> dict[str, Any]:
    return dict(lexicon.load("events")["anaphors"])


def compatible_types(a: str, b: str) -> bool:
    """Whether two sub-event types may be two views of one incident."""
    return a == b or frozenset((a, b)) in _compatible()


def find_cues(doc: Doc) -> list[Cue]:
    """The cues of a passage, longest match first, none overlapping."""
    words, found, i = [t.lower_ for t in doc], [], 0
    index = _index()
    while i < len(words):
        for phrase, kind, strength in index.get(words[i], ()):
            if tuple(words[i : i + len(phrase)]) == phrase:
                found.append(Cue(i, i + len(phrase) - 1, kind, strength))
                i += len(phrase) - 1
                break
        i += 1
    return found


def anaphor_of(doc: Doc) -> str | None:
    """The family that a definite event noun of the passage takes up ("the blast"); "*" any; None: there is none."""
    found = find_anaphor(doc)
    return found[0] if found else None


def find_anaphor(doc: Doc) -> tuple[str, int] | None:
    """The first definite event noun of a passage: the family that it takes up, and its token index."""
    families = _anaphors()
    for token in doc:
        family = families.get(token.lower_)
        if family is None or token.tag_ not in ("NN", "NNS", "NNP", "JJ", "VBN"):
            continue
        determiner = next(
            (
                t
                for t in reversed(doc[max(0, token.i - 3) : token.i])
                if t.lower_ in _DEFINITE and t.tag_ in ("DT", "PRP$", "JJ", "JJS")
            ),
            None,
        )
        if determiner is not None and not any(t.tag_.startswith(("V", "IN")) for t in doc[determiner.i + 1 : token.i]):
            return str(family), token.i
    return None


def anaphor_fits(family: str, kind: str) -> bool:
    """Whether "the blast", "the raid" … can stand for an incident of this type."""
    return family == "*" or kind in lexicon.load("events")["families"][family]


def choose_type(
    cues: Iterable[Cue], anchors: Sequence[int], figures: Sequence[Figure], by_state: bool
) -> tuple[str, str, Cue | None]:
    """The sub-event type of a report: (type, rule, the cue that decided).

    The strongest cue wins; among equals the one nearest to the casualty word. Without one: fighting parties dead make an
    armed clash, others an attack (ACLED: violence against civilians). "Bombing" by a state or a coalition is from the air.
    """
    outcomes = {f.outcome for f in figures}
    best: tuple[float, Cue] | None = None
    for cue in cues:
        if cue.type == "Abduction/forced disappearance" and "abducted" not in outcomes:
            continue
        distance = min((abs(cue.first - a) for a in anchors), default=0)
        score = cue.strength * 10 - min(distance, 25) * 0.6
        if best is None or score > best[0]:
            best = (score, cue)
    if outcomes == {"abducted"}:
        return "Abduction/forced disappearance", "outcome_abducted", best[1] if best else None
    if best is not None and best[1].strength >= 2:
        kind = best[1].type
        if by_state and kind == "Remote explosive/landmine/IED" and best[1].strength == 2:
            kind = "Air/drone strike"
        if kind == "Attack" and _only_fighters(figures) and best[1].strength < 3:
            kind = "Armed clash"
        return kind, "cue", best[1]
    if _only_fighters(figures):
        return "Armed clash", "fighters_dead", best[1] if best else None
    return "Attack", "no_cue" if best is None else "weak_cue", best[1] if best else None


def _only_fighters(figures: Sequence[Figure]) -> bool:
    groups = {f.group for f in figures if f.role == "count" and f.outcome in ("killed", "injured")}
    return bool(groups) and groups <= {"combatant"}
