"""The flow in Prefect's eyes: runs, names, artifacts, failures."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from conftest import NEWS, ask, rows_of, wait_for
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId, LogFilter, LogFilterFlowRunId
from prefect.client.schemas.sorting import FlowRunSort

from expectations.errors import InputError
from flows.parameters import RunParameters
from tests.misbehaving import running

pytestmark = pytest.mark.usefixtures("prefect_server")


@pytest.fixture(scope="module")
def output(tmp_path_factory, prefect_server) -> Path:
    """The ledger of a flow run on the fixture articles."""
    from flows.ledger import conflict_ledger

    output = tmp_path_factory.mktemp("flow") / "ledger"
    record = conflict_ledger(RunParameters(inputs=[str(NEWS)], output=output, workers=1))
    assert record.status == "published"
    return output


@pytest.fixture(scope="module")
def flow_run(output):
    """What the server knows of the run that made it."""
    runs = ask(lambda client: client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC))
    return next(run for run in runs if run.parameters.get("run", {}).get("output") == str(output))


def artifacts_of(run) -> dict:
    found = ask(
        lambda client: client.read_artifacts(
            artifact_filter=ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
        )
    )
    return {artifact.key: artifact for artifact in found}


def test_runs_have_names_that_a_person_understands(output, flow_run):
    assert flow_run.name == f"{NEWS.parent.name}/news → {output.parent.name}/ledger"
    assert flow_run.state.is_completed()
    runs = [run for run in ask(lambda client: client.read_task_runs()) if run.flow_run_id == flow_run.id]
    assert all(run.state.is_completed() for run in runs)
    assert sorted(run.name for run in runs) == sorted(
        [
            "ingest · fixtures/news",
            "clean · 2 documents",
            "extract · 2 articles in 1 batch · 1 worker",
            "resolve · 2 mentions to incidents",
            f"publish · 2 incidents to {output.parent.name}/ledger",
            *(f"validate · after {stage}" for stage in ("ingest", "clean", "extract", "resolve")),
            "validate · before publish",
        ]
    )


def test_logs_tell_the_run_in_lines_that_a_person_reads(flow_run):
    def told() -> list[str]:
        logs = ask(lambda client: client.read_logs(LogFilter(flow_run_id=LogFilterFlowRunId(any_=[flow_run.id]))))
        lines = [log.message for log in logs]
        return lines if any(line.startswith("Published state 000001-") for line in lines) else []

    lines = wait_for(told, "log with its end")  # they are sent a little later
    assert any(line.startswith("ingest: 2 in, 2 out") for line in lines)
    assert any(line.startswith("extract · batch 1/1 · 2 articles") for line in lines)
    assert any("checks hold" in line for line in lines)


def test_artifacts_tell_what_was_found(output, flow_run):
    artifacts = artifacts_of(flow_run)
    assert set(artifacts) == {
        f"ledger-{name}" for name in ("summary", "checks", "quarantine", "incidents", "new-incidents", "progress")
    }
    assert "| incidents |" in artifacts["ledger-summary"].data
    incidents = json.loads(artifacts["ledger-incidents"].data)
    assert len(incidents) == rows_of(output)["incidents"].num_rows
    assert [row["date"] for row in incidents] == sorted((row["date"] for row in incidents), reverse=True)
    assert {"stage", "table", "check", "severity", "passed"} <= set(json.loads(artifacts["ledger-checks"].data)[0])
    new = artifacts["ledger-new-incidents"].data
    assert all(f"`{row['incident']}`" in new for row in incidents)
    assert new.count("\n> “") == len(incidents), "each with its evidence"
    assert float(artifacts["ledger-progress"].data) == 100.0


def test_the_next_run_tells_the_difference_and_what_it_held_back(output, tmp_path):
    from flows.ledger import conflict_ledger

    (tmp_path / "more.jsonl").write_text(
        '{"id": "m1", "title": "Market shelled in Sennar", "published_on": "2024-09-09", "publisher": "Nile Wire", '
        '"text": "Shelling killed nine people at a market in Sennar on Sunday, the Sudan Doctors Network said."}\n'
        '{"id": "m2", "title": \n'
    )
    copy = tmp_path / "ledger"
    shutil.copytree(output, copy, symlinks=True)
    state = conflict_ledger(RunParameters(inputs=[str(tmp_path)], output=copy, workers=1), return_state=True)
    run = ask(lambda client: client.read_flow_run(state.state_details.flow_run_id))
    artifacts = artifacts_of(run)
    assert "**Incidents: 1 new** since the last run." in artifacts["ledger-summary"].data
    new = artifacts["ledger-new-incidents"].data
    assert "# 1 new incident" in new
    assert "Sennar" in new
    assert "9 killed" in new
    assert "> “Shelling killed nine people" in new
    [held] = json.loads(artifacts["ledger-quarantine"].data)
    assert "more.jsonl" in held["reason"]


def test_a_stage_that_takes_too_long_fails_the_run(output, tmp_path):
    from flows.ledger import conflict_ledger

    parameters = RunParameters(
        inputs=[str(NEWS)], output=tmp_path / "ledger", workers=1, stage_minutes={"extract": 0.001}
    )
    state = conflict_ledger(parameters, return_state=True)
    assert state.is_failed()
    assert "extract: given up after 0.001 min" in state.message
    runs = ask(lambda client: client.read_task_runs())
    [extract] = [
        run for run in runs if run.flow_run_id == state.state_details.flow_run_id and run.name.startswith("extract")
    ]
    assert extract.state.name == "TimedOut"
    assert not (tmp_path / "ledger/.ledger/current").is_symlink()


def test_a_run_with_nothing_new_says_so_and_leaves_the_tables(output):
    from flows.ledger import conflict_ledger

    before = rows_of(output)
    assert conflict_ledger(RunParameters(inputs=[str(NEWS)], output=output)).unchanged
    assert rows_of(output) == before


def test_it_fetches_what_its_sources_have(tmp_path):
    from flows.ledger import conflict_ledger

    path = tmp_path / "sources.toml"
    with running() as server:
        path.write_text(
            "[fetch]\ndelay_seconds = 0\nread_seconds = 60\nallow_private = ['127.0.0.0/8']\n"
            f'[[source]]\nname = "post"\nkind = "urls"\naddress = "{server.root}/a"\n'
        )
        record = conflict_ledger(RunParameters(sources=path, output=tmp_path / "ledger", workers=1))
    assert record.sources[0]["fetched"] == 1
    assert rows_of(tmp_path / "ledger")["articles"].num_rows == 1


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
