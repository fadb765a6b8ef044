"""Links the phrases that count people to the casualty words that say what became of them: a passage's casualty figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tasks.extract.phrases import CountPhrase, find_count_phrases
from tasks.extract.predicates import Predicate, before_next_count, fighter_verbs, find_predicates
from tasks.extract.victims import group_of, is_attacker_noun, is_minor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Token

    from tasks.extract.spans import ActorExpression

_NOMINAL_DEPS: Final = frozenset({"conj", "appos", "dep", "nmod", "nummod", "compound", "npadvmod", "amod", "quantmod"})
_SUBJECTS: Final = frozenset({"nsubj", "nsubjpass", "csubj"})
_OBJECTS: Final = frozenset({"dobj", "obj", "dative", "attr", "oprd"})
_PART_WORDS: Final = frozenset({"including", "include", "included", "includes", "among", "mostly", "mainly", "amongst"})
_AUX: Final = frozenset(
    "be is are was were been being have has had get got getting also people persons reportedly confirmed reported feared left all both others instantly immediately then later and critically seriously severely badly slightly gravely fatally more another".split()
)
_PREPOSITIONS: Final = frozenset("from by in of with near at for against on to".split())
_REPORT_VERBS: Final = frozenset("said says say told tells added adds reported reports".split())
_REACH: Final = frozenset(
    "surpasses tops exceeding climbed rose stands standing put puts reach reaches reached reaching exceed exceeds exceeded exceeding hit hits pass passes passed passing surpass surpassed top topped is was stood stands be total totals totaled totalled".split()
)
_ADVERBS: Final = frozenset(
    "instantly immediately also reportedly at least around about some another more the nearly over up to only another a total of an estimated".split()
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One casualty figure of a passage.

    Attributes:
        first: Index of its first token.
        last: Index of its last token.
        anchor: Index of the casualty word that it hangs on.
        outcome: vocabulary.OUTCOMES.
        group: vocabulary.GROUPS; None where the words state none.
        min: Lower bound; None: none.
        max: Upper bound; None: open.
        role: "count" (a total of its own), "part" ("including 14 children"), "anaphoric" ("the men": no number of its own).
        kind: The phrase's kind (see CountPhrase).
        other: Whether it says that there are others apart from these.
        attackers: Whether those counted are the attackers themselves.
        rule: How it was linked.
        whole: Index (first token) of the phrase that a part is part of.
    """

    first: int
    last: int
    anchor: int
    outcome: str
    group: str | None
    min: int | None
    max: int | None
    role: str
    kind: str
    other: bool
    attackers: bool
    rule: str
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class _Link:
    predicate: Predicate
    rule: str


