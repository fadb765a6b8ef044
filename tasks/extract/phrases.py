"""Finds the phrases of a passage that count people: "at least seven civilians", "a woman", "dozens of others", "120"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tasks.extract.numbers import read_quantities
from tasks.extract.phrase import CountPhrase
from tasks.extract.phrases_determined import (
    aged_phrases,
    all_there,
    determined_phrases,
    named_phrases,
    single_words,
    unlisted_people,
    with_titles,
)
from tasks.extract.phrases_numbers import is_no_count, number_phrase
from tasks.extract.predicates import casualty_form

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc

_NOBODY: Final = frozenset({"no", "nobody", "none"})


def find_count_phrases(doc: Doc) -> list[CountPhrase]:
    """All phrases of a parsed passage that count (or could count) people, left to right."""
    words = doc.lower
    phrases: list[CountPhrase] = []
    taken: set[int] = set()
    for i, word in enumerate(words) if not _NOBODY.isdisjoint(words) else ():
        if word == "no" and any((f := casualty_form(w)) is not None and f[1] == "noun" for w in words[i + 1 : i + 3]):
            last = next(j for j in range(i + 1, i + 3) if casualty_form(words[j]))
            phrases.append(CountPhrase(i, last, last, last, 0, 0, "none"))
            taken.update(range(i, last + 1))
            continue
        if word in ("nobody", "none") or (word == "no" and words[i + 1 : i + 2] == ["one"]):
            last = i + (word == "no")
            phrases.append(CountPhrase(i, last, last, last, 0, 0, "none"))
            taken.update(range(i, last + 1))
    for quantity in read_quantities(words):
        if any(i in taken for i in range(quantity.first, quantity.last + 1)) or is_no_count(doc, quantity):
            continue
        phrase = number_phrase(doc, quantity)
        if (
            phrase is None
            and words[quantity.first : quantity.last + 1] == ["one"]
            and doc[quantity.last].dep_ == "nummod"
        ):
            continue  # "one attendant" of a trade in no list
        if phrase is None:
            taken.update(range(quantity.first, quantity.last + 1))
            continue
        phrases.append(phrase)
        taken.update(range(phrase.first, phrase.last + 1))
    phrases += all_there(doc, taken)
    phrases += aged_phrases(doc, taken)
    phrases += determined_phrases(doc, taken)
    phrases += unlisted_people(doc, taken)
    phrases += single_words(doc, taken)
    return sorted(with_titles(doc, phrases, named_phrases(doc, taken)), key=lambda p: p.first)
