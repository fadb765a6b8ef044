"""Finds the casualty words of a passage (killed, wounded, deaths, lost their lives …) and how each takes its victims."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from tasks.extract import lexicon
from tasks.extract.frames import frame_of, frame_verbs

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc, Token

_SHOT_FROM: Final = (["point"], ["close"])  # "shot at point-blank range"
_OUTCOMES: Final = ("killed", "injured", "abducted", "missing", "casualties")
_BY_THEMSELVES: Final = frozenset("burned burnt bled choked froze starved".split())  # "four people burned to death"
_DAYS: Final = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_IN_NAMES: Final = frozenset({"martyr", "martyrs"})
_NAMED_FOR: Final = frozenset(
    "hospital brigade brigades battalion battalions square street mosque bridge school".split()
)
_HAVE: Final = frozenset({"have", "has", "had", "having", "'ve"})
_BE: Final = frozenset(
    "be is are was were been being 's get gets got getting left leaving reported feared confirmed believed".split()
)


@dataclass(frozen=True, slots=True)
class Predicate:
    """A casualty word.

    Attributes:
        token: Its index in the Doc.
        outcome: vocabulary.OUTCOMES.
        kind: "verb" (takes its victims as object, or as subject of the passive), "intransitive" (as subject), "noun"
            ("deaths of"), "body" (is counted itself), "adjective" ("dead"), "state" ("in critical condition").
        passive: Whether a verb form is a passive or a bare participle.
        light: Index of the object noun of a light-verb phrase ("lost their lives"), else None.
        frame: Whether other words make a common verb one of casualties ("took six engineers hostage").
    """

    token: int
    outcome: str
    kind: str
    passive: bool = False
    light: int | None = None
    frame: bool = False


@cache
def _forms() -> dict[str, tuple[str, str]]:
    """Lower-case form → (outcome, kind)."""
    data, forms = lexicon.load("outcomes"), {}
    for outcome in _OUTCOMES:
        part = data[outcome]
        nouns = part["nouns"]
        forms.update(dict.fromkeys(nouns["adjectives"], (outcome, "adjective")))
        forms.update(dict.fromkeys(nouns["words"], (outcome, "noun")))
        forms.update(dict.fromkeys(part.get("nouns_of_fighters", {}).get("words", ()), (outcome, "noun")))
        forms.update(
            {w: (outcome, "intransitive") for lemma, rest in part["intransitive"].items() for w in (lemma, *rest)}
        )
        for lemma, rest in part["verbs"].items():
            forms.update(dict.fromkeys((lemma, *rest), (outcome, "verb")))
        for lemma, rest in part.get("verbs_of_fighters", {}).items():
            forms.update(dict.fromkeys((lemma, *rest), (outcome, "verb")))
        forms.update(dict.fromkeys(nouns["bodies"], (outcome, "body")))
    return forms


def casualty_form(word: str) -> tuple[str, str] | None:
    """(outcome, kind) of a lower-case casualty word; None for other words."""
    return _forms().get(word)


def before_next_count(token: Token) -> bool:
    """Whether a number with a casualty word of its own follows ("8 killed 25 injured"): headline style, a participle."""
    if token.tag_ not in ("VBN", "VBD", "JJ", "NNP", "NN"):
        return False
    after = list(token.doc[token.i + 1 : token.i + 5])
    if not after or not (after[0].tag_ == "CD" or after[0].lower_ in ("dozens", "scores", "several", "many")):
        return False
    subject = any(c.dep_ == "nsubj" for c in token.children)
    return any(
        (form := casualty_form(t.lower_)) is not None
        and form[1] in ("verb", "adjective")
        and t.lower_.endswith("ed")
        and not (subject and token.doc[t.i - 1].lower_ == "and")  # "gunmen killed five farmers and wounded two"
        for t in after[1:]
    )


def _shares_object(verb: Token) -> bool:
    """Whether the verb goes with the next one, which has an object: "killed and wounded five farmers"."""
    after = list(verb.doc[verb.i + 1 : verb.i + 3])
    return (
        len(after) == 2
        and after[0].lower_ in ("and", "or")
        and after[1].tag_ in ("VBD", "VBN")
        and any(c.dep_ == "dobj" for c in after[1].children)
    )


def _is_passive(token: Token) -> bool:
    if before_next_count(token):
        return True
    children = {c.dep_ for c in token.children}
    if "auxpass" in children or "nsubjpass" in children:
        return True
    if token.tag_ not in ("VBN", "VBD", "JJ"):
        return False
    aux = {c.lower_ for c in token.children if c.dep_ in ("aux", "auxpass")}
    if aux & (_BE - {"left", "leaving"}):
        return True
    if aux & _HAVE or "dobj" in children or "obj" in children:
        return False
    if token.dep_ == "acl" and _shares_object(token):
        return False  # "shells fired by rebels killed and wounded five farmers"
    if token.dep_ in ("acl", "amod", "oprd", "relcl") and "nsubj" not in children:
        after = token.doc[token.i + 1 : token.i + 3]  # "men on a motorbike gunned down Judge Mora"
        down = len(after) == 2 and after[0].lower_ in ("down", "dead") and after[1].lower_ not in _DAYS
        return not (down and (after[1].tag_ == "NNP" or after[1].lower_ in ("a", "an")))
    if token.dep_ == "advcl" and any(c.dep_ == "mark" and c.lower_ == "with" for c in token.children):
        return True  # "with 20 fighters destroyed"
    if token.dep_ == "conj" and token.head.i < token.i:
        return (
            token.head.tag_ in ("VBN", "VBD")
            and not any(c.dep_ in ("dobj", "obj") for c in token.head.children)
            and _is_passive(token.head)
        )
    if "nsubj" in children and _shares_object(token):
        return False  # "two men on a motorcycle shot and killed the attaché"
    return token.tag_ == "VBN"


@cache
def _act_nouns() -> frozenset[str]:
    """Nouns of an act that are spelt as a form of its verb ("murder", "killing")."""
    data = lexicon.load("outcomes")
    return frozenset(word for outcome in _OUTCOMES for word in data[outcome]["nouns"]["words"])


def _is_noun(token: Token) -> bool:
    """Whether the form of a verb that was tagged a noun is one: "the murder of", "the bishop's killing"."""
    owned = any(c.lower_ == "of" or c.dep_ == "poss" for c in token.children)
    return owned and (token.lower_ in _act_nouns() or token.lower_.endswith("ing"))


def _verb_predicate(token: Token, outcome: str, kind: str) -> Predicate | None:
    if kind == "intransitive":
        return Predicate(token.i, outcome, kind)
    if token.tag_ in ("NN", "NNS") and _is_noun(token):
        return Predicate(token.i, outcome, "noun")
    if token.tag_ == "NNS" and token.lower_ == "wounds" and token.doc[token.i + 1 : token.i + 2].text in ("to", "on"):
        return Predicate(token.i, outcome, "noun")
    if outcome == "injured" and token.i and token.doc[token.i - 1].lower_ in ("fatally", "mortally"):
        outcome = "killed"
    return Predicate(token.i, outcome, "verb", passive=_is_passive(token))


def _shot(token: Token, doc: Doc) -> Predicate:
    after = " ".join(doc.lower[token.i + 1 : token.i + 4])
    dead = any(after.startswith(phrase) for phrase in lexicon.load("outcomes")["shot"]["dead_after"])
    fatal = dead or " to death" in f" {after}"
    fatal = fatal or any(c.lower_ == "fatally" and not counts_fatally(doc, c.i) for c in token.children)
    fatal = fatal or (token.i > 0 and doc[token.i - 1].lower_ in ("found", "discovered") and _tells_of_bodies(doc))
    fatal = fatal or _as_execution(token, doc) or any(_dies_of_it(doc, c) for c in token.children if c.dep_ == "conj")
    children = [c for c in token.children if c.dep_ in ("dobj", "obj")]
    fatal = fatal or any(doc[c.right_edge.i + 1].lower_ == "dead" for c in children if c.right_edge.i + 1 < len(doc))
    return Predicate(token.i, "killed" if fatal else "injured", "verb", passive=_is_passive(token))


def _dies_of_it(doc: Doc, verb: Token) -> bool:
    """For "was shot in the chest and pronounced dead", not "five were shot and two died"."""
    own = any(c.dep_ in ("nsubj", "nsubjpass") for c in verb.children)
    dead = verb.lower_ in ("pronounced", "declared") and doc.lower[verb.i + 1 : verb.i + 2] == ["dead"]
    return not own and (dead or verb.lower_ == "died")


def _as_execution(token: Token, doc: Doc) -> bool:
    """For "were tied up and shot", "shot him in the back of the head": killed, where no hospital is told of."""
    data = lexicon.load("outcomes")["shot"]
    before = set(doc.lower[max(0, token.i - 5) : token.i])
    after = " ".join(doc.lower[token.i + 1 : token.i + 15])
    after = after.partition(" and ")[0].partition(" when ")[0]
    mortal = any(p in after for p in data["mortal"]) or (
        doc[token.i - 1].lower_ == "and" and before & set(data["captive"])
    )
    return bool(mortal) and not any(t.lower_ in data["survived"] for t in doc)


def _tells_of_bodies(doc: Doc) -> bool:
    """Whether those found shot are bodies: "nine of the hostages were found shot, their corpses in a ditch"."""
    return any(t.lower_ in lexicon.load("outcomes")["shot"]["of_bodies"] for t in doc)


def counts_fatally(doc: Doc, at: int) -> bool:
    """Whether "fatally" goes with a number of its own: "four people were shot, two fatally"."""
    before = doc[at - 1] if at else None
    after = doc[at + 1] if at + 1 < len(doc) else None
    number = before is not None and (before.tag_ == "CD" or before.like_num or before.lower_ in ("them", "both"))
    return number and (after is None or not after.tag_.startswith("V"))


def _gas_verb(token: Token, words: list[str]) -> Predicate | None:
    """For "33 people were affected by the gas", "opened fire, striking two men": hurt, where the passage speaks of gas or shots."""
    if token.tag_ not in ("VBN", "VBD", "VBG"):
        return None
    for name in ("gas", "shots"):
        data = lexicon.load("outcomes")[name]
        if token.lower_ in data["verbs"] and any(w in data["words"] for w in words):
            return Predicate(token.i, "injured", "verb", passive=_is_passive(token), frame=name == "shots")
    return None


@cache
def _light_words() -> frozenset[str]:
    """The verbs that are casualty words only with an object ("claimed the lives of")."""
    return frozenset(verb for entry in lexicon.load("outcomes")["light_verbs"] for verb in entry["verbs"])


def may_be_light(words: set[str]) -> bool:
    """Whether a sentence with these lower-case words can hold a light verb with its object ("claimed 17 lives")."""
    if words.isdisjoint(_light_words()):
        return not words.isdisjoint(("lives", "life"))
    return any(
        not words.isdisjoint(entry["verbs"]) and not words.isdisjoint(entry["objects"])
        for entry in lexicon.load("outcomes")["light_verbs"]
    )


def may_hit(words: set[str]) -> bool:
    """Whether a sentence with these lower-case words can tell of shots that hit people ("opened fire, striking two men")."""
    data = lexicon.load("outcomes")["shots"]
    return not words.isdisjoint(data["verbs"]) and not words.isdisjoint(data["words"])


def _framed(token: Token) -> Predicate | None:
    frame = frame_of(token)
    if frame is None:
        return None
    alone = token.tag_ == "VBD" and not any(c.dep_ in ("dobj", "obj") for c in token.children)
    if frame.subject or (
        alone and token.lower_ in _BY_THEMSELVES and token.doc[token.i + 1 : token.i + 3].text == "to death"
    ):
        return Predicate(token.i, frame.outcome, "intransitive", frame=True)
    return Predicate(token.i, frame.outcome, "verb", passive=_is_passive(token), frame=True)


def _light_verb(token: Token, doc: Doc) -> Predicate | None:
    if token.lower_ not in _light_words():
        return None
    for entry in lexicon.load("outcomes")["light_verbs"]:
        if token.lower_ not in entry["verbs"]:
            continue
        for later in doc[token.i + 1 : token.i + 1 + entry.get("reach", 6)]:
            if later.lower_ in entry["objects"]:
                kind = {"subject": "intransitive", "object": "verb"}.get(entry["victim"], "noun")
                passive = kind == "verb" and _is_passive(token)
                return Predicate(token.i, entry["outcome"], kind, passive, light=later.i)
            if later.tag_.startswith("V") or later.lower_ in (".", ";"):
                break
    return None


@cache
def shot_forms() -> frozenset[str]:
    """Words that say that somebody was shot or stabbed, dead or not."""
    return frozenset(lexicon.load("outcomes")["shot"]["forms"])


@cache
def fighter_verbs() -> frozenset[str]:
    """Words that tell of deaths only where those counted are fighters ("destroyed 80 militants")."""
    killed = lexicon.load("outcomes")["killed"]
    verbs = killed["verbs_of_fighters"]
    return frozenset(
        (
            *(w for lemma, rest in verbs.items() for w in (lemma, *rest)),
            *killed["nouns_of_fighters"]["words"],
            *killed["falls"]["verbs"],
        )
    )


@cache
def loss_words() -> frozenset[str]:
    """Words of an army's own dead ("losing two of its own", "for the loss of three men"): those counted are its fighters."""
    killed = lexicon.load("outcomes")["killed"]
    return frozenset(("lose", *killed["verbs_of_fighters"]["lose"], *killed["nouns_of_fighters"]["words"]))


