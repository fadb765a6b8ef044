"""Where the sentences of an article stand to one of its incidents: which tell of it, which come before, which open the story."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from tasks.extract import lexicon

if TYPE_CHECKING:
    from tasks.extract.join import Incident
    from tasks.extract.reports import Report, Sentence

Features = dict[str, float]
NONE: Final = "none"  # the candidate "the text does not say": its only feature
_BACK: Final = 8  # sentences before an incident that may still say when and where it happened
_ON: Final = 6  # sentences after it that may
_FAR: Final = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """A sentence and how it stands to the incident."""

    sentence: Sentence
    own: bool  # tells of the incident
    where: str  # own: "lead", "report", "detail"; else "title", "first", "before_1" … "before_3", "after_1" … "after_3"
    gap: int = 0  # sentences from it to the lead; negative after the lead


@dataclass(frozen=True, slots=True)
class Tellings:
    """The sentences of an article and those of each of its incidents."""

    sentences: Sequence[Sentence]
    incidents: Sequence[Incident]
    _known: dict[object, Any] = field(default_factory=dict, repr=False, compare=False)

    def remembered(self, key: object, work_out: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the key stands for
        """What a ranking needs again for every incident of the article, worked out once."""
        if key not in self._known:
            self._known[key] = work_out()
        return self._known[key]

    @property
    def several(self) -> bool:
        """Whether the article tells of several incidents."""
        return len(self.incidents) > 1

    @property
    def first(self) -> Sentence | None:
        """The first sentence of the body."""
        first: Sentence | None = self.remembered(
            "first", lambda: next((s for s in self.sentences if s.field != "title"), None)
        )
        return first

    def before(self, incident: Incident) -> Incident | None:
        """The incident that is told right before another."""
        known: dict[int, Incident] = self.remembered(
            "before", lambda: {id(b): a for a, b in itertools.pairwise(self.incidents)}
        )
        return known.get(id(incident))

    def between(self, low: int, high: int) -> Sequence[Sentence]:
        """The sentences numbered from `low` to `high`: looking at all of them for each incident would take quadratic time."""
        orders: list[int] = self.remembered("orders", lambda: [s.order for s in self.sentences])
        return self.sentences[bisect_left(orders, low) : bisect_right(orders, high)]

    def tellers(self, sentence: Sentence) -> Sequence[tuple[Incident, Report]]:
        """The incidents that a sentence tells of, in their order, with its report of each."""
        known: dict[int, list[tuple[Incident, Report]]] = self.remembered("tellers", self._all_tellers)
        return known.get(id(sentence), ())

    def _all_tellers(self) -> dict[int, list[tuple[Incident, Report]]]:
        found: dict[int, list[tuple[Incident, Report]]] = {}
        for incident in self.incidents:
            for report in incident.reports:
                found.setdefault(id(report.sentence), []).append((incident, report))
        return found

    def around(self, incident: Incident) -> Iterator[Standing]:
        """The incident's own sentences, those up to eight before it and six after it, the headline and the first of the body."""
        own = {id(d): "detail" for d in incident.details} | {id(r.sentence): "report" for r in incident.reports}
        lead = lead_of(incident).sentence
        own[id(lead)] = "lead"
        first = self.first
        titles: list[Sentence] = self.remembered("titles", lambda: [s for s in self.sentences if s.field == "title"])
        near = {s.order: s for s in titles}
        near |= {s.order: s for s in self.between(lead.order - _BACK, lead.order + _ON)}
        near |= {s.order: s for s in incident.details} | {r.order: r.sentence for r in incident.reports}
        if first is not None:
            near[first.order] = first
        for order in sorted(near):
            s = near[order]
            gap = lead.order - order
            if id(s) in own:
                yield Standing(s, True, own[id(s)], gap)
            elif s.field == "title":
                yield Standing(s, False, "title", gap)
            elif s is first:
                yield Standing(s, False, "first", gap)
            elif 0 < gap <= _BACK:
                yield Standing(s, False, f"before_{min(gap, _FAR)}", gap)
            elif 0 < -gap <= _ON:
                yield Standing(s, False, f"after_{min(-gap, _FAR)}", gap)


def lead_of(incident: Incident) -> Report:
    """The report that an incident is best told by: the first of the body."""
    return next((r for r in incident.reports if not r.is_title), incident.reports[0])


def anchors_of(sentence: Sentence, told: Sequence[Report]) -> list[int]:
    """The words of the act in a sentence, of which reports are given: their casualty words, else those of its means."""
    return [a for r in told for a in r.anchors] or [c.last for c in sentence.cues]


def worth(features: Features, weights: dict[str, float]) -> float:
    """The weighted sum of the features."""
    return sum(weights.get(name, 0.0) * value for name, value in features.items())


@cache
def weights_of(name: str) -> dict[str, float]:
    """The weights of a ranking, by feature: the table [weights] of `<name>.toml`."""
    return dict(lexicon.load(name)["weights"])
