"""Tells the running toll of a war or a campaign, or of many acts, from the count of one act or bout."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from typing import TYPE_CHECKING, Final

from tasks.extract import lexicon
from tasks.extract.context_phrases import first_phrase, found_in, listed
from tasks.extract.dates_choose import is_report_time

if TYPE_CHECKING:
    from tasks.extract.figure import Figure
    from tasks.extract.parsed import Doc
    from tasks.extract.spans import DateExpression

_SINCE_REACH: Final = 50  # characters from "since" to its day
# "the deadliest attack on the city since March", "the third such attack this month", "the heaviest in over a year"
_RANKS: Final = (
    "deadliest bloodiest heaviest biggest largest worst fiercest gravest greatest boldest highest strongest most"
    " first second third fourth fifth sixth latest"
).split()
_RANK_WORDS: Final = frozenset(_RANKS)
_RARITY: Final = re.compile(
    rf"\b(?:(?:{'|'.join(_RANKS)})\b(?: (?!since\b|in\b)[\w-]+){{0,4}}?"
    r" (?:attack|bombing|blast|raid|strike|airstrike|ambush|massacre|explosion|assault|incident|clash|battle|day|night|loss|killing|shooting|barrage|bombardment|shelling|toll)(?:e?s)?\b"
    r"(?:,? (?!has\b|have\b|had\b|was\b|were\b|killed\b|left\b|claimed\b)[\w'’-]+){0,8}?"
    r"|(?:deadliest|bloodiest|heaviest|biggest|largest|worst|fiercest|gravest))"
    r"(?:,? since\b|,? in (?:over|more|nearly|almost|at|several|many|two|three|four|five|six|years|months|weeks|a|the|recent|its)\b"
    r"|,? (?:this|for) (?:year|month|week|quarter|years|months|weeks)\b)[^,.;]{0,60}",
    re.IGNORECASE,
)
_OPENS_SPAN: Final = (
    "since",
    "in the past",
    "in the last",
    "over the",
    "during",
    "so far",
    "throughout",
    "this year",
    "this month",
    "the month of",
    "between",
    "from",
    "the past",
    "the last",
)
_RECORDS: Final = frozenset(
    "recorded documented registered logged counted monitored verified tallied records documents accumulates".split()
)
_BEGAN: Final = re.compile(
    r"\b(?:began|begun|started|launched|erupted|broke out|opened|commenced)\b[^.;]{0,40}$", re.IGNORECASE
)
_TOTAL: Final = re.compile(r"\W*(?:grand |overall )?totals?\s*[:=-]", re.IGNORECASE)
_BOUT_DAYS: Final = 7
_LONG_DAYS: Final = 60
_HUNDREDS: Final = 200


_WARS: Final = frozenset(
    "since conflict war uprising unrest revolt revolution crisis insurgency rebellion violence campaign infighting siege"
    " crackdown onslaught blockade offensive feud month year months years decades".split()
)
_SINCE_WAR: Final = re.compile(
    r"\bsince\b.{0,60}?\b(?:conflict|war(?! crime)|uprising|unrest|revolt|revolution|crisis|insurgency|rebellion|invasion|occupation|protests?|offensive|campaign|hostilities|coup|truce|ceasefire|inauguration|suspension|election|elections|takeover|seizure|resumption|collapse|breakdown|withdrawal|expiry|escalation|outbreak|takeover|siege|intervention|mutiny|blockade|(?:19|20)\d\d)\b"
    r"|\b(?:conflict|war(?! crime)|uprising|unrest|revolt|revolution|crisis|insurgency|rebellion|violence|campaign|infighting|siege|crackdown|onslaught|blockade|offensive|feud)\b.{0,60}?\b(?:has|have|had|which|that)\b.{0,30}?\b(?:killed|claimed|left|cost|taken|resulted)\b"
    r"|\bin the (?:\w+ ){1,2}(?:war|conflict|insurgency)\b"
    r"|\bnow in (?:its|their) \w+ (?:\w+ )?(?:month|year)\b"
    r"|\bsince (?:[\w'-]+ ){1,4}(?:began|started|erupted|flared|resumed|intensified|broke out)\b"
    r"|\bin (?:the )?(?:[\w-]+ ){0,3}(?:months|years|decades) of\b",
    re.IGNORECASE,
)


_ACTS: Final = frozenset(
    "massacres incidents cases instances occasions encounters airstrikes strikes attacks raids bombings sorties clashes"
    " operations provinces states departments governorates regions".split()
)
_MANY_ACTS: Final = re.compile(
    r"\b(?:[5-9]|\d{2,}|\d{1,3},\d{3}|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|dozens of|scores of|hundreds of)"
    r"\s+(?:\w+\s+)?(?:massacres|incidents|cases|instances|occasions|encounters)\b"
    r"|\b(?:\d{3}|\d{1,3},\d{3}|hundreds of|thousands of)\s+(?:(?!in\b|by\b|of\b|from\b|during\b|after\b|and\b|dead\b|people\b|(?:wound|injur|kill)ed\b|hurt\b)[\w-]+\s+){0,2}(?:air\s?strikes|strikes|attacks|raids|bombings|sorties|clashes|operations)\b"
    r"|\b(?:across|in)\s+(?:\d{2}|eleven|twelve|thirteen|\w+teen|\w+ty)\s+(?:provinces|states|departments|governorates|regions)\b",
    re.IGNORECASE,
)


def is_toll(doc: Doc, figure: Figure, dates: list[DateExpression], published_on: dt.date | None) -> str | None:
    """Why a figure is a running toll of a war or a campaign longer than seven days; None: it is not."""
    value = figure.min if figure.min is not None else figure.max
    if figure.kind in ("indefinite", "named") and value == 1:
        return None  # a war has no toll of one man
    rarity = _told_of_rarity(doc)
    dates = [d for d in dates if not rarity[0] <= d.start < rarity[1]]
    day_near = _day_near(figure, doc, dates)
    long_span = _long_span(doc, figure, dates, published_on)
    if long_span is not None and (not day_near or _adds_up(doc, figure, long_span)):
        return f"'{long_span.text}' spans more than {_BOUT_DAYS} days: a running toll"
    if (apart := _two_days_apart(doc, dates)) is not None:
        return f"'{apart}' spans more than {_BOUT_DAYS} days: a running toll"
    if (began := _began_long_ago(doc, figure, dates, published_on)) is not None:
        return f"'{began}' was more than {_BOUT_DAYS} days ago: a running toll"
    others = [t.lower_ for t in doc if not rarity[0] <= t.idx < rarity[1]] if rarity[1] else []
    phrase = first_phrase(doc, "toll", part=f" {' '.join(others)} " if others else None)
    if phrase is not None and (phrase.startswith("between ") or not day_near):
        return f"'{phrase}' makes it a running toll"
    if not day_near:
        many = found_in(doc, _MANY_ACTS, _ACTS)
        if many is not None:
            return f"'{many.group()}' makes it the toll of many acts"
        war = found_in(doc, _SINCE_WAR, _WARS)
        inside = war is not None and rarity[0] <= war.start() < rarity[1]
        if war is not None and not inside and not _is_bout(doc, war, dates, published_on):
            return f"'{war.group()}' makes it a running toll"
    if _TOTAL.match(doc.text):
        return "'total:' makes it the toll of what was told before"
    if _has_killed_hundreds(doc, figure, dates):
        return f"'{doc[figure.first : figure.last + 1].text}' in the perfect, with no day: a running toll"
    least = int(lexicon.load("context")["toll"]["minimum_alone"])
    one_day = figure.outcome == "abducted" or _is_of_one_act(doc, figure) or _is_done_by_one_act(doc, figure)
    if (
        value is not None
        and value >= least
        and not one_day
        and not any((d.date_end - d.date_start).days <= _BOUT_DAYS for d in dates)
    ):
        return f"{value} with no day or place of its own: a running toll"
    return None


def _told_of_rarity(doc: Doc) -> tuple[int, int]:
    """The characters that say how rare an act is, whose time is not the figure's: "the worst attack since March"; (0, 0): none."""
    told = found_in(doc, _RARITY, _RANK_WORDS)
    return (told.start(), _end_of_rarity(doc.text, told)) if told is not None else (0, 0)


