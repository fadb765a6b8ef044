"""Fits the weights by which the sentences of an article join into incidents, and writes them to the lexicon.

    python -m benchmarks.fit_join ARTICLES.jsonl GOLD.jsonl [ARTICLES.jsonl GOLD.jsonl …] [--shift POINTS] [--write]

Articles and gold are as in tests/quality/own, the articles best as the cleaning step leaves them. Each report of an article is given its true
incident by the gold's sentences; what is learnt is the choice between a new incident and those told before it, those of optional incidents with
less weight. Prints how often the choice is right in articles left out of the fit.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

import tasks.extract.lexicon as lexicon
from tasks.evaluate.agreement import name_is_among, texts_overlap
from tasks.extract.engine import ArticleText, Reader
from tasks.extract.join import Incident
from tasks.extract.join_features import article_clues, clues_of
from tasks.extract.join_own import report_clues
from tasks.extract.reports import Report

_PENALTY = 2.0
_FOLDS = 8
_OPTIONAL = 0.3  # weight of a choice that is neither asked for nor punished
_LEAST = 4  # clues rarer than this are left out


@dataclass(frozen=True)
class Choice:
    """One report: the clues of each incident told before it, and which of them is right (None: a new one)."""

    article: str
    clues: list[dict[str, float]]
    right: int | None
    weight: float = 1.0


def likeness(report: Report, incident: dict[str, Any]) -> float:
    """How well a report's numbers, place and day fit a coded incident that cites its sentence."""
    points = 0.0
    for outcome in ("killed", "injured"):
        count, coded = report.counts[outcome], incident[outcome]
        if not count.known:
            continue
        accepted = [(coded["min"], coded["max"]), *map(tuple, coded.get("also", []))] if coded else []
        if (count.min, count.max) in accepted:
            points += 2.0
        else:
            points += 1.5 if any(count.min == low or count.max == high for low, high in accepted) else -0.5
    if report.place is not None and incident["place"]:
        points += 1.5 if name_is_among(report.place.name, incident["place"]) else -1.0
    if report.date is not None and incident["date"]:
        points += 0.5 if str(report.date.date_start) == incident["date"]["start"] else -0.5
    return points


def true_incident(report: Report, incidents: list[dict[str, Any]]) -> str | None:
    """The id of the one coded incident that a report tells of; None: of none, or it cannot be told which."""
    cited = [
        (likeness(report, i), str(i["id"]))
        for i in incidents
        if any(texts_overlap(report.sentence.text, s) for s in i["sentences"])
    ]
    if is_total(report, [i for i in incidents if any(texts_overlap(report.sentence.text, s) for s in i["sentences"])]):
        return f"total of {report.counts['killed'].min}"
    best = [name for points, name in cited if points == max(p for p, _ in cited)]
    return best[0] if len(best) == 1 else None


def is_total(report: Report, cited: list[dict[str, Any]]) -> bool:
    """Whether a report adds up coded incidents that all cite its sentence, or some of them."""
    total = report.counts["killed"].min
    coded = [i["killed"]["min"] or i["killed"]["max"] or 0 for i in cited if i["killed"]]
    if total is None or len(coded) < 2 or total <= max(coded):
        return False
    return total <= sum(coded)


def choices_of(article: str, reports: list[Report], incidents: list[dict[str, Any]]) -> list[Choice]:
    """The choices that the reports of one article set, each against the true incidents told before it."""
    told: dict[str, Incident] = {}
    whole, found = article_clues(reports), []
    required = {str(i["id"]) for i in incidents if not i["optional"]}
    for report in reports:
        name = true_incident(report, incidents)
        if name is None:
            continue
        if told and all(r.sentence.text != report.sentence.text for i in told.values() for r in i.reports):
            last = max(told.values(), key=lambda i: i.last_order)
            own = {**whole, **report_clues(report)}
            clues = [clues_of(report, incident, last, own) for incident in told.values()]
            weight = 1.0 if name in required else _OPTIONAL
            found.append(Choice(article, clues, list(told).index(name) if name in told else None, weight))
        if name in told:
            told[name].reports.append(report)
        else:
            told[name] = Incident([report])
    return found


