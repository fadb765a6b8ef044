"""The stage before ingest: all sources of a `sources.toml`, side by side; gives the inputs that ingest then reads."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from expectations.errors import InputError, SettingsError
from tasks.fetch.client import Client, FetchError
from tasks.fetch.collect import Collector, SourceReport, pieces
from tasks.fetch.pace import Pace
from tasks.fetch.robots import Robots
from tasks.fetch.settings import SourcesFile, SourceSpec, last_firing, load_sources
from tasks.fetch.store import Store

FOLDER = Path(".ledger") / "fetched"


@dataclass(slots=True)
class FetchSummary:
    """What the sources gave.

    Attributes:
        inputs: Paths and addresses for ingest.
        reports: One a source, in the order of the file.
        seconds: Wall time.
    """

    inputs: list[str] = field(default_factory=list)
    reports: list[SourceReport] = field(default_factory=list)
    seconds: float = 0.0

    def lines(self) -> list[str]:
        """A line a source, for people."""
        return list(pieces(self.reports))


def fetch_sources(
    path: Path,
    output: Path,
    *,
    now: dt.datetime,
    due: bool = False,
    sleep: Callable[[float], None] = time.sleep,
) -> FetchSummary:
    """Fetches what is new at every source; what came in earlier runs is among the inputs, too.

    Args:
        path: The `sources.toml`.
        output: Folder of the ledger; content is kept in `.ledger/fetched` there.
        now: Time of the run (UTC).
        due: Ask only sources whose schedule has fired since they last gave an answer, and those without a schedule.
        sleep: How to wait.

    Raises:
        SettingsError: The file makes no sense.
        InputError: No source has ever given anything.
    """
    started = time.perf_counter()
    file = load_sources(path)
    store = Store(output / FOLDER)
    summary = FetchSummary()
    try:
        with _Fetchers(path, file, store, now, sleep) as fetchers, ThreadPoolExecutor(file.fetch.parallel) as pool:
            take = fetchers.take_due if due else fetchers.take
            summary.reports = list(pool.map(take, file.source))
        for spec in file.source:
            if spec.is_local:
                summary.inputs.append(local_address(spec, path))
            elif (manifest := store.write_manifest(spec.name, spec.publisher)) is not None:
                summary.inputs.append(manifest.as_posix())
        store.sweep()  # the manifests lead to what is kept; the ledger's lock keeps other runs out
    finally:
        store.close()
    summary.seconds = time.perf_counter() - started
    if not summary.inputs:
        reasons = " ".join(summary.lines())
        raise InputError(f"{path}: no source has given anything yet. {reasons}")
    return summary


def local_address(spec: SourceSpec, path: Path) -> str:
    """The path of a folder or file, which a relative one has from the folder of `sources.toml` on."""
    address = spec.addresses[0]
    if re.match("[a-zA-Z][a-zA-Z0-9+.-]+://", address):
        return address
    return (path.parent / Path(address).expanduser()).as_posix()


class _Fetchers:
    """One client a set of settings; pauses and rules of hosts are shared."""

    def __init__(
        self, path: Path, file: SourcesFile, store: Store, now: dt.datetime, sleep: Callable[[float], None]
    ) -> None:
        self._path, self._file, self._store, self._now = path, file, store, now
        self._pace = Pace(sleep)
        self._clients = {spec.name: Client(file.settings_for(spec), self._pace, sleep) for spec in file.source}
        self._client = Client(file.fetch, self._pace, sleep)
        self._robots = Robots(self._client, self._pace)

    def __enter__(self) -> _Fetchers:
        return self

    def __exit__(self, *_: object) -> None:
        for client in (self._client, *self._clients.values()):
            client.close()

    def collector(self, spec: SourceSpec) -> Collector:
        settings = self._file.settings_for(spec)
        return Collector(spec, settings, self._clients[spec.name], self._robots, self._store, self._now)

    def take_due(self, spec: SourceSpec) -> SourceReport:
        """As `take`, where the source's schedule has fired since it was last good: what a run missed, the next one does."""
        good_at = self._store.source(spec.name)["good_at"]
        if spec.schedule and good_at and not spec.is_local:
            fired = last_firing(spec.schedule, self._file.fetch.timezone, self._now)
            if dt.datetime.fromisoformat(good_at) >= fired:
                waiting = self._store.counts(spec.name)["waiting"]
                return SourceReport(spec.name, spec.kind, "not_due", waiting=waiting)
        return self.take(spec)

    def take(self, spec: SourceSpec) -> SourceReport:
        if spec.is_local:
            place = local_address(spec, self._path)
            if "://" in place or Path(place).exists():
                return SourceReport(spec.name, spec.kind, "local")
            return SourceReport(spec.name, spec.kind, "missing", failed=1, reasons=[f"{place}: no such file or folder"])
        try:
            return self.collector(spec).run()
        except Exception as error:  # one source must never stop the others
            report = SourceReport(spec.name, spec.kind, "failed")
            report.fail(error)
            return report


def check_sources(
    path: Path, output: Path, *, now: dt.datetime, probe: bool = False, sleep: Callable[[float], None] = time.sleep
) -> list[dict[str, Any]]:
    """Each source's state: one dict a source, in the order of the file.

    Args:
        path: The `sources.toml`.
        output: Folder of the ledger.
        now: The time (UTC).
        probe: Ask each address now; nothing is kept.
        sleep: How to wait.
    """
    file = load_sources(path)
    store = Store(output / FOLDER)
    try:
        with _Fetchers(path, file, store, now, sleep) as fetchers:
            return [_state(spec, file, store, fetchers, path, now, probe=probe) for spec in file.source]
    finally:
        store.close()


def _state(
    spec: SourceSpec, file: SourcesFile, store: Store, fetchers: _Fetchers, path: Path, now: dt.datetime, *, probe: bool
) -> dict[str, Any]:
    known, counts = store.source(spec.name), store.counts(spec.name)
    state = "never checked"
    if spec.is_local:
        place = local_address(spec, path)
        state = "good" if "://" in place or Path(place).exists() else "missing"
        known = known | {"error": None if state == "good" else f"{place}: no such file or folder"}
    elif known["failures"] >= file.settings_for(spec).report_after:
        state = "failing"
    elif known["failures"]:
        state = "failed"
    elif known["checked_at"]:
        state = "good"
    waits = known["not_before"] > now.timestamp()
    row = {
        "source": spec.name,
        "kind": spec.kind,
        "state": state,
        "checked_at": known["checked_at"],
        "good_at": known["good_at"],
        "failures": known["failures"],
        "stored": counts["stored"],
        "waiting": counts["waiting"],
        "given_up": counts["given_up"],
        "not_before": dt.datetime.fromtimestamp(known["not_before"], dt.UTC).isoformat(timespec="minutes")
        if waits
        else None,
        "error": known["error"],
    }
    if probe and not spec.is_local:
        try:
            row["now"] = fetchers.collector(spec).probe()
        except (FetchError, SettingsError, Exception) as error:  # whatever it is, it is this source's state
            row["now"], row["state"] = str(error), "failing" if state == "failing" else "failed"
    return row
