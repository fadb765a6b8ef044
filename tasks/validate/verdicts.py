"""Parts of tables that were checked before, word for word, and found sound: they need not be checked again."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from expectations.storage import read_part

# What a part is judged by: itself, and the parts of the same name. Where a mention went is a link, and links are checked anew.
_BESIDE = {"figures": ("articles", "mentions"), "mentions": ("articles", "figures")}
_LINK = "incident_id"


class Verdicts:
    """The sound parts of one stage, by a hash of all that they were judged by."""

    def __init__(self, folder: Path | None, stage: str) -> None:
        """Reads what earlier runs found.

        Args:
            folder: Where it is kept, by the version of the checks; None: nowhere.
            stage: The stage whose tables are checked.
        """
        self._path = folder / f"{stage}.json" if folder else None
        self._old: dict[str, dict[str, int]] = {}
        self._new: dict[str, dict[str, int]] = {}
        self._keys: dict[Path, str] = {}
        if self._path is not None and self._path.is_file():
            try:
                self._old = json.loads(self._path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                self._old = {}

    def get(self, work: Path, table: str, path: Path) -> dict[str, int] | None:
        """How many values each column of a sound part has; None: it has to be checked."""
        if self._path is None:
            return None
        beside = [work / name / path.name for name in _BESIDE.get(table, ())]
        parts = [_hash(one) for one in (path, *beside) if one.is_file()]
        key = self._keys[path] = hashlib.sha256(json.dumps([table, parts]).encode()).hexdigest()[:32]
        found = self._old.get(key)
        if found is not None:
            self._new[key] = found
        return found

    def keep(self, path: Path, known: Mapping[str, int]) -> None:
        """Note that a part is sound, and how many values each of its columns has."""
        if path in self._keys:
            self._new[self._keys[path]] = dict(known)

    def save(self) -> None:
        """Keep what was asked for or found; what other versions of the checks found goes."""
        if self._path is None or self._new == self._old:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        for folder in self._path.parent.parent.iterdir():
            if folder != self._path.parent:
                shutil.rmtree(folder, ignore_errors=True)
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        draft.write_text(json.dumps(self._new), encoding="utf-8")
        draft.replace(self._path)


def _hash(path: Path) -> str:
    if path.parent.name == "mentions":
        rows = read_part(path)
        rows = rows.drop_columns([name for name in (_LINK,) if name in rows.column_names])
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, rows.schema) as writer:
            writer.write_table(rows.combine_chunks())
        return hashlib.sha256(sink.getvalue()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
