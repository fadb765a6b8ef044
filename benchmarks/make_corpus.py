"""A corpus of any size for tests and benchmarks: articles on invented incidents, with reports by several outlets, copies and background.

Every stage has real work: names of real places, weekdays, ranges, sums, claims, tolls of the war, other matters in between.
The same number and seed give the same articles.

    python benchmarks/make_corpus.py 10000 FOLDER [--seed 7] [--per-file 1000]
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PLACES = (
    ("Khartoum", "Sudan"), ("Nyala", "Sudan"), ("El Fasher", "Sudan"), ("Goma", "Congo"), ("Bunia", "Congo"), ("Aden", "Yemen"),
    ("Taiz", "Yemen"), ("Marib", "Yemen"), ("Kharkiv", "Ukraine"), ("Kherson", "Ukraine"), ("Mosul", "Iraq"), ("Kirkuk", "Iraq"),
    ("Baidoa", "Somalia"), ("Kismayo", "Somalia"), ("Maiduguri", "Nigeria"), ("Kandahar", "Afghanistan"), ("Herat", "Afghanistan"),
    ("Idlib", "Syria"), ("Raqqa", "Syria"), ("Aleppo", "Syria"), ("Gao", "Mali"), ("Djibo", "Burkina Faso"), ("Cali", "Colombia"),
)  # fmt: skip
SITES = (
    "market",
    "school",
    "bus station",
    "hospital",
    "village square",
    "checkpoint",
    "bakery",
    "camp for displaced people",
    "police post",
)
ACTS = (
    ("strike", "{killed} were killed{injured} when an air strike hit a {site} in {place} on {day}, {source} said."),
    ("shelling", "Shells fell on a {site} in {place} on {day}, killing {killed}{injured}, according to {source}."),
    ("bomb", "A car bomb exploded near a {site} in {place} on {day} and killed {killed}{injured}, {source} said."),
    ("gunmen", "Gunmen opened fire at a {site} in {place} on {day}, killing {killed}{injured}, {source} told reporters."),
    ("mine", "{killed} died{injured} on {day} when their vehicle hit a landmine outside {place}, {source} said."),
    ("clash", "Clashes between soldiers and rebels near {place} on {day} left {killed} dead{injured}, {source} reported."),
)  # fmt: skip
PEOPLE = ("people", "civilians", "soldiers", "villagers", "fighters", "policemen", "workers")
SOURCES = (
    "a local doctor",
    "the health ministry",
    "the provincial governor",
    "residents",
    "an army spokesman",
    "the Red Crescent",
    "a hospital official",
)
CLAIMS = (
    "The government blamed rebels for the attack.",
    "No group claimed responsibility for the attack.",
    "The army denied that its aircraft had been in the area.",
    "A rebel commander said that his men had carried out the attack.",
)
BACKGROUND = (
    "More than {toll:,} people have been killed since the war began, according to the United Nations.",
    "Aid agencies warned that roads to the north would soon be closed by rain.",
    "Talks between the two sides broke off last month without a result.",
    "Prices of bread and fuel have doubled in the region since spring, traders said.",
    "The road to the airport stayed closed in the evening and shops did not open.",
    "Schools in the district are to reopen next week, the mayor said.",
    "Observers say that both sides have brought reinforcements to the front.",
)
OUTLETS = ("Example Post", "The Daily Sample", "Specimen News", "Model Wire", "Pattern Times", "Instance Radio")
WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def make_articles(number: int, seed: int = 7, days: int | None = None) -> Iterator[dict[str, Any]]:
    """Records as in JSON Lines inputs; about one in three tells an incident that another one tells too, one in thirty is a copy.

    Args:
        number: How many.
        seed: Another seed gives other articles.
        days: Over how many days their incidents are spread; None: forty articles a day, sixty days at least.
    """
    # So many a day whatever the size: blocks of one day do not grow with the corpus.
    days = days or max(60, number // 40)
    chance = random.Random(seed)
    made = 0
    while made < number:
        event = _event(chance, days)
        reports = chance.choices((1, 2, 3), (6, 3, 1))[0]
        outlets = chance.sample(OUTLETS, reports)
        for n, outlet in enumerate(outlets):
            if made == number:
                return
            record = _report(chance, event, outlet, n, made)
            yield record
            made += 1
            if chance.random() < 1 / 30 and made < number:
                copy = {
                    "id": f"a{made:07d}",
                    "url": f"https://copies.example/{made:07d}",
                    "publisher": chance.choice(OUTLETS),
                }
                yield record | copy
                made += 1


def _event(chance: random.Random, days: int) -> dict[str, Any]:
    place, country = chance.choice(PLACES)
    day = dt.date(2015, 1, 1) + dt.timedelta(days=chance.randrange(days))
    return {
        "place": place, "country": country, "day": day, "site": chance.choice(SITES), "act": chance.choice(ACTS),
        "killed": chance.choice((*range(1, 12), *range(12, 60, 7))), "injured": chance.choice((0, 0, *range(1, 40, 3))),
        "people": chance.choice(PEOPLE), "name": f"{chance.choice('BDGHJKLMNRSTZ')}a{chance.choice('bdlmnrs')}{chance.choice(('im', 'ani', 'ouf', 'eddin', 'oya', 'ero'))}",
        "claim": chance.choice(CLAIMS),
    }  # fmt: skip


def _count(chance: random.Random, number: int, people: str) -> str:
    said = WORDS[number - 1] if number <= len(WORDS) else str(number)
    noun = (
        {"people": "person", "policemen": "policeman"}.get(people, people.removesuffix("s")) if number == 1 else people
    )
    return f"{chance.choice(('', '', '', 'at least '))}{said} {noun}"


def _report(chance: random.Random, event: dict[str, Any], outlet: str, later: int, made: int) -> dict[str, Any]:
    published = event["day"] + dt.timedelta(days=chance.choice((0, 1, 1, 2)) + (later > 1))
    killed = event["killed"] + (chance.choice((0, 0, 0, 1, 2)) if later else 0)
    hurt = (
        f" and wounding {event['injured']}" if "killing" in event["act"][1] else f" and {event['injured']} were wounded"
    )
    lead = event["act"][1].format(
        killed=_count(chance, killed, event["people"]),
        injured=hurt if event["injured"] else "",
        site=event["site"], place=event["place"], day=f"{event['day']:%A}", source=chance.choice(SOURCES),
    )  # fmt: skip
    lead = lead[0].upper() + lead[1:]
    quote = f"“We heard the blast from far away,” said {event['name'].title()} {chance.choice('ABDFHKMNRS')}., who lives near the {event['site']} in {event['place']}."
    others = chance.sample(BACKGROUND, chance.randrange(2, 6))
    more = [text.format(toll=chance.randrange(2_000, 400_000, 500)) for text in others]
    paragraphs = [lead, quote, event["claim"], *more]
    return {
        "id": f"a{made:07d}",
        "url": f"https://{outlet.lower().replace(' ', '')}.example/{published:%Y/%m}/{made:07d}",
        "title": f"{_count(chance, killed, event['people']).removeprefix('at least ').capitalize()} killed in {event['place']}, {event['country']}",
        "published_on": published.isoformat(),
        "publisher": outlet,
        "text": "\n\n".join(paragraphs),
    }


def write_corpus(folder: Path, number: int, seed: int = 7, per_file: int = 1000) -> list[Path]:
    """The articles as JSON Lines, so many to a file."""
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    lines: list[str] = []
    for record in make_articles(number, seed):
        lines.append(json.dumps(record, ensure_ascii=False) + "\n")
        if len(lines) == per_file:
            paths.append(_write(folder, len(paths), lines))
            lines = []
    if lines:
        paths.append(_write(folder, len(paths), lines))
    return paths


def _write(folder: Path, number: int, lines: list[str]) -> Path:
    path = folder / f"articles-{number:05d}.jsonl"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def main() -> None:
    """Write a corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--per-file", type=int, default=1000)
    options = parser.parse_args()
    print(len(write_corpus(options.folder, options.number, options.seed, options.per_file)), "files")


if __name__ == "__main__":
    main()
