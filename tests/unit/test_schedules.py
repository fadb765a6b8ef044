"""When scheduled runs start, what they are given, and who is told when one fails."""

from __future__ import annotations

import datetime as dt
import json
import shlex
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from expectations.errors import SettingsError
from flows import failure
from flows.deployments import When, deployment_name, scheduled_parameters, when_of
from flows.parameters import RunParameters
from tasks.fetch.settings import last_firing, load_sources

NOON = dt.datetime(2026, 3, 4, 12, 0, 30, tzinfo=dt.UTC)


def sources(tmp_path: Path, *schedules: str, head: str = "") -> Path:
    path = tmp_path / "sources.toml"
    blocks = [
        f'[[source]]\nname = "s{number}"\nkind = "rss"\naddress = "https://example.org/{number}"\n'
        + (f'schedule = "{schedule}"\n' if schedule else "")
        for number, schedule in enumerate(schedules)
    ]
    path.write_text(head + "\n".join(blocks))
    return path


def test_runs_start_when_any_source_wants_it(tmp_path):
    path = sources(tmp_path, "0 * * * *", "", "30 6 * * *", "0 * * * *", head='[fetch]\ntimezone = "Africa/Khartoum"\n')
    when = when_of(RunParameters(sources=path), [], None, None)
    assert when == When(("0 * * * *", "30 6 * * *"), None, "Africa/Khartoum")


def test_what_the_command_says_goes_before_the_file(tmp_path):
    parameters = RunParameters(sources=sources(tmp_path, "0 * * * *"))
    assert when_of(parameters, [], "30m", None) == When((), 1800)
    assert when_of(parameters, ["5 4 * * sun"], None, "Asia/Kabul") == When(("5 4 * * sun",), None, "Asia/Kabul")


@pytest.mark.parametrize(
    ("crons", "every", "zone", "told"),
    [
        ([], None, None, "when to run"),
        (["0 66 * * *"], None, None, "no cron line"),
        (["hourly"], None, None, "five fields"),
        ([], "often", None, "such as 30m"),
        ([], "0m", None, "such as 30m"),
        ([], "99999999999999d", None, "366d is the longest"),
        (["0 0 * * 5L"], None, None, "L at a weekday"),
        (["0 0 LW * *"], None, None, "LW"),
        ([], "1h", "Mars/Olympus", "no such time zone"),
    ],
)
def test_times_that_make_no_sense_are_refused(crons, every, zone, told):
    with pytest.raises(SettingsError, match=told):
        when_of(RunParameters(inputs=["x"]), crons, every, zone)


def test_any_folder_gives_a_deployment_a_name_and_a_given_one_must_be_fit():
    assert deployment_name(None, Path("/srv/sudan 50%")) == "sudan 50-"
    assert deployment_name("west-africa", Path("x")) == "west-africa"
    with pytest.raises(SettingsError, match="none of /"):
        deployment_name("west/africa", Path("x"))


def test_a_schedule_in_the_file_that_makes_no_sense_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"source 1 .*schedule.*no cron line"):
        load_sources(sources(tmp_path, "0 25 * * *"))


def test_the_last_firing_is_that_of_the_wall_clock_there():
    assert last_firing("0 * * * *", "UTC", NOON) == NOON.replace(second=0)
    assert last_firing("0 13 * * *", "UTC", NOON).day == 3
    assert last_firing("0 14 * * *", "Africa/Khartoum", NOON) == NOON.replace(second=0)


def test_scheduled_runs_have_whole_paths_and_limits_of_time(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    parameters = scheduled_parameters(
        RunParameters(
            inputs=["news", "s3://bucket/a"],
            sources=Path("sources.toml"),
            output=Path("ledger"),
            stage_minutes={"extract": 5},
        )
    )
    assert parameters.inputs == [str(tmp_path / "news"), "s3://bucket/a"]
    assert (parameters.sources, parameters.output) == (tmp_path / "sources.toml", tmp_path / "ledger")
    assert parameters.due
    assert parameters.wait
    assert parameters.stage_minutes["extract"] == 5
    assert parameters.stage_minutes["publish"] > 0


@pytest.fixture
def webhook():
    """A server that keeps what is posted to it."""
    got: list[dict[str, str]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(500 if self.path == "/broken" else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    server.server_close()


def test_a_webhook_and_a_command_are_told_of_a_failure(webhook, tmp_path, monkeypatch):
    url, got = webhook
    code = f"import sys, pathlib; pathlib.Path({str(tmp_path / 'told')!r}).write_text(sys.stdin.read())"
    monkeypatch.setenv(failure.WEBHOOK, url)
    monkeypatch.setenv(failure.COMMAND, shlex.join([sys.executable, "-c", code]))
    message = failure.failure_message(name="news → ledger", state="Failed", error="disk full " * 500, output="/l")
    assert failure.send(message) == []
    assert got == [message]
    assert json.loads((tmp_path / "told").read_text()) == message
    assert message["text"].startswith("news → ledger: Failed. disk full")
    assert len(message["text"]) <= 2000


def test_a_hook_that_fails_is_told_and_raises_nothing(webhook, monkeypatch):
    url, _ = webhook
    monkeypatch.setenv(failure.COMMAND, shlex.join([sys.executable, "-c", "import sys; sys.exit('no mail here')"]))
    monkeypatch.setenv(failure.WEBHOOK, f"{url}/broken")
    answered, ended = failure.send({"text": "x"})
    assert "answered 500" in answered
    assert "no mail here" in ended
    monkeypatch.setenv(failure.COMMAND, "/nowhere/at-all")
    monkeypatch.setenv(failure.WEBHOOK, "http://127.0.0.1:1/")
    refused, missing = failure.send({"text": "x"})
    assert "could not be called" in refused
    assert "could not be run" in missing


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--every", "often"),
        ("--cron", "* *"),
        ("--every", "1h", "--failure-command", "/nowhere/at-all now"),
        ("--every", "1h", "--failure-command", "'mail ops"),
        ("--every", "1h", "--failure-webhook", "hooks.example.org"),
    ],
)
def test_serve_says_what_is_wrong_before_it_starts_anything(options, tmp_path):
    (tmp_path / "news").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "flows", "serve", str(tmp_path / "news"), "--output", str(tmp_path / "l"), *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("conflict-ledger: ")
    assert not (tmp_path / "l").exists()
