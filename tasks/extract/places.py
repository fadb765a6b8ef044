"""Finds the places that a passage names as places: by their names, by the grammar around them, or both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tasks.extract.gazetteer import Entry, Gazetteer, demonyms
from tasks.extract.gazetteer_fold import plain
from tasks.extract.place_context import Left, Right, read_left, read_right
from tasks.extract.place_runs import Run, common_words, find_runs, is_headline
from tasks.extract.place_words import place_words
from tasks.extract.spans import PlaceExpression

if TYPE_CHECKING:
    from spacy.tokens import Doc

_SURE_PEOPLE: Final = 15_000  # a name of so large a place is taken for it where only weak signs speak
_ATTACK_NAMED: Final = ("strike", "attack", "raid", "bombing", "blast")
_LARGE_PEOPLE: Final = 100_000  # a town that is known by its other names too
_SHORT_GAP: Final = 6
_PEOPLE: Final = frozenset("resident people inhabitant citizen native man woman fighter member villager refugee evacuee son".split())
_OF_A_PLACE: Final = frozenset("bombing bombardment shelling siege battle storming invasion capture fall seizure attack raid blockade streets".split())
_OF_A_PERSON: Final = frozenset(
    "murder death killing kidnapping assassination abduction execution wounding shooting brother sister son daughter wife husband mother father niece "
    "nephew body leader member spokesman spokeswoman movement army force front party group government president king queen minister ministry director "
    "head chief founder commander name arrest release home house office trial picture photo university ally friend victim murderer killer kidnapper".split()
)
_INHERITED: Final = frozenset({"movement", "of", "dateline", "authority"})  # what is said of the first place of a list holds for the rest
# Sites of which a town has one: "Aleppo airport" is a site of its own, "an Aleppo hospital" is in Aleppo.
_UNIQUE_SITES: Final = frozenset("airport airbase airfield prison university refinery dam base port garrison citadel zoo stadium".split())


@dataclass(slots=True)
class _Candidate:
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


def find_places(
    doc: Doc, gazetteer: Gazetteer | None = None, *, exclude: Sequence[tuple[int, int]] = ()
) -> list[PlaceExpression]:
    """The places named in a passage, from left to right, with relation and chain.

    Governments called by their capital, nationalities, organisations, people and publishers are left out.

    Args:
        doc: a passage (title or paragraph), tagged and parsed.
        gazetteer: where names are looked up; default: the one of the package.
        exclude: character spans [start, end) known to be something else, such as actors and sources.
    """
    gazetteer = gazetteer or Gazetteer.load()
    headline = is_headline(doc)
    runs = [r for r in find_runs(doc, headline=headline) if not _excluded(doc, r, exclude)]
    ends = {r.end: r.start for r in runs}
    accepted: list[_Candidate] = []
    for run in runs:
        for candidate in _candidates(doc, run, ends, gazetteer, headline=headline):
            candidate.named_event = _names_attack(doc, candidate)
            candidate.rule = _rule(doc, candidate, accepted, headline=headline)
            ends[candidate.end] = candidate.start
            if candidate.rule:
                accepted.append(candidate)
    return _link(doc, [_express(doc, c) for c in accepted], accepted)


def _excluded(doc: Doc, run: Run, exclude: Sequence[tuple[int, int]]) -> bool:
    first, last = doc[run.start].idx, doc[run.end - 1].idx + len(doc[run.end - 1])
    return any(a < last and first < b for a, b in exclude)


# --- candidates ------------------------------------------------------------------------------------------------------


def _candidates(
    doc: Doc, run: Run, ends: dict[int, int], gazetteer: Gazetteer, *, headline: bool
) -> list[_Candidate]:
    """The names in a run: one as a rule; more where a text without commas runs places together."""
    found = []
    for piece in _pieces(doc, run, gazetteer, headline=headline):
        left = read_left(doc, piece.start, ends)
        right = read_right(doc, piece.end)
        name = " ".join(piece.words)
        country, entries = gazetteer.find(name)
        found.append(_Candidate(piece, left, right, name, entries, country, "", piece.start, piece.end))
    return found


def _pieces(doc: Doc, run: Run, gazetteer: Gazetteer, *, headline: bool) -> list[Run]:
    """Trim type words off a run and part it where it is a chain of known names."""
    start, end = run.start, run.end
    if len(run.words) > 1 and _known(gazetteer, " ".join(run.words)):
        return [run]
    lower = place_words()
    while end - start > 1 and doc[end - 1].text.lower() in lower.types and doc[end - 1].text.lower() not in ("heights",):
        end -= 1
    while end - start > 1 and doc[start].text.lower() in lower.types - lower.parts_of_name | (lower.directions if headline else frozenset()):
        start += 1
    whole = Run(start, end, tuple(doc[start:end].text.split()) if (start, end) != (run.start, run.end) else run.words, run.possessor)
    whole = _mend_possessor(doc, whole, gazetteer)
    if len(whole.words) == 1 or _known(gazetteer, " ".join(whole.words)):
        return [whole]
    bounds = [i for i in range(start, end) if i == start or doc[i - 1].whitespace_]
    for cut in bounds[1:]:
        head, tail = doc[start:cut].text, doc[cut:end].text
        if doc[cut - 1].text.lower() in lower.parts_of_name | lower.directions:
            continue
        if _one_country(gazetteer, head, tail):
            rest = Run(start, cut, tuple(head.split()))
            return [rest, *_pieces(doc, Run(cut, end, tuple(tail.split()), run.possessor), gazetteer, headline=headline)]
        if headline and _sure(gazetteer, head) and not _known(gazetteer, tail) and cut < end and doc[cut].text.lower() not in place_words().types:
            return [Run(start, cut, tuple(head.split()))]
        if _sure(gazetteer, tail) and (_known(gazetteer, head) or headline):
            rest = Run(start, cut, tuple(head.split()))
            before = _pieces(doc, rest, gazetteer, headline=headline) if _known(gazetteer, head) else []
            return [*before, Run(cut, end, tuple(tail.split()), run.possessor)]
        if _sure(gazetteer, head) and _known(gazetteer, tail) and not _sure(gazetteer, doc[start:end].text):
            return [Run(start, cut, tuple(head.split())), Run(cut, end, tuple(tail.split()), run.possessor)]
    return [whole]


def _mend_possessor(doc: Doc, run: Run, gazetteer: Gazetteer) -> Run:
    """"Aleppos outskirts" in a text that lost its apostrophes: the town is Aleppo."""
    name = " ".join(run.words)
    following = doc[run.end].text if run.end < len(doc) else ""
    if len(name) < 5 or not name.endswith("s") or not following.isalpha() or gazetteer.lookup(name):
        return run
    return Run(run.start, run.end, tuple(name[:-1].split()), True) if _sure(gazetteer, name[:-1]) else run


def _one_country(gazetteer: Gazetteer, head: str, tail: str) -> bool:
    """Whether both are names of places in one country: a list that lost its comma."""
    if len(head) < 5 or len(tail) < 5:
        return False
    countries = [{e.country_code for e in gazetteer.lookup(n) if e.primary and e.source != "geonames"} for n in (head, tail)]
    return bool(countries[0] & countries[1])


def _known(gazetteer: Gazetteer, name: str) -> bool:
    return gazetteer.country(name) is not None or any(e.primary for e in gazetteer.lookup(name))


def _sure(gazetteer: Gazetteer, name: str) -> bool:
    """A country, a province, or a town that many know."""
    return gazetteer.country(name) is not None or any(
        e.kind != "settlement" and e.primary or e.population >= _SURE_PEOPLE for e in gazetteer.lookup(name)
    )


# --- is it a place? --------------------------------------------------------------------------------------------------


def _rule(doc: Doc, c: _Candidate, accepted: Sequence[_Candidate], *, headline: bool) -> str:
    """Which rule makes this run a place; "" when none does."""
    if _is_something_else(doc, c, headline=headline):
        return ""
    known, sure = _is_known(c), _is_sure(c)
    if _typed(c) and (not headline or known) and (sure or not c.left.indefinite):
        return _typed_rule(doc, c)
    if c.left.kind == "preposition":
        return _by_preposition(doc, c, known=known, sure=sure, headline=headline)
    if c.left.kind == "owned" and known:
        return "owned"
    if c.left.kind in ("list", "adjacent") and accepted and c.left.index - accepted[-1].end < _SHORT_GAP:
        if known and (sure or c.left.word != ","):
            return accepted[-1].rule if accepted[-1].rule in _INHERITED else "list"
        beside = c.left.index <= max(accepted[-1].end, accepted[-1].right.end) + 1
        if c.left.word in ("and", "or", "&") and beside and accepted[-1].rule in ("preposition", "typed", "list") and not _acts(doc, c):
            return "list" if len(c.run.words) <= 3 else ""
    if c.left.kind == "noun_of":
        return _by_noun_of(c, known=known, sure=sure)
    hit = c.left.kind == "verb" and c.left.word in place_words().attack_verbs and not (c.run.possessor and not _is_wide(c))
    if hit and (known or c.name[:3].lower() in ("al-", "el-")):
        return "attack_object"
    return _by_position(doc, c, sure=sure, headline=headline)


def _is_known(c: _Candidate) -> bool:
    """A country, or a place by its own name or by another name of a town."""
    return c.country is not None or any(e.primary or e.population >= _SURE_PEOPLE for e in c.entries)


def _is_sure(c: _Candidate) -> bool:
    """A country, a province, or a place so large or so much in the news that its name is taken for it."""
    if c.country is not None:
        return True
    return any(
        e.primary and (e.kind != "settlement" or e.population >= _SURE_PEOPLE or e.source != "geonames")
        or e.population >= _LARGE_PEOPLE
        for e in c.entries
    )


def _typed_rule(doc: Doc, c: _Candidate) -> str:
    """A typed name is a place; where people come from or go to, or whom they live with, is not where it happened."""
    if c.left.kind == "preposition" and c.left.word in place_words().away and c.left.relation is None:
        return "movement"
    if c.left.kind == "noun_of" and c.left.word in _PEOPLE:
        return "of"
    return "typed"


def _typed(c: _Candidate) -> bool:
    """A type word before or after the name; a bare "base" or "centre" after it is too little."""
    if c.left.type_word is not None and c.left.type_word not in ("center", "centre", "part", "parts", "state"):
        return True
    return bool(c.right.words) and c.right.words[-1] not in ("center", "centre", "front", "state", "division", "agency", "headquarters", "field")


def _is_wide(c: _Candidate) -> bool:
    return c.country is not None or any(e.kind != "settlement" and e.primary or e.population >= _LARGE_PEOPLE for e in c.entries)


def _by_noun_of(c: _Candidate, *, known: bool, sure: bool) -> str:
    """"The bombing of X" says where; "the murder of X" whom; "the residents of X" whose."""
    if c.left.word in _OF_A_PLACE:
        return "attack_on" if known else ""
    return "of" if sure and c.left.word not in _OF_A_PERSON else ""


def _by_preposition(doc: Doc, c: _Candidate, *, known: bool, sure: bool, headline: bool) -> str:
    w, word = place_words(), c.left.word
    if word in w.away and sure and _names_attack(doc, c):
        return "modifier"
    if c.left.relation is not None and (known or word in ("near", "outside") or word not in w.near):
        return "preposition"
    if word in w.inside:
        if word == "in" and not headline and (known or _name_like(c)):
            return "preposition"
        return "preposition" if known else ""
    if word in w.on:
        before = doc[c.left.index - 1].lemma_.lower() if c.left.index > 0 else ""
        near_attack = any(t.lemma_.lower() in w.attack_nouns | w.attack_verbs | w.cause_verbs for t in doc[max(0, c.left.index - 6) : c.left.index])
        if known and (near_attack or before in w.attack_nouns):
            return "attack_on"
        return "attack_on" if near_attack and c.name.lower().startswith(("al-", "el-", "tal ", "deir ", "khan ", "kafr")) else ""
    if word in w.near:
        return "preposition" if known else ""
    if doc[c.left.index - 1].lower_ in ("according", "told", "said", "belonging", "loyal", "due", "thanks", "linked", "allied") if c.left.index else False:
        return ""
    return "movement" if word in w.away and sure else ""


def _by_position(doc: Doc, c: _Candidate, *, sure: bool, headline: bool) -> str:
    """Known places with no preposition: modifiers of attacks, subjects of passives, datelines, headline words."""
    if not sure or c.right.modified:
        return ""
    w = place_words()
    following = doc[c.end] if c.end < len(doc) else None
    if c.left.kind == "start" and following is not None and following.text in ("(", "-", "–", "—", ":", ",") and c.start <= 2:
        return "dateline"
    if _names_attack(doc, c):
        return "modifier"
    if following is not None and following.lower_ in ("police", "sheriff", "sheriffs", "firefighters", "deputies", "cops", "coroner"):
        return "authority"
    if c.run.possessor:
        return "possessor" if _is_wide(c) else ""
    if _is_passive_target(doc, c):
        return "attack_object"
    return "headline" if headline and not _acts(doc, c) else ""


def _names_attack(doc: Doc, c: _Candidate) -> bool:
    """"Kabul attack", "Aleppo air strikes": the name is the first part of the attack's name."""
    nouns = [t.text.lower() for t in doc[c.end : c.end + 2]]
    if not nouns:
        return False
    wanted = place_words().attack_nouns
    return nouns[0] in wanted or len(nouns) > 1 and nouns[1] in wanted and nouns[0].isalpha() and doc[c.end].pos_ in ("NOUN", "PROPN", "ADJ")


