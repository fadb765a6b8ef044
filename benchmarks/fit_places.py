"""Fits the weights of `place_rank.toml` on coded articles: `python -m benchmarks.fit_places ARTICLES.jsonl GOLD.jsonl [ARTICLES GOLD …]`.

Conditional logistic regression with an L2 penalty: of all places that an article names, and of "names none", one that the
gold accepts is to rank first. Mentions that pair with no gold incident count as having no place, at a third of the weight.
Prints how many come out right in six-fold cross-validation by article, next to the pinned weights.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize

from expectations.storage import read_table
from tasks.evaluate.agreement import name_is_among
from tasks.evaluate.incidents import Prediction, pair_incidents
from tasks.extract import engine
from tasks.extract.place_rank import place_candidates
from tasks.extract.tellings import NONE, Features, Tellings, weights_of, worth
from tests.quality.gate import read_articles

WEIGHTS: Final = Path(engine.__file__).parent / "lexicon" / "place_rank.toml"
HEADER: Final = """# Weights of the features by which the places that an article names are ranked as the place of one incident (place_rank.py).
# Fitted by conditional logistic regression on hand-coded articles of several wars (benchmarks/fit_places.py); a weight is a log-odds.
[weights]
"""
L2: Final = 2.0
SPURIOUS: Final = 0.35
FOLDS: Final = 6
LEAST: Final = 0.05


@dataclass(frozen=True, slots=True)
class Choice:
    """One incident: the features of each candidate, which of them are right, what it weighs, and its article."""

    features: list[Features]
    right: list[bool]
    weight: float
    article: str


def choices(articles: Path, gold: Path) -> Iterator[Choice]:
    """The choices of place that the reader has to make in coded articles."""
    with tempfile.TemporaryDirectory() as folder:
        rows = read_table(read_articles(articles, Path(folder)), "articles").to_pylist()
    by_id = {row["source_id"]: row for row in rows}
    reader = engine.Reader()
    for doc in map(json.loads, filter(None, gold.read_text(encoding="utf-8").splitlines())):
        row = by_id[doc["doc_id"]]
        names = ("article_id", "title", "standfirst", "text", "published_on", "publisher")
        told, mentions = reader.tellings(engine.ArticleText(**{name: row[name] for name in names}))
        yield from _of_article(doc, told, mentions)


def _of_article(doc: dict[str, Any], told: Tellings, mentions: list[dict[str, Any]]) -> Iterator[Choice]:
    ours, golds = [Prediction.of_mention(m) for m in mentions], doc["incidents"]
    paired = dict(pair_incidents(ours, golds))
    for i, incident in enumerate(told.incidents):
        found = list(place_candidates(incident, told))
        features = [{NONE: 1.0}, *(c.features for c in found)]
        if i in paired:
            gold = golds[paired[i]]
            if not gold["optional"]:
                right = [not gold["place"], *(name_is_among(c.place.name, gold["place"]) for c in found)]
                yield Choice(features, right, 1.0, doc["doc_id"])
        elif not any(g["optional"] and ours[i].rests_on(g) for g in golds):
            yield Choice(features, [True] + [False] * len(found), SPURIOUS, doc["doc_id"])


def fit(found: Sequence[Choice], names: Sequence[str]) -> dict[str, float]:
    """The weights under which the right candidates are likeliest."""
    index = {name: n for n, name in enumerate(names)}
    rows = []
    for choice in found:
        if any(choice.right):
            matrix = np.zeros((len(choice.features), len(names)))
            for n, features in enumerate(choice.features):
                for name, value in features.items():
                    matrix[n, index[name]] = value
            rows.append((matrix, np.array(choice.right, dtype=float), choice.weight))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = 0.5 * L2 * float(weights @ weights), L2 * weights
        for matrix, right, weight in rows:
            worths = matrix @ weights
            chances = np.exp(worths - worths.max())
            chances /= chances.sum()
            hit = float(chances @ right)
            total -= weight * float(np.log(hit + 1e-12))
            slope = slope - weight * (matrix.T @ (chances * right / hit - chances))
        return total, slope

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return dict(zip(names, map(float, best), strict=True))


def right_with(choice: Choice, weights: dict[str, float]) -> bool:
    """Whether the candidate that ranks first is right."""
    worths = [worth(features, weights) for features in choice.features]
    return choice.right[worths.index(max(worths))]


def main() -> None:
    """Fits, cross-validates, and writes the weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path, help="articles and gold, in pairs")
    files = parser.parse_args().files
    found = [c for articles, gold in zip(files[::2], files[1::2], strict=True) for c in choices(articles, gold)]
    names = sorted({name for c in found for features in c.features for name in features})
    articles = sorted({c.article for c in found})
    fold = {article: n % FOLDS for n, article in enumerate(articles)}
    right = 0
    for n in range(FOLDS):
        weights = fit([c for c in found if fold[c.article] != n], names)
        right += sum(right_with(c, weights) for c in found if fold[c.article] == n)
    pinned = sum(right_with(c, weights_of("place_rank")) for c in found)
    print(f"{len(found)} choices; right in cross-validation {right}, with the pinned weights {pinned}")
    lines = (f'"{k}" = {v:.2f}\n' for k, v in fit(found, names).items() if abs(v) >= LEAST or k == NONE)
    WEIGHTS.write_text(HEADER + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
