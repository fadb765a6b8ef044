"""Tells what a casualty figure is when it is no incident of the story: toll, threat, caption, background, no violence."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from functools import cache
from typing import TYPE_CHECKING, Final

from tasks.extract import lexicon
from tasks.extract.dates_choose import is_report_time

if TYPE_CHECKING:
    from tasks.extract.figure import Figure
    from tasks.extract.parsed import Doc
    from tasks.extract.spans import DateExpression

_SINCE_REACH: Final = 50  # characters from "since" to its day
_NTH_REACH: Final = 40  # characters before a span of time in which the act stands that is one of several in it
_NTH_ACT: Final = re.compile(
    r"\b(?:second|third|fourth|fifth|latest|first) (?:such )?(?:\w+ )?(?:attack|bombing|blast|raid|strike|ambush|massacre|explosion)\b",
    re.IGNORECASE,
)  # "the third such attack this month"
_PROSPECT: Final = re.compile(
    r" (?:the |that |this |its )?(?:death |casualty )?(?:toll|tolls|number|figure) (?:\w+ ){0,4}?"
    r"(?:likely|expected|feared|set|bound|could|may|might|would|will) (?:to |yet |still |further )*(?:rise|climb|increase|grow|go up)\b"
)  # "the toll was likely to rise": says nothing of a figure told before
_BOUT_DAYS: Final = 7
_LONG_DAYS: Final = 60
_HUNDREDS: Final = 200


@cache
def _searched(section: str, key: str) -> tuple[tuple[str, str], ...]:
    """The phrases of a list with what is looked for: whole words, or what a number at the end begins."""
    return tuple((p, f" {p}" if p[-1].isdigit() else f" {p} ") for p in _phrases(section, key))


@cache
def _needed(section: str, key: str) -> frozenset[str] | None:
    """Words without which none of a list's phrases stands in a passage: one of each, the longest; None: there are no such words."""
    words = [p.split()[: None if searched.endswith(" ") else -1] for p, searched in _searched(section, key)]
    return frozenset(max(w, key=len) for w in words) if all(words) else None


@cache
def _phrases(section: str, key: str) -> tuple[str, ...]:
    return tuple(lexicon.load("context")[section][key])


def _words(doc: Doc) -> str:
    """The lower-case words of a passage between blanks; kept with the Doc, since every list of phrases asks for them."""
    words = doc.user_data.get("lower_words")
    if words is None:
        words = doc.user_data["lower_words"] = " " + " ".join(t.lower_ for t in doc if not t.is_space) + " "
    return str(words)


def _may_hold(doc: Doc, section: str, key: str) -> bool:
    """Whether a phrase of a list may stand in a passage: most lists are ruled out by single words."""
    needed = _needed(section, key)
    if needed is None:
        return True
    single = doc.user_data.get("lower_set")
    if single is None:
        single = doc.user_data["lower_set"] = frozenset(_words(doc).split(" "))
    return not needed.isdisjoint(single)


def first_phrase(doc: Doc, section: str, key: str = "phrases") -> str | None:
    """The first phrase of a context list that stands in a passage; None: none does."""
    if not _may_hold(doc, section, key):
        return None
    words = _words(doc)
    return next((phrase for phrase, searched in _searched(section, key) if searched in words), None)


def is_update(doc: Doc) -> bool:
    """Whether a passage says that its figure replaces or repeats an earlier one, apart from what the toll may yet come to."""
    if not _may_hold(doc, "update", "phrases"):
        return False
    words = _words(doc)
    prospect = _PROSPECT.search(words)
    told = words if prospect is None else words[: prospect.start() + 1]
    return any(searched in told for _, searched in _searched("update", "phrases"))


