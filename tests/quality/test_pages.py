"""The fixture pages are read at least as well as plain trafilatura reads them, and not worse than before."""

from __future__ import annotations

from dataclasses import astuple

import pytest

from tests.fixtures.pages.build import Page, pages
from tests.quality.pages import Score, body_f1, read_ours, read_plain, score, unwanted

# Lowered only with a reason; raised as reading gets better.
FLOOR = Score(title=1.0, date=1.0, author=0.95, body=0.994, clean=1.0)


def test_our_reading_is_over_its_floors_and_nowhere_under_trafilatura() -> None:
    both = [(page, read_ours(page), read_plain(page)) for page in pages()]
    ours = score([(page, mine) for page, mine, _ in both])
    plain = score([(page, theirs) for page, _, theirs in both])
    assert len(both) == 40
    assert all(have >= floor for have, floor in zip(astuple(ours), astuple(FLOOR), strict=True)), ours
    assert all(have >= theirs for have, theirs in zip(astuple(ours), astuple(plain), strict=True)), (ours, plain)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_paragraph_comes_through_and_no_furniture(page: Page) -> None:
    reading = read_ours(page)
    text = " ".join(reading.text.split())
    missing = [part for part in page.story.body if " ".join(part.split()) not in text]
    assert missing == []
    assert unwanted(page, reading) == []
    assert body_f1(page, reading.text) > 0.95
