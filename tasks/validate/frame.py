"""A batch of a table as the data frame that Great Expectations judges: the plain columns that it needs, and derived ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from expectations.check import Check, Lookup
from expectations.errors import TableError
from expectations.tables import TABLES

if TYPE_CHECKING:
    import pandas as pd

# A column name that no table has: keeps a frame of derived columns from having no rows.
_POSITION = "position_in_batch"


def frame_of(data: pa.Table, checks: Sequence[Check], lookup: Lookup) -> pd.DataFrame:
    """One row a row of `data`: the columns that checks look at, as they are, and for each rule its `problem_of_…` column.

    A number that is not a number becomes infinite, so that a range check sees it rather than a missing value. Dates become
    timestamps.
    """
    plain = sorted({name for check in checks if check.rule is None for name in check.columns})
    frame = _plain(data.select(plain)).to_pandas(date_as_object=False) if plain else _no_columns()
    frame[_POSITION] = range(data.num_rows)
    rules = [check for check in checks if check.rule is not None]
    problems = _problems(data, rules, lookup) if rules else {}
    for check in rules:
        frame[check.target] = _text_column(problems[check.name])
    return frame.reset_index(drop=True)


def _no_columns() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame()


def _text_column(values: list[str | None]) -> pd.Series[str]:
    import pandas as pd

    return pd.Series(values, dtype="object")


def _plain(data: pa.Table) -> pa.Table:
    for position, field in enumerate(data.schema):
        if pa.types.is_floating(field.type):
            column = data.column(position)
            column = pc.if_else(pc.is_nan(column), pa.scalar(float("inf"), field.type), column)
            data = data.set_column(position, field.name, column)
        elif pa.types.is_list(field.type) or pa.types.is_binary(field.type):
            # What is inside is for the rules; a plain check only asks whether it is there at all.
            there = pc.if_else(pc.is_valid(data.column(position)), "there", pa.scalar(None, pa.string()))
            data = data.set_column(position, field.name, there)
    return data


def _problems(data: pa.Table, checks: Sequence[Check], lookup: Lookup) -> dict[str, list[str | None]]:
    """What is wrong with each row, by rule. A null where the definition allows none is left to its own check."""
    found: dict[str, list[str | None]] = {check.name: [] for check in checks}
    for row in data.to_pylist():
        for check in checks:
            found[check.name].append(_problem(check, row, lookup))
    return found


def _problem(check: Check, row: dict[str, Any], lookup: Lookup) -> str | None:
    try:
        return check.rule(row, lookup) if check.rule else None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        key = row[TABLES[check.table].key[0]]
        raise TableError(
            f"{check.table}: check {check.name!r} could not be carried out on row {key} ({error!r}). "
            "This is a bug: please report it with the row. Nothing is published."
        ) from error
