"""The number that a report gives for one outcome, out of its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tasks.extract.figure import OWN_LOSS, shares_number

if TYPE_CHECKING:
    from tasks.extract.figure import Figure
    from tasks.extract.parsed import Doc

_TOGETHER: Final = ("number", "indefinite")


@dataclass(frozen=True, slots=True)
class Count:
    """How many: bounds, and whether they were added up from several figures."""

    min: int | None
    max: int | None
    summed: bool = False
    vague: bool = False  # "dozens", "several"
    weak: bool = False  # people without a number ("killing civilians")

    @property
    def known(self) -> bool:
        """Whether there is a bound at all."""
        return self.min is not None or self.max is not None


def is_vague(figure: Figure) -> bool:
    """Whether a figure is the least that a vague word allows ("several", "dozens", "hundreds")."""
    return figure.kind == "number" and figure.max is None and figure.vague


def added_up(figures: Sequence[Figure], outcome: str) -> list[Figure]:
    """The figures that make up the number of a report for one outcome: coordinated ones, of others the first."""
    own = [f for f in figures if f.outcome == outcome and f.role == "count" and f.kind != "anaphoric"]
    if any(not f.attackers for f in own):
        own = [f for f in own if not f.attackers]
    else:  # those whom others killed: "police shot dead three attackers", not "three bombers died"
        own = [f for f in own if f.rule == "object" and f.kind in ("number", "indefinite")]
    own = [f for f in own if f.kind != "implied"] or own
    own = [f for f in own if f.kind != "none"] or own
    own = [f for n, f in enumerate(own) if not shares_number(f, own[n - 1] if n else None)]
    reached = [f for f in own if f.rule == "toll_reaches" and f.kind == "number"]
    if reached:  # "the number of people killed rose to 36 after seven of the wounded died"
        own = reached[:1]
    numbers = [f for f in own if f.kind in ("number", "indefinite", "none", "unknown")]
    if numbers and len(numbers) < len(own):
        own = [
            f
            for f in own
            if f in numbers
            or (
                f.kind in ("named", "definite", "plural")
                and (f.other or f.rule == "coordination" or f.anchor == numbers[0].anchor)
            )
        ]
    if not own:
        return []
    added = [own[0]]
    for f in own[1:]:
        if (
            f.anchor == own[0].anchor
            or f.other
            or f.rule == "coordination"
            or (f.group and own[0].group and f.group != own[0].group)
            or (f.side and own[0].side and f.side != own[0].side)
            or (f.side == OWN_LOSS) != (own[0].side == OWN_LOSS)
        ):
            added.append(f)
    return added


def count_of(figures: Sequence[Figure], outcome: str) -> Count:
    """The number that a report gives for one outcome: coordinated figures are added up, others are alternatives (the first counts)."""
    added = added_up(figures, outcome)
    if not added:
        return Count(None, None)
    low = sum(f.min or 0 for f in added) if any(f.min is not None for f in added) else None
    high = sum(f.max for f in added if f.max is not None) if all(f.max is not None for f in added) else None
    vague = any(is_vague(f) for f in added)
    weak = all(f.kind in ("plural", "definite", "implied") or f.rule in ("attribute", "share") for f in added)
    return Count(low, high, summed=len(added) > 1, vague=vague, weak=weak)


def parts_added_up(figures: Sequence[Figure], doc: Doc) -> set[int]:
    """The ids of the parts that add to another of their group: the nurses of "including a doctor and two nurses".

    Not those of a group that is counted as a whole too, nor the parts of a part ("three officers, two of them colonels").
    """
    added: set[int] = set()
    told = {(f.outcome, f.group) for f in figures if f.role == "count"}
    listed: dict[tuple[str, str | None, int | None], list[Figure]] = {}
    for figure in figures:
        inside = set(doc.lower[max(0, figure.first - 2) : figure.last + 3])
        if (
            figure.role != "part"
            or figure.kind not in _TOGETHER
            or not inside.isdisjoint(("them", "whom", "both", "all"))
        ):
            continue
        if figure.group is not None and figure.min is not None and (figure.outcome, figure.group) not in told:
            listed.setdefault((figure.outcome, figure.group, figure.whole), []).append(figure)
    for (outcome, _, whole), parts in listed.items():
        numbers = [f.min or 0 for f in parts]
        most = max((f.min or 0 for f in figures if f.first == whole and f.outcome == outcome), default=0)
        if len(parts) > 1 and sum(numbers) <= most and numbers[0] != sum(numbers[1:]):
            added |= {id(f) for f in parts[1:]}
    return added