def _is_passive_target(doc: Doc, c: _Candidate) -> bool:
    root = doc[c.start : c.end].root
    return root.dep_ == "nsubjpass" and root.head.lemma_.lower() in place_words().attack_verbs


def _acts(doc: Doc, c: _Candidate) -> bool:
    """Whether the name is the subject of an active verb: governments and people are, places are not."""
    root = doc[c.start : c.end].root
    if root.dep_ == "nsubj" and root.head.pos_ in ("VERB", "AUX"):
        return True
    following = doc[c.end] if c.end < len(doc) else None
    return following is not None and following.tag_ in ("VBD", "VBZ", "VBP") and following.lemma_ != "be"


def _name_like(c: _Candidate) -> bool:
    """An unknown name after "in": neither an acronym, nor a long row of capitals, nor part of an event's name."""
    if c.named_event:
        return False
    if len(c.run.words) > 4:
        return False
    return not (c.name.isupper() and len(c.name) <= 5) and all(len(x) > 1 for x in c.run.words)


def _is_something_else(doc: Doc, c: _Candidate, *, headline: bool) -> bool:
    """Organisations, people, nationalities, months: by their words and by what stands beside them."""
    w = place_words()
    words = [x.lower().strip(".") for x in c.run.words]
    whole = tuple(plain(doc[c.run.start : c.run.end].text).split())
    if not any(ch.isalpha() for ch in c.name) or len(c.name) < 3 and c.country is None:
        return True
    if c.name.endswith(".") and c.country is None and len(c.run.words) == 1:
        return True  # "Mo.", "Gen."
    if _in_phrase(doc, c):
        return True
    if _is_plain_word(doc, c, headline=headline):
        return True
    if c.country is not None or _known_exactly(c):
        return c.right.modified or _after_title(doc, c)
    if any(x in w.not_places or x in w.calendar for x in words) or whole and all(x in demonyms() for x in whole):
        return True
    return c.right.modified or _after_title(doc, c) or _is_organisation(doc, c)


