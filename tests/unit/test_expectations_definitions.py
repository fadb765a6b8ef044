"""What is derived from the table definitions: the dictionary, the suites, and where countries lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from expectations import dictionary
from expectations.check import Check
from expectations.checks import AFTER, CHECKED, checks_of
from expectations.country_boxes import country_boxes, lies_in_country
from expectations.suites import suite_of
from expectations.tables import TABLES


def test_the_data_dictionary_is_fresh() -> None:
    assert dictionary.main(["--check"]) == 0, "write it anew: python -m expectations.dictionary"


def test_a_stale_dictionary_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dictionary, "PATH", tmp_path / "docs" / "data_dictionary.md")
    assert dictionary.main(["--check"]) == 1
    assert "stale" in capsys.readouterr().err
    assert dictionary.main([]) == 0
    assert dictionary.main(["--check"]) == 0
    assert dictionary.main(["--wrong"]) == 2


def test_the_dictionary_names_every_column_and_check() -> None:
    text = dictionary.render()
    for table in TABLES.values():
        assert f"## {table.name}\n" in text
        assert all(f"| `{column.name}` |" in text for column in table.columns)
    assert all(f"| `{check.name}` |" in text for table in CHECKED for check in checks_of(table))


@pytest.mark.parametrize("table", CHECKED)
def test_every_check_is_an_expectation_of_its_severity(table: str) -> None:
    checks = {check.name: check for check in checks_of(table)}
    suite = suite_of(table, checks.values())
    assert {e.meta["check"]: e.severity.value for e in suite.expectations} == {n: c.severity for n, c in checks.items()}


def test_every_check_runs_after_a_stage_that_looks_at_its_table() -> None:
    for table in CHECKED:
        for check in checks_of(table):
            assert check.stages
            assert all(table in AFTER[stage] for stage in check.stages)
            assert check.description.endswith(".")


def test_a_check_with_a_mistake_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown severity"):
        Check("a", "articles", "measure", "fatal", (), "A.", ())
    with pytest.raises(ValueError, match="a rule needs its function"):
        Check("a", "articles", "rule", "critical", (), "A.", ())


@pytest.mark.parametrize(
    ("code", "latitude", "longitude", "inside"),
    [
        ("SD", 14.40, 33.52, True),
        ("SD", 33.52, 14.40, False),
        ("UA", 48.02, 37.80, True),
        ("CO", 2.44, -76.61, True),
        ("CO", 2.44, 76.61, False),
        ("US", 21.31, -157.86, True),
        ("RU", 64.73, 177.50, True),
        ("RU", 66.16, -169.81, True),
        ("FJ", -16.78, -179.98, True),
        ("YE", 15.35, 44.20, True),
        ("NG", 33.31, 44.36, False),
        ("AQ", -75.0, 0.0, True),
    ],
)
def test_places_lie_in_their_country(code: str, latitude: float, longitude: float, inside: bool) -> None:
    assert lies_in_country(code, latitude, longitude) is inside


def test_every_country_of_today_has_its_code() -> None:
    assert {"SY", "PS", "XK", "SS", "TW", "AQ"} <= country_boxes().keys()
    assert "XX" not in country_boxes()
