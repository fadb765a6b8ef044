"""Reads what people decided about incidents and mentions: `corrections.csv`, one decision a line."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from expectations.errors import SettingsError
from expectations.tables import TABLES

COLUMNS: Final = ("target_id", "target", "action", "field", "value", "expected", "reason", "who", "date")
ACTIONS: Final = {
    "incident": ("set", "reject", "merge", "confirm"),
    "mention": ("set", "reject", "split", "confirm"),
}
FIELDS: Final = tuple(c.name for c in TABLES["incidents"].columns if c.correctable)


@dataclass(frozen=True, slots=True)
class Correction:
    """One decision, as written; empty texts are empty cells.

    Attributes:
        target_id: Incident or mention.
        target: "incident" or "mention".
        action: set, reject, merge, split or confirm.
        field: Column to set.
        value: Its new value (empty: not known); for a merge, the other incident.
        expected: What stood there when the decision was taken; for a split, the incident that the mention was in.
        reason: Why.
        who: Who decided.
        date: When.
    """

    target_id: str
    target: str
    action: str
    field: str = ""
    value: str = ""
    expected: str = ""
    reason: str = ""
    who: str = ""
    date: str = ""

    @property
    def problem(self) -> str | None:
        """What is wrong with it in itself; None: nothing."""
        if not self.target_id:
            return "it names no target_id"
        if self.target not in ACTIONS:
            return f"target is '{self.target}', but must be incident or mention"
        if self.action not in ACTIONS[self.target]:
            return f"action is '{self.action}', but of {self.target} must be one of {', '.join(ACTIONS[self.target])}"
        if self.action == "set":
            if self.field not in FIELDS:
                return f"field is '{self.field}', but must be one of {', '.join(FIELDS)}"
            try:
                parse_value(self.field, self.value)
            except ValueError as error:
                return str(error)
        if self.action == "merge" and not self.value:
            return "value names no other incident"
        return None

    def entry(self, original: str | None) -> dict[str, str | None]:
        """What the corrected row keeps of it."""
        return {
            "action": self.action,
            "column": self.field or None,
            "value": self.value or None,
            "original": original,
            "reason": self.reason or None,
            "who": self.who or None,
            "date": self.date or None,
        }


def read_corrections(paths: Iterable[Path]) -> list[Correction]:
    """All decisions in these files, each once, in order; files that are not there hold none.

    Raises:
        SettingsError: A file cannot be read or is no file of corrections.
    """
    found: dict[Correction, None] = {}
    for path in paths:
        if not path.exists():
            continue
        for row in _rows(path):
            cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
            if any(cells.values()):
                found.setdefault(Correction(**cells))
    return list(found)


def _rows(path: Path) -> list[dict[str, str]]:
    """The lines of a file by its columns; one that could be read in two ways is refused, so that no decision gets lost or bent."""
    rows = []
    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), strict=True)
        head = reader.fieldnames or COLUMNS
        if missing := [name for name in ("target_id", "target", "action") if name not in head]:
            raise SettingsError(
                f"{path}: no file of corrections: the column {missing[0]} is missing. Columns are {', '.join(COLUMNS)}."
            )
        if unknown := [name for name in head if name and name not in COLUMNS]:
            raise SettingsError(f"{path}: there is no column '{unknown[0]}'. Columns are {', '.join(COLUMNS)}.")
        for row in reader:
            if any(row.pop(None, ())):  # the name of cells beyond the last column
                raise SettingsError(
                    f"{path}, line {reader.line_num}: more cells than columns. A text with a comma in it needs quotes around it."
                )
            rows.append(row)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(
            f"{path}: corrections cannot be read ({error}). Save it as CSV in UTF-8, with every quote closed."
        ) from error
    return rows


def take_over(own: Path, more: Path) -> None:
    """Add the decisions of another file to the ledger's own, so that later runs apply them too."""
    known = read_corrections([own])
    together = read_corrections([own, more])
    if len(together) == len(known):
        return
    draft = own.with_name(f".{own.name}.{os.getpid()}")
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([getattr(one, name) for name in COLUMNS] for one in together)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(own)


def parse_value(field: str, text: str) -> Any:  # noqa: ANN401 - as many types as columns
    """The value of a cell, of the column's own type; empty: null.

    Raises:
        ValueError: The column cannot hold it; says why.
    """
    column = TABLES["incidents"][field]
    if not text:
        if not column.nullable:
            raise ValueError(f"{field} cannot be empty")
        return None
    try:
        value: Any = text
        if pa.types.is_integer(column.type):
            value = pa.scalar(int(text), column.type).as_py()
        elif pa.types.is_floating(column.type):
            value = float(text)
            if not math.isfinite(value):
                raise ValueError
        elif pa.types.is_date(column.type):
            value = dt.date.fromisoformat(text)
    except (ValueError, OverflowError):
        raise ValueError(f"{field}: '{text}' is no {column.type}") from None
    if column.allowed and value not in column.allowed:
        raise ValueError(f"{field}: '{text}' is not one of {', '.join(map(str, column.allowed))}")
    if (column.minimum is not None and value < column.minimum) or (
        column.maximum is not None and value > column.maximum
    ):
        raise ValueError(f"{field}: {text} is out of range")
    return value


def value_text(value: object) -> str:
    """A value as it is written in a cell; numbers in their shortest form."""
    if value is None:
        return ""
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


def same_value(field: str, text: str, value: object) -> bool:
    """Whether a cell says what a row holds."""
    try:
        return bool(parse_value(field, text) == value)
    except ValueError:
        return text == value_text(value)


def by_target(corrections: Sequence[Correction], target: str, *actions: str) -> dict[str, list[Correction]]:
    """Decisions on incidents or on mentions, by their id, in order."""
    found: dict[str, list[Correction]] = {}
    for one in corrections:
        if one.target == target and one.action in actions and one.problem is None:
            found.setdefault(one.target_id, []).append(one)
    return found
