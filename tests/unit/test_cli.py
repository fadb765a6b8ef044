"""The command line on a small ledger: what it prints, where, and its exit status."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from validate_tables import valid_tables, write_tables

from flows.report import span, total_span
from tasks.publish.ledger import Ledger
from tasks.publish.step import publish_state


def cli(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env=os.environ | environment,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A published ledger of three articles and their incidents."""
    base = tmp_path_factory.mktemp("cli")
    write_tables(base / "work", valid_tables())
    ledger = Ledger(base / "ledger")
    ledger.prepare()
    publish_state(base / "work", ledger.output, run_id="run")
    return ledger.output


def cost(*command: str) -> float:
    """Seconds of processor time of a Python process, the least of three times."""
    costs = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *command], capture_output=True, timeout=600, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        costs.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(costs)


def test_help_takes_little_longer_than_what_draws_it():
    assert "evaluate" in cli("--help").stdout
    assert cost("-m", "flows", "--help") < 3 * cost("-c", "import typer, rich")


def test_help_loads_nothing_heavy():
    code = (
        "import sys; sys.argv = ['x', 'run', '--help']\n"
        "from flows.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'pandas', 'pyarrow', 'prefect', 'spacy', 'great_expectations'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_version_is_told():
    assert cli("--version").stdout.startswith("conflict-ledger 0.")


@pytest.mark.parametrize("arguments", [("--json",), (), ("--incident", "FIRST")])
def test_a_reader_that_has_seen_enough_is_no_error(folder, arguments):
    first = json.loads(cli("show", folder, "--json").stdout)[0]["incident_id"]
    call = ["show", str(folder), *(argument.replace("FIRST", first) for argument in arguments)]
    done = subprocess.run(
        ["bash", "-c", 'set -o pipefail; "$@" | true', "bash", sys.executable, "-m", "flows", *call],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_show_in_a_pipe_is_tab_separated(folder):
    done = cli("show", folder)
    header, *rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert header[:6] == ["incident", "date", "place", "country", "event", "killed"]
    assert {len(row) for row in rows} == {len(header)}
    dates = [row[1] for row in rows]
    assert dates == sorted(dates, key=lambda date: (date == "", date)), "by date, the undated last"
    strike = next(row for row in rows if row[4] == "Air/drone strike" and row[1])
    assert strike[2] == "Wad Madani, Al Jazirah"
    assert strike[5] == "3"


def test_show_json_is_the_incidents(folder):
    rows = json.loads(cli("show", folder, "--json").stdout)
    assert {"incident_id", "killed_min", "killed_max", "date_start", "reported_by"} <= set(rows[0])


def test_show_incident_prints_the_words_that_report_it(folder):
    incident = json.loads(cli("show", folder, "--json").stdout)[0]["incident_id"]
    shown = cli("show", folder, "--incident", incident[:10])
    assert shown.returncode == 0
    evidence = json.loads(cli("show", folder, "--incident", incident, "--json").stdout)["mentions"][0]["evidence"]
    assert all(sentence["text"] in shown.stdout for sentence in evidence)


def test_show_why_names_the_rule_behind_each_value(folder):
    incident = json.loads(cli("show", folder, "--json").stdout)[0]["incident_id"]
    lines = [line.split("\t") for line in cli("show", folder, "--why", incident).stdout.splitlines()]
    assert lines[0] == ["mention", "column", "value", "rule", "words", "where"]
    codings = json.loads(cli("show", folder, "--why", incident, "--json").stdout)[0]["codings"]
    assert [line[1:4] for line in lines[1:]] == [[c["column"], c["value"], c["rule"]] for c in codings]


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["show", "nowhere"], 1, "no ledger here"),
        (["show", "{folder}", "--incident", "zz"], 2, "no such incident"),
        (["show", "{folder}", "--incident", ""], 2, "No incident is named"),
        (["show", "{folder}", "--why", " "], 2, "No incident is named"),
        (["show", "{folder}", "--incident", "a", "--why", "b"], 2, "not both"),
        (["report", "{folder}", "--output", "pyproject.toml/site"], 1, "pyproject.toml/site: cannot be written"),
        (["report", "{folder}", "--output", ""], 2, "name a folder"),
        (["run"], 2, "nothing to read"),
        (["run", "nowhere"], 2, "no such file or folder"),
        (["run", "pyproject.toml", "--workers", "0"], 2, "workers"),
        (["run", "pyproject.toml", "--mapping", "headline"], 2, "FIELD=NAME"),
        (["run", "pyproject.toml", "--mapping", "headline=title"], 2, "no such field: headline"),
        (["evaluate", "--gold", "nowhere", "--tables", "."], 2, "nowhere"),
        (["nonsense"], 2, "nonsense"),
    ],
)
def test_wrong_use_is_told_in_one_line_without_a_traceback(folder, arguments, status, message):
    done = cli(*(argument.format(folder=folder) for argument in arguments))
    assert done.returncode == status
    assert message in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_an_output_that_cannot_be_written_is_told_before_any_work(tmp_path):
    (tmp_path / "file").write_text("x")
    command = ["run", "seeds", "--output", str(tmp_path / "file"), "--direct"]
    done = cli(*command)
    assert done.returncode == 1
    assert f"{tmp_path / 'file'}: cannot write a ledger here" in done.stderr
    # Reading the seeds costs some seventy times as much as the help, this some five times.
    assert cost("-m", "flows", *command) < 15 * cost("-m", "flows", "--help")


