"""Kills runs over a growing ledger at random moments, and looks each time whether readers still see one whole state.

    python -m tests.crashes [--kills 100] [--articles 60] [--seed 1]

Each run is a process of its own, forked from one that has everything loaded, so that a run takes a second or two and every moment
of it can be hit. Half of the kills come after so much processor time (the same moment of a run, however busy the machine is), half
before one of the file operations by which publishing touches what readers see. Prints a line a round, and at the end the counts of
what must all be nothing: lost, doubled, mixed.
"""

from __future__ import annotations

import argparse
import faulthandler
import hashlib
import json
import os
import pickle
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from expectations.storage import read_table
from flows.pipeline import PlainRunner, Run, Stage
from tasks.publish.ledger import PUBLISHED, Ledger

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from make_corpus import make_articles

T = TypeVar("T")
HANGS_AFTER = 900  # seconds: a run takes two
KEYS = {"articles": "article_id", "mentions": "mention_id", "incidents": "incident_id", "figures": "figure_id"}


class _Here:
    """Checks in the run's own process: there is nothing to start, and nothing is left behind when it is killed."""

    def validate_stage(self, work: Path, stage: str, *, run_id: str, remembered: Path | None = None) -> Any:
        from tasks.validate.step import validate_stage

        return validate_stage(work, stage, run_id=run_id, remembered=remembered)

    def write_quality_pages(self, work: Path) -> None:
        from tasks.validate.pages import write_quality_pages

        write_quality_pages(work)


class _Dies(PlainRunner):
    """Dies before one of the file operations of publishing; those on the draft of the new state, which nobody sees, don't count."""

    def __init__(self, operation: int) -> None:
        self.left = operation

    def call(self, stage: Stage, run: Run) -> Any:
        if stage.name == "publish":
            sys.addaudithook(self._step)  # it cannot be taken off again, but this process ends soon
        return super().call(stage, run)

    def _step(self, event: str, arguments: tuple[object, ...]) -> None:
        if event != "open" and not event.startswith(("os.", "shutil.")):
            return
        paths = [str(argument) for argument in arguments if isinstance(argument, str | Path)]
        if any("/.ledger" in path and "/.draft-" not in path and "/work/" not in path for path in paths):
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def load_everything() -> None:
    """Import and load what a run needs, before processes are forked; no thread may be at work here that a fork would cut off."""
    from tqdm import tqdm  # type: ignore[import-untyped]

    tqdm.monitor_interval = 0  # it would keep a thread
    import tasks.clean.step
    import tasks.extract.step
    import tasks.publish.step
    import tasks.resolve.step
    from tasks.clean.language import identify
    from tasks.validate.worker import _warm

    tasks.extract.step.load_reader(None)
    identify("A sentence in some language or other, long enough to be told from the next.")
    _warm()


def fork(work: Callable[[], object]) -> int:
    """Do something in a process forked from this one, whose id comes back; it ends with 1 after an error, which it tells."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        faulthandler.dump_traceback_later(HANGS_AFTER, exit=True)
        work()
        status = 0
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def apart(look: Callable[..., T], *arguments: Any) -> T:
    """What a function gives in a process of its own: reading tables here would leave threads beside which no fork is safe."""
    reading, writing = os.pipe()

    def tell() -> None:
        with os.fdopen(writing, "wb") as sink:
            pickle.dump(look(*arguments), sink)

    pid = fork(tell)
    os.close(writing)
    with os.fdopen(reading, "rb") as source:
        told = source.read()
    status, _ = wait_for(pid)
    assert status == 0, f"looking failed ({status})"
    result: T = pickle.loads(told)
    return result


def start_run(
    inputs: list[Path],
    output: Path,
    *,
    before: Callable[[], object] = lambda: None,
    runner: PlainRunner | None = None,
) -> int:
    """Fork a run; the process id."""

    def work() -> None:
        from flows import warm
        from flows.parameters import RunParameters
        from flows.pipeline import run_pipeline

        os.setpgid(0, 0)
        before()
        warm._ready.set(warm.Ahead(_Here()))
        parameters = RunParameters(inputs=[str(i) for i in inputs], output=output, workers=1, keep_states=3)
        run_pipeline(parameters, runner or PlainRunner())

    return fork(work)


def wait_for(pid: int) -> tuple[int, float]:
    """The exit status of a process (negative: the signal that ended it), and the seconds of processor time that it took."""
    _, status, used = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime


def die_after(seconds: float) -> None:
    """Let the kernel end this process when it has used so much processor time: at once, as by `kill -9`."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, max(seconds, 0.001))


