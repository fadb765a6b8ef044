"""What changed between two published states: rows that are new, gone, or say something else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from expectations.errors import SettingsError
from expectations.storage import part_paths, read_part
from expectations.tables import TABLES
from tasks.publish.ledger import Ledger, about_state

Row = dict[str, Any]
COMPARED: Final = ("incidents", "mentions", "articles")
# What names a row to a person, and columns that tell nothing of their own when they change.
_SHOWN: Final = {
    "incidents": ("date_start", "place_name", "sub_event_type", "killed_min", "killed_max"),
    "mentions": ("article_id", "date_start", "place_name", "killed_min", "killed_max"),
    "articles": ("published_on", "publisher", "title"),
}
_PASSED_OVER: Final = frozenset({"codings", "evidence", "ordinal", "content_hash"})
_LONG: Final = 120


@dataclass(slots=True)
class Change:
    """One row that differs.

    Attributes:
        key: Its id.
        what: new, changed or gone.
        shown: What names the row to a person: of the newer state, where it is there.
        values: Changed columns: (old, new).
        now: For an incident that is gone: the incident that its reports are in now.
    """

    key: str
    what: str
    shown: Row
    values: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    now: str | None = None


def state_folder(ledger: Ledger, wanted: str) -> Path:
    """A kept state by its id, the beginning of it, its number, "current" or "previous".

    Raises:
        SettingsError: There is none, or several fit.
    """
    states = [path for path in ledger.state_folders() if (path / "state.json").is_file()]
    current = ledger.current_state()
    if wanted == "current" and current is not None:
        return current
    if wanted == "previous" and current is not None:
        named = (about_state(current) or {}).get("previous")
        earlier = [path for path in states if path.name == named] or [p for p in states if p.name < current.name]
        if earlier:
            return earlier[-1]
        raise SettingsError(
            f"Nothing to compare yet: {current.name} is the only state kept in {ledger.output}; each run that changes something adds one."
            if len(states) == 1
            else f"previous: no state before {current.name} is kept in {ledger.output}. Kept are {_listed(states)}."
        )
    number = wanted.isdigit() and len(wanted) < 6
    fitting = [
        path
        for path in states
        if path.name.startswith(wanted)
        or path.name.partition("-")[2].startswith(wanted)
        or (number and int(path.name.partition("-")[0]) == int(wanted))
    ]
    if len(fitting) == 1:
        return fitting[0]
    raise SettingsError(
        f"{wanted}: {'several states fit' if fitting else 'no such state'} in {ledger.output}. Kept are {_listed(states)}."
    )


def _listed(states: list[Path]) -> str:
    return ", ".join(path.name for path in states) or "none"


def compare_states(old: Path, new: Path, table: str) -> Iterator[Change]:
    """The rows of a table that differ, by their keys; files that both states share are not read."""
    key = TABLES[table].key[0]
    before, after = _rows(old, new, table, key), _rows(new, old, table, key)
    homes: dict[str, str] = {}
    if table == "incidents" and before.keys() - after.keys():
        # Where the reports of an incident that is gone are now.
        for part in part_paths(new, "mentions"):
            rows = read_part(part, ["mention_id", "incident_id"]).to_pylist()
            homes.update((row["mention_id"], row["incident_id"]) for row in rows)
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was is None and now is not None:
            yield Change(name, "new", _shown(now, table))
        elif now is None and was is not None:
            home = next((homes[m] for m in was.get("mention_ids") or () if m in homes), None)
            yield Change(name, "gone", _shown(was, table), now=home)
        elif was is not None and now is not None:
            values = {c: (was.get(c), now.get(c)) for c in {**was, **now} if was.get(c) != now.get(c)}
            values = {c: pair for c, pair in values.items() if c not in _PASSED_OVER and not c.endswith("_at")}
            if values:
                yield Change(name, "changed", _shown(now, table), values)


def _rows(state: Path, other: Path, table: str, key: str) -> dict[str, Row]:
    """Rows of the files that the other state does not have just so."""
    rows: dict[str, Row] = {}
    for path in part_paths(state, table):
        twin = other / table / path.name
        if not (twin.is_file() and twin.samefile(path)):
            rows.update((row[key], row) for row in read_part(path).to_pylist())
    return rows


def _shown(row: Row, table: str) -> Row:
    return {name: row.get(name) for name in _SHOWN[table]}


def value_text(value: object) -> str:
    """A value for people: short, lists by their members."""
    if value is None or value == []:
        return "–"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part is not None)
    text = ", ".join(value_text(item) for item in value) if isinstance(value, list) else str(value)
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"
