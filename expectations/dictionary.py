"""Writes `docs/data_dictionary.md` from the table definitions; with `--check`, fails when the file is stale."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from expectations import vocabulary as v
from expectations.checks import CHECKED, MAX_HELD_BACK, checks_of
from expectations.table import Column, Table
from expectations.tables import TABLES

PATH: Final = Path(__file__).parents[1] / "docs" / "data_dictionary.md"
_HEADER: Final = f"""\
# Data dictionary

Generated from `expectations/tables.py` and `expectations/checks.py` by `python -m expectations.dictionary`; do not edit.

The tables are machine-extracted from news reports: what reports say, not ground truth. Read a number with its bounds, its
`confidence`, its `verification` and its `evidence`.

**How to read it.** Null means "not known", never zero. Days are those of the publisher. Offsets count characters (Unicode code
points) from 0; `end` is the character after the last.

**Checks.** Each table is checked after the stage that writes it, and again where other tables come to depend on it. A row that
fails a *critical* check is held back in `quarantine` with the reason, and the run goes on; a *critical* check of the *whole
table* stops the run, and nothing is published. A *warning* is only recorded. What depends on a row that is held back goes with
it: an article takes its mentions and figures; a mention takes its incident, an incident its mentions; figures of a mention that
is held back stay, as `unresolved`. Where more than {MAX_HELD_BACK:.0%} of a table would be held back, the run stops: then it is not the rows
that are wrong.
"""
_ELSEWHERE: Final = {
    "documents": " Lives in a run's work folder only.",
    "corroboration": " Written by `conflict-ledger corroborate`, as one file.",
}
_FLAGS: Final = {"articles": v.ARTICLE_FLAGS, "mentions": v.MENTION_FLAGS, "incidents": v.MENTION_FLAGS}


def type_name(type_: pa.DataType) -> str:
    """An Arrow type as a person writes it: `list of {outcome, group}`."""
    if pa.types.is_list(type_):
        inner = type_.value_type
        if pa.types.is_struct(inner):
            return "list of {" + ", ".join(inner.field(i).name for i in range(inner.num_fields)) + "}"
        return f"list of {type_name(inner)}"
    names = {"date32[day]": "date", "timestamp[us, tz=UTC]": "timestamp (UTC)", "double": "float", "int64": "integer"}
    return names.get(str(type_), str(type_))


def _column_line(column: Column) -> str:
    notes = [column.description]
    if column.allowed:
        notes.append("One of " + ", ".join(f"`{x}`" for x in column.allowed) + ".")
    for name, values in column.item_allowed:
        notes.append(f"`{name}` is one of " + ", ".join(f"`{x}`" for x in values) + ".")
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        notes.append(f"From {low:g} to {high:g}.")
    elif low is not None or high is not None:
        notes.append(f"At least {low:g}." if low is not None else f"At most {high:g}.")
    unit = f" ({column.unit})" if column.unit else ""
    null = "yes" if column.nullable else "no"
    return f"| `{column.name}` | {type_name(column.type)}{unit} | {null} | {_cell(' '.join(notes))} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _table_lines(table: Table) -> Iterator[str]:
    yield f"## {table.name}"
    yield ""
    where = _ELSEWHERE.get(table.name, "")
    yield f"{table.description} Key: {', '.join(f'`{k}`' for k in table.key)}.{where}"
    yield ""
    yield "| Column | Type | Null | Meaning |"
    yield "|---|---|---|---|"
    for column in table.columns:
        yield _column_line(column)
    yield ""
    if table.name in _FLAGS:
        yield from ("Flags:", "")
        yield from (f"- `{flag}`: {meaning}" for flag, meaning in _FLAGS[table.name].items())
        yield ""
    if table.name in CHECKED:
        yield from (
            f"### Checks of {table.name}",
            "",
            "| Check | Severity | Of | After | What must hold |",
            "|---|---|---|---|---|",
        )
        for check in checks_of(table.name):
            scope = "row" if check.on_rows else "whole table"
            after = ", ".join(check.stages)
            yield f"| `{check.name}` | {check.severity} | {scope} | {after} | {_cell(check.description)} |"
        yield ""


def render() -> str:
    """The text of the data dictionary."""
    order = sorted(TABLES.values(), key=lambda t: not t.published)
    lines = [_HEADER, *(f"- [{t.name}](#{t.name}): {t.description}" for t in order), ""]
    for table in order:
        lines += _table_lines(table)
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the file, or with `--check` compare it; exit status 1: stale, 2: wrong use."""
    if list(arguments) not in ([], ["--check"]):
        sys.stderr.write("usage: python -m expectations.dictionary [--check]\n")
        return 2
    text = render()
    if arguments:
        if PATH.exists() and PATH.read_text(encoding="utf-8") == text:
            return 0
        sys.stderr.write(f"{PATH}: stale; write it anew with: python -m expectations.dictionary\n")
        return 1
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
