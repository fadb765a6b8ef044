"""What the checks found, as static pages that open from disk: no script, nothing fetched, readable in print and in the dark."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow.parquet as pq

from expectations.check import Check
from expectations.checks import checks_of
from expectations.storage import iter_parts, part_paths
from expectations.tables import TABLES
from expectations.vocabulary import STAGES
from tasks.validate.records import EXAMPLES

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES: Final = Path(__file__).with_name("templates")
# Rows of quarantine on a page; all of them are in the table.
QUARANTINE_SHOWN: Final = 200
TABLE_ORDER: Final = ("documents", "articles", "mentions", "figures", "incidents")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check of one stage, with what a person needs to judge it."""

    stage: str
    name: str
    severity: str
    scope: str
    description: str
    passed: bool
    rows: int
    failed: int
    observed: str | None
    examples: list[tuple[str, str]]

    @property
    def state(self) -> str:
        """passed, failed (critical) or warning."""
        if self.passed:
            return "passed"
        return "failed" if self.severity == "critical" else "warning"


@dataclass(slots=True)
class TablePage:
    """One table's page.

    Attributes:
        name: The table.
        description: What a row of it is.
        rows: Rows that it has now; None: it does not exist.
        results: Its checks, in the order of stages and of the definition.
        held: The first entries of quarantine.
        held_by: Entries of quarantine by stage and check.
    """

    name: str
    description: str
    rows: int | None = None
    results: list[CheckResult] = field(default_factory=list)
    held: list[dict[str, Any]] = field(default_factory=list)
    held_by: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def held_total(self) -> int:
        """Entries of quarantine."""
        return self.held_by.total()

    @property
    def check_count(self) -> int:
        """Checks that ran."""
        return len(self.results)

    @property
    def passed_count(self) -> int:
        """Checks that passed."""
        return sum(result.state == "passed" for result in self.results)

    @property
    def failed_count(self) -> int:
        """Critical checks that failed."""
        return sum(result.state == "failed" for result in self.results)

    @property
    def warning_count(self) -> int:
        """Checks that only warn, and failed."""
        return sum(result.state == "warning" for result in self.results)

    @property
    def state(self) -> str:
        """The worst state of its checks."""
        return "failed" if self.failed_count else "warning" if self.warning_count else "passed"

    @property
    def stages(self) -> list[tuple[str, list[CheckResult]]]:
        """Results by stage, failed ones first, else in the order of the definition."""
        worst = {"failed": 0, "warning": 1, "passed": 2}
        by_stage: dict[str, list[CheckResult]] = {}
        for result in self.results:
            by_stage.setdefault(result.stage, []).append(result)
        return [(s, sorted(by_stage[s], key=lambda r: worst[r.state])) for s in STAGES if s in by_stage]


def write_quality_pages(work: Path, target: Path | None = None) -> Path:
    """Write `index.html` and one page a table, from the `checks` and `quarantine` tables of a work folder.

    Args:
        work: The run's work folder.
        target: Where to write; `<work>/quality` where not given. What was there is replaced.

    Returns:
        The index page.
    """
    from markupsafe import Markup

    target = target or work / "quality"
    pages = read_pages(work)
    environment = _environment()
    style = Markup((TEMPLATES / "quality.css").read_text(encoding="utf-8"))
    run_id = next((r for part in iter_parts(work, "checks", ["run_id"]) for r in part.column(0).to_pylist()), None)
    shared = {"pages": pages, "run_id": run_id, "style": style}
    fresh = target.with_name(f".{target.name}.tmp")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    (fresh / "index.html").write_text(environment.get_template("index.html").render(shared), encoding="utf-8")
    for page in pages:
        text = environment.get_template("table.html").render(shared, page=page)
        (fresh / f"{page.name}.html").write_text(text, encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    fresh.replace(target)
    return target / "index.html"


def read_pages(work: Path) -> list[TablePage]:
    """The tables that were checked, or of which rows were held back, in the order of the pipeline."""
    pages = {name: TablePage(name, TABLES[name].description) for name in TABLE_ORDER}
    known = {
        (name, check.name): (number, check) for name in TABLE_ORDER for number, check in enumerate(checks_of(name))
    }
    for part in iter_parts(work, "checks"):
        for row in part.to_pylist():
            if (found := known.get((row["table"], row["check"]))) is not None:
                pages[row["table"]].results.append(_result(work, row, found[1]))
    for row in _held_rows(work):
        page = pages.get(row["table"])
        if page is not None:
            page.held_by[row["stage"], row["check"]] += 1
            if len(page.held) < QUARANTINE_SHOWN:
                page.held.append(row)
    for name, page in pages.items():
        if parts := part_paths(work, name):
            page.rows = sum(pq.read_metadata(path).num_rows for path in parts)
        page.results.sort(key=lambda r: (STAGES.index(r.stage), known[name, r.name][0]))
    return [page for page in pages.values() if page.results or page.held_total]


def _held_rows(work: Path) -> Iterable[dict[str, Any]]:
    columns = ["stage", "table", "row_key", "check", "column", "value", "reason"]
    for part in iter_parts(work, "quarantine", columns):
        yield from part.to_pylist()


def _result(work: Path, row: dict[str, Any], check: Check) -> CheckResult:
    path = work / "checks" / f"{row['stage']}-{row['table']}.json"
    examples = json.loads(path.read_text(encoding="utf-8")) if path.exists() and row["failed"] else {}
    return CheckResult(
        stage=row["stage"],
        name=row["check"],
        severity=row["severity"],
        scope="row" if check.on_rows else "whole table",
        description=check.description,
        passed=row["passed"],
        rows=row["rows"],
        failed=row["failed"],
        observed=row["observed"],
        examples=[(key, reason) for key, reason in islice(examples.get(row["check"], ()), EXAMPLES)],
    )


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup, escape

    def code(text: str) -> Markup:
        """Backticks as <code>; everything else escaped."""
        parts = str(escape(text)).split("`")
        return Markup("".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(parts)))

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["code"] = code
    environment.filters["number"] = lambda n: f"{n:,}".replace(",", "\u202f")
    environment.filters["words"] = lambda name: str(name).replace("_", " ")
    return environment
