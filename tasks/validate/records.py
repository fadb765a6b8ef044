"""What the checks leave behind: rows of `quarantine` and `checks`, and examples for the quality pages."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from expectations.check import Check
from expectations.checks import span_words
from expectations.storage import part_paths, read_part, write_part
from expectations.tables import CHECKS, QUARANTINE, TABLES

EXAMPLES = 20
VALUE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Failure:
    """One row that fails one check.

    Attributes:
        table: The table.
        key: The row's key.
        check: The check, or the cause where the row goes with another one (`article_held_back`).
        column: First column concerned; empty: the whole row.
        value: Its value, shortened.
        reason: What was wrong and what to do.
        row: The row as JSON; empty until the row is held back.
    """

    table: str
    key: str
    check: str
    column: str
    value: str | None
    reason: str
    row: str = ""


@dataclass(slots=True)
class Tally:
    """What one check found, over all parts.

    Attributes:
        check: The check.
        rows: Rows checked.
        failed: Rows that failed.
        observed: What was seen of the table as a whole.
        examples: The first failures.
    """

    check: Check
    rows: int = 0
    failed: int = 0
    observed: str | None = None
    examples: list[Failure] = field(default_factory=list)

    def add(self, failure: Failure) -> None:
        """Count one failing row."""
        self.failed += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(failure)


def describe(check: Check, row: Mapping[str, Any], problem: str | None) -> str:
    """The reason why a row fails, in words."""
    shown = [f"{name} is {_short(row[name])}" for name in check.columns]
    match check.kind:
        case "present":
            what = f"{check.columns[0]} is missing"
        case "allowed":
            what = f"{shown[0]}, which is not one of the allowed values"
        case "range":
            what = f"{shown[0]}, but must lie {span_words(check.minimum, check.maximum)}"
        case "pattern":
            what = f"{shown[0]}, which does not match {check.pattern}"
        case "order":
            what = f"{shown[0]}, but {shown[1]}"
        case _:
            what = problem or check.description.replace("`", "")
    where = f"{row['source_uri']}: " if row.get("source_uri") else ""
    return f"{where}{what.rstrip('.')}. {_remedy(check.table)}"


def _remedy(table: str) -> str:
    if table == "documents":
        return "Mend the source and run again."
    if table == "articles":
        return "Mend the document, or report how it was read."
    return "A reading error: please report it with this row."


def _short(value: object) -> str:
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else text[:79] + "…"


def value_text(value: object) -> str | None:
    """A value as it stands in `quarantine.value`."""
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(_plain(value), ensure_ascii=False)
    return text if len(text) <= VALUE_LENGTH else text[: VALUE_LENGTH - 1] + "…"


def row_json(row: Mapping[str, Any]) -> str:
    """A row as JSON, without its time stamps: the same input gives the same text. Bytes become their length and hash."""
    kept = {name: _plain(value) for name, value in row.items() if not name.endswith("_at")}
    return json.dumps(kept, ensure_ascii=False)


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return {"bytes": len(value), "sha256": hashlib.sha256(value).hexdigest()}
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, float) and value != value:
        return "NaN"
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def quarantine_path(work: Path, stage: str) -> Path:
    """Where the rows that the checks after a stage hold back are kept; the stage's own rejections lie beside it."""
    return work / "quarantine" / f"{stage}-validate.parquet"


def held_before(work: Path, stage: str) -> list[dict[str, Any]]:
    """Rows that an interrupted check of the same stage had already held back."""
    path = quarantine_path(work, stage)
    return list(read_part(path).to_pylist()) if path.exists() else []


def held_by_stage(work: Path, stage: str) -> list[dict[str, Any]]:
    """What the stage itself held back."""
    own = [
        p
        for p in part_paths(work, "quarantine")
        if p.name.startswith(f"{stage}-") and p != quarantine_path(work, stage)
    ]
    return [row for path in own for row in read_part(path).to_pylist()]


def quarantine_rows(stage: str, run_id: str, failures: Iterable[Failure]) -> list[dict[str, Any]]:
    """Failures as rows of `quarantine`."""
    return [
        {
            "run_id": run_id,
            "stage": stage,
            "table": f.table,
            "row_key": f.key,
            "check": f.check,
            "column": f.column,
            "value": f.value,
            "reason": f.reason,
            "row": f.row,
        }
        for f in failures
    ]


def write_quarantine(work: Path, stage: str, rows: Iterable[dict[str, Any]]) -> None:
    """Write the rows held back after a stage, each once; no file where there are none."""
    by_key = {tuple(row[name] for name in QUARANTINE.key): row for row in rows}
    if by_key:
        write_part(quarantine_path(work, stage), QUARANTINE, by_key.values())


def write_checks(work: Path, stage: str, run_id: str, tallies: Iterable[Tally]) -> None:
    """Write `checks/<stage>-<table>.parquet`, and beside it the examples for the quality pages as JSON."""
    by_table: dict[str, list[Tally]] = {}
    for tally in tallies:
        by_table.setdefault(tally.check.table, []).append(tally)
    for table, of_table in sorted(by_table.items()):
        rows = [
            {
                "run_id": run_id,
                "stage": stage,
                "table": table,
                "check": t.check.name,
                "severity": t.check.severity,
                "passed": t.failed == 0,
                "rows": t.rows,
                "failed": t.failed,
                "observed": t.observed,
            }
            for t in of_table
        ]
        path = write_part(work / "checks" / f"{stage}-{table}.parquet", CHECKS, rows)
        examples = {t.check.name: [[f.key, f.reason] for f in t.examples] for t in of_table if t.examples}
        path.with_suffix(".json").write_text(json.dumps(examples, ensure_ascii=False, indent=1), encoding="utf-8")


def key_of(table: str) -> str:
    """The key column of a table that has one."""
    return TABLES[table].key[0]
