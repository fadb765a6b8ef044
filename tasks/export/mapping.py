"""What a mapping is: the columns of an export, each with its source, its meaning and the function that fills it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from tasks.export.facts import Facts

Cell = str | int | float | bool | dt.date | list[object] | None
Type = Literal["string", "integer", "number", "array", "date", "year"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column of an export. The same definition fills the file, its data package and its documentation.

    Attributes:
        name: Column name in the export.
        type: Frictionless type.
        meaning: How the value is derived; for a column that stays empty, why.
        source: The ledger's columns that it comes from; empty: nothing in the ledger stands for it.
        value: Gives the cell; None: always empty.
        tag: HXL hashtag with attributes.
    """

    name: str
    type: Type
    meaning: str
    source: tuple[str, ...] = ()
    value: Callable[[Facts], Cell] | None = None
    tag: str = ""

    def cell(self, facts: Facts) -> Cell:
        """The value for one incident; an empty text counts as none."""
        if self.value is None:
            return None
        cell = self.value(facts)
        return None if cell == "" else cell


@dataclass(frozen=True, slots=True)
class Mapping:
    """The columns of an export and what it cannot hold.

    Attributes:
        name: Name of the format, as on the command line.
        title: What it is, for people.
        standard: The standard or codebook that it follows, with version.
        url: Where that is to be found.
        fields: The columns in their order.
        not_carried: The ledger's columns that no column of the export carries, each with the reason.
        departures: Where the export departs from the usage of that standard, a sentence each.
        left_out: Says why an incident has no row in it; None: it has one.
    """

    name: str
    title: str
    standard: str
    url: str
    fields: tuple[Field, ...]
    not_carried: dict[str, str]
    departures: tuple[str, ...] = ()
    left_out: Callable[[Facts], str | None] = lambda _: None

    def cells(self, facts: Facts) -> list[Cell]:
        """One row."""
        return [field.cell(facts) for field in self.fields]


def empty(name: str, type_: Type, why: str) -> Field:
    """A column that the format has and the ledger cannot fill."""
    return Field(name, type_, f"Empty: {why}")


def joined(texts: Iterable[str | None], separator: str = "; ") -> str:
    """Texts in one cell, each once, in their order."""
    return separator.join(dict.fromkeys(text for text in texts if text))
