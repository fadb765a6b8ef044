"""Recognises what stands around a story (share buttons, credits, captions …) by the patterns of words/furniture.toml."""

from __future__ import annotations

import functools
import re
import tomllib
from pathlib import Path
from typing import Any, Final

from tasks.clean.dates import date_line, date_pattern

_FILE: Final = Path(__file__).with_name("words") / "furniture.toml"
# A name as bylines have it: one to four capitalised words, with particles; cased.
_NAME: Final = r"[A-Z][\w.'-]*(?:\s+(?:al-|el-|de |van |von |bin |ibn |abu )?[A-Z][\w.'-]*){0,4}"
LONGEST: Final = 450


@functools.cache
def _file() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))


@functools.cache
def agencies() -> str:
    """All agency names as one alternation, longest first."""
    names = sorted(_file()["agencies"]["names"], key=len, reverse=True)
    return "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in names)


@functools.cache
def page_words(name: str) -> frozenset[str]:
    """The words of classes of HTML elements under `[page]`."""
    return frozenset(_file()["page"][name])


@functools.cache
def openers() -> re.Pattern[str]:
    """A capitalised word that opens a sentence, never a tag."""
    return re.compile(r"(?<=\s)(?:" + "|".join(_file()["openers"]["words"]) + r")\b(?=[ -])")


def _fill(pattern: str) -> str:
    date = re.sub(r"\?P<\w+>", "?:", date_pattern().replace("(?P=sign)", "[./-]"))
    return pattern.replace("{AGENCY}", agencies()).replace("{NAME}", _NAME).replace("{DATE}", date)


_TEMPLATES: Final = {
    "line": r"[\W_]*(?:{})\s*[\W_]*$",
    "front": r"(?:{})$",
    "tail": r"(?:{})\s*$",
    "lead": r"\s*(?:{})[\s.]*",
}


@functools.cache
def patterns(place: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The patterns of one place (`line`, `front`, `tail`, `lead`) with their kinds."""
    return tuple(
        (group["kind"], re.compile(_TEMPLATES[place].format(_fill(pattern)), re.IGNORECASE))
        for group in _file()[place]
        for pattern in group["patterns"]
    )


@functools.cache
def _any(place: str) -> re.Pattern[str]:
    """All patterns of a place at once: most lines are none, and one match tells."""
    every = "|".join(f"(?:{_fill(pattern)})" for group in _file()[place] for pattern in group["patterns"])
    return re.compile(_TEMPLATES[place].format(every), re.IGNORECASE)


@functools.cache
def abbreviations() -> frozenset[str]:
    """Words that a full stop may follow without the end of a sentence."""
    return frozenset(_file()["abbreviations"]["words"])


# Nothing shorter than a full line of prose with none of these signs of furniture is tried against all patterns: speed only.
_PROSE: Final = re.compile(r"[A-Z\"'][^\[\]|©@:/()]{120,}[.\"']$", re.DOTALL)


@functools.lru_cache(maxsize=4096)
def kind_of(line: str, front: bool = False) -> str | None:
    """What a whole line (paragraph) is, where it is no part of the story; None: as far as can be told, story.

    Args:
        line: The line, in plain characters.
        front: The story has not begun yet: by-lines and captions signed in round brackets are told as well.
    """
    line = line.strip()
    if not re.search(r"\w", line):
        return "boilerplate"
    if len(line) > LONGEST or (_PROSE.match(line) and "ontribut" not in line and " by " not in line):
        return None
    if date_line(line):
        return "date_line"
    for place in ("line", "front") if front else ("line",):
        if _any(place).match(line):
            return next((kind for kind, pattern in patterns(place) if pattern.match(line)), None)
    return None
