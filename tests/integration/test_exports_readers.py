"""Exports of the seed's ledger, and of a hostile one, read back with the readers that people use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from expectations.storage import read_table, write_part
from expectations.tables import TABLES
from tasks.export.step import FORMATS, export_ledger
from tasks.publish.ledger import PUBLISHED

NAMES = {"acled-csv": "acled.csv", "ucdp-csv": "ged.csv", "hxl": "hxl.csv"}
HOSTILE = '=HYPERLINK("http://example.org","open, me")'


def reader(name: str) -> Any:
    return pytest.importorskip(name, reason=f"{name} is not installed: pip install -e '.[dev]'")


@pytest.fixture(scope="module")
def ledger(direct, tmp_path_factory) -> Path:
    """The seed's ledger with one more incident, whose words are made of attacks."""
    source, _ = direct
    folder = tmp_path_factory.mktemp("exported") / "ledger"
    tables = {name: read_table(source, name).to_pylist() for name in PUBLISHED}
    first = tables["incidents"][0]
    tables["incidents"].append(
        first
        | {
            "incident_id": "hostile",
            "place_name": HOSTILE,
            "target": 'a,"b"\r\n=1+1;=2\x00\x1b[31m',
            "perpetrator": "@SUM(1)",
            "weapon_text": "-2+3",
            "admin1": "حلب",
            "country_code": None,
            "latitude": -0.5,
            "longitude": -70.25,
        }
    )
    for name, rows in tables.items():
        write_part(folder / f"{name}.parquet", TABLES[name], rows)
    return folder


@pytest.fixture(scope="module")
def exports(ledger) -> dict[str, Path]:
    """The ledger in every format, in one folder."""
    folder = ledger.parent / "out"
    paths = {to: folder / NAMES.get(to, f"incidents.{to}") for to in FORMATS}
    for to in paths:
        if to == "duckdb":
            reader("duckdb")
        export_ledger(ledger, to, paths[to])
    return paths


@pytest.fixture(scope="module")
def killed(ledger) -> int:
    return sum(row["killed_min"] or 0 for row in read_table(ledger, "incidents").to_pylist())


def test_pandas_reads_every_format(exports, ledger, killed):
    pandas = reader("pandas")
    reader("openpyxl")
    count = read_table(ledger, "incidents").num_rows
    frames = {
        "ucdp": pandas.read_csv(exports["ucdp-csv"])["low"],
        "acled": pandas.read_csv(exports["acled-csv"])["ledger_killed_min"],
        "hxl": pandas.read_csv(exports["hxl"], skiprows=[1])["killed_min"],
        "jsonl": pandas.read_json(exports["jsonl"], lines=True)["killed_min"],
        "xlsx": pandas.read_excel(exports["xlsx"], sheet_name="incidents")["killed_min"],
    }
    assert {name: (len(frame), int(frame.sum())) for name, frame in frames.items()} == dict.fromkeys(
        frames, (count, killed)
    )


def test_duckdb_has_all_tables_with_their_meaning(exports, ledger, killed):
    duckdb = reader("duckdb")
    with duckdb.connect(str(exports["duckdb"]), read_only=True) as database:
        counts = {name: database.sql(f'select count(*) from "{name}"').fetchall()[0][0] for name in PUBLISHED}
        assert counts == {name: read_table(ledger, name).num_rows for name in PUBLISHED}
        assert database.sql("select sum(killed_min) from incidents").fetchall()[0][0] == killed
        columns = database.sql(
            "select table_name, column_name, comment from duckdb_columns() where not internal"
        ).fetchall()
        assert {(t, c): text for t, c, text in columns} == {
            (name, column.name): column.description for name in PUBLISHED for column in TABLES[name].columns
        }
    assert duckdb.sql(f"select sum(low) from '{exports['ucdp-csv']}'").fetchall()[0][0] == killed


