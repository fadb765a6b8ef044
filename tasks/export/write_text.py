"""Writes CSV, GeoJSON and JSON Lines, row by row."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tasks.export.facts import Facts
from tasks.export.mapping import Cell, Mapping
from tasks.export.safety import neutral


def write_csv(path: Path, mapping: Mapping, rows: Iterable[Facts]) -> int:
    """RFC 4180 in UTF-8; with a row of hashtags where the mapping has them. Returns the number of rows."""
    with path.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.writer(sink)
        writer.writerow([field.name for field in mapping.fields])
        if any(field.tag for field in mapping.fields):
            writer.writerow([field.tag for field in mapping.fields])
        count = 0
        for facts in rows:
            writer.writerow([_csv_cell(cell) for cell in mapping.cells(facts)])
            count += 1
    return count


def _csv_cell(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return neutral(cell)
    return cell.isoformat() if isinstance(cell, dt.date) else cell  # type: ignore[return-value]


def write_geojson(path: Path, mapping: Mapping, rows: Iterable[Facts]) -> int:
    """RFC 7946: a feature an incident; without coordinates its geometry is null. Returns the number of features."""
    count = 0
    with path.open("w", encoding="utf-8") as sink:
        sink.write('{"type": "FeatureCollection", "features": [')
        for facts in rows:
            sink.write(",\n" if count else "\n")
            sink.write(_json(_feature(mapping, facts)))
            count += 1
        sink.write("\n]}\n")
    return count


def _feature(mapping: Mapping, facts: Facts) -> dict[str, Any]:
    properties = {field.name: field.cell(facts) for field in mapping.fields}
    latitude, longitude = facts.row["latitude"], facts.row["longitude"]
    point = None if latitude is None else {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "id": facts.row["incident_id"], "geometry": point, "properties": properties}


def write_jsonl(path: Path, mapping: Mapping, rows: Iterable[Facts]) -> int:
    """One JSON object a line: the incident as it is in the ledger, and its reports with articles and evidence."""
    count = 0
    with path.open("w", encoding="utf-8") as sink:
        for facts in rows:
            sink.write(_json({field.name: field.cell(facts) for field in mapping.fields}) + "\n")
            count += 1
    return count


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str, allow_nan=False)
