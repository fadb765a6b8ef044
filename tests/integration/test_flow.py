"""The flow in Prefect's eyes: runs, names, artifacts, failures."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from conftest import NEWS, rows_of

from expectations.errors import InputError
from flows.parameters import RunParameters

pytestmark = [pytest.mark.timeout(400), pytest.mark.usefixtures("prefect_server")]


@pytest.fixture(scope="module")
def output(tmp_path_factory, prefect_server) -> Path:
    """The ledger of a flow run on the fixture articles."""
    from flows.ledger import conflict_ledger

    output = tmp_path_factory.mktemp("flow") / "ledger"
    record = conflict_ledger(RunParameters(inputs=[str(NEWS)], output=output, workers=1))
    assert record.status == "published"
    return output


def ask(question):
    """Ask the server with Prefect's client."""

    async def asked():
        from prefect import get_client

        async with get_client() as client:
            return await question(client)

    return asyncio.run(asked())


def test_runs_have_names_that_a_person_understands(output):
    [flow_run] = [run for run in ask(lambda client: client.read_flow_runs()) if str(output) in run.name]
    assert flow_run.name == f"{NEWS} → {output}"
    assert flow_run.state.is_completed()
    runs = [run for run in ask(lambda client: client.read_task_runs()) if run.flow_run_id == flow_run.id]
    assert all(run.state.is_completed() for run in runs)
    assert sorted(run.name.split(" · ")[0] for run in runs) == sorted(
        ["ingest", "clean", "extract", "resolve", "publish", *["validate"] * 5]
    )


def test_artifacts_tell_what_was_found(output):
    artifacts = {artifact.key: artifact for artifact in ask(lambda client: client.read_artifacts())}
    assert set(artifacts) == {"ledger-summary", "ledger-checks", "ledger-incidents"}
    assert "| incidents |" in artifacts["ledger-summary"].data
    assert len(json.loads(artifacts["ledger-incidents"].data)) == rows_of(output)["incidents"].num_rows
    assert {"stage", "table", "check", "severity", "passed"} <= set(json.loads(artifacts["ledger-checks"].data)[0])


def test_a_run_with_nothing_new_says_so_and_leaves_the_tables(output):
    from flows.ledger import conflict_ledger

    before = rows_of(output)
    assert conflict_ledger(RunParameters(inputs=[str(NEWS)], output=output)).unchanged
    assert rows_of(output) == before


def test_nothing_usable_fails_the_flow_run_and_publishes_nothing(tmp_path):
    from flows.ledger import conflict_ledger

    (tmp_path / "empty").mkdir()
    state = conflict_ledger(
        RunParameters(inputs=[str(tmp_path / "empty")], output=tmp_path / "ledger"), return_state=True
    )
    assert state.is_failed()
    with pytest.raises(InputError, match="empty"):
        state.result()
    assert not (tmp_path / "ledger/.ledger/current").is_symlink()
    [record] = [json.loads(path.read_text()) for path in (tmp_path / "ledger/.ledger/runs").iterdir()]
    assert record["status"] == "failed"


def test_every_parameter_is_described_for_the_form():
    from flows.ledger import conflict_ledger

    schema = conflict_ledger.parameters.model_dump()
    assert list(schema["properties"]) == ["run"]
    fields = schema["definitions"]["RunParameters"]["properties"]
    assert set(fields) == set(RunParameters.model_fields)
    assert all(field.get("description") for field in fields.values())
