"""Finds the words of weapons, means and acts in a passage and decides the ACLED sub-event type by them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from tasks.extract import lexicon
from tasks.extract.victims import side_of

if TYPE_CHECKING:
    from tasks.extract.figure import Figure
    from tasks.extract.parsed import Doc, Token

_SAYS_IT_ITSELF: Final = 15  # for a casualty word that names the kind of act itself ("executed")
_ASIDE: Final = 18  # off a cue in a clause that describes a place
_FIRES_WITHIN: Final = 7  # words between an aircraft and its missiles
_FIRES: Final = frozenset(
    "fired fires firing fire launched launches launching dropped drops loosed unleashed rained released shot sent".split()
)
_LET_GO: Final = frozenset({"dropped", "drops", "released", "sent", "set"})
_FLOWN_OVER: Final = _FIRES | frozenset(
    "opened opens bombed bombs bombarded shelled strafed attacked attacks hit hits struck pounded pounds targeted targets blasted raked rained dropping raining opening".split()
)
_DRIVEN: Final = frozenset("drove driven driving rammed ramming ploughed plowed crashed drives rams steered".split())
_PER_WORD: Final = 0.45  # points off a cue for each word that it stands away from the casualty word
_DEFINITE: Final = frozenset({"the", "this", "that", "these", "those", "its", "their", "his", "latest"})
_DAYS: Final = frozenset("monday tuesday wednesday thursday friday saturday sunday yesterday today".split())


_LENT: Final = ("Air/drone strike", "Shelling/artillery/missile attack")
_HELPED: Final = frozenset("backed supported aided assisted accompanied covered support backing cover help".split())
# Types whose means aircraft let fall or fire too.
_LET_FALL: Final = ("Shelling/artillery/missile attack", "Remote explosive/landmine/IED", "Attack", "Grenade")


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that tells of a kind of act: token indexes (last inclusive), sub-event type and strength (see events.toml)."""

    first: int
    last: int
    type: str
    strength: int


@cache
def _index() -> dict[str, list[tuple[tuple[str, ...], str, int]]]:
    index: dict[str, list[tuple[tuple[str, ...], str, int]]] = defaultdict(list)
    for entry in lexicon.load("events")["cues"]:
        for phrase in entry["phrases"]:
            words = tuple(phrase.split())
            index[words[0]].append((words, entry["type"], entry["strength"]))
    return {first: sorted(rows, key=lambda r: -len(r[0])) for first, rows in index.items()}


@cache
def _compatible() -> frozenset[frozenset[str]]:
    return frozenset(frozenset(p) for p in lexicon.load("events")["compatible"]["pairs"])


@cache
def _anaphors() -> dict[str, Any]:
    return dict(lexicon.load("events")["anaphors"])


def compatible_types(a: str, b: str) -> bool:
    """Whether two sub-event types may be two views of one incident."""
    return a == b or frozenset((a, b)) in _compatible()


def find_cues(doc: Doc) -> list[Cue]:
    """The cues of a passage, longest match first, none overlapping; not weapons that were seized, nor what a place is known for."""
    words = doc.lower
    return [c for c in _cues_in(words) if not (_is_seized(c, doc) or _is_known_for(c, words))]


def _is_seized(cue: Cue, doc: Doc) -> bool:
    """Whether a weapon was taken, found or destroyed: "seized two mortars", "destroying their rocket launching pads"."""
    token = doc[cue.last]
    seized = lexicon.load("events")["seized"]
    if token.lower_ in seized["flown"]:
        return token.dep_ in ("dobj", "nsubjpass") and token.head.lower_ in seized["hit"]
    if token.tag_ not in ("NN", "NNS") or cue.type not in seized["weapons"]:
        return False
    if token.dep_ == "compound":
        token = token.head
        if token.lower_ not in seized["stores"]:
            return False
    while token.dep_ in ("conj", "appos") and token.head.i < token.i and token.head.tag_.startswith("N"):
        token = token.head
    return token.dep_ in ("dobj", "obj", "nsubjpass") and token.head.lemma_.lower() in seized["verbs"]


