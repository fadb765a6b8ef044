"""Scratch files of one run: the same rows in another order, so that what belongs together can be read together."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from tasks.resolve.account import Account
from tasks.resolve.wording import Story

# Stories that others repeat are compared in so many turns, so that one turn's share of them fits into memory.
_TURNS: Final = 64


class AccountFiles:
    """Accounts in a file a name; written and read by the same run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, accounts: Iterable[tuple[str, Account]]) -> None:
        """Append each to the file of that name."""
        by_name: dict[str, list[Account]] = {}
        for name, account in accounts:
            by_name.setdefault(name, []).append(account)
        for name, members in by_name.items():
            with (self.folder / name).open("ab") as file:
                pickle.dump(members, file)

    def names(self) -> list[str]:
        """The files there are."""
        return sorted(path.name for path in self.folder.iterdir())

    def load(self, name: str) -> list[Account]:
        """All accounts of a file; equal words are one object, since there are a hundred to an account."""
        found: list[Account] = []
        stories: dict[Story, Story] = {}
        with (self.folder / name).open("rb") as file:
            while file.peek(1):
                found += pickle.load(file)
        for account in found:
            object.__setattr__(account, "words", tuple(map(sys.intern, account.words)))
            story = stories.get(account.story)
            if story is None:
                story = stories[account.story] = account.story.interned()
            object.__setattr__(account, "story", story)
        return found


def turn_of(root_id: str) -> str:
    """The turn in which a story and its copies are compared."""
    return f"{int(hashlib.sha256(root_id.encode()).hexdigest()[:8], 16) % _TURNS:02d}"


class RowFiles:
    """Rows of one schema, sorted into a file a name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stack = ExitStack()
        self._writers: dict[str, Any] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, rows: pa.Table, names: list[str]) -> None:
        """Append each row to the file of its name."""
        of_row = pa.array(names, pa.string())
        for name in sorted(set(names)):
            writer = self._writers.get(name)
            if writer is None:
                sink = self._stack.enter_context(pa.OSFile(str(self.folder / name), "wb"))
                writer = self._writers[name] = self._stack.enter_context(pa.ipc.new_stream(sink, rows.schema))
            writer.write_table(rows.filter(pc.equal(of_row, name)))

    def close(self) -> None:
        """No more rows will come."""
        self._stack.close()

    def read(self) -> Iterator[tuple[str, pa.Table]]:
        """Each file's name and rows, in the order of names."""
        for name in sorted(self._writers):
            with pa.OSFile(str(self.folder / name), "rb") as source:
                yield name, pa.ipc.open_stream(source).read_all()


def hash_of_rows(rows: pa.Table) -> str:
    """A hash of the content of a table, however it is cut into pieces."""
    sink = pa.BufferOutputStream()
    combined = rows.combine_chunks()
    with pa.ipc.new_stream(sink, combined.schema) as writer:
        writer.write_table(combined)
    return hashlib.sha256(sink.getvalue()).hexdigest()[:32]


class ResultCache:
    """Results of earlier runs in the ledger's store, by a hash of what they rest on; what no later run asked for goes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._used: set[str] = set()

    def path(self, kind: str, key: str, ending: str = ".json") -> Path:
        """Where a result lies; it counts as asked for."""
        name = f"{kind}-{key}{ending}"
        self._used.add(name)
        return self.folder / name

    def get(self, kind: str, key: str) -> Any | None:  # noqa: ANN401 - plain JSON values
        """What was kept under this key; None: nothing."""
        try:
            return json.loads(self.path(kind, key).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def put(self, kind: str, key: str, value: Any) -> None:  # noqa: ANN401
        """Keep it, whole or not at all."""
        path = self.path(kind, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_text(json.dumps(value), encoding="utf-8")
        draft.replace(path)

    def sweep(self) -> None:
        """Forget what was not asked for, and what other versions of the rules found."""
        for path in self.folder.parent.glob("*"):
            if path != self.folder:
                shutil.rmtree(path, ignore_errors=True)
        for path in self.folder.glob("*"):
            if path.name not in self._used:
                path.unlink(missing_ok=True)