def is_threat(doc: Doc, figure: Figure) -> str | None:
    """Why the casualty word tells of something not done: a modal, a threat, a plan, a condition; None: it was done."""
    anchor = doc[figure.anchor]
    while anchor.dep_ == "conj" and anchor.tag_ == "VB" and anchor.head.tag_ == "VB":
        anchor = anchor.head  # "to kill or injure scores"
    verbs = set(_phrases("threat", "verbs"))
    modals = {c.lower_ for c in anchor.children if c.dep_ in ("aux", "auxpass") and c.text != "May"} & set(
        _phrases("threat", "modals")
    )
    if anchor.tag_ == "VB" and anchor.dep_ == "conj" and not modals:
        modals = {c.lower_ for c in anchor.head.children if c.dep_ == "aux"} & set(_phrases("threat", "modals"))
    if figure.rule == "toll_reaches" and (hedge := _not_reached(doc, figure)):
        return f"'{hedge}': a number that may yet be reached"
    if modals - {"to"} and not any(
        c.lower_ == "have" and c.i < anchor.i for c in anchor.children if c.dep_ == "aux" and "may" in modals
    ):
        return f"'{sorted(modals - {'to'})[0]} {anchor.text}' tells of what may happen, not of what did"
    if "to" in modals and anchor.dep_ in ("xcomp", "advcl", "acl", "relcl", "ccomp", "conj"):
        governor = anchor.head
        if governor.lower_ in verbs or anchor.dep_ in ("advcl", "acl"):
            return f"'{governor.text} to {anchor.text}' tells of an intention"
    if anchor.dep_ in ("pcomp", "pobj") and anchor.head.head.lower_ in verbs:
        return f"'{anchor.head.head.text} … {anchor.text}' tells of an intention or a fear"
    if anchor.tag_ == "VB" and anchor.head.i < anchor.i:
        may = {c.lower_ for c in anchor.head.children if c.dep_ == "aux"} & _MAY_DO
        if may:
            return f"'{sorted(may)[0]} {anchor.head.text} … {anchor.text}' tells of what may happen, not of what did"
    clause = anchor
    for _ in range(3):
        mark = [c.lower_ for c in clause.children if c.dep_ == "mark"]
        if "if" in mark or "unless" in mark:
            return f"'{mark[0]}' makes it a condition"
        if clause.head.i == clause.i:
            break
        clause = clause.head
    return None


_MAY_DO: Final = frozenset({"may", "might", "could", "will", "would"})
_MAY_REACH: Final = frozenset({"could", "may", "might", "likely", "expected"})
_REACHED: Final = frozenset({"stands", "stood", "reached", "rose", "risen", "climbed", "rises"})


def _not_reached(doc: Doc, figure: Figure) -> str | None:
    """The word that makes a toll one to come: "the toll could reach 40", "is expected to rise to 40"."""
    between = doc.lower[figure.anchor + 1 : figure.first]
    return next((w for w in between if w in _MAY_REACH), None) if _REACHED.isdisjoint(between) else None


_SINCE_WAR: Final = re.compile(
    r"\bsince\b.{0,60}?\b(?:conflict|war|uprising|unrest|revolt|revolution|crisis|insurgency|rebellion|invasion|occupation|protests?|offensive|campaign|hostilities|coup|truce|ceasefire|inauguration|suspension|election|elections|takeover|seizure|resumption|collapse|breakdown|withdrawal|expiry|escalation|outbreak|takeover|siege|intervention|mutiny|blockade|(?:19|20)\d\d)\b"
    r"|\b(?:conflict|war|uprising|unrest|revolt|revolution|crisis|insurgency|rebellion|violence|campaign|infighting|siege|crackdown|onslaught|blockade|offensive|feud)\b.{0,60}?\b(?:has|have|had|which|that)\b.{0,30}?\b(?:killed|claimed|left|cost|taken|resulted)\b"
    r"|\bin the (?:\w+ ){1,2}(?:war|conflict|insurgency)\b",
    re.IGNORECASE,
)


_MANY_ACTS: Final = re.compile(
    r"\b(?:[5-9]|\d{2,}|\d{1,3},\d{3}|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|dozens of|scores of|hundreds of)"
    r"\s+(?:\w+\s+)?(?:massacres|incidents|cases|instances|occasions|encounters)\b",
    re.IGNORECASE,
)


