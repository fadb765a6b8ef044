"""Numbers with their nouns, for messages and pages that people read."""

from __future__ import annotations

import re

_PLURALS = re.compile(r"\b(article|check|document|figure|file|incident|mention|report|row|source|state)s\b")


def counted(number: int, one: str, several: str | None = None) -> str:
    """A number with its noun: "1 article", "1,204 articles"."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def counted_field(number: int, field: str) -> str:
    """A count with the name of its field: "12 new sources", "1 new source"."""
    several = field.replace("_", " ")
    return counted(number, _PLURALS.sub(r"\1", several), several)
