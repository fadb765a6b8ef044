"""The checks after a stage: what fails a critical check is held back in quarantine, a broken table stops the run."""

from __future__ import annotations

import dataclasses
import json
import time
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from expectations.check import Check
from expectations.checks import AFTER, checks_after
from expectations.errors import SettingsError, TableError
from expectations.storage import part_paths, read_part, write_part
from expectations.tables import TABLES
from expectations.wording import counted
from tasks.validate import measures as m
from tasks.validate.cascade import UNRESOLVED, HeldBack, loosen_figures, spread
from tasks.validate.frame import frame_of
from tasks.validate.judge import Judge
from tasks.validate.records import (
    Failure,
    Tally,
    describe,
    held_before,
    key_of,
    quarantine_rows,
    row_json,
    value_text,
    write_checks,
    write_quarantine,
)
from tasks.validate.summary import ValidationSummary
from tasks.validate.tables import LinkLookup, PartLookup, RunTables, chunks
from tasks.validate.verdicts import Verdicts

# The column that says where a row went; it changes while the rest of the row stays.
LINK = "incident_id"
# Beside the numbers of known values: how many rows a part has.
ROWS = ""
LINKED_PARTS = 100
# Dependents first: should the run die in between, nothing that is left looks sound but points to nothing.
REWRITE_ORDER = ("figures", "incidents", "mentions", "articles", "documents")


def validate_stage(work: Path, stage: str, *, run_id: str, remembered: Path | None = None) -> ValidationSummary:
    """Check the tables that a stage wrote.

    Rows that fail a critical check, and rows that depend on them, leave the tables for `<work>/quarantine`; one row a check
    goes to `<work>/checks`. Checking again gives the same result, also where an earlier call died half-way.

    Args:
        work: The run's work folder.
        remembered: Where parts are noted that were found sound, by the version of the checks; None: all are checked.
        stage: ingest, clean, extract, resolve or publish (all tables together, before they are published).
        run_id: The run.

    Raises:
        TableError: A table as a whole is broken; its rows stay as they are, the checks are recorded.
        SettingsError: There is no such stage.
    """
    started = time.perf_counter()
    if stage not in AFTER:
        raise SettingsError(f"{stage}: no such stage; the stages are {', '.join(AFTER)}")
    summary = _Validation(work, stage, run_id, remembered).run()
    return dataclasses.replace(summary, seconds=time.perf_counter() - started)


