"""Decides whether a capitalised run is a place: by its name, its type word, its preposition, or what is done to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tasks.extract.gazetteer import Entry
from tasks.extract.place_context import Left, Right
from tasks.extract.place_not import is_something_else
from tasks.extract.place_runs import Run
from tasks.extract.place_words import grammar, place_words

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc

SURE_PEOPLE: Final = 15_000  # a name of so large a place is taken for it where only weak signs speak
LARGE_PEOPLE: Final = 100_000  # a town that is known by its other names too
_SHORT_GAP: Final = 6
_NEAR_A_NAME: Final = frozenset({"near", "around", "outside", "beside", "off", "close to", "next to"})
_LISTED: Final = frozenset(
    {"preposition", "typed", "list", "attack_on", "attack_object"}
)  # may go on with a name that nobody knows
_INHERITED: Final = frozenset(
    {"movement", "of", "dateline", "authority"}
)  # what is said of the first place of a list holds for the rest
# Sites of which a town has one: "Aleppo airport" is a site of its own, "an Aleppo hospital" is in Aleppo.


@dataclass(slots=True)
class Candidate:
    """A run with what speaks for its being a place."""

    run: Run
    left: Left
    right: Right
    name: str
    entries: tuple[Entry, ...]
    country: str | None
    rule: str = ""
    start: int = 0
    end: int = 0
    named_event: bool = False  # an attack noun follows: "the Bataclan massacre"


def which_rule(doc: Doc, c: Candidate, accepted: Sequence[Candidate], *, headline: bool) -> str:
    """Which rule makes this run a place; "" when none does."""
    if is_something_else(doc, c, headline=headline, typed=_typed(doc, c)):
        return ""
    known, sure = _is_known(c), _is_sure(c)
    if not known and not headline and _is_told_as_place(doc, c):
        known = sure = True
    if (known or c.right.words) and _opens_date_line(doc, c):
        return "dateline"
    if _typed(doc, c) and (not headline or known) and (sure or not c.left.indefinite):
        return _typed_rule(doc, c)
    if c.left.kind == "preposition":
        return _by_preposition(doc, c, known=known, sure=sure, headline=headline)
    if c.left.kind == "owned" and (known or _is_part_of_last(doc, c, accepted)):
        return "owned"
    if c.left.kind in ("list", "adjacent") and accepted and c.left.index - accepted[-1].end < _SHORT_GAP:
        if known and (sure or c.left.word != ","):
            return accepted[-1].rule if accepted[-1].rule in _INHERITED else "list"
        if c.left.word == "," and accepted[-1].rule in _LISTED and _goes_on_to_and(doc, c) and not _acts(doc, c):
            return "list" if len(c.run.words) <= 3 else ""
        beside = c.left.index <= max(accepted[-1].end, accepted[-1].right.end) + 1
        if c.left.word in ("and", "or", "&") and beside and accepted[-1].rule in _LISTED and not _acts(doc, c):
            return "list" if len(c.run.words) <= 3 else ""
    if c.left.kind == "noun_of":
        return _by_noun_of(doc, c, known=known, sure=sure)
    hit = (
        c.left.kind == "verb"
        and c.left.word in place_words().attack_verbs
        and not (c.run.possessor and not _is_wide(c))
    )
    if hit and (known or c.name[:3].lower() in ("al-", "el-")):
        return "attack_object"
    if hit and not known and not headline and not c.run.possessor and _name_like(c) and _goes_for_places(doc, c):
        return "object"
    if known and c.country is None and c.left.kind == "verb" and c.left.word in grammar("taken_by_force"):
        return "object"
    if known and c.country is None and c.left.kind == "verb" and c.left.word in grammar("left_behind"):
        return "movement"
    if known and c.country is None and _suffers(doc, c):
        return "attack_object"
    return _by_position(doc, c, sure=sure, headline=headline)


def _is_part_of_last(doc: Doc, c: Candidate, accepted: Sequence[Candidate]) -> bool:
    """Whether a name nobody knows is owned by the place just named as where it was: "in Shopian's Zainapora,"."""
    if not accepted or accepted[-1].rule not in _LISTED or not accepted[-1].run.possessor:
        return False
    at_once = _is_known(accepted[-1]) and c.start - accepted[-1].end <= 1 and _name_like(c) and not c.run.possessor
    after = doc[c.end : c.end + 1]
    return at_once and (not len(after) or after[0].tag_ in (",", ".", "IN", "CC"))


_TOLD_REACH: Final = 5  # words from the comma to "village"


def _is_told_as_place(doc: Doc, c: Candidate) -> bool:
    """Whether what follows says that a name nobody knows is a place: "X, a fishing village in the north"."""
    after = doc.tokens[c.end : c.end + 2]
    if len(after) < 2 or after[0].text != "," or after[1].lower_ not in ("a", "an", "the", "another"):
        return False
    for token in doc.tokens[c.end + 2 : c.end + 2 + _TOLD_REACH]:
        if token.lower_ in place_words().settlement or token.lower_ in grammar("told_as_place"):
            return True
        if not token.form.is_alpha or token.lower_ in grammar("function_words") or token.text[:1].isupper():
            return False
    return False


def _goes_for_places(doc: Doc, c: Candidate) -> bool:
    """Whether the verb is done to places rather than to people: "overran X", "stormed X", but "struck X" where X is in the gazetteer."""
    if c.left.word in grammar("done_to_places_only") or c.entries:
        return True
    return c.left.word in grammar("done_to_places") and _is_one_name(doc, c)


def _is_known(c: Candidate) -> bool:
    """A country, or a place by its own name or by another name of a town."""
    return c.country is not None or any(e.primary or e.population >= SURE_PEOPLE for e in c.entries)


def _is_sure(c: Candidate) -> bool:
    """A country, a province, or a place so large or so much in the news that its name is taken for it."""
    if c.country is not None:
        return True
    return any(
        (e.primary and (e.kind != "settlement" or e.population >= SURE_PEOPLE or e.source != "geonames"))
        or e.population >= LARGE_PEOPLE
        for e in c.entries
    )


def _typed_rule(doc: Doc, c: Candidate) -> str:
    """A typed name is a place; where people come from or go to, or whom they live with, is not where it happened."""
    if c.left.kind == "preposition" and c.left.word in place_words().away and c.left.relation is None:
        return "typed" if c.left.word == "from" and _taken_from(doc, c) else "movement"
    if c.left.kind == "noun_of" and c.left.word in grammar("people_of_a_place"):
        return "of"
    return "typed"


def _typed(doc: Doc, c: Candidate) -> bool:
    """A type word before or after the name; a bare "base" or "centre" after it is too little, and "men of the X community" are a people."""
    if c.left.kind == "noun_of" and c.right.words == ("community",) and c.left.word in grammar("people_of_a_place"):
        return False
    if c.left.type_word == "agency" and doc[c.start - 1].lower_ != "of":
        return False  # "the news agency X"
    if c.left.type_word is not None and c.left.type_word not in ("center", "centre", "part", "parts", "state"):
        return True
    return bool(c.right.words) and c.right.words[-1] not in (
        "center",
        "centre",
        "front",
        "state",
        "division",
        "agency",
        "headquarters",
        "field",
    )


def _is_act(lemma: str) -> bool:
    w = place_words()
    return lemma in w.attack_nouns or lemma in w.attack_verbs or lemma in w.cause_verbs


def _is_wide(c: Candidate) -> bool:
    return c.country is not None or any(
        (e.kind != "settlement" and e.primary) or e.population >= LARGE_PEOPLE for e in c.entries
    )


def _goes_on_to_and(doc: Doc, c: Candidate) -> bool:
    """Whether a list of names closes right after: "killings in A, B and C"."""
    after = doc[c.end : c.end + 2]
    return len(after) == 2 and after[0].lower_ in ("and", "&") and after[1].text[:1].isupper() and not c.run.possessor


def _by_noun_of(doc: Doc, c: Candidate, *, known: bool, sure: bool) -> str:
    """The noun before "of" decides: "the bombing of X" says where; "the murder of X" whom; "the residents of X" whose."""
    if c.left.word in grammar("done_to_a_place"):
        begins = c.run.words[0].lower() in place_words().parts_of_name and _name_like(c)
        return "attack_on" if known or begins or _is_one_name(doc, c) else ""
    if c.left.word in grammar("heads_of_a_place") and (known or _name_like(c)):
        return "of"
    return "of" if sure and c.left.word not in grammar("done_to_a_person") else ""


def _by_preposition(doc: Doc, c: Candidate, *, known: bool, sure: bool, headline: bool) -> str:
    w, word = place_words(), c.left.word
    if word == "between":
        return _by_between(doc, c, known=known, headline=headline)
    if word in w.away and sure and names_attack(doc, c):
        return "modifier"
    if word == "from" and (known or _name_like(c)) and _taken_from(doc, c):
        return "preposition"
    if c.left.relation is not None and (known or word in ("near", "outside") or word not in w.near):
        return "preposition"
    unknown_name = not known and not headline and _name_like(c) and not _at_institution(doc, c)
    if word in w.inside:
        if word in ("in", "at") and unknown_name:
            return "" if word == "at" and _is_fired_at(doc, c) else "preposition"
        if word == "into" and unknown_name and doc[c.left.index - 1].lemma_.lower() in grammar("arrivals"):
            return "preposition"
        return "preposition" if known else ""
    if word in w.on:
        before = doc[c.left.index - 1].lemma_.lower() if c.left.index > 0 else ""
        near_attack = any(_is_act(t.lemma_.lower()) for t in doc[max(0, c.left.index - 6) : c.left.index])
        if known and (near_attack or before in w.attack_nouns):
            return "attack_on"
        if unknown_name and before in w.attack_nouns and _is_one_name(doc, c):
            return "attack_on"
        return (
            "attack_on"
            if near_attack and c.name.lower().startswith(("al-", "el-", "tal ", "deir ", "khan ", "kafr"))
            else ""
        )
    if word in w.near:
        return "preposition" if known or (word in _NEAR_A_NAME and unknown_name) else ""
    if c.left.index and doc[c.left.index - 1].lower_ in grammar("before_to_somebody"):
        return ""
    if word == "to" and unknown_name and doc[c.left.index - 1].lemma_.lower() in grammar("arrivals"):
        return "movement"
    where = [t.lower_ for t in doc.tokens[c.end : c.end + 2]] == [",", "where"]  # "spread to X, where 40 people died"
    return "movement" if word in w.away and (sure or (known and where)) else ""


def _is_fired_at(doc: Doc, c: Candidate) -> bool:
    """Whether somebody is shot at: two names that nobody knows as a place, after "fired at"."""
    before = doc[c.left.index - 1].lower_ if c.left.index > 0 else ""
    return before in ("fired", "firing", "fire", "shooting", "aimed", "shots", "shouted") and len(c.run.words) > 1


_TAKEN_REACH: Final = 10  # words from "kidnapped" to the "from" of the place


def _taken_from(doc: Doc, c: Candidate) -> bool:
    """Whether somebody is carried off from there: "kidnapped a headmaster, X Y, from Z", "taken hostage from Z"; not "from the Z clan"."""
    between = list(doc[max(0, c.left.index - _TAKEN_REACH) : c.left.index])
    verb = next((t for t in reversed(between) if t.pos_ == "VERB"), None)
    if verb is None or (doc[c.start - 1].lower_ != "from" and c.left.type_word is None):
        return False
    if verb.lemma_.lower() == "take":
        return any(t.i > verb.i and t.lower_ in grammar("taken_as") for t in between)
    return verb.lemma_.lower() in grammar("taking_verbs")


def _by_between(doc: Doc, c: Candidate, *, known: bool, headline: bool) -> str:
    """The first of the two ends of a road or a stretch of land; not one of two sides."""
    before = doc[c.left.index - 1].lower_ if c.left.index > 0 else ""
    if c.country is not None or (before in grammar("between_sides") and before not in grammar("before_between")):
        return "movement" if _is_sure(c) else ""
    joined = (
        c.end + 1 < len(doc) and doc[c.end].lower_ in ("and", "&", "to", "with") and doc[c.end + 1].text[:1].isupper()
    )
    if known or (joined and not headline and _name_like(c)):
        c.left.relation = "between"
        return "preposition"
    return ""


def _at_institution(doc: Doc, c: Candidate) -> bool:
    """Whether the name is where somebody works: "an analyst at Chatham House"."""
    return (
        c.left.word == "at"
        and c.left.index > 0
        and doc[c.left.index - 1].lemma_.lower() in grammar("people_at_an_institution")
    )


def _by_position(doc: Doc, c: Candidate, *, sure: bool, headline: bool) -> str:
    """Known places with no preposition: modifiers of attacks, subjects of passives, datelines, headline words."""
    if not sure or c.right.modified:
        return ""
    following = doc[c.end] if c.end < len(doc) else None
    if c.left.kind == "start" and following is not None and following.text in ("(", ":", ",") and c.start <= 2:
        return "dateline"
    if names_attack(doc, c):
        return "modifier"
    if following is not None and following.lower_ in (
        "police",
        "sheriff",
        "sheriffs",
        "firefighters",
        "deputies",
        "cops",
        "coroner",
    ):
        return "authority"
    if c.run.possessor:
        return "possessor" if _is_wide(c) else ""
    if _is_passive_target(doc, c):
        return "attack_object"
    return "headline" if headline and not _acts(doc, c) else ""


_LONGEST_DATE_LINE: Final = 14  # tokens from the place to the dash


def _opens_date_line(doc: Doc, c: Candidate) -> bool:
    """Whether the passage opens with this place, then nothing but names, a day and an agency up to a dash."""
    if c.start > 1:
        return False
    inside = 0
    for token in doc[max(c.end, c.right.end) : c.end + _LONGEST_DATE_LINE]:
        if token.text in ("-", "–", "—", "--") and doc[token.i - 1].whitespace_:
            return True
        inside += (token.text == "(") - (token.text == ")")
        if token.text[:1].islower() and not inside and token.lower_ not in ("and", "of", "the"):
            return False
        if token.text in (".", ":", ";", '"', "“"):
            return False
    return False


def names_attack(doc: Doc, c: Candidate) -> bool:
    """Whether the name opens the attack's name: "Kabul attack", "Aleppo air strikes"."""
    nouns = [t.text.lower() for t in doc[c.end : c.end + 2]]
    if not nouns:
        return False
    wanted = place_words().attack_nouns
    return nouns[0] in wanted or (
        len(nouns) > 1 and nouns[1] in wanted and nouns[0].isalpha() and doc[c.end].pos_ in ("NOUN", "PROPN", "ADJ")
    )