def _is_known_for(cue: Cue, words: Sequence[str]) -> bool:
    """Whether a place is only called that of an older act: "around Halabja, the site of a deadly chemical attack"."""
    for i in range(cue.first - 1, max(0, cue.first - 7), -1):
        if words[i] in ("site", "scene") and words[i + 1] == "of":
            return (
                words[i - 1] in ("the", "a")
                and i > 1
                and words[i - 2] not in lexicon.load("events")["seized"]["arrivals"]
            )
    return False


def may_hold_cue(words: Sequence[str]) -> bool:
    """Whether lower-case words (and hyphens) hold a cue; seen before a passage is parsed."""
    return next(_cues_in(words), None) is not None


def _cues_in(words: Sequence[str]) -> Iterator[Cue]:
    index, after = _index(), 0
    for i, word in [(i, word) for i, word in enumerate(words) if word in index]:
        if i < after:
            continue
        for phrase, kind, strength in index[word]:
            if tuple(words[i : i + len(phrase)]) == phrase:
                after = i + len(phrase)
                yield Cue(i, after - 1, kind, strength)
                break


def anaphor_of(doc: Doc) -> str | None:
    """The family that a definite event noun of the passage takes up ("the blast"); "*" any; None: there is none."""
    found = find_anaphor(doc)
    return found[0] if found else None


def find_anaphor(doc: Doc) -> tuple[str, int] | None:
    """The first definite event noun of a passage: the family that it takes up, and its token index."""
    families = _anaphors()
    if families.keys().isdisjoint(doc.lower):
        return None
    for token in [t for t in doc.tokens if t.lower_ in families]:
        family = families[token.lower_]
        if token.tag_ not in ("NN", "NNS", "NNP", "JJ", "VBN"):
            continue
        determiner = next(
            (
                t
                for t in reversed(doc[max(0, token.i - 3) : token.i])
                if (t.lower_ in _DEFINITE and t.tag_ in ("DT", "PRP$", "JJ", "JJS")) or _is_days(t)
            ),
            None,
        )
        if determiner is not None and not any(t.tag_.startswith(("V", "IN")) for t in doc[determiner.i + 1 : token.i]):
            return str(family), token.i
    return None


def _is_days(token: Token) -> bool:
    """Whether a token makes an event that of a day: the genitive in "Sunday's blast", also without its apostrophe."""
    if token.lower_ in ("'s", "’s") and token.i:
        return token.doc[token.i - 1].lower_ in _DAYS
    return token.lower_[-1:] == "s" and token.lower_[:-1] in _DAYS


def anaphor_fits(family: str, kind: str) -> bool:
    """Whether "the blast", "the raid" … can stand for an incident of this type."""
    return family == "*" or kind in lexicon.load("events")["families"][family]


def choose_type(
    cues: Iterable[Cue], anchors: Sequence[int], figures: Sequence[Figure], doc: Doc, by_state: bool | None = None
) -> tuple[str, str, Cue | None]:
    """The sub-event type of a report: (type, rule, the cue that decided).

    The strongest cue wins; among equals the one nearest to the casualty word. Without one: fighting parties dead make an
    armed clash, others an attack (ACLED: violence against civilians). "Bombing" by a state or a coalition is from the air,
    a "raid" by those who have no aircraft is not.

    Args:
        cues: The cues of the passage.
        anchors: Token indexes of the casualty words.
        figures: The figures that the report counts.
        doc: The passage.
        by_state: Whether a state or a coalition did it; None: nobody is named.
    """
    outcomes = {f.outcome for f in figures}
    told = [c for c in cues if c.type != "Abduction/forced disappearance" or "abducted" in outcomes]
    told = [c for c in told if not _is_killed(c, figures, doc)]
    told = [c for c in told if not (c.type in _LENT and _is_support(c, doc))] or told
    if "killed" in outcomes:
        told = [c for c in told if c.type != "Sexual violence"] or told
    best = max(told, key=lambda c: _weight(c, anchors, doc), default=None)
    if outcomes == {"abducted"} or (outcomes == {"missing"} and (best is None or best.strength < 2)):
        return "Abduction/forced disappearance", "outcome_abducted", best
    if best is not None and best.type in _LET_FALL:
        best = _fired_from_the_air(best, told, doc) or best
    if best is not None and best.type == "Remote explosive/landmine/IED" and _is_driven_in(best, doc):
        return "Suicide bomb", "cue", best
    if (best is None or best.strength < 2) and by_state and "struck" in doc.lower:
        return "Air/drone strike", "state_struck", best
    if best is not None and best.strength >= 2:
        return _settled(best, told, figures, doc, by_state), "cue", best
    if _only_fighters(figures):
        return "Armed clash", "fighters_dead", best
    return "Attack", "no_cue" if best is None else "weak_cue", best


