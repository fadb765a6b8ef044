"""What a scorer hands back: numbers for machines, lines for people, and the differences one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from expectations.wording import counted

Numbers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """The result of scoring tables against gold.

    Attributes:
        kind: Which annotation was scored: "incidents", "resolution" or "templates".
        numbers: The measures, ready for JSON.
        errors: One line a difference between prediction and gold, in the order of the gold file.
        warnings: What makes the numbers doubtful, such as gold documents that no table knows.
    """

    kind: str
    numbers: Numbers
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def as_dict(self) -> Numbers:
        """The measures as a plain dict for JSON."""
        return self.numbers

    def render(self) -> str:
        """The measures as text for people."""
        return _RENDERERS[self.kind](self.numbers)


def precision_recall(right: int, predicted: int, gold: int) -> Numbers:
    """Precision, recall and F1 (four decimals) with the counts they come from."""
    precision = right / predicted if predicted else 0.0
    recall = right / gold if gold else 0.0
    return {
        "p": round(precision, 4),
        "r": round(recall, 4),
        "f1": round(f_score(precision, recall), 4),
        "tp": right,
        "pred": predicted,
        "gold": gold,
    }


def f_score(precision: float, recall: float) -> float:
    """The harmonic mean of the two; 0 when both are."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _render_incidents(numbers: Numbers) -> str:
    lines = [counted(numbers["documents"], "document")]
    for name in ("slots", "detection"):
        m = numbers[name]
        counts = f"({m['tp']} right of {m['pred']} predicted, {m['gold']} gold)"
        lines.append(f"{name:12} P {m['p']:.3f}  R {m['r']:.3f}  F1 {m['f1']:.3f}   {counts}")
    usable = numbers["usable_rows"]
    lines.append("usable rows  none asked" if usable is None else f"usable rows  {usable:.3f}")
    country = numbers["country"]
    if country["of"]:
        lines.append(f"country      {country['share']:.3f}   ({country['right']} of {country['of']} found incidents)")
    for slot, m in numbers["by_slot"].items():
        counts = f"({m['tp']}/{m['pred']}/{m['gold']})"
        lines.append(f"  {slot:12} P {m['p']:.3f}  R {m['r']:.3f}  F1 {m['f1']:.3f}   {counts}")
    return "\n".join(lines)


def _render_resolution(numbers: Numbers) -> str:
    lines = []
    for name, value in numbers.items():
        shown = f"P {value['p']:.3f}  R {value['r']:.3f}  F1 {value['f1']:.3f}" if isinstance(value, dict) else value
        lines.append(f"{name:20} {shown}")
    return "\n".join(lines)


def _render_templates(numbers: Numbers) -> str:
    return "\n".join(f"{share:.3f} of {total:<5} {name}" for name, (share, total) in numbers.items())


_RENDERERS: dict[str, Callable[[Numbers], str]] = {
    "incidents": _render_incidents,
    "resolution": _render_resolution,
    "templates": _render_templates,
}
