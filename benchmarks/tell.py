"""Benchmark results as `docs/benchmarks.md`: `python -m benchmarks.tell`; one column a result, older ones first."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
DOCS = Path(__file__).parents[1] / "docs"

# The ratio, what it says, the goal, and at how many articles (middle or largest size) the goal holds.
MEANING = (
    (
        "reading_to_full_pass",
        "Reading: times faster than a full `en_core_web_sm` pass over the same texts",
        "≥ 3",
        None,
    ),
    ("reading_to_tokeniser", "Reading: times slower than splitting into words alone", "", None),
    (
        "flow_to_direct",
        "Prefect flow against plain functions, wall time, with the server that it starts",
        "≤ 1.05",
        "middle",
    ),
    ("flow_with_server_to_direct", "The same where a server runs already", "≤ 1.05", "middle"),
    ("speed_up_with_two_workers", "One worker against two, wall time of the whole run", "≥ 1.7", "middle"),
    (
        "growth_of_a_long_article",
        "Reading: time of a word in an article of 32,000 words, each sentence with casualties, against one of 4,000",
        "≤ 1.15",
        None,
    ),
    (
        "growth_of_an_article",
        "Processor time of an article in the largest corpus against the one before",
        "≤ 1.1",
        "largest",
    ),
    ("no_op_to_first_run", "A run that finds nothing to do against the first", "", "middle"),
    ("checks_share", "Share of the checks in the wall time", "", "largest"),
    ("peak_mb", "Most memory of all processes together, MB", "≤ 1,500", "largest"),
)
# Why a goal is missed where it is; told while the newest result misses it.
MISSED = {
    "reading_to_full_pass": "Reading is {value} times as fast as a full pass (goal {goal}): the parse of the sentences that can hold an incident is its largest single part, "
    "the rest is spread over many small rules, and each round of rules for more wars and registers adds a little.",
    "growth_of_a_long_article": "A word costs {value} times as much in an article of 32,000 words as in one of 4,000 (goal {goal}) in the worst of four kinds, text without "
    "a full stop; the time still grows nearly in step with the length.",
    "flow_to_direct": "The flow costs {value} of the plain functions in wall time (goal {goal}) where it starts a server of its own: that server shares both cores with "
    "the workers, and its start and stop count in full; where a server runs already it costs {flow_with_server_to_direct}.",
    "speed_up_with_two_workers": "Two workers make the run {value} times as fast as one (goal {goal}): the checks ({checks_share} of the wall time) and the writing of "
    "tables stay with one process, and reading itself gains less than twice, since two parsers on two cores wait for the same memory.",
}
HEAD = """# Benchmarks

Written by `python -m benchmarks.tell` from `benchmarks/results/*.json`; `make bench` measures (1,000 and 10,000 articles, about ten minutes on two quiet cores; `make bench FULL=1`: 100,000, too, half an hour). The column
`before` is an older checkout (the commit is in the last row), measured by the same means: `git worktree add ../before COMMIT`, `make bench LABEL=before TREE=../before`.

All that counts is a ratio within one run on one machine, since machines differ and are shared. Corpora are made by `benchmarks/make_corpus.py` (articles of some 90 words, each with an
incident); reading is measured on longer stories, too, in turns with the full pass, in processor time of one core. Goals hold for 10,000 articles (flow, two workers) and 100,000 (growth, memory);
in smaller corpora the start of the processes weighs more.
"""


def load_results() -> list[dict[str, Any]]:
    """All results, by day."""
    found = [json.loads(path.read_text("utf-8")) for path in sorted(RESULTS.glob("*.json"))]
    return sorted(found, key=lambda result: (result["day"], result["label"] != "before", result["label"]))


def cell(result: dict[str, Any], key: str, at: str | None) -> str:
    """A ratio, with the size that it was measured at."""
    size = {"middle": result["sizes"][1], "largest": result["sizes"][-1]}.get(at or "")
    value = result["ratios"].get(key)
    if value is None:
        return "not measured"
    return (f"{value:,}" if value >= 1000 else f"{value:g}") + (f" ({size:,})" if size else "")


def ratios_table(results: list[dict[str, Any]]) -> list[str]:
    """A row a ratio, a column a result."""
    lines = [
        f"| | goal | {' | '.join(result['label'] for result in results)} |",
        f"|---|---|{'---|' * len(results)}",
    ]
    for key, what, goal, at in MEANING:
        lines.append(f"| {what} | {goal} | {' | '.join(cell(result, key, at) for result in results)} |")
    conditions = [f"{r['day']}, {r['commit']}, load {r['load_before']}–{r['load_after']}" for r in results]
    return [*lines, f"| measured | | {' | '.join(conditions)} |"]


def missed_goals(result: dict[str, Any]) -> list[str]:
    """A line for each goal that the result misses, with why, where that is known."""
    ratios = result["ratios"]
    lines = []
    for key, _, goal, _ in MEANING:
        value, (sign, _, bound) = ratios.get(key), goal.partition(" ")
        if value is None or not goal or (value <= _number(bound) if sign == "≤" else value >= _number(bound)):
            continue
        why = MISSED.get(key, "`{key}` is {value} (goal {goal}).")
        lines.append(
            "- "
            + why.format_map(defaultdict(lambda: "(not measured)", ratios | {"key": key, "value": value, "goal": goal}))
        )
    return ["Goals that the newest result misses:", "", *lines, ""] if lines else []


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def runs_table(result: dict[str, Any]) -> list[str]:
    """All runs of one result."""
    stages = ("ingest", "clean", "extract", "resolve", "publish")
    lines = [
        f"| run | articles | workers | wall s | processor s | {' | '.join(stages)} | checks | MB |",
        f"|---|---|---|---|---|{'---|' * len(stages)}---|---|",
    ]
    for run in result["runs"]:
        if run["name"] == "warm up":
            continue
        name = "with Prefect" if run["name"] == "flow" else run["name"]  # as older results call it
        spent = " | ".join("" if run["unchanged"] else f"{run['stages'].get(stage, 0):.1f}" for stage in stages)
        checks = "" if run["unchanged"] else f"{run['checks']:.1f}"
        lines.append(
            f"| {name} | {run['articles']:,} | {run['workers']} | {run['wall']:,.1f} | {run['cpu']:,.1f} | {spent} | {checks} | {run['peak_mb']:,} |"
        )
    return lines


def main() -> None:
    """Write the page."""
    results = load_results()
    lines = [HEAD, *ratios_table(results), "", *missed_goals(results[-1])]
    for result in results[::-1]:
        label = result["label"]
        shutil.copyfile(RESULTS / f"{label}.svg", DOCS / f"benchmarks_{label}.svg")
        lines += [f"## {label}", "", f"![Time and memory](benchmarks_{label}.svg)", "", *runs_table(result), ""]
    (DOCS / "benchmarks.md").write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    main()
