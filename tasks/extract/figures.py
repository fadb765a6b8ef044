"""Reads the casualty figures of a passage: how many, what became of them, who they were."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tasks.extract.figure import Figure, make_figure
from tasks.extract.figure_groups import facing_losses, with_group_of_others, with_leaders
from tasks.extract.fitting import fits
from tasks.extract.linking import Linker
from tasks.extract.linking_surface import Link
from tasks.extract.phrase import CountPhrase
from tasks.extract.phrases import find_count_phrases
from tasks.extract.predicates import Predicate, casualty_form, counts_fatally, find_predicates
from tasks.extract.wholes import is_share, minors, of_next, part_of, parts_here, runs_on, told_among_next

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.parsed import Doc
    from tasks.extract.spans import ActorExpression

_CAUSE: Final = frozenset("cause caused causes causing left leaving resulted resulting led leading".split())
_UNCOUNTED: Final = {"deaths": "killed", "fatalities": "killed", "casualties": "casualties"}
_TELLS_OF_CASUALTIES: Final = frozenset({"reported", "reports", "confirmed", "were"})
_TOGETHER: Final = {"woman": None, "child": None, "women": "woman", "children": "child"}
_SPEAKERS: Final = frozenset("source sources spokesman spokeswoman spokesperson eyewitness correspondent".split())
_REPORT_VERBS: Final = frozenset("said says say told tells added adds reported reports".split())


def _says(doc: Doc, phrase: CountPhrase) -> bool:
    """Whether the phrase is who tells it, which the parse may take for a victim (", a doctor at the hospital said")."""
    behind = doc.lower[phrase.last + 1 : phrase.last + 3]
    if (
        phrase.kind in ("indefinite", "definite")
        and behind[:1] in (["reported"], ["said"], ["added"])
        and doc[phrase.last + 1].tag_ == "VBD"
        and behind[1:] not in (["to"], ["as"], ["killed"], ["dead"], ["missing"])
    ):
        return True  # "leaving 20 wounded a TV correspondent reported", commas lost
    if (
        phrase.kind not in ("indefinite", "definite", "plural", "anaphoric")
        or not phrase.first
        or (doc[phrase.first - 1].text != "," and doc[phrase.last].lower_ not in _SPEAKERS)  # commas lost
    ):
        return False
    verb = next(
        (t for t in doc[phrase.last + 1 : phrase.last + 14] if t.tag_.startswith("V") or t.text in (",", ";")), None
    )
    return verb is not None and verb.tag_ in ("VBD", "VBZ", "VBP") and verb.lower_ in _REPORT_VERBS


def _begins_a_name(doc: Doc, phrase: CountPhrase, actors: Sequence[ActorExpression]) -> bool:
    """Whether a number is the first word of a group's name: "400 Mawozo gangsters"."""
    start = doc[phrase.first].idx
    return any(a.start == start and a.canonical[:1].isdigit() and a.kind != "generic" for a in actors)


def _same_person(doc: Doc, phrase: CountPhrase, figures: Sequence[Figure]) -> int | None:
    """The first token of the figure of one person that the phrase only describes ("the victim, a teacher, was shot")."""
    token = doc[phrase.head]
    if token.dep_ != "appos" or phrase.kind not in ("indefinite", "definite", "named"):
        return None
    if doc[phrase.first].tag_ == "PRP$":
        return None  # "a man, his wife and their three children"
    if phrase.kind == "indefinite" and any(
        c.dep_ == "conj" and c.left_edge.tag_ in ("CD", "DT") for c in token.children
    ):
        return None  # "a tax collector, a street vendor and two drivers"
    return next(
        (
            f.first
            for f in figures
            if f.first <= token.head.i <= f.last
            and (f.kind in ("definite", "named", "indefinite") or (f.kind == "number" and f.min == f.max == 1))
        ),
        None,
    )