_REACH_OF_SUFFERING: Final = 8  # words from the verb to what is suffered


def _suffers(doc: Doc, c: Candidate) -> bool:
    """Whether an attack is what the place has to bear: "Hass in Idlib province suffered air strikes", "X came under fire"."""
    root = doc[c.start : c.end].root
    if root.dep_ != "nsubj" or root.head.lemma_.lower() not in grammar("suffering_verbs"):
        return False
    after = doc[root.head.i + 1 : root.head.i + 1 + _REACH_OF_SUFFERING]
    return any(t.lower_ in place_words().attack_nouns for t in after)


def _is_passive_target(doc: Doc, c: Candidate) -> bool:
    root = doc[c.start : c.end].root
    return root.dep_ == "nsubjpass" and root.head.lemma_.lower() in place_words().attack_verbs


def _acts(doc: Doc, c: Candidate) -> bool:
    """Whether the name is the subject of an active verb: governments and people are, places are not."""
    root = doc[c.start : c.end].root
    if root.dep_ == "nsubj" and root.head.pos_ in ("VERB", "AUX"):
        return True
    following = doc[c.end] if c.end < len(doc) else None
    return following is not None and following.tag_ in ("VBD", "VBZ", "VBP") and following.lemma_ != "be"


def _is_one_name(doc: Doc, c: Candidate) -> bool:
    """Whether a single word nobody knows is named as what was attacked, as villages are and people with two names are not."""
    if len(c.run.words) != 1 or c.run.possessor or doc[c.start].tag_ != "NNP" or not _name_like(c):
        return False
    return c.end >= len(doc) or not doc[c.end].tag_.startswith(("NN", "HYPH"))


def _name_like(c: Candidate) -> bool:
    """An unknown name after "in": neither an acronym, nor a long row of capitals, nor part of an event's name."""
    if c.named_event:
        return False
    if len(c.run.words) > 4:
        return False
    return not (c.name.isupper() and len(c.name) <= 5) and all(len(x) > 1 for x in c.run.words)