def faults(output: Path, told: set[str]) -> Counter[str]:
    """What is wrong with the published state: rows lost, doubled, or of more than one run.

    Args:
        output: The ledger.
        told: The articles (by their source's id) that it must hold.
    """
    found: Counter[str] = Counter()
    ledger = Ledger(output)
    state = ledger.current_state()
    assert state is not None
    about = json.loads((state / "state.json").read_text())
    for name, file in about["files"].items():
        if hashlib.sha256((state / name).read_bytes()).hexdigest() != file["sha256"]:
            found["mixed"] += 1
    tables = {name: read_table(output, name) for name in PUBLISHED}
    ids = {name: tables[name][key].to_pylist() for name, key in KEYS.items()}
    found["doubled"] += sum(len(names) - len(set(names)) for names in ids.values())
    found["lost"] += len(told - set(tables["articles"]["source_id"].to_pylist()))
    found["lost"] += sum(tables[name].num_rows != rows for name, rows in about["rows"].items())
    articles, mentions = set(ids["articles"]), set(ids["mentions"])
    found["mixed"] += len(set(tables["mentions"]["article_id"].to_pylist()) - articles)
    found["mixed"] += len(set(tables["figures"]["article_id"].to_pylist()) - articles)
    found["mixed"] += len(set(tables["mentions"]["incident_id"].to_pylist()) ^ set(ids["incidents"]))
    listed = [name for names in tables["incidents"]["mention_ids"].to_pylist() for name in names]
    found["mixed"] += len(set(listed) ^ mentions) + len(listed) - len(set(listed))
    runs = {*tables["checks"]["run_id"].to_pylist(), *tables["quarantine"]["run_id"].to_pylist()}
    found["mixed"] += runs != {about["run_id"]}
    return found


def contents(output: Path) -> dict[str, Any]:
    """All tables of a ledger, without the clock's columns, in the order of their files."""
    found = {}
    for name in PUBLISHED:
        table = read_table(output, name)
        clocks = [column for column in table.column_names if column.endswith("_at")]
        found[name] = table.drop_columns(clocks).to_pylist()
    return found


