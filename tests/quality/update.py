"""Moves the floors of the quality gate: up by itself, down only when asked to.

python -m tests.quality.update [--lower] [--all]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.quality import gate

Floors = dict[str, dict[str, Any]]


def moved(
    name: str, floors: Floors, scores: gate.Scores, gold_hash: str, *, lower: bool
) -> tuple[dict[str, Any], list[str]]:
    """The new entry of a corpus, and what stands in the way of a fall.

    Args:
        name: The corpus.
        floors: All floors as they are.
        scores: What was measured now.
        gold_hash: Hash of the gold that it was measured on.
        lower: Take the measured scores whatever the floors are.
    """
    old = floors.get(name)
    if old is None or lower:
        return {"gold_sha256": gold_hash, "floors": scores}, []
    if old["gold_sha256"] != gold_hash:
        return old, [
            f"{name}: the gold file has changed, so the old floors do not compare; --lower takes the new scores"
        ]
    fallen = [f"{name}: {line}; --lower accepts that" for line in gate.below_floor(scores, old["floors"])]
    return {"gold_sha256": gold_hash, "floors": {n: max(v, old["floors"].get(n, v)) for n, v in scores.items()}}, fallen


def main(arguments: list[str] | None = None) -> int:
    """Measures, prints, and rewrites `floors.json`; 1 when a score fell and `--lower` was not given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lower", action="store_true", help="take scores that are lower than the floors")
    parser.add_argument("--all", action="store_true", help="also measure the slow corpora")
    options = parser.parse_args(arguments)
    floors = gate.load_floors()
    problems: list[str] = []
    tables: dict[Path, Path] = {}
    with tempfile.TemporaryDirectory() as folder:
        for corpus in (*gate.CORPORA, *(gate.SLOW_CORPORA if options.all else ())):
            if not (corpus.gold.exists() and corpus.articles.exists()):
                print(f"{corpus.name}: left as it is; {gate.WHY_SKIPPED}", file=sys.stderr)
                continue
            if corpus.articles not in tables:
                tables[corpus.articles] = gate.read_articles(corpus.articles, Path(folder) / corpus.name)
            scores = gate.measure(corpus, tables[corpus.articles])
            entry, fallen = moved(corpus.name, floors, scores, gate.fingerprint(corpus.gold), lower=options.lower)
            print(f"{corpus.name:12} " + "  ".join(f"{name} {value:.4f}" for name, value in scores.items()))
            floors[corpus.name] = entry
            problems += fallen
    if problems:
        print("\n".join(problems), file=sys.stderr)
        return 1
    gate.FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
