"""Runs that are killed, and disks that are full, over a ledger that grows; the long form is `python -m tests.crashes`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.crashes import contents, faults

ROOT = Path(__file__).parents[2]


def test_kills_at_random_moments_lose_double_and_mix_nothing():
    """In a process of its own: it forks, which must not happen beside other tests' threads."""
    command = [sys.executable, "-m", "tests.crashes", "--kills", "6", "--articles", "8", "--rounds", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=800)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 lost, 0 doubled, 0 mixed; final tables equal" in done.stdout


FULL = """
import sys
from pathlib import Path
from tests.crashes import Trial, limit_files, load_everything, start_run, wait_for

load_everything()
trial = Trial(Path(sys.argv[1]), 8, 2, 5)
trial.run_through(trial.grow(0))
trial.grow(1)
statuses = [
    wait_for(start_run([trial.news], trial.output, before=limit_files(size)))[0] for size in (0, 3000, 9000, 20000)
]
print(statuses)
"""


def test_a_full_disk_leaves_the_last_state_and_is_told(tmp_path):
    base = tmp_path / "trial"
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(base)], capture_output=True, text=True, check=False, cwd=ROOT, timeout=800,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.stdout.strip().startswith("[1, 1"), done.stdout + done.stderr
    assert "LedgerError" in done.stderr
    assert "File too large" in done.stderr
    first = {f"a{number:07d}" for number in range(4)}
    if done.stdout.strip() == "[1, 1, 1, 1]":
        assert {row["source_id"] for row in contents(base / "ledger")["articles"]} == first
    assert not +faults(base / "ledger", first)
