"""No sentence of anybody else's article stands in the project: runs of words are compared with the annotated articles, where those are at hand."""

from __future__ import annotations

import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.quality.gate import GOLD

ROOT = Path(__file__).parents[2]
RUN = 7  # words in a row that no two writers choose by chance, unless they are a set phrase
TELLING = 1  # words of a run of no more than RUN that are none of STOCK
READ = {".py", ".md", ".txt", ".toml", ".json", ".jsonl", ".yaml", ".yml", ".html", ".xml", ".js", ".css", ""}
# Files of others that say so, and the seed article, which is published with the project.
NOT_READ = ("tasks/report/assets/vendor/", "seeds/", "LICENSE")
# What everybody says in these words, and names: one word each.
SET_PHRASES = """
    anyone with information is asked to call | because he was not authorized to
    claimed responsibility for the attack | clear violation of international humanitarian law
    died on the way to | farabundo marti national liberation front | from one family
    forces loyal to president bashar al assad | general staff of the armed forces | in a critical condition
    islamic state in iraq and the levant | islamic state of iraq and the levant | killed and more than | no group has
    not in a position to | of his comrades | office for the coordination of humanitarian affairs | on condition of anonymity
    organisation for the prohibition of chemical weapons | organization for the prohibition of chemical weapons
    pronounced dead at the scene | since the beginning of the year | stray bullet | suicide bomber blew himself up
    syrian observatory for human rights | the toll was likely to rise | year old | women and children
"""
STOCK = frozenset(
    """
    a about after all also among an and another are as at be been before between but by for from had has have he her his
    in including into is it its least more most near no not of off on one or other others over said says she so some
    than that the their them there they this three to two up was were when where which while who with four five six seven
    eight nine ten eleven twelve monday tuesday wednesday thursday friday saturday sunday army attack attacks boy
    child children civilians dead died fighters girl hurt injured killed killing man men officials people police rebels
    shot soldiers source troops victims woman women wounded wounding years old
    """.split()
)
_PHRASE = "|".join(r"\W+".join(phrase.split()) for phrase in re.split(r"[|\n]", SET_PHRASES) if phrase.split())
_WORD = re.compile(rf"\b(?:{_PHRASE})\b|[^\W_]+(?:'[^\W_]+)?|[.!?]+(?=[\s\"'”)]|$)")
Word = tuple[str, int]


def words_of(text: str) -> list[Word]:
    """The words, each with its offset; a set phrase is one word, and the end of a sentence is a word "."."""
    found = _WORD.finditer(text.lower().replace("’", "'"))
    return [("." if m[0][0] in ".!?" else re.sub(r"[^\w']+", "_", m[0]), m.start()) for m in found]


def runs_of(words: list[Word]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each run of `RUN` words within a sentence."""
    plain = [w for w, _ in words]
    for i in range(len(plain) - RUN + 1):
        if "." not in (run := plain[i : i + RUN]):
            yield i, tuple(run)


def copied(texts: Iterable[tuple[str, str]], articles: Iterable[str]) -> list[str]:
    """For each passage of named texts that an article has too: where it stands, and its words."""
    read = {name: (text, words_of(text)) for name, text in texts}
    wanted: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for name, (_, words) in read.items():
        for i, run in runs_of(words):
            wanted[run].append((name, i))
    shared = {run for article in articles for _, run in runs_of(words_of(article)) if run in wanted}
    passages: list[tuple[str, int, int]] = []
    for name, i in sorted({place for run in shared for place in wanted[run]}):
        if passages and passages[-1][0] == name and i < passages[-1][2]:
            passages[-1] = (name, passages[-1][1], i + RUN)
        else:
            passages.append((name, i, i + RUN))
    lines = []
    for name, first, last in passages:
        text, words = read[name]
        said = [w for w, _ in words[first:last]]
        if len(said) > RUN or len({w for w in said if w not in STOCK and "_" not in w and len(w) > 2}) >= TELLING:
            line = text.count("\n", 0, words[first][1]) + 1
            lines.append(f"{name}:{line}: {' '.join(said).replace('_', ' ')}")
    return lines


def own_texts() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        if Path(name).suffix in READ and not name.startswith(NOT_READ) and (ROOT / name).is_file():
            text = (ROOT / name).read_text(encoding="utf-8", errors="ignore")
            yield name, text.replace("\\n", "  ").replace('\\"', ' "')  # as long as before


def articles_of_others() -> Iterator[str]:
    for path in sorted(GOLD.glob("*_articles.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for article in map(json.loads, lines):
                yield article.get("title") or ""
                yield article["text"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Shells fell.\nThe ferryman's daughter hid under a heap of nets!",
            ["a.py:2: the ferryman's daughter hid under a heap of nets"],
        ),
        ("The ferryman's daughter hid. Under a heap of nets she slept.", []),
        ("She hid under a heap of nets", []),
        ("All of them were killed on Monday", []),
        ("No group has claimed responsibility for the attack on it", []),
    ],
)
def test_a_run_of_words_is_found_and_a_set_phrase_is_not(text: str, found: list[str]) -> None:
    article = (
        "As the ferryman's daughter hid under a heap of nets, shells fell. All of them were killed on Monday. "
        "No group has claimed responsibility for the attack on it."
    )
    assert copied([("a.py", text)], [article]) == found


@pytest.mark.skipif(not GOLD.is_dir(), reason=f"the annotated articles are not at {GOLD}")
def test_no_sentence_of_the_annotated_articles_stands_in_the_project() -> None:
    found = copied(own_texts(), articles_of_others())
    assert not found, "rewrite in words of your own (or, if everybody says it so, add to SET_PHRASES):\n" + "\n".join(
        found
    )