class _Validation:
    """One call of `validate_stage`."""

    def __init__(self, work: Path, stage: str, run_id: str, remembered: Path | None) -> None:
        self.work, self.stage, self.run_id = work, stage, run_id
        self.names = AFTER[stage]
        self.judge = Judge()
        self.tables, self.links = RunTables(work, stage), LinkLookup(work, stage)
        self.verdicts = Verdicts(remembered, stage)
        self.keys: dict[str, pa.Array] = {}
        self.checked: set[str] = set()
        self.known: dict[tuple[str, str], int] = {}
        self.measured: dict[str, dict[str, m.Measure]] = {name: {} for name in self.names}
        self.tallies = {(n, c.name): Tally(c) for n in self.names for c in checks_after(stage, n)}
        self.failures: list[Failure] = []
        self.held = HeldBack()
        self.before = held_before(work, stage)

    def run(self) -> ValidationSummary:
        if self.before:
            self._finish_interrupted()
        self._measure_shapes()
        if any(seen.value for measured in self.measured.values() for seen in measured.values()):
            self._stop_if_broken()
        for name in self.names:
            self._check_rows(name)
            if name == "figures":
                self.tables.failed_figures = set(self.held.figures)
        spread(self.held, self.tables)
        self._count_earlier()
        self._measure_rows()
        self._stop_if_broken()
        write_quarantine(self.work, self.stage, [*self.before, *self._new_quarantine_rows()])
        self._rewrite(self.held)
        write_checks(self.work, self.stage, self.run_id, self.tallies.values())
        self.verdicts.save()
        return self._summary()

    # --- the table as a whole ---

    def _measure_shapes(self) -> None:
        for name in self.names:
            measured = self.measured[name]
            measured["columns_exact"] = m.columns_exact(self.work, TABLES[name])
            if measured["columns_exact"].value == 0:
                measured["keys_unique"], self.keys[name] = m.keys_unique(self.work, TABLES[name])

    def _measure_rows(self) -> None:
        for name in self.names:
            measured, rows = self.measured[name], len(self.keys[name])
            gone = {row["row_key"]: json.loads(row["row"]) for row in self.before if row["table"] == name}
            held = len(self.held.of(name)) + len(gone)
            # The first by its words, not by its place: the same whatever the batches.
            reasons = [f.reason for f in self.failures if f.table == name]
            first = min([*reasons, *(row["reason"] for row in self.before if row["table"] == name)], default="")
            left = counted(rows + len(gone) - held, "row") + (f", {held} held back: {first}" if held else "")
            measured["rows_present"] = m.Measure(rows + len(gone) - held, 0, left)
            if (name, "rows_kept") in self.tallies:
                measured["rows_kept"] = m.rows_kept(self.work, self.stage, name, self.keys[name])
            measured["rows_usable"] = m.rows_usable(rows + len(gone), held)
            for column in TABLES[name].columns:
                known = self.known.get((name, column.name), 0)
                known += sum(row.get(column.name) is not None for row in gone.values())
                measured[f"{column.name}_filled"] = m.filled(rows + len(gone), known)

    def _stop_if_broken(self) -> None:
        """Judge what has been measured so far.

        Raises:
            TableError: A critical check of a whole table fails.
        """
        import pandas as pd

        broken: list[str] = []
        for name, measured in self.measured.items():
            checks = [
                t.check for (n, c), t in self.tallies.items() if n == name and not t.check.on_rows and c in measured
            ]
            frame = pd.DataFrame([{check.target: float(measured[check.name].value) for check in checks}])
            failing = self.judge.failing_rows(name, frame, checks)
            for check in checks:
                tally, seen = self.tallies[name, check.name], measured[check.name]
                tally.rows = len(self.keys.get(name, ())) + self._gone(name)
                tally.observed = seen.observed
                tally.failed = max(seen.failed, 1) if check.name in failing else 0
                if tally.failed and check.severity == "critical":
                    broken.append(f"{name}.{check.name}: {check.description.replace('`', '')} Found: {seen.observed}")
        if broken:
            tallies = [t for (n, c), t in self.tallies.items() if n in self.checked or c in self.measured[n]]
            write_checks(self.work, self.stage, self.run_id, tallies)
            raise TableError(
                f"After {self.stage} the tables are broken, and nothing is published. " + " | ".join(broken)
            )

    def _gone(self, name: str) -> int:
        """Rows that an interrupted call has already taken out."""
        return len({row["row_key"] for row in self.before if row["table"] == name})

    # --- row by row ---

    def _check_rows(self, name: str) -> None:
        """Check the parts that have changed, and in all of them where their rows point to."""
        checks = [t.check for (n, _), t in self.tallies.items() if n == name and t.check.on_rows]
        rules = [check for check in checks if not check.reads]
        changed = []
        for path in part_paths(self.work, name):
            # What stays can depend on what went.
            sound = None if self.held.any or self.before else self.verdicts.get(self.work, name, path)
            if sound is None:
                changed.append(path)
            else:
                self._count(name, sound, rules)
        for parts in chunks(changed):
            self._check_parts(name, parts, rules)
        links = [check for check in checks if check.reads]
        if links:
            self._check_links(name, links)
        self.checked.add(name)

    def _count(self, name: str, known: Mapping[str, int], checks: Sequence[Check]) -> None:
        for column, number in known.items():
            if column != ROWS:
                self.known[name, column] = self.known.get((name, column), 0) + number
        for check in checks:
            self.tallies[name, check.name].rows += known[ROWS]

    def _check_parts(self, name: str, parts: list[tuple[Path, pa.Table]], checks: Sequence[Check]) -> None:
        import pandas as pd

        lookups = [PartLookup(self.tables, path.name) for path, _ in parts]
        frames = [frame_of(part, checks, lookup) for (_, part), lookup in zip(parts, lookups, strict=True)]
        failing = self.judge.failing_rows(name, pd.concat(frames, ignore_index=True), checks)
        ends = list(accumulate(part.num_rows for _, part in parts))
        unsound: set[int] = set()
        for check in checks:
            for position in failing.get(check.name, ()):
                at = bisect_right(ends, position)
                unsound.add(at)
                place = position - (ends[at] - parts[at][1].num_rows)
                problem = frames[at][check.target].iloc[place] if check.rule else None
                self._fail(check, parts[at][1].slice(place, 1).to_pylist()[0], problem)
        for at, (path, part) in enumerate(parts):
            known = {c: part.num_rows - part.column(c).null_count for c in TABLES[name].names if c != LINK}
            self._count(name, {ROWS: part.num_rows} | known, checks)
            if at not in unsound and not lookups[at].reached_out and not self.held.any:
                self.verdicts.keep(path, {ROWS: part.num_rows} | known)

    def _check_links(self, name: str, checks: Sequence[Check]) -> None:
        """Rules about rows that may lie in any part look at few columns, of many rows at a time."""
        columns = sorted({column for check in checks for column in check.reads})
        lookup = self.links
        for paths in _batched(part_paths(self.work, name), LINKED_PARTS):
            parts = [read_part(path, columns) for path in paths]
            data = pa.concat_tables(parts, promote_options="permissive")
            frame = frame_of(data, checks, lookup)
            failing = self.judge.failing_rows(name, frame, checks)
            if LINK in columns:
                there = data.num_rows - data.column(LINK).null_count
                self.known[name, LINK] = self.known.get((name, LINK), 0) + there
            for check in checks:
                self.tallies[name, check.name].rows += data.num_rows
            if not failing:
                continue
            whole = pa.concat_tables([read_part(path) for path in paths], promote_options="permissive")
            for check in checks:
                for position in failing.get(check.name, ()):
                    row = whole.slice(position, 1).to_pylist()[0]
                    self._fail(check, row, frame[check.target].iloc[position])

    def _fail(self, check: Check, row: dict[str, Any], problem: str | None) -> None:
        key = row[key_of(check.table)]
        value = value_text(row[check.columns[0]])
        failure = Failure(check.table, key, check.name, check.columns[0], value, describe(check, row, problem))
        self.tallies[check.table, check.name].add(failure)
        if check.severity == "critical":
            self.failures.append(failure)
            self.held.of(check.table)[key] = None

    # --- what is held back ---

    def _finish_interrupted(self) -> None:
        """Take out what an interrupted call had already written to quarantine, so that nothing is judged half-way."""
        held = HeldBack()
        for row in self.before:
            held.of(row["table"])[row["row_key"]] = None
        loosen_figures(held, self.tables)
        self._rewrite(held)
        self.tables, self.links = RunTables(self.work, self.stage), LinkLookup(self.work, self.stage)

    def _count_earlier(self) -> None:
        """Rows that an interrupted call has taken out count as checked and failed now too."""
        for (name, check_name), tally in self.tallies.items():
            if tally.check.on_rows:
                tally.rows += self._gone(name)
                for row in self.before:
                    if row["table"] == name and row["check"] == check_name:
                        tally.add(Failure(name, row["row_key"], check_name, row["column"], row["value"], row["reason"]))

    def _new_quarantine_rows(self) -> Iterator[dict[str, Any]]:
        failures: dict[tuple[str, str], list[Failure]] = {}
        for failure in self.failures:
            failures.setdefault((failure.table, failure.key), []).append(failure)
        for name in REWRITE_ORDER:
            causes = self.held.of(name)
            for path in part_paths(self.work, name) if causes else ():
                for row in self._held_rows(path, name, causes):
                    key = row[key_of(name)]
                    found = failures.get((name, key)) or [_went_with(name, key, causes[key])]
                    whole = row_json(row)
                    found = [dataclasses.replace(failure, row=whole) for failure in found]
                    yield from quarantine_rows(self.stage, self.run_id, found)

    def _held_rows(self, path: Path, name: str, causes: dict[str, Any]) -> list[dict[str, Any]]:
        data = read_part(path)
        rows: list[dict[str, Any]] = data.filter(
            pc.is_in(data.column(key_of(name)), pa.array(list(causes)))
        ).to_pylist()
        return rows

    def _rewrite(self, held: HeldBack) -> None:
        for name in REWRITE_ORDER:
            gone, loose = held.of(name), held.unresolved if name == "figures" else {}
            for path in part_paths(self.work, name) if gone or loose else ():
                data, key = read_part(path), key_of(name)
                touched = pc.is_in(data.column(key), pa.array([*gone, *loose], pa.string()))
                if not pc.any(touched).as_py():
                    continue
                rows = [row for row in data.to_pylist() if row[key] not in gone]
                for row in rows:
                    if row[key] in loose:
                        reason = f"The mention {loose[row[key]]} that it counted in was held back: see quarantine."
                        row |= {"disposition": UNRESOLVED, "mention_id": None, "reason": reason}
                write_part(path, TABLES[name], rows)

    def _summary(self) -> ValidationSummary:
        held = {name: len(self.held.of(name)) for name in REWRITE_ORDER}
        for name in held:
            held[name] += len({row["row_key"] for row in self.before if row["table"] == name})
        failed, warnings = [], []
        for (name, check_name), tally in self.tallies.items():
            if not tally.failed:
                continue
            if tally.check.severity == "critical":
                failed.append(f"{name}.{check_name}")
            else:
                seen = tally.observed or f"{tally.failed} of {counted(tally.rows, 'row')}"
                example = f", such as {tally.examples[0].key}: {tally.examples[0].reason}" if tally.examples else ""
                warnings.append(f"{name}.{check_name}: {seen}{example}")
        if self.stage == "publish":
            warnings += m.shrunk(self.work, self.names)
        held = {name: number for name, number in held.items() if number}
        return ValidationSummary(
            stage=self.stage,
            rows={name: len(self.keys[name]) - m.number_in(self.held.of(name), self.keys[name]) for name in self.names},
            held_back=held,
            checks=len(self.tallies),
            failed=tuple(failed),
            warnings=tuple(warnings),
            messages=tuple(f"{name}: {number} held back after {self.stage}" for name, number in held.items()),
        )


def _batched(paths: Sequence[Path], size: int) -> Iterator[list[Path]]:
    rest = iter(paths)
    while some := list(islice(rest, size)):
        yield some


def _went_with(table: str, key: str, cause: tuple[str, str] | None) -> Failure:
    if cause is None:
        raise TableError(f"{table}: row {key} is held back without a reason. This is a bug; nothing is published.")
    with_table, with_key = cause
    kind = with_table.removesuffix("s")
    reason = f"It depends on the {kind} {with_key}, which is held back; mend that one."
    return Failure(table, key, f"{kind}_held_back", "", with_key, reason)
