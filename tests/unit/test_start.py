"""What starts quickly stays so: modules that take long to import are only imported by what needs them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Each of these takes a tenth of a second or more.
HEAVY = frozenset(
    "altair dask distributed great_expectations matplotlib numpy pandas prefect pyarrow pypdf rich scipy spacy sqlalchemy trafilatura".split()
)


def imported(code: str) -> set[str]:
    """Names of all packages that a fresh Python has imported after this code."""
    told = f"{code}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True, timeout=600
    )
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["show", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = f"import sys\nfrom flows.cli import main\nsys.argv[1:] = {arguments}\ntry:\n    main()\nexcept SystemExit:\n    pass"
    assert imported(code) & HEAVY == set()


def test_a_direct_run_imports_neither_prefect_nor_what_checks() -> None:
    code = "import queue\nfrom flows.execute import execute_run\nfrom flows.warm import load_ahead\n"
    code += "reads_here = queue.SimpleQueue()\nreads_here.put({})\nload_ahead(None, reads_here)"
    found = imported(code.format(True))
    assert {"spacy", "pyarrow"} <= found, "the run's own steps were not imported"
    # Great Expectations and pandas work in a process of their own.
    assert (
        found & {"prefect", "great_expectations", "pandas", "scipy", "sqlalchemy", "distributed", "matplotlib"} == set()
    )
    assert "spacy" not in imported(code.format(False)), "what workers read with takes memory here"


@pytest.mark.parametrize("module", ["tasks.extract.step", "tasks.clean.workers", "tasks.fan_out"])
def test_what_workers_import_is_what_they_need(module: str) -> None:
    assert imported(f"import {module}") & HEAVY <= {"numpy", "pyarrow"}
