"""One run of the command line in a process of its own: wall time, processor time and the most memory of all its processes together."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

INTERVAL = 0.2  # seconds between looks at the memory


@dataclass
class Measured:
    """What a run took.

    Attributes:
        wall: Seconds on the clock, from the start of Python to its end.
        cpu: Seconds of processor time of all its processes.
        peak_mb: Most resident memory, summed over its processes (pages that they share are counted in each).
        stages: Seconds a stage.
        checks: Seconds of all checks.
        rows: Rows that the run wrote, a table.
    """

    wall: float
    cpu: float
    peak_mb: float
    stages: dict[str, float] = field(default_factory=dict)
    checks: float = 0.0
    rows: dict[str, int] = field(default_factory=dict)
    unchanged: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def run_measured(tree: Path, arguments: list[str], home: Path, api: str | None = None) -> Measured:
    """Run `conflict-ledger run … --json` from a checkout of the project.

    Args:
        tree: The checkout.
        arguments: What comes after `run`.
        home: Prefect's own folder, so that nobody's history is touched.
        api: A Prefect server that runs already; None: a flow starts one for itself.
    """
    environment = os.environ | {
        "PYTHONPATH": str(tree),
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    environment.pop("PREFECT_API_URL", None)
    if api is not None:
        environment["PREFECT_API_URL"] = api
    command = [sys.executable, "-m", "flows", "run", *arguments, "--json", "--quiet"]
    printed = home / "printed.json"
    started = time.perf_counter()
    with printed.open("wb") as sink:
        process = subprocess.Popen(command, cwd=tree, env=environment, stdout=sink)
        watch = _Watch(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with status {process.returncode}")
    record = json.loads(printed.read_text("utf-8"))
    return Measured(
        wall=round(wall, 2),
        cpu=round(usage.ru_utime + usage.ru_stime, 2),
        peak_mb=round(watch.end() / 1e6),
        stages={stage["stage"]: round(stage["seconds"], 3) for stage in record["stages"]},
        checks=round(sum(stage["seconds"] for stage in record["checks"]), 3),
        rows={"incidents": len(record["incidents"])},
        unchanged=record["unchanged"],
    )


class _Watch:
    """Looks at the memory of a process and its descendants until it is told to end."""

    def __init__(self, pid: int) -> None:
        self._pid, self._peak, self._over = pid, 0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        try:
            top = psutil.Process(self._pid)
        except psutil.NoSuchProcess:
            return
        while not self._over.wait(INTERVAL):
            total = 0
            try:
                for process in (top, *top.children(recursive=True)):
                    try:
                        total += process.memory_info().rss
                    except psutil.NoSuchProcess:
                        continue
            except psutil.NoSuchProcess:
                return
            self._peak = max(self._peak, total)

    def end(self) -> int:
        self._over.set()
        self._thread.join()
        return self._peak