def find_figures(
    doc: Doc, actors: Sequence[ActorExpression] = (), names: Sequence[tuple[int, int]] = ()
) -> list[Figure]:
    """The casualty figures of a parsed passage, left to right.

    A figure is a counted phrase with its outcome. Parts ("including 14 children") carry the outcome of their whole. Phrases
    that no casualty word governs give no figure.

    Args:
        doc: A parsed passage.
        actors: The armed actors named in it: they make "members" combatants.
        names: Character spans of names that are no people (places, actors, publishers): never taken for a victim's name.
    """
    predicates = find_predicates(doc)
    if not predicates:
        return []
    phrases = find_count_phrases(doc)
    linker = Linker(doc, phrases, predicates)
    found: list[Figure] = []
    pending: list[CountPhrase] = []
    for phrase in phrases:
        if found and minors(doc, phrase):
            found += _under_age(phrase, found)
        elif _says(doc, phrase) or _begins_a_name(doc, phrase, actors):
            continue
        elif _waits(doc, phrase, whole := part_of(doc, phrase, found), linker):
            pending.append(phrase)
        else:
            found = _with_phrase(doc, phrase, whole, found, linker, actors)
    found += _fatally(doc, phrases, found)
    found += _implied(doc, predicates, found)
    found += _deaths_without_number(doc, found)
    for phrase in pending:
        found += of_next(doc, phrase, found, actors)
    found = sorted(facing_losses(doc, _without_false_names(doc, found, names)), key=lambda f: (f.first, f.outcome))
    return with_leaders(doc, found)


def _under_age(phrase: CountPhrase, found: list[Figure]) -> list[Figure]:
    """For "nine hikers, two under the age of 16": the children among those told last."""
    part = replace(found[-1], first=phrase.first, last=phrase.last, min=phrase.min, max=phrase.max, group="child")
    return [
        replace(part, outcome=f.outcome, anchor=f.anchor, role="part", rule="part", whole=f.first)
        for f in found
        if f.first == found[-1].first
    ]


def _waits(doc: Doc, phrase: CountPhrase, whole: int | None, linker: Linker) -> bool:
    """Whether a phrase takes its outcome from the figure after it, and so has to wait for that."""
    if told_among_next(doc, phrase):
        return True
    counted = whole is None and phrase.kind == "number" and phrase.noun is not None
    if whole is None and phrase.kind == "indefinite" and doc[phrase.head].dep_ == "npadvmod":
        behind = doc[phrase.last + 1 : phrase.last + 3]
        if len(behind) == 2 and behind[0].text == "," and behind[1].tag_ == "PRP$":
            return not (linker.by_parse(phrase) or linker.by_surface(phrase))  # "A judge, his driver and … were killed"
    return counted and runs_on(phrase, linker.phrases) and not (linker.by_parse(phrase) or linker.by_surface(phrase))


def _with_phrase(
    doc: Doc,
    phrase: CountPhrase,
    whole: int | None,
    found: list[Figure],
    linker: Linker,
    actors: Sequence[ActorExpression],
) -> list[Figure]:
    """The figures found so far with those of a phrase: a part of one before it, or a count by the casualty words that govern it."""
    own = linker.has_own_participle(phrase)
    if whole is not None and not own and not linker.is_object_of_its_own(phrase, whole):
        parts = parts_here(doc, phrase, whole, found, actors)
        return [*found, *parts, *(_some_of_them(doc, phrase, linker, actors) if whole == -1 else [])]
    links = (
        _fitting(doc, phrase, linker.by_parse(phrase))
        or _fitting(doc, phrase, linker.by_surface(phrase))
        or _fitting(doc, phrase, linker.by_coordination(phrase, found[-1] if found else None))
    )
    if links and own:  # "35 dead, dozens wounded", commas lost
        near = _fitting(doc, phrase, linker.by_surface(phrase))
        links = [k for k in [*links, *near] if phrase.last < k.predicate.token <= phrase.last + 3] or links
    if links and (same := _same_person(doc, phrase, found)) is not None:
        if phrase.kind != "indefinite":
            return found
        found = [f for f in found if f.first != same]
    before = doc[phrase.first - 1].lower_ if phrase.first else ""
    if links and links[0].rule == "coordination" and before in ("from", "of", "in", "by"):
        return found
    first_of_each: dict[str, Link] = {}
    for link in links:
        first_of_each.setdefault(link.predicate.outcome, link)
    made = list(found)
    for link in first_of_each.values():
        figure = _figure_of(doc, phrase, link, actors, opens=not made)
        made.append(replace(figure, rule="coordination") if found and _goes_on(doc, found[-1], figure) else figure)
    return made


def _goes_on(doc: Doc, before: Figure, figure: Figure) -> bool:
    """For "a driver lost both hands and six passengers were hurt": the same outcome in a clause joined to the one before."""
    verb = doc[figure.anchor]
    return (
        figure.outcome == before.outcome
        and before.role == "count"
        and {before.kind, figure.kind} <= {"number", "indefinite"}
        and verb.dep_ == "conj"
        and verb.head.i == before.anchor
        and doc[figure.first - 1].lower_ == "and"
    )


