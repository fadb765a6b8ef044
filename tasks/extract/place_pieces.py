"""Cuts a capitalised run into names: type words off its ends, and apart where a text without commas runs places together."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from tasks.extract.gazetteer import Gazetteer
from tasks.extract.place_rules import SURE_PEOPLE
from tasks.extract.place_runs import Run, common_words
from tasks.extract.place_words import grammar, place_words

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc

LACKS_COMMAS: Final = "lacks_commas"  # key of `Doc.user_data`
_LONGEST_NAME: Final = 4  # words
_SHORTEST_HALF: Final = 4  # letters: shorter names are met by chance


def cut_run(doc: Doc, run: Run, gazetteer: Gazetteer, *, headline: bool) -> list[Run]:
    """The names in a run: one as a rule."""
    if len(run.words) > 1 and _known(gazetteer, " ".join(run.words)):
        return [run]
    whole = _mend_possessor(doc, _trim(doc, run, headline=headline), gazetteer)
    if len(whole.words) == 1 or _known(gazetteer, " ".join(whole.words)):
        return [whole]
    if len(whole.words) >= 3 and _is_row(doc, run):
        return _row(doc, whole, gazetteer)
    return _cut_at_known(doc, whole, gazetteer, headline=headline)


def lacks_commas(doc: Doc) -> bool:
    """Whether the article that the passage is from lost its commas, so that lists run together."""
    return bool(doc.user_data.get(LACKS_COMMAS))


def _trim(doc: Doc, run: Run, *, headline: bool) -> Run:
    start, end = run.start, run.end
    while size := _trailing_type(doc, start, end):
        end -= size
    while end - start > 1 and _is_leading_type(doc[start].text.lower(), headline=headline):
        start += 1
    if (start, end) == (run.start, run.end):
        return run
    return Run(start, end, tuple(doc[start:end].text.split()), run.possessor)


@cache
def _endings() -> frozenset[str]:
    """The last word of each type word: "area" of "local government area"."""
    return frozenset(phrase.split()[-1] for phrase in place_words().types)


def _trailing_type(doc: Doc, start: int, end: int) -> int:
    """How many words at the end of a run are one type word: 3 of "Bungudu Local Government Area"; 0 for none."""
    if doc.lower[end - 1] not in _endings():
        return 0
    for size in (3, 2, 1):
        if end - start > size:
            phrase = " ".join(t.text.lower() for t in doc[end - size : end])
            if phrase in place_words().types and phrase != "heights":
                return size
    return 0


def _is_leading_type(word: str, *, headline: bool) -> bool:
    w = place_words()
    return (word in w.types and word not in w.parts_of_name) or (headline and word in w.directions)


def _cut_at_known(doc: Doc, run: Run, gazetteer: Gazetteer, *, headline: bool) -> list[Run]:
    """Apart where both halves are known: "Zamalka Arbin", "Idlib Syria"; in a headline the known half alone."""
    w = place_words()
    for cut in _word_starts(doc, run)[1:]:
        before = doc[cut - 1].text.lower()
        if before in w.parts_of_name or before in w.directions:
            continue
        words, rest = doc[run.start : cut].text.split(), doc[cut : run.end].text.split()
        first, second = " ".join(words), " ".join(rest)
        attributed = second.lower() in grammar("headline_attribution") and _sure(gazetteer, first)
        if not attributed and min(len(first), len(second)) < _SHORTEST_HALF:
            continue
        if not (attributed or headline or lacks_commas(doc)) and gazetteer.country(second) is None:
            continue
        head, tail = Run(run.start, cut, tuple(words)), Run(cut, run.end, tuple(rest), run.possessor)
        if attributed:
            return [head]
        if lacks_commas(doc) and gazetteer.country(first) is not None and not _known(gazetteer, second):
            return [head]
        if lacks_commas(doc) and _one_country(gazetteer, first, second):
            return [head, *cut_run(doc, tail, gazetteer, headline=headline)]
        if (
            headline
            and _sure(gazetteer, first)
            and not _known(gazetteer, second)
            and doc[cut].text.lower() not in w.types
        ):
            return [head]
        if _sure(gazetteer, second) and (_known(gazetteer, first) or headline):
            return [*(cut_run(doc, head, gazetteer, headline=headline) if _known(gazetteer, first) else []), tail]
        if _sure(gazetteer, first) and _known(gazetteer, second):
            return [head, tail]
    return [run]


def _word_starts(doc: Doc, run: Run) -> list[int]:
    return [i for i in range(run.start, run.end) if i == run.start or doc[i - 1].whitespace_]


def _is_row(doc: Doc, run: Run) -> bool:
    """Whether a plural type word announces several names: "the towns of A B C and D"."""
    of = run.start >= 2 and doc[run.start - 1].lower_ == "of" and doc[run.start - 2].lower_ in grammar("plural_types")
    return of or (run.end < len(doc) and doc[run.end].lower_ in grammar("plural_types"))


def _row(doc: Doc, run: Run, gazetteer: Gazetteer) -> list[Run]:
    """From left to right the longest known name; else a word, with the article's word that it governs ("Bustan al-Qasr")."""
    starts = [*_word_starts(doc, run), run.end]
    articles, found, i = place_words().articles, [], 0
    while i < len(starts) - 1:
        longest = min(i + _LONGEST_NAME, len(starts) - 1)
        j = next((j for j in range(longest, i, -1) if _known(gazetteer, doc[starts[i] : starts[j]].text)), 0)
        if not j:
            j = i + 1
            word = doc[starts[i]].text.lower()
            article_next = j < len(starts) - 1 and doc[starts[j]].text.lower().rstrip("-") in articles
            if j < len(starts) - 1 and (word in place_words().parts_of_name or (article_next and word not in articles)):
                j += 1
        found.append(Run(starts[i], starts[j], tuple(doc[starts[i] : starts[j]].text.split())))
        i = j
    return found


def _mend_possessor(doc: Doc, run: Run, gazetteer: Gazetteer) -> Run:
    """In a text that lost its apostrophes "Aleppos outskirts" are Aleppo's."""
    name = " ".join(run.words)
    following = doc[run.end].text if run.end < len(doc) else ""
    if (
        len(name) < 5
        or not name.endswith("s")
        or name.lower() in common_words()
        or not following.isalpha()
        or gazetteer.lookup(name)
        or (following in grammar("plural_types") and not lacks_commas(doc))  # "the El Madaris neighbourhoods"
    ):
        return run
    return Run(run.start, run.end, tuple(name[:-1].split()), True) if _sure(gazetteer, name[:-1]) else run


def _one_country(gazetteer: Gazetteer, head: str, tail: str) -> bool:
    """Whether both are names of places in one country: a list that lost its comma."""
    if len(head) < 5 or len(tail) < 5:
        return False
    countries = [
        {e.country_code for e in gazetteer.lookup(n) if e.primary and e.source != "geonames"} for n in (head, tail)
    ]
    return bool(countries[0] & countries[1])


def _known(gazetteer: Gazetteer, name: str) -> bool:
    return gazetteer.country(name) is not None or any(e.primary for e in gazetteer.lookup(name))


def _sure(gazetteer: Gazetteer, name: str) -> bool:
    """A country, a province, or a town that many know."""
    return gazetteer.country(name) is not None or any(
        (e.kind != "settlement" and e.primary) or e.population >= SURE_PEOPLE for e in gazetteer.lookup(name)
    )
