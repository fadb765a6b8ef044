"""Lines of a page to its story: title, standfirst, paragraphs, and what was taken out, each as what it is."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import Final

from tasks.clean.dates import Written, date_line
from tasks.clean.furniture import kind_of
from tasks.clean.normalise import words

FRONT_LINES: Final = 12
STANDFIRST_LINES: Final = 2
STANDFIRST_WORDS: Final = 60
TITLE_CHARACTERS: Final = 200
REPEAT_WORDS: Final = 8
_BYLINE: Final = re.compile(r"(?:by|written by|reported by|from):?\s+(.+)", re.IGNORECASE)
_HEADING: Final = re.compile(
    r"(?:related|read|more|also|recommended|most|trending|you (?:may|might))\b[^.!?]{0,60}$", re.I
)


@dataclass(slots=True)
class Story:
    """What a document holds.

    Attributes:
        title: Headline, handed over or found.
        standfirst: The summary under it.
        author: Name in a by-line.
        written: The date of the article's own date line.
        paragraphs: The story.
        removed: (kind, words) of what was taken out, in order.
    """

    title: str | None = None
    standfirst: str | None = None
    author: str | None = None
    written: Written | None = None
    paragraphs: list[str] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)
    in_front: int = 0  # how many of `removed` stood before the story

    def remove_in_front(self, kind: str, text: str) -> None:
        """Records what was taken out before the story, in the order of the page."""
        self.removed.insert(self.in_front, (kind, text))
        self.in_front += 1

    def take_date(self, written: Written | None) -> None:
        """Keeps the first date line; one of publication wins over one of an update."""
        if written and (self.written is None or (self.written.is_update and not written.is_update)):
            self.written = written


def same_title(line: str, title: str | None) -> bool:
    """Whether a line repeats the title (its site's name after a bar or dash aside)."""
    if not title or len(line) > 2 * TITLE_CHARACTERS:
        return False
    said = words(line)
    return bool(said) and said in _title_words(title)


@functools.lru_cache(maxsize=64)
def _title_words(title: str) -> list[list[str]]:
    return [words(form) for form in title_forms(title)]


def title_forms(title: str) -> list[str]:
    """The title, and without the site's name or section that follows a bar or a spaced dash."""
    forms = [title]
    for sign in (" | ", " - ", " – ", " — "):
        first = title.split(sign)[0].strip()
        if first != title and len(first.split()) >= 4 and first not in forms:
            forms.append(first)
    return forms


def read_lines(lines: list[str], title: str | None, find_title: bool) -> Story:
    """The story of a text whose paragraphs are lines.

    Args:
        lines: The lines, in plain characters, none blank.
        title: Title handed over.
        find_title: Whether the first line may be the title where none was handed over.
    """
    story = Story(title=title)
    lines = list(lines)
    if find_title and not title and _is_title(lines):
        story.title = lines.pop(0)
    start = _read_front(lines, story)
    _read_body(lines[start:], story)
    return story


def _is_title(lines: list[str]) -> bool:
    if len(lines) < 2 or len(lines[0]) > TITLE_CHARACTERS:
        return False
    first = lines[0]
    if same_title(lines[1], first):
        return True
    return not re.search(r"[.;,:][\"')\]]*$", first) and kind_of(first, front=True) is None and len(first.split()) >= 3


def _read_front(lines: list[str], story: Story) -> int:
    """Takes the front (repeated title, standfirst, date, by-line, caption); returns the line that the story begins with."""
    kinds: list[str | None] = []
    for position, line in enumerate(lines[:FRONT_LINES]):
        kinds.append("repeated_title" if position < 6 and same_title(line, story.title) else kind_of(line, front=True))
    last = _last_furniture(lines, kinds)
    plain = [line for line, kind in zip(lines[:last], kinds, strict=False) if kind is None]
    if plain:
        story.standfirst = " ".join(plain)
    for line, kind in zip(lines[:last], kinds, strict=False):
        if kind is not None:
            _take(story, kind, line)
    story.in_front = len(story.removed)
    return last


def _last_furniture(lines: list[str], kinds: list[str | None]) -> int:
    """Where the front ends: after the last piece of furniture that has no more than a standfirst before it."""
    end = plain_lines = plain_words = 0
    for position, kind in enumerate(kinds):
        if kind is None:
            plain_lines += 1
            plain_words += len(lines[position].split())
            if plain_lines > STANDFIRST_LINES or plain_words > STANDFIRST_WORDS:
                break
        elif plain_lines == 0 or _is_story(lines[position + 1 :]):
            # A caption or credit right after a sentence does not make that sentence a standfirst.
            if plain_lines == 0 or kind in ("date_line", "read_time", "byline", "share"):
                end = position + 1
            elif end:
                break
    return end


def _is_story(lines: list[str]) -> bool:
    """Whether what follows is enough to be the story."""
    return sum(len(line.split()) for line in lines if kind_of(line) is None) >= 30


def _take(story: Story, kind: str, line: str) -> None:
    story.removed.append((kind, line))
    if kind == "date_line":
        story.take_date(date_line(line))
    elif kind == "byline" and story.author is None and (found := _BYLINE.match(line)):
        story.author = found.group(1).strip()


def _read_body(lines: list[str], story: Story) -> None:
    seen: set[tuple[str, ...]] = set()
    end = _end_of_story(lines)
    for position, line in enumerate(lines):
        said = tuple(words(line))
        kind = kind_of(line, front=not story.paragraphs) if position < end else (kind_of(line) or "related")
        if kind is None and len(said) >= REPEAT_WORDS:
            if said in seen:
                kind = "repeated_paragraph"
            seen.add(said)
        if kind is None and not story.paragraphs and same_title(line, story.title) and len(lines) > 1:
            kind = "repeated_title"
        if kind is None:
            story.paragraphs.append(line)
        else:
            _take(story, kind, line)
    if not story.paragraphs:
        _put_back(story)


def _put_back(story: Story) -> None:
    """A document of which nothing would be left: its whole sentences were no captions, but the story."""
    kept = [
        piece
        for piece in story.removed
        if piece[0] not in ("caption", "related") or len(piece[1].split()) < REPEAT_WORDS
    ]
    story.paragraphs = [line for kind, line in story.removed if (kind, line) not in kept]
    story.removed, story.in_front = kept, min(story.in_front, len(kept))


def _end_of_story(lines: list[str]) -> int:
    """The line of a heading such as "Related stories" after which only headlines and furniture follow; else the end."""
    for position in range(len(lines) - 1, max(-1, len(lines) - 15), -1):
        if kind_of(lines[position]) != "related" or not _HEADING.match(lines[position].rstrip(" :>»|")):
            continue
        after = lines[position + 1 :]
        if after and all(_is_headline(line) or kind_of(line) for line in after):
            return position
    return len(lines)


def _is_headline(line: str) -> bool:
    return len(line.split()) <= 18 and not re.search(r"[.!?]['\")\]]*$", line)