def _is_support(cue: Cue, doc: Doc) -> bool:
    """Whether arms only helped those who fought: "troops, backed by artillery and helicopters", "sent aircraft to support them"."""
    before, after = doc.lower[max(0, cue.first - 6) : cue.first], doc.lower[cue.last + 1 : cue.last + 4]
    return (not _HELPED.isdisjoint(before) and bool({"by", "of", "from"} & set(before))) or "support" in after


def is_raid(doc: Doc, cue: Cue) -> bool:
    """Whether a cue is a word for acts of aircraft and of ground forces alike ("raid")."""
    return doc[cue.first].lower_ in lexicon.load("events")["by_side"]["ground"]


def finer_blast(told: Cue | None, cues: Iterable[Cue]) -> Cue | None:
    """The grenade or suicide bomber of another sentence that an incident's own words ("exploded", "the blast") leave open."""
    if told is None or told.type != "Remote explosive/landmine/IED" or told.strength > 2:
        return None
    return next((c for c in cues if c.type in ("Grenade", "Suicide bomb") and c.strength >= 3), None)


def _weight(cue: Cue, anchors: Sequence[int], doc: Doc) -> float:
    distance = min((abs(cue.first - a) for a in anchors), default=0)
    weight = cue.strength * 10 - min(distance, 25) * _PER_WORD
    if distance == 0 and doc[cue.first].lower_ in lexicon.load("events")["captives"]["words"] and anchors:
        weight += _SAYS_IT_ITSELF
    return weight - _ASIDE if _is_aside(cue, anchors, doc) else weight


def _is_aside(cue: Cue, anchors: Sequence[int], doc: Doc) -> bool:
    """Whether a cue stands in a clause that only describes a place: "a raid on Mosul, where fighters are battling, killed two"."""
    token = doc[cue.first]
    for _ in range(6):
        if token.dep_ == "relcl":
            inside = {t.i for t in token.subtree}
            of_place = doc[token.left_edge.i].lower_ == "where" or token.lower_ in ("witnessed", "saw", "seen")
            return of_place and bool(anchors) and inside.isdisjoint(anchors)
        if token.head.i == token.i:
            return False
        token = token.head
    return False


def _is_driven_in(blast: Cue, doc: Doc) -> bool:
    """Whether a driver took the explosives there: "drove a truck laden with explosives into the barracks"."""
    words = doc.lower[max(0, blast.first - 6) : blast.last + 7]
    return not _DRIVEN.isdisjoint(words) and "into" in words and "off" not in words


def _fired_from_the_air(missile: Cue, cues: Sequence[Cue], doc: Doc) -> Cue | None:
    """The aircraft that did it: "a drone launched two missiles", "rockets fired from a helicopter", "helicopters opened fire"."""
    for cue in cues:
        if cue.type != "Air/drone strike" or (cue.strength < 3 and doc[cue.last].lower_ not in ("plane", "planes")):
            continue
        token = doc[cue.last]
        if token.dep_ == "nsubj" and missile.first <= token.head.i <= missile.last:
            return cue  # "helicopters bombarded the camp"
        if (
            token.dep_ == "nsubj"
            and token.i < missile.first <= token.i + _FIRES_WITHIN
            and token.head.lower_ in _FLOWN_OVER
        ):
            return cue
        sent = doc.lower[missile.last + 1 : cue.first]
        if len(sent) <= _FIRES_WITHIN and ("from" in sent or "by" in sent) and "and" not in sent:
            return cue
    return None


