"""Writes a ledger to one file in another format, with its data package beside it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from expectations.errors import InputError, SettingsError
from expectations.storage import part_paths, require_ledger
from tasks.export.acled import ACLED
from tasks.export.datapackage import require_own_package, write_package
from tasks.export.facts import Facts, read_facts
from tasks.export.hxl import HXL
from tasks.export.mapping import Mapping
from tasks.export.plain import incident_mapping
from tasks.export.reports import with_reports
from tasks.export.ucdp import UCDP
from tasks.export.write_duckdb import write_duckdb
from tasks.export.write_text import write_csv, write_geojson, write_jsonl
from tasks.export.write_xlsx import write_xlsx

Writer = Callable[[Path, Mapping, Iterator[Facts]], int]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its mapping, what writes it, and how Frictionless is to read it (None: not as a table)."""

    mapping: Mapping
    write: Writer | None
    dialect: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """What an export wrote: the format, the files, the rows, and how many incidents have none, by the reason."""

    format: str
    output: str
    package: str
    rows: int
    left_out: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


_own = partial(incident_mapping, flat=False)
FORMATS: Final[dict[str, Format]] = {
    "acled-csv": Format(ACLED, write_csv, {}),
    "ucdp-csv": Format(UCDP, write_csv, {}),
    "geojson": Format(
        _own("geojson", "Incidents as points, GeoJSON", "RFC 7946", "https://www.rfc-editor.org/rfc/rfc7946"),
        write_geojson,
        None,
    ),
    "hxl": Format(HXL, write_csv, {"commentRows": [2]}),
    "xlsx": Format(
        incident_mapping(
            "xlsx",
            "Incidents, evidence and data dictionary, Excel",
            "Office Open XML (ECMA-376)",
            "https://ecma-international.org/publications-and-standards/standards/ecma-376/",
            flat=True,
        ),
        write_xlsx,
        {"excel": {"sheet": "incidents"}},
    ),
    "jsonl": Format(
        with_reports(_own("jsonl", "Incidents with their reports, JSON Lines", "JSON Lines", "https://jsonlines.org/")),
        write_jsonl,
        {"json": {"keyed": True}},
    ),
    "duckdb": Format(
        _own(
            "duckdb",
            "All tables, DuckDB database",
            "DuckDB storage format",
            "https://duckdb.org/docs/stable/internals/storage",
        ),
        None,
        None,
    ),
}


def export_ledger(ledger: Path, to: str, output: Path) -> ExportSummary:
    """Write the ledger's incidents to `output`, and `datapackage.json` beside it.

    Raises:
        SettingsError: No such format, or the output's folder holds a data package of somebody else.
        LedgerError: There is no ledger in the folder, or a table or column of it is missing.
        InputError: The output cannot be written.
    """
    if to not in FORMATS:
        raise SettingsError(f"{to}: no such format. There are: {', '.join(FORMATS)}")
    if output.is_dir():
        raise SettingsError(
            f"{output}: is a folder; name a file, such as {output / 'incidents'}.{to.removesuffix('-csv')}"
        )
    require_ledger(ledger)
    chosen = FORMATS[to]
    left_out: Counter[str] = Counter()
    rows = _kept(read_facts(ledger), chosen.mapping, left_out)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        package = require_own_package(output.parent)
        count = _write_whole(output, lambda path: _write(chosen, path, ledger, rows))
        facts = {"incidents": count, "left_out": dict(sorted(left_out.items())), "state": _state(ledger)}
        beside = write_package(package, output, chosen.mapping, chosen.dialect, facts)
    except OSError as error:
        raise InputError(f"{output}: cannot be written ({error.strerror or error}).") from error
    return ExportSummary(to, str(output), str(beside), count, dict(sorted(left_out.items())))


def _write(chosen: Format, path: Path, ledger: Path, rows: Iterator[Facts]) -> int:
    if chosen.write is not None:
        return chosen.write(path, chosen.mapping, rows)
    return write_duckdb(path, ledger)


def _kept(facts: Iterator[Facts], mapping: Mapping, left_out: Counter[str]) -> Iterator[Facts]:
    for each in facts:
        if reason := mapping.left_out(each):
            left_out[reason] += 1
        else:
            yield each


def _write_whole(output: Path, write: Callable[[Path], int]) -> int:
    """Write a new file beside the output and put it in its place, so that no half file is left."""
    temporary = output.with_name(f".{output.name}.{os.getpid()}.tmp")
    try:
        count = write(temporary)
        temporary.replace(output)
    finally:
        temporary.unlink(missing_ok=True)
    return count


def _state(ledger: Path) -> str | None:
    """The id of the published state, where the ledger keeps states."""
    current = ledger / ".ledger" / "current"
    return current.resolve().name if current.is_symlink() and part_paths(ledger, "incidents") else None
