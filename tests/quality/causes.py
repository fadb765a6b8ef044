"""Counts what the reader gets wrong on coded articles, by cause, and how well `confidence` tells it (the tables of docs/limits.md).

python -m tests.quality.causes [--gold FILE --articles FILE]... [--tables FOLDER] [--lines A:B] [--differences] [--only SLOT]

Without --gold: the corpora that may be read. --differences prints every difference between reader and gold, which shows the texts: not for
articles that are kept unread.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from tasks.evaluate.incidents import SLOTS, USABLE_SLOTS, Prediction, pair_incidents, score_incidents, slots_right
from tasks.evaluate.score import read_gold
from tests.quality import gate
from tests.quality.places import rows_by_document

Row = dict[str, Any]
BANDS = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 1.01)


class Causes:
    """Slots lost and slots too many, by cause; the confidence of each row that was asked for, and whether it was right.

    Attributes:
        required: How many required incidents and gold slots there were.
        lost: Slots of the gold that the reader has not, by (cause, detail).
        extra: Slots that the reader has and the gold has not, likewise.
        rows: Confidence and rightness (killed, injured, date, place) of each row that pairs with a required incident or with none.
    """

    def __init__(self) -> None:
        self.required: Counter[str] = Counter()
        self.lost: Counter[tuple[str, str]] = Counter()
        self.extra: Counter[tuple[str, str]] = Counter()
        self.rows: list[tuple[float, bool]] = []

    def add(self, doc: Row, rows: list[Row]) -> None:
        """Counts one article."""
        golds, ours = doc["incidents"], [Prediction.of_mention(row) for row in rows]
        pairs = pair_incidents(ours, golds)
        row_of, gold_of = {j: i for i, j in pairs}, dict(pairs)
        for j, gold in enumerate(golds):
            if gold["optional"]:
                continue
            asked = {slot: len(gold[slot]) if slot == "victims" else int(bool(gold[slot])) for slot in SLOTS}
            self.required.update(incidents=1, slots=sum(asked.values()))
            if j in row_of:
                self._found(gold, ours[row_of[j]], asked)
            else:
                joined = any(prediction.rests_on(gold) for prediction in ours)
                self.required["missed"] += 1
                self.required["missed, joined to another"] += joined
                self.lost["missed incident", "joined to another" if joined else "not seen"] += sum(asked.values())
        optional = [gold for gold in golds if gold["optional"]]
        for i, (row, prediction) in enumerate(zip(rows, ours, strict=True)):
            gold = golds[gold_of[i]] if i in gold_of else None
            if gold["optional"] if gold else any(prediction.rests_on(other) for other in optional):
                continue
            if gold is None:
                filled = sum(len(v) if s == "victims" else bool(v) for s in SLOTS for v in [getattr(prediction, s)])
                self.required["spurious"] += 1
                self.extra["spurious incident", ""] += filled
            right = slots_right(prediction, gold) if gold else {}
            self.rows.append(
                (row["confidence"], gold is not None and all(right[s] or not gold[s] for s in USABLE_SLOTS))
            )

    def _found(self, gold: Row, ours: Prediction, asked: dict[str, int]) -> None:
        right = slots_right(ours, gold)
        for slot in SLOTS:
            value = getattr(ours, slot)
            if slot == "victims":
                self.lost["victims row", slot] += asked[slot] - right[slot]
                self.extra["value too many", slot] += len(value) - right[slot]
            elif asked[slot] and not right[slot]:
                self.lost["another value" if value else "no value", slot] += 1
                self.extra["another value", slot] += bool(value)
            elif value and not asked[slot] and slot != "date":
                self.extra["value too many", slot] += 1

    def tell(self) -> str:
        """The counts and the reliability of `confidence`, as text."""
        lines = [", ".join(f"{what} {number}" for what, number in self.required.items())]
        for title, counts in (("lost", self.lost), ("too many", self.extra)):
            for cause in dict.fromkeys(name for name, _ in counts):
                details = {
                    detail: number for (name, detail), number in counts.most_common() if name == cause and number
                }
                told = ", ".join(f"{detail} {number}" for detail, number in details.items() if detail)
                lines.append(f"{title:9}{cause:20}{sum(details.values()):5}   {told}")
        if self.rows:
            brier = sum((confidence - right) ** 2 for confidence, right in self.rows) / len(self.rows)
            lines.append(f"confidence: {len(self.rows)} rows, Brier score {brier:.3f}")
        for low, high in itertools.pairwise(BANDS):
            band = [(confidence, right) for confidence, right in self.rows if low <= confidence < high]
            if band:
                estimate, share = (sum(values) / len(band) for values in zip(*band, strict=True))
                lines.append(
                    f"  {low:.1f} and more: {len(band):4} rows, mean estimate {estimate:.2f}, share right {share:.2f}"
                )
        return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, action="append", default=[], help="gold file; may be given several times")
    parser.add_argument("--articles", type=Path, action="append", default=[], help="its articles, in the same order")
    parser.add_argument("--lines", default=":", help="lines of the gold files that count, such as :60")
    parser.add_argument("--differences", action="store_true", help="also every difference, with the words of the gold")
    parser.add_argument("--only", default="", help="only the differences that hold this, such as 'place:'")
    options = parser.parse_args(arguments)
    if len(options.gold) != len(options.articles):
        parser.error("each --gold needs its --articles")
    first, _, last = options.lines.partition(":")
    lines = slice(int(first) if first else None, int(last) if last else None)
    corpora = [gate.Corpus(g.stem, g, a, lines) for g, a in zip(options.gold, options.articles, strict=True)]
    known = [c for c in gate.CORPORA if c.name in ("own", "seed", "dev_read") and c.gold.exists()]
    causes = Causes()
    docs: list[Row] = []
    rows_of: dict[str, list[Row]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for corpus in corpora or known:
            work = gate.read_articles(corpus.articles, Path(folder) / corpus.name)
            rows_of |= rows_by_document(work)
            docs += read_gold(corpus.gold)[corpus.lines]
    for doc in docs:
        causes.add(doc, rows_of.get(doc["doc_id"], []))
    report = score_incidents(docs, rows_of)
    if options.differences:
        print("\n".join(line for line in report.errors if options.only in line))
    print(report.render())
    print(causes.tell())
    return 0


if __name__ == "__main__":
    sys.exit(main())