def _fell(token: Token, words: list[str]) -> bool:
    """Whether a "fell" tells of deaths: the last word of its clause, or with how or where: "fell in combat"."""
    falls = lexicon.load("outcomes")["killed"]["falls"]
    after = words[token.i + 1 : token.i + 4]
    if token.lower_ not in falls["verbs"] or not any(c.dep_ == "nsubj" for c in token.children):
        return False
    if not after or after[0] in (".", ",", ":", ";", "-", "–", "—") or after[0] in falls["how"]:
        return True
    return " ".join(after[:2]) in falls["where"] or " ".join(after) in falls["where"]


@cache
def fighter_things() -> frozenset[str]:
    """Short names of arms and vehicles, which are destroyed as fighters are: no names of groups."""
    return frozenset(lexicon.load("outcomes")["killed"]["things"])


@cache
def _states() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """First word → phrases of a state ("in critical condition") with their outcome, longest first."""
    index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for outcome, phrases in lexicon.load("outcomes")["states"].items():
        for phrase in phrases:
            words = tuple(phrase.split())
            index.setdefault(words[0], []).append((words, outcome))
    return {w: sorted(rows, key=lambda r: -len(r[0])) for w, rows in index.items()}


def _state(token: Token, words: list[str]) -> Predicate | None:
    for phrase, outcome in _states().get(words[token.i], ()):
        if tuple(words[token.i : token.i + len(phrase)]) == phrase:
            return Predicate(token.i, outcome, "state")
    return None


