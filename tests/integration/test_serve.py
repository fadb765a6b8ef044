"""`conflict-ledger serve` on a real server: runs that fire, fall together, fail, die and are caught up."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import NEWS, ROOT, ask, rows_of, wait_for
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId
from prefect.states import Running, Scheduled

from tasks.publish.ledger import Ledger

EVERY = 15


class Served:
    """A ledger that is served, and what the server knows of its runs."""

    def __init__(self, base: Path, api: str) -> None:
        self.base, self.api = base, api
        self.news, self.output, self.failures = base / "news", base / "ledger", base / "failures.jsonl"
        self.news.mkdir()
        shutil.copy(NEWS / "goma.json", self.news)
        self.process: subprocess.Popen[str] | None = None
        self.command = [
            sys.executable,
            "-m",
            "flows",
            "serve",
            str(self.news),
            "--every",
            f"{EVERY}s",
            "--name",
            base.name,
        ]

    def start(self) -> None:
        options = ["--output", str(self.output), "--workers", "1", "--failure-command", f"tee -a {self.failures}"]
        self.process = subprocess.Popen(
            [*self.command, *options],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=(self.base / "log").open("a"),
            env=os.environ | {"PREFECT_API_URL": self.api},
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),  # as a script starts it in the background
        )

    @property
    def deployment(self) -> Any:
        return ask(lambda client: client.read_deployment_by_name(f"conflict-ledger/{self.base.name}"))

    def runs(self) -> list[Any]:
        wanted = FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=[self.deployment.id]))
        return ask(lambda client: client.read_flow_runs(flow_run_filter=wanted))

    def finished(self) -> list[Any]:
        runs = [run for run in self.runs() if run.state.is_final()]
        return sorted(runs, key=lambda run: run.end_time)

    def trigger(self, **parameters: object) -> Any:
        """Start a run with the deployment's parameters, some of them changed: what the form of the UI sends."""
        run = self.deployment.parameters["run"] | parameters
        return ask(lambda c: c.create_flow_run_from_deployment(self.deployment.id, parameters={"run": run}))

    def end_of(self, run: Any) -> Any:
        def found() -> Any:
            now = ask(lambda client: client.read_flow_run(run.id))
            return now if now.state.is_final() else None

        return wait_for(found, f"end of {run.name}")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Iterator[Served]:
    """Served until the tests of this file are through."""
    served = Served(tmp_path_factory.mktemp("served"), prefect_server)
    served.start()
    yield served
    assert served.process is not None
    served.process.terminate()  # and with it the runs that it has started
    served.process.wait(600)


def test_it_runs_at_once_and_then_when_due(served):
    def fired() -> list[Any]:
        if "look" not in (served.base / "log").read_text():
            return []
        return [run for run in served.finished() if "auto-scheduled" in run.tags]

    wait_for(fired, "scheduled run")
    # From here on the tests start the runs.
    ask(lambda client: client.pause_deployment(served.deployment.id))
    first, *later = served.finished()
    assert "at-start" in first.tags
    assert all(run.state.is_completed() for run in (first, *later))
    assert rows_of(served.output)["articles"].num_rows == 1


def test_runs_that_fall_together_wait_for_each_other(served):
    together = [served.trigger(), served.trigger()]
    assert all(served.end_of(run).state.is_completed() for run in together)
    runs = sorted(served.finished(), key=lambda run: run.start_time)
    for earlier, later in itertools.pairwise(runs):
        assert earlier.end_time <= later.start_time


def test_a_form_that_makes_no_sense_is_refused(served):
    from prefect.exceptions import PrefectHTTPStatusError

    with pytest.raises(PrefectHTTPStatusError, match="workers"):
        served.trigger(workers=0)
    with pytest.raises(Exception, match="'reading' is not one of"):
        served.trigger(stage_minutes={"reading": 5})


def test_another_ledger_cannot_take_a_deployment_by_its_name(served, tmp_path):
    done = subprocess.run(
        [*served.command, "--output", str(tmp_path / "other")],
        cwd=ROOT,
        env=os.environ | {"PREFECT_API_URL": served.api},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 1
    assert f"writes to {served.output}" in done.stderr
    assert served.deployment.parameters["run"]["output"] == str(served.output)


def test_a_run_that_fails_is_told(served):
    run = served.end_of(served.trigger(inputs=[str(served.base / "nowhere")], output=str(served.base / "third")))
    assert run.state.is_failed()
    told = wait_for(lambda: _told(served.failures, str(run.id)), "message")
    assert told["state"] == "Failed"
    assert "nowhere" in told["error"]
    assert told["page"].endswith(f"/runs/flow-run/{run.id}")


def _told(path: Path, run_id: str) -> Any:
    lines = path.read_text().splitlines() if path.exists() else []
    return next((told for told in map(json.loads, lines) if told["flow_run_id"] == run_id), None)


def test_a_run_that_is_killed_is_told_and_caught_up_by_the_next(served):
    before = rows_of(served.output)
    (served.news / "sennar.txt").write_text(
        "Market shelled in Sennar\n\nShelling killed nine people at a market in Sennar on Sunday, doctors said.\n"
    )
    ledger = Ledger(served.output)
    dead = served.trigger()
    wait_for(lambda: list((ledger.inner / "work").glob("*/documents")), "run at work")
    os.kill(json.loads((ledger.inner / "lock.json").read_text())["pid"], signal.SIGKILL)
    assert rows_of(served.output) == before
    assert served.end_of(dead).state.is_crashed()
    assert wait_for(lambda: _told(served.failures, str(dead.id)), "message")["state"] == "Crashed"
    assert served.end_of(served.trigger()).state.is_completed()
    assert rows_of(served.output)["articles"].num_rows == 2


def test_runs_that_died_with_everything_are_closed_and_caught_up_when_it_is_served_again(served):
    assert served.process is not None
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(600) == 0
    assert "stopped serving" in (served.base / "log").read_text()
    assert "Traceback" not in (served.base / "log").read_text()
    wait_for(lambda: not (Ledger(served.output).inner / "lock.json").exists(), "free ledger")

    def dead_run(client: Any) -> Any:
        run = client.create_flow_run_from_deployment(served.deployment.id, state=Scheduled())
        client.set_flow_run_state(run.id, Running(), force=True)
        return run

    dead = ask(dead_run)
    served.start()
    assert served.end_of(dead).state.is_crashed()
    runs = len(served.finished())
    wait_for(lambda: [r for r in served.finished()[runs:] if r.state.is_completed()], "run after it")
