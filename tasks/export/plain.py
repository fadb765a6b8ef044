"""The ledger's own columns as cells: every column of `incidents`, then the words and sources that a reader wants beside them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

import pyarrow as pa

from expectations.table import Column
from expectations.tables import INCIDENTS
from tasks.export import wording
from tasks.export.facts import Facts
from tasks.export.mapping import Cell, Field, Mapping, Type

EXTRA: Final = (
    Field(
        "killed",
        "string",
        "The killed as people write it: 26, 5–7, 24+, ≤ 7.",
        ("killed_min", "killed_max"),
        lambda f: f.span("killed"),
    ),
    Field(
        "injured", "string", "The injured in the same way.", ("injured_min", "injured_max"), lambda f: f.span("injured")
    ),
    Field("country", "string", "English name of the country by GeoNames.", ("country_code",), lambda f: f.country),
    Field(
        "publishers",
        "string",
        "The outlets that report it (the id that the source gave where one has no name), joined by semicolons.",
        ("article_ids",),
        wording.publishers,
    ),
    Field("titles", "string", "Their headlines, joined by semicolons.", ("article_ids",), wording.titles),
    Field(
        "urls",
        "string",
        "Where the articles are to be found, joined by semicolons.",
        ("article_ids",),
        wording.addresses,
    ),
    Field("evidence", "string", "The sentences that report it, a line each.", ("mention_ids",), wording.all_evidence),
)


@cache
def incident_mapping(name: str, title: str, standard: str, url: str, *, flat: bool) -> Mapping:
    """Every column of `incidents` and the extra ones; with `flat`, lists as text."""
    own = tuple(_field(column, flat=flat) for column in INCIDENTS.columns)
    return Mapping(name=name, title=title, standard=standard, url=url, fields=(*own, *EXTRA), not_carried={})


def _field(column: Column, *, flat: bool) -> Field:
    listed = pa.types.is_list(column.type)
    structured = listed and pa.types.is_struct(column.type.value_type)
    how = ""
    if listed and flat:
        how = " As JSON." if structured else " Joined by semicolons."
    unit = f" In {column.unit}." if column.unit else ""
    type_ = "string" if listed and flat else "array" if listed else _type(column.type)
    return Field(
        column.name,
        type_,
        f"{column.description}{unit}{how}",
        (column.name,),
        lambda facts: _cell(facts, column.name, flat, structured),
    )


def _cell(facts: Facts, name: str, flat: bool, structured: bool) -> Cell:
    value: Any = facts.row[name]
    if flat and isinstance(value, list):
        return (json.dumps(value, ensure_ascii=False) if value else "") if structured else "; ".join(value)
    cell: Cell = value
    return cell


def _type(arrow: pa.DataType) -> Type:
    if pa.types.is_integer(arrow):
        return "integer"
    if pa.types.is_floating(arrow):
        return "number"
    return "date" if pa.types.is_date(arrow) else "string"
