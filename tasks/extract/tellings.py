"""Where the sentences of an article stand to one of its incidents: which tell of it, which come before, which open the story."""

from __future__ import annotations

import itertools
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

    def before(self, incident: Incident) -> Incident | None:
        """The incident that is told right before another."""
        return next((a for a, b in itertools.pairwise(self.incidents) if b is incident), None)

    def around(self, incident: Incident) -> Iterator[Standing]:
        """The incident's own sentences, those up to eight before it and six after it, the headline and the first of the body."""
        own = {id(d): "detail" for d in incident.details} | {id(r.sentence): "report" for r in incident.reports}
        lead = lead_of(incident).sentence
        own[id(lead)] = "lead"
        first = next((s for s in self.sentences if s.field != "title"), None)
        for s in self.sentences:
            gap = lead.order - s.order
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


def anchors_of(sentence: Sentence, incident: Incident) -> list[int]:
    """The words of the act in a sentence: its casualty words, else those of its means."""
    told = [a for r in incident.reports if r.sentence is sentence for a in r.anchors]
    return told or [c.last for c in sentence.cues]


def worth(features: Features, weights: dict[str, float]) -> float:
    """The weighted sum of the features."""
    return sum(weights.get(name, 0.0) * value for name, value in features.items())


@cache
def weights_of(name: str) -> dict[str, float]:
    """The weights of a ranking, by feature: the table [weights] of `<name>.toml`."""
    return dict(lexicon.load(name)["weights"])
