"""Turns a parsed sentence into reports: the casualty figures of one event with when, where, how, by whom and according to whom."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tasks.extract import context
from tasks.extract.actors import ActorContext, find_actors, is_state, read_context
from tasks.extract.context_phrases import first_phrase
from tasks.extract.counts import Count, count_of
from tasks.extract.cues import Cue, choose_type, find_anaphor, find_cues
from tasks.extract.dates import find_dates
from tasks.extract.dates_choose import choose_date
from tasks.extract.distributed import one_by_one
from tasks.extract.figure import Figure
from tasks.extract.figures import find_figures
from tasks.extract.parts import find_parts, find_sets, find_them, find_youngest
from tasks.extract.perpetrators import claim_in, find_perpetrator
from tasks.extract.phrases import find_count_phrases
from tasks.extract.places import find_places
from tasks.extract.places_choose import choose_place
from tasks.extract.predicates import find_predicates
from tasks.extract.segments import OTHER_TIME, segment_start, segments_of
from tasks.extract.sources import SourceContext, find_sources, read_source_context
from tasks.extract.sums import settle_totals, with_listed
from tasks.extract.tolls import is_toll

if TYPE_CHECKING:
    from tasks.extract.dates_heads import DayHead
    from tasks.extract.join_setting import Setting
    from tasks.extract.labels import Label
    from tasks.extract.parsed import Doc
    from tasks.extract.spans import ActorExpression, Carried, DateExpression, Perpetrator, PlaceExpression, Source

_SAYS: Final = frozenset({"said", "says", "told", "tells", "added", "reported"})
_ACT: Final = 3  # strength of a cue that tells of an act
_BEFORE: Final = 4  # sentences before one in which an act may have brought down what falls in
_COUNTED: Final = ("killed", "injured", "abducted", "missing")


@dataclass(slots=True)
class Sentence:
    """One sentence with everything found in it. `offset` is its place in the article's `field`."""

    order: int
    field: str
    offset: int
    doc: Doc
    text: str
    figures: list[Figure]
    actors: list[ActorExpression]
    cues: list[Cue]
    dates: list[DateExpression]
    places: list[PlaceExpression]
    sources: list[Source]
    carried: Carried | None = None  # who tells the sentence before, which an unattributed one goes on from
    before: Sentence | None = None  # the last sentence read before it
    label: Label | None = None  # the place that heads its item
    day_head: DayHead | None = None  # the day that heads its item
    opens_paragraph: bool | None = None  # None: the article has no paragraphs
    verdicts: dict[int, tuple[str, str]] = dataclasses.field(
        default_factory=dict
    )  # index into figures → disposition, reason
    apart: frozenset[int] = frozenset()  # first tokens of a total and of its parts that are events of their own
    # Words that tell it from other sentences, once they are asked for.
    nouns: frozenset[str] | None = None
    long_words: frozenset[str] | None = None

    def earlier(self, reach: int) -> Iterator[Sentence]:
        """The sentences read before it, the nearest first, back to so many sentences of the article."""
        sentence = self.before
        while sentence is not None and self.order - sentence.order <= reach:
            yield sentence
            sentence = sentence.before


@dataclass(slots=True)
class Report:
    """What one sentence (or a part of it) reports of one event."""

    sentence: Sentence
    figures: list[Figure]
    anchors: list[int]
    type: str
    type_rule: str
    type_cue: Cue | None
    date: DateExpression | None
    place: PlaceExpression | None
    places: list[PlaceExpression]
    perpetrator: Perpetrator | None
    anaphor: str | None
    separate: int  # 0 none, 1 weak ("also"), 2 strong ("in a separate attack")
    update: bool
    counts: dict[str, Count]
    # Totals (outcome, number) that it adds up to with others.
    part_of: set[tuple[str, int]] = dataclasses.field(default_factory=set)
    one_of_each: bool = False  # told of one of several places ("two each in A and B")
    setting: Setting | None = None  # what joining goes by, once it is asked for

    @property
    def order(self) -> int:
        """The number of its sentence in the article."""
        return self.sentence.order

    @property
    def is_apart(self) -> bool:
        """Whether its sentence tells it apart from others: a total from its parts, one place from the next."""
        return self.one_of_each or self.figures[0].first in self.sentence.apart

    @property
    def is_title(self) -> bool:
        """Whether the headline tells it."""
        return self.sentence.field == "title"


@dataclass(frozen=True, slots=True)
class ArticleContext:
    """What the article as a whole says: publication day, whose forces "the army" is, which monitor it leans on."""

    published_on: dt.date | None
    actors: ActorContext
    sources: SourceContext

    @classmethod
    def of(cls, text: str, published_on: dt.date | None) -> ArticleContext:
        """Reads it from the article's words (title and text)."""
        actors = read_context(text)
        return cls(published_on, actors, read_source_context(text, actors.home))


