"""What the last run changed in the incidents, for the Prefect UI: small, whatever the size of the ledger.

`conflict-ledger diff` compares whole rows of any two states; this looks at what tells an incident at a glance, file by file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from expectations.storage import part_paths, read_part
from flows.report import INCIDENT_COLUMNS

Row = dict[str, Any]


@dataclass(slots=True)
class Changes:
    """The incidents that are new, changed and gone between two states.

    Attributes:
        new: Rows of those that are new; of a first state, the latest few.
        changed: Rows of those that say something else: (before, after).
        gone: Rows of those that are gone.
        first: In a first state: how many there are.
    """

    new: list[Row] = field(default_factory=list)
    changed: list[tuple[Row, Row]] = field(default_factory=list)
    gone: list[Row] = field(default_factory=list)
    first: int | None = None

    def __str__(self) -> str:
        """In words: "3 new, 1 changed"."""
        if self.first is not None:
            return f"{self.first:,} in the first state"
        counts: dict[str, list[Any]] = {"new": self.new, "changed": self.changed, "gone": self.gone}
        return ", ".join(f"{len(rows):,} {name}" for name, rows in counts.items() if rows) or "none new or changed"


def incident_changes(old: Path | None, new: Path, *, shown: int) -> Changes:
    """What the state in folder `new` has otherwise than that in `old`; files that both share are not read."""
    if old is None:
        return Changes(new=latest_incidents(new, shown), first=count_rows(new, "incidents"))
    before, after = _own_rows(old, new), _own_rows(new, old)
    found = Changes()
    for key, row in after.items():
        was = before.pop(key, None)
        if was is None:
            found.new.append(row)
        elif was != row:
            found.changed.append((was, row))
    found.new.sort(key=_by_date, reverse=True)
    found.gone = list(before.values())
    return found


def latest_incidents(folder: Path, number: int) -> list[Row]:
    """The latest incidents, the latest first; those without a date come last."""
    rows: list[Row] = []
    # A file a month; what has no date stands in "undated", behind all others by name.
    paths = part_paths(folder, "incidents")
    months = [path for path in paths if path.stem != "undated"]
    for path in [*reversed(months), *(path for path in paths if path not in months)]:
        rows += sorted(read_part(path, INCIDENT_COLUMNS).to_pylist(), key=_by_date, reverse=True)
        if len(rows) >= number:
            break
    return rows[:number]


def _by_date(row: Row) -> tuple[str, str]:
    return str(row["date_start"] or ""), row["incident_id"]


def count_rows(folder: Path, table: str) -> int:
    """The rows of a table, from the ends of its files alone."""
    return sum(pq.read_metadata(path).num_rows for path in part_paths(folder, table))


def _own_rows(state: Path, other: Path) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for path in part_paths(state, "incidents"):
        if not _same_file(path, other / "incidents" / path.name):
            rows.update((row["incident_id"], row) for row in read_part(path, INCIDENT_COLUMNS).to_pylist())
    return rows


def _same_file(path: Path, twin: Path) -> bool:
    return twin.is_file() and twin.samefile(path)


def evidence_of(state: Path, incident_ids: list[str], old: Path | None) -> dict[str, list[str]]:
    """The sentences that report each of these incidents, in the order of their articles.

    Files that the state before has, too, hold no report of a new incident and are not read.
    """
    wanted = pa.array(incident_ids, pa.string())
    found: dict[str, list[str]] = {}
    for path in part_paths(state, "mentions"):
        if old is not None and _same_file(path, old / "mentions" / path.name):
            continue
        part = read_part(path, ["incident_id", "evidence"])
        for row in part.filter(pc.is_in(part["incident_id"], value_set=wanted)).to_pylist():
            sentences = found.setdefault(row["incident_id"], [])
            sentences += [piece["text"] for piece in row["evidence"] if piece["text"] not in sentences]
    return found
