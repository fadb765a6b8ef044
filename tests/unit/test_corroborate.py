"""Corroboration: reading references, comparing accounts, linking one to one, and saying why or why not."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from export_rows import write_ledger

from expectations.corroboration import CORROBORATION
from expectations.errors import InputError, LedgerError
from expectations.storage import read_table
from tasks.corroborate.reference import read_reference
from tasks.corroborate.step import corroborate_ledger, read_links
from tasks.corroborate.words import kinds_in, places_alike, same_actor

REFERENCE = Path(__file__).parents[3] / "shared/corroborate/ucdp_ged_syria_2018-11-08_16.csv"
GED = [
    "id",
    "side_a",
    "side_b",
    "source_headline",
    "where_prec",
    "where_coordinates",
    "latitude",
    "longitude",
    "country",
]
GED += ["date_prec", "date_start", "date_end", "deaths_civilians", "low", "best", "high"]
NORTHFIELD = {"latitude": 36.0, "longitude": 37.0, "where_coordinates": "Northfield town", "where_prec": 1}
STRIKE = {
    "killed": (12, 12),
    "date": "2021-03-08",
    "at": (36.0, 37.0),
    "place_name": "Northfield",
    "country_code": "SY",
    "perpetrator": "Syrian army",
}


def ged(path: Path, *rows: dict[str, Any]) -> Path:
    base = {"side_a": "Government of Syria", "side_b": "Civilians", "country": "Syria", "date_prec": 1} | NORTHFIELD
    with path.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.DictWriter(sink, GED)
        writer.writeheader()
        for number, row in enumerate(rows):
            best = row.get("best", 12)
            day = row.get("date_start", "2021-03-08")
            writer.writerow(
                base
                | {"id": 100 + number, "date_start": day, "date_end": day, "low": best, "best": best, "high": best}
                | row
            )
    return path


def linked(tmp_path: Path, incidents: list[dict], rows: list[dict]) -> list[dict[str, Any]]:
    ledger = write_ledger(tmp_path / "ledger", *incidents)
    corroborate_ledger(ledger, ged(tmp_path / "ged.csv", *rows))
    return read_table(ledger, "corroboration").to_pylist()


def test_the_same_event_is_linked_and_nothing_differs(tmp_path):
    [row] = linked(tmp_path, [STRIKE], [{}])
    assert (row["status"], row["incident_id"], row["reference_id"]) == ("matched", "i0", "100")
    assert row["differences"] == []
    assert {row[f"score_{name}"] for name in ("place", "date", "killed", "actors")} == {1.0}
    assert row["score_kind"] is None, "the headline does not tell how"


def test_differences_in_count_day_place_and_party_are_told(tmp_path):
    theirs = {
        "best": 8,
        "date_start": "2021-03-09",
        "latitude": 36.05,
        "where_coordinates": "Southfield",
        "side_a": "Some militia",
    }
    [row] = linked(tmp_path, [STRIKE], [theirs])
    assert row["status"] == "matched"
    told = {d["what"]: (d["ours"], d["theirs"], d["note"]) for d in row["differences"]}
    assert told["killed"] == ("12", "8", "ranges do not meet")
    assert told["date"] == ("2021-03-08", "2021-03-09", "1 day(s) apart")
    assert told["place"][:2] == ("Northfield", "Southfield")
    assert told["place"][2].startswith("6 km apart, within the 10 km")
    assert told["actors"] == ("Syrian army", "Some militia; Civilians", "another party is named")


def test_a_row_is_linked_once_and_the_assignment_is_the_best_in_sum(tmp_path):
    rows = linked(tmp_path, [STRIKE | {"killed": (12, 12)}, STRIKE | {"killed": (5, 5)}], [{"best": 5}, {"best": 12}])
    assert {(r["incident_id"], r["reference_id"]) for r in rows} == {("i0", "101"), ("i1", "100")}
    rows = linked(tmp_path / "more", [STRIKE, STRIKE], [{}]) if (tmp_path / "more").mkdir() is None else []
    assert sorted(r["status"] for r in rows) == ["matched", "only_ours"]
    assert "is linked with i0" in next(r["reason"] for r in rows if r["status"] == "only_ours")


@pytest.mark.parametrize(
    ("theirs", "reason"),
    [
        ({"date_start": "2021-03-20"}, "nearest: 100 at Northfield town, 0 km and 12 day(s) away"),
        ({"latitude": 34.0, "where_coordinates": "Elsewhere"}, "nearest: 100 at Elsewhere, 222 km and on these days"),
        ({"best": 1, "date_start": "2021-03-11", "latitude": 36.2, "where_coordinates": "Elsewhere"}, "too unlike"),
    ],
)
def test_what_is_not_linked_says_why(tmp_path, theirs, reason):
    rows = linked(tmp_path, [STRIKE], [theirs, {"date_start": "2021-03-25"}])
    assert "matched" not in {row["status"] for row in rows}
    assert reason in next(row["reason"] for row in rows if row["status"] == "only_ours")


def test_an_undated_incident_is_compared_with_the_days_before_its_report(tmp_path):
    undated = STRIKE | {"date": None, "published": "2021-03-10"}
    [row] = linked(tmp_path, [undated], [{}])
    assert (row["status"], row["days_apart"], row["score_date"]) == ("matched", None, 0.7)
    assert {d["what"] for d in row["differences"]} == {"date"}
    (tmp_path / "later").mkdir()
    assert {r["status"] for r in linked(tmp_path / "later", [undated], [{"date_start": "2021-03-11"}])} == {
        "only_ours",
        "only_theirs",
    }


def test_a_region_alone_links_nothing_unless_the_killed_agree(tmp_path):
    region = STRIKE | {
        "geo_precision": 3,
        "geo_basis": "gazetteer_region",
        "place_name": "the north",
        "at": (36.6, 37.0),
    }
    assert [r["status"] for r in linked(tmp_path, [region], [{}])] == ["matched"]
    (tmp_path / "other").mkdir()
    assert "matched" not in {r["status"] for r in linked(tmp_path / "other", [region], [{"best": 6}])}


def test_their_region_links_nothing_unless_the_killed_agree(tmp_path):
    province = {"where_coordinates": "Northfield Governorate", "where_prec": 4}
    assert "matched" not in {r["status"] for r in linked(tmp_path, [STRIKE], [province | {"best": 0}])}
    (tmp_path / "other").mkdir()
    assert [r["status"] for r in linked(tmp_path / "other", [STRIKE], [province])] == ["matched"]


def test_places_without_points_are_compared_by_name(tmp_path):
    unlocated = STRIKE | {"at": (None, None), "geo_basis": "not_found"}
    [row] = linked(tmp_path, [unlocated], [{}])
    assert (row["status"], row["distance_km"]) == ("matched", None)
    (tmp_path / "other").mkdir()
    rows = linked(tmp_path / "other", [unlocated | {"place_name": "Quarry Hill"}], [{}])
    assert {r["status"] for r in rows} == {"only_ours", "only_theirs"}


def test_rows_outside_of_the_ledgers_days_and_countries_are_counted_not_blamed(tmp_path):
    ledger = write_ledger(tmp_path / "ledger", STRIKE)
    rows = [{}, {"date_start": "2020-01-01"}, {"country": "Yemen"}, {"date_start": ""}]
    summary = corroborate_ledger(ledger, ged(tmp_path / "ged.csv", *rows))
    assert (summary.reference_rows, summary.outside, summary.unreadable) == (1, 2, 1)
    assert summary.status == {"matched": 1, "only_ours": 0, "only_theirs": 0}


def test_every_incident_and_every_row_is_in_the_table_once(tmp_path):
    incidents = [STRIKE | {"date": f"2021-03-{day:02}", "killed": (day, day)} for day in range(1, 21)]
    theirs = [{"date_start": f"2021-03-{day:02}", "best": day % 7} for day in range(1, 21)]
    rows = linked(tmp_path, incidents, theirs)
    assert sorted(r["incident_id"] for r in rows if r["incident_id"]) == sorted(f"i{n}" for n in range(20))
    assert sorted(r["reference_id"] for r in rows if r["reference_id"]) == [str(100 + n) for n in range(20)]
    assert all(row["reason"] for row in rows)
    assert len({row["corroboration_id"] for row in rows}) == len(rows)


def test_totals_whose_parts_are_incidents_are_not_compared(tmp_path):
    rows = linked(tmp_path, [STRIKE | {"flags": ["umbrella"]}], [{}])
    assert [row["status"] for row in rows] == []


ACLED = (
    "event_id_cnty,event_date,year,time_precision,event_type,sub_event_type,actor1,actor2,country,admin1,location,latitude,longitude,geo_precision,notes,fatalities\n"
    'SYR1,08 March 2021,2021,{precision},Explosions/Remote violence,Air/drone strike,Military Forces of Syria (2000-),Civilians (Syria),Syria,North,Northfield,36.0,37.0,1,"Planes hit.",12\n'
)
AIRWARS = (
    "Unique Reference Code;Date;Location name;Country name;Latitude;Longitude;Civilians killed min;Civilians killed max;Belligerents;Strike type\n"
    "CS1;2021-03-08;Northfield;Syria;36.0;37.0;9;12;Syrian army;Airstrike\n"
)


def test_acleds_columns_are_recognised_and_their_kind_compared(tmp_path):
    (tmp_path / "acled.csv").write_text("\ufeff" + ACLED.format(precision=1), encoding="utf-8")
    ledger = write_ledger(tmp_path / "ledger", STRIKE)
    assert corroborate_ledger(ledger, tmp_path / "acled.csv").reference == "ACLED"
    [row] = read_links(ledger)
    assert (row["reference_id"], row["score"], row["differences"]) == ("SYR1", pytest.approx(1.0), [])


def test_acleds_time_precision_widens_the_days(tmp_path):
    (tmp_path / "acled.csv").write_text(ACLED.format(precision=3), encoding="utf-8")
    [event] = read_reference(tmp_path / "acled.csv").events
    assert (event.end - event.start).days == 30


def test_airwars_counts_civilians_only(tmp_path):
    (tmp_path / "airwars.csv").write_text(AIRWARS, encoding="utf-8")
    victims = [{"outcome": "killed", "group": "civilian", "min": 10, "max": 10, "text": "ten civilians"}]
    ledger = write_ledger(tmp_path / "ledger", STRIKE | {"victims": victims})
    assert corroborate_ledger(ledger, tmp_path / "airwars.csv").reference == "Airwars"
    [row] = read_links(ledger)
    assert row["score_killed"] == 1.0
    assert row["differences"] == [{"what": "killed", "ours": "10", "theirs": "9 (9–12)", "note": "civilians only"}]


def test_other_tables_are_refused_with_the_columns_that_are_known(tmp_path):
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00\x81")
    ledger = write_ledger(tmp_path / "ledger", STRIKE)
    for name, message in (
        ("other.csv", "no known reference database"),
        ("binary.csv", "not a readable CSV"),
        ("none.csv", "not a readable CSV"),
    ):
        with pytest.raises(InputError, match=message):
            corroborate_ledger(ledger, tmp_path / name)
    with pytest.raises(LedgerError):
        corroborate_ledger(tmp_path / "nowhere", tmp_path / "other.csv")


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ("Islamic State (IS, ISIS, ISIL, Daesh)", "IS", True),
        ("Syrian regime forces", "Government of Syria", True),
        ("Syrian army", "Government of Syria", True),
        ("Syrian army", "Military Forces of Syria (2000-)", True),
        ("Russian air force", "Government of Russia (Soviet Union)", True),
        ("Syrian insurgents", "Government of Syria", False),
        ("Syrian Democratic Forces (SDF)", "Government of Turkey", False),
        ("US-led coalition", "IS", False),
    ],
)
def test_actors_under_the_names_of_different_databases(ours, theirs, same):
    assert same_actor(ours, theirs) is same


def test_place_names_and_kinds():
    assert places_alike("al-Tanak oil field", "Tanak oil field") == 1.0
    assert places_alike("Deir ez-Zor", "Deir Ezzor Governorate") > 0.8
    assert places_alike("Hajin", "Manbij town") < 0.6
    assert kinds_in("Warplanes bomb a town as clashes go on") == {"Air/drone strike", "Armed clash"}
    assert kinds_in("A determined miner") == frozenset()


def test_the_page_tells_of_every_column():
    page = (Path(__file__).parents[2] / "docs/corroborate.md").read_text(encoding="utf-8")
    assert not [
        name
        for name in CORROBORATION.names
        if f"`{name}`" not in page and not name.startswith(("score_", "reference_"))
    ]


@pytest.mark.skipif(not REFERENCE.exists(), reason="../shared is absent")
def test_the_command_line_on_real_reference_rows(tmp_path):
    ledger = write_ledger(
        tmp_path / "ledger",
        STRIKE
        | {
            "killed": (26, 26),
            "date": "2018-11-09",
            "at": (34.695, 40.831),
            "place_name": "Hajin",
            "perpetrator": "US-led coalition",
        },
        publisher="A",
    )
    call = [sys.executable, "-m", "flows", "corroborate", str(ledger), "--with", str(REFERENCE)]
    told = subprocess.run(call, capture_output=True, text=True, timeout=600, check=True).stdout
    assert "Hajin town" in told
    assert "nothing differs" in told
    found = json.loads(
        subprocess.run([*call, "--json"], capture_output=True, text=True, timeout=600, check=True).stdout
    )
    assert found["status"]["matched"] == len(found["links"]) == 1
    assert found["links"][0]["reference_id"] == "269915"
