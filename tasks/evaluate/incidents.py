"""Scores mentions against coded incidents (the codebook's gold): slots, detection, usable rows and the right country."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tasks.evaluate.agreement import Bounds, best_pairs, count_agrees, name_is_among, texts_overlap
from tasks.evaluate.report import Report, precision_recall

Gold = dict[str, Any]
Victim = tuple[str, str, int | None, int | None]

# A row that a monitor can use as it stands has these right.
USABLE_SLOTS = ("killed", "injured", "date", "place")
_NO_COUNT: Bounds = (None, None)


@dataclass(frozen=True, slots=True)
class Prediction:
    """A mention in the terms of the gold; null and empty mean "says nothing"."""

    event_type: str | None
    killed: Bounds | None
    injured: Bounds | None
    victims: list[Victim]
    date: tuple[str, str] | None
    place: str | None
    perpetrator: str | None
    reported_by: list[str]
    evidence: list[str]
    country: str | None = None

    @classmethod
    def of_mention(cls, row: dict[str, Any]) -> Prediction:
        """From a row of the `mentions` table."""
        killed, injured = ((row[f"{what}_min"], row[f"{what}_max"]) for what in ("killed", "injured"))
        start, end = row["date_start"], row["date_end"]
        return cls(
            event_type=row["sub_event_type"],
            killed=None if killed == _NO_COUNT else killed,
            injured=None if injured == _NO_COUNT else injured,
            victims=[(v["outcome"], v["group"], v["min"], v["max"]) for v in row["victims"] or ()],
            date=None if start is None else (start.isoformat(), (end or start).isoformat()),
            place=row["place_name"],
            perpetrator=row["perpetrator"],
            reported_by=list(row["reported_by"] or ()),
            evidence=[e["text"] for e in row["evidence"] or ()],
            country=row["country_code"],
        )

    def rests_on(self, gold: Gold) -> bool:
        """Whether some of its evidence is a sentence of the gold incident."""
        return any(texts_overlap(ours, theirs) for ours in self.evidence for theirs in gold["sentences"])


def _accepted_counts(gold: Gold) -> list[Bounds]:
    return [(gold["min"], gold["max"]), *((low, high) for low, high in gold.get("also", ()))]


# Whether a filled prediction agrees with a filled gold slot (victims are counted row by row instead).
_AGREES: dict[str, Callable[[Any, Any], bool]] = {
    "event_type": lambda ours, gold: ours in gold,
    "killed": lambda ours, gold: count_agrees(ours, _accepted_counts(gold)),
    "injured": lambda ours, gold: count_agrees(ours, _accepted_counts(gold)),
    "date": lambda ours, gold: ours == (gold["start"], gold["end"]),
    "place": lambda ours, gold: name_is_among(ours, gold),
    "perpetrator": lambda ours, gold: name_is_among(ours, gold),
    "reported_by": lambda ours, gold: any(name_is_among(name, gold) for name in ours),
}
SLOTS = ("event_type", "killed", "injured", "victims", "date", "place", "perpetrator", "reported_by")


def slots_right(ours: Prediction, gold: Gold) -> dict[str, int]:
    """How many values of each slot are right: 0 or 1, for victims the number of rows."""
    right = {}
    for slot in SLOTS:
        predicted, expected = getattr(ours, slot), gold[slot]
        if slot == "victims":
            asked = Counter((v["outcome"], v["group"], v["min"], v["max"]) for v in expected)
            right[slot] = (asked & Counter(predicted)).total()
        else:
            right[slot] = int(bool(predicted) and bool(expected) and _AGREES[slot](predicted, expected))
    return right


def pair_incidents(predictions: Sequence[Prediction], golds: Sequence[Gold]) -> list[tuple[int, int]]:
    """Predictions and gold incidents that share evidence, paired one to one so that most slots agree."""
    weights = [
        [
            # A required incident wins a tie over an optional one.
            1 + sum(slots_right(ours, gold).values()) + (0 if gold["optional"] else 0.01) if ours.rests_on(gold) else 0
            for gold in golds
        ]
        for ours in predictions
    ]
    return best_pairs(weights, minimum=1)


class _Tally:
    """Running sums over documents."""

    def __init__(self) -> None:
        self.slots = {slot: Counter[str]() for slot in SLOTS}
        self.found: Counter[str] = Counter()
        self.usable = 0
        self.country: Counter[str] = Counter()
        self.errors: list[str] = []

    def add_document(self, doc: Gold, predictions: Sequence[Prediction]) -> None:
        golds = doc["incidents"]
        pairs = pair_incidents(predictions, golds)
        prediction_of = {j: predictions[i] for i, j in pairs}
        gold_of = {i: golds[j] for i, j in pairs}
        for j, gold in enumerate(golds):
            if not gold["optional"]:
                self._add_required(doc["doc_id"], gold, prediction_of.get(j))
        optional = [gold for gold in golds if gold["optional"]]
        for i, ours in enumerate(predictions):
            paired = gold_of.get(i)
            excused = paired["optional"] if paired else any(ours.rests_on(gold) for gold in optional)
            if not excused:
                self._add_prediction(doc["doc_id"], ours, paired)

    def _add_required(self, doc_id: str, gold: Gold, ours: Prediction | None) -> None:
        self.found["gold"] += 1
        self.found["tp"] += ours is not None
        if ours and gold.get("country"):
            self._add_country(doc_id, gold, ours)
        right = slots_right(ours, gold) if ours else dict.fromkeys(SLOTS, 0)
        asked = {slot: len(gold[slot]) if slot == "victims" else int(bool(gold[slot])) for slot in SLOTS}
        for slot in SLOTS:
            self.slots[slot].update(tp=right[slot], gold=asked[slot])
        if ours and all(right[slot] == asked[slot] for slot in USABLE_SLOTS):
            self.usable += 1
            return
        wrong = [slot for slot in SLOTS if right[slot] != asked[slot]]
        said = ", ".join(f"{s}: {getattr(ours, s)!r} for {gold[s]!r}" for s in wrong) if ours else "missed"
        self.errors.append(f"{doc_id} #{gold['id']} {said} :: {gold['sentences'][0][:160]}")

    def _add_country(self, doc_id: str, gold: Gold, ours: Prediction) -> None:
        self.country.update(of=1, right=ours.country == gold["country"])
        if ours.country != gold["country"]:
            said = f"country: {ours.country!r} for {gold['country']!r}, place: {ours.place!r}"
            self.errors.append(f"{doc_id} #{gold['id']} {said} :: {gold['sentences'][0][:160]}")

    def _add_prediction(self, doc_id: str, ours: Prediction, gold: Gold | None) -> None:
        self.found["pred"] += 1
        for slot in SLOTS:
            # Where the text ties no day to the incident, a date is neither asked for nor punished.
            if slot == "date" and gold is not None and not gold["date"]:
                continue
            value = getattr(ours, slot)
            self.slots[slot]["pred"] += len(value) if slot == "victims" else bool(value)
        if gold is None:
            what = f"{ours.event_type} {ours.killed}/{ours.injured} {ours.place!r}"
            self.errors.append(f"{doc_id} spurious {what} :: {' | '.join(ours.evidence)[:160]}")


def score_incidents(docs: Iterable[Gold], mentions_of: dict[str, list[dict[str, Any]]]) -> Report:
    """Scores the mentions of each document.

    A mention may pair with a gold incident of its article when their evidence overlaps; pairs are chosen one to one to
    agree on the most slots. Gold marked optional is neither required nor punished. `slots` is the micro average over
    every value that gold or prediction fills, `usable_rows` the share of required incidents whose pair has killed,
    injured, date and place right where gold fills them.

    Args:
        docs: Gold documents in the codebook's form.
        mentions_of: Rows of the `mentions` table by the document's id, in the order of the table.
    """
    tally, documents = _Tally(), 0
    for doc in docs:
        documents += 1
        tally.add_document(doc, [Prediction.of_mention(row) for row in mentions_of.get(doc["doc_id"], ())])
    total = sum(tally.slots.values(), Counter[str]())
    required = tally.found["gold"]
    numbers = {
        "documents": documents,
        "slots": precision_recall(total["tp"], total["pred"], total["gold"]),
        "detection": precision_recall(tally.found["tp"], tally.found["pred"], required),
        "usable_rows": round(tally.usable / required, 4) if required else None,
        "country": _share_of(tally.country),
        "by_slot": {slot: precision_recall(t["tp"], t["pred"], t["gold"]) for slot, t in tally.slots.items()},
    }
    return Report("incidents", numbers, tally.errors)


def _share_of(tally: Counter[str]) -> dict[str, Any]:
    right, of = tally["right"], tally["of"]
    return {"share": round(right / of, 4) if of else None, "right": right, "of": of}
