"""What people decide is applied at each run, shows in the tables, and is never applied where it no longer fits."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from expectations.errors import SettingsError
from expectations.storage import read_table, write_part
from expectations.tables import TABLES
from tasks.resolve.corrections import COLUMNS, parse_value, read_corrections, take_over
from tasks.resolve.incident import incident_id
from tasks.resolve.step import resolve_incidents
from tests.unit.mention_rows import article, mention

HAROUN = {"place_name": "Tell Haroun", "at": (35.10, 40.40), "country_code": "SY", "admin1": "Deir ez-Zor"}
STRIKE = "An air strike on the market of Tell Haroun killed 26 people on Friday, medics at the Ibn Rushd clinic said."
AGAIN = "Medics of the Ibn Rushd clinic counted 26 dead after warplanes bombed Tell Haroun's vegetable market."
MINE = "A mine killed three shepherds near Wadi Sham on Monday."


def tables(work: Path) -> tuple[dict, dict]:
    """Two reports of one strike, and one of a mine that killed three."""
    rows = [
        mention("a", STRIKE, killed=(26, 26), date="2018-11-09", **HAROUN),
        mention("b", AGAIN, killed=(26, 26), date="2018-11-09", **HAROUN),
        mention(
            "c", MINE, killed=(3, 3), date="2018-11-12", place_name="Wadi Sham", at=(33.0, 36.0), country_code="SY"
        ),
    ]
    articles = [article(name, "2018-11-13", publisher=name) for name in "abc"]
    write_part(work / "articles/part-00000.parquet", TABLES["articles"], articles)
    write_part(work / "mentions/part-00000.parquet", TABLES["mentions"], rows)
    figures = [
        {
            "figure_id": f"f{row['mention_id']}", "article_id": row["article_id"], "field": "text", "start": 0, "end": 2, "text": "26",
            "outcome": "killed", "min": 3, "max": 3, "disposition": "incident", "mention_id": row["mention_id"], "reason": "counted",
        }
        for row in rows
    ]  # fmt: skip
    write_part(work / "figures/part-00000.parquet", TABLES["figures"], figures)
    names = {row["article_id"]: row["mention_id"] for row in rows}
    return names, {name: incident_id(mention_id) for name, mention_id in names.items()}


def write(path: Path, *rows: dict) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows({"who": "Mina", "date": "2031-05-02", "target": "incident"} | row for row in rows)
    return path


@pytest.fixture
def ledger(tmp_path):
    """A function: decisions → incidents by id, mentions by article, rows held back, and the ids."""
    names, ids = tables(tmp_path)

    def decide(*rows: dict):
        path = write(tmp_path / "corrections.csv", *rows)
        summary = resolve_incidents(tmp_path, run_id="r", corrections=[path])
        held = tmp_path / "quarantine/resolve-corrections.parquet"
        import pyarrow.parquet as pq

        incidents = {row["incident_id"]: row for row in read_table(tmp_path, "incidents").to_pylist()}
        mentions = {row["article_id"]: row for row in read_table(tmp_path, "mentions").to_pylist()}
        return incidents, mentions, pq.read_table(held).to_pylist() if held.exists() else [], summary

    return names, ids, decide


def test_without_decisions_nothing_is_marked(ledger):
    _, ids, decide = ledger
    incidents, mentions, held, _ = decide()
    assert set(incidents) == {ids["a"], ids["c"]}
    assert held == []
    assert all(row["corrections"] is None for row in (*incidents.values(), *mentions.values()))


def test_a_value_is_set_and_what_stood_there_is_kept(ledger):
    _, ids, decide = ledger
    incidents, _, held, summary = decide(
        {
            "target_id": ids["c"],
            "action": "set",
            "field": "killed_max",
            "value": "4",
            "expected": "3",
            "reason": "photo",
        }
    )
    row = incidents[ids["c"]]
    assert (row["killed_min"], row["killed_max"]) == (3, 4)
    assert "corrected" in row["flags"]
    assert row["corrections"] == [
        {"action": "set", "column": "killed_max", "value": "4", "original": "3", "reason": "photo", "who": "Mina", "date": "2031-05-02"}
    ]  # fmt: skip
    assert held == []
    assert summary.details["corrections"] == 1


def test_a_mention_is_set_before_its_incident_is_made_of_it(ledger):
    names, ids, decide = ledger
    incidents, mentions, _, _ = decide(
        {
            "target_id": names["c"],
            "target": "mention",
            "action": "set",
            "field": "killed_min",
            "value": "2",
            "expected": "3",
        }
    )
    assert mentions["c"]["killed_min"] == incidents[ids["c"]]["killed_min"] == 2
    assert "corrected" in mentions["c"]["flags"]
    assert "corrected" in incidents[ids["c"]]["flags"]


def test_what_was_expected_and_is_no_longer_there_is_reported_and_not_applied(ledger):
    _, ids, decide = ledger
    incidents, _, held, summary = decide(
        {"target_id": ids["c"], "action": "set", "field": "killed_max", "value": "9", "expected": "7"}
    )
    assert incidents[ids["c"]]["killed_max"] == 3
    (row,) = held
    assert (row["check"], row["row_key"], row["column"]) == ("correction_not_applied", ids["c"], "killed_max")
    assert "was expected to be 7, but is 3" in row["reason"]
    assert "Mina" in row["reason"]
    assert summary.messages == (row["reason"],)


def test_what_reads_so_by_itself_now_is_neither_marked_nor_reported(ledger):
    _, ids, decide = ledger
    incidents, _, held, _ = decide(
        {"target_id": ids["c"], "action": "set", "field": "killed_max", "value": "3", "expected": "5"}
    )
    assert held == []
    assert "corrected" not in incidents[ids["c"]]["flags"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"action": "set", "field": "killed_max", "value": "1", "expected": "3"}, "killed_min would be 3, but killed_max 1"),
        ({"action": "set", "field": "latitude", "value": "99", "expected": "33"}, "out of range"),
        ({"action": "set", "field": "latitude", "value": "1", "expected": "33"}, "does not lie in SY"),
        ({"action": "set", "field": "killed_min", "value": "few", "expected": "3"}, "'few' is no int64"),
        ({"action": "set", "field": "perpetrator_status", "value": "sure", "expected": ""}, "not one of"),
        ({"action": "set", "field": "incident_id", "value": "x", "expected": ""}, "field is 'incident_id'"),
        ({"action": "burn"}, "action is 'burn'"),
        ({"action": "merge", "value": "i0"}, "there is no incident i0"),
        ({"action": "reject", "target_id": "i0"}, "there is no such incident"),
        ({"action": "split", "target": "mention", "target_id": "m0"}, "there is no such mention"),
        ({"action": "set", "target": "world"}, "target is 'world'"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_reported_and_changes_nothing(ledger, row, why):
    _, ids, decide = ledger
    before, _, _, _ = decide()
    incidents, _, held, _ = decide({"target_id": ids["c"]} | row)
    assert incidents == before
    assert [why in one["reason"] for one in held] == [True], held


def test_two_values_that_belong_together_are_set_together(ledger):
    _, ids, decide = ledger
    incidents, _, held, _ = decide(
        {"target_id": ids["c"], "action": "set", "field": "killed_min", "value": "5", "expected": "3"},
        {"target_id": ids["c"], "action": "set", "field": "killed_max", "value": "6", "expected": "3"},
    )
    assert held == []
    assert (incidents[ids["c"]]["killed_min"], incidents[ids["c"]]["killed_max"]) == (5, 6)


def test_another_place_does_not_keep_the_point_of_the_old(ledger):
    _, ids, decide = ledger
    name = {"target_id": ids["c"], "action": "set", "field": "place_name", "value": "Wadi Nur", "expected": "Wadi Sham"}
    row = decide(name)[0][ids["c"]]
    assert (row["place_name"], row["latitude"], row["geo_basis"]) == ("Wadi Nur", None, "not_found")


def test_a_corrected_date_is_whole(ledger):
    _, ids, decide = ledger
    change = {
        "target_id": ids["c"],
        "action": "set",
        "field": "date_start",
        "value": "2018-11-11",
        "expected": "2018-11-12",
    }
    row = decide(change)[0][ids["c"]]
    assert (row["date_start"], row["date_end"], row["date_basis"]) == (
        dt.date(2018, 11, 11),
        dt.date(2018, 11, 11),
        "correction",
    )
    gone = decide(
        {"target_id": ids["c"], "action": "set", "field": "date_start", "value": "", "expected": "2018-11-12"}
    )
    assert gone[0][ids["c"]]["date_precision"] is None


def test_a_rejected_incident_leaves_the_tables_but_not_the_ledger(ledger, tmp_path):
    names, ids, decide = ledger
    incidents, mentions, held, summary = decide({"target_id": ids["c"], "action": "reject", "reason": "an accident"})
    assert set(incidents) == {ids["a"]}
    assert "c" not in mentions
    (row,) = held
    assert (row["check"], row["row_key"]) == ("rejected_by_correction", names["c"])
    assert "an accident" in row["reason"]
    assert '"killed_min": 3' in row["row"], "the row itself is kept"
    assert summary.quarantined == 1
    figures = {f["article_id"]: f for f in read_table(tmp_path, "figures").to_pylist()}
    assert (figures["c"]["disposition"], figures["c"]["mention_id"]) == ("unresolved", None)
    assert figures["a"]["disposition"] == "incident"


def test_a_rejected_mention_leaves_its_incident_to_the_others(ledger):
    names, ids, decide = ledger
    incidents, _, _, _ = decide({"target_id": names["b"], "target": "mention", "action": "reject"})
    assert incidents[ids["a"]]["mention_ids"] == [names["a"]]
    assert incidents[ids["a"]]["merge_reason"] is None


def test_a_report_is_split_off_and_both_incidents_say_so(ledger):
    names, ids, decide = ledger
    incidents, mentions, held, _ = decide(
        {"target_id": names["b"], "target": "mention", "action": "split", "expected": ids["a"], "reason": "next day"}
    )
    assert held == []
    assert set(incidents) == {ids["a"], ids["b"], ids["c"]}
    assert mentions["b"]["incident_id"] == ids["b"]
    for name in "ab":
        assert "corrected" in incidents[ids[name]]["flags"]
        assert [c["reason"] for c in incidents[ids[name]]["corrections"]] == ["next day"]
    assert "corrected" not in (mentions["a"]["flags"] or ())


def test_a_merged_incident_says_so_when_its_first_report_is_rejected(ledger):
    names, ids, decide = ledger
    merge = {"target_id": ids["c"], "action": "merge", "value": ids["a"]}
    incidents, _, held, _ = decide(merge, {"target_id": names["a"], "target": "mention", "action": "reject"})
    assert [one["check"] for one in held] == ["rejected_by_correction"]
    ((_, row),) = incidents.items()
    assert [c["action"] for c in row["corrections"]] == ["merge"]
    assert "corrected" in row["flags"]


def test_a_split_from_another_incident_than_expected_is_reported(ledger):
    names, ids, decide = ledger
    incidents, _, held, _ = decide(
        {"target_id": names["b"], "target": "mention", "action": "split", "expected": ids["c"]}
    )
    assert set(incidents) == {ids["a"], ids["c"]}
    assert "is now in incident" in held[0]["reason"]


def test_two_incidents_are_merged_and_the_old_id_is_an_alias(ledger):
    names, ids, decide = ledger
    incidents, _, held, _ = decide(
        {"target_id": ids["c"], "action": "merge", "value": ids["a"], "reason": "same convoy"}
    )
    assert held == []
    ((key, row),) = incidents.items()
    assert {key, *row["aliases"]} == set(ids.values())
    assert "merged by Mina (same convoy)" in row["merge_reason"]
    assert sorted(row["mention_ids"]) == sorted(names.values())
    assert [c["action"] for c in row["corrections"]] == ["merge"]


def test_a_decision_on_an_incident_that_went_into_another_is_not_applied_to_that(ledger):
    _, ids, decide = ledger
    incidents, _, held, _ = decide({"target_id": ids["b"], "action": "reject"})
    assert ids["a"] in incidents
    assert f"now part of incident {ids['a']}" in held[0]["reason"]


def test_a_confirmed_incident_says_so_and_stays_as_it_is(ledger):
    _, ids, decide = ledger
    before = decide()[0][ids["c"]]
    row = decide({"target_id": ids["c"], "action": "confirm"})[0][ids["c"]]
    assert "confirmed" in row["flags"]
    changed = {name for name in row if row[name] != before[name]}
    assert changed == {"flags", "corrections"}


def test_the_file_may_come_from_a_spreadsheet_and_says_what_it_lacks(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("\ufefftarget_id,target,action,who\r\ni1,incident,confirm,Mina\r\n,,,\r\n", encoding="utf-8")
    (one,) = read_corrections([path, tmp_path / "absent.csv"])
    assert (one.target_id, one.action, one.who, one.expected) == ("i1", "confirm", "Mina", "")
    path.write_text("id,what\n1,2\n")
    with pytest.raises(SettingsError, match="the column target_id is missing"):
        read_corrections([path])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "target_id,target,action,reason,who\ni1,incident,confirm,seen, twice,Mina\n",
            "line 2: more cells than columns",
        ),
        ('target_id,target,action\n"i1,incident,confirm\ni2,incident,reject\n', "every quote closed"),
        ("target_id,target,action,expect\ni1,incident,set,3\n", "no column 'expect'"),
        ("foo,bar\n", "the column target_id is missing"),
    ],
)
def test_a_file_that_could_be_read_in_two_ways_is_refused(tmp_path, text, why):
    path = tmp_path / "c.csv"
    path.write_text(text)
    with pytest.raises(SettingsError, match=why):
        read_corrections([path])


def test_a_named_file_is_taken_over_into_the_ledgers_own(tmp_path):
    own = write(tmp_path / "own.csv", {"target_id": "i1", "action": "confirm"})
    more = write(
        tmp_path / "more.csv", {"target_id": "i1", "action": "confirm"}, {"target_id": "i2", "action": "reject"}
    )
    take_over(own, more)
    take_over(own, more)
    assert [one.target_id for one in read_corrections([own])] == ["i1", "i2"]


def test_values_are_of_their_columns_type():
    assert parse_value("killed_min", "12") == 12
    assert parse_value("date_start", "2018-11-09") == dt.date(2018, 11, 9)
    assert parse_value("place_name", "") is None
    for field, text in (("latitude", "nan"), ("longitude", "-inf"), ("killed_max", str(10**20))):
        with pytest.raises(ValueError, match=f"'{text}' is no"):
            parse_value(field, text)
    with pytest.raises(ValueError, match="cannot be empty"):
        parse_value("perpetrator_status", "")