def is_toll(doc: Doc, figure: Figure, dates: list[DateExpression], published_on: dt.date | None) -> str | None:
    """Why a figure is a running toll of a war or a campaign longer than seven days; None: it is not."""
    phrase = first_phrase(doc, "toll")
    value = figure.min if figure.min is not None else figure.max
    if figure.kind in ("indefinite", "named") and value == 1:
        return None  # a war has no toll of one man
    long_span = [
        d
        for d in dates
        if (d.date_end - d.date_start).days > _BOUT_DAYS
        and not _NTH_ACT.search(doc.text[max(0, d.start - _NTH_REACH) : d.start])
        and d.text.lower().startswith(
            (
                "since",
                "in the past",
                "in the last",
                "over the",
                "during the",
                "so far",
                "during",
                "throughout",
                "this year",
                "this month",
                "between",
                "from",
                "the past",
                "the last",
            )
        )
    ]
    if not long_span and published_on is not None:
        long_span = [d for d in dates if _is_since(doc, d) and (published_on - d.date_end).days > _BOUT_DAYS]
    if not long_span and _is_of_a_long_time(doc, figure, dates):
        long_span = [max(dates, key=lambda d: d.date_end - d.date_start)]
    if long_span and not _day_near(figure, doc, dates):
        return f"'{long_span[0].text}' spans more than {_BOUT_DAYS} days: a running toll"
    if (apart := _two_days_apart(doc, dates)) is not None:
        return f"'{apart}' spans more than {_BOUT_DAYS} days: a running toll"
    if phrase is not None and (phrase.startswith("between ") or not _day_near(figure, doc, dates)):
        return f"'{phrase}' makes it a running toll"
    many = _MANY_ACTS.search(doc.text)
    if many is not None and not _day_near(figure, doc, dates):
        return f"'{many.group()}' makes it the toll of many acts"
    war = _SINCE_WAR.search(doc.text)
    if war is not None and not _day_near(figure, doc, dates) and not _is_bout(doc, war, dates, published_on):
        return f"'{war.group()}' makes it a running toll"
    if _has_killed_hundreds(doc, figure, dates):
        return f"'{doc[figure.first : figure.last + 1].text}' in the perfect, with no day: a running toll"
    least = int(lexicon.load("context")["toll"]["minimum_alone"])
    one_day = figure.outcome == "abducted" or _is_of_one_act(doc, figure) or _is_done_by_one_act(doc, figure)
    if (
        value is not None
        and value >= least
        and not one_day
        and not any((d.date_end - d.date_start).days <= 7 for d in dates)
    ):
        return f"{value} with no day or place of its own: a running toll"
    return None


def _two_days_apart(doc: Doc, dates: list[DateExpression]) -> str | None:
    """The words of a long span told by its ends: "between 1 January and 28 February"; None: there are none."""
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
    acts = _phrases("toll", "one_act")
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
    return words[-2:] == ["in", "which"] and words[:1] != [] and before[0].lower_ in _phrases("toll", "one_act")


def _is_done_by_one_act(doc: Doc, figure: Figure) -> bool:
    """Whether one act governs the casualty word: "the gas attack claimed 1,300 lives", "the attack which killed 1,300"."""
    anchor, acts = doc[figure.anchor], _phrases("toll", "one_act")
    told = [c for c in anchor.children if c.dep_ in ("nsubj", "agent", "prep") and c.lower_ not in ("since", "from")]
    told += [c for t in told if t.dep_ in ("agent", "prep") for c in t.children if c.dep_ == "pobj"]
    verb = anchor
    for _ in range(3):
        told += [verb.head] if verb.dep_ in ("relcl", "ccomp", "acl") else []
        verb = verb.head
    return any(t.tag_ in ("NN", "NNP") and t.lower_ in acts for t in told)


def _is_since(doc: Doc, date: DateExpression) -> bool:
    """Whether a clause that "since" opens leads to a day: "since it was launched on November 15"."""
    return "since" in doc.text[max(0, date.start - _SINCE_REACH) : date.start].lower().split()


def _is_of_a_long_time(doc: Doc, figure: Figure, dates: list[DateExpression]) -> bool:
    """Whether a number is told of a quarter, a year or longer, and of no one act: "371 people were murdered last year"."""
    return (
        figure.kind in ("number", "unknown")
        and bool(dates)
        and all((d.date_end - d.date_start).days > _LONG_DAYS for d in dates)
        and not any(t.lower_ in ("a", "an") and t.head.lower_ in _phrases("toll", "one_act") for t in doc)
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
        and not any(s < d.start <= s + 40 for s in since)
        for d in dates
    )


