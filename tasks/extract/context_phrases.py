"""Looks for the phrases of the context lists in a passage, most of which single words rule out."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tasks.extract import lexicon

if TYPE_CHECKING:
    import re

    from tasks.extract.parsed import Doc


@cache
def _by_word(section: str, key: str) -> dict[str, list[tuple[int, str, str]]]:
    """The phrases of a list by one of their words: its place in the list, the phrase, and what is looked for.

    What is looked for are whole words, or what a number at the end begins ("since 19").
    """
    found: dict[str, list[tuple[int, str, str]]] = {}
    for rank, phrase in enumerate(_phrases(section, key)):
        begun = phrase[-1].isdigit()
        whole = phrase.split()[: -1 if begun else None]
        assert whole, f"context.toml, [{section}] {key}: {phrase!r} needs a whole word before its number"
        found.setdefault(max(whole, key=len), []).append((rank, phrase, f" {phrase}" if begun else f" {phrase} "))
    return found


@cache
def _phrases(section: str, key: str) -> tuple[str, ...]:
    return tuple(lexicon.load("context")[section][key])


@cache
def listed(section: str, key: str) -> frozenset[str]:
    """The words of a list of context.toml."""
    return frozenset(_phrases(section, key))


def lower_words(doc: Doc) -> str:
    """The lower-case words of a passage between blanks."""
    return doc.remembered("lower_words", lambda: f" {' '.join(' '.join(doc.lower).split())} ")


def first_phrase(doc: Doc, section: str, key: str = "phrases", part: str | None = None) -> str | None:
    """The first phrase of a list of context.toml that stands in a passage; None: none does.

    Args:
        doc: The passage.
        section: A table of context.toml.
        key: The list in it.
        part: The part of its words, as `lower_words` gives them, to look in; None: all.
    """
    by_word = _by_word(section, key)
    if by_word.keys().isdisjoint(doc.lower):
        return None
    words = lower_words(doc) if part is None else part
    found = [entry for word in by_word.keys() & doc.lower for entry in by_word[word] if entry[2] in words]
    return min(found)[1] if found else None


def found_in(doc: Doc, pattern: re.Pattern[str], words: frozenset[str]) -> re.Match[str] | None:
    """What a pattern finds in a passage, looked for once, and only where one of the words stands that it cannot do without."""
    if words.isdisjoint(doc.lower):
        return None
    return doc.remembered(pattern.pattern, lambda: pattern.search(doc.text))
