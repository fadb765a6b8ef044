"""No score on coded articles may fall below its floor; floors come down only by `python -m tests.quality.update --lower`."""

from __future__ import annotations

import os

import pytest

from tests.quality import gate
from tests.quality.update import moved

HELD = gate.CORPORA + (gate.SLOW_CORPORA if os.environ.get("QUALITY_GATE") == "all" else ())


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Tables by corpus; articles that several corpora share are read once."""
    read = {}

    def of(corpus):
        if corpus.articles not in read:
            read[corpus.articles] = gate.read_articles(corpus.articles, tmp_path_factory.mktemp(corpus.name))
        return read[corpus.articles]

    return of


@pytest.mark.parametrize("corpus", HELD, ids=lambda corpus: corpus.name)
def test_scores_hold_their_floors(corpus, tables):
    if not corpus.gold.is_file():
        pytest.skip(gate.WHY_SKIPPED)
    floors = gate.load_floors()[corpus.name]
    assert gate.fingerprint(corpus.gold) == floors["gold_sha256"], (
        "the gold changed: measure anew with the update command"
    )
    assert gate.below_floor(gate.measure(corpus, tables(corpus)), floors["floors"]) == []


def test_every_corpus_has_floors():
    assert {corpus.name for corpus in gate.CORPORA} <= set(gate.load_floors())


def test_floors_rise_by_themselves_and_fall_only_when_asked():
    floors = {"x": {"gold_sha256": "h", "floors": {"slots_f1": 0.5, "usable_rows": 0.3}}}
    risen, problems = moved("x", floors, {"slots_f1": 0.6, "usable_rows": 0.3}, "h", lower=False)
    assert (risen["floors"], problems) == ({"slots_f1": 0.6, "usable_rows": 0.3}, [])
    kept, problems = moved("x", floors, {"slots_f1": 0.6, "usable_rows": 0.2}, "h", lower=False)
    assert kept["floors"]["usable_rows"] == 0.3
    assert problems == ["x: usable_rows is 0.2, below its floor of 0.3; --lower accepts that"]
    lowered, problems = moved("x", floors, {"slots_f1": 0.6, "usable_rows": 0.2}, "h", lower=True)
    assert (lowered["floors"]["usable_rows"], problems) == (0.2, [])


def test_floors_of_another_gold_do_not_compare():
    floors = {"x": {"gold_sha256": "h", "floors": {"slots_f1": 0.5}}}
    _, problems = moved("x", floors, {"slots_f1": 0.9}, "other", lower=False)
    assert "has changed" in problems[0]


def test_a_score_that_is_gone_is_below_its_floor():
    assert gate.below_floor({}, {"slots_f1": 0.5}) == ["slots_f1 is None, below its floor of 0.5"]
