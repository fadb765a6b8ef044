"""`prefect.yaml`: its deployments fit the flow, are taken by the server, and a worker runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import NEWS, ROOT, ask, rows_of

from flows.deployments import STAGE_MINUTES, When, deployment_of, scheduled_parameters
from flows.parameters import RunParameters

DEPLOYMENTS = {one["name"]: one for one in yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]}


def served() -> dict[str, Any]:
    """The deployment that `serve` makes, in the words of prefect.yaml."""
    parameters = scheduled_parameters(RunParameters(inputs=["news"], output=Path("ledger")))
    made = deployment_of(parameters, When(every=60), name="served", skip=False)
    limit = {"limit": made.concurrency_limit, "collision_strategy": made.concurrency_options.collision_strategy.value}
    return {"entrypoint": made.entrypoint, "parameters": made.parameters, "concurrency_limit": limit}


@pytest.mark.parametrize("name", [*DEPLOYMENTS, "served"])
def test_the_parameters_of_every_deployment_fit_its_flow(name):
    from prefect.flows import load_flow_from_entrypoint

    deployment = DEPLOYMENTS.get(name) or served()
    flow = load_flow_from_entrypoint(deployment["entrypoint"], use_placeholder_flow=False)
    assert set(deployment["parameters"]) == set(flow.parameters.properties)
    run = flow.validate_parameters(deployment["parameters"])["run"]
    assert run == RunParameters.model_validate(deployment["parameters"]["run"])
    assert run.stage_minutes == STAGE_MINUTES
    assert run.wait
    assert run.due == (run.sources is not None)
    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "ENQUEUE"}


def prefect(api: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Prefect's own command line."""
    return subprocess.run(
        [sys.executable, "-m", "prefect", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"PREFECT_API_URL": api, "PREFECT_CLI_PROMPT": "false"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def _made(name: str) -> Any:
    return ask(lambda client: client.read_deployment_by_name(f"conflict-ledger/{name}"))


def test_a_worker_runs_what_is_deployed_with_parameters_from_the_form(prefect_server, tmp_path):
    pool = prefect(prefect_server, "work-pool", "create", "conflict-ledger", "--type", "process")
    assert pool.returncode == 0, pool.stdout + pool.stderr
    done = prefect(prefect_server, "--no-prompt", "deploy", "--all")
    assert done.returncode == 0, done.stdout + done.stderr
    lost = {"inputs": [str(NEWS)], "output": "ledger", "workers": 1}
    refused = ask(lambda client: client.create_flow_run_from_deployment(_made("ledger").id, parameters={"run": lost}))
    for name, wanted in DEPLOYMENTS.items():
        made = _made(name)
        assert made.parameters == wanted["parameters"]
        assert made.global_concurrency_limit.limit == 1
        assert made.concurrency_options.collision_strategy.value == "ENQUEUE"
        assert [schedule.schedule.cron for schedule in made.schedules] == [s["cron"] for s in wanted["schedules"]]
        assert not made.pull_steps, "a worker elsewhere does not have the folder of whoever deployed"
    run = {"inputs": [str(NEWS)], "output": str(tmp_path / "ledger"), "workers": 1}
    flow_run = ask(lambda client: client.create_flow_run_from_deployment(made.id, parameters={"run": run}))
    worker = prefect(prefect_server, "worker", "start", "--pool", "conflict-ledger", "--run-once")
    after = ask(lambda client: client.read_flow_run(flow_run.id))
    assert after.state.is_completed(), worker.stdout + worker.stderr
    assert rows_of(tmp_path / "ledger")["articles"].num_rows == 2
    after = ask(lambda client: client.read_flow_run(refused.id))
    assert after.state.is_failed()
    assert "ledger: runs of a deployment need whole paths" in after.state.message
