"""The folder of a ledger: where its states, runs and lock lie, and how a run takes hold of it."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations.errors import LedgerError
from expectations.tables import TABLES

PUBLISHED = tuple(name for name, table in TABLES.items() if table.published)
QUALITY = "quality"  # the pages about the checks, published with the tables that they describe
INTAKE = "intake"  # what a state consists of: its sources and their documents
_LINKS = (*PUBLISHED, QUALITY)
_STATE_NAME = re.compile(r"\d{6,}-\w+")  # its number, and the run that wrote it


@dataclass(frozen=True, slots=True)
class Ledger:
    """The paths of one ledger.

    Attributes:
        output: The folder that the user named; `<output>/<table>` are links into the current state.
    """

    output: Path

    @property
    def inner(self) -> Path:
        """Everything that is not for the reader's eyes."""
        return self.output / ".ledger"

    @property
    def states(self) -> Path:
        """One folder a published state."""
        return self.inner / "states"

    @property
    def runs(self) -> Path:
        """One manifest (JSON) a run."""
        return self.inner / "runs"

    @property
    def current(self) -> Path:
        """The link that says which state is the published one."""
        return self.inner / "current"

    @property
    def store(self) -> Path:
        """What is remembered between runs: documents, and what stages made of them."""
        return self.inner / "store"

    def intake(self) -> Path | None:
        """What the published state consists of; None before the first."""
        state = self.current_state()
        return None if state is None or not (state / INTAKE).is_dir() else state / INTAKE

    def work(self, run_id: str) -> Path:
        """The work folder of one run."""
        return self.inner / "work" / run_id

    def current_state(self) -> Path | None:
        """The folder of the published state; None before the first.

        Raises:
            LedgerError: The link points to nothing.
        """
        if not self.current.is_symlink():
            return None
        state = self.inner / self.current.readlink()
        if not (state / "state.json").is_file():
            raise LedgerError(
                f"{self.current} points to {state}, which is not a whole state. "
                f"Point it to another folder of {self.states} (ln -sfn states/ID {self.current}), or remove the link: the next run goes on from the newest state."
            )
        return state

    def state_folders(self) -> list[Path]:
        """All kept states, the oldest first; what else lies beside them is none of the ledger's."""
        return sorted(path for path in self.states.iterdir() if _STATE_NAME.fullmatch(path.name))

    def prepare(self) -> None:
        """Make the inner folders, and find out before any work whether a result could be published here.

        Raises:
            LedgerError: The folder cannot be made or written, or something else stands where a table's link belongs.
        """
        try:
            for folder in (self.states, self.runs, self.inner / "work", self.store / "journal"):
                folder.mkdir(parents=True, exist_ok=True)
            probe = self.inner / f".probe-{os.getpid()}"
            probe.write_bytes(b"")
            probe.unlink()
            for folder in (self.output, self.states, self.runs):
                if not os.access(folder, os.W_OK | os.X_OK):
                    raise PermissionError(13, "Permission denied", str(folder))
        except OSError as error:
            raise LedgerError(
                f"{self.output}: cannot write a ledger here ({error.strerror}: {error.filename}). "
                "Name another folder with --output, or make this one writable."
            ) from error
        for name in _LINKS:
            path = self.output / name
            if os.path.lexists(path):
                self._must_be_ours(path)
            single = self.output / f"{name}.parquet"
            if name != QUALITY and os.path.lexists(single):
                raise LedgerError(f"{single}: in the way, it would hide the table of that name. Move it elsewhere.")

    def _must_be_ours(self, path: Path) -> None:
        if not path.is_symlink() or path.readlink() != Path(".ledger") / "current" / path.name:
            raise LedgerError(
                f"{path}: in the way, the ledger puts a link there. Move it elsewhere or name another folder with --output."
            )

    def point_to(self, state_id: str) -> None:
        """Make this state the published one, in one step."""
        link = self.inner / f".current-{os.getpid()}"
        link.unlink(missing_ok=True)
        link.symlink_to(Path("states") / state_id)
        link.replace(self.current)

    def _find_lost_link(self) -> None:
        """Where states are kept but none is published, publish the newest: what is in it must not be left out of the next."""
        whole = [path.name for path in self.state_folders() if (path / "state.json").is_file()]
        if whole and not self.current.is_symlink():
            self.point_to(whole[-1])

    def link_tables(self) -> None:
        """Put `<output>/<table>` in place: links through `current`, so that one switch moves them all."""
        for name in _LINKS:
            path = self.output / name
            if not path.is_symlink():
                path.symlink_to(Path(".ledger") / "current" / name)

    def sweep(self) -> list[str]:
        """Remove what dead runs left behind. Only with the lock held; returns the names of what went."""
        left = [
            *(self.inner / "work").iterdir(),
            *self.states.glob(".*"),
            *self.inner.glob(".current-*"),
            *self.inner.glob(".probe-*"),
            *self.store.glob("journal/.*"),
            *self.store.glob("**/.*.parquet.*"),
            *self.store.glob("**/.*.json.*"),
            *self.runs.glob(".*"),
        ]
        for path in left:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        return sorted(path.name for path in left)

    @contextmanager
    def locked(self, *, wait: bool) -> Iterator[None]:
        """Hold the ledger for one run; the lock goes with the process, however that ends.

        Args:
            wait: Wait for the run that holds it, instead of refusing.

        Raises:
            LedgerError: Another run holds it.
        """
        from filelock import FileLock, Timeout

        lock = FileLock(self.inner / "lock", timeout=-1 if wait else 0)
        holder = self.inner / "lock.json"
        try:
            lock.acquire()
        except Timeout:
            raise LedgerError(
                f"{self.output}: another run is writing this ledger ({_describe_holder(holder)}). "
                "Wait for it (--wait does), or name another folder with --output."
            ) from None
        except OSError as error:
            raise LedgerError(f"{lock.lock_file}: cannot be locked ({error.strerror}).") from error
        try:
            since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            with suppress(OSError):  # a full disk, which what follows will tell
                holder.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": since}))
            self._find_lost_link()
            yield
        finally:
            holder.unlink(missing_ok=True)
            lock.release()


def about_state(state: Path) -> dict[str, Any] | None:
    """What `state.json` says of a state; None where that is damaged."""
    try:
        about: dict[str, Any] = json.loads((state / "state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return about


def _describe_holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text())
        return f"process {holder['pid']} on {holder['host']}, since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "it has not said which"