_FALSE_REPORT: Final = re.compile(
    r"\b(?:baseless|false|fake|fabricated|unfounded|bogus|untrue|fictitious|invented|lying|mendacious)\s+(?:\w+\s+)?(?:claims?|information|news|reports?|allegations?|rumou?rs?|stories|figures?|statements?)\b(?P<after>.*)"
    r"|\b(?:claims?|information|news|reports?|allegations?|rumou?rs?|stor(?:y|ies))\b(?P<before>.{0,160}?)\b(?:is|are|was|were)\s+(?:\w+\s+)?(?:false|fake|baseless|unfounded|untrue|fabricated|fabrications?|invented|a lie|lies)\b"
    r"|\brumou?rs\s+(?:of|that|about)\b(?P<rumour>.*)",
    re.IGNORECASE,
)


def is_false_report(doc: Doc, figure: Figure) -> str | None:
    """Why a figure is told as an invention: "the baseless claim that 27 soldiers were killed"; None: it is not."""
    found = _FALSE_REPORT.search(doc.text)
    if found is None:
        return None
    kind = str(found.lastgroup)
    if not found.start(kind) <= doc[figure.anchor].idx < found.end(kind):
        return None
    return f"'{' '.join(found.group().split()[:4])} …': told as an invention or a rumour"


def is_not_violence(doc: Doc) -> str | None:
    """Why the deaths of a passage are no armed violence (accident, disease, disaster, court); None: nothing says so."""
    cause = first_phrase(doc, "not_violence")
    if cause is not None and first_phrase(doc, "not_violence", "unless") is None:
        return f"'{cause}': not armed violence"
    drill = first_phrase(doc, "drill")
    if drill is not None:
        return f"'{drill}': practised, not done"
    sentence = first_phrase(doc, "judicial")
    if sentence is not None and first_phrase(doc, "judicial", "unless") is None:
        return f"'{sentence}': a matter of courts, not armed violence"
    return None


_FREED: Final = frozenset(
    "rescue rescued rescues rescuing free freed frees freeing release released releases liberate liberated".split()
)


def is_rescue(doc: Doc, figure: Figure) -> str | None:
    """Why those held are told of only as freed: "troops rescued 21 kidnapped villagers"; None: they are not."""
    if figure.outcome not in ("abducted", "casualties") or not figure.first <= figure.anchor <= figure.last:
        return None
    before = doc.lower[max(0, figure.first - 2) : figure.first]
    freed = next((w for w in before if w in _FREED), None)
    return None if freed is None else f"'{freed}': who was freed, not who was taken"


def is_caption(doc: Doc) -> str | None:
    """Why a passage is a photo caption; None: it is not."""
    phrase = first_phrase(doc, "caption")
    return f"'{phrase}': a photo caption" if phrase is not None and len(doc) < 60 else None


def is_prospect(doc: Doc) -> bool:
    """Whether a sentence speaks of what may or will happen (threats, plans, conditions), not of what did."""
    root = next((t for t in doc if t.dep_ == "ROOT"), None)
    if root is None:
        return False
    auxiliaries = {c.lower_ for c in root.children if c.dep_ == "aux"}
    if auxiliaries & {"will", "would", "may", "might", "'ll", "shall"} or (
        doc[0].lower_ in ("if", "unless") or doc[1:2].text.lower() == "if"
    ):
        return True
    threats = set(_phrases("threat", "verbs")) - {
        "continue",
        "continues",
        "said",
        "order",
        "ordered",
        "orders",
        "likely",
        "expected",
    }
    return root.lower_ in threats and root.lower_ not in ("warned", "feared", "tried", "attempted", "sought")


def is_general(doc: Doc, figure: Figure) -> str | None:
    """Why a sentence tells of what happens again and again rather than of one event; None: it does not."""
    anchor = doc[figure.anchor]
    root = next((t for t in doc if t.dep_ == "ROOT"), anchor)
    if (
        root.tag_ in ("VBZ", "VBP")
        and figure.rule != "part_of_told"  # "there are many children among the dead"
        and root.lower_ in ("are", "is", "include", "includes", "remain", "remains")
        and figure.kind in ("number", "plural")
        and figure.max is None
        and anchor.i > root.i
        and anchor.dep_ not in ("attr", "acomp")
        and (
            figure.kind == "plural" or doc[figure.first].lower_ in ("scores", "dozens", "hundreds", "thousands", "many")
        )
    ):
        return f"'{root.text}' tells of how things are, not of one event"
    if anchor.tag_ in ("VBZ", "VBP") and any(c.lower_ in _phrases("background", "general") for c in anchor.children):
        return "tells of what happens again and again"
    return None