class _Linker:
    """Links the count phrases of one parsed passage to its casualty words."""

    def __init__(self, doc: Doc, phrases: list[CountPhrase], predicates: dict[int, Predicate]) -> None:
        self.doc = doc
        self.phrases = phrases
        self.predicates = predicates
        self.at_token = {i: p for p in phrases for i in range(p.first, p.last + 1)}

    # --- by the parse -------------------------------------------------------------------------------------------------

    def by_parse(self, phrase: CountPhrase) -> list[_Link]:
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
            return told or [_Link(own, "counted_noun")]
        if own is not None and own.kind == "body" and phrase.kind in ("number", "indefinite", "plural"):
            return [_Link(own, "counted_noun")]
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

    def _by_modifier(self, phrase: CountPhrase, token: Token) -> list[_Link]:
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
                links.append(_Link(predicate, "attribute"))
        return links

    def _by_role(self, phrase: CountPhrase, token: Token) -> list[_Link]:
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
            return [_Link(toll, "toll_reaches")]
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
                return [_Link(self.predicates[shared[-1].i], "object_of_conjunct")]
        if (
            dep in ("nummod", "compound", "poss", "amod")
            and predicate is not None
            and predicate.kind in ("body", "noun")
        ):
            return [_Link(predicate, "counted_noun")] if predicate.kind == "body" or head.lower_.endswith("s") else []
        return []

    def _as_subject(self, verb: Token, dep: str) -> list[_Link]:
        predicate = self.predicates.get(verb.i)
        if (predicate is None or predicate.kind == "state") and (state := self._state_of(verb)) is not None:
            return [_Link(state, "state")]
        if predicate is not None:
            if predicate.kind == "intransitive":
                return [_Link(predicate, "subject")]
            if predicate.kind == "adjective":
                return [_Link(predicate, "subject")]
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
                    return [_Link(other, "predicate")]
        links = []
        for conjunct in verb.conjuncts:
            other = self.predicates.get(conjunct.i)
            if other is None or any(c.dep_ in _SUBJECTS for c in conjunct.children):
                continue
            if other.kind == "intransitive" or (
                other.kind == "verb"
                and (other.passive or (dep == "nsubjpass" and not any(c.dep_ == "dobj" for c in conjunct.children)))
            ):
                links.append(_Link(other, "subject_of_conjunct"))
        return links

    def _state_of(self, verb: Token) -> Predicate | None:
        """The state that a verb gives its subject ("is in critical condition", "was taken to hospital in serious condition")."""
        for i in range(verb.i, min(verb.i + 9, len(self.doc))):
            if i > verb.i and self.doc[i].tag_ in ("VBD", "VBZ", "VBP") and self.doc[i].dep_ not in ("aux", "auxpass"):
                return None
            predicate = self.predicates.get(i)
            if predicate is not None and predicate.kind == "state":
                return predicate
        return None

    def _by_preposition(self, phrase: CountPhrase, token: Token) -> list[_Link]:
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
                return [_Link(claim, "lives_of")]
        if preposition.lower_ in ("to", "at", "by") and self._toll_near(governor, token):
            return [_Link(self._toll_near(governor, token), "toll_reaches")]  # type: ignore[arg-type]
        if (
            preposition.lower_ in ("with", "against", "on")
            and predicate is not None
            and predicate.kind == "noun"
            and phrase.kind == "number"
            and preposition.lower_ == "with"
        ):
            return []
        return []

    def _with_other_noun(self, predicate: Predicate, noun: Token) -> list[_Link]:
        """For "the killing or wounding of several": both nouns take the victims; with "or" neither outcome is sure."""
        for conjunct in noun.conjuncts:
            other = self.predicates.get(conjunct.i)
            if other is None or abs(conjunct.i - noun.i) > 3 or other.outcome == predicate.outcome:
                continue
            between = {t.lower_ for t in self.doc[min(noun.i, conjunct.i) : max(noun.i, conjunct.i)]}
            if "or" in between:
                return [_Link(replace(predicate, outcome="casualties"), "of_noun")]
            return [_Link(predicate, "of_noun"), _Link(other, "of_noun_shared")]
        return [_Link(predicate, "of_noun")]

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

    def _with_coordinates(self, predicate: Predicate, rule: str) -> list[_Link]:
        """For "shot and killed", "killed and wounded", "killed or injured": verbs that share their victims."""
        links = [_Link(predicate, rule)]
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
            links = [_Link(replace(predicate, outcome="casualties"), rule)] if "or" in between else links
            links.append(_Link(joined, f"{rule}_shared"))
        return self._strongest(links)

    def _adjacent(self, predicate: Predicate, rule: str) -> list[_Link]:
        """The verb right before, with "and", "or" or nothing between ("killing and wounding dozens", "kills wounds dozens")."""
        if rule != "object":
            return []
        i = predicate.token - 1
        joiner = self.doc[i].lower_ if i >= 0 else ""
        other = self.predicates.get(i - 1 if joiner in ("and", "or", ",", "/") else i)
        if other is None or other.kind != "verb" or other.outcome == predicate.outcome or other.passive:
            return []
        return [_Link(replace(other, outcome="casualties") if joiner == "or" else other, f"{rule}_shared")]

    @staticmethod
    def _strongest(links: list[_Link]) -> list[_Link]:
        """For "shot and killed" is one killing: the shot's own injury goes where a death is told of the same people."""
        outcomes = {link.predicate.outcome for link in links}
        if "casualties" in outcomes:
            return [link for link in links if link.predicate.outcome == "casualties"][:1]
        return links

    # --- by the surface -----------------------------------------------------------------------------------------------

    def by_surface(self, phrase: CountPhrase) -> list[_Link]:
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
            active = (
                after.kind == "verb"
                and not after.passive
                and any(c.dep_ in ("dobj", "obj") for c in self.doc[i].children)
            )
            if not active and (
                after.kind == "intransitive"
                or (after.kind == "adjective" or self.doc[i].tag_ in ("VBN", "VBD", "JJ", "NN", "NNP"))
            ):
                return [_Link(after, "before_participle")]
        if after is not None and after.kind in ("body",) and i == phrase.last + 1:
            return [_Link(after, "counted_noun")]
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
            return [_Link(after, "counted_noun")]
        i = phrase.first - 1
        while i >= 0 and i >= phrase.first - 4 and self.doc[i].lower_ in _ADVERBS:
            i -= 1
        before = self.predicates.get(i)
        if before is not None and before.kind == "verb" and (not before.passive or self.doc[i].tag_ == "VBG"):
            return [_Link(before, "after_verb")]
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

    def by_coordination(self, phrase: CountPhrase, previous: Figure | None) -> list[_Link]:
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
            return [_Link(predicate, "coordination")]
        return []


