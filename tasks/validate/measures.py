"""What is measured of a table as a whole: its columns, keys and rows against the definition and the stage before."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from expectations.checks import AFTER
from expectations.errors import TableError
from expectations.storage import iter_parts, part_paths, read_part
from expectations.table import Table
from expectations.wording import counted
from tasks.validate.records import held_before, held_by_stage, key_of

# What resolve holds back because a person rejected it.
REJECTED = "rejected_by_correction"
# Below this many rows a share says nothing.
ENOUGH_ROWS = 20


# Below this share of the published rows a table has shrunk more than corrections explain.
SHRUNK = 0.5


@dataclass(frozen=True, slots=True)
class Measure:
    """One number that a check of the whole table looks at.

    Attributes:
        value: The number.
        failed: Rows (or columns) to blame if the number is out of bounds.
        observed: What was seen, in words.
    """

    value: float
    failed: int
    observed: str


def columns_exact(work: Path, table: Table) -> Measure:
    """How many columns differ from the definition, over all parts."""
    differing: dict[str, str] = {}
    for path in part_paths(work, table.name):
        try:
            seen = pq.read_schema(path)
        except (pa.ArrowInvalid, OSError) as error:
            raise TableError(f"{path}: not a readable Parquet table ({error}). Delete it and run again.") from error
        for name, difference in _differences(seen, table.arrow_schema()):
            differing.setdefault(name, f"{path.name}: {difference}")
    return Measure(len(differing), len(differing), "; ".join(differing.values()) or f"{len(table.columns)} columns")


def _differences(seen: pa.Schema, wanted: pa.Schema) -> Iterable[tuple[str, str]]:
    for field in wanted:
        if seen.names.count(field.name) != 1:
            yield field.name, f"no column {field.name!r}"
        # Whether nulls are allowed is not compared: a null that should not be there is a matter of its row.
        elif not (found := seen.field(field.name)).type.equals(field.type):
            yield field.name, f"{field.name} is {found.type}, not {field.type}"
    for name in seen.names:
        if name not in wanted.names:
            yield name, f"unknown column {name!r}"
    if sorted(seen.names) == sorted(wanted.names) and seen.names != wanted.names:
        yield "", "columns are in another order"


def keys_unique(work: Path, table: Table) -> tuple[Measure, pa.Array]:
    """How many rows lack a key or share it with an earlier row; and the keys."""
    parts = [read_part(path, [key_of(table.name)]).column(0) for path in part_paths(work, table.name)]
    every = pa.chunked_array([chunk for part in parts for chunk in part.chunks], pa.string())
    counts = pc.value_counts(every.drop_null())
    keys, times = counts.field("values"), counts.field("counts")
    missing, wrong = every.null_count, len(every) - len(keys)
    often = pc.greater(times, 1)
    repeated = dict(zip(keys.filter(often).to_pylist(), times.filter(often).to_pylist(), strict=True))
    seen = [f"{key} {number} times" for key, number in sorted(repeated.items())[:3]]
    if missing:
        seen.append(f"{counted(missing, 'row')} without a key")
    return Measure(wrong, wrong, "; ".join(seen) or "all keys differ"), keys


def number_in(names: Iterable[str], keys: pa.Array) -> int:
    """How many of these keys are among those of a table."""
    wanted = pa.array(sorted(names), pa.string())
    return int(pc.sum(pc.is_in(wanted, value_set=keys)).as_py() or 0)


def rows_kept(work: Path, stage: str, table: str, keys: pa.Array) -> Measure:
    """How many rows of the stage before are neither here nor held back.

    After clean these are documents without an article, after extract batches of articles without a part, later rows of
    the same table. Rows held back by an interrupted check of this stage count as held back.
    """
    how: dict[tuple[str, str], Callable[[Path], Measure]] = {
        ("clean", "articles"): _documents_cleaned,
        ("extract", "figures"): lambda folder: _batches_read(folder, "figures"),
        ("extract", "mentions"): lambda folder: _batches_read(folder, "mentions"),
    }
    if (measure := how.get((stage, table))) is not None:
        return measure(work)
    expected = _rows_left_before(work, stage, table)
    held = [*held_before(work, stage), *(r for r in held_by_stage(work, stage) if r["check"] == REJECTED)]
    gone = {row["row_key"] for row in held if row["table"] == table}
    here = len(keys) + len(gone) - number_in(gone, keys)
    if expected is None:
        return Measure(0, 0, f"{counted(here, 'row')}; nothing to compare with")
    return Measure(abs(expected - here), abs(expected - here), f"{counted(here, 'row')} of {expected}")


def _documents_cleaned(work: Path) -> Measure:
    here = _distinct(work, "articles", "content_hash")
    known = _distinct(work, "documents", "content_hash")
    held: set[str] = set()
    for row in (*held_by_stage(work, "clean"), *held_before(work, "clean")):
        content = json.loads(row["row"] or "{}")
        held |= {row["row_key"], *(str(content.get(k)) for k in ("content_hash", "document_id"))}
    total, missing = 0, []
    for part in iter_parts(work, "documents", ["document_id", "source_uri", "record", "content_hash"]):
        total += part.num_rows
        for row in part.filter(pc.invert(pc.is_in(part["content_hash"], value_set=here))).to_pylist():
            names = {row["document_id"], row["content_hash"], f"{row['source_uri']}#{row['record']}"}
            if row["record"] == 0:
                names.add(row["source_uri"])
            if not names & held:
                missing.append(row["source_uri"])
    # An article whose hash is wrong is held back for that; its document is not lost.
    spare: Counter[str] = Counter()
    for part in iter_parts(work, "articles", ["source_uri", "content_hash"]) if missing else ():
        spare.update(part.filter(pc.invert(pc.is_in(part["content_hash"], value_set=known)))["source_uri"].to_pylist())
    lost = list((Counter(missing) - spare).elements())
    observed = (
        counted(total, "document")
        if not lost
        else f"{len(lost)} of {counted(total, 'document')} are lost: {', '.join(lost[:3])}"
    )
    return Measure(len(lost), len(lost), observed)


def _distinct(work: Path, table: str, column: str) -> pa.Array:
    parts = [pc.unique(part.column(column)) for part in iter_parts(work, table, [column])]
    return pc.unique(pa.chunked_array(parts, pa.string()))


def _batches_read(work: Path, table: str) -> Measure:
    wanted = {path.name for path in part_paths(work, "articles")}
    lost = sorted(wanted - {path.name for path in part_paths(work, table)})
    return Measure(len(lost), len(lost), f"no {table} for {', '.join(lost[:3])}" if lost else "every batch was read")


def _rows_left_before(work: Path, stage: str, table: str) -> int | None:
    """Rows of a table that the checks before `stage` left; None: it was not checked before."""
    stages = list(AFTER)
    left: int | None = None
    for earlier in stages[: stages.index(stage)]:
        checks = work / "checks" / f"{earlier}-{table}.parquet"
        if checks.exists():
            rows = {row["check"]: row["rows"] for row in read_part(checks).to_pylist()}
            left = int(rows["keys_unique"])
        held = {row["row_key"] for row in held_before(work, earlier) if row["table"] == table}
        left = None if left is None else left - len(held)
    return left


def rows_usable(rows: int, held: int) -> Measure:
    """The share of the rows that is held back; 0 for a table too small to tell."""
    share = held / rows if rows >= ENOUGH_ROWS else 0.0
    return Measure(share, held, f"{held} of {counted(rows, 'row')} held back")


def filled(rows: int, known: int) -> Measure:
    """The share of the rows in which a column is known; 1 for a table without rows."""
    share = known / rows if rows else 1.0
    return Measure(share, rows - known, f"known in {share:.1%} of the rows" if rows else "no rows")


def _number_of_rows(folder: Path, table: str) -> int:
    return sum(pq.read_metadata(path).num_rows for path in part_paths(folder, table))


def shrunk(work: Path, tables: Iterable[str]) -> list[str]:
    """Tables with far fewer rows than the ledger's published state, one line each; nothing where there is no such state.

    Told in the summary and not in the checks table, which must not depend on earlier runs.
    """
    state = work.parent.parent / "current"
    lines = []
    for name in tables:
        now = _number_of_rows(work, name)
        try:
            before = _number_of_rows(state, name)
        except (pa.ArrowInvalid, OSError) as error:
            lines.append(f"{name}: the published table is damaged, and is written anew ({error})")
            continue
        if before >= ENOUGH_ROWS and now < SHRUNK * before:
            lines.append(f"{name}: {now} rows, but {before} in the published state: is input missing?")
    return lines