def _end_of_rarity(text: str, told: re.Match[str]) -> int:
    """Where it ends: before the verb of the clause, if one follows."""
    verb = re.search(r" (?:has|have|killed|left|claimed|and|as|when|which)\b", text[told.start() : told.end()])
    return told.start() + verb.start() if verb is not None else told.end()


def _long_span(
    doc: Doc, figure: Figure, dates: list[DateExpression], published_on: dt.date | None
) -> DateExpression | None:
    """The time of more than a week that a figure is told of: "since March", "in the past month", "last year"."""
    for date in dates:
        if (date.date_end - date.date_start).days > _BOUT_DAYS and date.text.lower().startswith(_OPENS_SPAN):
            return date
    if published_on is not None:
        for date in dates:
            if _is_since(doc, date) and (published_on - date.date_end).days > _BOUT_DAYS:
                return date
    if (spell := _is_recorded(doc, figure, dates)) is not None:
        return spell
    if _is_of_a_long_time(doc, figure, dates):
        return max(dates, key=lambda d: d.date_end - d.date_start)
    return None


def _adds_up(doc: Doc, figure: Figure, span: DateExpression) -> bool:
    """Whether a figure is what an act brings a toll to: "Monday's deaths bring to 63 the number of people killed this year"."""
    before = doc.lower[max(0, figure.first - 2) : figure.first]
    adds = figure.rule == "toll_reaches" or before == ["number", "of"]
    return adds and span.text.lower().startswith(_OPENS_SPAN)