def test_gdal_reads_the_points(exports, ledger):
    pyogrio = reader("pyogrio")
    rows = {row["incident_id"]: row for row in read_table(ledger, "incidents").to_pylist()}
    info = pyogrio.read_info(exports["geojson"])
    assert (info["features"], info["crs"], info["geometry_type"]) == (len(rows), "EPSG:4326", "Point")
    meta, _, geometry, fields = pyogrio.raw.read(exports["geojson"])
    columns = dict(zip(meta["fields"], fields, strict=True))
    located = {i for i, point in zip(columns["incident_id"], geometry, strict=True) if point is not None}
    assert located == {i for i, row in rows.items() if row["latitude"] is not None}
    assert "hostile" in located
    assert dict(zip(columns["incident_id"], columns["place_name"], strict=True))["hostile"] == HOSTILE


def test_frictionless_finds_the_package_valid(exports):
    frictionless = reader("frictionless")
    reader("ijson")
    package = frictionless.Package(exports["jsonl"].parent / "datapackage.json")
    assert {resource.path for resource in package.resources} == {path.name for path in exports.values()}
    report = package.validate()
    assert report.valid, report.to_summary()


def test_a_changed_file_is_no_longer_what_the_package_says(exports, tmp_path):
    frictionless = reader("frictionless")
    for name in ("datapackage.json", exports["acled-csv"].name):
        (tmp_path / name).write_bytes((exports["acled-csv"].parent / name).read_bytes())
    path = tmp_path / exports["acled-csv"].name
    path.write_text(path.read_text(encoding="utf-8").replace("2018-11-09", "2018-11-10", 1), encoding="utf-8")
    resource = next(r for r in frictionless.Package(tmp_path / "datapackage.json").resources if r.path == path.name)
    assert not resource.validate().valid


def test_excel_has_no_formula_and_keeps_the_words(exports, ledger):
    openpyxl = reader("openpyxl")
    book = openpyxl.load_workbook(exports["xlsx"])
    assert book.sheetnames == ["incidents", "evidence", "data dictionary", "about"]
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert "f" not in {cell.data_type for cell in cells}
    header, *lines = book["incidents"].iter_rows()
    hostile = next(
        dict(zip([c.value for c in header], line, strict=True)) for line in lines if line[0].value == "hostile"
    )
    assert hostile["place_name"].value == HOSTILE
    assert hostile["place_name"].quotePrefix
    assert hostile["admin1"].value == "حلب"
    dictionary = [line[0].value for line in book["data dictionary"].iter_rows(min_row=2)]
    assert dictionary == [cell.value for cell in header]
    texts = {text["text"] for m in read_table(ledger, "mentions").to_pylist() for text in m["evidence"]}
    assert {line[8].value for line in book["evidence"].iter_rows(min_row=2)} <= texts


@pytest.mark.parametrize("to", ["acled-csv", "ucdp-csv", "hxl"])
def test_no_cell_of_a_csv_starts_a_formula(exports, to):
    pandas = reader("pandas")
    frame = pandas.read_csv(exports[to], dtype=str, keep_default_na=False)
    numbers = {"latitude", "longitude"}
    texts = [text for name in frame.columns if name not in numbers for text in frame[name]]
    parts = [part.lstrip() for text in texts for part in text.replace("\r", "\n").replace("\n", ";").split(";")]
    assert not [part for part in parts if part[:1] in tuple("=+-@")]
    assert not any("\x00" in text or "\x1b" in text for text in texts)


def test_json_lines_are_the_tables_rows(exports, ledger):
    pandas = reader("pandas")
    table: pa.Table = read_table(ledger, "incidents")
    back = pandas.read_json(exports["jsonl"], lines=True, dtype=False)
    rows = {row["incident_id"]: row for row in table.to_pylist()}
    for row in back.to_dict("records"):
        assert row["victims"] == rows[row["incident_id"]]["victims"]
        assert [r["mention_id"] for r in row["reports"]] == rows[row["incident_id"]]["mention_ids"]
        assert all(report["evidence"] for report in row["reports"])
