"""The explorer's files: what is written, that nothing in them can execute, and that offsets fit JavaScript."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from expectations.errors import LedgerError, SettingsError
from expectations.storage import part_paths
from tasks.report import build
from tasks.report.build import write_site
from tasks.report.page import ASSETS, SCRIPTS, STYLES
from tasks.report.rows import article_record, short_incident, utf16_offsets
from tasks.report.script import columns_of, csp_hash, to_json
from tests.unit.mention_rows import mention
from tests.unit.report_ledger import ATTACKS, Story, article_row, find, hostile, market, write_ledger


def piece(site: Path, name: str) -> Any:
    """A piece of data as the page gets it."""
    text = (site / "data" / f"{name}.js").read_text(encoding="utf-8")
    found = re.fullmatch(r"ConflictLedger\.receive\((\".*?\"),(\".*\")\);\n", text)
    assert found
    assert json.loads(found[1]) == name
    return json.loads(json.loads(found[2]))


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_markup_and_no_line_separator_survives_in_data(attack: str) -> None:
    text = to_json({"text": attack})
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == {"text": attack}


def test_numbers_that_json_cannot_hold_are_refused_or_unknown() -> None:
    with pytest.raises(ValueError, match="JSON"):
        to_json(float("nan"))
    row = mention("a1", latitude=float("nan"), geo_precision=1)
    row |= {"n_articles": 1, "n_sources": 1, "conflicts": [], "incident_id": "i"}
    assert short_incident(row)["latitude"] is None


def test_offsets_count_as_javascript_counts() -> None:
    text = "a\U0001f480b\U0001f480c"
    at = utf16_offsets(text)
    units = text.encode("utf-16-le")
    for position, character in enumerate(text):
        start, end = at(position), at(position + 1)
        assert units[2 * start : 2 * end].decode("utf-16-le") == character
    assert utf16_offsets("Ḥajīn")(3) == 3


def test_evidence_after_an_emoji_still_names_its_words() -> None:
    story = Story("a", "\U0001f480\U0001f480 Seven died.", incidents=[{"words": "Seven died."}])
    row = mention("a", sub_event_type="Attack")
    row["evidence"] = [find(story.text, "Seven died.")]
    record = article_record({"standfirst": None, **article_row(story)}, [row], [])
    assert record["mentions"][0]["evidence"] == [{"field": "text", "start": 5, "end": 16}]


def test_columns_keep_values_once() -> None:
    rows = [{"a": "x", "n": 1}, {"a": None, "n": None}, {"a": "x", "n": 3}]
    columns = columns_of(rows, ["a", "n"], frozenset({"a"}))
    assert columns == {"a": {"values": ["x"], "codes": [0, -1, 0]}, "n": [1, None, 3]}


def test_site_holds_every_incident_article_and_figure(tmp_path: Path) -> None:
    ledger = write_ledger(tmp_path / "ledger", [market(), market("a2"), hostile()])
    summary = write_site(ledger, tmp_path / "site")
    assert (summary.incidents, summary.articles) == (2, 3)
    assert summary.index == tmp_path / "site" / "index.html"
    short = piece(tmp_path / "site", "incidents-0001")
    assert short["n"] == 2
    details = piece(tmp_path / "site", "detail-00001")
    joined = next(d for d in details if d["incident"]["incident_id"] == "i1")
    assert [m["article_id"] for m in joined["mentions"]] == ["a1", "a2"]
    assert set(joined["articles"]) == {"a1", "a2"}
    articles = piece(tmp_path / "site", "article-00001")
    assert sorted(a["article_id"] for a in articles) == ["a1", "a2", "evil"]
    assert sum(len(a["figures"]) for a in articles) == 6
    quality = piece(tmp_path / "site", "quality")
    assert quality["dispositions"] == {"incident": 3, "toll": 2, "unresolved": 1}


def test_many_incidents_come_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "SHORT_CHUNK", 4)
    monkeypatch.setattr(build, "DETAIL_CHUNK", 3)
    stories = [market(f"a{i:02}", incident_id=f"i{i:02}") for i in range(10)]
    write_site(write_ledger(tmp_path / "ledger", stories), tmp_path / "site")
    names = {path.stem for path in (tmp_path / "site" / "data").iterdir()}
    assert {"incidents-0001", "incidents-0003", "detail-00001", "detail-00004"} <= names
    assert not {"incidents-0004", "detail-00005"} & names
    assert piece(tmp_path / "site", "detail-00004")[0]["incident"]["incident_id"] == "i09"


def test_same_ledger_same_site(tmp_path: Path) -> None:
    ledger = write_ledger(tmp_path / "ledger", [market(), hostile()])
    for name in ("one", "two"):
        write_site(ledger, tmp_path / name)
    one, two = (
        {p.relative_to(tmp_path / n): p.read_bytes() for p in (tmp_path / n).rglob("*") if p.is_file()}
        for n in ("one", "two")
    )
    assert one == two


def test_page_allows_only_its_own_scripts(tmp_path: Path) -> None:
    ledger = write_ledger(tmp_path / "ledger", [hostile()])
    write_site(ledger, tmp_path / "site")
    html = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "default-src &#39;none&#39;" in html
    assert "unsafe" not in html
    assert "connect-src" not in html  # default-src forbids it
    assert not re.search(r"<script(?![^>]* src=\"(data|assets)/)", html)
    assert not re.search(r"https?://", html)


def test_single_file_allows_its_scripts_by_their_hashes(tmp_path: Path) -> None:
    ledger = write_ledger(tmp_path / "ledger", [hostile()])
    summary = write_site(ledger, tmp_path / "all.html", single_file=True, title="Sudan <2024>")
    assert summary.index == tmp_path / "all.html"
    assert summary.files == 1
    html = summary.index.read_text(encoding="utf-8")
    assert "unsafe" not in html
    assert "<title>Sudan &lt;2024&gt;</title>" in html
    executed = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert len(executed) == 1 + len(SCRIPTS)
    policy = html.split('content="')[1].split('"')[0].replace("&#39;", "'")
    assert all(csp_hash(text) in policy for text in executed)
    blocks = re.findall(r'<script type="application/json" id="data-([^"]+)">(.*?)</script>', html, re.DOTALL)
    assert json.loads(dict(blocks)["detail-00001"])[0]["incident"]["incident_id"] == "ievil"


def test_only_an_explorer_is_replaced(tmp_path: Path) -> None:
    ledger = write_ledger(tmp_path / "ledger", [market()])
    kept = tmp_path / "thesis" / "draft.txt"
    kept.parent.mkdir()
    kept.write_text("years of work")
    with pytest.raises(SettingsError, match="something else than an explorer"):
        write_site(ledger, kept.parent)
    assert kept.read_text() == "years of work"
    write_site(ledger, tmp_path / "site")
    (tmp_path / "site" / "stale.js").write_text("")
    write_site(ledger, tmp_path / "site")
    assert not (tmp_path / "site" / "stale.js").exists()


def test_no_ledger_is_told_with_the_way_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="conflict-ledger run"):
        write_site(tmp_path, tmp_path / "site")


def test_a_ledger_in_part_or_of_another_version_is_refused_with_the_way_to_mend_it(tmp_path: Path) -> None:
    ledger = write_ledger(tmp_path / "ledger", [market()])
    (path,) = part_paths(ledger, "mentions")
    whole = path.read_bytes()
    pq.write_table(pq.read_table(path).drop(["confidence"]), path)
    with pytest.raises(LedgerError, match=r"lacks confidence, .* another version .* conflict-ledger run"):
        write_site(ledger, tmp_path / "site")
    path.unlink()
    with pytest.raises(LedgerError, match="table mentions is missing"):
        write_site(ledger, tmp_path / "site")
    path.write_bytes(whole)
    assert write_site(ledger, tmp_path / "site").incidents == 1


def test_own_scripts_never_read_text_as_markup() -> None:
    own = [ASSETS / name for name in SCRIPTS if "/" not in name]
    for path in own:
        code = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", code), (
            path
        )


def test_third_parties_are_listed_and_small() -> None:
    listed = (ASSETS / "THIRD_PARTY.md").read_text(encoding="utf-8")
    for path in (ASSETS / "vendor").iterdir():
        assert f"vendor/{path.name}" in listed
    assert sum(p.stat().st_size for p in ASSETS.rglob("*") if p.is_file()) < 3_000_000
    assert all((ASSETS / name).is_file() for name in (*SCRIPTS, *STYLES))


def test_stages_count_what_their_checks_held_back(tmp_path: Path) -> None:
    held = {
        "run_id": "r1", "stage": "extract", "table": "mentions", "check": "victims_within_whole",
        "column": "victims", "value": "9", "reason": "more than the whole", "row": "{}",
    }  # fmt: skip
    twice = [
        held | {"row_key": "m1"},
        held | {"row_key": "m1", "check": "count_from_figures"},
        held | {"row_key": "m2"},
    ]
    check = {
        "run_id": "r1", "stage": "extract", "table": "mentions", "check": "victims_within_whole",
        "severity": "critical", "passed": False, "rows": 2, "failed": 2, "observed": "",
    }  # fmt: skip
    ledger = write_ledger(tmp_path / "ledger", [market()], quarantine=twice, checks=[check])
    runs = ledger / ".ledger" / "runs"
    runs.mkdir(parents=True)
    stage = {"stage": "extract", "rows_in": 1, "rows_out": 1, "quarantined": 0, "duplicates": 0}
    (runs / "r1.json").write_text(json.dumps({"stages": [stage]}))
    write_site(ledger, tmp_path / "site")
    assert piece(tmp_path / "site", "quality")["run"]["stages"][0]["quarantined"] == 2