class Trial:
    """A ledger that grows round by round, with kills in between."""

    def __init__(self, base: Path, articles: int, rounds: int, seed: int) -> None:
        self.base, self.chance = base, random.Random(seed)
        self.news, self.output = base / "news", base / "ledger"
        self.news.mkdir(parents=True)
        everything = list(make_articles(articles, seed))
        size = max(1, articles // rounds)
        self.pieces = [everything[at : at + size] for at in range(0, size * rounds, size)]
        self.told: set[str] = set()
        self.found: Counter[str] = Counter()
        self.kills = self.published = 0
        self.seconds = 0.0

    def grow(self, number: int) -> set[str]:
        """Add a round's news; the ids that a ledger of them all must hold."""
        path = self.news / f"round-{number:03}.jsonl"
        path.write_text("".join(json.dumps(record) + "\n" for record in self.pieces[number]))
        return self.told | {record["id"] for record in self.pieces[number]}

    def kill_once(self, told_after: set[str]) -> None:
        """Start a run that dies at a random moment, look."""
        pid = (self._dies_while_publishing if self.chance.random() < 0.5 else self._dies_anywhere)()
        died = wait_for(pid)[0] in (-signal.SIGKILL, -signal.SIGPROF)
        self.kills += died
        here = apart(source_ids, self.output)
        if here == told_after and here != self.told:
            self.published += died  # killed after the switch: the new state must be whole then
            self.told = told_after
        self.found += apart(faults, self.output, self.told)

    def _dies_anywhere(self) -> int:
        return start_run(
            [self.news], self.output, before=partial(die_after, self.chance.uniform(0, self.seconds * 1.05))
        )

    def _dies_while_publishing(self) -> int:
        # There are eleven, the eighth of which makes the link to the new state and the ninth puts it in place; more where an old state goes.
        return start_run([self.news], self.output, runner=_Dies(self.chance.randint(1, 13)))

    def run_through(self, told_after: set[str]) -> None:
        """A run that nobody kills: what the random moments of the next round are drawn from."""
        status, seconds = wait_for(start_run([self.news], self.output))
        assert status == 0, f"the run after the kills failed ({status})"
        self.seconds = max(self.seconds, seconds)  # where all was published already, it had nothing to do
        self.told = told_after
        self.found += apart(faults, self.output, self.told)

    def equals_uninterrupted(self) -> bool:
        """Whether the tables are those of one run over everything."""
        assert wait_for(start_run([self.news], self.base / "whole"))[0] == 0
        return apart(have_same_contents, self.output, self.base / "whole")


def source_ids(output: Path) -> set[str]:
    """The articles of a ledger, by their source's id."""
    return set(read_table(output, "articles", ["source_id"])["source_id"].to_pylist())


def have_same_contents(one: Path, other: Path) -> bool:
    """Whether two ledgers tell the same."""
    return contents(one) == contents(other)


def run_trial(base: Path, *, kills: int, articles: int, rounds: int, seed: int, say: Callable[[str], None]) -> Trial:
    """Grow and kill until there were so many kills; the first round is not killed."""
    trial = Trial(base, articles, rounds, seed)
    trial.run_through(trial.grow(0))
    for number in range(1, rounds):
        told = trial.grow(number)
        wanted = kills * number // (rounds - 1)
        tries = 0
        while trial.kills < wanted and tries < 4 * kills:
            trial.kill_once(told)
            tries += 1
            if (
                trial.told == told and trial.kills < wanted
            ):  # published already: there is nothing to do until more comes
                more = trial.news / f"round-{number:03}-{tries:03}.jsonl"
                record = {
                    "id": f"more-{number}-{tries}",
                    "text": f"Two men were killed by a mine in Herat on Monday, police said. Report {tries}.",
                }
                more.write_text(json.dumps(record) + "\n")
                told = told | {record["id"]}
        trial.run_through(told)
        say(
            f"round {number}: {trial.kills} kills, {len(trial.told)} articles, a run takes {trial.seconds:.1f} s, {dict(+trial.found) or 'nothing wrong'}"
        )
    return trial


def limit_files(size: int) -> Callable[[], None]:
    """What makes every file of the process end at a size, as a full disk would."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def main() -> int:
    """Run a trial and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    load_everything()
    base = Path(tempfile.mkdtemp(prefix="crashes-"))
    started = time.perf_counter()
    trial = run_trial(base, say=print, **vars(options))
    same = trial.equals_uninterrupted()
    print(
        f"{trial.kills} kills ({trial.published} after the switch) in {time.perf_counter() - started:.0f} s: "
        f"{trial.found['lost']} lost, {trial.found['doubled']} doubled, {trial.found['mixed']} mixed; "
        f"final tables {'equal' if same else 'DIFFER FROM'} the uninterrupted run's"
    )
    shutil.rmtree(base, ignore_errors=True)
    return 0 if same and not +trial.found else 1


if __name__ == "__main__":
    sys.exit(main())
