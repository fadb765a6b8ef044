"""Finds the capitalised runs of a passage that could be names, whatever the case style of the passage."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from tasks.extract.gazetteer import country_names, demonyms
from tasks.extract.gazetteer_fold import plain
from tasks.extract.place_words import grammar, place_words

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc

# Space-joined particles inside names; the short English words among them only count with a hyphen ("ez-Zor").
_TITLE_SHARE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Run:
    """A run of tokens that could be one name: [start, end)."""

    start: int
    end: int
    words: tuple[str, ...]  # the words as written, hyphened parts as one
    possessor: bool = False  # "Syria's", or "Syrias" where the text lost its apostrophes


@cache
def common_words() -> frozenset[str]:
    """Words that are no names even when a headline capitalises them."""
    text = files("tasks.extract.lexicon").joinpath("places_common_words.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def is_headline(doc: Doc) -> bool:
    """Whether the passage capitalises its ordinary words too."""
    if len(doc) > 60 or doc[-1].text == ".":
        return False
    words = [t.text for t in doc.tokens if len(t.text) > 3 and t.form.is_alpha]
    if len(words) < 4:
        return False
    ordinary = [w for w in words if w.lower() in common_words()]
    capital = sum(w[0].isupper() for w in ordinary)
    return len(ordinary) >= 2 and capital >= _TITLE_SHARE * len(ordinary)


def find_runs(doc: Doc, *, headline: bool) -> list[Run]:
    """All runs, from left to right; they do not overlap.

    Args:
        doc: the passage.
        headline: whether capitals mean nothing here, so that common words end a run.
    """
    runs: list[Run] = []
    end = 0
    for i in [i for i, token in enumerate(doc.tokens) if _may_open_run(token.text)]:
        if i < end:
            continue
        after = _run_end(doc, i, headline=headline)
        if after <= i and not headline and _is_small_word_of_name(doc, i):
            after = _run_end(doc, i + 1, headline=headline)
        if after > i:
            end = _country_end(doc, i, after)
            runs.extend(_split(doc, i, end))
    return runs


def _is_small_word_of_name(doc: Doc, i: int) -> bool:
    """Whether an English function word is part of a foreign name: "at Let Yet Kone", with a capital inside a sentence."""
    if not 0 < i < len(doc) - 1 or not doc.tokens[i].text.istitle() or not doc[i - 1].whitespace_:
        return False
    word, before, after = doc[i].lower_, doc[i - 1].text, doc[i + 1].text
    if word in ("the", "of", "and") or word in place_words().calendar or word not in grammar("function_words"):
        return False
    opens = before[:1].isupper() or before in (
        "in",
        "at",
        "near",
        "of",
        "on",
        "from",
        "to",
        "around",
        "outside",
        "the",
        "'s",
        "’s",
    )
    return opens and after.istitle() and after.isalpha() and doc[i].whitespace_ != ""


def _country_end(doc: Doc, start: int, end: int) -> int:
    """Where a country's name goes on over small words: "Democratic Republic of the Congo", "Bosnia and Herzegovina"."""
    if end < len(doc) and doc[end].lower_ in ("of", "and"):
        for extra in (3, 2):
            if end + extra <= len(doc) and plain(doc[start : end + extra].text) in country_names():
                return end + extra
    return end


@lru_cache(maxsize=65536)
def is_name_word(text: str, *, headline: bool) -> bool:
    """Whether a token can be part of a name by its shape."""
    if not text[:1].isupper() or not any(c.isalpha() for c in text):
        return False
    lower = text.lower()
    if lower in grammar("function_words") or lower.rstrip(".") in place_words().calendar:
        return False
    if not headline:
        return True
    w = place_words()
    return lower not in common_words() or lower in w.types or lower in w.directions or lower in w.parts_of_name


@lru_cache(maxsize=65536)
def _may_open_run(text: str) -> bool:
    """Whether a run may start with a token: a capital, or an article such as "al"; cheap, for every token is asked."""
    lower = text.lower()
    return text[:1].isupper() or lower.removesuffix("-") in place_words().articles


@lru_cache(maxsize=65536)
def _may_be_article(text: str) -> bool:
    """Whether a token is written as an article such as "al" or "al-"; cheap, for every token of a run is asked."""
    return text.lower().removesuffix("-") in place_words().articles