def _is_plain_word(doc: Doc, c: _Candidate, *, headline: bool) -> bool:
    """Nothing but ordinary words that a headline, a careless writer or a machine wrote large: "a Peasant village"."""
    if c.country is not None:
        return False
    w = place_words()
    words = [x.lower() for part in c.run.words for x in part.split("-") if x]
    if all(x in w.types | w.directions | w.rural | {"the", "of"} for x in words):
        return True
    if not all(x in common_words() | w.types | w.directions for x in words):
        return False
    large_type = bool(c.right.words) and doc[c.end].text[:1].isupper()
    return headline or not large_type


def _known_exactly(c: _Candidate) -> bool:
    return any(plain(e.name) == plain(c.name) for e in c.entries) and c.name.lower() not in place_words().not_places


def _after_title(doc: Doc, c: _Candidate) -> bool:
    before = doc[c.start - 1].text.lower().strip(".") if c.start else ""
    return before in place_words().titles and not (c.country or before in ("general",) and c.entries)


def _is_organisation(doc: Doc, c: _Candidate) -> bool:
    """Followed by a bracketed acronym, or by a capitalised "Army", "Brigade", "Media"."""
    following = doc[c.end : c.end + 3]
    if len(following) >= 2 and following[0].text in "([" and following[1].text.isupper() and len(following[1].text) <= 6:
        return not c.entries
    return False


