"""Real runs: of the command line in processes of its own, and of the flow on one Prefect server a session."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from expectations.storage import read_table
from tasks.publish.ledger import PUBLISHED

ROOT = Path(__file__).parents[2]
NEWS = ROOT / "tests/fixtures/news"

Cli = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session", autouse=True)
def _prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Prefect's own folder for these tests, so that nobody's history is touched. Set before Prefect is imported."""
    patch = pytest.MonkeyPatch()
    patch.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
    patch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    patch.setenv("DO_NOT_TRACK", "1")
    patch.setenv("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    patch.delenv("PREFECT_API_URL", raising=False)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def prefect_server(_prefect_home: None) -> Iterator[str]:
    """One Prefect server, with scheduler and UI as `serve` has it, for all flow runs of the tests; the address of its API."""
    from flows.server import EmbeddedServer

    server = EmbeddedServer(serving=True)
    try:
        server.wait()
        from prefect.settings import PREFECT_API_URL, temporary_settings

        with temporary_settings({PREFECT_API_URL: server.url}):
            yield server.url
            from prefect.logging.handlers import APILogWorker

            APILogWorker.drain_all(timeout=60)  # what is still to be sent, while there is somebody to send it to
    finally:
        server.stop()


def wait_for(found: Callable[[], Any], what: str, seconds: float = 600, pause: float = 0.3) -> Any:
    """What `found` gives, as soon as it is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := found():
            return result
        time.sleep(pause)
    raise AssertionError(f"in {seconds} s there was no {what}")


def ask(question: Callable[[Any], Any]) -> Any:
    """Ask the server with Prefect's client."""
    from prefect import get_client

    with get_client(sync_client=True) as client:
        return question(client)


@pytest.fixture(scope="session")
def cli() -> Cli:
    """`conflict-ledger` in a process of its own, from the project's folder."""

    def call(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "flows", *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
            cwd=ROOT,
            env=os.environ | environment,
        )

    return call


NOTING_MODULES = """
import atexit, sys
from pathlib import Path
from flows.cli import main

if __name__ == "__main__":  # once, and not in the processes that the run starts
    note = Path(sys.argv.pop(1))
    atexit.register(lambda: note.write_text(" ".join(sys.modules)))
    main()
"""


@pytest.fixture(scope="session")
def direct(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The seed's ledger, made with --direct, and what the run printed; `modules` beside it has the names of all that it imported."""
    base = tmp_path_factory.mktemp("direct")
    (base / "main.py").write_text(NOTING_MODULES)
    command = [
        sys.executable,
        base / "main.py",
        base / "modules",
        "run",
        "seeds",
        "--output",
        base / "ledger",
        "--direct",
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False, cwd=ROOT, env=environment)
    return base / "ledger", done


def rows_of(output: Path) -> dict[str, pa.Table]:
    """All published tables of a ledger, without the clock's columns."""
    tables = {name: read_table(output, name) for name in PUBLISHED}
    return {
        name: table.drop_columns([column for column in table.column_names if column.endswith("_at")])
        for name, table in tables.items()
    }


def files_of(output: Path) -> dict[str, bytes]:
    """The bytes of the published files of every table without a clock."""
    tables = [name for name in PUBLISHED if not any(c.endswith("_at") for c in read_table(output, name).column_names)]
    return {
        f"{name}/{path.name}": path.read_bytes()
        for name in tables
        for path in sorted((output / name).glob("*.parquet"))
    }
