"""Tells which counted phrases are parts of another in the same sentence: "26 civilians, including 14 children"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tasks.extract.figure import Figure, make_figure
from tasks.extract.phrase import CountPhrase
from tasks.extract.predicates import Predicate, casualty_form
from tasks.extract.victims import group_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.parsed import Doc
    from tasks.extract.spans import ActorExpression

_NOMINAL_DEPS: Final = frozenset({"conj", "appos", "dep", "nmod", "nummod", "compound", "npadvmod", "amod", "quantmod"})
_BADLY: Final = frozenset({"seriously", "critically", "severely", "badly", "gravely", "slightly", "lightly"})
_PART_WORDS: Final = frozenset({"including", "include", "included", "includes", "among", "mostly", "mainly", "amongst"})
# may stand between "including" and the part: "22 bodies, including those of at least two women"
_BEFORE_PARTS: Final = frozenset("at least also of those them were are whom - two non".split())
_THEM: Final = frozenset({"them", "whom", "which"})
_DEAD: Final = frozenset({"dead", "fatal", "killed"})
_LISTED: Final = 16  # tokens within which a list ends that is told "among" others


def part_of(doc: Doc, phrase: CountPhrase, figures: Sequence[Figure]) -> int | None:
    """The first token of the figure that this phrase is a part of ("26 civilians including 14 children"); -1: of one told before."""
    token = doc[phrase.head]
    for _ in range(5):
        if token.dep_ == "pobj" and token.head.lower_ in _PART_WORDS:
            break
        part = next((f for f in figures if f.role == "part" and f.first <= token.head.i <= f.last), None)
        if token.dep_ == "conj" and part is not None:
            return None if _is_another(doc, phrase, figures) else part.whole
        if token.dep_ in _NOMINAL_DEPS and token.head.i != token.i:
            token = token.head
            continue
        break
    before_it = [w for w in doc.lower[max(0, phrase.first - 3) : phrase.first] if w != "also"]
    if before_it[-1:] == ["among"] and before_it[-2:-1] in (["were"], ["was"], ["are"], ["is"]):
        return None
    marker = token.head.i if token.dep_ == "pobj" and token.head.lower_ in _PART_WORDS else _part_word(doc, phrase)
    if marker is None and figures and figures[-1].role == "part":
        between = doc.lower[figures[-1].last + 1 : phrase.first]
        listed = phrase.kind in ("number", "indefinite") and bool(between) and set(between) <= {"and", ",", "plus"}
        if listed and _is_another(doc, phrase, figures):
            return None
        if listed or (phrase.kind == figures[-1].kind == "plural" and between == ["and"]):
            return figures[-1].whole
    if marker is None and (
        _how_badly(doc, phrase, figures)
        or _is_included(doc, phrase)
        or _all_of_them(doc, phrase, figures)
        or _some_or_most(doc, phrase, figures)
    ):
        marker = phrase.first
    if marker is None:
        return figures[0].first if _of_the_first(doc, phrase, figures) else None
    before = [f for f in figures if f.last < marker and f.role != "part"]
    return before[-1].first if before else -1


def _part_word(doc: Doc, phrase: CountPhrase) -> int | None:
    """The token of the words that make a phrase a part: "including", "most of them", "among whom", "of them"."""
    i, words = phrase.first - 1, doc.lower
    while i >= 0 and words[i] in _BEFORE_PARTS:
        i -= 1
    if i >= 0 and (words[i] in _PART_WORDS or _most_of_them(doc, i)):
        return i
    inside = set(doc.lower[phrase.first : phrase.last + 1])
    before = doc.lower[max(0, phrase.first - 2) : phrase.first]
    after = doc.lower[phrase.last + 1 : phrase.last + 3]
    among_them = before[:1] in (["among"], ["of"]) and not _THEM.isdisjoint(before)
    of_them = after[:1] in (["among"], ["of"]) and not _THEM.isdisjoint(after)
    if among_them or of_them or not _THEM.isdisjoint(inside):
        return phrase.first
    return _further_among_them(doc, phrase)


def _further_among_them(doc: Doc, phrase: CountPhrase) -> int | None:
    """The "among" of a list that the phrase goes on: "nine villagers, among them the chief and his three sons"."""
    words, joiner = doc.lower, phrase.first - 1
    theirs = not {"his", "her", "their"}.isdisjoint(words[phrase.first : phrase.last + 1])
    if joiner < 1 or words[joiner] != "and" or (words[joiner - 1] == "," and not theirs):
        return None
    for i in range(joiner, max(1, joiner - _LISTED), -1):
        if words[i] in ("them", "whom") and words[i - 1] in ("among", "amongst"):
            return i - 1
        if doc[i].tag_ in ("VBD", "VBZ", "VBP", ".", ":"):
            return None
    return None


def _some_or_most(doc: Doc, phrase: CountPhrase, figures: Sequence[Figure]) -> bool:
    """For "26 people, mostly children": some of those told right before."""
    if not figures or phrase.kind != "plural" or doc[phrase.first].lower_ not in ("most", "mostly", "some"):
        return False
    return set(doc.lower[figures[-1].last + 1 : phrase.first]) <= {",", "-", "–", "("}


def _of_the_first(doc: Doc, phrase: CountPhrase, figures: Sequence[Figure]) -> bool:
    """For "of the 19 dead, seven were children"."""
    if not figures or figures[0].first != 1 or doc[0].lower_ != "of":
        return False
    last = figures[0].last
    told_of = any(t.tag_ in ("VBD", "VBZ", "VBP") for t in doc[last + 2 : phrase.first])
    near = phrase.first - last <= 4 or (phrase.first - last <= 12 and doc[phrase.first - 1].text == ",")
    return near and not told_of


def _is_another(doc: Doc, phrase: CountPhrase, figures: Sequence[Figure]) -> bool:
    """Whether a civilian stands behind the parts of a number of fighters: "three soldiers, two of them officers, and a driver"."""
    whole = next((f for f in figures if f.first == figures[-1].whole), None) if figures else None
    if whole is None or whole.group != "combatant" or phrase.noun is None:
        return False
    span = list(doc[phrase.first : phrase.last + 1])
    return group_of(doc[phrase.noun], span, False) in ("civilian", "journalist", "humanitarian", "child")


def _is_included(doc: Doc, phrase: CountPhrase) -> bool:
    """For "seven people, two policemen included, were hurt"."""
    after = doc.lower[phrase.last + 1 : phrase.last + 3]
    return after[:1] == ["included"] and after[1:] in ([","], ["."], [")"], []) and doc[phrase.first - 1].text in ",(–-"


def _how_badly(doc: Doc, phrase: CountPhrase, figures: Sequence[Figure]) -> bool:
    """For "nine soldiers, three seriously": some of those hurt, with how badly."""
    if phrase.noun is not None or phrase.kind != "number" or not figures:
        return False
    after = doc[phrase.last + 1 : phrase.last + 3]
    return (
        figures[-1].outcome == "injured"
        and len(after) > 0
        and after[0].lower_ in _BADLY
        and not (len(after) > 1 and after[1].tag_ in ("VBN", "VBD", "JJ"))
    )


def _most_of_them(doc: Doc, at: int) -> bool:
    """Whether "most of them", "the majority of whom" begins at a token."""
    return doc.lower[at] in ("most", "majority", "half") and doc.lower[at + 1 : at + 3] in (
        ["of", "them"],
        ["of", "whom"],
        ["of", "which"],
    )


def _all_of_them(doc: Doc, phrase: CountPhrase, figures: Sequence[Figure]) -> bool:
    """For "nine people were killed, all civilians", "two women, both nurses,": another name for those counted."""
    if phrase.kind not in ("plural", "anaphoric", "number") or not figures or figures[-1].role != "count":
        return False
    before, word = doc.lower[max(0, phrase.first - 2) : phrase.first], doc.lower[phrase.first]
    return (
        (before[-1:] in (["all"], ["both"]) and before[:1] in ([","], ["-"], ["–"], ["—"], ["("]))
        or (before == ["all", "of"] and word in ("them", "whom"))
        or (word in ("all", "both") and (before[-1:] == [","] or figures[-1].last == phrase.first - 1))
    )


def told_among_next(doc: Doc, phrase: CountPhrase) -> bool:
    """Whether a phrase is told as a part of the number that follows ("nine nuns were among the 31 pilgrims slain")."""
    if phrase.kind not in ("number", "indefinite"):
        return False
    after = phrase.last + 1
    if after + 3 < len(doc) and doc[after].lower_ == "including":
        after += (
            3
            if doc[after + 1].lower_ in ("a", "an", "one", "two", "three", "four", "five") or doc[after + 1].like_num
            else 2
        )
    if doc.lower[after : after + 1] in (
        ["and"],
        [","],
    ):  # "three ministers and a judge were among the 20 people killed"
        verb = next((t.i for t in doc[after + 1 : after + _LISTED] if t.tag_ in ("VBD", "VBP", "VBZ", ":")), after)
        after = verb if doc.lower[verb : verb + 2] == ["were", "among"] else after
    words = [w for w in doc.lower[after : after + 4] if w != "also"][:3]
    return words[:2] in (["were", "among"], ["are", "among"], ["was", "among"], ["is", "among"]) or (
        words[:1] == ["among"] and words[1:2] not in (["them"], ["whom"], ["which"])
    )


def is_share(doc: Doc, figure: Figure) -> bool:
    """Whether a figure is a share of those whom its own words call dead or hurt: "two of the injured were taken to hospital"."""
    after = doc.lower[figure.last + 1 : figure.last + 4]
    if len(after) < 3 or after[0] != "of" or after[1] not in ("the", "those"):
        return False
    form = casualty_form(after[2])
    return form is not None and form[0] == figure.outcome


def runs_on(phrase: CountPhrase, phrases: list[CountPhrase]) -> bool:
    """Whether another number follows at once ("22 children 6 teachers killed", commas lost)."""
    return any(
        p.first in (phrase.last + 1, phrase.last + 2) and p.kind == "number" and p.noun is not None for p in phrases
    )


def of_next(doc: Doc, phrase: CountPhrase, figures: list[Figure], actors: Sequence[ActorExpression]) -> list[Figure]:
    """A phrase that takes its outcome from the figure right after it, as its part or as another of its list."""
    after = [f for f in figures if f.first > phrase.last]
    if not after:
        return []
    following = after[0]
    if told_among_next(doc, phrase):
        made = make_figure(doc, phrase, Predicate(following.anchor, following.outcome, "verb"), "part", actors)
        return [replace(made, role="part", whole=following.first)]
    if following.first > phrase.last + 2:
        return []
    return [
        make_figure(doc, phrase, Predicate(f.anchor, f.outcome, "verb"), "coordination", actors)
        for f in after
        if f.first == following.first
    ]


def parts_here(
    doc: Doc, phrase: CountPhrase, whole: int, figures: list[Figure], actors: Sequence[ActorExpression]
) -> list[Figure]:
    """A phrase as a part of the figures that start at the token `whole`; [] where there are none."""
    wholes = [f for f in figures if f.first == whole]
    if phrase.kind in ("unknown", "anaphoric"):
        return []
    if phrase.kind == "definite" and doc[phrase.first].lower_ not in ("his", "her", "their"):
        return []  # "including a mother and her infant" tells of two, "including the mayor" may be told of again
    if not wholes:
        return []
    if _all_of_them(doc, phrase, figures) and (phrase.min, phrase.max) in ((2, None), (2, 2)):
        if doc[phrase.last + 1 : phrase.last + 2].text == "and":  # "nine people, both fighters and civilians"
            phrase = replace(phrase, min=2, max=None, kind="plural")
        else:
            phrase = replace(phrase, min=wholes[0].min, max=wholes[0].max, kind="number")
    if wholes[0].outcome == "casualties" and phrase.kind == "number":
        dead = next((i for i in range(phrase.last, min(phrase.last + 5, len(doc))) if doc[i].lower_ in _DEAD), None)
        if dead is not None:  # "five casualties, two of them fatal"
            return [make_figure(doc, phrase, Predicate(dead, "killed", "adjective"), "part", actors)]
    parts = [
        replace(
            make_figure(doc, phrase, Predicate(f.anchor, f.outcome, "verb"), "part", actors), role="part", whole=whole
        )
        for f in wholes
    ]
    if phrase.kind == "named":  # "including the reporter X Y" says who was among them, "including X Y" does not
        return [replace(p, kind="indefinite") for p in parts if p.group]
    return parts


def minors(doc: Doc, phrase: CountPhrase) -> bool:
    """For "nine hikers, two under the age of 16"."""
    return (
        phrase.kind == "number"
        and phrase.noun is None
        and doc.lower[phrase.last + 1 : phrase.last + 4] == ["under", "the", "age"]
    )