def _in_phrase(doc: Doc, c: _Candidate) -> bool:
    """Whether the name stands inside a fixed name of something else: "Islamic State of Iraq and the Levant"."""
    span = doc[max(0, c.start - 8) : c.end + 6]
    text = f" {plain(span.text)} "
    own = plain(c.name)
    for phrase in place_words().phrases:
        joined = " ".join(phrase)
        if own in joined and f" {joined} " in text and f" {own} " in f" {joined} ":
            return True
    following = doc[c.end].lower_ if c.end < len(doc) else ""
    if following in place_words().not_places - {"police", "regime", "rebels", "rebel"} and doc[c.end].text[:1].isupper():
        return True
    following = doc[c.end].text if c.end < len(doc) else ""
    return following.isdigit() and c.left.kind != "preposition" and not c.right.words


# --- from candidate to expression ------------------------------------------------------------------------------------


def _express(doc: Doc, c: _Candidate) -> PlaceExpression:
    start, end, name = c.start, c.end, " ".join(c.run.words)
    kinds, w = c.right.kinds, place_words()
    region_named = any(e.kind == "region" and e.primary for e in c.entries)
    if _keeps_type(c, region_named=region_named):
        end = c.right.end
        name = f"{name} {doc[c.end : end].text}"
    elif not c.right.words and (c.left.type_word in w.area or c.left.type_word in w.region and region_named):
        name = f"{name} {c.left.type_word}"
    if c.left.direction and c.left.direction_start == c.start - 1:
        start = c.left.direction_start
        name = f"{doc[start].text} {name}"
    elif c.start > 0 and doc[c.start - 1].text.lower() == "rural":
        start, name = c.start - 1, f"{doc[c.start - 1].text} {name}"
    kind, rank = _kind_and_rank(c, name)
    first, last = doc[start], doc[end - 1]
    relation = c.left.relation
    if c.rule == "movement":
        relation = c.left.word
    return PlaceExpression(first.idx, last.idx + len(last), name, relation, (), kind, c.rule, (), rank)


