"""Ingest and clean of HTML pages against plain `trafilatura.extract` on the same pages, in one run: `python -m benchmarks.ingest`."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.fixtures.pages.build import stories
from tests.fixtures.pages.templates import TEMPLATES, Story

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def varied(story: Story, others: list[Story], number: int, rng: random.Random) -> Story:
    """The story with other figures, and with paragraphs of others, so that no two pages are alike."""
    spare = [text for other in others for text in other.body]
    body = [*story.body, *rng.sample(spare, rng.randrange(2, 16))]
    body = [re.sub(r"\d+", lambda _: str(rng.randrange(2, 90)), text) for text in body]
    name = "".join(rng.choice(LETTERS) for _ in range(8)).title()
    body = [f"{text} Residents of {name} {number} said so." for text in body]
    return replace(story, slug=f"{story.slug}-{number}", title=f"{story.title} ({name})", body=body)


def ballast(page: str, rng: random.Random) -> str:
    """The page with what real ones carry: styles, scripts and menus of tens of kilobytes."""
    style = "".join(f".c{n}-{rng.randrange(9999)}{{margin:{n}px;padding:0 {n}px;color:#{n:06x}}}" for n in range(300))
    script = "".join(f"window.q{n}=function(a){{return a+{rng.randrange(9999)};}};" for n in range(400))
    links = "".join(f'<li class="menu-item"><a href="/section/{n}">Section {n}</a></li>' for n in range(120))
    page = page.replace("</head>", f"<style>{style}</style><script>{script}</script></head>", 1)
    return page.replace("</body>", f'<div class="mega-menu"><ul>{links}</ul></div><script>{script}</script></body>', 1)


def write_pages(folder: Path, number: int) -> int:
    """Writes so many pages; returns their bytes."""
    rng, english, size = random.Random(5), stories()[:-1], 0
    for n in range(number):
        story = varied(english[n % len(english)], english, n, rng)
        page = ballast(TEMPLATES[n % len(TEMPLATES)](story), rng).encode()
        (folder / f"p{n:05d}.html").write_bytes(page)
        size += len(page)
    return size


def timed(work: Callable[[], object]) -> float:
    """Seconds of this process, which is one core's time whatever else the machine does."""
    started = time.process_time()
    work()
    return time.process_time() - started


def ours(paths: list[Path], work: Path) -> None:
    """Ingest and clean, as a run does them."""
    from tasks.clean.step import clean_documents
    from tasks.ingest.settings import IngestSettings
    from tasks.ingest.step import ingest_documents

    ingested = ingest_documents([str(p) for p in paths], work, run_id="bench", settings=IngestSettings(), now=NOW)
    cleaned = clean_documents(work, run_id="bench")
    assert (ingested.rows_out, cleaned.rows_out) == (len(paths), len(paths)), (ingested, cleaned)


def plain(paths: list[Path], **options: object) -> None:
    """Trafilatura by itself."""
    from trafilatura import extract

    for path in paths:
        assert extract(path.read_bytes(), **options)


def waited(work: Callable[[], object]) -> float:
    """Seconds on the clock."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def clean_again(folder: Path, workers: int) -> None:
    """Clean alone, of all pages, with so many processes."""
    from tasks.clean.step import clean_documents

    work = folder / f"wall{workers}"
    (work / "documents").mkdir(parents=True)
    for number, part in enumerate(sorted(folder.glob("work*/documents/*.parquet"))):
        (work / "documents" / f"part-{number:05d}.parquet").symlink_to(part)
    clean_documents(work, run_id="bench", workers=workers)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        size = write_pages(folder / "in", options.pages)
        paths = sorted((folder / "in").iterdir())
        ours(paths[:20], folder / "warm")
        plain(paths[:20], output_format="json", with_metadata=True)
        # In turns of a fifth each, so that a slow spell of the machine hits all alike.
        seconds = {"ours": 0.0, "extract": 0.0, "extract with metadata": 0.0}
        for turn in range(5):
            part = paths[turn::5]
            seconds["ours"] += timed(lambda part=part, turn=turn: ours(part, folder / f"work{turn}"))
            seconds["extract"] += timed(lambda part=part: plain(part))
            seconds["extract with metadata"] += timed(
                lambda part=part: plain(part, output_format="json", with_metadata=True)
            )
        wall = {workers: waited(lambda w=workers: clean_again(folder, w)) for workers in (1, options.workers)}
    result = {
        "pages": options.pages,
        "mean_kilobytes": round(size / options.pages / 1000, 1),
        "seconds": {key: round(value, 1) for key, value in seconds.items()},
        "pages_a_second": round(options.pages / seconds["ours"], 1),
        "ratio_to_extract": round(seconds["ours"] / seconds["extract"], 2),
        "clean_wall_seconds_by_workers": {key: round(value, 1) for key, value in wall.items()},
        "speed_up": round(wall[1] / wall[options.workers], 2),
        "ratio_to_extract_with_metadata": round(seconds["ours"] / seconds["extract with metadata"], 2),
    }
    print(json.dumps(result) if options.json else "\n".join(f"{key}: {value}" for key, value in result.items()))


if __name__ == "__main__":
    main()
