"""Takes date lines, repeated titles, tags and credits off the ends of a paragraph: many corpora hold a page as one line.

Only what can be delimited for certain is taken; what cannot stays in the story.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from typing import Final

from tasks.clean.dates import Written, dates_inside, leading_date, read_date
from tasks.clean.furniture import abbreviations, agencies, openers, patterns
from tasks.clean.normalise import WORD, words
from tasks.clean.story import STANDFIRST_WORDS, Story, title_forms

HEAD: Final = 900
TAIL: Final = 400
SECTION_WORDS: Final = 8
_SENTENCE_END: Final = re.compile(r"(?:[.!?][\"')\]]*|\))\s+$")
_MONTH_DAY: Final = re.compile(
    r"\b(?:(?P<day>\d{1,2})\s+(?P<month>[a-z]{3,9})\.?,?|(?P<month2>[a-z]{3,9})\.?\s+(?P<day2>\d{1,2}),)\s+(?P<year>\d{4}|\d{2})\b",
    re.IGNORECASE,
)
_STOP: Final = re.compile(r"\s*[.:|]\s*|\s*[–—-]\s+|\s+")
# As monitoring services of broadcasts write: PLACE, DAY (SOURCE) -- [Text].
_BROADCAST: Final = re.compile(r"[^\[\]\n]{3,120}?--\s*(?:\[[^\[\]]{1,160}\]\s*)+(?=\S)")
_NEXT: Final = re.compile(r"[A-Z0-9\"'(\[]")


@functools.cache
def _dateline() -> re.Pattern[str]:
    """A wire dateline: PLACE, [date] (AGENCY) -- [Text]; the agency in brackets is what makes it certain."""
    place = r"(?-i:[A-Z][\w.'’/-]*)(?:[ ,/]+(?-i:[A-Z(][\w.'’/)-]*)){0,6}"
    day = r"(?:,?\s*(?:\d{1,2}\s+[a-z]{3,9}\.?|[a-z]{3,9}\.?\s+\d{1,2})(?:,?\s+(?:\d{4}|'?\d{2}))?)?"
    mark = r"(?:\s*\[[^\[\]]{1,120}\])*"
    return re.compile(
        rf"(?P<place>{place}){day}\s*(?:\((?P<known>{agencies()})\)\s*(?:--?|–|—|:)?|\((?P<agency>[^()]{{2,60}})\)\s*(?:--?|–|—)){mark}\s*(?=\S)",
        re.IGNORECASE,
    )


def split_dateline(paragraph: str) -> int:
    """Where the wire dateline that a paragraph opens with ends ("BEIRUT (Reuters) - "); 0: it opens with none."""
    found = _dateline().match(paragraph[:260]) or _BROADCAST.match(paragraph) or _capitals().match(paragraph[:260])
    return found.end() if found and found.end() < len(paragraph) else 0


@functools.cache
def _capitals() -> re.Pattern[str]:
    """A place in capitals before a word that only opens a sentence ("BEIRUT At least seven …")."""
    return re.compile(rf"(?!(?:{agencies()})\b)[A-Z]{{4,}}(?: [A-Z]{{3,}}| [A-Z][a-z]+)?\s+(?={openers().pattern})")


# "NAIROBI, Kenya, Jan. 17, 2019 - …", "Quetta, 12 March 2009 (Agency): …": capitals, a full date, and what closes a date line.
_DATED_OPENING: Final = re.compile(
    r"\W{0,3}(?P<place>[A-Z][\w.'’/-]*(?:(?:,\s*|[ /]+)(?:(?:of|the|de|del|el|al)[ -])?[A-Z][\w.'’/-]*){0,6}?),?\s+(?:[|–—-]\s+)?\(?"
    r"(?P<date>(?:[0-3]?\d\s+[A-Z][a-zA-Z]{2,8}\.?,?|[A-Z][a-zA-Z]{2,8}\.?\s+[0-3]?\d,)\s+(?:19|20)\d\d)\)?"
    r"\s*(?:[(/][^()/\n]{2,40}[)/]\s*)?(?:--?|[–—:|])\s"
)


def dateline_date(dateline: str) -> dt.date | None:
    """The full date in a wire dateline ("Bogota, 27 Aug 89 (…)"); two figures from 50 on are of the last century."""
    found = _MONTH_DAY.search(dateline)
    if not found:
        return None
    year = found["year"]
    full = year if len(year) == 4 else ("19" if int(year) >= 50 else "20") + year
    written = read_date(f"{found['day'] or found['day2']} {found['month'] or found['month2']} {full}")
    return written.day if written else None


def opening_date(paragraph: str) -> dt.date | None:
    """The full date of a date line that names no agency ("NAIROBI, Kenya, Jan. 17, 2019 - …"); it stays in the paragraph."""
    found = _DATED_OPENING.match(paragraph[:160])
    return dateline_date(found["date"]) if found else None


def trim_head(story: Story, whole: bool) -> None:
    """Takes off what leads the first paragraph: date line, repeated title, agency and date, tags.

    Args:
        story: The story; its first paragraph, title, standfirst, date and removed pieces are changed.
        whole: The article is one line, so a standfirst may stand in it as well.
    """
    if not story.paragraphs:
        return
    text = story.paragraphs[0]
    text = _take_lead(story, text)
    dated = _take_date(story, text)
    found_date = dated != text
    text = _take_lead(story, dated)
    text = _take_title(story, text, found_date)
    if story.written is None:
        text = _take_date(story, text)
        text = _take_lead(story, text)
        if whole:
            text = _take_section(story, _take_signed_date(story, text))
    if whole:
        text = _take_tags(story, text)
    text = _take_names(story, _take_agency(story, text))
    text = _take_repeat(story, text)
    story.paragraphs[0] = text
    if not text:
        story.paragraphs.pop(0)


def _take_lead(story: Story, text: str) -> str:
    for kind, pattern in patterns("lead"):
        if found := pattern.match(text[:HEAD]):
            story.remove_in_front(kind, found.group().strip())
            text = text[found.end() :]
    return text


def _take_date(story: Story, text: str) -> str:
    if not (found := leading_date(text)):
        return text
    written, end = found
    story.remove_in_front("date_line", text[:end].strip())
    story.take_date(written)
    return text[end:]


def _take_title(story: Story, text: str, after_date: bool) -> str:
    """Takes off the title where the text repeats it word by word and it is sure that the title ends there."""
    for form in title_forms(story.title) if story.title else []:
        said = words(form)
        span = _find_title(said, text, after_date) if len(said) >= 3 else None
        if span is None:
            continue
        start, end = span
        rest = text[end:]
        stop = _STOP.match(rest)
        following = rest[stop.end() :] if stop else rest
        if not _ends_title(rest, following, after_date):
            continue
        if start:
            story.remove_in_front("byline", text[:start].strip())
        story.remove_in_front("repeated_title", text[start:end].strip())
        return following
    return text


def _find_title(said: list[str], text: str, after_date: bool) -> tuple[int, int] | None:
    """Where the words of the title stand at the head of the text; after a date line, a short "by NAME" may lead."""
    found = list(WORD.finditer(text, 0, HEAD))
    heard = [word.group().casefold() for word in found]
    leads = 12 if after_date and heard[:1] == ["by"] else 1
    for at in range(leads):
        if heard[at : at + len(said)] == said and "." not in text[: found[at].start()]:
            return (found[at].start() if at else 0), found[at + len(said) - 1].end()
    return None


def _ends_title(rest: str, following: str, after_date: bool) -> bool:
    """Whether the sentence really ends after the title: "US strikes kill 20" may go on with "Syrian troops"."""
    if not following:
        return False
    if re.match(r"\s*[.:|]\s", rest) or leading_date(following) or _signed_date(following, STANDFIRST_WORDS):
        return True
    if _section_date(following):
        return True
    if openers().match(" " + following, 1):
        return True
    return after_date and bool(_NEXT.match(following))


def _signed_date(text: str, most_words: int) -> tuple[Written, int, int, int] | None:
    """An agency's name with a full date after it ("AFP Saturday 7 Oct 2017"): date, agency's start, date's start, end."""
    for written, start, end in dates_inside(text[:HEAD]):
        before = text[:start]
        signed = re.search(rf"(?:^|(?<=\s))(?:{agencies()})(?:(?:,|\s+and)?\s+(?:{agencies()}))*\s+$", before)
        weekday = not text[start].isdigit()
        if signed and weekday and len(before[: signed.start()].split()) <= most_words:
            return written, signed.start(), start, end
    return None


