"""Checks on which country, province and point the places of coded articles get, and draws a sample for checking by hand.

python -m tests.quality.places [--gold FILE --tables FOLDER]... [--wrong] [--sample N [--seed S]]
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from expectations.country_boxes import lies_in_country
from expectations.storage import read_table
from tasks.evaluate.incidents import Prediction, pair_incidents
from tasks.evaluate.score import read_gold
from tests.quality import gate

Row = dict[str, Any]
_HERE = ("own", "seed", "dev_read")  # corpora that may be read


def rows_by_document(tables: Path) -> dict[str, list[Row]]:
    """Mentions by the id of their gold document, in the order of the table."""
    source = {r["article_id"]: r["source_id"] for r in read_table(tables, "articles").to_pylist()}
    found: dict[str, list[Row]] = {}
    for row in read_table(tables, "mentions").to_pylist():
        found.setdefault(source[row["article_id"]], []).append(row)
    return found


def matched(docs: list[Row], rows_of: dict[str, list[Row]]) -> list[tuple[str, Row, Row]]:
    """Document id, required gold incident and the mention that the scorer pairs with it."""
    found = []
    for doc in docs:
        rows = rows_of.get(doc["doc_id"], [])
        golds = doc["incidents"]
        pairs = pair_incidents([Prediction.of_mention(row) for row in rows], golds)
        found += [(doc["doc_id"], golds[j], rows[i]) for i, j in sorted(pairs, key=lambda p: p[1])]
    return [m for m in found if not m[1]["optional"]]


def check(name: str, pairs: list[tuple[str, Row, Row]], *, wrong: bool) -> None:
    """Prints the counts of one set of articles, and on request each mention in a wrong country or outside of its own."""
    tally: Counter[str] = Counter()
    for doc_id, gold, row in pairs:
        asked, point = gold.get("country"), (row["latitude"], row["longitude"])
        outside = row["latitude"] is not None and not lies_in_country(row["country_code"], *point)
        tally.update(
            found=1,
            named=bool(gold["place"]),
            point=bool(gold["place"]) and row["latitude"] is not None,
            asked=bool(asked),
            right=bool(asked) and row["country_code"] == asked,
            none=bool(asked) and row["country_code"] is None,
            outside=outside,
        )
        if wrong and (outside or (asked and row["country_code"] != asked)):
            print(f"  {doc_id} #{gold['id']} {asked}/{gold['place']}: {described(row)}")
    shares = [f"{tally[a] / max(tally[b], 1):.3f} of {tally[b]}" for a, b in (("right", "asked"), ("point", "named"))]
    print(
        f"{name:12} country right {shares[0]} ({tally['none']} without one), "
        f"gold places with coordinates {shares[1]}, outside their country {tally['outside']}"
    )


def described(row: Row) -> str:
    """A mention's place in one line."""
    at = "no point" if row["latitude"] is None else f"{row['latitude']:.2f} {row['longitude']:.2f}"
    return f"{row['place_name']!r} -> {row['country_code']} / {row['admin1']} / {at} / {row['geo_basis']}"


def sample(found: list[tuple[str, Row]], size: int, seed: int) -> None:
    """Prints places with coordinates, drawn by a fixed seed, with the words that they stand in."""
    resolved = [(doc_id, row) for doc_id, row in found if row["latitude"] is not None]
    for number, (doc_id, row) in enumerate(random.Random(seed).sample(resolved, min(size, len(resolved))), start=1):
        print(f"{number:3} {doc_id} {described(row)} (precision {row['geo_precision']})")
        print(f"      {row['evidence'][0]['text'][:240]}")


def main(arguments: list[str] | None = None) -> int:
    """Reads what is at hand, or takes tables that were read before, and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, action="append", default=[], help="a gold file of your own")
    parser.add_argument("--tables", type=Path, action="append", default=[], help="the tables read from its articles")
    parser.add_argument(
        "--articles", type=Path, action="append", default=[], help="articles without gold, for the sample"
    )
    parser.add_argument(
        "--wrong", action="store_true", help="list each wrong country and each point outside its country"
    )
    parser.add_argument("--sample", type=int, default=0, help="print so many places with coordinates")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    sets = [(gold.stem, read_gold(gold), tables) for gold, tables in zip(options.gold, options.tables, strict=True)]
    drawn: list[tuple[str, Row]] = []
    with tempfile.TemporaryDirectory() as folder:
        for corpus in () if sets else [c for c in gate.CORPORA if c.name in _HERE and c.gold.is_file()]:
            tables = gate.read_articles(corpus.articles, Path(folder) / corpus.name)
            sets.append((corpus.name, read_gold(corpus.gold)[corpus.lines], tables))
        for name, docs, tables in sets:
            rows_of = rows_by_document(tables)
            check(name, matched(docs, rows_of), wrong=options.wrong)
            drawn += [(doc["doc_id"], row) for doc in docs for row in rows_of.get(doc["doc_id"], ())]
        for number, articles in enumerate(options.articles):
            more = rows_by_document(gate.read_articles(articles, Path(folder) / f"more{number}"))
            drawn += [(doc_id, row) for doc_id, rows in more.items() for row in rows]
    if options.sample:
        sample(drawn, options.sample, options.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