def read_sentence(
    doc: Doc,
    order: int,
    field_name: str,
    offset: int,
    context: ArticleContext,
    previous_sources: Sequence[Source],
    previous_day: dt.date | None = None,
    before: Sentence | None = None,
) -> Sentence:
    """Everything that the parts of the reader find in one sentence."""
    actors = find_actors(doc, context.actors)
    places = find_places(doc, exclude=[(a.start, a.end) for a in actors])
    sources = find_sources(doc[:], actors=actors, context=context.sources, previous=previous_sources)
    names = [(a.start, a.end) for a in actors] + [(p.start, p.end) for p in places]
    names += [(s.start, s.end) for s in sources if s.kind in ("monitor", "agency", "media")]
    figures = with_listed(doc, find_figures(doc, actors, names))
    figures, apart = settle_totals(doc, _with_parts(doc, figures, _them(doc, before)), places)
    return Sentence(
        order=order,
        field=field_name,
        offset=offset,
        doc=doc,
        text=doc.text,
        figures=figures,
        actors=actors,
        cues=find_cues(doc),
        dates=find_dates(doc.text, context.published_on, previous_day),
        places=places,
        sources=sources,
        apart=apart,
    )


def _them(doc: Doc, before: Sentence | None) -> str | None:
    """What became of those whom "them" stands for: of all that the sentence before counts; "they were all" are first the dead."""
    counted = {f.outcome for f in before.figures if f.role == "count" and f.kind == "number"} if before else set()
    if counted == {"killed", "injured"} and {"all", "both", "mostly", "youngest"} & set(doc.lower[:4]):
        return "killed"
    return counted.pop() if len(counted) == 1 else None


def _with_parts(doc: Doc, figures: list[Figure], them: str | None) -> list[Figure]:
    """Adds the parts told of a whole that another sentence counts; they take the place of readings as counts of their own."""
    if them is not None and any(f.whole is not None and f.whole >= 0 for f in figures):
        them = None  # "Sixteen people were hurt, two of them girls": of those of this sentence
    if "youngest" in doc.lower and not any(f.group == "child" for f in figures):
        figures = [*figures, *find_youngest(doc, next((f.outcome for f in figures if f.role == "count"), them))]
    if not (find_sets(doc) or find_them(doc, them)):
        return figures
    taken = [f for f in figures if f.rule not in ("of_noun", "counted_noun", "coordination")]
    parts = find_parts(doc, find_count_phrases(doc), taken, them)
    spans = {(p.first, p.outcome) for p in parts}
    return sorted(
        [*(f for f in figures if (f.first, f.outcome) not in spans), *parts], key=lambda f: (f.first, f.outcome)
    )


def judge_figures(sentence: Sentence, published_on: dt.date | None) -> None:
    """Gives each figure that cannot be an incident of the story its disposition and reason (in `sentence.verdicts`)."""
    if not sentence.figures:
        return
    doc = sentence.doc
    told = any(c.strength >= _ACT for s in (sentence, *sentence.earlier(_BEFORE)) for c in s.cues)
    caption, nature = context.is_caption(doc), context.is_not_violence(doc, after_act=told)
    for i, figure in enumerate(sentence.figures):
        verdict = None
        if caption:
            verdict = ("caption", caption)
        elif nature:
            verdict = ("not_violence", nature)
        elif reason := context.is_threat(doc, figure):
            verdict = ("threat", reason)
        elif (reason := context.is_rescue(doc, figure)) or (reason := context.is_false_report(doc, figure)):
            verdict = ("unresolved", reason)
        elif reason := is_toll(doc, figure, sentence.dates, published_on):
            verdict = ("toll", reason)
        elif reason := context.is_general(doc, figure):
            verdict = ("background", reason)
        if verdict:
            sentence.verdicts[i] = verdict


def build_reports(sentence: Sentence) -> list[Report]:
    """The reports of a sentence: one an event that its figures tell of; none when it has no figure left."""
    figures = [f for i, f in enumerate(sentence.figures) if i not in sentence.verdicts]
    if not any(f.role != "part" or f.whole == -1 for f in figures):
        return []
    doc = sentence.doc
    segments = segments_of(sentence, figures)
    separate = 2 if first_phrase(doc, "separate", "strong") else 1 if first_phrase(doc, "separate", "weak") else 0
    update = context.is_update(doc)
    anaphor = None
    if (found := find_anaphor(doc)) is not None:
        anaphor, at = found
        if set(doc.lower[at + 1 : segments[0][0].first]) & OTHER_TIME:
            anaphor, separate = None, 2
    if all(f.role == "part" for f in figures):
        anaphor = "*"
    reports = []
    for n, segment in enumerate(segments):
        low = 0 if n == 0 else segment_start(doc, segments[n - 1], segment)
        high = len(doc) if n == len(segments) - 1 else segment_start(doc, segment, segments[n + 1])
        report = _report(
            sentence,
            segment,
            (low, high),
            anaphor if n == 0 else None,
            max(separate, 2 if n else 0),
            update,
            len(segments) > 1,
        )
        reports += one_by_one(report)
    return reports


