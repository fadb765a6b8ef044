"""What the quality page tells: checks, what was held back, what became of every figure, and how full the columns are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from expectations.checks import CHECKED, checks_of
from expectations.storage import iter_parts, read_table
from expectations.tables import TABLES

QUARANTINE_SHOWN: Final = 1000
_FILLED: Final = (
    "killed_min",
    "injured_min",
    "date_start",
    "place_name",
    "admin1",
    "country_code",
    "latitude",
    "perpetrator",
    "weapon_text",
    "target",
)


def read_quality(ledger: Path, runs: Path) -> dict[str, Any]:
    """Everything for the page, as plain data, from the tables in `ledger` and the manifests in `runs`."""
    quarantine = read_table(ledger, "quarantine")
    return {
        "checks": _checks(ledger),
        "quarantine": quarantine.slice(0, QUARANTINE_SHOWN).to_pylist(),
        "n_quarantine": quarantine.num_rows,
        "dispositions": _counts(ledger, "figures", "disposition"),
        "reasons": _reasons(ledger),
        "fill": _fill(ledger),
        "articles": _articles(ledger),
        "run": _manifest(ledger, runs),
    }


def _checks(ledger: Path) -> list[dict[str, Any]]:
    meaning = {(name, check.name): check.description for name in CHECKED for check in checks_of(name)}
    rows: list[dict[str, Any]] = read_table(ledger, "checks").to_pylist()
    for row in rows:
        row["description"] = meaning.get((row["table"], row["check"]), "")
    return rows


def _counts(ledger: Path, table: str, column: str) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for part in iter_parts(ledger, table, [column]):
        counts.update(part.column(0).to_pylist())
    return dict(counts.most_common())


def _reasons(ledger: Path) -> list[dict[str, Any]]:
    """How often each reason was given for a figure that counts in no incident, most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    for part in iter_parts(ledger, "figures", ["disposition", "reason"]):
        for row in part.to_pylist():
            if row["disposition"] not in ("incident", "repeat"):
                counts[row["disposition"], row["reason"]] += 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:60]
    return [{"disposition": d, "reason": r, "count": n} for (d, r), n in ordered]


def _fill(ledger: Path) -> list[dict[str, Any]]:
    filled: Counter[str] = Counter()
    total = 0
    for part in iter_parts(ledger, "incidents", list(_FILLED)):
        total += part.num_rows
        for name in _FILLED:
            filled[name] += part.num_rows - part.column(name).null_count
    return [
        {
            "column": name,
            "filled": filled[name],
            "rows": total,
            "description": TABLES["incidents"][name].description,
        }
        for name in _FILLED
    ]


def _articles(ledger: Path) -> dict[str, Any]:
    columns = ["language", "published_basis", "duplicate_of", "flags"]
    languages: Counter[str] = Counter()
    bases: Counter[str] = Counter()
    flags: Counter[str] = Counter()
    total = copies = 0
    for part in iter_parts(ledger, "articles", columns):
        total += part.num_rows
        copies += part.num_rows - part.column("duplicate_of").null_count
        languages.update(value or "not known" for value in part.column("language").to_pylist())
        bases.update(part.column("published_basis").to_pylist())
        for chunk in part.column("flags").chunks:
            flags.update(_flatten(chunk))
    return {
        "total": total,
        "copies": copies,
        "languages": dict(languages.most_common()),
        "published_basis": dict(bases.most_common()),
        "flags": dict(flags.most_common()),
    }


def _flatten(chunk: pa.ListArray) -> list[str]:
    values: list[str] = chunk.flatten().to_pylist()
    return values


def _manifest(ledger: Path, runs: Path) -> dict[str, Any] | None:
    """The manifest of the run that made the published state, without paths of the machine."""
    run_id = next((r for part in iter_parts(ledger, "checks", ["run_id"]) for r in part.column(0).to_pylist()), None)
    path = runs / f"{run_id}.json"
    if run_id is None or not path.is_file():
        return {"run_id": run_id, "versions": {}, "stages": []} if run_id else None
    manifest = json.loads(path.read_text(encoding="utf-8"))
    kept = ("stage", "rows_in", "rows_out", "duplicates")
    held_back = Counter(stage for stage, _, _ in set(_held_back(ledger)))
    return {
        "run_id": run_id,
        "state_id": manifest.get("state_id"),
        "finished_at": manifest.get("finished_at"),
        "versions": manifest.get("versions", {}),
        "stages": [
            {name: stage.get(name) for name in kept} | {"quarantined": held_back[stage["stage"]]}
            for stage in manifest.get("stages", [])
        ],
    }


def _held_back(ledger: Path) -> Iterator[tuple[str, str, str]]:
    """Stage, table and key of each row in quarantine: what a stage held back itself, and what its checks did."""
    for part in iter_parts(ledger, "quarantine", ["stage", "table", "row_key"]):
        for row in part.to_pylist():
            yield row["stage"], row["table"], row["row_key"]
