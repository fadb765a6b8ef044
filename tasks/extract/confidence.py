"""Estimates the chance that a mention's killed, injured, date and place are all right, from how each was coded."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tasks.extract.join import Incident

# Log odds by trait of the coding: a logistic regression on 271 mentions of 156 hand-coded articles on the war in Syria. The
# constant is lower than fitted (1.6): set so that the mean meets the share of right rows on 88 articles not used for the rules.
_CONSTANT: Final = 1.35
_WEIGHTS: Final = {
    "summed": -0.95,  # the count adds up several figures
    "no_day": -0.75,
    "no_point": -0.7,  # no place finer than a country
    "no_killed": -0.55,
    "no_injured": -0.45,
    "open_count": -0.4,  # "at least"
    "one_of_several": -0.4,  # the article tells of more than one incident
    "headline_only": -0.5,
}


def confidence_of(row: dict[str, Any], incident: Incident, *, one_of_several: bool = False) -> float:
    """The estimate for one mention, 0–1, rounded to two digits.

    Args:
        row: The coded row.
        incident: Its reports and details.
        one_of_several: Whether its article tells of further incidents.
    """
    traits = {
        "summed": bool({"summed", "both_sides"} & set(row["flags"])),
        "no_day": row["date_start"] is None,
        "no_point": row["place_name"] is None or row["geo_basis"] == "country_only",
        "no_killed": row["killed_min"] is None and row["killed_max"] is None,
        "no_injured": row["injured_min"] is None and row["injured_max"] is None,
        "open_count": row["killed_min"] is not None and row["killed_max"] is None,
        "one_of_several": one_of_several,
        "headline_only": all(r.is_title for r in incident.reports),
    }
    score = _CONSTANT + sum(_WEIGHTS[trait] for trait, holds in traits.items() if holds)
    return round(1 / (1 + math.exp(-score)), 2)