@cache
def _openings() -> frozenset[str]:
    """Every word that a casualty word can be or begin with: all others need no look."""
    data = lexicon.load("outcomes")
    return (
        frozenset(
            (
                *_forms(),
                *_states(),
                *data["implied"]["words"],
                *data["gas"]["verbs"],
                *data["shots"]["verbs"],
                *data["cases"]["nouns"],
                *data["killed"]["falls"]["verbs"],
                "remains",
            )
        )
        | shot_forms()
        | loss_words()
        | _light_words()
        | frame_verbs()
    )


def find_predicates(doc: Doc) -> dict[int, Predicate]:
    """The casualty words of a parsed passage by token index, left to right."""
    found: dict[int, Predicate] = {}
    words = doc.lower
    data, openings = lexicon.load("outcomes"), _openings()
    implied = data["implied"]
    for token in [t for t in doc.tokens if t.lower_ in openings]:
        word = token.lower_
        if word in _IN_NAMES and words[token.i + 1 : token.i + 2] and words[token.i + 1] in _NAMED_FOR:
            continue  # "at Al-Aqsa Martyrs Hospital"
        if (state := _state(token, words)) is not None:
            found[token.i] = state
            continue
        form = _forms().get(word)
        if word in loss_words() and (light := _light_verb(token, doc)) is not None:
            found[token.i] = light
        elif form is not None and word not in ("life", "lives") and not (word == "kia" and "wia" not in words):
            outcome, kind = form
            if kind in ("verb", "intransitive") or (kind == "adjective" and token.tag_ in ("VBN", "VBD")):
                predicate = _verb_predicate(token, outcome, "verb" if kind == "adjective" else kind)
            else:
                predicate = Predicate(token.i, outcome, kind)
            if predicate is not None:
                found[token.i] = predicate
        elif word in shot_forms() and (framed := _framed(token)) is not None:
            found[token.i] = framed
        elif word in shot_forms() and token.tag_ in ("VBD", "VBN", "VB", "VBZ", "NNS", "NNPS"):
            aimed = words[token.i + 1 : token.i + 2] == ["at"] and words[token.i + 2 : token.i + 3] not in _SHOT_FROM
            if not aimed or doc[min(token.i + 2, len(doc) - 1)].tag_ == "NNP":  # "were shot at Tina Bar"
                found[token.i] = _shot(token, doc)
        elif word in data["cases"]["nouns"] and words[token.i + 1 : token.i + 2] == ["of"]:
            if any(w in data["cases"]["words"] for w in words[token.i + 2 : token.i + 6]):
                found[token.i] = Predicate(token.i, "injured", "body")
        elif word == "remains" and token.tag_ == "NNS" and words[token.i + 1 : token.i + 2] == ["of"]:
            found[token.i] = Predicate(token.i, "killed", "body")
        elif _fell(token, words):
            found[token.i] = Predicate(token.i, "killed", "intransitive")
        elif word == "fatal" and words[token.i + 1 : token.i + 2] in (["for"], ["to"]):
            found[token.i] = Predicate(token.i, "killed", "fatal")
        elif word in implied["words"] and any(w in implied["events"] for w in words[token.i + 1 : token.i + 3]):
            found[token.i] = Predicate(token.i, "killed", "implied")
        elif (gassed := _gas_verb(token, words)) is not None:
            found[token.i] = gassed
        elif (light := _light_verb(token, doc)) is not None:
            found[token.i] = light
        elif (framed := _framed(token)) is not None:
            found[token.i] = framed
    return found
