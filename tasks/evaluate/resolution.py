"""Scores incidents against the incident that each article is known to be about: were the right reports joined?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from tasks.evaluate.report import Report, f_score

Gold = dict[str, Any]
_NO_EVIDENCE = 1 << 30


def first_incidents(mentions_of: Mapping[str, list[dict[str, Any]]]) -> dict[str, str]:
    """For each document, the incident of its first mention by position in the text."""

    def position(row: dict[str, Any]) -> tuple[int, str]:
        starts = [int(e["start"]) for e in row["evidence"] or ()]
        return min(starts, default=_NO_EVIDENCE), row["incident_id"]

    return {doc: min(map(position, rows))[1] for doc, rows in mentions_of.items() if rows}


def holds_count(low: int | None, high: int | None, gold: int) -> bool:
    """Whether the gold number lies inside min..max; an open bound is no answer, an absent count means 0."""
    if low is None or high is None:
        return gold == 0 and low is None and high is None
    return low <= gold <= high


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)


def score_resolution(
    docs: Iterable[Gold], mentions_of: Mapping[str, list[dict[str, Any]]], incidents: Mapping[str, dict[str, Any]]
) -> Report:
    """B-cubed and pairwise precision, recall and F1 over articles, and whether the incidents' counts are right.

    Args:
        docs: Gold: one article with `doc_id`, `incident`, `killed`, `injured`.
        mentions_of: Rows of the `mentions` table by document id.
        incidents: Rows of the `incidents` table by `incident_id`.
    """
    gold = {doc["doc_id"]: doc for doc in docs}
    found = {doc: incident for doc, incident in first_incidents(mentions_of).items() if doc in gold}
    # An article without a mention stands alone.
    predicted = {doc: found.get(doc, f"alone:{doc}") for doc in gold}
    in_predicted = Counter(predicted.values())
    in_gold = Counter(g["incident"] for g in gold.values())
    in_both = Counter((predicted[doc], g["incident"]) for doc, g in gold.items())
    precision = recall = 0.0
    for doc, g in gold.items():
        both = in_both[predicted[doc], g["incident"]]
        precision += both / in_predicted[predicted[doc]]
        recall += both / in_gold[g["incident"]]
    n = max(len(gold), 1)
    joined, asked, hit = (_pairs(sizes.values()) for sizes in (in_predicted, in_gold, in_both))
    right = {
        what: sum(
            holds_count(incidents[i][f"{what}_min"], incidents[i][f"{what}_max"], gold[doc][what])
            for doc, i in found.items()
        )
        for what in ("killed", "injured")
    }
    numbers = {
        "articles": len(gold),
        "gold_incidents": len(in_gold),
        "predicted_incidents": len(in_predicted),
        "found": round(len(found) / n, 4),
        "b_cubed": _shares(precision / n, recall / n),
        "pairwise": _shares(hit / joined if joined else 0.0, hit / asked if asked else 0.0),
        "killed_right": round(right["killed"] / max(len(found), 1), 4),
        "injured_right": round(right["injured"] / max(len(found), 1), 4),
    }
    return Report("resolution", numbers, _differences(gold, predicted))


def _shares(precision: float, recall: float) -> dict[str, float]:
    return {"p": round(precision, 4), "r": round(recall, 4), "f1": round(f_score(precision, recall), 4)}


def _differences(gold: Mapping[str, Gold], predicted: Mapping[str, str]) -> list[str]:
    """One line a predicted incident that joins several gold ones, and a gold incident that was split."""
    gold_of, predicted_of = defaultdict(list), defaultdict(list)
    for doc, g in gold.items():
        gold_of[predicted[doc]].append(doc)
        predicted_of[g["incident"]].append(doc)
    lines = []
    for incident, members in gold_of.items():
        if len({gold[doc]["incident"] for doc in members}) > 1:
            lines.append(f"{incident} joins " + ", ".join(f"{doc} (gold {gold[doc]['incident']})" for doc in members))
    for incident, members in predicted_of.items():
        if len({predicted[doc] for doc in members}) > 1:
            lines.append(f"gold {incident} is split: " + ", ".join(f"{doc} ({predicted[doc]})" for doc in members))
    return lines