def _figure_of(doc: Doc, phrase: CountPhrase, link: Link, actors: Sequence[ActorExpression], *, opens: bool) -> Figure:
    made = make_figure(doc, phrase, link.predicate, link.rule, actors)
    single = made.kind == "indefinite" or (made.kind == "definite" and doc[made.first].tag_ == "PRP$")
    if single and "also" in doc.lower[made.last + 1 : made.anchor]:
        made = replace(
            made, rule=made.rule if opens else "coordination"
        )  # "a judge was shot dead; her driver was also killed"
    if opens and _is_rest(doc, made):
        made = replace(made, role="part", whole=-1)
    return replace(made, rule="share") if is_share(doc, made) else made


def _is_rest(doc: Doc, figure: Figure) -> bool:
    """For "the other five dead were women": of a number told before."""
    words = doc.lower[figure.first : figure.last + 2]
    hurt = not {"dead", "wounded", "injured", "victims", "fatalities"}.isdisjoint(words)
    return figure.kind == "number" and hurt and words[:2] == ["the", "other"]


def _some_of_them(doc: Doc, phrase: CountPhrase, linker: Linker, actors: Sequence[ActorExpression]) -> list[Figure]:
    """For "ten of them were shot dead" that opens a sentence: a count, where no firmer one is told."""
    words = doc.lower[phrase.first : phrase.last + 3]
    left = phrase.first > 0 and doc[phrase.first - 1].lower_ in ("leaving", "left", "leaves", ";", ":")
    them = "them" in words and (phrase.first <= 3 or left)
    if phrase.kind != "number" or not (them or "whom" in words):
        return []
    links = _fitting(doc, phrase, linker.by_parse(phrase))
    return [make_figure(doc, phrase, links[0].predicate, "share", actors)] if links else []


def _fitting(doc: Doc, phrase: CountPhrase, links: list[Link]) -> list[Link]:
    return [link for link in links if fits(doc, phrase, link)]


def _without_false_names(doc: Doc, figures: list[Figure], names: Sequence[tuple[int, int]]) -> list[Figure]:
    """Takes out names that are places or actors, and names beside a number that hang on the same casualty word."""
    numbered = {(f.anchor, f.outcome): f for f in figures if f.kind in ("number", "indefinite", "unknown")}
    kept: list[Figure] = []
    starts = {f.first for f in figures}
    for figure in itertools.chain.from_iterable(_with_unlinked(doc, f, starts) for f in figures):
        if kept and _counted_together(doc, kept[-1], figure):
            kept[-1:] = _shared(kept[-1], figure)
            continue
        if kept and _are_bodies_of(doc, kept[-1], figure):
            kept[-1] = replace(kept[-1], last=figure.last, group=figure.group, side=figure.side)
            continue
        if kept and _are_counted_bodies(doc, kept[-1], figure):
            kept.pop()
        figure = with_group_of_others(doc, figure, kept)
        if figure.kind == "named":
            start, end = doc[figure.last].idx, doc[figure.last].idx + len(doc[figure.last])
            number = numbered.get((figure.anchor, figure.outcome))
            if any(s < end and start < e for s, e in names):
                continue
            if number is not None and not _joined(doc, figure, number):
                continue
        kept.append(figure)
    return kept


def _counted_together(doc: Doc, first: Figure, second: Figure) -> bool:
    """For "nineteen women and children", "dozens of women and children": one number for both, of which neither has its own share."""
    between = doc.lower[first.last + 1 : second.first]
    return (
        between in (["and"], ["or"], [])
        and first.kind == "number"
        and second.kind == "plural"
        and first.outcome == second.outcome
        and first.role == second.role
        and (first.role == "count" or first.max is None)  # "including 14 children and women" counts the children
        and second.first == second.last
        and first.min != 1
    )


def _with_unlinked(doc: Doc, figure: Figure, starts: set[int]) -> list[Figure]:
    """A figure with the second group of "dozens of women and children", where no link was found for that."""
    after = figure.last + 2
    if figure.kind != "number" or figure.group not in _TOGETHER or after >= len(doc) or after in starts:
        return [figure]
    second = _TOGETHER.get(doc[after].lower_)
    if doc[after - 1].lower_ != "and" or second in (None, figure.group):
        return [figure]
    return [figure, replace(figure, first=after, last=after, group=second, min=2, max=None, kind="plural")]


