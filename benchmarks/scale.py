"""What a run costs as the ledger grows: time of each stage, memory of all its processes, nothing new, one per cent new.

Every stage is the real one. With `--read` the reader reads every article; without it, readings stand in the store before extract
begins (written from the corpus's own sentences, not timed), so that a hundred thousand articles can be measured in minutes: extract then
finds all of them in the store, and what reading costs has to be added.

    python benchmarks/scale.py 1000 FOLDER [--read] [--workers 1] [--new 0.01]
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parent))
from make_corpus import PLACES, WORDS, make_articles

Row = dict[str, Any]
# Where the corpus's places lie: country code, latitude, longitude.
POINTS: Final = dict(
    zip(
        (place for place, _ in PLACES),
        (
            ("SD", 15.55, 32.53), ("SD", 12.05, 24.88), ("SD", 13.63, 25.35), ("CD", -1.67, 29.22), ("CD", 1.56, 30.25), ("YE", 12.78, 45.04),
            ("YE", 13.58, 44.02), ("YE", 15.46, 45.32), ("UA", 49.99, 36.23), ("UA", 46.64, 32.61), ("IQ", 36.34, 43.12), ("IQ", 35.47, 44.39),
            ("SO", 3.11, 43.65), ("SO", -0.36, 42.55), ("NG", 11.85, 13.16), ("AF", 31.61, 65.71), ("AF", 34.35, 62.20),
            ("SY", 35.93, 36.63), ("SY", 35.95, 39.01), ("SY", 36.20, 37.16), ("ML", 16.27, -0.04), ("BF", 14.10, -1.63), ("CO", 3.44, -76.52),
        ),
        strict=True,
    )
)  # fmt: skip
KINDS: Final = (
    ("air strike", "Explosions/Remote violence", "Air/drone strike"),
    ("Shells", "Explosions/Remote violence", "Shelling/artillery/missile attack"),
    ("car bomb", "Explosions/Remote violence", "Remote explosive/landmine/IED"),
    ("landmine", "Explosions/Remote violence", "Remote explosive/landmine/IED"),
    ("Clashes", "Battles", "Armed clash"),
    ("Gunmen", "Violence against civilians", "Attack"),
)
_COUNT: Final = rf"(?i:(?:at least )?(?:{'|'.join(WORDS)}|\d+) (?:people|persons?|civilians?|soldiers?|villagers?|fighters?|polic[a-z]+|workers?))"
_HURT: Final = re.compile(r"(?:wounding |and )(\d+)(?: were wounded)?")
_TOLL: Final = re.compile(r"More than ([\d,]+) people")
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _name(letter: str, *parts: object) -> str:
    return letter + hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:20]


def reading_of(article: Row) -> tuple[list[Row], list[Row]]:
    """The mention and the figures of an article of the corpus, from the one pattern that its first sentence follows."""
    text, article_id = article["text"], article["article_id"]
    lead = text.split("\n", 1)[0]
    killed = re.search(_COUNT, lead)
    place = next((name for name, _ in PLACES if name in article["title"]), None)
    if killed is None or place is None:
        return [], []
    number = next(w for w in killed.group().lower().split() if w in WORDS or w.isdigit())
    low = WORDS.index(number) + 1 if number in WORDS else int(number)
    high = None if killed.group().lower().startswith("at least") else low
    hurt = _HURT.search(lead)
    injured = int(hurt.group(1)) if hurt else None
    weekday = next(n for n, day in enumerate(DAYS) if f"on {day}" in lead)
    day = article["published_on"] - dt.timedelta(days=(article["published_on"].weekday() - weekday) % 7)
    event, sub_event = next((e, s) for word, e, s in KINDS if word in lead)
    code, latitude, longitude = POINTS[place]
    mention = {
        "mention_id": _name("m", article_id), "article_id": article_id, "incident_id": None, "ordinal": 0, "event_type": event,
        "sub_event_type": sub_event, "killed_min": low, "killed_max": high, "injured_min": injured, "injured_max": injured,
        "victims": [], "date_start": day, "date_end": day, "date_precision": "day", "date_basis": "weekday",
        "date_text": DAYS[weekday], "place_name": place, "place_relation": "at", "admin1": None, "country_code": code,
        "latitude": latitude, "longitude": longitude, "geo_precision": 1, "geo_basis": "gazetteer", "perpetrator": None,
        "perpetrator_text": None, "perpetrator_status": "unknown", "target": None, "weapon_text": None,
        "reported_by": [lead.rsplit(",", 1)[-1].strip(" .")[:40]], "verification": "single_source", "confidence": 0.7, "flags": [],
        "evidence": [{"field": "text", "start": 0, "end": len(lead), "text": lead}],
        "codings": [{"column": "killed_min", "value": str(low), "rule": "corpus", "field": "text", "start": killed.start(),
                     "end": killed.end(), "text": killed.group()}],
        "corrections": None,
    }  # fmt: skip
    found = [(killed.start(), killed.end(), "killed", low, high, True)]
    found += [(hurt.start(1), hurt.end(1), "injured", injured, injured, True)] if hurt else []
    found += [
        (m.start(1), m.end(1), "killed", int(m.group(1).replace(",", "")), None, False) for m in _TOLL.finditer(text)
    ]
    figures = [
        {
            "figure_id": _name("f", article_id, start), "article_id": article_id, "field": "text", "start": start, "end": end,
            "text": text[start:end], "outcome": outcome, "group": None, "min": least, "max": most,
            "disposition": "incident" if counts else "toll", "mention_id": mention["mention_id"] if counts else None,
            "reason": "counted in the incident" if counts else "a running toll",
        }
        for start, end, outcome, least, most, counts in found
    ]  # fmt: skip
    return [mention], figures


def fill_readings(work: Path, store_folder: Path, rules: str) -> None:
    """Put readings of all articles of a work folder into the store, as extract would."""
    import pyarrow as pa

    from expectations.storage import part_paths
    from tasks.extract.readings import READINGS, needed_readings
    from tasks.store import Store, batch_of, write_cache

    store = Store(store_folder)
    for part in part_paths(work, "articles"):
        path = store.readings(rules, batch_of(part.name))
        if path.exists():
            continue
        needed = needed_readings(
            part, ["article_id", "title", "standfirst", "text", "published_on", "publisher", "flags"]
        )
        rows = []
        for article in needed.to_pylist():
            mentions, figures = reading_of(article)
            row = {"key": article["key"], "article_id": article["article_id"], "failure": None}
            rows.append(row | {"mentions": mentions, "figures": figures})
        write_cache(path, pa.Table.from_pylist(rows, READINGS))


class Memory(threading.Thread):
    """Peak of the memory that a process and its children hold of their own, sampled ten times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.ended = pid, 0, threading.Event()
        self.by_process: dict[int, int] = {}

    def run(self) -> None:
        """Sample until told to end."""
        while not self.ended.wait(0.1):
            held = {pid: _private(pid) for pid in _family(self.pid)}
            self.peak = max(self.peak, sum(held.values()))
            for pid, size in held.items():
                self.by_process[pid] = max(self.by_process.get(pid, 0), size)


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in task.read_text().split():
                # What fills the store for a measurement is no part of the run.
                if b"fill_readings" not in Path(f"/proc/{child}/cmdline").read_bytes():
                    found += _family(int(child))
        except OSError:
            continue
    return found


