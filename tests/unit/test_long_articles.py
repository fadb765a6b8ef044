"""Reading of articles of very many incidents: what would look at all of them for each one looks at those around it."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

from tasks.extract.join import Beside
from tasks.extract.labels import Headed, Label
from tasks.extract.sentences import sentence_spans
from tasks.extract.tellings import Tellings


def _sentence(order: int) -> Any:
    return SimpleNamespace(order=order, field="text")


def _incident(order: int) -> Any:
    report = SimpleNamespace(order=order, sentence=_sentence(order))
    return SimpleNamespace(reports=[report], details=[], last_order=order)


def test_a_detail_is_offered_to_the_incidents_told_around_it() -> None:
    beside = Beside([_incident(order) for order in range(1, 400, 2)])
    assert [i.reports[0].order for i in beside.at(_sentence(200))] == list(range(161, 203, 2))
    assert [i.reports[0].order for i in beside.at(_sentence(300))] == list(range(261, 303, 2))


def test_few_incidents_are_all_offered() -> None:
    incidents = [_incident(order) for order in (1, 90, 180)]
    assert Beside(incidents).at(_sentence(5)) == incidents


def test_sentences_between_two_numbers() -> None:
    told = Tellings([_sentence(order) for order in (1, 2, 5, 6, 9)], [])
    assert [s.order for s in told.between(2, 6)] == [2, 5, 6]
    assert list(told.between(7, 8)) == []


def test_a_heading_holds_as_far_as_it_reaches() -> None:
    wide, narrow = (Label(s, s + 4, n, (), (), u) for s, n, u in ((0, "Wide", 100), (10, "Narrow", 20)))
    headed = Headed([wide, narrow])
    assert [headed.label_at(offset) for offset in (5, 15, 25, 120)] == [wide, narrow, wide, None]


def test_a_paragraph_full_of_abbreviations_takes_linear_time() -> None:
    def seconds(words: int) -> float:
        text = "The list names " + "Gen. Omar and No. 5 of Col. Musa and " * words
        started = time.process_time()
        assert list(sentence_spans(text))
        return time.process_time() - started

    seconds(10)
    assert seconds(8_000) < 3 * 8 * seconds(1_000) + 0.1