def _inside(doc: Doc, items: Sequence, bounds: tuple[int, int]) -> list:  # type: ignore[type-arg]
    start = doc[bounds[0]].idx
    end = doc[bounds[1] - 1].idx + len(doc[bounds[1] - 1])
    return [x for x in items if start <= x.start < end]


def _report(
    sentence: Sentence,
    figures: list[Figure],
    bounds: tuple[int, int],
    anaphor: str | None,
    separate: int,
    update: bool,
    split: bool,
) -> Report:
    doc = sentence.doc
    span = doc[:]
    counted = [f for f in figures if f.role != "part"] or figures
    anchors = list(dict.fromkeys(f.anchor for f in counted))
    places, dates = _places_of_the_act(sentence), sentence.dates
    cues = sentence.cues
    if split:
        own_places, own_dates = _inside(doc, places, bounds), _inside(doc, dates, bounds)
        is_total = figures[0].first == min(sentence.apart, default=None)
        places = own_places if is_total else own_places or places  # a total does not play where its first part does
        dates = own_dates or dates
        cues = [c for c in cues if bounds[0] <= c.first < bounds[1]] or cues
    place = date = perpetrator = None
    for number in [f.last for f in counted] if split else []:
        place = place or choose_place(span, doc[number], places)
    for anchor in anchors:
        place = place or choose_place(span, doc[anchor], places)
        date = date or choose_date(span, doc[anchor], dates)
        perpetrator = perpetrator or find_perpetrator(span, doc[anchor], sentence.actors)
    if perpetrator is not None and _was_shot_down(doc, perpetrator):
        perpetrator = None
    kind, rule, cue = choose_type(cues, anchors, counted, doc, _is_by_state(perpetrator))
    counts = {outcome: count_of(figures, outcome) for outcome in _COUNTED}
    return Report(
        sentence,
        figures,
        anchors,
        kind,
        rule,
        cue,
        date,
        place,
        places,
        perpetrator,
        anaphor,
        separate,
        update,
        counts,
    )


def _is_by_state(perpetrator: Perpetrator | None) -> bool | None:
    """Whether a state did it; None: nobody is named, or only snipers, which either side has."""
    if perpetrator is None or perpetrator.canonical == "snipers":
        return None
    return is_state(perpetrator.canonical)


def _was_shot_down(doc: Doc, perpetrator: Perpetrator) -> bool:
    """Whether the actor is named as the owner of what was hit: "a Chadian plane was shot down"."""
    span = doc.char_span(perpetrator.start, perpetrator.end, alignment_mode="expand")
    if span is None:
        return False
    after = doc.lower[span.end : span.end + 7]
    return any(
        a in ("was", "were", "been") and b in ("shot", "downed", "brought") for a, b in itertools.pairwise(after)
    ) or (span.start > 1 and doc.lower[max(0, span.start - 3) : span.start][-3:-1] == ["shot", "down"])


def _places_of_the_act(sentence: Sentence) -> list[PlaceExpression]:
    """The places that are not the speaker's ("…, a doctor at the Madina hospital said"), whatever the parse hangs them on."""
    doc = sentence.doc
    spoken: list[tuple[int, int]] = []
    for verb in doc:
        if verb.lower_ not in _SAYS or verb.tag_ not in ("VBD", "VBZ", "VBP"):
            continue
        comma = next((t.i for t in reversed(doc[: verb.i]) if t.text == "," or t.tag_.startswith("V")), None)
        if (
            comma is not None
            and doc[comma].text == ","
            and doc[comma + 1].tag_ == "DT"
            and doc[comma + 1].lower_ in ("a", "an")
        ):
            spoken.append((doc[comma].idx, verb.idx))
    return [p for p in sentence.places if not any(start < p.start < end for start, end in spoken)]


def is_detail(sentence: Sentence) -> bool:
    """Whether a sentence without figures may still tell of an event: it names an act, or somebody who claims it."""
    if context.is_prospect(sentence.doc):
        return blames(sentence)  # "he would not say who did it, but villagers blamed the militia"
    return (
        bool(sentence.cues)
        or bool(find_predicates(sentence.doc))
        or " responsibility" in sentence.text.lower()
        or blames(sentence)
    )


def blames(sentence: Sentence) -> bool:
    """Whether a sentence says who is blamed or suspected: "the governor blamed X", "the assailants, suspected separatists, …"."""
    if not sentence.actors:
        return False
    claim = claim_in(sentence.doc[:], sentence.actors)
    return claim is not None and claim.rule.startswith(("blame", "claim"))