def _cpu(pid: int) -> float:
    """Processor seconds of a process and its living children: what else the machine does leaves them nearly alone."""
    total = 0
    for one in _family(pid):
        try:
            said = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += int(said[11]) + int(said[12])
    return total / os.sysconf("SC_CLK_TCK")


def _private(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def run_once(inputs: list[str], output: Path, *, workers: int, read: bool) -> None:
    """One run in this process, as the command line does it; prints its record as JSON."""
    from flows import warm
    from flows.execute import execute_run
    from flows.parameters import RunParameters
    from flows.pipeline import PlainRunner, Run, Stage

    plain, plain_check = PlainRunner.call, PlainRunner.check
    spent = 0.0
    cpu: dict[str, float] = {}

    def check(self: PlainRunner, checker: Any, stage: Stage, run: Run) -> Any:
        began = _cpu(os.getpid())
        summary = plain_check(self, checker, stage, run)
        cpu[f"check {stage.name}"] = round(_cpu(os.getpid()) - began, 2)
        return summary

    def call(self: PlainRunner, stage: Stage, run: Run) -> Any:
        nonlocal spent
        if stage.name == "extract" and not read:
            began = time.perf_counter()
            # Elsewhere: its memory is not the run's.
            code = "import sys; from pathlib import Path; from scale import fill_readings; fill_readings(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])"
            folder = Path(__file__).parent
            subprocess.run(
                [sys.executable, "-c", code, str(run.work), str(run.ledger.store), run.rules.extract],
                check=True, env=os.environ | {"PYTHONPATH": f"{folder}:{folder.parent}"},
            )  # fmt: skip
            spent = time.perf_counter() - began
        began = _cpu(os.getpid())
        summary = plain(self, stage, run)
        cpu[stage.name] = round(_cpu(os.getpid()) - began, 2)
        return summary

    PlainRunner.call = call  # type: ignore[method-assign]
    PlainRunner.check = check  # type: ignore[method-assign]
    began = time.perf_counter()
    parameters = RunParameters(inputs=inputs, output=output, workers=workers)
    if not read:
        warm.load_ahead = lambda model, reads_here: None  # type: ignore[assignment]  # no reader is needed
    record = execute_run(parameters, direct=True, quiet=True, verbose=False)
    whole = time.perf_counter() - began - spent
    stages = {s["stage"]: s["seconds"] for s in record.stages}
    if "extract" in stages:
        stages["extract"] -= 0.0 if read else spent  # the time of the call, with what filled the store
        stages["extract"] = max(0.0, stages["extract"])
    print(
        json.dumps(
            {
                "seconds": round(whole, 2),
                "stages": {name: round(value, 2) for name, value in stages.items()},
                "checks": {s["stage"]: round(s["seconds"], 2) for s in record.checks},
                "cpu": cpu,
                "cpu_all": round(_cpu(os.getpid()), 2),
                "unchanged": record.unchanged,
                "rows": record.stages[-1]["details"],
            }
        )
    )


def measure(inputs: list[str], output: Path, *, workers: int, read: bool) -> Row:
    """One run in a process of its own: its record, and the peak of memory in MB."""
    arguments = [
        sys.executable,
        __file__,
        "--one",
        str(output),
        "--workers",
        str(workers),
        *(["--read"] if read else []),
    ]
    process = subprocess.Popen([*arguments, *inputs], stdout=subprocess.PIPE, text=True)
    memory = Memory(process.pid)
    memory.start()
    began = time.perf_counter()
    said, _ = process.communicate()
    memory.ended.set()
    if process.returncode:
        raise SystemExit(f"the run ended with {process.returncode}")
    found: Row = json.loads(said.splitlines()[-1])
    own = sorted((round(size / 1e6) for size in memory.by_process.values()), reverse=True)
    return found | {
        "wall": round(time.perf_counter() - began, 1),
        "peak_mb": round(memory.peak / 1e6),
        "processes_mb": own[:4],
    }


def _articles(number: int, new: int, *, recent: bool) -> Iterator[Row]:
    """Forty articles a day; those that come later are of any of these days, or of the days after them."""
    days = max(1, number // 40)
    if not recent:
        yield from make_articles(number + new, days=days)
        return
    yield from make_articles(number, days=days)
    for record in make_articles(new, seed=8, days=max(1, new // 40)):
        day = dt.date.fromisoformat(record["published_on"]) + dt.timedelta(days=-(-days // 7) * 7)
        # The same day of the week, so that "on Monday" is as long ago as before.
        yield record | {"id": f"n{record['id']}", "url": f"{record['url']}-new", "published_on": day.isoformat()}


def write_inputs(
    folder: Path, number: int, new: int, *, recent: bool, per_file: int = 1000
) -> tuple[list[str], list[str]]:
    """The corpus in files, the last `new` articles in a file of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    old: list[str] = []
    lines: list[str] = []
    paths: list[str] = []

    def put(name: str) -> str:
        path = folder / name
        path.write_text("".join(lines), encoding="utf-8")
        lines.clear()
        return str(path)

    for made, record in enumerate(_articles(number, new, recent=recent)):
        if made >= number and made == number and lines:
            old.append(put(f"articles-{len(old):05d}.jsonl"))
        lines.append(json.dumps(record, ensure_ascii=False) + "\n")
        if made < number and len(lines) == per_file:
            old.append(put(f"articles-{len(old):05d}.jsonl"))
    paths.append(put("new.jsonl"))
    return old, paths


def main() -> None:
    """Measure and print one JSON line a run: first, nothing new, some new."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("number", type=int, nargs="?")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--read", action="store_true")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--new", type=float, default=0.01)
    parser.add_argument("--recent", action="store_true", help="what is new is of the last days")
    if "--one" in sys.argv:
        parser = argparse.ArgumentParser()
        parser.add_argument("--one", type=Path)
        parser.add_argument("--workers", type=int)
        parser.add_argument("--read", action="store_true")
        parser.add_argument("inputs", nargs="+")
        options = parser.parse_args()
        run_once(options.inputs, options.one, workers=options.workers, read=options.read)
        return
    options = parser.parse_args()
    old, fresh = write_inputs(
        options.folder / "news", options.number, max(1, round(options.number * options.new)), recent=options.recent
    )
    for what, inputs in (("first", old), ("nothing new", old), ("some new", [*old, *fresh])):
        found = measure(inputs, options.folder / "ledger", workers=options.workers, read=options.read)
        print(json.dumps({"what": what, "articles": options.number} | found), flush=True)


if __name__ == "__main__":
    main()
