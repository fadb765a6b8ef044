"""How English-language news says that people were killed, hurt or abducted: every way in the fixture is counted, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

SENTENCES = Path(__file__).parents[1] / "fixtures" / "told.txt"


def ways() -> Iterator[tuple[str, str]]:
    """The texts of the fixture with what is counted in them."""
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            expected, text = (part.strip() for part in line.split("|", 1))
            yield text, expected


@pytest.mark.parametrize(("text", "expected"), list(ways()))
def test_those_told_of_are_counted(read_article, text: str, expected: str) -> None:
    counted: dict[str, int] = {}
    for figure in read_article(text).figures:
        if figure["disposition"] == "incident":
            counted[figure["outcome"]] = counted.get(figure["outcome"], 0) + (figure["min"] or 0)
    told = ", ".join(f"{outcome} {least}" for outcome, least in sorted(counted.items(), reverse=True))
    assert (told or "-") == ", ".join(sorted(expected.split(", "), reverse=True))