def _is_killed(cue: Cue, figures: Sequence[Figure], doc: Doc) -> bool:
    """Whether a cue only names those whom others killed: "troops shot six suicide bombers", "75 rebels including suicide bombers"."""
    if cue.type != "Suicide bomb" or any(t.lower_.startswith(("detonat", "blew", "explo")) for t in doc):
        return False
    killed = [f for f in figures if f.outcome == "killed" and f.rule in ("object", "part") and f.kind != "definite"]
    if any(f.first <= cue.first <= f.last for f in killed):
        return True
    before = doc.lower[max(0, cue.first - 2) : cue.first]
    return "including" in before and any(f.last < cue.first and f.group == "combatant" for f in figures)


def _settled(best: Cue, cues: Sequence[Cue], figures: Sequence[Figure], doc: Doc, by_state: bool | None) -> str:
    """The type that the best cue stands for, seen who did it and who was hit."""
    words = str(doc[best.first : best.last + 1].text).lower()
    side = lexicon.load("events")["by_side"]
    fighters = _only_fighters(figures)
    if best.type == "Remote explosive/landmine/IED" and best.strength == 2 and by_state and words not in side["placed"]:
        return "Air/drone strike"
    if (
        words in ("bomb", "bombs")
        and not by_state
        and _FIRES & {doc[best.first].head.lower_, *doc.lower[best.last + 1 : best.last + 3]} - _LET_GO
    ):
        return "Shelling/artillery/missile attack"  # "bombs were fired at the camp"
    if words == "bombed" and by_state is False:
        return "Remote explosive/landmine/IED"
    if best.type == "Air/drone strike" and by_state is False and words in side["ground"]:
        return "Armed clash" if fighters else "Attack"
    if best.type == "Attack" and fighters:
        clash = any(c.type == "Armed clash" and c.strength >= 3 for c in cues)
        shot = words.split()[0] in lexicon.load("events")["shooting"]["words"]
        if words in side["upon_fighters"] and by_state is False:
            return "Armed clash"
        if best.strength < 3 or (
            shot and (clash or ((by_state is not False or _by_forces(doc[best.first])) and _only_rebels(figures)))
        ):
            return "Armed clash"
    if best.type == "Armed clash" and best.strength < 3:
        on_people = by_state is False and words in side["on_villages"]
        if _only_civilians(figures) or (on_people and all(f.group != "combatant" for f in figures)):
            return "Attack"
    return best.type


def _only_civilians(figures: Sequence[Figure]) -> bool:
    groups = {f.group for f in figures if f.role == "count" and f.outcome in ("killed", "injured")}
    return bool(groups) and groups <= {"civilian", "child", "woman", "journalist", "humanitarian"}


def _by_forces(verb: Token) -> bool:
    """Whether troops of no named state did it: "police gunned down four terrorists", "were shot dead by soldiers"."""
    subjects = [c for c in verb.children if c.dep_ == "nsubj"]
    subjects += [c for by in verb.children if by.lower_ == "by" for c in by.children]
    return any(s.lower_ in ("forces", "army", "military") or side_of([s]) == "state" for s in subjects)


def _only_rebels(figures: Sequence[Figure]) -> bool:
    """Whether all those hurt fight a state: shot by its forces, they died in a clash."""
    sides = {f.side for f in figures if f.role == "count" and f.outcome in ("killed", "injured")}
    return sides == {"rebel"}


def _only_fighters(figures: Sequence[Figure]) -> bool:
    hurt = [f for f in figures if f.role == "count" and f.outcome in ("killed", "injured")]
    groups = {f.group for f in hurt if f.group is not None or not f.other}
    return bool(groups) and groups <= {"combatant"}
