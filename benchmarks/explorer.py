"""How long the explorer takes to build and to open with many incidents: `python -m benchmarks.explorer [--incidents 50000] [--keep DIR]`.

The ledger is made up: incidents over twelve years at 3,000 places, each told in one or two articles of about 300 words.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from expectations.storage import write_part
from expectations.tables import TABLES
from expectations.vocabulary import EVENT_TYPE_OF, GROUPS
from tasks.report.build import write_site

KINDS = tuple(EVENT_TYPE_OF)
SENTENCE = (
    "Residents spoke of a long night, of closed roads and of a hospital that had run short of everything it needed."
)
ACTORS = [f"Armed group {i}" for i in range(60)]
BATCH = 5_000


def places(chance: random.Random) -> list[tuple[str, str, str, float, float]]:
    """Name, province, country, latitude and longitude."""
    found = []
    for i in range(3_000):
        country, south, west = chance.choice(
            (("SY", 33, 36), ("IQ", 31, 41), ("YE", 13, 43), ("SD", 10, 25), ("UA", 46, 29))
        )
        found.append(
            (f"Town {i}", f"Province {i % 90}", country, south + 5 * chance.random(), west + 6 * chance.random())
        )
    return found


def story(i: int, chance: random.Random, towns: list[tuple[str, str, str, float, float]]) -> dict[str, dict[str, Any]]:
    """One incident with its article, mention and figure."""
    town, province, country, latitude, longitude = chance.choice(towns)
    day = dt.date(2012, 1, 1) + dt.timedelta(days=chance.randrange(4_400))
    killed = max(1, int(chance.lognormvariate(1.2, 1)))
    precision = chance.choices((1, 2, 3, None), (6, 2, 1, 1))[0]
    kind = chance.choice(KINDS)
    lead = f"At least {killed} people were killed in {town} on {day:%A}, a monitor said."
    text = "\n\n".join([lead, *[SENTENCE] * 14])
    coded = {
        "event_type": EVENT_TYPE_OF[kind],
        "sub_event_type": kind,
        "killed_min": killed,
        "killed_max": chance.choice((killed, killed + 3, None)),
        "victims": [
            {
                "outcome": "killed",
                "group": chance.choice(GROUPS),
                "min": killed,
                "max": killed,
                "text": f"{killed} people",
            }
        ],
        "date_start": day,
        "date_end": day,
        "date_precision": "day",
        "date_basis": "weekday",
        "date_text": f"{day:%A}",
        "place_name": town,
        "admin1": province,
        "country_code": country,
        "latitude": latitude if precision else None,
        "longitude": longitude if precision else None,
        "geo_precision": precision,
        "geo_basis": "gazetteer" if precision else "ambiguous",
        "perpetrator": chance.choice(ACTORS),
        "perpetrator_status": "suspected",
        "reported_by": ["a monitor"],
        "verification": "single_source",
        "confidence": round(chance.random(), 2),
        "flags": [],
    }
    article, mention, incident = f"a{i:07}", f"m{i:07}", f"i{i:07}"
    at = {"field": "text", "start": 0, "end": len(lead), "text": lead}
    return {
        "articles": {
            "article_id": article, "source_id": article, "source_uri": f"{article}.txt", "title": f"Report {i} from {town}", "text": text,
            "publisher": f"Paper {i % 40}", "language": "en", "word_count": len(text.split()), "published_on": day + dt.timedelta(days=1),
            "published_basis": "metadata", "removed": [], "flags": [], "content_hash": f"{i:064x}", "ingested_at": dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
        },
        "mentions": coded | {"mention_id": mention, "article_id": article, "incident_id": incident, "ordinal": 0, "evidence": [at], "codings": []},
        "figures": {"figure_id": f"f{i:07}", "article_id": article, "field": "text", "start": 9, "end": 16, "text": lead[9:16], "outcome": "killed", "min": killed, "max": None, "disposition": "incident", "mention_id": mention, "reason": "counted in the incident"},
        "incidents": coded | {"incident_id": incident, "article_ids": [article], "mention_ids": [mention], "n_articles": 1, "n_sources": 1, "conflicts": []},
    }  # fmt: skip


def make_ledger(folder: Path, incidents: int) -> None:
    """A ledger of that many incidents; the same each time."""
    chance = random.Random(7)
    towns = places(chance)
    for start in range(0, incidents, BATCH):
        stories = [story(i, chance, towns) for i in range(start, min(start + BATCH, incidents))]
        for name in ("articles", "mentions", "figures", "incidents"):
            write_part(folder / name / f"part-{start // BATCH:05}.parquet", TABLES[name], [s[name] for s in stories])
    for name in ("quarantine", "checks"):
        write_part(folder / name / "part-00000.parquet", TABLES[name], [])


OPENED = "() => document.querySelectorAll('tbody tr[data-id]').length > 0 && document.querySelectorAll('svg.plot').length >= 4"
COUNTED = "text => document.querySelector('.table-head .count').textContent.startsWith(text)"


def time_browser(index: Path) -> dict[str, list[float]]:
    """Seconds for what a reader does, three times each, in a new browser window."""
    from tests.integration.explorer_browser import Watched, open_browser

    seconds: dict[str, list[float]] = {}

    def timed(name: str, start: float) -> None:
        seconds.setdefault(name, []).append(time.perf_counter() - start)

    with open_browser() as browser:
        for _ in range(3):
            watched = Watched(browser, viewport={"width": 1280, "height": 900})
            page = watched.page
            start = time.perf_counter()
            page.goto(index.as_uri())
            page.wait_for_function(OPENED)
            timed("open", start)
            page.wait_for_selector(".leaflet-land-pane canvas", state="attached")
            page.wait_for_function("() => document.querySelector('.place-list') !== null")
            timed("open, map drawn", start)
            start = time.perf_counter()
            page.locator("#filter-kind").select_option("Armed clash")
            page.wait_for_function(
                "() => document.querySelector('.chips li') && /of/.test(document.querySelector('.table-head .count').textContent)"
            )
            timed("filter", start)
            page.click(".chip.clear")
            start = time.perf_counter()
            page.fill("#filter-q", "town 77")
            page.wait_for_function("() => /of/.test(document.querySelector('.table-head .count').textContent)")
            timed("search", start)
            page.click(".chip.clear")
            start = time.perf_counter()
            page.click("th.killed button")
            page.wait_for_function("() => document.querySelector('th.killed').ariaSort === 'descending'")
            timed("sort", start)
            start = time.perf_counter()
            page.locator("tbody tr[data-id] a.open").first.click()
            page.wait_for_selector("dialog[open] .passage mark")
            timed("open an incident", start)
            seconds.setdefault("JavaScript heap, MB", []).append(
                page.evaluate("performance.memory ? performance.memory.usedJSHeapSize / 1e6 : 0")
            )
            watched.close()
    return seconds


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=50_000)
    parser.add_argument("--keep", type=Path, help="folder that keeps the ledger and the site")
    chosen = parser.parse_args()
    folder = chosen.keep or Path(tempfile.mkdtemp())
    try:
        if not (folder / "ledger" / "incidents").exists():
            make_ledger(folder / "ledger", chosen.incidents)
        start = time.perf_counter()
        summary = write_site(folder / "ledger", folder / "site")
        print(
            f"{summary.incidents:,} incidents: {summary.files:,} files, {summary.bytes / 1e6:.1f} MB, written in {time.perf_counter() - start:.1f} s"
        )
        always = [*(folder / "site" / "data").glob("incidents-*.js"), *(folder / "site" / "data").glob("world.js")]
        print(f"loaded on opening: {sum(p.stat().st_size for p in always) / 1e6:.1f} MB")
        for name, values in time_browser(summary.index).items():
            print(f"{name:24} {statistics.median(values):8.2f}  ({', '.join(f'{v:.2f}' for v in values)})")
    finally:
        if chosen.keep is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