def _keeps_type(c: _Candidate, *, region_named: bool) -> bool:
    """Whether the type word belongs to the name: not in "Hajin town", nor in "an Aleppo hospital"."""
    if not c.right.words or c.right.words[-1] in ("state", "division"):
        return False
    kinds = c.right.kinds
    if kinds & {"region", "area"} and c.country is None:
        return True
    if c.country is not None:
        return False
    if kinds & {"settlement"}:
        return region_named
    big = region_named or any(e.population >= _LARGE_PEOPLE and e.primary for e in c.entries)
    return not big or c.right.words[-1] in _UNIQUE_SITES and not c.left.indefinite


def _kind_and_rank(c: _Candidate, name: str) -> tuple[str, int]:
    w = place_words()
    words = name.lower().split()
    has_direction = words[0] in w.directions | w.rural and len(words) > 1 and name != " ".join(c.run.words)
    kinds = c.right.kinds if len(words) > len(c.run.words) else frozenset()
    if c.country is not None:
        return ("region", 1) if has_direction else ("country", 0)
    regions, areas, towns = ([e for e in c.entries if e.kind == k and e.primary] for k in ("region", "area", "settlement"))
    if kinds & {"region"} or c.left.type_word in w.region and (regions or not towns):
        return "region", 2
    if kinds & {"area"} or c.left.type_word in w.area or has_direction and (regions or areas) and not kinds:
        return "region", 3
    if set(c.right.words) & {"river", "lake"}:
        return "place", 3
    if kinds & {"part", "site"} and not set(c.right.words) & {"area", "areas", "outskirts", "zone", "sector"}:
        return "place", 4 if c.right.words[-1] in w.small_sites else 6
    if c.left.type_word in w.part - {"area", "areas", "outskirts"} and not regions and not towns:
        return "place", 6
    if any(e.source == "conflict_ledger" for e in areas) or areas and not towns:
        return "region", 3
    if regions:
        return ("place", 4) if towns or c.left.type_word in w.settlement else ("region", 2)
    return "place", 5


