"""Every kind of file gives its documents, with the metadata handed over and the bytes as they came."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.errors import SettingsError
from expectations.storage import read_table
from tasks.ingest.bounded import Oversize, bounded_lines
from tasks.ingest.discover import discover
from tasks.ingest.settings import IngestSettings
from tasks.ingest.step import ingest_documents

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
RECORD = {
    "id": "k1",
    "url": "https://news.example/k1",
    "title": "Shelling in Qara",
    "text": "Shelling killed four people.",
    "published_on": "2021-03-04",
    "publisher": "Example Post",
    "author": ["A. Writer", "B. Writer"],
    "extra": {"ignored": True},
}


def documents(tmp_path: Path, *inputs: Path, **options: object) -> list[dict]:
    work = tmp_path / "work"
    ingest_documents([str(p) for p in inputs], work, run_id="r", settings=IngestSettings(**options), now=NOW)  # type: ignore[arg-type]
    return read_table(work, "documents").to_pylist()


def check_record(row: dict) -> None:
    assert row["source_id"] == "k1"
    assert row["url"] == "https://news.example/k1"
    assert row["title"] == "Shelling in Qara"
    assert row["content"] == b"Shelling killed four people."
    assert row["media_type"] == "text/plain"
    assert row["encoding"] == "utf-8"
    assert row["published_on"] == "2021-03-04"
    assert row["publisher"] == "Example Post"
    assert row["author"].startswith("A. Writer")
    assert row["ingested_at"] == NOW


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("n.json", json.dumps(RECORD)),
        ("n.json", json.dumps([RECORD], indent=2)),
        ("n.json", json.dumps({"status": "ok", "articles": [RECORD]})),
        ("n.jsonl", "\n" + json.dumps(RECORD) + "\r\n\n"),
        ("n.ndjson", json.dumps(RECORD)),
    ],
)
def test_json_kinds(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    (row,) = documents(tmp_path, tmp_path / name)
    check_record(row)


@pytest.mark.parametrize(("name", "sign"), [("n.csv", ","), ("n.csv", ";"), ("n.tsv", "\t")])
def test_csv_and_tsv(tmp_path: Path, name: str, sign: str) -> None:
    columns = ["id", "url", "title", "text", "published_on", "publisher", "author"]
    cells = [str(RECORD[c]) if c != "author" else "A. Writer" for c in columns]
    (tmp_path / name).write_text(sign.join(columns) + "\n" + sign.join(f'"{cell}"' for cell in cells) + "\n")
    (row,) = documents(tmp_path, tmp_path / name)
    check_record(row)


def test_csv_cell_with_line_breaks(tmp_path: Path) -> None:
    (tmp_path / "n.csv").write_text('id,text\n1,"First.\n\nSecond."\n2,Other\n')
    rows = documents(tmp_path, tmp_path / "n.csv")
    assert [(r["source_id"], r["content"]) for r in rows] == [("1", b"First.\n\nSecond."), ("2", b"Other")]


def test_parquet_with_a_real_date(tmp_path: Path) -> None:
    row = {**RECORD, "published_on": dt.date(2021, 3, 4), "author": "A. Writer"}
    pq.write_table(pa.Table.from_pylist([row] * 1), tmp_path / "n.parquet")
    (found,) = documents(tmp_path, tmp_path / "n.parquet")
    check_record(found)


def test_text_file_with_sidecar(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "n.txt").write_bytes(b"Body \x93quoted\x94.")
    (tmp_path / "in" / "n.meta.json").write_text(
        json.dumps({"id": "s9", "url": "https://x.example/1", "published_on": "4 March 2021", "encoding": "cp1252"})
    )
    (row,) = documents(tmp_path, tmp_path / "in")
    assert row["content"] == b"Body \x93quoted\x94."
    assert (row["source_id"], row["encoding"], row["published_on"]) == ("s9", "cp1252", "4 March 2021")


def test_html_by_suffix_and_by_content(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html><body>One</body></html>")
    (tmp_path / "b.txt").write_text("<!DOCTYPE html>\n<html><body>Two</body></html>")
    (tmp_path / "c").write_text("  <html><body>Three</body></html>")
    rows = documents(tmp_path, *(tmp_path / n for n in ("a.html", "b.txt", "c")))
    assert [r["media_type"] for r in rows] == ["text/html"] * 3


def test_mapping_of_other_names(tmp_path: Path) -> None:
    record = {"body": "Text here.", "meta": {"date": "2020-01-02", "no": 7}, "headline": "H"}
    (tmp_path / "n.jsonl").write_text(json.dumps(record))
    mapping = {"text": "body", "published_on": "meta.date", "id": "meta.no", "title": "headline"}
    (row,) = documents(tmp_path, tmp_path / "n.jsonl", mapping=mapping)
    assert (row["source_id"], row["title"], row["published_on"]) == ("7", "H", "2020-01-02")


def test_mapping_of_a_field_that_is_none_of_ours() -> None:
    with pytest.raises(SettingsError, match="headline"):
        IngestSettings(mapping={"headline": "title"})


def test_html_records_and_paragraph_lists(tmp_path: Path) -> None:
    lines = [{"html": "<p>One</p>"}, {"text": ["First.", "Second."]}, {"text": "half \ud83d pair"}]
    (tmp_path / "n.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    rows = documents(tmp_path, tmp_path / "n.jsonl")
    assert rows[0]["media_type"] == "text/html"
    assert rows[1]["content"] == b"First.\n\nSecond."
    assert "�" in rows[2]["content"].decode()
    assert [r["source_id"] for r in rows] == ["n#0", "n#1", "n#2"]


def test_a_ledger_in_a_folder_is_no_input(tmp_path: Path) -> None:
    for name in (
        "news/a.txt",
        "news/ledger/.ledger/current/articles/x.parquet",
        "news/ledger/corrections.csv",
        "corrections.csv",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Two people were hurt.")
    (tmp_path / "news/ledger/articles").symlink_to(".ledger/current/articles")
    assert [Path(item.uri).name for item in discover([str(tmp_path / "news")])] == ["a.txt"]
    assert [*discover([str(tmp_path / "news/ledger")])] == []
    assert len([*discover([str(tmp_path)])]) == 2, "a table of corrections elsewhere is a table like others"


def test_folders_are_read_recursively_without_hidden_files(tmp_path: Path) -> None:
    root = tmp_path / "in"
    for name in ("b/c/2.txt", "a/1.txt", ".hidden/3.txt", "a/.4.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"text {name}")
    rows = documents(tmp_path, root, root / "a")
    assert [r["source_id"] for r in rows] == ["1", "2"]


@settings(max_examples=200)
@given(st.lists(st.binary(max_size=30), max_size=6), st.integers(1, 12))
def test_bounded_lines_loses_nothing(pieces: list[bytes], limit: int) -> None:
    whole = b"".join(pieces)
    lines = list(bounded_lines(iter(pieces), limit))
    expected = whole.split(b"\n")
    if expected[-1] == b"":
        expected.pop()
    assert len(lines) == len(expected)
    for line, raw in zip(lines, expected, strict=True):
        if isinstance(line, Oversize):
            assert line.size == len(raw) > limit
        else:
            assert line == raw.rstrip(b"\r")
            assert len(raw) <= limit


@settings(max_examples=60)
@given(junk=st.binary(max_size=300))
def test_junk_in_any_reader_is_accounted_for(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    for suffix in ("txt", "html", "json", "jsonl", "csv", "tsv", "parquet"):
        (folder / f"junk.{suffix}").write_bytes(junk)
    (folder / "zz.jsonl").write_text('{"id": "good", "text": "A good neighbour."}\n')
    summary = ingest_documents([str(folder)], folder / ".work", run_id="r", settings=IngestSettings(), now=NOW)
    assert summary.rows_in >= 8
    assert "good" in {r["source_id"] for r in read_table(folder / ".work", "documents").to_pylist()}
