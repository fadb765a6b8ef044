"""What a table definition is: columns with their type, meaning and allowed values, and the Arrow schema they give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        name: Column name, as in the Parquet file.
        type: Arrow type.
        description: What a value means, in one or two sentences; also written into the Parquet field metadata.
        nullable: Whether null ("not known") is allowed.
        unit: Unit of a number, such as "persons" or "degrees"; empty where there is none.
        allowed: The closed set of values; for a list column, of its items. Empty: free.
        minimum: Smallest allowed number.
        maximum: Largest allowed number.
        usual_maximum: Largest number that is no surprise: above it, a warning.
        min_fill: Share of rows (0–1) below which the column counts as suspiciously empty: a warning.
        pattern: Regular expression that a text matches from its beginning; empty: free.
        item_allowed: For a list of structs: the closed set of a field, by field name.
        item_required: For a list of structs: the fields that are never null.
        correctable: Whether a person may set it by a correction.
    """

    name: str
    type: pa.DataType
    description: str
    nullable: bool = True
    unit: str = ""
    allowed: tuple[str | int, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    usual_maximum: float | None = None
    min_fill: float | None = None
    pattern: str = ""
    item_allowed: tuple[tuple[str, tuple[str, ...]], ...] = ()
    item_required: tuple[str, ...] = ()
    correctable: bool = False

    def field(self) -> pa.Field:
        """The Arrow field, with description and unit as metadata."""
        metadata = {"description": self.description}
        if self.unit:
            metadata["unit"] = self.unit
        return pa.field(self.name, self.type, nullable=self.nullable, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, key, columns and order.

    Attributes:
        name: Table name; the file is `<output>/<name>.parquet`.
        key: Columns that together name one row.
        description: What one row is.
        columns: The columns in file order.
        order_by: Columns that rows are sorted by when written, so that the same input gives the same bytes.
        published: Whether the table is part of the published ledger, or lives only in a run's work folder.
        stage: Stage that writes it first and after which all of its checks run; empty: written by every stage.
        min_rows: Fewest rows that a run can usefully have.
        ordered: Pairs of columns of which the first is never greater than the second where both are known.
    """

    name: str
    key: tuple[str, ...]
    description: str
    columns: tuple[Column, ...]
    order_by: tuple[str, ...] = ()
    published: bool = True
    stage: str = ""
    min_rows: int = 0
    ordered: tuple[tuple[str, str], ...] = ()
    _by_name: dict[str, Column] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name.update({c.name: c for c in self.columns})
        named = (*self.key, *self.order_by, *(name for pair in self.ordered for name in pair))
        missing = [k for k in named if k not in self._by_name]
        if missing or len(self._by_name) != len(self.columns):
            raise ValueError(f"table {self.name}: unknown key or order columns {missing}, or a column named twice")

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]

    @property
    def names(self) -> list[str]:
        """Column names in file order."""
        return [c.name for c in self.columns]

    def arrow_schema(self) -> pa.Schema:
        """The Arrow schema with descriptions as field metadata and the table's own as schema metadata."""
        return pa.schema(
            [c.field() for c in self.columns],
            metadata={"table": self.name, "description": self.description, "key": ",".join(self.key)},
        )

    def from_rows(self, rows: Iterable[dict[str, object]]) -> pa.Table:
        """Rows (plain dicts; absent keys are null) to an Arrow table of exactly this schema, sorted by `order_by`.

        Raises:
            KeyError: A row has a key that is no column.
            pa.ArrowInvalid: A value does not fit its column's type.
        """
        rows = list(rows)
        known = set(self._by_name)
        for row in rows:
            if extra := set(row) - known:
                raise KeyError(f"table {self.name}: no such column: {sorted(extra)}")
        table = pa.Table.from_pylist(rows, schema=self.arrow_schema())
        if self.order_by and rows:
            table = table.sort_by([(name, "ascending") for name in self.order_by])
        return table
