"""A ledger that grows gives the very tables that one run over everything gives, and does no work twice."""

from __future__ import annotations

import json
import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from expectations.errors import InputError
from expectations.storage import read_table
from flows import warm
from flows.identity import Rules
from flows.parameters import RunParameters
from flows.pipeline import PlainRunner, run_pipeline
from flows.record import RunRecord
from tasks.publish.ledger import PUBLISHED, Ledger

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from make_corpus import make_articles


@pytest.fixture(scope="module", autouse=True)
def _one_checker() -> Iterator[None]:
    """One helper process with the checks for all runs here."""
    with warm.started(None):
        yield


@pytest.fixture
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with `news/` of 24 articles in files of three; paths are relative, as people write them."""
    monkeypatch.chdir(tmp_path)
    articles = list(make_articles(24, seed=3))
    # The same address twice with other words, the same document twice, and a line that is none.
    articles[20] = articles[2] | {"id": "again", "text": articles[2]["text"] + "\n\nThe road was closed."}
    articles[22] = articles[4]
    for number in range(8):
        lines = [json.dumps(a) for a in articles[3 * number : 3 * number + 3]]
        folder = tmp_path / f"news/{'abcd'[number % 4]}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"part-{number}.jsonl").write_text("\n".join([*lines, "{broken"] if number == 5 else lines) + "\n")
    return tmp_path


def run(*inputs: str, output: str = "ledger", **options: object) -> RunRecord:
    return run_pipeline(
        RunParameters(inputs=list(inputs), output=Path.cwd() / output, workers=1, **options), PlainRunner()
    )  # type: ignore[arg-type]


def tables(output: str) -> dict[str, object]:
    """Bytes of every file of every table; of tables with clocks the rows without them."""
    found: dict[str, object] = {}
    for name in PUBLISHED:
        table = read_table(Path(output), name)
        clocks = [c for c in table.column_names if c.endswith("_at")]
        files = sorted(Path(output, name).glob("*.parquet"))
        found[name] = table.drop_columns(clocks) if clocks else {f.name: f.read_bytes() for f in files}
        found[f"{name} files"] = [f.name for f in files]
    return found


def details(record: RunRecord, stage: str) -> dict[str, int]:
    return next(s["details"] for s in record.stages if s["stage"] == stage)


def inodes(output: str) -> dict[str, tuple[int, int]]:
    paths = [p for p in Path(output).rglob("*") if p.name not in ("lock", "lock.json", "fingerprints.json")]
    return {str(p): (p.lstat().st_ino, p.lstat().st_mtime_ns) for p in paths if not p.is_dir()}


def test_any_split_in_any_order_gives_the_tables_of_one_run_over_everything(news):
    whole = run("news", output="whole")
    assert whole.status == "published"
    pieces = [str(p.relative_to(news)) for p in sorted(news.glob("news/*/*.jsonl"))]
    chance = random.Random(1)
    chance.shuffle(pieces)
    while pieces:
        size = chance.randrange(1, 4)
        run(*pieces[:size], output="grown")
        pieces = pieces[size:]
    assert tables("grown") == tables("whole")


def test_the_same_input_again_writes_nothing(news):
    run("news")
    before = inodes("ledger")
    assert run("news").unchanged
    assert run("news/a").unchanged, "a part of what is there already is nothing new"
    assert inodes("ledger") == before


def test_only_what_is_new_is_read(news):
    run("news/a", "news/b")
    record = run("news")
    assert details(record, "ingest")["new_sources"] == 4
    assert details(record, "clean")["cleaned"] == 11, "one of the twelve is there already, word for word"
    assert 0 < details(record, "extract")["read_now"] <= 11


def test_a_changed_article_replaces_its_rows_and_nothing_else_is_read(news):
    run("news")
    path = news / "news/b/part-1.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    lines[1]["text"] = "Nine miners were killed when a bomb exploded in Kirkuk on Monday, police said."
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    record = run("news")
    assert details(record, "ingest")["changed_sources"] == 1
    assert details(record, "extract")["read_now"] == 1
    articles = {row["source_id"]: row for row in read_table(Path("ledger"), "articles").to_pylist()}
    assert articles[lines[1]["id"]]["text"] == lines[1]["text"]
    run("news", output="whole")
    assert tables("ledger") == tables("whole")


def test_articles_that_move_within_their_file_are_not_read_again(news):
    run("news")
    path = news / "news/b/part-1.jsonl"
    first, *rest = path.read_text().splitlines()
    path.write_text("\n".join([*rest, first]) + "\n")
    assert details(run("news"), "extract")["read_now"] == 0
    run("news", output="whole")
    assert tables("ledger") == tables("whole")


def test_a_source_that_is_gone_is_marked_and_its_rows_stay(news):
    run("news")
    before = read_table(Path("ledger"), "articles").num_rows
    (news / "news/b/part-1.jsonl").unlink()
    record = run("news")
    assert details(record, "ingest")["removed_sources"] == 1
    assert any("part-1.jsonl: no longer there" in line for s in record.stages for line in s["messages"])
    articles = read_table(Path("ledger"), "articles").to_pylist()
    assert len(articles) == before
    marked = {row["source_uri"] for row in articles if "source_removed" in row["flags"]}
    assert marked == {"news/b/part-1.jsonl"}
    assert details(record, "extract")["read_now"] == 0
    assert run("news").unchanged


def test_a_file_named_by_another_path_is_the_source_that_it_was(news):
    run("news/a")
    assert run(str(news / "news/a")).unchanged
    record = run(str(news / "news"))
    assert details(record, "ingest")["new_sources"] == 6
    assert details(record, "ingest").get("removed_sources", 0) == 0


def test_a_source_that_comes_back_loses_its_mark(news):
    run("news")
    before = tables("ledger")
    path = news / "news/b/part-1.jsonl"
    text = path.read_text()
    path.unlink()
    run("news")
    path.write_text(text)
    run("news")
    assert tables("ledger") == before


def test_an_empty_input_folder_is_no_reason_to_mark_everything_as_gone(news):
    run("news")
    before = tables("ledger")
    shutil.rmtree(news / "news")
    (news / "news").mkdir()
    with pytest.raises(InputError, match="nothing to read"):
        run("news")
    assert tables("ledger") == before


def test_a_new_version_of_the_rules_reads_again_and_says_so(news, monkeypatch):
    run("news/a")
    before = tables("ledger")
    import flows.pipeline

    monkeypatch.setattr(flows.pipeline, "rules_of", lambda parameters: Rules("", "new", "new", "new", "new"))
    monkeypatch.setattr(flows.pipeline, "run_id_of", lambda parameters: "another")
    record = run("news/a")
    assert any("rules of reading have changed" in line for stage in record.stages for line in stage["messages"])
    assert details(record, "extract")["read_now"] == details(record, "extract")["read"] > 0
    after = tables("ledger")
    for name in ("articles", "mentions", "figures", "incidents"):
        assert after[name] == before[name], "the same rules under another name find the same"


def test_a_lost_store_costs_work_but_loses_nothing(news):
    run("news/a", "news/b")
    shutil.rmtree("ledger/.ledger/store")
    shutil.rmtree(news / "news/a")
    run("news/c", "news/d")
    articles = read_table(Path("ledger"), "articles").to_pylist()
    assert {row["source_uri"].split("/")[1] for row in articles} == {"a", "b", "c", "d"}


def test_a_damaged_store_costs_work_but_loses_nothing(news):
    run("news/a")
    kept = [path for path in Path("ledger/.ledger/store").rglob("*") if path.is_file()]
    for path in kept:
        half = path.read_bytes()[: path.stat().st_size // 2]
        path.unlink()  # documents share their bytes with the state
        path.write_bytes(half)
    run("news")
    run("news", output="whole")
    assert tables("ledger") == tables("whole")


def test_afresh_leaves_out_what_was_there(news):
    run("news/a")
    run("news/b", afresh=True)
    assert {row["source_uri"][:6] for row in read_table(Path("ledger"), "articles").to_pylist()} == {"news/b"}


def test_a_run_that_died_after_reading_is_carried_on_by_the_next(news, monkeypatch):
    import tasks.resolve.step

    def die(*args: object, **options: object) -> None:
        raise RuntimeError("the lights went out")

    with monkeypatch.context() as patch:
        patch.setattr(tasks.resolve.step, "resolve_incidents", die)
        with pytest.raises(RuntimeError):
            run("news")
    record = run("news")
    assert details(record, "clean")["cleaned"] == 0
    assert details(record, "extract")["read_now"] == 0
    assert any("not read again" in line for s in record.stages for line in s["messages"])
    run("news", output="whole")
    assert tables("ledger") == tables("whole")
    assert not list(Ledger(Path("ledger")).store.glob("journal/*"))


def test_months_that_did_not_change_are_not_written_again(news):
    run("news/a", "news/b")
    Path("news/z").mkdir()
    Path("news/z/new.json").write_text(
        json.dumps(
            {
                "url": "https://n.example/z",
                "published_on": "2024-05-07",
                "text": "Two men were killed by a mine in Herat on Monday.",
            }
        )
    )
    before = {p.name: p.stat().st_ino for p in Path("ledger/articles").glob("*.parquet")}
    run("news/z")
    after = {p.name: p.stat().st_ino for p in Path("ledger/articles").glob("*.parquet")}
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"2024-05.parquet"}