def read_choices(reader: Reader, articles: Path, gold: Path) -> list[Choice]:
    """The choices of all coded articles of a file."""
    coded = {row["doc_id"]: row for row in map(json.loads, gold.read_text(encoding="utf-8").splitlines())}
    found = []
    for row in map(json.loads, articles.read_text(encoding="utf-8").splitlines()):
        if row["id"] in coded:
            day = coded[row["id"]].get("published_on") or row.get("published_on")
            article = ArticleText(
                row["id"],
                row["title"],
                row.get("standfirst"),
                row["text"],
                dt.date.fromisoformat(day) if day else None,
            )
            found += choices_of(row["id"], reader.reports(article), coded[row["id"]]["incidents"])
    return found


def fit(choices: list[Choice], names: list[str]) -> np.ndarray:
    """The weights (the constant last) of a multinomial logistic regression with an L2 penalty."""
    column = {name: n for n, name in enumerate(names)}
    rows: list[np.ndarray] = []
    starts: list[int] = []
    right: list[int] = []
    for choice in choices:
        starts.append(len(rows))
        if choice.right is not None:
            right.append(len(rows) + choice.right)
        for clues in choice.clues:
            row = np.zeros(len(names) + 1)
            row[-1] = 1.0
            for name, value in clues.items():
                if name in column:
                    row[column[name]] = value
            rows.append(row)
    x, begins = np.array(rows), np.array(starts)
    owner = np.repeat(np.arange(len(begins)), np.diff([*starts, len(rows)]))
    worth = np.array([c.weight for c in choices])
    asked = np.array([c.weight for c in choices if c.right is not None])
    penalty = np.full(len(names) + 1, _PENALTY)
    penalty[-1] = _PENALTY / 10

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = x @ weights
        top = np.maximum(np.maximum.reduceat(scores, begins), 0)
        powers = np.exp(scores - top[owner])
        total = np.add.reduceat(powers, begins) + np.exp(-top)
        value = (worth * (top + np.log(total))).sum() - (scores[right] * asked).sum()
        slope = x.T @ (powers / total[owner] * worth[owner]) - asked @ x[right]
        return value + 0.5 * (penalty * weights**2).sum(), slope + penalty * weights

    return np.asarray(minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B").x)


def is_right(choice: Choice, weights: np.ndarray, names: list[str]) -> bool:
    """Whether the weights take the right choice."""
    points = dict(zip(names, weights, strict=False))
    scores = [weights[-1] + sum(points.get(c, 0.0) * v for c, v in clues.items()) for clues in choice.clues]
    best = int(np.argmax(scores))
    return (best if scores[best] > 0 else None) == choice.right


def write(names: list[str], weights: np.ndarray, shift: float, choices: list[Choice]) -> None:
    """Writes the weights to lexicon/join.toml under its header."""
    path = Path(str(lexicon.__file__)).with_name("join.toml")
    header = "".join(line + "\n" for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#"))
    points = sorted(zip(names, weights, strict=False), key=lambda p: -p[1])
    lines = [f'"{name}" = {weight:.2f}\n' for name, weight in points if abs(weight) >= 0.05]
    fitted = f"version = 1\nreports = {len(choices)}\narticles = {len({c.article for c in choices})}\n"
    path.write_text(f"{header}{fitted}base = {weights[-1] + shift:.2f}\n\n[points]\n{''.join(lines)}", encoding="utf-8")


def main() -> None:
    """Reads, fits, prints the share of right choices in articles left out, and writes with --write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="+", type=Path, help="articles and gold, in pairs")
    parser.add_argument("--shift", type=float, default=-0.05, help="added to the constant: below zero, fewer join")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    reader = Reader()
    pairs = zip(args.files[::2], args.files[1::2], strict=True)
    choices = [c for articles, gold in pairs for c in read_choices(reader, articles, gold)]
    seen = Counter(name for c in choices for clues in c.clues for name in clues)
    names = sorted(name for name, n in seen.items() if n >= _LEAST)
    right = 0
    for fold in range(_FOLDS):
        held = [zlib.crc32(c.article.encode()) % _FOLDS == fold for c in choices]
        weights = fit([c for c, out in zip(choices, held, strict=True) if not out], names)
        right += sum(is_right(c, weights, names) for c, out in zip(choices, held, strict=True) if out)
    print(f"{right} of {len(choices)} choices right ({right / len(choices):.1%}), {len(names)} clues")
    if args.write:
        write(names, fit(choices, names), args.shift, choices)


if __name__ == "__main__":
    main()
