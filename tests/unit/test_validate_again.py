"""What was checked before is not checked again: unless it, what it is judged by, or where it points to has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from validate_tables import valid_tables, write_tables

from expectations.storage import read_table
from tasks.validate import step
from tasks.validate.step import validate_stage
from tasks.validate.summary import ValidationSummary


def check(work: Path, stage: str) -> tuple[ValidationSummary, list[str]]:
    """What the checks say, and the parts whose rows they looked at."""
    looked: list[str] = []
    real = step.chunks

    def noting(paths):
        paths = list(paths)
        looked.extend(f"{path.parent.name}/{path.name}" for path in paths)
        return real(paths)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(step, "chunks", noting)
        summary = validate_stage(work, stage, run_id="r", remembered=work.parent / "store" / "v1")
    return summary, looked


def test_sound_parts_are_looked_at_once(tmp_path: Path) -> None:
    for run in ("one", "two"):
        write_tables(tmp_path / run, valid_tables())
        summary, looked = check(tmp_path / run, "extract")
        assert not summary.failed
        assert bool(looked) == (run == "one")
    tables = [read_table(tmp_path / run, "checks").to_pylist() for run in ("one", "two")]
    assert tables[0] == tables[1]


def test_a_mention_is_looked_at_again_when_its_article_reads_otherwise(tmp_path: Path) -> None:
    write_tables(tmp_path / "one", valid_tables())
    check(tmp_path / "one", "extract")
    tables = valid_tables()
    for row in tables["articles"]:
        row["text"] = row["text"].upper()
    write_tables(tmp_path / "two", tables)
    summary, looked = check(tmp_path / "two", "extract")
    assert looked
    assert "mentions.evidence_matches" in summary.failed


def test_links_are_looked_at_in_every_run(tmp_path: Path) -> None:
    write_tables(tmp_path / "one", valid_tables())
    for stage in ("resolve", "publish"):
        assert not check(tmp_path / "one", stage)[0].failed
    tables = valid_tables()
    tables["mentions"][0]["incident_id"] = "i" + "0" * 20
    write_tables(tmp_path / "two", tables)
    assert "mentions.incident_exists" in check(tmp_path / "two", "resolve")[0].failed
