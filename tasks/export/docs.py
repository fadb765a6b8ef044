"""Writes `docs/exports.md` from the mappings; with `--check`, fails when the file is stale."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tasks.export.mapping import Mapping
from tasks.export.step import FORMATS

PATH: Final = Path(__file__).parents[2] / "docs" / "exports.md"
_HEADER: Final = """\
# Exports

Generated from the mappings in `tasks/export/` by `python -m tasks.export.docs`; do not edit. The same definitions write the files.

```sh
conflict-ledger export LEDGER --to acled-csv --output out/acled.csv
```

| `--to` | What | One row is |
|---|---|---|
| `acled-csv` | ACLED-like events, and the ledger's ranges in columns of its own | an incident |
| `ucdp-csv` | UCDP GED-like events, likewise | an incident with deaths |
| `geojson` | GeoJSON (RFC 7946), for QGIS, kepler.gl, Leaflet | an incident; no geometry where it is not located |
| `hxl` | CSV with HXL hashtags, for HDX | an incident |
| `xlsx` | Excel: incidents, evidence, data dictionary | an incident; a sentence |
| `jsonl` | JSON Lines with reports and evidence nested | an incident |
| `duckdb` | a DuckDB database of all tables, with comments (needs `pip install duckdb`) | as in the ledger |

The rows are what news reports say, read by a machine; they are not ACLED's or UCDP's data, and their ids are not theirs. Unknown is
empty, never zero. What a format has and the ledger does not know stays empty and is said below; nothing is bent to fit. The summary
of an export counts the incidents that have no row in it, by the reason.

**Data package.** Beside each file stands `datapackage.json` ([Frictionless](https://specs.frictionlessdata.io/)): columns with type and
meaning, size and hash of the file. Exports into one folder share it. `frictionless validate datapackage.json` checks them (for `jsonl`:
`pip install "frictionless[json]"`).

**Safe to open.** In CSV, an apostrophe stands before text that a spreadsheet could take for a formula (it starts with `=`, `+`, `-`, `@`, a tab
or a line break, also after a semicolon or line break within the cell); numbers are left alone. In Excel such text is typed as text and keeps
its value. Control characters are taken out. Excel cells end at 32,767 characters, with “…” where they were longer.

**Reading them.** pandas: `pd.read_csv("hxl.csv", skiprows=[1])` leaves the hashtags out; `pd.read_json("x.jsonl", lines=True)`. QGIS and GDAL
open `geojson` as points in WGS 84 (`geo_precision` 3 is a region's reference point: draw it as such). Sums: leave out rows with the flag
`umbrella`, whose parts have rows; `acled-csv` and `ucdp-csv` have none.
"""
_SHOWN: Final = ("acled-csv", "ucdp-csv", "hxl")
_OWN: Final = """\
## geojson, xlsx, jsonl, duckdb

Every column of `incidents` under its own name: see the [data dictionary](data_dictionary.md). `xlsx` joins lists by semicolons and writes
nested ones as JSON; its sheet `evidence` has a row a sentence. `jsonl` adds `reports`: each report with its article and its evidence. `geojson`
and `xlsx` add:
"""


def render() -> str:
    """The text of the page."""
    lines = [_HEADER]
    for name in _SHOWN:
        lines += _mapping_lines(FORMATS[name].mapping)
    lines += [_OWN, "| Column | Type | Meaning |", "|---|---|---|"]
    own = {column for column in FORMATS["duckdb"].mapping.fields if column.source != (column.name,)}
    lines += [f"| `{f.name}` | {f.type} | {f.meaning} |" for f in FORMATS["duckdb"].mapping.fields if f in own]
    return "\n".join(lines).rstrip() + "\n"


def _mapping_lines(mapping: Mapping) -> Iterator[str]:
    yield f"## {mapping.name}"
    yield ""
    yield f"{mapping.standard}. <{mapping.url}>"
    yield ""
    if mapping.departures:
        yield from (f"- {departure}" for departure in mapping.departures)
        yield ""
    tagged = any(field.tag for field in mapping.fields)
    yield "| Column | " + ("Hashtag | " if tagged else "") + "Type | From | Meaning |"
    yield "|---|" + ("---|" if tagged else "") + "---|---|---|"
    for field in mapping.fields:
        tag = f"`{field.tag}` | " if tagged else ""
        source = ", ".join(f"`{name}`" for name in field.source) or "–"
        yield f"| `{field.name}` | {tag}{field.type} | {source} | {field.meaning} |"
    yield ""
    yield "Not carried:"
    yield ""
    yield from (f"- `{name}`: {why}" for name, why in sorted(mapping.not_carried.items()))
    yield ""


def main(arguments: Sequence[str]) -> int:
    """Write the file, or with `--check` compare it; exit status 1: stale, 2: wrong use."""
    if list(arguments) not in ([], ["--check"]):
        sys.stderr.write("usage: python -m tasks.export.docs [--check]\n")
        return 2
    text = render()
    if not arguments:
        PATH.write_text(text, encoding="utf-8")
        return 0
    if PATH.exists() and PATH.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(f"{PATH}: stale; write it anew with: python -m tasks.export.docs\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
