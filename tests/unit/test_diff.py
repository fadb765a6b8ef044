"""What changed between two states, as a person reads it."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path

import pytest
from validate_tables import valid_tables, write_tables

from expectations.errors import SettingsError
from tasks.publish.diff import compare_states, state_folder
from tasks.publish.ledger import Ledger
from tasks.publish.step import publish_state


@pytest.fixture(scope="module")
def ledger(tmp_path_factory) -> tuple[Ledger, dict]:
    """A ledger of three states: as it was, with a count that rose and an incident less, and as it was at first."""
    base = tmp_path_factory.mktemp("diff")
    ledger = Ledger(base / "ledger")
    ledger.prepare()
    first = valid_tables()
    second = copy.deepcopy(first)
    rose, gone = second["incidents"][0], second["incidents"].pop()
    rose["killed_max"] = 9
    for number, tables in enumerate((first, second, first)):
        write_tables(base / f"w{number}", tables)
        publish_state(base / f"w{number}", ledger.output, run_id=f"run{number}")
    return ledger, {"rose": rose["incident_id"], "gone": gone["incident_id"]}


def test_changed_values_are_told_old_to_new_and_rows_that_went(ledger):
    folder, ids = ledger
    changes = {c.key: c for c in compare_states(state_folder(folder, "1"), state_folder(folder, "2"), "incidents")}
    assert set(changes) == set(ids.values())
    assert changes[ids["rose"]].what == "changed"
    assert changes[ids["rose"]].values == {"killed_max": (3, 9)}
    assert changes[ids["gone"]].what == "gone"


def test_the_other_way_round_the_row_is_new(ledger):
    folder, ids = ledger
    changes = {c.key: c.what for c in compare_states(state_folder(folder, "2"), state_folder(folder, "3"), "incidents")}
    assert changes == {ids["rose"]: "changed", ids["gone"]: "new"}


def test_states_that_say_the_same_do_not_differ(ledger):
    folder, _ = ledger
    for table in ("incidents", "mentions", "articles"):
        assert list(compare_states(state_folder(folder, "1"), state_folder(folder, "3"), table)) == []


def test_states_are_named_by_number_id_or_place(ledger):
    folder, _ = ledger
    assert state_folder(folder, "current").name == state_folder(folder, "000003").name == "000003-run2"
    assert state_folder(folder, "previous").name == state_folder(folder, "run1").name == "000002-run1"
    with pytest.raises(SettingsError, match=r"no such state in .*\. Kept are 000001-run0"):
        state_folder(folder, "zz")
    with pytest.raises(SettingsError, match="several states fit"):
        state_folder(folder, "run")


def test_a_ledger_of_one_state_has_nothing_to_compare(tmp_path):
    ledger = Ledger(tmp_path / "ledger")
    ledger.prepare()
    write_tables(tmp_path / "work", valid_tables())
    publish_state(tmp_path / "work", ledger.output, run_id="run0")
    with pytest.raises(SettingsError, match=r"Nothing to compare yet: 000001-run0 is the only state"):
        state_folder(ledger, "previous")


def diff(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flows", "diff", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])


def test_the_command_prints_lines_for_people_and_json_for_machines(ledger):
    folder, ids = ledger
    shown = diff(folder.output, 1, 2)
    assert shown.returncode == 0, shown.stderr
    assert f"~ {ids['rose']}" in shown.stdout
    assert "    killed_max: 3 → 9" in shown.stdout
    assert "incidents: 1 changed, 1 gone" in shown.stdout
    told = json.loads(diff(folder.output, 1, 2, "--json").stdout)
    assert {"id": ids["rose"], "what": "changed", "changes": {"killed_max": {"old": 3, "new": 9}}} in told["incidents"]
    assert diff(folder.output, 1, 77).returncode == 2
