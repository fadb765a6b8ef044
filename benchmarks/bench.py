"""All benchmarks in one go, as ratios within the run: `python -m benchmarks.bench [--full] [--label NAME] [--tree CHECKOUT]`.

Writes `benchmarks/results/<label>.json` and `.svg`. The corpora are those of `make_corpus`, the articles of the reading test those
of `extraction`. With `--tree` another checkout of the project is measured, such as an older one, by the same means.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.extraction import own_articles
from benchmarks.make_corpus import write_corpus
from benchmarks.measured import Measured, run_measured
from benchmarks.picture import draw

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results"
SIZES = (1_000, 10_000)
FULL_SIZES = (1_000, 10_000, 100_000)


class Bench:
    """Runs over corpora in a folder of their own; tells on standard error what it does."""

    def __init__(self, tree: Path, folder: Path) -> None:
        self.tree, self.folder = tree, folder
        self.home = folder / "prefect"
        self.home.mkdir()
        self.runs: list[dict[str, Any]] = []

    def corpus(self, size: int) -> Path:
        """A corpus of that size; made once."""
        folder = self.folder / f"corpus{size}"
        if not folder.is_dir():
            write_corpus(folder, size)
        return folder

    def run(
        self,
        name: str,
        size: int,
        *,
        workers: int,
        direct: bool = True,
        output: str | None = None,
        api: str | None = None,
    ) -> Measured:
        """A run over a corpus of that size; into a new ledger, or into the `output` of an earlier one."""
        output = output or f"ledger{len(self.runs)}"
        arguments = [str(self.corpus(size)), "--output", str(self.folder / output), "--workers", str(workers)]
        measured = run_measured(self.tree, [*arguments, *(["--direct"] if direct else [])], self.home, api)
        about = {"name": name, "articles": size, "workers": workers, "direct": direct}
        self.runs.append(about | measured.as_dict())
        print(f"{name:>12} {size:>7} articles: {measured.wall:8.1f} s, {measured.peak_mb:,.0f} MB", file=sys.stderr)
        return measured


@contextmanager
def prefect_server(home: Path) -> Iterator[str]:
    """The address of a Prefect server, which lives as long as the context."""
    from flows.server import EmbeddedServer, set_prefect_environment

    set_prefect_environment(verbose=False)
    os.environ["PREFECT_HOME"] = str(home)
    server = EmbeddedServer(serving=True)
    try:
        server.wait()
        yield server.url
    finally:
        server.stop()
        del os.environ["PREFECT_HOME"]


def extraction(tree: Path, texts: Path, turns: int) -> dict[str, Any]:
    """What `benchmarks.extraction` measures in that checkout, on these texts."""
    command = [sys.executable, "-m", "benchmarks.extraction", "--json", "--texts", str(texts), "--turns", str(turns)]
    environment = os.environ | {"PYTHONPATH": str(tree)}
    done = subprocess.run(command, cwd=tree, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def long_articles(tree: Path) -> dict[str, Any]:
    """What `benchmarks.long_articles` measures in that checkout."""
    done = subprocess.run(
        [sys.executable, Path(__file__).parent / "long_articles.py"],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": f"{tree}{os.pathsep}{ROOT}"},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measure(tree: Path, folder: Path, sizes: tuple[int, ...], turns: int) -> dict[str, Any]:
    """All runs and the ratios between them."""
    bench = Bench(tree, folder)
    texts = folder / "texts.jsonl"
    texts.write_text("".join(json.dumps(record) + "\n" for record in own_articles(200)), "utf-8")
    reading = extraction(tree, texts, turns)
    print(f"{'reading':>12} {reading['times_faster_than_full_pass']['median']} times a full pass", file=sys.stderr)
    longer = long_articles(tree)
    bench.run("warm up", 20, workers=1, direct=False)  # Prefect's database, and files in the system's cache
    middle = sizes[1]  # run in all ways
    # One after the other, so that each pair meets about the same machine.
    one = bench.run("one worker", middle, workers=1)
    two = bench.run("growth", middle, workers=2, output="middle")
    flow = bench.run("with Prefect", middle, workers=2, direct=False)
    with prefect_server(bench.home) as api:
        served = bench.run("with a Prefect server that runs", middle, workers=2, direct=False, api=api)
    again = bench.run("no-op", middle, workers=2, output="middle")
    assert again.unchanged, "the second run found something to do"
    grown = {size: two if size == middle else bench.run("growth", size, workers=2) for size in sizes}
    each = {size: run.cpu / size for size, run in grown.items()}
    largest = grown[sizes[-1]]
    ratios = {
        "reading_to_full_pass": reading["times_faster_than_full_pass"]["median"],
        "reading_to_tokeniser": reading["times_slower_than_tokeniser"]["median"],
        "flow_to_direct": round(flow.wall / two.wall, 3),
        "flow_with_server_to_direct": round(served.wall / two.wall, 3),
        "speed_up_with_two_workers": round(one.wall / two.wall, 2),
        "growth_of_a_long_article": max(kind["growth_of_a_word"] for kind in longer.values()),
        "growth_of_an_article": round(each[sizes[-1]] / each[sizes[-2]], 3),
        "no_op_to_first_run": round(again.wall / two.wall, 4),
        "checks_share": round(largest.checks / largest.wall, 3),
        "peak_mb": largest.peak_mb,
    }
    return {"sizes": sizes, "reading": reading, "long_articles": longer, "runs": bench.runs, "ratios": ratios}


def about(tree: Path, label: str) -> dict[str, Any]:
    """What was measured, and where."""

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", "-C", tree, *arguments], capture_output=True, text=True, check=False
        ).stdout.strip()

    return {
        "label": label,
        "commit": git("rev-parse", "--short", "HEAD"),
        "day": dt.datetime.now(dt.UTC).date().isoformat(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
    }


def main() -> None:
    """Measure, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--full", action="store_true", help=f"{', '.join(f'{n:,}' for n in FULL_SIZES)} articles: half an hour"
    )
    parser.add_argument("--sizes", type=int, nargs="+", help="two or more other sizes; the second is run in all ways")
    parser.add_argument("--turns", type=int, default=5, help="how often articles are read against a full pass")
    parser.add_argument("--label", default="latest")
    parser.add_argument("--tree", type=Path, default=ROOT, help="another checkout of the project")
    options = parser.parse_args()
    sizes = tuple(options.sizes or (FULL_SIZES if options.full else SIZES))
    if len(sizes) < 2 or list(sizes) != sorted(set(sizes)):
        parser.error("--sizes: two or more, the smaller first")
    found = about(options.tree.resolve(), options.label)
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        found |= measure(options.tree.resolve(), Path(folder), sizes, options.turns)
    found["load_after"] = round(os.getloadavg()[0], 1)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{options.label}.json"
    path.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    draw(found, path.with_suffix(".svg"))
    print(json.dumps(found["ratios"], indent=1))


if __name__ == "__main__":
    main()
