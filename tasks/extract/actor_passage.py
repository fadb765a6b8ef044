"""The words of a passage, and how the names and countries in them are read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from tasks.extract import actor_lexicon as lex

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc

# "rebels backed by Turkey"
_HELPED: Final = tuple([word, "by"] for word in ("backed", "supported", "sponsored", "trained", "funded", "inspired"))
_SKIPPED: Final = frozenset({"", "-", "–", "—", "/", '"', "“", "”", "‘", "’", "'", "s"})


@dataclass(frozen=True, slots=True)
class ActorContext:
    """What the article as a whole says about its actors: whose "army", "regime" and "coalition" it means.

    Attributes:
        home: ISO code of the country whose forces a bare "the army" is; None where the article names none often enough.
        coalition: Canonical name of the coalition that the article names.
    """

    home: str | None = None
    coalition: str | None = None


@dataclass(slots=True)
class Found:
    """An actor over the words [first, last] of a passage."""

    first: int
    last: int
    canonical: str
    kind: str
    country_code: str | None


class Passage:
    """The words of a passage with their tokens; readers that look for one kind of actor at one word derive from it."""

    def __init__(self, doc: Doc, context: ActorContext) -> None:
        self.doc, self.context = doc, context
        self.words: list[str] = []
        self.texts: list[str] = []  # the tokens of the words as written
        self.tokens: list[int] = []
        self._country: dict[int, tuple[int, lex.CountryWord] | None] = {}
        for token in doc.tokens:
            word = token.form.folded
            if word in _SKIPPED:
                continue
            text = token.text
            for part in filter(None, word.split("-")) if "-" in word else (word,):
                self.words.append(part)  # "U.S.-led" is one token
                self.texts.append(text)
                self.tokens.append(token.i)

    def _in_letters(self, least: int) -> list[str]:
        """Its words as written that begin with a letter and have so many characters."""
        tokens = self.doc.tokens
        written = [tokens[i].text for i in dict.fromkeys(self.tokens)]
        return [text for text in written if len(text) >= least and text[0].isalpha()]

    @cached_property
    def titled(self) -> bool:
        """Whether it capitalises its words, as headlines do."""
        long = self._in_letters(4)
        return sum(text[0].isupper() for text in long) > 0.75 * len(long)

    @cached_property
    def shouted(self) -> bool:
        """Whether it is in capitals."""
        words = self._in_letters(2)
        return len(words) > 5 and sum(map(str.isupper, words)) > 0.7 * len(words)

    def word(self, i: int) -> str:
        """Folded word i, "" outside the passage."""
        return self.words[i] if 0 <= i < len(self.words) else ""

    def written(self, first: int, last: int) -> str:
        """The text of words first to last."""
        if first == last:
            return self.texts[first]
        return self.doc[self.tokens[first] : self.tokens[last] + 1].text

    def _is_capital(self, i: int, count: int = 1) -> bool:
        text = "".join(self.doc[t].text for t in self.tokens[i : i + count]).replace(".", "")
        if not text.isupper():
            return False
        return not self.shouted or len(text) > 2 or self._armed_word(i + count)

    def _armed_word(self, i: int) -> bool:
        return any(
            table.longest(self.words, i) is not None for table in (lex.generic_nouns(), lex.organs(), lex.weapons())
        ) or self.word(i) in (
            "group",
            "led",
            "members",
        )

    def is_modifier(self, i: int) -> bool:
        """Whether word i makes what stands before it a mere modifier: "-backed", "-held"."""
        if self.word(i) == "armed" and self.word(i + 1) in ("forces", "force", "wing", "men", "group", "groups"):
            return False
        if self.word(i + 1) in ("the", "a", "an", "to", "with", "up") or self.words[i : i + 2] in _HELPED:
            return (
                False  # "rebels besieged the town", "gunmen armed with rifles", "fighters allied to the ex-president"
            )
        if self.word(i) in ("held", "controlled", "run") and "from" in self.words[max(0, i - 4) : i]:
            fired = lex.word_set("weapons", "sent")
            return fired.isdisjoint(self.words[max(0, i - 9) : i])  # "rockets fired from a rebel-held area"
        return self.word(i) in lex.word_set("compound_adjectives", "words")

    def country(self, i: int) -> tuple[int, lex.CountryWord] | None:
        """(number of words, country) of a country's name or adjective at word i; several readers ask for it."""
        if i not in self._country:
            self._country[i] = self._country_at(i)
        return self._country[i]

    def _country_at(self, i: int) -> tuple[int, lex.CountryWord] | None:
        hit = lex.countries().longest(self.words, i)
        if hit is None or (hit[1].capitals and not self._is_capital(i, hit[0])):
            return None
        return hit

    def name(self, i: int) -> Found | None:
        """A named actor of actors.csv, with the words for its people after it ("Daesh terrorists", "the ISIL group")."""
        hit = lex.names().longest(self.words, i)
        if hit is None:
            return None
        size, actor = hit
        if actor.exact is not None:
            text = "".join(self.doc[t].text for t in self.tokens[i : i + size])
            whole = (
                text == actor.exact.replace(" ", "").replace("-", "")
                if not actor.exact.isupper()
                else self._is_capital(i, size)
            )
            if not whole and not (text[:-1] == actor.exact and text[-1] == "s"):
                return None
        if self.is_modifier(i + size) or self.word(i - 1) in ("anti", "pro", "non"):
            return None
        last = i + size - 1
        if actor.kind != "state":
            for _ in range(3):
                noun = lex.generic_nouns().longest(self.words, last + 1)
                if noun is not None and self._adjacent(last, last + 1):
                    last += noun[0]
                elif self.word(last + 1) in lex.word_set("generic", "heads", "words") and self._adjacent(
                    last, last + 1
                ):
                    last += 1
                else:
                    break
        return Found(i, last, actor.canonical, actor.kind, actor.country_code)

    def _adjacent(self, i: int, j: int) -> bool:
        """Whether nothing but hyphens and quotes stands between words i and j."""
        return j < len(self.tokens) and all(self.doc[t].text != "s" for t in range(self.tokens[i] + 1, self.tokens[j]))