def _began_long_ago(doc: Doc, figure: Figure, dates: list[DateExpression], published_on: dt.date | None) -> str | None:
    """The words of a day on which only what killed them began: "the fighting that began on 4 April has killed 300"; None: there are none."""
    if published_on is None:
        return None
    for date in dates:
        began = _BEGAN.search(doc.text[max(0, date.start - _SINCE_REACH) : date.start])
        if began is not None and (published_on - date.date_end).days > _BOUT_DAYS and date.end < doc[figure.anchor].idx:
            return f"{began.group()}{doc.text[date.start : date.end]}"
    return None


def _two_days_apart(doc: Doc, dates: list[DateExpression]) -> str | None:
    """The words of a long span told by its ends: "between 1 January and 28 February"; None: there are none."""
    for date in dates:
        opened = doc.text[max(0, date.start - 12) : date.start].lower().split()
        if opened[-1:] in (["between"], ["from"]) and (date.date_end - date.date_start).days > _BOUT_DAYS:
            return f"{opened[-1]} {date.text}"
    for first, last in itertools.pairwise(sorted(dates, key=lambda d: d.start)):
        opened = doc.text[max(0, first.start - 12) : first.start].lower().split()
        joiner = doc.text[first.end : last.start].lower().split()
        long = (last.date_end - first.date_start).days > _BOUT_DAYS
        if long and opened[-1:] in (["between"], ["from"]) and joiner in (["and"], ["to"], ["until"], ["till"]):
            return doc.text[first.start - len(opened[-1]) - 1 : last.end]
    return None


def _has_killed_hundreds(doc: Doc, figure: Figure, dates: list[DateExpression]) -> bool:
    """Whether hundreds are told of in the perfect, with no day and no one act: "the strikes have killed hundreds of civilians"."""
    if figure.min is None or figure.min < _HUNDREDS or not figure.vague:
        return False
    anchor = doc[figure.anchor]
    verbs = (anchor, anchor.head, anchor.head.head)
    perfect = any(c.lower_ in ("has", "have") for v in verbs for c in v.children if c.dep_ == "aux")
    days = any((d.date_end - d.date_start).days <= _BOUT_DAYS for d in dates)
    return perfect and not days and not _tells_of_one_act(doc)


