"""The examples in deploy/: what their own tools say of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"


def test_hadolint_finds_nothing_in_the_dockerfile():
    tool = shutil.which("hadolint", path=Path(sys.executable).parent) or shutil.which("hadolint")
    if tool is None:
        pytest.skip("no hadolint for this machine")
    done = subprocess.run([tool, DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_all_that_the_dockerfile_copies_is_let_through():
    copied = [
        name
        for line in (DEPLOY / "Dockerfile").read_text().splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for name in line.split()[1:-1]
    ]
    allowed = [line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line[:1] == "!"]
    assert copied
    assert sorted(copied) == sorted(allowed)
    assert all((DEPLOY.parent / name).exists() for name in copied)


def test_systemd_can_read_the_unit(tmp_path):
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("no systemd here")
    unit = tmp_path / "conflict-ledger.service"
    # The program is not installed there on the machine that tests.
    unit.write_text((DEPLOY / unit.name).read_text().replace("/opt/conflict-ledger/bin/conflict-ledger", "/bin/true"))
    done = subprocess.run([tool, "verify", "--man=no", unit], capture_output=True, text=True, check=False)
    told = [line for line in done.stderr.splitlines() if unit.name in line]
    assert told == []
