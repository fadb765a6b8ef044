"""The name of a run: the same for the same input, settings and rules, another for any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.identity import run_id_of
from flows.parameters import RunParameters


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "news").mkdir()
    (tmp_path / "news/a.txt").write_text("Two people were hurt.")
    return tmp_path


def name(folder: Path, **changes) -> str:
    return run_id_of(RunParameters(inputs=[str(folder / "news")], **changes))


def test_the_same_input_gives_the_same_name(folder):
    assert name(folder) == name(folder)


def test_what_does_not_change_the_tables_does_not_change_the_name(folder):
    assert name(folder) == name(folder, workers=7, wait=True, output=Path("elsewhere"), keep_states=1)


def test_a_changed_word_a_new_file_or_another_setting_changes_it(folder):
    names = {name(folder), name(folder, mapping={"title": "headline"}), name(folder, model="other")}
    (folder / "news/a.txt").write_text("Three people were hurt.")
    names.add(name(folder))
    (folder / "news/b.txt").write_text("")
    names.add(name(folder))
    assert len(names) == 5


def test_an_input_that_cannot_be_read_still_has_a_name(folder):
    (folder / "news/gone.txt").symlink_to(folder / "nowhere")
    assert run_id_of(RunParameters(inputs=[str(folder / "news")]))