def _tells_of_one_act(doc: Doc) -> bool:
    """Whether a passage names a single act: "a car bomb", "the attack"."""
    acts = listed("toll", "one_act")
    return any(t.lower_ in ("a", "an", "the") and t.head.lower_ in acts for t in doc)


def _is_bout(doc: Doc, war: re.Match[str], dates: list[DateExpression], published_on: dt.date | None) -> bool:
    """Whether what the toll runs since began within a week: "since the army launched its offensive three days ago"."""
    if published_on is None or not war.group().lower().startswith("since"):
        return False
    return any(
        war.start() < d.start <= war.end() + _SINCE_REACH
        and not {",", ";"} & set(doc.text[war.start() : d.start])
        and 0 <= (published_on - d.date_start).days <= _BOUT_DAYS
        for d in dates
    )


def _is_of_one_act(doc: Doc, figure: Figure) -> bool:
    """Whether a number is told of one act by a relative clause: "the gas attack in which 1,400 are believed to have died"."""
    before = doc[max(0, figure.first - 3) : figure.first]
    words = [t.lower_ for t in before]
    return words[-2:] == ["in", "which"] and words[:1] != [] and before[0].lower_ in listed("toll", "one_act")


def _is_done_by_one_act(doc: Doc, figure: Figure) -> bool:
    """Whether one act governs the casualty word: "the gas attack claimed 1,300 lives", "the attack which killed 1,300"."""
    anchor, acts = doc[figure.anchor], listed("toll", "one_act")
    told = [c for c in anchor.children if c.dep_ in ("nsubj", "agent", "prep") and c.lower_ not in ("since", "from")]
    told += [c for t in told if t.dep_ in ("agent", "prep") for c in t.children if c.dep_ == "pobj"]
    verb = anchor
    for _ in range(3):
        told += [verb.head] if verb.dep_ in ("relcl", "ccomp", "acl") else []
        verb = verb.head
    return any(t.tag_ in ("NN", "NNP") and t.lower_ in acts for t in told)


def _is_recorded(doc: Doc, figure: Figure, dates: list[DateExpression]) -> DateExpression | None:
    """The weeks in which several acts were counted: "in October the office recorded 19 attacks, which left 16 dead"."""
    if figure.kind != "number" or not any(t.lower_ in _RECORDS for t in doc):
        return None
    return next((d for d in dates if (d.date_end - d.date_start).days > _BOUT_DAYS), None)


def _is_since(doc: Doc, date: DateExpression) -> bool:
    """Whether a clause that "since" opens leads to a day: "since it opened on 3 May"."""
    return "since" in doc.text[max(0, date.start - _SINCE_REACH) : date.start].lower().split()


def _is_of_a_long_time(doc: Doc, figure: Figure, dates: list[DateExpression]) -> bool:
    """Whether a number is told of a quarter, a year or longer, many dead of a month, and of no one act: "371 people were murdered last year"."""
    many = figure.outcome == "killed" and (figure.min or 0) >= _HUNDREDS
    return (
        figure.kind in ("number", "unknown")
        and bool(dates)
        and all((d.date_end - d.date_start).days > (_BOUT_DAYS if many else _LONG_DAYS) for d in dates)
        and not any(t.lower_ in ("a", "an") and t.head.lower_ in listed("toll", "one_act") for t in doc)
    )


def _day_near(figure: Figure, doc: Doc, dates: list[DateExpression]) -> bool:
    """Whether a single day stands close to the figure's casualty word, before any 'since'."""
    anchor = doc[figure.anchor].idx
    since = [t.idx for t in doc if t.lower_ == "since"]
    return any(
        (d.date_end - d.date_start).days <= 1
        and abs(d.start - anchor) < 60
        and not is_report_time(doc[:], d)  # "said on Monday that 400 had been killed since March"
        and " including " not in doc.text[anchor : d.start]  # "22 injured in 31 attacks, including in Qusra on 6 March"
        and not any(s < d.start <= s + _SINCE_REACH for s in since)
        and not doc.text[: d.start].lower().endswith("as of ")
        for d in dates
    )