def test_a_server_that_does_not_answer_is_told(tmp_path):
    done = cli("run", "seeds", "--output", tmp_path / "ledger", PREFECT_API_URL="http://127.0.0.1:9/api")
    assert done.returncode == 1
    assert "PREFECT_API_URL=http://127.0.0.1:9/api does not answer" in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_finds_this_installation_whole(tmp_path):
    done = cli("doctor", "--output", tmp_path / "ledger", "--json", PREFECT_API_URL="")
    findings = {finding["what"]: finding for finding in json.loads(done.stdout)["findings"]}
    assert done.returncode == 0, done.stdout
    assert findings["language model"]["status"] == "good"
    assert findings["import prefect"]["status"] == "good"
    assert not (tmp_path / "ledger").exists(), "looking changes nothing"


def test_doctor_says_how_to_mend_what_is_missing(tmp_path):
    done = cli("doctor", "--output", tmp_path, "--model", "no_such_model", PREFECT_API_URL="http://127.0.0.1:9/api")
    assert done.returncode == 1
    assert "none of no_such_model loads" in done.stdout
    assert "http://127.0.0.1:9/api does not answer" in done.stdout
    assert done.stdout.count("→") >= 2


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(26, 26, "26"), (5, 7, "5–7"), (24, None, "24+"), (None, 7, "≤ 7"), (None, None, ""), (0, 0, "0")],
)
def test_ranges_are_written_as_people_write_them(low, high, text):
    assert span(low, high) == text


def incident(low, high, *flags):
    return {"killed_min": low, "killed_max": high, "flags": list(flags)}


def test_totals_keep_their_bounds_and_do_not_count_a_total_and_its_parts():
    assert total_span([incident(5, 7), incident(2, 2)], "killed") == "7 to 9"
    assert total_span([incident(5, 7), incident(24, None)], "killed") == "at least 29"
    assert total_span([incident(31, 31, "umbrella"), incident(19, 19), incident(12, 12)], "killed") == "31"
    assert total_span([incident(None, None)], "killed") == "none stated"


def test_an_output_without_a_name_is_wrong_use(tmp_path):
    (tmp_path / "a.txt").write_text("Two people were hurt.")
    done = cli("run", tmp_path / "a.txt", "--output", "", "--direct")
    assert done.returncode == 2
    assert "name a folder" in done.stderr
