"""Casualty figures in the words of many wars and registers: who is counted, how many, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from expectations.vocabulary import GROUPS, OUTCOMES

SENTENCES = Path(__file__).parents[1] / "fixtures" / "figures.txt"
Row = tuple[str, str, str | None, int | None, int | None, str]


def sentences() -> Iterator[tuple[str, list[Row]]]:
    """The sentences of the fixture with the figures expected in them."""
    text, rows = "", []
    for line in [*SENTENCES.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("#"):
            continue
        if line.startswith("    "):
            words, outcome, group, bounds, role = (part.strip() for part in line.split("|"))
            low, high = (int(b) if b else None for b in bounds.split(".."))
            rows.append((words, outcome, None if group == "-" else group, low, high, role))
            continue
        if text:
            yield text, rows
        text, rows = line, []


@pytest.fixture(scope="module")
def figures_of(read_sentences) -> Callable[[str], list[Row]]:
    def read(text: str) -> list[Row]:
        return [
            (s.doc[f.first : f.last + 1].text, f.outcome, f.group, f.min, f.max, f.role)
            for s in read_sentences(text)
            for f in s.figures
        ]

    return read


@pytest.mark.parametrize(("text", "expected"), list(sentences()))
def test_figures_of_a_sentence(figures_of, text: str, expected: list[Row]) -> None:
    assert figures_of(text) == expected


def test_the_sentences_cover_every_outcome_and_group() -> None:
    rows = [row for _, expected in sentences() for row in expected]
    assert {row[1] for row in rows} == set(OUTCOMES)
    assert {row[2] for row in rows} == {*GROUPS, None}


def test_taken_from_home_or_off_a_bus_is_abducted(read_sentences) -> None:
    taken = "Some twenty men with armbands took seven farmers from their homes in Korr on Monday."
    saved = "Neighbours pulled two families from their house and took them to hospital."
    assert [(f.outcome, f.min) for s in read_sentences(taken) for f in s.figures] == [("abducted", 7)]
    assert all(f.outcome != "abducted" for s in read_sentences(saved) for f in s.figures)