def _shared(first: Figure, second: Figure) -> list[Figure]:
    """The figures of a number that two groups share: the number for both together, and some of each group."""
    least = 3 if first.min == 3 and first.max is None else 2  # "several women and children"
    some = [
        replace(f, first=f.last, min=least, max=None, kind="plural", role="part", rule="part", whole=whole)
        for f in (first, second)
        if (whole := first.first if first.role == "count" else first.whole) is not None
        and first.group != second.group
        and f.group in ("woman", "child")
    ]
    if first.role != "count":
        return some or [first, second]
    return [first if first.group == second.group else replace(first, group=None), *some]


def _are_bodies_of(doc: Doc, bodies: Figure, people: Figure) -> bool:
    """For "40 bodies of villagers": one number, with the words that say who they were."""
    between = doc.lower[bodies.last + 1 : people.first]
    form = casualty_form(doc[bodies.last].lower_)
    return (
        between == ["of"]
        and bodies.kind == "number"
        and people.kind == "plural"
        and form is not None
        and form[1] == "body"
    )


def _are_counted_bodies(doc: Doc, bodies: Figure, people: Figure) -> bool:
    """For "bullet-riddled bodies of four men": the number counts them."""
    between = doc.lower[bodies.last + 1 : people.first]
    form = casualty_form(doc[bodies.last].lower_)
    counted = bodies.kind == "plural" and people.kind in ("number", "indefinite") and between == ["of"]
    return counted and form is not None and form[1] == "body"


def _joined(doc: Doc, a: Figure, b: Figure) -> bool:
    first, second = sorted((a, b), key=lambda f: f.first)
    between = doc.lower[first.last + 1 : second.first]
    if between == [","] and "indefinite" in (a.kind, b.kind):
        return False  # "a Fatah commander, Abu Ashraf, and two guards"
    if between[:1] == [","] and between[-1:] == ["and"]:
        return True  # "Ana Lobo, a judge of the appeal court, and two others"
    return bool(between) and set(between) <= {
        "and",
        ",",
        "along",
        "alongside",
        "together",
        "with",
        "as",
        "well",
        "his",
        "her",
    }


def _fatally(doc: Doc, phrases: Sequence[CountPhrase], figures: list[Figure]) -> list[Figure]:
    """For "four people were shot, two of them fatally": those killed; the reading of the number as a count of the shot goes."""
    made = []
    for token in doc if "fatally" in doc.lower else ():
        if token.lower_ != "fatally" or not counts_fatally(doc, token.i):
            continue
        phrase = next((p for p in phrases if p.first < token.i and token.i - 3 <= p.last), None)
        shot = next((f for f in figures if f.outcome == "injured" and f.last < token.i), None)
        if phrase is None or shot is None or phrase.kind != "number" or phrase.first <= shot.last:
            continue
        figures[:] = [f for f in figures if f.first != phrase.first]
        made.append(make_figure(doc, phrase, Predicate(token.i, "killed", "adjective"), "fatally", ()))
    return made


def _deaths_without_number(doc: Doc, figures: list[Figure]) -> list[Figure]:
    """For "the strike caused deaths", "reported casualties": some were killed or hurt, where the passage counts nobody."""
    if _UNCOUNTED.keys().isdisjoint(doc.lower):
        return []
    outcomes = {f.outcome for f in figures}
    for token in doc:
        outcome = _UNCOUNTED.get(token.lower_)
        if outcome is None or outcome in outcomes or (outcome == "casualties" and outcomes & {"killed", "injured"}):
            continue
        if any(c.i < token.i and (outcome == "killed" or c.dep_ in ("det", "neg", "poss")) for c in token.children):
            continue
        verb = token.head.head if token.dep_ == "pobj" and token.head.lower_ in ("in", "to", "of") else token.head
        leads = _CAUSE if outcome == "killed" else _CAUSE | _TELLS_OF_CASUALTIES
        denied = any(c.dep_ in ("neg", "aux") or c.lower_ in ("no", "any") for c in verb.children)
        if verb.lower_ in leads and verb.i < token.i and not denied:
            return [
                Figure(token.i, token.i, token.i, outcome, None, 2, None, "count", "plural", False, False, "deaths")
            ]
    return []


def _implied(doc: Doc, predicates: dict[int, Predicate], figures: list[Figure]) -> list[Figure]:
    """For "a fatal shooting": at least one killed, where the passage counts no dead."""
    if any(f.outcome == "killed" for f in figures):
        return []
    event = next((p.token for p in predicates.values() if p.kind == "implied"), None)
    if event is None:
        return []
    words = doc.lower[event : event + 3]
    most = 1 if words[0] == "fatal" and {"shooting", "stabbing"} & set(words) else None  # one shooting, one victim
    return [Figure(event, event + 1, event, "killed", None, 1, most, "count", "implied", False, False, "fatal_event")]
