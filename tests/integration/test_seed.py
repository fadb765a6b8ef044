"""The seed article through every stage, as a Prefect flow and without Prefect."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, files_of, rows_of

from tasks.publish.ledger import PUBLISHED, Ledger


@pytest.fixture(scope="module")
def flow(cli, tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The seed's ledger, made by the flow with an embedded server that starts with nothing there."""
    output = tmp_path_factory.mktemp("flow") / "ledger"
    return output, cli("run", "seeds", "--output", output)


def test_the_flow_publishes_every_table_and_is_quiet(flow):
    output, done = flow
    assert (done.returncode, done.stderr) == (0, "")
    assert "seeds" in done.stdout
    for name in PUBLISHED:
        assert list((output / name).glob("*.parquet")), name
    assert (output / "quality/index.html").stat().st_size > 1000


def test_without_prefect_the_tables_are_the_same_byte_for_byte(flow, direct):
    assert direct[1].returncode == 0, direct[1].stderr
    assert direct[1].stderr == ""
    assert files_of(flow[0]) == files_of(direct[0])
    assert rows_of(flow[0]) == rows_of(direct[0])


def test_the_seed_tells_of_its_six_incidents(direct):
    rows = json.loads(_show(direct[0]))
    killed = sorted((row["killed_min"], row["place_name"]) for row in rows if row["killed_min"])
    assert [count for count, _ in killed] == [4, 7, 10, 10, 24, 26]
    assert "Hajin" in {place for count, place in killed if count == 26}


def _show(output: Path) -> str:
    import sys

    command = [sys.executable, "-m", "flows", "show", str(output), "--json"]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout


def test_direct_never_imports_prefect(direct):
    loaded = {name.partition(".")[0] for name in (direct[0].parent / "modules").read_text().split()}
    assert "spacy" in loaded
    assert loaded & {"prefect", "great_expectations"} == set()


def test_a_second_run_changes_nothing(direct, cli):
    output, _ = direct
    before = {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in _published_files(output)}
    again = cli("run", "seeds", "--output", output, "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["unchanged"] is True
    assert {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in _published_files(output)} == before


def test_doing_all_the_work_again_gives_the_same_state(direct, cli):
    output, _ = direct
    state = Ledger(output).current_state()
    again = cli("run", "seeds", "--output", output, "--direct", "--again", "--workers", "1")
    assert again.returncode == 0, again.stderr
    assert Ledger(output).current_state() == state
    assert not list((output / ".ledger/work").iterdir()), "the work folder is gone"


def _published_files(output: Path) -> list[Path]:
    return [path for path in output.rglob("*") if path.is_file() and not path.name.startswith("lock")]


def test_json_on_stdout_says_what_was_done(direct, cli):
    output, _ = direct
    told = json.loads(cli("run", "seeds", "--output", output, "--json").stdout)
    assert told["status"] == "published"
    assert [stage["stage"] for stage in told["stages"]] == ["ingest", "clean", "extract", "resolve", "publish"]
    assert [check["stage"] for check in told["checks"]] == ["ingest", "clean", "extract", "resolve", "publish"]
    assert len(told["incidents"]) >= 6


def test_the_readme_shows_what_the_run_prints(direct):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- output of make run -->\n```text\n(.*?)```", readme, re.S)
    assert block is not None
    printed = direct[1].stdout.replace(str(direct[0]), "data/ledger")
    assert _without_times(block[1]) == _without_times(printed), "make docs puts the new output in"


def _without_times(text: str) -> list[str]:
    """The lines but for the one that says how long it took, which is another each time."""
    lines = [line.rstrip() for line in text.strip("\n").splitlines()]
    return [line for line in lines if line and not line.lstrip().startswith("time  ")]


def test_the_readme_snippets_run(direct):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    snippets = re.findall(r"```python\n(.*?)```", readme, re.S)
    assert len(snippets) >= 2
    for snippet in snippets:
        module = re.search(r"import (\w+)", snippet)
        assert module is not None
        try:
            __import__(module[1])
        except ModuleNotFoundError:
            continue
        exec(snippet.replace("data/ledger", str(direct[0])), {})
