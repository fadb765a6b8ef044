"""The ledger's own columns that stand at the end of ACLED-like and UCDP-like rows, so that nothing of the ranges is lost."""

from __future__ import annotations

from typing import Final

from tasks.export import wording
from tasks.export.facts import Facts
from tasks.export.mapping import Cell, Field


def _column(name: str) -> Field:
    def value(facts: Facts) -> Cell:
        cell: Cell = facts.row[name]
        return cell

    types = {"confidence": "number", "date_start": "date", "date_end": "date"}
    integer = name.endswith(("_min", "_max"))
    type_ = "integer" if integer else types.get(name, "string")
    return Field(f"ledger_{name}", type_, f"The ledger's `{name}`.", (name,), value)  # type: ignore[arg-type]


def _listed(name: str) -> Field:
    return Field(
        f"ledger_{name}",
        "string",
        f"The ledger's `{name}`, joined by semicolons.",
        (name,),
        lambda facts: "; ".join(facts.row[name]),
    )


OWN_FIELDS: Final = (
    *map(_column, ("killed_min", "killed_max", "injured_min", "injured_max", "date_start", "date_end")),
    *map(_column, ("date_precision", "geo_basis", "perpetrator", "perpetrator_status", "verification", "confidence")),
    _listed("flags"),
    Field("ledger_urls", "string", "Where the articles are to be found.", ("article_ids",), wording.addresses),
)
OWN_NOT_CARRIED: Final = {
    "aliases": "jsonl and duckdb carry them",
    "corrections": "that a row was corrected is among the flags of jsonl and duckdb, which carry what was changed",
    "victims": "kept in full by jsonl, duckdb, xlsx and geojson",
    "mention_ids": "the reports are named by their articles; jsonl and duckdb carry them",
    "perpetrator_text": "the canonical name stands for it; the wording is in jsonl, duckdb, xlsx and geojson",
    "weapon_text": "the format has no column for the weapon; in jsonl, duckdb, xlsx and geojson",
    "merge_reason": "why reports were joined; in jsonl, duckdb, xlsx and geojson",
    "date_text": "the words of the date; in jsonl, duckdb, xlsx and geojson",
}
