"""What the page of comparison with a reference database shows: the links that `corroborate` left beside the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from expectations.storage import read_part
from tasks.report.rows import clean

NAME: Final = "corroboration.parquet"
SHOWN: Final = 20_000
_COLUMNS: Final = [
    "status",
    "incident_id",
    "reference",
    "reference_id",
    "score",
    "distance_km",
    "days_apart",
    "date_start",
    "date_end",
    "place_name",
    "killed_min",
    "killed_max",
    "perpetrator",
    "reference_date_start",
    "reference_date_end",
    "reference_place",
    "reference_killed_low",
    "reference_killed_best",
    "reference_killed_high",
    "reference_actors",
    "reference_text",
    "differences",
    "reason",
]


def read_compared(ledger: Path) -> dict[str, Any] | None:
    """The rows of the comparison, matched ones first; None: none was made.

    Raises:
        TableError: The file is not Parquet or lacks a column.
    """
    path = ledger / NAME
    if not path.is_file():
        return None
    table = read_part(path, _COLUMNS)
    order = {"matched": 0, "only_ours": 1, "only_theirs": 2}
    rows: list[dict[str, Any]] = clean(table.to_pylist())
    rows.sort(
        key=lambda row: (
            order.get(row["status"], 3),
            str(row["date_start"] or row["reference_date_start"]),
            str(row["incident_id"] or row["reference_id"]),
        )
    )
    return {"n": len(rows), "rows": rows[:SHOWN]}
