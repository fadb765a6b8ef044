"""Scoring: the measures on small hand-made tables, and the same numbers as the reference scorers on the gold at hand."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from expectations.errors import InputError, TableError
from expectations.storage import write_part
from expectations.tables import TABLES
from tasks.evaluate.score import score_tables
from tests.unit.mention_rows import article, mention

GOLD = Path(__file__).parents[3] / "shared" / "gold"
needs_gold = pytest.mark.skipif(not GOLD.is_dir(), reason="the shared gold annotations are not on this machine")

BAKERY = "Four civilians were killed when a shell hit a bakery in Tell Amra on Sunday, the town council said."
CONVOY = "Gunmen ambushed an army convoy near Wadi Hura, killing nine soldiers and wounding three."


def gold_incident(number, sentence, killed, place, **values):
    base = {
        "id": str(number),
        "sentences": [sentence],
        "event_type": ["Shelling/artillery/missile attack"],
        "killed": {"min": killed, "max": killed},
        "injured": None,
        "victims": [],
        "date": None,
        "place": [place],
        "country": None,
        "perpetrator": [],
        "perpetrator_status": "unknown",
        "reported_by": [],
        "disputed": False,
        "optional": False,
    }
    return base | values


def write_tables(folder, articles, mentions, incidents=()):
    for name, rows in (("articles", articles), ("mentions", mentions), ("incidents", incidents)):
        write_part(folder / name / "part-00000.parquet", TABLES[name], rows)
    return folder


def write_gold(path, docs):
    path.write_text("".join(json.dumps(doc) + "\n" for doc in docs), encoding="utf-8")
    return path


def incident_row(incident_id, **counts):
    row = mention("-") | {"incident_id": incident_id}
    for name in ("mention_id", "article_id", "ordinal", "evidence", "codings"):
        del row[name]
    return (
        row
        | {"article_ids": [], "mention_ids": [], "n_articles": 1, "n_sources": 1, "conflicts": []}
        | {
            f"{what}_{bound}": value
            for what, pair in counts.items()
            for bound, value in zip(("min", "max"), pair, strict=True)
        }
    )


def test_a_perfect_row_a_missed_one_and_a_spurious_one(tmp_path):
    gold = write_gold(
        tmp_path / "gold.jsonl",
        [
            {
                "doc_id": "a",
                "incidents": [gold_incident(1, BAKERY, 4, "Tell Amra"), gold_incident(2, CONVOY, 9, "Hura")],
            },
            {"doc_id": "b", "incidents": [], "not_incidents": []},
        ],
    )
    shelling = "Shelling/artillery/missile attack"
    tables = write_tables(
        tmp_path / "out",
        [article("a"), article("b")],
        [
            mention("a", BAKERY, killed=(4, 4), place_name="Tal Amra", sub_event_type=shelling),
            mention("b", "The war has killed thousands.", killed=(2000, None)),
        ],
    )
    report = score_tables(gold, tables)
    assert report.as_dict()["detection"] == {"p": 0.5, "r": 0.5, "f1": 0.5, "tp": 1, "pred": 2, "gold": 2}
    assert report.as_dict()["usable_rows"] == 0.5
    assert report.as_dict()["by_slot"]["killed"]["tp"] == 1
    assert [line.split(" :: ")[0] for line in report.errors] == [
        "a #2 missed",
        "b spurious Air/drone strike (2000, None)/None None",
    ]
    assert "usable rows  0.500" in report.render()


def test_the_country_is_right_wrong_or_not_asked(tmp_path):
    docs = [
        {
            "doc_id": "a",
            "incidents": [
                gold_incident(1, BAKERY, 4, "Tell Amra", country="SY"),
                gold_incident(2, CONVOY, 9, "Hura", country="SD"),
            ],
        },
        {"doc_id": "b", "incidents": [gold_incident(1, BAKERY, 4, "Tell Amra")]},
    ]
    rows = [
        mention("a", BAKERY, killed=(4, 4), country_code="SY"),
        mention("a", CONVOY, 1, killed=(9, 9), country_code="IN", place_name="Hura"),
        mention("b", BAKERY, killed=(4, 4), country_code="SY"),
    ]
    tables = write_tables(tmp_path / "out", [article("a"), article("b")], rows)
    report = score_tables(write_gold(tmp_path / "gold.jsonl", docs), tables)
    assert report.as_dict()["country"] == {"share": 0.5, "right": 1, "of": 2}
    assert "country      0.500   (1 of 2 found incidents)" in report.render()
    assert any("country: 'IN' for 'SD', place: 'Hura'" in line for line in report.errors)


def test_an_optional_incident_is_neither_required_nor_punished(tmp_path):
    docs = [{"doc_id": "a", "incidents": [gold_incident(1, BAKERY, 4, "Tell Amra", optional=True)]}]
    gold = write_gold(tmp_path / "gold.jsonl", docs)
    tables = write_tables(tmp_path / "out", [article("a")], [mention("a", BAKERY, killed=(99, 99))])
    report = score_tables(gold, tables)
    assert report.as_dict()["detection"] == {"p": 0.0, "r": 0.0, "f1": 0.0, "tp": 0, "pred": 0, "gold": 0}
    assert report.as_dict()["usable_rows"] is None
    assert report.errors == []
    assert "none asked" in report.render()


def test_joined_and_split_incidents_are_told(tmp_path):
    docs = [{"doc_id": d, "incident": i, "killed": 1, "injured": 0} for d, i in (("a", "1"), ("b", "1"), ("c", "2"))]
    gold = write_gold(tmp_path / "gold.jsonl", docs)
    rows = [mention(d, BAKERY, killed=(1, 1), incident_id=i) for d, i in (("a", "x"), ("b", "y"), ("c", "y"))]
    incidents = [incident_row("x", killed=(1, 1)), incident_row("y", killed=(2, 3))]
    report = score_tables(gold, write_tables(tmp_path / "out", [article(d) for d in "abc"], rows, incidents))
    assert report.as_dict()["pairwise"] == {"p": 0.0, "r": 0.0, "f1": 0.0}
    assert report.as_dict()["b_cubed"]["p"] == pytest.approx(2 / 3, abs=1e-4)
    assert report.as_dict()["killed_right"] == pytest.approx(1 / 3, abs=1e-4)
    assert [line.split(":")[0] for line in report.errors] == ["y joins b (gold 1), c (gold 2)", "gold 1 is split"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"doc_id": "a"}\n{broken\n', "line 2"),
        ('{"id": "a"}\n', "no `doc_id`"),
        ('{"doc_id": "a", "incidents": []}\n', "Known shapes"),
    ],
)
def test_a_gold_file_that_is_none_is_refused(tmp_path, content, message):
    path = tmp_path / "gold.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        score_tables(path, tmp_path)


def test_a_folder_without_tables_is_refused(tmp_path):
    gold = write_gold(tmp_path / "gold.jsonl", [{"doc_id": "a", "incidents": [], "not_incidents": []}])
    with pytest.raises(TableError, match="no `articles` table"):
        score_tables(gold, tmp_path)


def test_gold_documents_without_an_article_are_told(tmp_path):
    gold = write_gold(tmp_path / "gold.jsonl", [{"doc_id": "gone", "incidents": [], "not_incidents": []}])
    report = score_tables(gold, write_tables(tmp_path / "out", [article("a")], []))
    assert report.warnings == ["1 of 1 gold documents have no article row, such as gone"]


def reference(script, gold, tables):
    """What the reference scorer says."""
    arguments = ["score", gold, tables] if script == "score_muc4.py" else ["--gold", gold, "--tables", tables, "--json"]
    done = subprocess.run([sys.executable, GOLD / script, *arguments], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def noisy_count(rng, count):
    if count is None or rng.random() < 0.15:
        return rng.choice([(None, None), (1, 1)])
    options = [(count["min"], count["max"]), *map(tuple, count.get("also", []))]
    return rng.choice([*options, (2, None)]) if rng.random() < 0.3 else options[0]


def noisy_mentions(rng, doc):
    """What a fair reader might have made of a coded article: some wrong, some missed, some doubled."""
    rows = []
    for gold in doc["incidents"]:
        for _ in range(rng.choice([0, 1, 1, 1, 1, 1, 2])):
            row = mention(
                doc["doc_id"],
                rng.sample(gold["sentences"], rng.randint(1, len(gold["sentences"]))),
                len(rows),
                killed=noisy_count(rng, gold["killed"]),
                injured=noisy_count(rng, gold["injured"]),
                date=(gold["date"]["start"], gold["date"]["end"]) if gold["date"] and rng.random() < 0.8 else None,
                sub_event_type=rng.choice([*gold["event_type"], "Attack"]),
                place_name=rng.choice([*gold["place"], "Hajin", None]),
                perpetrator=rng.choice([*gold["perpetrator"], "IS", None]),
                reported_by=rng.choice([gold["reported_by"], [], ["SANA"]]),
                victims=[v | {"text": None} for v in gold["victims"] if rng.random() < 0.8],
            )
            rows.append(row)
    return rows


@needs_gold
@pytest.mark.parametrize("name", ["seed", "dev"])
def test_coded_incidents_score_as_with_the_reference(tmp_path, name):
    rng = random.Random(7)
    docs = [json.loads(line) for line in (GOLD / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = [row for doc in docs for row in noisy_mentions(rng, doc)]
    tables = write_tables(tmp_path, [article(doc["doc_id"]) for doc in docs], rows)
    report = score_tables(GOLD / f"{name}.jsonl", tables)
    assert 0.2 < report.as_dict()["slots"]["f1"] < 1
    numbers = report.as_dict()
    assert numbers.pop("country")["of"] > 0  # the reference scorer does not look at it
    assert numbers == reference("score.py", GOLD / f"{name}.jsonl", tables)


def noisy_template_mentions(rng, doc):
    rows = []
    kinds = ["Attack", "Armed clash", "Remote explosive/landmine/IED", "Abduction/forced disappearance", "Other"]
    for gold in [*doc["incidents"], *rng.choices(doc["incidents"], k=1 if doc["incidents"] else 0)]:
        dates = [pair for pair in gold["dates"] if all(pair)]
        counts = {
            what: rng.choice([*map(tuple, gold[what] or []), (3, 3), (None, None)]) for what in ("killed", "injured")
        }
        rows.append(
            mention(
                doc["doc_id"],
                " ".join(rng.sample(gold["targets"], min(2, len(gold["targets"])))),
                len(rows),
                sub_event_type=rng.choice(kinds),
                date=tuple(rng.choice(dates)) if dates and rng.random() < 0.8 else None,
                place_name=rng.choice([*gold["places"], "Lima", None]),
                admin1=rng.choice([*gold["places"], None]),
                country_code=rng.choice([*gold["country"], None]),
                perpetrator=rng.choice([*gold["orgs"], None]),
                perpetrator_text=rng.choice([*gold["individuals"], None]),
                perpetrator_status=rng.choice(["stated", "suspected", "unknown"]),
                weapon_text=rng.choice([*gold["weapon"], None]),
                **counts,
            )
        )
    return rows


@needs_gold
def test_templates_score_as_with_the_reference(tmp_path):
    rng = random.Random(7)
    gold = GOLD / "muc4_dev_gold.jsonl"
    docs = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    rows = [row for doc in docs for row in noisy_template_mentions(rng, doc)]
    tables = write_tables(tmp_path, [article(doc["doc_id"]) for doc in docs], rows)
    report = score_tables(gold, tables)
    assert report.as_dict() == reference("score_muc4.py", gold, tables)
    assert 0.2 < report.as_dict()["F1, in scope"][0] < 1


@needs_gold
def test_joined_articles_score_as_with_the_reference(tmp_path):
    rng = random.Random(7)
    gold = GOLD / "merge_dev_gold.jsonl"
    docs = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    rows = [
        mention(doc["doc_id"], BAKERY, ordinal, incident_id=rng.choice([doc["incident"], doc["city"]]))
        for doc in docs
        for ordinal in range(rng.randint(0, 2))
    ]
    names = sorted({row["incident_id"] for row in rows})
    counts = [(None, None), (0, 1), (1, 1), (2, None), (0, 0)]
    incidents = [incident_row(n, killed=rng.choice(counts), injured=rng.choice(counts)) for n in names]
    tables = write_tables(tmp_path, [article(doc["doc_id"]) for doc in docs], rows, incidents)
    report = score_tables(gold, tables)
    assert report.as_dict() == reference("score_merge.py", gold, tables)
    assert 0.2 < report.as_dict()["b_cubed"]["f1"] < 1
