"""How reading grows with the length of one article, where every sentence counts casualties: `python -m benchmarks.long_articles`.

An article of few incidents does not show what looks at all incidents for each of them; these have thousands.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import statistics
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from benchmarks.extraction import timed

if TYPE_CHECKING:
    from tasks.extract.engine import Reader

SIZES = (4_000, 32_000)
TOWNS = "Ariha|Binnish|Douma|Rastan|Palmyra|Mosul|Fallujah|Tikrit|Kandahar|Kunduz|Ghazni|Aden|Taiz|Marib|Goma|Beni|Bama|Gwoza|Baidoa|Kismayo".split(
    "|"
)
WHO = "Government forces|Russian warplanes|Islamic State fighters|Gunmen|Taliban militants|Militiamen|Army helicopters|Unidentified attackers".split(
    "|"
)
DEED = "shelled|bombed|attacked|raided|stormed|opened fire on a market in|fired mortars at".split("|")
WHOM = "civilians|women|children|soldiers|policemen|villagers|traders|farmers".split("|")
TELLER = "local officials said|a hospital source said|the army said in a statement|residents said|police said".split(
    "|"
)
DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday".split("|")


def _act(chance: random.Random) -> tuple[str, str, str]:
    """Who did what to how many, who says so, and where."""
    town = chance.choice(TOWNS)
    hit = f"{chance.choice(WHO)} {chance.choice(DEED)} {town} on {chance.choice(DAYS)}"
    told = f"killing {chance.randrange(2, 60)} {chance.choice(WHOM)} and wounding {chance.randrange(2, 90)} others"
    return hit, told, town


def _filled(words: int, item: Callable[[], str], glue: str) -> str:
    parts, length = list[str](), 0
    while length < words:
        parts.append(item())
        length += len(parts[-1].split())
    return glue.join(parts)


def dense(words: int) -> str:
    """Paragraphs that tell of one attack after another."""
    chance = random.Random(1)

    def paragraph() -> str:
        acts = [_act(chance) for _ in range(chance.randrange(2, 5))]
        return " ".join(f"{hit}, {told}, {chance.choice(TELLER)}." for hit, told, _ in acts)

    return _filled(words, paragraph, "\n\n")


def run_on(words: int) -> str:
    """One sentence without an end."""
    chance = random.Random(2)
    return _filled(words, lambda: " ".join(_act(chance)[:2]), " and ") + "."


def listed(words: int) -> str:
    """Items under the names of towns."""
    chance = random.Random(3)

    def item() -> str:
        hit, told, town = _act(chance)
        return f"{town}:\n\n{hit}, {told}, {chance.choice(TELLER)}."

    return _filled(words, item, "\n\n")


def one_attack(words: int) -> str:
    """A story that comes back to one attack again and again."""
    chance = random.Random(4)
    ways = (
        "The blast in Fallujah killed 12 people, {}.",
        "The bomb went off near the market in Fallujah on Monday and killed 12.",
        "The explosion was the work of Islamic State, {}.",
    )
    first = "A bomb killed 12 people in Fallujah on Monday, police said. "
    return first + _filled(words, lambda: chance.choice(ways).format(chance.choice(TELLER)), " ")


KINDS: dict[str, Callable[[int], str]] = {"dense": dense, "run_on": run_on, "listed": listed, "one_attack": one_attack}


def growth(reader: Reader, kind: str, sizes: tuple[int, int] = SIZES, turns: int = 1) -> dict[str, float]:
    """Seconds of a short and of a long article of one kind, and how much more a word of the long one takes.

    Args:
        reader: The reader.
        kind: One of `KINDS`.
        sizes: Words of the two.
        turns: How often each is read; the median counts.
    """
    from tasks.extract.engine import ArticleText

    spent, words = list[float](), list[int]()
    for size in sizes:
        text = KINDS[kind](size)
        article = ArticleText("a", "Many killed in attacks", None, text, dt.date(2016, 5, 6), None)
        spent.append(statistics.median(timed(lambda article=article: reader.read(article)) for _ in range(turns)))
        words.append(len(text.split()))
    return {
        "short_s": round(spent[0], 2),
        "long_s": round(spent[1], 2),
        "growth_of_a_word": round(spent[1] / words[1] / (spent[0] / words[0]), 3),
    }


def measure(turns: int = 1) -> dict[str, Any]:
    """The growth of all kinds."""
    from tasks.extract.engine import Reader

    reader = Reader()
    growth(reader, "dense", (500, 1_000))  # what is loaded on first use
    return {kind: growth(reader, kind, turns=turns) for kind in KINDS}


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=1)
    print(json.dumps(measure(parser.parse_args().turns), indent=1))


if __name__ == "__main__":
    main()
