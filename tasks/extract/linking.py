"""Links a phrase that counts people to the casualty word that says what became of them: by the parse, else by the surface."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tasks.extract.figure import Figure
from tasks.extract.phrases import CountPhrase
from tasks.extract.predicates import Predicate, before_next_count, fighter_verbs, loss_words
from tasks.extract.victims import group_of

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc, Token


_NOMINAL_DEPS: Final = frozenset({"conj", "appos", "dep", "nmod", "nummod", "compound", "npadvmod", "amod", "quantmod"})
_SUBJECTS: Final = frozenset({"nsubj", "nsubjpass", "csubj"})
_OBJECTS: Final = frozenset({"dobj", "obj", "dative", "attr", "oprd"})
_PART_WORDS: Final = frozenset({"including", "include", "included", "includes", "among", "mostly", "mainly", "amongst"})
_AUX: Final = frozenset(
    "be is are was were been being have has had get got getting also people persons reportedly confirmed reported feared left all both others instantly immediately then later and critically seriously severely badly slightly gravely fatally more another".split()
)
_PREPOSITIONS: Final = frozenset("from by in of with near at for against on to".split())
_REACH: Final = frozenset(
    "surpasses tops exceeding climbed rose stands standing put puts reach reaches reached reaching exceed exceeds exceeded exceeding hit hits pass passes passed passing surpass surpassed top topped is was stood stands be total totals totaled totalled".split()
)
_ADVERBS: Final = frozenset(
    "instantly immediately also reportedly at least around about some another more the nearly over up to only another a total of an estimated".split()
)


@dataclass(frozen=True, slots=True)
class Link:
    """A casualty word that a counted phrase hangs on, and the rule that found it."""

    predicate: Predicate
    rule: str


def _has_object(verb: Token) -> bool:
    """Whether a verb takes an object, its own or with the verb joined to it ("shot and wounded two men", "shot down the jet")."""
    if any(c.dep_ in ("dobj", "obj") for c in verb.children):
        return True
    if any(c.dep_ in ("prt", "prep") and c.lower_ == "down" and any(True for _ in c.children) for c in verb.children):
        return True
    return any(c.i > verb.i and any(o.dep_ in ("dobj", "obj") for o in c.children) for c in verb.conjuncts)


class Linker:
    """Links the count phrases of one parsed passage to its casualty words."""

    def __init__(self, doc: Doc, phrases: list[CountPhrase], predicates: dict[int, Predicate]) -> None:
        self.doc = doc
        self.phrases = phrases
        self.predicates = predicates
        self.at_token = {i: p for p in phrases for i in range(p.first, p.last + 1)}

    # --- by the parse -------------------------------------------------------------------------------------------------

    def by_parse(self, phrase: CountPhrase) -> list[Link]:
        """The casualty words that govern a phrase in the dependency parse; [] where none does."""
        token = self.doc[phrase.head]
        if phrase.noun is None and [t.lower_ for t in self.doc[phrase.last + 1 : phrase.last + 4]] == [
            "under",
            "the",
            "age",
        ]:
            return []
        if phrase.kind != "named" and (governor := self._verb_before(phrase)) is not None:
            return self._with_coordinates(governor, "object")
        own = self.predicates.get(phrase.noun) if phrase.noun is not None else None
        if (
            own is not None
            and own.kind == "noun"
            and (phrase.kind == "none" or (phrase.kind == "number" and self.doc[own.token].tag_ in ("NNS", "NNPS")))
        ):
            told = self._by_role(phrase, token) if own.outcome == "casualties" else []
            return told or [Link(own, "counted_noun")]
        if own is not None and own.kind == "adjective" and phrase.kind == "number":
            return [Link(own, "counted_noun")]  # "the 14 dead"
        if own is not None and own.kind == "body" and phrase.kind in ("number", "indefinite", "plural"):
            return [Link(own, "counted_noun")]
        links = self._by_modifier(phrase, token)
        if links:
            return links
        for _ in range(6):
            links = self._by_role(phrase, token)
            if links or token.dep_ not in _NOMINAL_DEPS or token.head.i == token.i:
                return links
            if token.dep_ == "conj" and token.head.tag_.startswith("V"):
                return []
            if phrase.kind == "named" and token.dep_ != "conj":
                return []
            token = token.head
        return []

    def _verb_before(self, phrase: CountPhrase) -> Predicate | None:
        """The active casualty verb right before the phrase ("injure dozens"): nearer than anything the parse may say."""
        predicate = self.predicates.get(phrase.first - 1)
        if (
            predicate is None
            or predicate.kind != "verb"
            or (self.doc[predicate.token].tag_ in ("VBN", "JJ") and predicate.passive)
        ):
            return None
        token = self.doc[predicate.token]
        if before_next_count(token):
            return None
        if token.tag_ in ("VBD", "VBN") and any(c.dep_ in ("auxpass", "nsubjpass") for c in token.children):
            return None
        if (
            token.tag_ in ("VBD", "VBN", "NNP", "NN")
            and token.i
            and self.doc[token.i - 1].tag_ in ("NNS", "NNPS", "CD")
            and not any(c.dep_ == "nsubj" for c in token.children)
        ):
            return None
        return predicate

    def _by_modifier(self, phrase: CountPhrase, token: Token) -> list[Link]:
        """For "people killed in", "who were killed", "12 wounded fighters"."""
        links = []
        for child in token.children:
            predicate = self.predicates.get(child.i)
            if predicate is None or predicate.outcome == "casualties":
                continue
            if (
                child.dep_ in ("acl", "relcl")
                and (predicate.passive or predicate.kind == "intransitive")
                and child.i > phrase.last
            ):
                links += self._with_coordinates(predicate, "participle")
            elif (
                child.dep_ == "amod" and predicate.kind in ("verb", "adjective") and child.tag_ in ("VBN", "JJ", "VBD")
            ):
                links.append(Link(predicate, "attribute"))
        return links

    def _by_role(self, phrase: CountPhrase, token: Token) -> list[Link]:
        head, dep = token.head, token.dep_
        predicate = self.predicates.get(head.i)
        if dep == "pobj":
            return self._by_preposition(phrase, token)
        if dep in _SUBJECTS:
            return self._as_subject(head, dep)
        if (
            dep in _OBJECTS
            and predicate is not None
            and predicate.kind == "verb"
            and not (predicate.passive and dep != "oprd" and head.i > token.i)
        ):
            return self._with_coordinates(predicate, "object")
        if dep in (*_OBJECTS, "npadvmod", "ccomp") and head.lower_ in _REACH and (toll := self._toll_near(head, token)):
            return [Link(toll, "toll_reaches")]
        if dep in _OBJECTS and head.i not in self.predicates:
            shared = [
                c
                for c in head.conjuncts
                if abs(c.i - head.i) <= 3
                and c.i < token.i
                and (p := self.predicates.get(c.i))
                and p.kind == "verb"
                and not p.passive
            ]
            if shared:
                return [Link(self.predicates[shared[-1].i], "object_of_conjunct")]
        if (
            dep in ("nummod", "compound", "poss", "amod")
            and predicate is not None
            and predicate.kind in ("body", "noun")
        ):
            return [Link(predicate, "counted_noun")] if predicate.kind == "body" or head.lower_.endswith("s") else []
        return []

    def _as_subject(self, verb: Token, dep: str) -> list[Link]:
        predicate = self.predicates.get(verb.i)
        if (predicate is None or predicate.kind == "state") and (state := self._state_of(verb)) is not None:
            died = next((p for c in verb.conjuncts if (p := self._dies(c)) is not None), None)
            return [Link(died or state, "state")]  # "was hit by a stray bullet and died"
        if predicate is not None:
            if predicate.kind == "intransitive":
                return [Link(predicate, "subject")]
            if predicate.kind == "adjective":
                return [Link(predicate, "subject")]
            if predicate.kind == "verb" and (dep == "nsubjpass" or predicate.passive):
                return self._with_coordinates(predicate, "passive_subject")
            return []
        if verb.lower_ in (
            "is",
            "are",
            "was",
            "were",
            "be",
            "been",
            "left",
            "reported",
            "found",
            "confirmed",
            "feared",
            "pronounced",
            "declared",
            "remain",
            "remained",
        ):
            for child in verb.children:
                other = self.predicates.get(child.i)
                if (
                    other is not None
                    and child.dep_ in ("acomp", "oprd", "attr", "xcomp")
                    and (other.kind == "adjective" or other.passive)
                ):
                    return [Link(other, "predicate")]
        links = []
        for conjunct in verb.conjuncts:
            other = self.predicates.get(conjunct.i)
            if other is None or any(c.dep_ in _SUBJECTS for c in conjunct.children):
                continue
            if other.kind == "intransitive" or (
                other.kind == "verb"
                and (other.passive or (dep == "nsubjpass" and not any(c.dep_ == "dobj" for c in conjunct.children)))
            ):
                links.append(Link(other, "subject_of_conjunct"))
        return links

    def _dies(self, verb: Token) -> Predicate | None:
        """The death that a second verb tells of the same subject."""
        predicate = self.predicates.get(verb.i)
        own = any(c.dep_ in _SUBJECTS for c in verb.children)
        return predicate if predicate is not None and predicate.kind == "intransitive" and not own else None

    def _state_of(self, verb: Token) -> Predicate | None:
        """The state that a verb gives its subject ("is in critical condition", "was taken to hospital in serious condition")."""
        for i in range(verb.i, min(verb.i + 9, len(self.doc))):
            if i > verb.i and self.doc[i].tag_ in ("VBD", "VBZ", "VBP") and self.doc[i].dep_ not in ("aux", "auxpass"):
                return None
            predicate = self.predicates.get(i)
            if predicate is not None and predicate.kind == "state":
                return predicate
        return None

    def _by_preposition(self, phrase: CountPhrase, token: Token) -> list[Link]:
        preposition = token.head
        governor = preposition.head
        if preposition.lower_ in _PART_WORDS or (
            preposition.lower_ == "of" and governor.lower_ in ("most", "majority", "half")
        ):
            return []
        predicate = self.predicates.get(governor.i)
        if preposition.lower_ == "of" and predicate is not None and predicate.kind in ("noun", "body"):
            return self._with_other_noun(predicate, governor)
        if preposition.lower_ == "of":
            claim = self.predicates.get(governor.head.i)
            if claim is not None and claim.light == governor.i:
                return [Link(claim, "lives_of")]
        if preposition.lower_ in ("to", "at", "by") and self._toll_near(governor, token):
            return [Link(self._toll_near(governor, token), "toll_reaches")]  # type: ignore[arg-type]
        if (
            preposition.lower_ in ("with", "against", "on")
            and predicate is not None
            and predicate.kind == "noun"
            and phrase.kind == "number"
            and preposition.lower_ == "with"
        ):
            return []
        return []

    def _with_other_noun(self, predicate: Predicate, noun: Token) -> list[Link]:
        """For "the killing or wounding of several": both nouns take the victims; with "or" neither outcome is sure."""
        for conjunct in noun.conjuncts:
            other = self.predicates.get(conjunct.i)
            if other is None or abs(conjunct.i - noun.i) > 3 or other.outcome == predicate.outcome:
                continue
            between = {t.lower_ for t in self.doc[min(noun.i, conjunct.i) : max(noun.i, conjunct.i)]}
            if "or" in between:
                return [Link(replace(predicate, outcome="casualties"), "of_noun")]
            return [Link(predicate, "of_noun"), Link(other, "of_noun_shared")]
        return [Link(predicate, "of_noun")]

    def _toll_near(self, governor: Token, token: Token) -> Predicate | None:
        window = range(max(0, token.i - 24), token.i)
        for i in reversed(window):
            predicate = self.predicates.get(i)
            if predicate is not None and (
                self.doc[i].lower_ == "toll"
                or (
                    predicate.kind in ("noun", "adjective", "verb")
                    and any(w.lower_ in ("number", "toll", "count") for w in self.doc[max(0, i - 4) : i])
                )
            ):
                return predicate
        return None

    def _with_coordinates(self, predicate: Predicate, rule: str) -> list[Link]:
        """For "shot and killed", "killed and wounded", "killed or injured": verbs that share their victims."""
        links = [Link(predicate, rule)]
        verb = self.doc[predicate.token]
        links += self._adjacent(predicate, rule)
        if len(links) > 1:
            return self._strongest(links)
        for conjunct in verb.conjuncts:
            other = self.predicates.get(conjunct.i)
            if other is None or other.kind != "verb" or abs(conjunct.i - verb.i) > 3:
                continue
            own = ("dobj", "obj") if rule == "object" else (*_SUBJECTS, "dobj")
            if any(c.dep_ in own for c in conjunct.children):
                continue
            between = {t.lower_ for t in self.doc[min(verb.i, conjunct.i) : max(verb.i, conjunct.i)]}
            joined = replace(other, outcome="casualties") if "or" in between else other
            links = [Link(replace(predicate, outcome="casualties"), rule)] if "or" in between else links
            links.append(Link(joined, f"{rule}_shared"))
        return self._strongest(links)

    def _adjacent(self, predicate: Predicate, rule: str) -> list[Link]:
        """The verb right before, with "and", "or" or nothing between ("killing and wounding dozens", "kills wounds dozens")."""
        if rule != "object":
            return []
        i = predicate.token - 1
        joiner = self.doc[i].lower_ if i >= 0 else ""
        other = self.predicates.get(i - 1 if joiner in ("and", "or", ",", "/") else i)
        if other is None or other.kind != "verb" or other.outcome == predicate.outcome or other.passive:
            return []
        return [Link(replace(other, outcome="casualties") if joiner == "or" else other, f"{rule}_shared")]

    @staticmethod
    def _strongest(links: list[Link]) -> list[Link]:
        """For "shot and killed" is one killing: the shot's own injury goes where a death is told of the same people."""
        outcomes = {link.predicate.outcome for link in links}
        if "casualties" in outcomes:
            return [link for link in links if link.predicate.outcome == "casualties"][:1]
        return links

    # --- by the surface -----------------------------------------------------------------------------------------------

    def by_surface(self, phrase: CountPhrase) -> list[Link]:
        """What the parse did not link: "5 injured", "were later found dead", "killing at least 16", "left 12 dead"."""
        if phrase.kind in ("named", "definite", "anaphoric", "unknown"):
            return []
        i = self._after_parts(phrase.last + 1)
        start = i
        while i < len(self.doc) and i <= start + 5 and self.doc[i].lower_ in _AUX and i not in self.predicates:
            i += 1
        after = self.predicates.get(i)
        if after is not None and after.kind in ("verb", "adjective", "intransitive") and self.doc[i].tag_ != "VBG":
            if (
                phrase.first
                and self.doc[phrase.first - 1].lower_ in _PREPOSITIONS
                and not (phrase.first == 1 and self.doc[0].lower_ == "of")
            ):
                return []
            active = after.kind == "verb" and not after.passive and _has_object(self.doc[i])
            if not active and (
                after.kind == "intransitive"
                or (after.kind == "adjective" or self.doc[i].tag_ in ("VBN", "VBD", "JJ", "NN", "NNP"))
            ):
                return [Link(after, "before_participle")]
        if after is not None and after.kind in ("body",) and i == phrase.last + 1:
            return [Link(after, "counted_noun")]
        if (
            after is not None
            and after.kind == "noun"
            and i == phrase.last + 1
            and phrase.noun is None
            and self.doc[i].lower_
            in (
                "deaths",
                "fatalities",
                "killings",
                "murders",
                "injuries",
                "casualties",
                "kidnappings",
                "executions",
                "abductions",
            )
        ):
            return [Link(after, "counted_noun")]
        i = phrase.first - 1
        while i >= 0 and i >= phrase.first - 4 and self.doc[i].lower_ in _ADVERBS:
            i -= 1
        before = self.predicates.get(i)
        if before is not None and before.kind == "verb" and (not before.passive or self.doc[i].tag_ == "VBG"):
            return [Link(before, "after_verb")]
        return []

    def _has_own_verb(self, phrase: CountPhrase) -> bool:
        """Whether the phrase is the subject of a verb that is no casualty word ("and 20 others were taken to hospital")."""
        token = self.doc[phrase.head]
        verb = token.head
        return (
            token.dep_ in _SUBJECTS
            and verb.i > phrase.last
            and verb.i not in self.predicates
            and verb.tag_.startswith("V")
        )

    def has_own_participle(self, phrase: CountPhrase) -> bool:
        """Whether a casualty word of its own stands right behind the phrase ("including 11 children and dozens more wounded")."""
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
            and phrase.noun is None
        )

    def _after_parts(self, i: int) -> int:
        """The token after "including 14 children and 9 women", where that stands at `i`; else `i`."""
        if i >= len(self.doc) or self.doc[i].lower_ not in ("including", ",", "-", "–", "—", "--", "("):
            return i
        j = i + 1
        while j < len(self.doc) and (
            j in self.at_token
            or self.doc[j].lower_ in ("and", ",", "including", "at", "least", "-", "–", "—", "--", ")", "among", "them")
        ):
            j += 1
        return j if j > i + 1 else i

    def by_coordination(self, phrase: CountPhrase, previous: Figure | None) -> list[Link]:
        """For "killed nine in A and two others in B", "three men, a woman and two children": takes over the outcome before."""
        if previous is None or phrase.kind not in ("number", "indefinite") or self._has_own_verb(phrase):
            return []
        between = self.doc[previous.last + 1 : phrase.first]
        words = [t.lower_ for t in between]
        if not words or len(words) > 14:
            return []
        verbs = [
            t
            for t in between
            if t.tag_.startswith("V")
            and t.tag_ != "VBN"
            and t.i not in self.predicates
            and t.lower_ not in _PART_WORDS | _AUX
        ]
        joined = (
            words[-1] in ("and", ",", "with", "while", "plus", "/")
            or words[-2:] in (["as", "well"], ["along", "with"])
            or len(words) <= 1
        )
        predicate = self.predicates.get(previous.anchor)
        follows = self.doc[phrase.last + 1].lower_ if phrase.last + 1 < len(self.doc) else ""
        counted = phrase.noun is not None or phrase.other or follows in ("in", "at", "near", "on", "outside")
        elided = phrase.noun is None and follows in ("in", "at", "near") and (previous.min or 0) > (phrase.min or 0)
        if (joined or elided) and not verbs and predicate is not None and counted:
            return [Link(predicate, "coordination")]
        return []


def fits(doc: Doc, phrase: CountPhrase, link: Link) -> bool:
    """Whether a kind of phrase can be counted by such a link: names and unknown nouns only by verbs and "deaths of"."""
    if phrase.kind in ("named", "unknown"):
        if link.predicate.kind not in ("verb", "intransitive", "noun") or link.rule in (
            "attribute",
            "toll_reaches",
            "counted_noun",
        ):
            return False
        if link.predicate.kind == "noun" and link.rule not in ("of_noun", "lives_of"):
            return False
    if phrase.kind == "named":
        return doc[phrase.head].tag_ == "NNP" and doc[phrase.last].shape_[:1] == "X"
    if doc[link.predicate.token].lower_ in fighter_verbs() and link.predicate.light is None:
        lost = doc[link.predicate.token].lower_ in loss_words() and phrase.kind in ("number", "indefinite")
        if lost and doc[phrase.last].lower_ in ("own", "man", "men", "comrades", "members"):
            return True
        return (
            phrase.noun is not None
            and group_of(doc[phrase.noun], list(doc[phrase.first : phrase.last + 1]), True) == "combatant"
        )
    return not (link.predicate.outcome == "casualties" and link.rule == "attribute")
