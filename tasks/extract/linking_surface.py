"""Links a phrase that counts people to a casualty word by the surface, where the parse gives none: "5 injured", "killing at least 16"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tasks.extract.figure import Figure
from tasks.extract.numbers import is_of_number
from tasks.extract.phrase import CountPhrase
from tasks.extract.predicates import Predicate, shot_forms

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc, Token

SUBJECTS: Final = frozenset({"nsubj", "nsubjpass", "csubj"})
PART_WORDS: Final = frozenset({"including", "include", "included", "includes", "among", "mostly", "mainly", "amongst"})
_AUX: Final = frozenset(
    "be is are was were been being have has had get got getting also people persons reportedly confirmed reported feared left all both others instantly immediately then later and critically seriously severely badly slightly gravely fatally more another".split()
)
_LONGEST_TITLE: Final = 6  # tokens
_MEANS: Final = frozenset({"shooting", "squad", "hanging", "beheading", "stoning", "gunfire"})
_SPANS: Final = frozenset("hours days weeks months week month year years weekend since".split())
_CHILDREN: Final = frozenset("one two three four five six seven eight nine ten eleven twelve".split())
_DASHES: Final = frozenset({"-", "–", "—", "--"})
_SAYS: Final = frozenset({"said", "says", "told", "tells", "added", "adds", "reported", "reports"})
_LISTS: Final = frozenset({"CC", "DT", "NN", "NNS", "NNP", "JJ", "CD"})
_TOLD_AS_NOUNS: Final = frozenset(
    "deaths fatalities killings murders injuries casualties kidnappings executions abductions".split()
)
_PREPOSITIONS: Final = frozenset("from by in of with near at for against on to".split())
_STATES: Final = frozenset({"dead", "wounded", "injured", "hurt"})
_NO_LONGER_FREE: Final = frozenset(
    "made taken captured arrested detained seized held freed rescued released evacuated surrendered escaped fled survived displaced".split()
)
_ADVERBS: Final = frozenset(
    "instantly immediately also reportedly at least around about some another more the nearly over up to only another a total of an estimated".split()
)


@dataclass(frozen=True, slots=True)
class Link:
    """A casualty word that a counted phrase hangs on, and the rule that found it."""

    predicate: Predicate
    rule: str


def has_object_before(state: Token) -> bool:
    """Whether the state is that of the verb's object: "militia shelling left two dead", "the army reported three missing"."""
    return state.dep_ == "oprd" and any(c.dep_ in ("dobj", "obj") and c.i < state.i for c in state.head.children)


def speaks(token: Token, participle: Token) -> bool:
    """Whether a noun is who tells it, which the parse takes for an object where commas are lost ("9 wounded a doctor said")."""
    before, after = token.doc[max(0, participle.i - 1)], token.doc[token.right_edge.i + 1 : token.right_edge.i + 8]
    if before.tag_ != "CD" or participle.tag_ not in ("VBN", "VBD", "JJ"):
        return False
    verb = next((t for t in (*token.subtree, *after) if t.i > token.i and t.tag_ in ("VBD", "VBZ")), None)
    return verb is not None and verb.lower_ in _SAYS


def _has_object(verb: Token) -> bool:
    """Whether a verb takes an object, its own or with the verb joined to it ("shot and wounded two men", "shot down the jet")."""
    if any(c.dep_ in ("dobj", "obj") and not speaks(c, verb) for c in verb.children):
        return True
    if any(c.dep_ in ("prt", "prep") and c.lower_ == "down" and any(True for _ in c.children) for c in verb.children):
        return True
    return any(c.i > verb.i and any(o.dep_ in ("dobj", "obj") for o in c.children) for c in verb.conjuncts)