def _article_at(doc: Doc, i: int, *, headline: bool) -> int:
    """Length of an article that opens or continues a name at token i ("al", "-" or "al-"), else 0."""
    text, n = doc.tokens[i].text, len(doc)
    if not _may_be_article(text):
        return 0
    text = text.lower()
    if text.endswith("-") and text[:-1] in place_words().articles and i + 1 < n:
        return 1 if is_name_word(doc[i + 1].text, headline=headline) else 0
    if text not in place_words().articles or text == "the":
        return 0
    if (
        i + 2 < n
        and doc[i + 1].text in "-–"
        and not doc[i].whitespace_
        and is_name_word(doc[i + 2].text, headline=headline)
    ):
        return 2
    loose = text in ("al", "el") or (doc[i].text[:1].isupper() and text not in ("as", "at", "an", "the"))
    return 1 if loose and i + 1 < n and is_name_word(doc[i + 1].text, headline=headline) and doc[i].text != "AS" else 0


def _run_end(doc: Doc, i: int, *, headline: bool) -> int:
    """The token after the run that starts at i; i itself when none does."""
    n, tokens = len(doc), doc.tokens
    skip = _article_at(doc, i, headline=headline)
    if not skip and not is_name_word(tokens[i].text, headline=headline):
        return i
    j = i + skip + 1
    while j < n:
        token, before = tokens[j], tokens[j - 1]
        if token.text in "-–" and not before.whitespace_ and not token.whitespace_ and j + 1 < n:
            inner = _article_at(doc, j + 1, headline=headline)
            if inner or doc[j + 1].text[:1].isupper() or doc[j + 1].text.lower() in ("e", "i", "ye"):
                j += 2 + inner
                continue
            if _is_inner_word(doc, j + 1):
                j += 4
                continue
            return j
        if (
            token.text in "'’`"
            and not before.whitespace_
            and not token.whitespace_
            and j + 1 < n
            and doc[j + 1].is_alpha
        ):
            j += 2
            continue
        if token.text in ("'s", "’s") and _is_name_with_s(doc, j):
            j += 2
            continue
        skip = _article_at(doc, j, headline=headline)
        if skip:
            j += skip + 1
            continue
        if token.text in grammar("loose_particles") and j + 1 < n and is_name_word(doc[j + 1].text, headline=headline):
            j += 2
            continue
        unlike = not is_name_word(token.text, headline=headline) or token.text.startswith(("'", "’"))
        if unlike and (headline or not _is_small_word_of_name(doc, j)):
            return j
        j += 1
    return j


def _is_name_with_s(doc: Doc, i: int) -> bool:
    """Whether the possessive at i stands inside the name of a place: "Cox's Bazar"."""
    return i + 1 < len(doc) and f"{doc[i - 1].lower_}'s {doc[i + 1].lower_}" in grammar("names_with_s")


def _is_inner_word(doc: Doc, i: int) -> bool:
    """Whether a small word stands between the hyphens of a name: "Pont-sur-Yonne", "Rostov-on-Don"."""
    return (
        i + 2 < len(doc)
        and doc[i].text in grammar("inner_words")
        and doc[i + 1].text in "-–"
        and not (doc[i].whitespace_ or doc[i + 1].whitespace_)
        and doc[i + 2].text[:1].isupper()
    )


def _split(doc: Doc, start: int, end: int) -> list[Run]:
    """Cut a run at adjectives of nations and at possessors that lost their apostrophe ("Syrias Idlib")."""
    pieces: list[Run] = []
    at = start
    for i in range(start, end):
        token = doc.tokens[i]
        word = plain(token.text)
        whole = i == at and (i + 1 == end or token.whitespace_ or (i + 1 < end and doc[i + 1].text not in "-–"))
        people = i + 1 < end and token.lower_ in grammar("peoples")
        nation = word in demonyms() and plain(doc[at:end].text) not in country_names() and not _joined(doc, i)
        if whole and (people or nation):
            at = i + 1
        elif whole and i + 1 < end and _lost_apostrophe(word):
            pieces.append(Run(at, i + 1, (doc[i].text[:-1],), possessor=True))
            at = i + 1
    if at < end:
        possessor = end < len(doc) and doc[end].text in ("'s", "’s", "'", "’") and not doc[end - 1].whitespace_
        words = tuple(doc[at:end].text.split())
        if not possessor and len(words) == 1 and _lost_apostrophe(plain(words[0])):
            following = doc[end].text if end < len(doc) else ""
            possessor = following.islower() and following.isalpha()
            words = (words[0][:-1],) if possessor else words
        pieces.append(Run(at, end, words, possessor))
    return pieces


def _joined(doc: Doc, i: int) -> bool:
    """Whether the token is one half of a hyphened word."""
    return i + 1 < len(doc) and doc[i + 1].text in "-–" and not doc[i].whitespace_


def _lost_apostrophe(word: str) -> bool:
    return word.endswith("s") and word not in country_names() and word[:-1] in country_names() and len(word) > 4