def _part_of(doc: Doc, phrase: CountPhrase, figures: Sequence[Figure]) -> int | None:
    """The first token of the figure that this phrase is a part of ("26 civilians including 14 children")."""
    token = doc[phrase.head]
    for _ in range(5):
        if token.dep_ == "pobj" and token.head.lower_ in _PART_WORDS:
            break
        part = next((f for f in figures if f.role == "part" and f.first <= token.head.i <= f.last), None)
        if token.dep_ == "conj" and part is not None:
            return part.whole
        if token.dep_ in _NOMINAL_DEPS and token.head.i != token.i:
            token = token.head
            continue
        break
    if (
        phrase.first >= 2
        and doc[phrase.first - 1].lower_ == "among"
        and doc[phrase.first - 2].lower_ in ("were", "was", "are", "is")
    ):
        return None
    marker = token.head.i if token.dep_ == "pobj" and token.head.lower_ in _PART_WORDS else None
    if marker is None:
        i = phrase.first - 1
        while i >= 0 and doc[i].lower_ in ("at", "least", "also", "of", "them", "were", "are", "whom", "-", "two"):
            i -= 1
        if i >= 0 and doc[i].lower_ in _PART_WORDS:
            marker = i
        elif (
            any(t.lower_ in ("them", "whom", "which") for t in doc[phrase.first : phrase.last + 1])
            or (
                phrase.first >= 2
                and doc[phrase.first - 1].lower_ in ("which", "whom", "them")
                and doc[phrase.first - 2].lower_ in ("among", "of")
            )
            or (
                phrase.last + 2 < len(doc)
                and doc[phrase.last + 1].lower_ in ("among", "of")
                and doc[phrase.last + 2].lower_ in ("them", "whom", "which")
            )
        ):
            marker = phrase.first
    if marker is None and figures and figures[-1].role == "part" and phrase.kind in ("number", "indefinite"):
        between = {t.lower_ for t in doc[figures[-1].last + 1 : phrase.first]}
        if between and between <= {"and", ",", "plus"}:
            return figures[-1].whole
    if (
        marker is None
        and doc[phrase.first].lower_ in ("most", "mostly", "some")
        and figures
        and phrase.kind == "plural"
    ) and {t.lower_ for t in doc[figures[-1].last + 1 : phrase.first]} <= {",", "-", "–", "("}:
        marker = phrase.first
    if (
        marker is None
        and figures
        and figures[0].first == 1
        and doc[0].lower_ == "of"
        and phrase.first - figures[0].last <= 4
    ):
        return figures[0].first  # "of the 19 dead, seven were children"
    if marker is None:
        return None
    before = [f for f in figures if f.last < marker and f.role != "part"]
    return before[-1].first if before else -1


