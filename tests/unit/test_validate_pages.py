"""The quality pages: complete, self-contained, and safe with hostile text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from validate_tables import valid_tables, write_held, write_tables

from expectations.checks import checks_after
from expectations.errors import TableError
from tasks.validate.pages import read_pages, write_quality_pages
from tasks.validate.step import validate_stage

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>"
STAGES = ("ingest", "clean", "extract")


class _Tags(HTMLParser):
    """Tags, links and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def _read(page: Path) -> _Tags:
    tags = _Tags()
    tags.feed(page.read_text(encoding="utf-8"))
    return tags


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Three stages checked; two rows held back, one of them with hostile text, and warnings."""
    tables = valid_tables()
    tables["articles"][1]["publisher"] = " "
    tables["figures"][1]["text"] = ATTACK
    tables["mentions"][1]["confidence"] = 3.0
    write_tables(tmp_path, tables)
    write_held(tmp_path, "clean", tables["documents"][0] | {"document_id": ATTACK})
    for stage in STAGES:
        validate_stage(tmp_path, stage, run_id="r")
    return tmp_path


def test_every_check_and_every_row_held_back_is_on_its_page(work: Path) -> None:
    write_quality_pages(work)
    for table, stage in (
        ("documents", "ingest"),
        ("articles", "clean"),
        ("mentions", "extract"),
        ("figures", "extract"),
    ):
        source = (work / "quality" / f"{table}.html").read_text(encoding="utf-8")
        assert all(f'id="{stage}-{check.name}"' in source for check in checks_after(stage, table))
    mentions = _read(work / "quality" / "mentions.html").text
    assert "confidence is 3.0, but must lie between 0 and 1" in mentions
    index = _read(work / "quality" / "index.html").text
    assert "2 critical checks failed" in index
    assert "1 warning is worth a look" in index


def test_pages_need_no_network_and_no_script(work: Path) -> None:
    write_quality_pages(work)
    pages = sorted((work / "quality").iterdir())
    assert [p.name for p in pages] == ["articles.html", "documents.html", "figures.html", "index.html", "mentions.html"]
    for page in pages:
        found = _read(page)
        assert not {"script", "link", "img", "iframe", "object"} & set(found.tags)
        links = [value or "" for name, value in found.attributes if name in ("href", "src")]
        assert all(re.fullmatch(r"(\w+\.html)?(#[\w-]+)?", link) for link in links)
        assert all((work / "quality" / link.split("#")[0]).exists() for link in links)
        assert not any(name.startswith("on") for name, _ in found.attributes)
        source = page.read_text(encoding="utf-8")
        assert "Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline';" in source
        assert "url(" not in source
        assert "@import" not in source


def test_hostile_text_is_shown_and_not_carried_out(work: Path) -> None:
    write_quality_pages(work)
    for name in ("figures", "documents"):
        page = _read(work / "quality" / f"{name}.html")
        assert "alert(1)" in page.text
        assert "script" not in page.tags


def test_the_same_results_give_the_same_pages(work: Path) -> None:
    first = {p.name: p.read_bytes() for p in write_quality_pages(work).parent.iterdir()}
    (work / "quality" / "old.html").write_text("from an earlier run")
    again = {p.name: p.read_bytes() for p in write_quality_pages(work).parent.iterdir()}
    assert again == first


def test_pages_tell_of_a_broken_table(tmp_path: Path) -> None:
    tables = valid_tables()
    tables["articles"].append(tables["articles"][0])
    write_tables(tmp_path, tables)
    with pytest.raises(TableError):
        validate_stage(tmp_path, "clean", run_id="r")
    write_quality_pages(tmp_path, tmp_path / "elsewhere")
    page = next(p for p in read_pages(tmp_path) if p.name == "articles")
    assert page.failed_count == 1
    assert "a1 2 times" in _read(tmp_path / "elsewhere" / "articles.html").text


def test_pages_of_a_run_without_checks_say_so(tmp_path: Path) -> None:
    assert "Nothing has been checked yet" in _read(write_quality_pages(tmp_path)).text
