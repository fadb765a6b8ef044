"""The helper process: same results, errors of the same classes, no process left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from validate_tables import valid_tables, write_tables

from expectations.errors import ConflictLedgerError, TableError
from tasks.validate.worker import ValidationWorker


def _helpers() -> list[int]:
    return [process.pid for process in multiprocessing.active_children() if process.pid]


def test_the_helper_checks_writes_pages_and_ends(tmp_path: Path) -> None:
    write_tables(tmp_path, valid_tables())
    with ValidationWorker() as worker:
        assert worker.validate_stage(tmp_path, "clean", run_id="r").rows == {"articles": 3}
        (tmp_path / "mentions" / "part-00000.parquet").unlink()
        with pytest.raises(TableError, match=r"mentions\.rows_kept"):
            worker.validate_stage(tmp_path, "extract", run_id="r")
        worker.write_quality_pages(tmp_path)
    assert (tmp_path / "quality" / "index.html").exists()
    assert not _helpers()


def test_a_helper_that_dies_is_told(tmp_path: Path) -> None:
    write_tables(tmp_path, valid_tables())
    with ValidationWorker() as worker:
        worker.validate_stage(tmp_path, "ingest", run_id="r")
        (pid,) = _helpers()
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(ConflictLedgerError, match="helper process died"):
            worker.validate_stage(tmp_path, "clean", run_id="r")
    assert not _helpers()


def test_an_error_in_the_block_does_not_wait_for_the_helper(tmp_path: Path) -> None:
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt), ValidationWorker():
        raise KeyboardInterrupt
    stopped = time.monotonic()
    with ValidationWorker() as worker, pytest.raises(ConflictLedgerError):
        worker.validate_stage(tmp_path, "clean", run_id="r")
    assert stopped - started < (time.monotonic() - stopped) / 3, "as long as the helper needs for its first answer"
    assert not _helpers()


def test_outside_its_block_the_helper_refuses(tmp_path: Path) -> None:
    with pytest.raises(ConflictLedgerError, match="not running"):
        ValidationWorker().validate_stage(tmp_path, "clean", run_id="r")


def test_the_helper_ends_when_the_main_process_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "main.py"
    script.write_text(
        "import multiprocessing, time\n"
        "from tasks.validate.worker import ValidationWorker\n"
        "if __name__ == '__main__':\n"
        "    with ValidationWorker():\n"
        "        print(multiprocessing.active_children()[0].pid, flush=True)\n"
        "        time.sleep(600)\n"
    )
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": str(root)}
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, env=environment) as main:
        assert main.stdout is not None
        helper = int(main.stdout.readline())
        main.kill()
    deadline = time.monotonic() + 600
    while _alive(helper) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not _alive(helper)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False
