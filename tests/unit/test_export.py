"""Exports: what each format says of an incident, what it leaves out, and that nothing in a text runs."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from export_rows import write_ledger

from expectations.errors import ConflictLedgerError, LedgerError, SettingsError
from expectations.tables import INCIDENTS
from tasks.export.docs import PATH, render
from tasks.export.safety import neutral
from tasks.export.step import FORMATS, export_ledger
from tasks.export.ucdp import prio_grid_cell

CLASH = {
    "killed": (7, None),
    "date": "2021-03-08",
    "at": (36.8175, 38.011111),
    "place_name": "Northfield",
    "country_code": "SY",
    "words": "at least seven",
}


def exported(tmp_path: Path, to: str, *incidents: dict) -> list[dict[str, str]]:
    ledger = write_ledger(tmp_path / "ledger", *incidents)
    export_ledger(ledger, to, tmp_path / "out" / "file.csv")
    with (tmp_path / "out" / "file.csv").open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


@pytest.mark.parametrize(
    ("killed", "words", "fatalities"),
    [
        ((7, 7), "seven people", "7"),
        ((7, None), "at least seven", "7"),
        ((5, 7), "five to seven", "5"),
        ((24, None), "dozens of civilians", "12"),
        ((24, 24), "24 civilians", "24"),
        ((24, 24), "two dozen", "24"),
        ((200, None), "hundreds", "100"),
        ((200, None), "at least 200", "200"),
        ((2, None), "soldiers", "3"),
        ((2, None), "at least two soldiers", "2"),
        ((3, None), "several children", "3"),
        ((None, 7), "up to seven", ""),
        ((None, None), None, ""),
    ],
)
def test_acled_fatalities_follow_the_conservative_rule(tmp_path, killed, words, fatalities):
    [row] = exported(tmp_path, "acled-csv", CLASH | {"killed": killed, "words": words})
    assert row["fatalities"] == fatalities
    assert row["ledger_killed_min"] == ("" if killed[0] is None else str(killed[0])), (
        "the ledger's own range stands beside it"
    )


@pytest.mark.parametrize(
    ("killed", "low", "best", "high"),
    [((7, 7), "7", "7", "7"), ((5, 7), "5", "5", "7"), ((24, None), "24", "24", ""), ((None, 7), "0", "", "7")],
)
def test_ucdp_estimates_keep_open_bounds_open(tmp_path, killed, low, best, high):
    [row] = exported(tmp_path, "ucdp-csv", CLASH | {"killed": killed})
    assert (row["low"], row["best"], row["high"]) == (low, best, high)


@pytest.mark.parametrize(
    ("date", "precision", "acled", "acled_day", "ucdp"),
    [
        ("2021-03-08", "day", "1", "2021-03-08", "1"),
        (("2021-03-07", "2021-03-09"), "days", "2", "2021-03-08", "2"),
        (("2021-03-01", "2021-03-07"), "week", "2", "2021-03-04", "3"),
        (("2021-03-01", "2021-03-31"), "month", "3", "2021-03-16", "4"),
        (("2021-01-01", "2021-12-31"), "year", "", "", "5"),
        (None, None, "", "", ""),
    ],
)
def test_dates_carry_their_precision_and_unknown_ones_stay_empty(tmp_path, date, precision, acled, acled_day, ucdp):
    incident = CLASH | {"date": date, "date_precision": precision}
    [row] = exported(tmp_path, "acled-csv", incident)
    assert (row["time_precision"], row["event_date"]) == (acled, acled_day)
    [row] = exported(tmp_path, "ucdp-csv", incident)
    assert row["date_prec"] == ucdp


def test_incidents_with_no_row_are_counted_by_the_reason(tmp_path):
    ledger = write_ledger(
        tmp_path / "ledger",
        CLASH,
        CLASH | {"killed": (None, None), "injured": (4, 4), "words": None},
        CLASH | {"killed": (0, 0), "flags": ["no_casualties"]},
        CLASH | {"flags": ["umbrella"]},
    )
    summary = export_ledger(ledger, "ucdp-csv", tmp_path / "ged.csv")
    assert summary.rows == 1
    assert summary.left_out == {
        "a total over several places whose parts have rows": 1,
        "no deaths stated": 1,
        "nobody killed": 1,
    }
    assert export_ledger(ledger, "jsonl", tmp_path / "all.jsonl").rows == 4


def test_a_perpetrator_is_side_a_only_in_one_sided_violence(tmp_path):
    victims = [{"outcome": "killed", "group": "civilian", "min": 7, "max": 7, "text": "seven civilians"}]
    attack = {"event_type": "Violence against civilians", "sub_event_type": "Attack", "victims": victims}
    rows = exported(tmp_path, "ucdp-csv", CLASH | {"perpetrator": "Army"}, CLASH | attack | {"perpetrator": "Militia"})
    assert [(r["type_of_violence"], r["side_a"], r["side_b"]) for r in rows] == [
        ("", "", ""),
        ("3", "Militia", "Civilians"),
    ]
    assert [r["ledger_perpetrator"] for r in rows] == ["Army", "Militia"]
    assert [r["deaths_civilians"] for r in rows] == ["", "7"]


def test_other_violence_gets_none_of_acleds_names(tmp_path):
    [row] = exported(tmp_path, "acled-csv", CLASH | {"event_type": "Other", "sub_event_type": "Other"})
    assert (row["event_type"], row["sub_event_type"], row["disorder_type"]) == ("", "", "")


def test_prio_grid_cells_are_those_of_ucdp():
    assert prio_grid_cell(36.8175, 38.011111) == 182597
    assert prio_grid_cell(-90, -180) == 1
    assert prio_grid_cell(90, 180) == 259200


@pytest.mark.parametrize("to", ["acled-csv", "ucdp-csv", "hxl"])
def test_every_column_of_the_ledger_is_carried_or_said_not_to_be(to):
    mapping = FORMATS[to].mapping
    carried = {name for field in mapping.fields for name in field.source}
    assert carried | set(mapping.not_carried) == set(INCIDENTS.names)
    assert not carried & set(mapping.not_carried)
    assert all(field.meaning for field in mapping.fields)
    assert len({field.name for field in mapping.fields}) == len(mapping.fields)


def test_the_documentation_is_what_the_mappings_say():
    assert PATH.read_text(encoding="utf-8") == render(), "write it anew: python -m tasks.export.docs"


def test_geojson_has_a_null_geometry_for_what_is_not_located(tmp_path):
    ledger = write_ledger(tmp_path / "ledger", CLASH, {"killed": (3, 3), "geo_basis": "not_found"})
    export_ledger(ledger, "geojson", tmp_path / "x.geojson")
    features = json.loads((tmp_path / "x.geojson").read_text(encoding="utf-8"))["features"]
    assert [f["geometry"] and f["geometry"]["coordinates"] for f in features] == [[38.011111, 36.8175], None]
    assert (
        features[0]["properties"] | {"geo_precision": 1, "killed": "7+", "killed_max": None}
        == features[0]["properties"]
    )


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-2 people", "'-2 people"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("  =1", "  '=1"),
        ("\t=1", "'\t'=1"),
        ("a;=1", "a;'=1"),
        ("a\n=1", "a\n'=1"),
        ("a-b = c", "a-b = c"),
        ("bell\x07 and nul\x00", "bell and nul"),
    ],
)
def test_text_that_could_be_a_formula_is_made_harmless(text, safe):
    assert neutral(text) == safe


def test_numbers_below_zero_stay_numbers(tmp_path):
    [row] = exported(tmp_path, "hxl", CLASH | {"at": (-4.5, -70.25)})[1:]
    assert (row["latitude"], row["longitude"]) == ("-4.5", "-70.25")


def test_exports_of_one_folder_share_a_package_and_the_same_ledger_gives_the_same_bytes(tmp_path):
    ledger = write_ledger(tmp_path / "ledger", CLASH)
    for to in ("acled-csv", "xlsx", "geojson", "jsonl"):
        export_ledger(ledger, to, tmp_path / "one" / to)
        export_ledger(ledger, to, tmp_path / "two" / to)
        export_ledger(ledger, to, tmp_path / "two" / to)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name
    package = json.loads((tmp_path / "one" / "datapackage.json").read_text(encoding="utf-8"))
    assert [r["path"] for r in package["resources"]] == ["acled-csv", "geojson", "jsonl", "xlsx"]


def test_a_package_of_somebody_else_is_left_alone(tmp_path):
    ledger = write_ledger(tmp_path / "ledger", CLASH)
    (tmp_path / "datapackage.json").write_text('{"name": "theirs"}')
    with pytest.raises(SettingsError, match="not made here"):
        export_ledger(ledger, "jsonl", tmp_path / "x.jsonl")
    assert not (tmp_path / "x.jsonl").exists()
    assert (tmp_path / "datapackage.json").read_text() == '{"name": "theirs"}'


def test_wrong_use_is_told_and_leaves_nothing_behind(tmp_path):
    ledger = write_ledger(tmp_path / "ledger", CLASH)
    for to, output, error in (
        ("csv", tmp_path / "x.csv", SettingsError),
        ("jsonl", tmp_path, SettingsError),
        ("jsonl", ledger / "incidents.parquet" / "x.jsonl", ConflictLedgerError),
    ):
        with pytest.raises(error):
            export_ledger(ledger, to, output)
    with pytest.raises(LedgerError):
        export_ledger(tmp_path / "nowhere", "jsonl", tmp_path / "y.jsonl")
    (ledger / "articles.parquet").write_bytes(b"no table")
    with pytest.raises(ConflictLedgerError, match="not a readable Parquet"):
        export_ledger(ledger, "xlsx", tmp_path / "z.xlsx")
    (ledger / "articles.parquet").unlink()
    with pytest.raises(LedgerError, match="articles is missing"):
        export_ledger(ledger, "xlsx", tmp_path / "z.xlsx")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ledger"]