def _take_signed_date(story: Story, text: str) -> str:
    """Standfirst, agency and date in front of the story, where the title stood before them."""
    if not any(kind == "repeated_title" for kind, _ in story.removed):
        return text
    found = _signed_date(text, STANDFIRST_WORDS)
    if not found:
        return text
    written, agency, date, end = found
    if standfirst := text[:agency].strip():
        story.standfirst = story.standfirst or standfirst
    story.remove_in_front("byline", text[agency:date].strip())
    story.remove_in_front("date_line", text[date:end].strip())
    story.take_date(written)
    return text[end:].lstrip()


def _take_section(story: Story, text: str) -> str:
    """Section names and a date between title and story ("Middle East 07-08-2013 …"), where the title stood before them."""
    if story.written or not any(kind == "repeated_title" for kind, _ in story.removed):
        return text
    if found := _section_date(text):
        written, start, end = found
        if start:
            story.remove_in_front("boilerplate", text[:start].strip())
        story.remove_in_front("date_line", text[start:end].strip())
        story.take_date(written)
        return _take_lead(story, text[end:].lstrip())
    return text


def _section_date(text: str) -> tuple[Written, int, int] | None:
    """A full date after nothing but a few capitalised words, with its offsets."""
    for written, start, end in dates_inside(text[:HEAD])[:1]:
        section = text[:start].split()
        if len(section) <= SECTION_WORDS and all(word[:1].isupper() or not word[:1].isalpha() for word in section):
            return written, start, end
    return None