def _says(doc: Doc, phrase: CountPhrase) -> bool:
    """Whether the phrase is who tells it, which the parse may take for a victim (", a doctor at the hospital said")."""
    if (
        phrase.kind not in ("indefinite", "definite", "plural", "anaphoric")
        or not phrase.first
        or doc[phrase.first - 1].text != ","
    ):
        return False
    verb = next(
        (t for t in doc[phrase.last + 1 : phrase.last + 14] if t.tag_.startswith("V") or t.text in (",", ";")), None
    )
    return verb is not None and verb.tag_ in ("VBD", "VBZ", "VBP") and verb.lower_ in _REPORT_VERBS


def _same_person(doc: Doc, phrase: CountPhrase, figures: Sequence[Figure]) -> int | None:
    """The first token of the figure of one person that the phrase only describes ("the victim, a teacher, was shot")."""
    token = doc[phrase.head]
    if token.dep_ != "appos" or phrase.kind not in ("indefinite", "definite", "named"):
        return None
    return next(
        (
            f.first
            for f in figures
            if f.first <= token.head.i <= f.last and f.kind in ("definite", "named", "indefinite")
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
    linker = _Linker(doc, phrases, predicates)
    found: list[Figure] = []
    pending: list[CountPhrase] = []
    for phrase in phrases:
        if _minors(doc, phrase) and found:
            whole_figures = [f for f in found if f.first == found[-1].first]
            found += [
                replace(
                    f,
                    first=phrase.first,
                    last=phrase.last,
                    group="child",
                    min=phrase.min,
                    max=phrase.max,
                    role="part",
                    rule="part",
                    whole=f.first,
                )
                for f in whole_figures
            ]
            continue
        if _says(doc, phrase):
            continue
        whole = _part_of(doc, phrase, found)
        if _among_next(doc, phrase):
            pending.append(phrase)
            continue
        counted = whole is None and phrase.kind == "number" and phrase.noun is not None
        if counted and _runs_on(phrase, phrases) and not (linker.by_parse(phrase) or linker.by_surface(phrase)):
            pending.append(phrase)
            continue
        if whole is not None and not linker.has_own_participle(phrase):
            found += _parts(doc, phrase, whole, found, actors)
            continue
        links = linker.by_parse(phrase) or linker.by_surface(phrase)
        if not links:
            links = linker.by_coordination(phrase, found[-1] if found else None)
        if links and (same := _same_person(doc, phrase, found)) is not None:
            if phrase.kind != "indefinite":
                continue
            found = [f for f in found if f.first != same]
        seen: set[str] = set()
        if (
            links
            and links[0].rule == "coordination"
            and phrase.first
            and doc[phrase.first - 1].lower_ in ("from", "of", "in", "by")
        ):
            continue
        for link in links:
            if link.predicate.outcome in seen or not _fits(doc, phrase, link):
                continue
            seen.add(link.predicate.outcome)
            found.append(_figure(doc, phrase, link.predicate, link.rule, actors))
    found += _implied(doc, predicates, found)
    for phrase in pending:
        found += _of_next(doc, phrase, found, actors)
    return sorted(_without_false_names(doc, found, names), key=lambda f: (f.first, f.outcome))


def _without_false_names(doc: Doc, figures: list[Figure], names: Sequence[tuple[int, int]]) -> list[Figure]:
    """Takes out names that are places or actors, and names beside a number that hang on the same casualty word."""
    numbered = {(f.anchor, f.outcome): f for f in figures if f.kind in ("number", "indefinite", "unknown")}
    kept: list[Figure] = []
    for figure in figures:
        figure = _with_group_of_others(doc, figure, kept)
        if figure.kind == "named":
            start, end = doc[figure.first].idx, doc[figure.last].idx + len(doc[figure.last])
            number = numbered.get((figure.anchor, figure.outcome))
            if any(s < end and start < e for s, e in names):
                continue
            if number is not None and not _joined(doc, figure, number):
                continue
        kept.append(figure)
    return kept


def _with_group_of_others(doc: Doc, figure: Figure, before: list[Figure]) -> Figure:
    """For "nine civilians … and two others": others of the same outcome, and "another one", are of the group told before."""
    if figure.group is not None or figure.role != "count" or not before:
        return figure
    words = {t.lower_ for t in doc[figure.first : figure.last + 1]}
    last = next((f for f in reversed(before) if f.role == "count"), None)
    if last is None or last.group not in ("civilian", "combatant", "humanitarian", "journalist"):
        return figure
    others = (
        bool(words & {"others", "other", "more"})
        and last.outcome == figure.outcome
        and not any(w for w in words if w in ("people", "persons", "men"))
    )
    one = bool(words & {"one", "another"}) and words <= {"one", "another", "other"}
    return replace(figure, group=last.group) if others or one else figure


def _joined(doc: Doc, a: Figure, b: Figure) -> bool:
    first, second = sorted((a, b), key=lambda f: f.first)
    between = [t.lower_ for t in doc[first.last + 1 : second.first]]
    return bool(between) and set(between) <= {"and", ",", "along", "with", "as", "well", "his", "her"}


def _implied(doc: Doc, predicates: dict[int, Predicate], figures: list[Figure]) -> list[Figure]:
    """For "a fatal shooting": at least one killed, where the passage counts no dead."""
    if any(f.outcome == "killed" for f in figures):
        return []
    return [
        Figure(p.token, p.token + 1, p.token, "killed", None, 1, None, "count", "implied", False, False, "fatal_event")
        for p in predicates.values()
        if p.kind == "implied"
    ][:1]


def _minors(doc: Doc, phrase: CountPhrase) -> bool:
    """For "three people, one under the age of 18"."""
    return (
        phrase.kind == "number"
        and phrase.noun is None
        and [t.lower_ for t in doc[phrase.last + 1 : phrase.last + 4]] == ["under", "the", "age"]
    )


def _among_next(doc: Doc, phrase: CountPhrase) -> bool:
    """Whether a phrase is told as a part of the number that follows ("68 children were among the 126 people killed")."""
    after = phrase.last + 1
    if after + 3 < len(doc) and doc[after].lower_ == "including":
        after += (
            3
            if doc[after + 1].lower_ in ("a", "an", "one", "two", "three", "four", "five") or doc[after + 1].like_num
            else 2
        )
    words = [t.lower_ for t in doc[after : after + 3]]
    return phrase.kind in ("number", "indefinite") and (
        words[:2] in (["were", "among"], ["are", "among"], ["was", "among"], ["is", "among"]) or words[:1] == ["among"]
    )


def _runs_on(phrase: CountPhrase, phrases: list[CountPhrase]) -> bool:
    """Whether another number follows at once ("22 children 6 teachers killed", commas lost)."""
    return any(
        p.first in (phrase.last + 1, phrase.last + 2) and p.kind == "number" and p.noun is not None for p in phrases
    )


def _of_next(doc: Doc, phrase: CountPhrase, figures: list[Figure], actors: Sequence[ActorExpression]) -> list[Figure]:
    after = [f for f in figures if f.first > phrase.last]
    if not after:
        return []
    following = after[0]
    if _among_next(doc, phrase):
        made = _figure(doc, phrase, Predicate(following.anchor, following.outcome, "verb"), "part", actors)
        return [replace(made, role="part", whole=following.first)]
    if following.first > phrase.last + 2:
        return []
    return [
        _figure(doc, phrase, Predicate(f.anchor, f.outcome, "verb"), "coordination", actors)
        for f in after
        if f.first == following.first
    ]


def _fits(doc: Doc, phrase: CountPhrase, link: _Link) -> bool:
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
    if doc[link.predicate.token].lower_ in fighter_verbs():
        return (
            phrase.noun is not None
            and group_of(doc[phrase.noun], list(doc[phrase.first : phrase.last + 1]), True) == "combatant"
        )
    return not (link.predicate.outcome == "casualties" and link.rule == "attribute")


def _parts(
    doc: Doc, phrase: CountPhrase, whole: int, figures: list[Figure], actors: Sequence[ActorExpression]
) -> list[Figure]:
    wholes = [f for f in figures if f.first == whole]
    if phrase.kind in ("named", "unknown", "definite", "anaphoric"):
        return []
    if phrase.kind == "plural" and doc[phrase.first].lower_ in ("them", "whom"):
        return []
    if not wholes:
        return []
    return [
        replace(_figure(doc, phrase, Predicate(f.anchor, f.outcome, "verb"), "part", actors), role="part", whole=whole)
        for f in wholes
    ]


def _figure(
    doc: Doc, phrase: CountPhrase, predicate: Predicate, rule: str, actors: Sequence[ActorExpression]
) -> Figure:
    span = list(doc[phrase.first : phrase.last + 1])
    group, attackers = None, False
    if phrase.noun is not None and phrase.kind != "named":
        noun = doc[phrase.noun]
        group = group_of(noun, span, _armed(doc, phrase, actors))
        attackers = is_attacker_noun(noun.lower_)
    elif (
        phrase.noun is None
        and (told := next((c for c in doc[phrase.head].head.children if c.dep_ == "attr" and c.i > phrase.last), None))
        is not None
    ):
        group = group_of(told, [told], False) if doc[phrase.head].dep_ == "nsubj" else None  # "seven were children"
    elif phrase.kind == "named" and phrase.first and doc[phrase.first - 1].tag_ == "NNP":
        title = doc[phrase.first - 1]
        group = group_of(title, [title], True)  # "Colonel Hassan Ali", "Mayor Pedro Gómez"
    if (
        group is None
        and phrase.kind == "indefinite"
        and doc[phrase.last].lower_ in ("old", "olds")
        and is_minor([t.lower_ for t in span])
    ):
        group = "child"  # "a 15-year-old"
    role = "anaphoric" if phrase.kind == "anaphoric" else "count"
    return Figure(
        phrase.first,
        phrase.last,
        predicate.token,
        predicate.outcome,
        group,
        phrase.min,
        phrase.max,
        role,
        phrase.kind,
        phrase.other,
        attackers,
        rule,
    )


def _armed(doc: Doc, phrase: CountPhrase, actors: Sequence[ActorExpression]) -> bool:
    """Whether an armed actor is named inside the phrase or right after it ("members of the SDF")."""
    start = doc[phrase.first].idx
    end_token = doc[phrase.last]
    end = end_token.idx + len(end_token)
    follows = phrase.last + 1 < len(doc) and doc[phrase.last + 1].lower_ in ("of", "from")
    for actor in actors:
        if start <= actor.start < end:
            return True
        if (
            follows
            and 0 <= actor.start - end <= 30
            and doc.char_span(end, actor.start, alignment_mode="expand") is not None
        ):
            between = doc.text[end : actor.start].lower().split()
            if len(between) <= 4 and all(
                w in ("of", "from", "the", "so-called", "a", "an", "its") or (w.isalpha() and len(w) < 12)
                for w in between
            ):
                return True
    return False
