"""Tells what a casualty figure is when it is no incident of the story: toll, threat, caption, background, no violence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tasks.extract.context_phrases import first_phrase, found_in, listed, lower_words

if TYPE_CHECKING:
    from tasks.extract.figure import Figure
    from tasks.extract.parsed import Doc, Token

_PROSPECT: Final = re.compile(
    r" (?:the |that |this |its )?(?:death |casualty )?(?:toll|tolls|number|figure) (?:\w+ ){0,4}?"
    r"(?:likely|expected|feared|set|bound|could|may|might|would|will) (?:to |yet |still |further )*(?:rise|climb|increase|grow|go up)\b"
)  # "the toll was likely to rise": says nothing of a figure told before


def is_update(doc: Doc) -> bool:
    """Whether a passage says that its figure replaces or repeats an earlier one, apart from what the toll may yet come to."""
    if first_phrase(doc, "update") is None:
        return False
    words = lower_words(doc)
    prospect = _PROSPECT.search(words)
    return prospect is None or first_phrase(doc, "update", part=words[: prospect.start() + 1]) is not None


def is_threat(doc: Doc, figure: Figure) -> str | None:
    """Why the casualty word tells of something not done: a modal, a threat, a plan, a condition; None: it was done."""
    anchor = doc[figure.anchor]
    while anchor.dep_ == "conj" and anchor.tag_ == "VB" and anchor.head.tag_ == "VB":
        anchor = anchor.head  # "to kill or injure scores"
    verbs = listed("threat", "verbs")
    may_be = listed("threat", "modals")
    modals = {c.lower_ for c in anchor.children if c.dep_ in ("aux", "auxpass") and c.text != "May"} & may_be
    if anchor.tag_ == "VB" and anchor.dep_ == "conj" and not modals:
        modals = {c.lower_ for c in anchor.head.children if c.dep_ == "aux"} & may_be
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


_FALSE: Final = frozenset(
    "baseless false fake fabricated fabrication fabrications unfounded bogus untrue fictitious invented lying lie lies mendacious"
    " rumours rumors".split()
)
_FALSE_REPORT: Final = re.compile(
    r"\b(?:baseless|false|fake|fabricated|unfounded|bogus|untrue|fictitious|invented|lying|mendacious)\s+(?:\w+\s+)?(?:claims?|information|news|reports?|allegations?|rumou?rs?|stories|figures?|statements?)\b(?P<after>.*)"
    r"|\b(?:claims?|information|news|reports?|allegations?|rumou?rs?|stor(?:y|ies))\b(?P<before>.{0,160}?)\b(?:is|are|was|were)\s+(?:\w+\s+)?(?:false|fake|baseless|unfounded|untrue|fabricated|fabrications?|invented|a lie|lies)\b"
    r"|\brumou?rs\s+(?:of|that|about)\b(?P<rumour>.*)",
    re.IGNORECASE,
)


def is_false_report(doc: Doc, figure: Figure) -> str | None:
    """Why a figure is told as an invention: "the baseless claim that 27 soldiers were killed"; None: it is not."""
    found = found_in(doc, _FALSE_REPORT, _FALSE)
    if found is None:
        return None
    kind = str(found.lastgroup)
    if not found.start(kind) <= doc[figure.anchor].idx < found.end(kind):
        return None
    return f"'{' '.join(found.group().split()[:4])} …': told as an invention or a rumour"


def is_not_violence(doc: Doc, after_act: bool = False) -> str | None:
    """Why the deaths of a passage are no armed violence (accident, disease, disaster, court); None: nothing says so.

    Args:
        doc: The passage.
        after_act: Whether it, or one just before it, tells of an act that could have brought down a house.
    """
    cause = first_phrase(doc, "not_violence")
    if cause == "storm" and not any(t.lower_ == cause and _is_weather(t) for t in doc.tokens):
        cause = None
    if cause is not None and first_phrase(doc, "not_violence", "unless") is None:
        return f"'{cause}': not armed violence"
    if (accident := _accident(doc, after_act)) is not None:
        return f"'{accident}': an accident"
    drill = first_phrase(doc, "drill")
    if drill is not None:
        return f"'{drill}': practised, not done"
    sentence = first_phrase(doc, "judicial")
    if sentence is not None and first_phrase(doc, "judicial", "unless") is None:
        return f"'{sentence}': a matter of courts, not armed violence"
    return None


def _is_weather(storm: Token) -> bool:
    """Whether a storm is one: not in "crowds storm a base", "rebels storm UN post"."""
    return storm.tag_ == "NN" and storm.doc[storm.i + 1 : storm.i + 2].text[:1].islower()


_FREED: Final = frozenset(
    "rescue rescued rescues rescuing free freed frees freeing release released releases liberate liberated".split()
)


def _accident(doc: Doc, after_act: bool) -> str | None:
    """The words that tell of an accident: of a vehicle, a weapon, or a structure that fell in where no act was told."""
    cause = first_phrase(doc, "accident")
    if cause is None and first_phrase(doc, "accident", "vehicles") is not None:
        cause = first_phrase(doc, "accident", "moves")
    if cause is None and not after_act and first_phrase(doc, "accident", "structures") is not None:
        cause = first_phrase(doc, "accident", "collapses")
    return cause if cause is not None and first_phrase(doc, "accident", "unless") is None else None


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


# Verbs of threats and plans that as the verb of a sentence tell of what did happen, or was said.
_NO_PROSPECTS: Final = frozenset(
    "continue continues said order ordered orders likely expected warned feared tried attempted sought".split()
)


def is_prospect(doc: Doc) -> bool:
    """Whether a sentence speaks of what may or will happen (threats, plans, conditions), not of what did."""
    return doc.remembered("prospect", lambda: _is_prospect(doc))


def _is_prospect(doc: Doc) -> bool:
    root = next((t for t in doc if t.dep_ == "ROOT"), None)
    if root is None:
        return False
    auxiliaries = {c.lower_ for c in root.children if c.dep_ == "aux"}
    if auxiliaries & {"will", "would", "may", "might", "'ll", "shall"} or (
        doc[0].lower_ in ("if", "unless") or doc[1:2].text.lower() == "if"
    ):
        return True
    return root.lower_ in listed("threat", "verbs") and root.lower_ not in _NO_PROSPECTS


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
    if anchor.tag_ in ("VBZ", "VBP") and any(c.lower_ in listed("background", "general") for c in anchor.children):
        return "tells of what happens again and again"
    return None