def _take_names(story: Story, text: str) -> str:
    """Reporters' names alone between title and story ("Jane Doe John Roe. The army …"): no sentence, for want of a verb."""
    found = re.match(r"[A-Z][a-z'-]+(?: [A-Z][\w'-]+){1,5}\.\s+(?=[A-Z0-9\"])", text)
    if not found or story.written is None or not any(kind == "repeated_title" for kind, _ in story.removed):
        return text
    story.remove_in_front("byline", found.group().strip())
    story.author = story.author or found.group().strip(" .")
    return text[found.end() :]


def _take_tags(story: Story, text: str) -> str:
    """Standfirst and tags in front of the story ("Summary. Tags Syria Hama At least …"), where a sure word opens it."""
    found = re.search(r"(?<=[.!?\"]) (?-i:Tags) (?=[A-Z])", text[:HEAD])
    if not found or story.written is None or len(text[: found.start()].split()) > STANDFIRST_WORDS:
        return text
    opener = openers().search(text, found.end(), found.end() + 220)
    between = text[found.end() : opener.start()] if opener else ""
    if (
        opener is None
        or re.search(r"[.!?]", between)
        or len(between.split()) > 20
        or re.search(r"\b(?:and|of|on)\s*$", between)
    ):
        return text
    story.standfirst = story.standfirst or text[: found.start()].strip()
    story.remove_in_front("boilerplate", text[found.start() : opener.start()].strip())
    return text[opener.start() :]


def _take_agency(story: Story, text: str) -> str:
    """An agency's name alone between the title and the first sentence ("AFP Children were among …")."""
    found = re.match(rf"(?:{agencies()})\s+(?=[A-Z][a-z]+|\")", text)
    if not found or not any(kind == "repeated_title" for kind, _ in story.removed):
        return text
    if not (found.group().strip().isupper() or openers().match(" " + text[found.end() :], 1)):
        return text
    story.remove_in_front("byline", found.group().strip())
    return text[found.end() :]


def _take_repeat(story: Story, text: str) -> str:
    """The first sentence, where the text says it twice in a row: the first copy goes."""
    if len(text) < 160:
        return text
    again = text.find(text[:60], 60, HEAD)
    if again < 0:
        return text
    first = text[:again].rstrip(" .")
    if len(first.split()) >= 8 and text.startswith(first, again):
        story.remove_in_front("repeated_paragraph", text[:again].strip())
        return text[again:]
    return text


def trim_tail(story: Story) -> None:
    """Takes off what hangs on to the end of the last paragraph: credits, "Read also", share buttons, page numbers."""
    taken: list[tuple[str, str]] = []
    while story.paragraphs:
        text = story.paragraphs[-1]
        cut = _tail_cut(text)
        if cut is None:
            break
        kind, at = cut
        taken.append((kind, text[at:].strip()))
        story.paragraphs[-1] = text[:at].rstrip()
    story.removed.extend(reversed(taken))


def _tail_cut(text: str) -> tuple[str, int] | None:
    """Kind and start of a piece of furniture at the very end, that stands after the end of a sentence."""
    start = max(0, len(text) - TAIL)
    window = text[start:]
    for kind, pattern in patterns("tail"):
        for found in pattern.finditer(window):
            at = start + found.start()
            if at > 0 and _may_cut(text[:at], kind, found.group()):
                return kind, at
    return None


def _may_cut(before: str, kind: str, piece: str) -> bool:
    """Whether a piece of furniture may start here: after the end of a sentence (tag lists of portals need none)."""
    if kind == "boilerplate" and piece.startswith(("Tags", "Community")):
        return True
    if not _SENTENCE_END.search(before[-12:]):
        return False
    if not piece.strip()[-1:].isdigit():
        return True
    last = re.search(r"(\w+)\W*$", before)
    year = re.fullmatch(r"\s*(?:19|20)\d\d\s*", piece)
    return last is not None and not year and last.group(1).casefold() not in abbreviations()
