"""Estimates the chance that a mention's killed, injured, date and place are all right, from how each was coded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tasks.extract.join import Incident

# Factors by trait of the coding; to be read as "how much less often such rows are right".
_BASE: Final = 0.85
_FACTORS: Final = {
    "summed": 0.85,
    "alternative_counts": 0.85,
    "place_inherited": 0.9,
    "date_inherited": 0.9,
    "disputed": 0.95,
    "both_sides": 0.8,
}


def confidence_of(row: dict[str, Any], incident: Incident) -> float:
    """The estimate for one mention, 0–1, rounded to two digits."""
    value = _BASE
    for flag, factor in _FACTORS.items():
        if flag in row["flags"]:
            value *= factor
    if row["place_name"] is None:
        value *= 0.6
    if row["date_start"] is None:
        value *= 0.8
    if all(r.is_title for r in incident.reports):
        value *= 0.7
    return round(value, 2)
