"""`conflict-ledger diff`: what changed between two states of a ledger, for a person or as JSON."""

from __future__ import annotations

from pathlib import Path

from tasks.publish.diff import COMPARED, Change, compare_states, state_folder, value_text
from tasks.publish.ledger import Ledger

_MARKS = {"new": "+", "changed": "~", "gone": "-"}


def show_differences(folder: Path, old: str, new: str, *, as_json: bool) -> None:
    """Print what is new, changed (old → new) and gone, table by table.

    Raises:
        SettingsError: There is no such ledger or state.
    """
    from flows.show import print_json, require_ledger

    require_ledger(folder)
    ledger = Ledger(folder)
    before, after = state_folder(ledger, old), state_folder(ledger, new)
    found = {table: list(compare_states(before, after, table)) for table in COMPARED}
    if as_json:
        print_json({"old": before.name, "new": after.name} | {name: _as_json(rows) for name, rows in found.items()})
        return
    print(f"{before.name} → {after.name}")
    for table, changes in found.items():
        print(f"\n{table}: {_counted(changes)}")
        if table != "mentions":  # their changes show in their incidents; --json has them
            for change in changes:
                _print_change(change)


def _counted(changes: list[Change]) -> str:
    counts = {what: sum(change.what == what for change in changes) for what in _MARKS}
    return ", ".join(f"{number:,} {what}" for what, number in counts.items() if number) or "no difference"


def _print_change(change: Change) -> None:
    shown = "  ".join(value_text(value) for value in change.shown.values() if value is not None)
    print(f"{_MARKS[change.what]} {change.key}  {shown}" + (f"  (now in {change.now})" if change.now else ""))
    for column, (was, now) in change.values.items():
        print(f"    {column}: {value_text(was)} → {value_text(now)}")


def _as_json(changes: list[Change]) -> list[dict[str, object]]:
    return [
        {
            "id": change.key,
            "what": change.what,
            **({"now_in": change.now} if change.now else {}),
            **(
                {"changes": {column: {"old": was, "new": now} for column, (was, now) in change.values.items()}}
                if change.values
                else {"row": change.shown}
            ),
        }
        for change in changes
    ]
