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
from conftest import NEWS, ROOT, rows_of

from tasks.publish.ledger import Ledger

pytestmark = pytest.mark.timeout(400)


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


def test_bad_files_are_named_and_the_good_ones_go_through(cli, tmp_path):
    news = shutil.copytree(NEWS, tmp_path / "news")
    (news / "empty.txt").write_bytes(b"")
    (news / "junk.txt").write_bytes(bytes(range(256)) * 40)
    (news / "broken.jsonl").write_text(
        '{"id": "j1", "title": "Talks resume", "text": "Envoys met in Geneva on Tuesday to talk about a truce."}\n'
        '{"id": "j2", "title": \n'
        '{"id": "j3", "title": "No text here"}\n'
        '{"id": "j4", "title": "Harvest", "published_on": "never", "text": "Farmers expect a good harvest of dates this year."}\n'
    )
    done = cli("run", news, "--output", tmp_path / "ledger", "--direct", "--json")
    assert done.returncode == 0, done.stderr
    tables = rows_of(tmp_path / "ledger")
    assert {"goma-1", "wad_madani", "j1", "j4"} <= set(tables["articles"]["source_id"].to_pylist())
    reasons = "\n".join(tables["quarantine"]["reason"].to_pylist())
    for name in ("empty.txt", "junk.txt", "broken.jsonl"):
        assert name in reasons, name
    assert {"Wad Madani", "Goma"} <= set(tables["incidents"]["place_name"].to_pylist())


def test_an_article_in_another_language_is_kept_without_mentions(cli, tmp_path):
    (tmp_path / "news").mkdir()
    (tmp_path / "news/bericht.txt").write_text(
        "Sieben Menschen bei Angriff getötet\n\nBei einem Angriff auf einen Markt im Osten des Landes sind am Montag sieben "
        "Menschen getötet und zwölf weitere verletzt worden, wie die Behörden der Provinz am Abend mitteilten.\n"
    )
    done = cli("run", tmp_path / "news", "--output", tmp_path / "ledger", "--direct")
    assert done.returncode == 0, done.stderr
    tables = rows_of(tmp_path / "ledger")
    assert tables["articles"]["language"].to_pylist() == ["de"]
    assert "not_english" in tables["articles"]["flags"].to_pylist()[0]
    assert tables["mentions"].num_rows == 0
    assert tables["incidents"].num_rows == 0


@pytest.fixture(scope="module")
def small(cli, tmp_path_factory) -> tuple[Path, Path]:
    """A ledger of one article, and a folder with more news for it."""
    base = tmp_path_factory.mktemp("small")
    (base / "first").mkdir()
    shutil.copy(NEWS / "goma.json", base / "first")
    done = cli("run", base / "first", "--output", base / "ledger", "--direct", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return base, shutil.copytree(NEWS, base / "more")


@pytest.mark.parametrize("seconds", [0.7, 1.6, 2.6, 3.6, 4.6])
def test_a_killed_run_leaves_the_last_state_whole(small, seconds):
    base, more = small
    before = rows_of(base / "ledger")
    run = subprocess.Popen(
        [sys.executable, "-m", "flows", "run", str(more), "--output", str(base / "ledger"), "--direct", "--again"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(seconds)
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
    command = [sys.executable, "-m", "flows", "run", str(more), "--output", str(base / "ledger"), "--direct", "--again"]
    first = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    holder = base / "ledger/.ledger/lock.json"
    deadline = time.monotonic() + 20
    while not _is_held_by(holder, first.pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    refused = cli("run", more, "--output", base / "ledger", "--direct")
    assert first.poll() is None, "the first run is still at it"
    assert refused.returncode == 1
    assert f"another run is writing this ledger (process {first.pid} on " in refused.stderr
    waited = cli("run", more, "--output", base / "ledger", "--direct", "--wait", "--json")
    assert first.wait(60) == 0
    assert waited.returncode == 0, waited.stderr
    assert json.loads(waited.stdout)["unchanged"] is True


def _is_held_by(holder: Path, pid: int) -> bool:
    try:
        return bool(json.loads(holder.read_text())["pid"] == pid)
    except (OSError, ValueError):
        return False


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
    run = subprocess.Popen(
        [sys.executable, "-m", "flows", "run", str(more), "--output", str(base / "ledger"), "--direct", "--again"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(2)
    run.send_signal(number)
    _, told = run.communicate(timeout=60)
    assert run.returncode == status, told
    assert told == "conflict-ledger: stopped; the published tables are as they were.\n"
    assert rows_of(base / "ledger") == before