class SurfaceLinker:
    """Links the count phrases of one passage to its casualty words by the words between them."""

    def __init__(self, doc: Doc, phrases: list[CountPhrase], predicates: dict[int, Predicate]) -> None:
        self.doc = doc
        self.phrases = phrases
        self.predicates = predicates
        self.at_token = {i: p for p in phrases for i in range(p.first, p.last + 1)}

    def killed_then(self, taken: Predicate) -> list[Link]:
        """The killing that follows an abduction: "were taken off a bus and shot dead"."""
        if taken.outcome == "injured":  # "was hit in the chest and died on the way to hospital"
            died = (self.dies(c) for c in self.doc[taken.token].conjuncts if c.i > taken.token)
            return [Link(p, "subject") for p in died if p is not None and p.outcome == "killed"][:1]
        if taken.outcome != "abducted":
            return []
        after = [self.predicates.get(c.i) for c in self.doc[taken.token].conjuncts]
        own = SUBJECTS | {"dobj"}
        return [
            Link(p, "passive_subject")
            for p in after
            if p is not None
            and p.outcome == "killed"
            and p.kind == "verb"
            and not any(c.dep_ in own for c in self.doc[p.token].children)
        ][:1]

    def dies(self, verb: Token) -> Predicate | None:
        """The death that a second verb tells of the same subject."""
        predicate = self.predicates.get(verb.i)
        own = any(c.dep_ in SUBJECTS for c in verb.children)
        return predicate if predicate is not None and predicate.kind == "intransitive" and not own else None

    def left_dead(self, phrase: CountPhrase) -> list[Link]:
        """For "leaving one person dead and eight with gunshot wounds": dead, whatever the verb leaves others with."""
        leaving, state = self.predicates.get(phrase.first - 1), self.predicates.get(phrase.last + 1)
        if leaving is None or leaving.light is None or state is None or state.kind not in ("adjective", "verb"):
            return []
        return [Link(state, "before_participle")] if state.outcome != leaving.outcome else []

    def state_of_all(self, phrase: CountPhrase, leaving: Token) -> Predicate | None:
        """For the two of "left two guards and a driver dead": the state of all of them, where neither has one of its own."""
        state = next((c.i for c in leaving.children if c.dep_ == "oprd" and c.i in self.predicates), -1)
        between = range(phrase.last + 1, state)
        return self.predicates[state] if between and not any(i in self.predicates for i in between) else None

    def by_surface(self, phrase: CountPhrase) -> list[Link]:
        """What the parse did not link: "5 injured", "were later found dead", "killing at least 16", "left 12 dead"."""
        if phrase.kind in ("named", "definite", "anaphoric", "unknown") and not self._left_hurt(phrase):
            return self._after_act_of(phrase)
        if aside := self._after_aside(phrase):
            return aside
        i = phrase.last + 1
        i = self._after_parts(i + (self.doc[i : i + 1].text in ('"', "”")))
        if self.doc[i : i + 1].text == "of" and self.doc[i + 1 : i + 2].text in _CHILDREN:
            i += 2  # "a father of six was shot dead"
        start = i
        while i < len(self.doc) and i <= start + 5 and self.doc[i].lower_ in _AUX and i not in self.predicates:
            i += 1
        after = self.predicates.get(i)
        if after is not None and after.kind in ("verb", "adjective", "intransitive") and self.doc[i].tag_ != "VBG":
            if (
                phrase.first
                and self.doc[phrase.first - 1].lower_ in _PREPOSITIONS
                and self.doc[phrase.first - 2 : phrase.first].text.lower() != "addition to"
                and not (phrase.first == 1 and self.doc[0].lower_ == "of")
                and not self._counts_the_hurt(phrase, i)
                and self.doc[phrase.first].lower_ not in ("all", "total")  # "in all 33 were massacred"
            ):
                return []
            active = (
                after.kind == "verb"
                and not after.passive
                and not (
                    phrase.first and self.doc[phrase.first - 1].lower_ == "among"
                )  # "among 26 people killed that day"
                and (
                    _has_object(self.doc[i]) or self.doc[i].lower_ == "blew"  # "a few others blew up": shells
                )
            )
            left = phrase.first > 0 and self.doc[phrase.first - 1].lower_ in ("left", "leaving", "leaves")
            if (left or not active) and (
                after.kind == "intransitive"
                or (after.kind == "adjective" or self.doc[i].tag_ in ("VBN", "VBD", "JJ", "NN", "NNP"))
            ):
                return [Link(after, "before_participle")]
        another = phrase.kind == "number" or (phrase.kind == "indefinite" and phrase.other)
        if after is not None and after.kind == "state" and i == phrase.last + 1 and another:
            return [Link(after, "state")]  # "and eight more with gunshot wounds"
        if after is not None and after.kind in ("body",) and i == phrase.last + 1:
            return [Link(after, "counted_noun")]
        if (
            after is not None
            and after.kind == "noun"
            and i == phrase.last + 1
            and phrase.noun is None
            and self.doc[i].lower_ in _TOLD_AS_NOUNS
        ):
            return [Link(after, "counted_noun")]
        i = phrase.first - 1
        if i >= 0 and self.doc[i].lower_ == "at" and phrase.noun is not None:
            return []  # "shot at customers"
        while i >= 0 and i >= phrase.first - 4 and self.doc[i].lower_ in _ADVERBS:
            i -= 1
        if self.doc[i].lower_ in _MEANS and (
            by := next((j for j in (i - 1, i - 2) if j > 0 and self.doc[j].lower_ == "by"), 0)
        ):
            i = by - 1  # "executed by shooting nine young men"
        before = self.predicates.get(i)
        told = before is not None and speaks(self.doc[phrase.head], self.doc[i])
        if (
            before is not None
            and before.kind == "verb"
            and not told
            and (not before.passive or self.doc[i].tag_ == "VBG")
        ):
            return [Link(before, "after_verb")]
        return []

    def died_later(self, victim: Token, links: list[Link]) -> list[Link]:
        """For "a guard who had been hurt in Friday's blast died", "the bodies of men who had been kidnapped": the death."""
        if links and victim.dep_ == "pobj" and victim.head.lower_ == "of":
            bodies = self.predicates.get(victim.head.head.i)
            return [Link(bodies, "of_noun")] if bodies is not None and bodies.kind == "body" else links
        if not links or links[0].predicate.outcome != "injured" or victim.dep_ not in SUBJECTS:
            return links
        died = self.predicates.get(victim.head.i)
        dead = died is not None and died.outcome == "killed" and (died.kind == "intransitive" or died.passive)
        return [Link(died, "subject")] if died is not None and dead else links

    def either(self, first: Predicate, second: Predicate) -> str:
        """The outcome of "shot or hacked to death", "beaten or stabbed"; of "killed or wounded" neither is sure."""
        if first.outcome == second.outcome:
            return first.outcome
        shot = first if first.outcome == "injured" else second
        mortal = self.doc[max(first.token, second.token) + 1 :][:2].text == "to death"
        return "killed" if mortal and self.doc[shot.token].lower_ in shot_forms() else "casualties"

    def _before(self, phrase: CountPhrase) -> int:
        """The token that leads up to the phrase: before "a large number", and before the "to death" of "clubbed to death four"."""
        at = phrase.first - 1
        if self.doc[phrase.first].lower_ in ("number", "numbers"):
            while at >= 0 and is_of_number(self.doc[at].lower_):
                at -= 1
        return at - 2 if at > 1 and self.doc[at].lower_ == "death" and self.doc[at - 1].lower_ == "to" else at

    def _carried_off(self, phrase: CountPhrase) -> Predicate | None:
        """The verb right before a name in "dragged university professor Juan Mora from his car and drove off with him"."""
        at = phrase.first - 1
        while at > 0 and phrase.first - at <= 3 and self.doc[at].tag_ in ("NN", "JJ", "DT"):
            at -= 1
        found = self.predicates.get(at)
        return found if found is not None and found.frame and found.outcome == "abducted" and at else None

    def _counts_the_hurt(self, phrase: CountPhrase, at: int) -> bool:
        """Whether a bare number behind a preposition counts the dead or wounded: "resulted in 11 dead", but not "three of 11 dead"."""
        if phrase.noun is not None or phrase.kind != "number" or at != phrase.last + 1 or phrase.first < 2:
            return False
        before = self.doc[phrase.first - 2]
        partitive = before.tag_ in ("CD", "DT", "JJS") or before.lower_ in (
            "some",
            "most",
            "many",
            "several",
            "half",
            "one",
        )
        return self.doc[at].lower_ in _STATES and not (partitive and self.doc[phrase.first - 1].lower_ == "of")

    def _dead_and_wounded(self, phrase: CountPhrase) -> list[Link] | None:
        """For "dozens of dead and wounded fighters": some of both; of "20 dead and wounded" nobody knows how many of which."""
        inside = [self.predicates[i] for i in range(phrase.first, phrase.last + 1) if i in self.predicates]
        told = [p for p in inside if p.kind in ("adjective", "verb") and p.outcome in ("killed", "injured")]
        if phrase.kind != "number" or len({p.outcome for p in told}) != 2 or told[1].token - told[0].token != 2:
            return None
        joiner = self.doc[told[0].token + 1].lower_
        if joiner == "and" and phrase.max is None:
            return [Link(p, "attribute_shared") for p in told]
        return [Link(replace(told[0], outcome="casualties"), "object")] if joiner in ("and", "or") else None

    def brings_days(self, toll: Predicate, number: Token) -> bool:
        """For "…, taking the number of dead within two days to 61": the toll of more than the act just told."""
        words = set(self.doc.lower[toll.token : number.i])
        before = set(self.doc.lower[: toll.token])
        return not words.isdisjoint(_SPANS) and not before.isdisjoint(("bringing", "raising", "taking"))

    def _after_aside(self, phrase: CountPhrase) -> list[Link]:
        """For "a widow - condemned for sorcery - was stoned to death", where the parse loses the subject."""
        opened = self.doc[phrase.last + 1].text if phrase.last + 1 < len(self.doc) else ""
        if opened not in _DASHES or phrase.kind not in ("number", "indefinite"):
            return []
        closed = next((t.i for t in self.doc[phrase.last + 3 : phrase.last + 16] if t.text in _DASHES), None)
        if closed is None or closed + 2 >= len(self.doc) or self.doc[closed + 1].lower_ not in ("was", "were"):
            return []
        after = next((p for i in range(closed + 2, closed + 5) if (p := self.predicates.get(i)) is not None), None)
        if after is None or not after.passive or any(c.dep_ in SUBJECTS for c in self.doc[after.token].children):
            return []
        return [Link(after, "before_participle")]

    def _left_hurt(self, phrase: CountPhrase) -> bool:
        """For "left a boy dead and his mother wounded": somebody's own, and a participle right behind."""
        after = self.predicates.get(phrase.last + 1)
        return (
            self.doc[phrase.first].tag_ == "PRP$"
            and phrase.kind == "definite"
            and after is not None
            and after.kind in ("verb", "adjective")
        )

    def _after_act_of(self, phrase: CountPhrase) -> list[Link]:
        """For "the murder of retired Revenue Office auditor Luis Mora": words of the name's own between, whatever the parse says."""
        i = phrase.first - 1
        while i >= 0 and phrase.first - i <= _LONGEST_TITLE and self.doc[i].tag_ in ("DT", "JJ", "NNP", "NN", "PRP$"):
            i -= 1
        act = self.predicates.get(i - 1) if i > 0 and self.doc[i].lower_ == "of" else None
        return [Link(act, "of_noun")] if act is not None and act.kind == "noun" and act.outcome != "casualties" else []

    def _tells_it(self, phrase: CountPhrase, after: int) -> bool:
        """Whether people behind a comma are who says so: "killed seven in Chiro, a resident and a doctor told the agency"."""
        i = phrase.last + 1
        while i < len(self.doc) and i <= phrase.last + 8 and self.doc[i].tag_ in _LISTS:
            i += 1
        says = i < len(self.doc) and self.doc[i].lower_ in _SAYS and self.doc[i].tag_ != "VBN"
        return says and "," in self.doc.lower[after + 1 : phrase.first]

    def _has_own_verb(self, phrase: CountPhrase) -> bool:
        """Whether the phrase is the subject of a verb that is no casualty word ("and 20 others were taken to hospital")."""
        token = self.doc[phrase.head]
        verb = token.head
        return (
            token.dep_ in SUBJECTS
            and verb.i > phrase.last
            and verb.i not in self.predicates
            and verb.tag_.startswith("V")
        )

    def has_own_participle(self, phrase: CountPhrase) -> bool:
        """Whether a casualty word of its own stands right behind the phrase ("among them six nuns and scores more hurt")."""
        i = phrase.last + 1
        while (
            i < len(self.doc)
            and i <= phrase.last + 3
            and self.doc[i].lower_ in ("was", "were", "have", "has", "had", "been")
        ):
            i += 1
        after = self.predicates.get(i)
        return (
            after is not None
            and after.kind in ("verb", "adjective")
            and self.doc[after.token].tag_ in ("VBN", "VBD", "JJ")
            and (phrase.noun is None or self.doc[phrase.noun].lower_ in ("another", "others"))
        )

    def _after_parts(self, i: int) -> int:
        """The token after "including 14 children and 9 women", where that stands at `i`; else `i`."""
        them = self.doc[i + 1 : i + 3].text.lower() in ("of them", "of whom")  # "110 rebels most of them boys"
        if i >= len(self.doc) or not (them or self.doc[i].lower_ in ("including", ",", "-", "–", "—", "--", "(")):
            return i
        j = i + 1
        while j < len(self.doc) and (
            j in self.at_token
            or self.doc[j].lower_
            in (
                "and",
                ",",
                "including",
                "at",
                "least",
                "-",
                "–",
                "—",
                "--",
                ")",
                "among",
                "them",
                "of",
                "whom",
                "most",
                "many",
                "some",
                "non",
            )
            or (self.doc[j].dep_ == "acl" and self.doc[j].tag_ == "VBN" and j not in self.predicates)
        ):
            if self.doc[j].dep_ == "acl" and self.doc[j].tag_ == "VBN" and j not in self.predicates:
                j = self.doc[j].right_edge.i
            j += 1
        return (j + (self.doc[j : j + 1].text == "who")) if j > i + 1 else i

    def _is_appos(self, phrase: CountPhrase) -> bool:
        """Whether a phrase says who somebody named before is ("shot by his uncle, 47-year-old Mr Diaz")."""
        return self.doc[phrase.head].dep_ == "appos"

    def by_coordination(self, phrase: CountPhrase, previous: Figure | None) -> list[Link]:
        """For "killed nine in A and two others in B", "three men, a woman and two children": takes over the outcome before."""
        if previous is None or self._has_own_verb(phrase) or self._tells_it(phrase, previous.last):
            return []
        between = self.doc[previous.last + 1 : phrase.first]
        words = [t.lower_ for t in between]
        theirs = phrase.kind == "definite" and self.doc[phrase.first].tag_ == "PRP$"
        beside = theirs and previous.kind in ("definite", "indefinite", "named") and words[-1:] in (["and"], [","])
        with_them = theirs and words[-2:] in (["along", "with"], ["together", "with"])  # "along with his driver"
        if phrase.kind not in ("number", "indefinite") and not (with_them or beside):
            return []  # "shot dead the imam, Ali Bakr, and his son"
        if not words or len(words) > 14 or ("by" in words and words[-1] == "," and self._is_appos(phrase)):
            return []
        verbs = [
            t
            for t in between
            if t.tag_.startswith("V")
            and t.tag_ != "VBN"
            and t.i not in self.predicates
            and t.lower_ not in PART_WORDS | _AUX
        ]
        joined = (
            words[-1] in ("and", ",", "with", "while", "plus", "/")
            or words[-2:] in (["as", "well"], ["well", "as"], ["along", "with"])
            or (len(words) == 1 and previous.last + 1 not in self.predicates)
        )
        predicate = self.predicates.get(previous.anchor)
        follows = self.doc[phrase.last + 1].lower_ if phrase.last + 1 < len(self.doc) else ""
        inside = {t.lower_ for t in self.doc[phrase.first + 1 : phrase.last + 1]}
        if follows in _NO_LONGER_FREE or not inside.isdisjoint(_NO_LONGER_FREE):
            return []  # "five soldiers were killed, three made prisoner and two freed"
        own = self.doc[phrase.last].lower_ == "own"  # "17 rebels, as well as six of its own"
        counted = phrase.noun is not None or phrase.other or own or follows in ("in", "at", "near", "on", "outside")
        elided = phrase.noun is None and follows in ("in", "at", "near") and (previous.min or 0) > (phrase.min or 0)
        if (joined or elided) and not verbs and predicate is not None and counted:
            return [Link(predicate, "coordination")]
        return []
