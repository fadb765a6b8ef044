"""Finds the sentences of an article that are worth parsing, by their words alone: a parse is what costs most."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from tasks.extract import lexicon
from tasks.extract.cues import may_hold_cue
from tasks.extract.frames import captive_words, may_tell, story_verbs
from tasks.extract.parts import THEM
from tasks.extract.predicates import may_be_light, may_hit
from tasks.extract.sentences import sentence_spans

if TYPE_CHECKING:
    from tasks.extract.engine import ArticleText

# How far before and after a sentence with a figure others are read for when, where and by whom.
_BEFORE: Final = 4
_AFTER: Final = 6
_SPEAKING: Final = frozenset({"said", "says", "told", "according", "reported", "confirmed"})
_WORD: Final = re.compile(r"\w+|-")


# What announces the items of a bulletin: "The following are security developments in the south on Friday", "incidents logged by".
_LISTED: Final = frozenset(
    "developments incidents events attacks clashes violations places parts areas provinces districts encounters operations".split()
)
_HEADS_LIST: Final = re.compile(
    r"\b(?:following|these)\b.{0,40}\b(?:developments|incidents|events|attacks|clashes|violations)\b"
    r"|\b(?:developments|incidents|events|attacks)\b.{0,30}\b(?:logged|recorded|registered|reported|took place)\b"
    r"|\b(?:killed|dead|died|wounded|injured|slain|martyred)\b.{0,90}\b(?:separate|different|various) (?:\w+ )?(?:incidents|places|parts|areas|provinces|districts|encounters|operations)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of an article: its number in the article, the field that it stands in, its place there, its text."""

    number: int
    field: str
    offset: int
    text: str


@cache
def _casualty_words() -> frozenset[str]:
    """Words of sentences that may hold a casualty figure."""
    outcomes = lexicon.load("outcomes")
    words: set[str] = set()
    for outcome in ("killed", "injured", "abducted", "missing", "casualties"):
        part = outcomes[outcome]
        for group in (part["verbs"], part["intransitive"], part.get("verbs_of_fighters", {})):
            words.update(w for lemma, forms in group.items() for w in (lemma, *forms))
        words.update(w for key in ("words", "bodies", "adjectives") for w in part["nouns"][key])
    words.update(outcomes["cases"]["words"])
    words.update(outcomes["implied"]["words"])
    words.update(outcomes["gas"]["verbs"])
    words.update(
        ("condition", "stable", "survive", "recover", "treatment", "treated", "action", "hospital", "hospitals")
    )
    words.update(("gunfire", "bullet", "bullets", "shrapnel"))
    words.update(outcomes["killed"]["nouns_of_fighters"]["words"])
    words.update(outcomes["killed"]["falls"]["verbs"])
    words.update(outcomes["shot"]["forms"])
    return _opening(words)


@cache
def _detail_words() -> frozenset[str]:
    """Words, beside the cues, of sentences that may add to an incident told nearby."""
    claims = (
        "responsibility",
        "admitted",
        "planting",
        "verified",
        "denied",
        "blamed",
        "accused",
        "suspected",
        "responsible",
        "blame",
        "suspect",
        "suspicion",
        "attributed",
        "attributes",
        "attributing",
        "accuse",
        "pointed",
        "owned",
        "belonged",
        "hallmarks",
        "handiwork",
        "finger",
        "killers",
        "targeted",
        "behind",
        "carried",
        "suspects",
        "suspicions",
        "accuses",
        "accusing",
        "blames",
        "blaming",
        "culprits",
        "perpetrators",
        "claimed",
        "claims",
        "credit",
        "admits",
        "acknowledged",
    )
    return _opening({*lexicon.load("events")["anaphors"], *claims, "assailants", "attackers", "gunmen"})


@cache
def _day_words() -> frozenset[str]:
    """Words of sentences that name a day of the week, or today's and yesterday's."""
    days = {w for days in lexicon.load("dates")["weekdays"].values() for w in days}
    return frozenset(days | {"yesterday", "today", "overnight"})


@cache
def _setting_words() -> frozenset[str]:
    """Words of sentences that say where or when: the setting of what the next one counts."""
    dates, types = lexicon.load("dates"), lexicon.load("places")["types"]
    words = {w for days in dates["weekdays"].values() for w in days} | {w for m in dates["months"].values() for w in m}
    words |= {"yesterday", "today", "morning", "evening", "afternoon", "night", "dawn", "midnight", "noon", "overnight"}
    return frozenset(
        words.union(types["settlement"], types["part"], types["region"]) - {"may", "state", "part", "parts"}
    )


def _opening(items: set[str]) -> frozenset[str]:
    return frozenset(found.group() for item in items if (found := _WORD.search(item.lower())) is not None)


def heads_list(text: str, words: Iterable[str]) -> bool:
    """Whether a sentence, its lower-case words given, announces the items of a bulletin."""
    return not _LISTED.isdisjoint(words) and _HEADS_LIST.search(text) is not None


def _may_count(words: set[str]) -> bool:
    return not _casualty_words().isdisjoint(words) or may_tell(words) or may_be_light(words) or may_hit(words)


@cache
def _captives() -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(sorted(captive_words())) + r")\b")


def speaks_of_captives(article: ArticleText) -> bool:
    """Whether an article speaks of kidnappers or a ransom."""
    lowered = article.text.lower()
    return any(word in lowered for word in captive_words()) and _captives().search(lowered) is not None


def passages_worth_parsing(article: ArticleText, of_captives: bool) -> list[Passage]:
    """The sentences that can hold a casualty figure, and those that can add to it; none where there is no such sentence.

    What adds to it: sentences near it that name an act, a means or who answers for it.

    Args:
        article: The article.
        of_captives: Whether it speaks of captives, so that "taken" counts people.
    """
    found: list[Passage] = []
    counting, adding, setting, dated = set[int](), set[int](), set[int](), set[int]()
    speaking = set[int]()
    for name, text in (("title", article.title), ("standfirst", article.standfirst), ("text", article.text)):
        for start, end in sentence_spans(text or ""):
            passage = Passage(len(found) + 1, name, start, (text or "")[start:end])
            found.append(passage)
            words = _WORD.findall(passage.text.lower())
            if not _day_words().isdisjoint(words):
                dated.add(passage.number)
            if not _SPEAKING.isdisjoint(words):
                speaking.add(passage.number)
            if _may_count(set(words)) or (of_captives and not story_verbs().isdisjoint(words)):
                counting.add(passage.number)
            elif (
                not _detail_words().isdisjoint(words)
                or THEM.search(passage.text)
                or may_hold_cue(words)
                or heads_list(passage.text, words)
            ):
                adding.add(passage.number)
            elif not _setting_words().isdisjoint(words):
                setting.add(passage.number)
    reach = {n + d for n in counting for d in range(-_BEFORE, _AFTER + 1)}
    # Right before a count, and right after one that does not say when.
    beside = {n - 1 for n in counting} | ({n + 1 for n in counting - dated} & dated)
    told = {n + 1 for n in counting - speaking} & speaking  # who tells of a count that nobody tells
    read = counting | (adding & reach) | (setting & beside) | told
    return [passage for passage in found if passage.number in read]