def _link(doc: Doc, places: list[PlaceExpression], candidates: Sequence[_Candidate]) -> list[PlaceExpression]:
    """Chain neighbours: "Inkhil in Daraa province", "Hajin, Syria", "Syria's Idlib"."""
    linked = list(places)
    for i in range(len(places) - 1, -1, -1):
        place, c = linked[i], candidates[i]
        if i + 1 < len(places) and _continues(doc, candidates[i], candidates[i + 1]) and linked[i + 1].rank < place.rank:
            after = linked[i + 1]
            linked[i] = replace(place, within=(after.name, *after.within))
        owner = next((j for j in range(i) if candidates[j].end in (c.left.owner_end, c.left.owner_end - 1) or candidates[j].right.end == c.left.owner_end > 0), None)
        if owner is None and i and candidates[i - 1].run.possessor and c.start - candidates[i - 1].end <= 5:
            owner = i - 1
        if owner is not None and linked[owner].rank < place.rank and not linked[i].within:
            linked[i] = replace(linked[i], within=(linked[owner].name,))
        if c.left.nation and not linked[i].within:
            linked[i] = replace(linked[i], within=(_country_name(c.left.nation),))
    return linked


def _country_name(code: str) -> str:
    from tasks.extract.gazetteer import display_country

    return display_country(code) or code


def _continues(doc: Doc, a: _Candidate, b: _Candidate) -> bool:
    """Whether b's name follows a's as the larger place around it."""
    between = [t.text.lower() for t in doc[max(a.end, a.right.end) : b.start]]
    if len(between) > _SHORT_GAP or b.left.relation is not None:
        return False
    w = place_words()
    links = {"in", ",", "of", "the", "(", "at", "within", "province", "near"} | w.directions | w.types | {"-", "held", "rebel", "rural", "central"}
    if b.left.kind == "adjacent" or not between:
        return True
    return all(t in links or plain(t) in demonyms() or "-" in t or t.endswith("held") for t in between)


def rank_specificity(place: PlaceExpression) -> int:
    """How specific a place is: 0 a country, 1 part of one, 2 a province, 3 part of one, 4 a chief town, 5 a settlement, 6 a part or site of one."""
    return place.rank
