"""Bad input, full stops and crowds: what a run does when things go wrong."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import NEWS, ROOT, rows_of, wait_for

from tasks.publish.ledger import Ledger


def test_an_empty_folder_is_told_and_publishes_nothing(cli, tmp_path):
    (tmp_path / "empty").mkdir()
    done = cli("run", tmp_path / "empty", "--output", tmp_path / "ledger", "--direct")
    assert done.returncode == 1
    assert str(tmp_path / "empty") in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "ledger/incidents").exists()


def test_an_empty_file_alone_is_named_and_publishes_nothing(cli, tmp_path):
    (tmp_path / "empty.txt").write_bytes(b"")
    done = cli("run", tmp_path / "empty.txt", "--output", tmp_path / "ledger", "--direct")
    assert done.returncode == 1
    assert f"{tmp_path / 'empty.txt'}: the file is empty" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "ledger/incidents").exists()


@pytest.fixture(scope="module")
def mixed(cli, tmp_path_factory) -> Path:
    """The ledger of a folder with good files, bad ones, and one in another language."""
    base = tmp_path_factory.mktemp("mixed")
    news = shutil.copytree(NEWS, base / "news")
    (news / "empty.txt").write_bytes(b"")
    (news / "junk.txt").write_bytes(bytes(range(256)) * 40)
    (news / "broken.jsonl").write_text(
        '{"id": "j1", "title": "Talks resume", "text": "Envoys met in Geneva on Tuesday to talk about a truce."}\n'
        '{"id": "j2", "title": \n'
        '{"id": "j3", "title": "No text here"}\n'
        '{"id": "j4", "title": "Harvest", "published_on": "never", "text": "Farmers expect a good harvest of dates this year."}\n'
    )
    (news / "bericht.txt").write_text(
        "Sieben Menschen bei Angriff getötet\n\nBei einem Angriff auf einen Markt im Osten des Landes sind am Montag sieben "
        "Menschen getötet und zwölf weitere verletzt worden, wie die Behörden der Provinz am Abend mitteilten.\n"
    )
    done = cli("run", news, "--output", base / "ledger", "--direct", "--json")
    assert done.returncode == 0, done.stderr
    return base / "ledger"


def test_bad_files_are_named_and_the_good_ones_go_through(mixed):
    tables = rows_of(mixed)
    assert {"goma-1", "wad_madani", "j1", "j4"} <= set(tables["articles"]["source_id"].to_pylist())
    reasons = "\n".join(tables["quarantine"]["reason"].to_pylist())
    for name in ("empty.txt", "junk.txt", "broken.jsonl"):
        assert name in reasons, name
    assert {"Wad Madani", "Goma"} <= set(tables["incidents"]["place_name"].to_pylist())


def test_an_article_in_another_language_is_kept_without_mentions(mixed):
    tables = rows_of(mixed)
    [german] = [row for row in tables["articles"].to_pylist() if row["source_id"] == "bericht"]
    assert german["language"] == "de"
    assert "not_english" in german["flags"]
    assert german["article_id"] not in tables["mentions"]["article_id"].to_pylist()
    assert tables["mentions"].num_rows > 0


@pytest.fixture(scope="module")
def small(cli, tmp_path_factory) -> tuple[Path, Path]:
    """A ledger of one article, and a folder with more news for it."""
    base = tmp_path_factory.mktemp("small")
    (base / "first").mkdir()
    shutil.copy(NEWS / "goma.json", base / "first")
    done = cli("run", base / "first", "--output", base / "ledger", "--direct", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return base, shutil.copytree(NEWS, base / "more")


def start_again(base: Path, more: Path, told: int | None = None) -> subprocess.Popen[str]:
    """A run in the background that does all the work for the ledger again, from the start."""
    shutil.rmtree(base / "ledger/.ledger/work", ignore_errors=True)  # what a killed run got done would be taken over
    return subprocess.Popen(
        [sys.executable, "-m", "flows", "run", str(more), "--output", str(base / "ledger"), "--direct", "--again"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=told or subprocess.DEVNULL,
        text=True,
    )


def wait_until_at(base: Path, made: str) -> None:
    """Wait until the run at work has begun with a table; it holds the ledger then."""
    wait_for(lambda: list((base / "ledger/.ledger").glob(f"work/*/{made}")), f"run at {made}", pause=0.02)


# Random moments, and the short ones of publishing, are for `tests.crashes`.
@pytest.mark.parametrize("made", ["articles", "incidents"])
def test_a_killed_run_leaves_the_last_state_whole(small, made):
    base, more = small
    before = rows_of(base / "ledger")
    run = start_again(base, more)
    wait_until_at(base, made)
    run.send_signal(signal.SIGKILL)
    run.wait()
    after = rows_of(base / "ledger")
    article_ids = set(after["articles"]["article_id"].to_pylist())
    assert after == before or len(article_ids) == 2, "all of the old tables or all of the new"
    assert set(after["mentions"]["article_id"].to_pylist()) <= article_ids
    assert set(after["mentions"]["incident_id"].to_pylist()) == set(after["incidents"]["incident_id"].to_pylist())


def test_the_run_after_a_killed_one_heals_the_ledger(small, cli):
    base, more = small
    dead = Ledger(base / "ledger").work("dead")
    dead.mkdir(parents=True, exist_ok=True)
    done = cli("run", more, "--output", base / "ledger", "--direct", "--again", "--json")
    assert done.returncode == 0, done.stderr
    assert rows_of(base / "ledger")["articles"].num_rows == 2
    assert not dead.exists()
    runs = [json.loads(path.read_text())["status"] for path in (base / "ledger/.ledger/runs").glob("*.json")]
    assert "running" not in runs


def test_two_runs_at_once_one_waits_or_is_refused(small, cli):
    base, more = small
    first = start_again(base, more)
    wait_until_at(base, "documents")
    first.send_signal(signal.SIGSTOP)  # so that it is still at it, however long the next one takes to start
    refused = cli("run", more, "--output", base / "ledger", "--direct")
    assert refused.returncode == 1
    assert f"another run is writing this ledger (process {first.pid} on " in refused.stderr
    waiting = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "flows",
            "run",
            str(more),
            "--output",
            str(base / "ledger"),
            "--direct",
            "--wait",
            "--json",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(2)  # for it to come to the lock; should it come later, it finds the work done as well
    first.send_signal(signal.SIGCONT)
    assert first.wait(600) == 0
    told, _ = waiting.communicate(timeout=600)
    assert waiting.returncode == 0
    assert json.loads(told)["unchanged"] is True


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_an_output_that_is_not_writable_is_told(cli, tmp_path):
    tmp_path.chmod(0o500)
    done = cli("run", NEWS, "--output", tmp_path / "ledger", "--direct")
    assert done.returncode == 1
    assert "cannot write a ledger here" in done.stderr


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ctrl_c_and_sigterm_stop_with_a_word_and_the_state_stays(small, number, status):
    base, more = small
    before = rows_of(base / "ledger")
    run = start_again(base, more, subprocess.PIPE)
    wait_until_at(base, "documents")
    run.send_signal(number)
    _, told = run.communicate(timeout=600)
    assert run.returncode == status, told
    assert told == "conflict-ledger: stopped; the published tables are as they were.\n"
    assert rows_of(base / "ledger") == before
