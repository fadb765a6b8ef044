"""Links a phrase that counts people to the casualty word that says what became of them: by the parse, else by the surface."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tasks.extract.fitting import main_verb_after, of_living, state_given
from tasks.extract.linking_surface import PART_WORDS, SUBJECTS, Link, SurfaceLinker, has_object_before, speaks
from tasks.extract.phrase import CountPhrase
from tasks.extract.predicates import Predicate, before_next_count

if TYPE_CHECKING:
    from tasks.extract.parsed import Token

_NOMINAL_DEPS: Final = frozenset({"conj", "appos", "dep", "nmod", "nummod", "compound", "npadvmod", "amod", "quantmod"})
_OBJECTS: Final = frozenset({"dobj", "obj", "dative", "attr", "oprd"})
_RAISING: Final = frozenset(
    "estimated believed thought seen feared reported said known presumed understood alleged assumed rumoured rumored confirmed claimed appear appeared seem seemed".split()
)
_LINKING_VERBS: Final = frozenset(
    "is are was were be been left reported found confirmed feared pronounced declared remain remained lay lie lies went gone".split()
)
_SUBJECTS_OF_CLAUSE: Final = frozenset({"nsubj", "nsubjpass", "mark"})
_LEAVE: Final = frozenset({"left", "leaving", "leaves", "leave"})
_VAGUE: Final = frozenset("several many few some dozens scores hundreds more others another".split())
_THEM: Final = frozenset({"them", "him", "her", "whom"})
_REACH: Final = frozenset(
    "surpasses tops exceeding climbed rose stands standing put puts reach reaches reached reaching exceed exceeds exceeded exceeding hit hits pass passes passed passing surpass surpassed top topped is was stood stands be total totals totaled totalled".split()
)
_DAYS: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december".split()
)


class Linker(SurfaceLinker):
    """Links the count phrases of one parsed passage to its casualty words."""

    def by_parse(self, phrase: CountPhrase) -> list[Link]:
        """The casualty words that govern a phrase in the dependency parse; [] where none does."""
        token = self.doc[phrase.head]
        if phrase.noun is None and self.doc[phrase.last + 1 : phrase.last + 4].text == "under the age":
            return []
        if left := self.left_dead(phrase):
            return left
        if phrase.kind != "named" and (governor := self._verb_before(phrase)) is not None:
            return self._with_coordinates(governor, "object")
        if phrase.kind == "named" and (carried := self._carried_off(phrase)) is not None:
            return [Link(carried, "object")]
        if (both := self._dead_and_wounded(phrase)) is not None:
            return both
        own = self.predicates.get(phrase.noun) if phrase.noun is not None else None
        if (
            own is not None
            and own.kind == "noun"
            and (
                phrase.kind == "none"
                or (phrase.kind == "number" and self.doc[own.token].tag_ in ("NNS", "NNPS"))
                or self.doc[own.token].lower_ == "fatality"
            )
        ):
            told = self._by_role(phrase, token) if own.outcome == "casualties" else []
            return told or [Link(own, "counted_noun")]
        if own is not None and own.kind == "adjective" and phrase.kind == "number":
            return [Link(own, "counted_noun")]  # "the 14 dead"
        if own is not None and (taking := next((p for p in self.predicates.values() if p.light == own.token), None)):
            # "took five guests hostage"; in "they were taken hostage" the word counts nobody
            return [Link(taking, "object")] if phrase.kind != "definite" and taking.kind == "verb" else []
        behind = self.predicates.get(phrase.last + 2) if phrase.noun is None else None
        if behind is not None and phrase.kind == "number" and self.doc[phrase.last + 1].lower_ == "of":
            return [Link(behind, "counted_noun")]  # "causing dozens of casualties"
        if own is not None and own.kind == "body" and phrase.kind in ("number", "indefinite", "plural"):
            if own.outcome == "abducted" and (
                died := [k for k in self._by_role(phrase, token) if k.predicate.outcome == "killed"]
            ):
                return died  # "a hostage was killed"
            return [Link(own, "counted_noun")]
        if phrase.kind == "number" and (lives := self._lives(phrase)) is not None:
            return [Link(lives, "lives_counted")]
        links = self.died_later(token, self._by_modifier(phrase, token)) or self._of_the_dead(phrase, token)
        if links:
            return links
        for _ in range(6):
            links = self._by_role(phrase, token)
            if links or token.dep_ not in _NOMINAL_DEPS or token.head.i == token.i:
                return links
            of_verb = token.dep_ == "conj" and token.head.tag_.startswith("V")
            alone = phrase.kind == "named" and token.dep_ != "conj" and self.doc[phrase.first].tag_ != "PRP$"
            if of_verb or alone:
                return []
            token = token.head
        return []

    def _of_the_dead(self, phrase: CountPhrase, token: Token) -> list[Link]:
        """For "fifteen of the dead came in the strike on …", which says where so many of them died."""
        if phrase.kind != "number" or self.doc.lower[phrase.last + 1 : phrase.last + 3] != ["of", "the"]:
            return []
        at = phrase.last + 3
        told = self.doc.lower[at : at + 1] in (["dead"], ["fatalities"], ["victims"], ["deaths"], ["casualties"])
        verb = token.head
        inside = any(c.lower_ in ("in", "at", "during", "when") and c.i > verb.i for c in verb.children)
        came = token.dep_ in SUBJECTS and verb.lemma_.lower() in ("come", "occur", "happen", "fall") and inside
        return [Link(Predicate(at, "killed", "noun"), "of_the_dead")] if told and came else []

    def _lives(self, phrase: CountPhrase) -> Predicate | None:
        """The verb of "claimed 17 lives", "six lives were lost"."""
        if phrase.noun is None or self.doc[phrase.noun].lower_ != "lives":
            return None
        verb = self.doc[phrase.noun].head
        predicate = self.predicates.get(verb.i)
        if predicate is not None and predicate.light == phrase.noun:
            return predicate
        if verb.lower_ in ("lost", "claimed", "taken") and verb.i > phrase.last:
            return Predicate(verb.i, "killed", "verb", passive=True)
        return None

    def _verb_before(self, phrase: CountPhrase) -> Predicate | None:
        """The active casualty verb right before the phrase ("injure dozens"): nearer than anything the parse may say."""
        predicate = self.predicates.get(self._before(phrase))
        if (
            predicate is None
            or predicate.kind != "verb"
            or (predicate.frame and not of_living(self.doc, phrase, predicate))
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

    def is_object_of_its_own(self, phrase: CountPhrase, whole: int) -> bool:
        """Whether a casualty verb of its own leads up to the part of a whole told before: "took 20 hostage, killing three of them"."""
        governor = self._verb_before(phrase)
        return governor is not None and governor.token > whole

    def _by_modifier(self, phrase: CountPhrase, token: Token) -> list[Link]:
        """For "people killed in", "who were killed", "12 wounded fighters"."""
        links = []
        for child in token.children:
            predicate = self.predicates.get(child.i)
            if child.dep_ == "relcl" and child.i > phrase.last and (killed := self._relative_object(child)) is not None:
                links.append(Link(killed, "relative_object"))
                continue
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

    def _relative_object(self, verb: Token) -> Predicate | None:
        """The casualty verb of "the four soldiers whom it (said it had) killed"."""
        chain = [verb, *(c for c in verb.children if c.dep_ == "ccomp")]
        first = min((c for t in chain for c in t.children), key=lambda c: c.i, default=verb)
        for token in chain:
            predicate = self.predicates.get(token.i)
            if predicate is None or predicate.kind != "verb" or predicate.passive:
                continue
            has_subject = any(c.dep_ == "nsubj" and c.lower_ not in ("who", "that", "which") for c in token.children)
            objects = [c for c in token.children if c.dep_ in ("dobj", "obj") and c.i > token.i]
            if has_subject and not objects and first.lower_ in ("whom", "that", "who"):
                return predicate
        return None

    def _by_role(self, phrase: CountPhrase, token: Token) -> list[Link]:
        head, dep = token.head, token.dep_
        predicate = self.predicates.get(head.i)
        if dep == "pobj":
            return self._by_preposition(phrase, token)
        if dep in SUBJECTS:
            return self._as_subject(head, dep)
        if (
            dep in _OBJECTS
            and predicate is not None
            and predicate.kind == "verb"
            and not (predicate.passive and dep != "oprd" and head.i > token.i)
            and not speaks(token, head)
        ):
            return self._with_coordinates(predicate, "object")
        if dep in (*_OBJECTS, "npadvmod", "ccomp") and head.lower_ in _REACH and (toll := self._toll_near(head, token)):
            return [Link(toll, "toll_reaches")]
        if dep == "dobj" and head.lower_ in _LEAVE and (state := self.state_of_all(phrase, head)) is not None:
            return [Link(state, "before_participle")]
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
                either = self.doc[head.i - 1].lower_ == "or"  # "killed or captured 60"
                told = self.predicates[shared[-1].i]
                return [Link(replace(told, outcome="casualties") if either else told, "object_of_conjunct")]
            if (taken_up := self._taken_up(head, token)) is not None:
                return [Link(taken_up, "object_taken_up")]
        if dep == "poss" and predicate is not None and predicate.kind == "noun" and _is_done_to(token, head):
            return [Link(predicate, "of_noun")]
        if dep == "poss" and (taking := self.predicates.get(head.head.i)) is not None and taking.light == head.i:
            return [Link(taking, "lives_of")]  # "tore off a shepherd's foot"
        if (
            dep in ("nummod", "compound", "poss", "amod")
            and predicate is not None
            and predicate.kind in ("body", "noun")
        ):
            return [Link(predicate, "counted_noun")] if predicate.kind == "body" or head.lower_.endswith("s") else []
        return []

    def _as_subject(self, verb: Token, dep: str) -> list[Link]:
        predicate = self.predicates.get(verb.i)
        if (predicate is None or predicate.kind == "state") and (
            state := state_given(verb, self.predicates)
        ) is not None:
            died = next((p for c in verb.conjuncts if (p := self.dies(c)) is not None), None)
            return [Link(died or state, "state")]  # "was struck by shrapnel and died"
        if predicate is not None:
            if predicate.kind == "intransitive":
                return [Link(predicate, "subject")]
            if predicate.kind == "adjective":
                return [Link(predicate, "subject")]
            if predicate.kind == "verb" and (dep == "nsubjpass" or predicate.passive):
                return self.killed_then(predicate) or self._with_coordinates(predicate, "passive_subject")
            return []
        if verb.lower_ in _LINKING_VERBS:
            for child in verb.children:
                other = self.predicates.get(child.i)
                if (
                    other is not None
                    and child.dep_ in ("acomp", "oprd", "attr", "xcomp", "prt", "advmod", "advcl")
                    and (other.kind == "adjective" or other.passive)
                    and not (has_object_before(child) or any(c.dep_ in _SUBJECTS_OF_CLAUSE for c in child.children))
                ):  # in "a man is held after a girl was shot" others are
                    return [Link(other, "predicate")]
        if verb.lower_ in _RAISING:
            for child in verb.children:
                other = self.predicates.get(child.i)
                if child.dep_ == "xcomp" and other is not None and (other.kind == "intransitive" or other.passive):
                    return [Link(other, "passive_subject")]  # "are estimated to have been killed"
        if verb.tag_ == "VBG" and (main := main_verb_after(verb, self.predicates)) is not None:
            return [Link(main, "subject")]
        links = []
        for conjunct in verb.conjuncts:
            other = self.predicates.get(conjunct.i)
            if other is None or any(c.dep_ in SUBJECTS for c in conjunct.children):
                continue
            if other.kind == "intransitive" or (
                other.kind == "verb"
                and (other.passive or (dep == "nsubjpass" and not any(c.dep_ == "dobj" for c in conjunct.children)))
            ):
                links.append(Link(other, "subject_of_conjunct"))
        return links

    def _taken_up(self, verb: Token, victim: Token) -> Predicate | None:
        """The casualty verb that takes up the object of a verb before: "dragged two men from a bus and shot them dead"."""
        for later in (*verb.conjuncts, *(c for c in verb.children if c.dep_ in ("advcl", "xcomp", "ccomp"))):
            predicate = self.predicates.get(later.i)
            if predicate is None or predicate.kind != "verb" or predicate.passive or later.i < victim.i:
                continue
            if any(c.dep_ in ("dobj", "obj", "nsubj") and c.i > later.i and c.lower_ in _THEM for c in later.children):
                return predicate
            if any(t.lower_ in _THEM for t in self.doc[later.i + 1 : later.i + 2]):
                return predicate
        return None

    def _by_preposition(self, phrase: CountPhrase, token: Token) -> list[Link]:
        preposition = token.head
        governor = preposition.head
        if preposition.lower_ in PART_WORDS or (
            preposition.lower_ == "of" and governor.lower_ in ("most", "majority", "half")
        ):
            return []
        predicate = self.predicates.get(governor.i)
        if predicate is None and preposition.lower_ in ("to", "on"):  # "caused injuries to", "inflicted wounds on"
            hurt = (self.predicates.get(c.i) for c in governor.children if c.dep_ == "dobj" and c.i < preposition.i)
            predicate = next((p for p in hurt if p is not None), None)
        if (
            preposition.lower_ in ("to", "on", "for")
            and predicate is not None
            and predicate.outcome == "injured"
            and predicate.kind in ("noun", "body")
        ):
            return [Link(predicate, "of_noun")]  # "caused injuries to four", "inflicted wounds on four"
        if preposition.lower_ in ("to", "for") and predicate is not None and predicate.kind == "fatal":
            return [Link(predicate, "of_noun")]  # "proved fatal for four soldiers"
        if preposition.lower_ == "of" and predicate is not None and predicate.kind in ("noun", "body"):
            return self._with_other_noun(predicate, governor)
        if preposition.lower_ == "of":
            claim = self.predicates.get(governor.head.i)
            if claim is not None and claim.light == governor.i:
                return [Link(claim, "lives_of")]
        own = self.predicates.get(phrase.last + 1)
        wounded = phrase.noun is None and own is not None and own.outcome == "injured"  # "in addition to 14 wounded"
        if preposition.lower_ in ("to", "at", "by") and not wounded and self._toll_near(governor, token):
            toll = self._toll_near(governor, token)
            return [Link(toll, "toll_of_days" if self.brings_days(toll, token) else "toll_reaches")] if toll else []
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
            between = set(self.doc.lower[min(noun.i, conjunct.i) : max(noun.i, conjunct.i)])
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
        verb = self.doc[predicate.token]
        links = [Link(predicate, rule)]
        links += self._adjacent(predicate, rule)
        if len(links) > 1:
            return self._strongest(links)
        for conjunct in verb.conjuncts:
            other = self.predicates.get(conjunct.i)
            if other is None or other.kind != "verb" or abs(conjunct.i - verb.i) > 3:
                continue
            own = ("dobj", "obj") if rule == "object" else (*SUBJECTS, "dobj")
            children = conjunct.children
            if any(c.dep_ in own or (c.dep_ == "auxpass" and self.doc[c.i - 1].tag_ == "CD") for c in children):
                continue  # "14 were killed 25 were wounded", commas lost
            if conjunct.i > verb.i and self.doc[conjunct.i - 1].lower_ in _VAGUE:
                continue  # "20 soldiers were killed and several wounded"
            if "or" in self.doc.lower[min(verb.i, conjunct.i) : max(verb.i, conjunct.i)]:
                return [Link(replace(predicate, outcome=self.either(predicate, other)), rule)]
            links.append(Link(other, f"{rule}_shared"))
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


def _is_done_to(token: Token, act: Token) -> bool:
    """Whether the owner of an act is its victim: "the bishop's murder"; not "the army's killing of", "Friday's killing"."""
    return (
        act.lower_ not in ("toll", "victim", "victims", "casualties", "losses")
        and not any(c.lower_ == "of" for c in act.children)
        and token.lower_ not in _DAYS
    )
