"""Work that is spread over processes: results in order, nothing lost when a process dies, errors that say what to do."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from expectations.errors import ConflictLedgerError, SettingsError
from tasks.fan_out import TRIES, fan_out
from tasks.fan_out_dask import run_checked


def slower_first(number: int) -> int:
    """Later items are done sooner."""
    time.sleep(0.2 if number == 0 else 0)
    return number * number


def die_once(folder: Path, number: int) -> int:
    """Kills its process over number 7, the first time."""
    with (folder / str(number)).open("a") as seen:
        seen.write("x")
    if number == 7 and (folder / "7").read_text() == "x":
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_always(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def refuse(number: int) -> int:
    raise ValueError(f"no {number}")


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_items(workers: int) -> None:
    with fan_out(workers) as workforce:
        assert list(workforce.map(slower_first, iter(range(30)))) == [n * n for n in range(30)]
        assert list(workforce.map(slower_first, [])) == []


def test_few_items_are_taken_up_ahead() -> None:
    taken: list[int] = []
    with fan_out(2) as workforce:
        results = workforce.map(slower_first, (taken.append(n) or n for n in range(100)))
        next(results)
    assert len(taken) < 10, "a corpus does not fit into memory"


def test_a_process_that_dies_loses_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with fan_out(2) as workforce:
        assert list(workforce.map(partial(die_once, tmp_path), range(20))) == list(range(20))
    assert (tmp_path / "7").read_text() == "xx"
    assert "done again" in caplog.text


def test_work_that_kills_every_process_is_given_up_with_advice() -> None:
    with (
        fan_out(2) as workforce,
        pytest.raises(ConflictLedgerError, match=rf"died {TRIES} times.*fewer than 2 workers"),
    ):
        list(workforce.map(die_always, range(8)))


KILLED = """
import os, time
from tasks.fan_out import fan_out

def work(number):
    return os.getpid()

if __name__ == "__main__":
    with fan_out(2) as workforce:
        print(next(workforce.map(work, range(9))), flush=True)
        time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_no_process_outlives_the_run_that_is_killed(tmp_path: Path) -> None:
    """Those that are left would wait for work for ever, and with their output open nobody would hear of the run's death."""
    script = tmp_path / "main.py"
    script.write_text(KILLED)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, env=environment) as main:
        assert main.stdout is not None
        worker = int(main.stdout.readline())
        main.kill()
        closed, _, _ = select.select([main.stdout], [], [], 60)
        if not closed:
            os.kill(worker, signal.SIGKILL)
        assert closed, "a worker still has the output open"


def test_an_error_of_the_work_itself_is_raised_as_it_is() -> None:
    with fan_out(2) as workforce, pytest.raises(ValueError, match="no 0"):
        list(workforce.map(refuse, range(8)))


def test_without_dask_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SettingsError, match=r"pip install 'conflict-ledger\[dask\]'"), fan_out(2, "local"):
        pass


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nowhere at all"])
def test_an_address_without_a_scheduler_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.fan_out_dask.CONNECT_SECONDS", 1)
    with pytest.raises(SettingsError, match="no Dask scheduler answers"), fan_out(2, address):
        pass


def test_a_worker_with_other_code_refuses_to_work() -> None:
    with pytest.raises(SettingsError, match="another version of conflict-ledger"):
        run_checked(slower_first, "the fingerprint of other code", 1)
