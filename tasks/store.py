"""What a ledger remembers between runs, so that no document is read twice: documents, and what each stage made of them.

A batch is at most 500 documents that one run took in; its name is a hash of them, and it never changes. What clean and extract
made of a batch lies in a folder named by the version of that stage's rules. All of it is a cache but for the documents
themselves, which every state holds too (hard links).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from expectations.errors import TableError
from expectations.storage import read_part


def batch_of(part: str) -> str:
    """The batch that a part file of a work folder comes from (`part-00007-<batch>.parquet`)."""
    return part.removesuffix(".parquet").rsplit("-", 1)[-1]


def link_or_copy(source: str | Path, target: str | Path) -> None:
    """The same file under another name, where the file system can; else a copy."""
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def write_cache(path: Path, data: pa.Table) -> None:
    """A file of the store, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as sink:
            pq.write_table(data, sink, compression="zstd")
            sink.flush()
            os.fsync(sink.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def read_cache(path: Path, schema: pa.Schema, columns: list[str] | None = None) -> pa.Table | None:
    """A file of the store, or some columns of it; None where it is missing, broken or of another shape: then the work is done again."""
    if not path.is_file():
        return None
    try:
        return read_part(path, columns) if pq.read_schema(path).equals(schema) else None
    except (TableError, pa.ArrowInvalid, OSError):
        return None


@dataclass(frozen=True, slots=True)
class Store:
    """The paths of a store.

    Attributes:
        root: Its folder; `<output>/.ledger/store` in a ledger.
    """

    root: Path

    def documents(self, batch: str) -> Path:
        """The documents of a batch, as the `documents` table."""
        return self.root / "documents" / f"{batch}.parquet"

    def cleaned(self, rules: str, batch: str) -> Path:
        """What clean made of a batch."""
        return self.root / "cleaned" / rules / f"{batch}.parquet"

    def readings(self, rules: str, batch: str) -> Path:
        """What extract read in a batch."""
        return self.root / "readings" / rules / f"{batch}.parquet"

    @property
    def journal(self) -> Path:
        """What runs have taken in that did not come to an end; one folder a batch."""
        return self.root / "journal"

    def forget_readings(self) -> None:
        """Drop what stages made of documents: everything is cleaned, read, joined and checked again."""
        for name in ("cleaned", "readings", "resolved", "checked"):
            shutil.rmtree(self.root / name, ignore_errors=True)

    def sweep(self, batches: Iterable[str], rules: Iterable[str]) -> None:
        """Keep only these batches and what these versions of the rules made of them."""
        kept, versions = {f"{batch}.parquet" for batch in batches}, set(rules)
        for folder in (self.root / "cleaned", self.root / "readings"):
            for version in folder.iterdir() if folder.is_dir() else ():
                if version.name not in versions:
                    shutil.rmtree(version, ignore_errors=True)
        for path in (*self.root.glob("documents/*"), *self.root.glob("cleaned/*/*"), *self.root.glob("readings/*/*")):
            if path.name not in kept:
                path.unlink(missing_ok=True)
        shutil.rmtree(self.journal, ignore_errors=True)
