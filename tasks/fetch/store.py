"""What has been fetched and what is known of each source: content by its hash, the rest in one SQLite file."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from tasks.addresses import canonical_url

MANIFEST: Final = ".fetched"
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS source (
    name TEXT PRIMARY KEY, address TEXT, failures INTEGER NOT NULL DEFAULT 0, not_before REAL NOT NULL DEFAULT 0,
    checked_at TEXT, good_at TEXT, check_name TEXT, error TEXT
);
CREATE TABLE IF NOT EXISTS listing (address TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, sha256 TEXT);
CREATE TABLE IF NOT EXISTS page (
    key TEXT PRIMARY KEY, source TEXT NOT NULL, url TEXT NOT NULL, state TEXT NOT NULL, sha256 TEXT, name TEXT,
    charset TEXT, title TEXT, published_on TEXT, author TEXT, etag TEXT, last_modified TEXT, seen_at TEXT NOT NULL,
    fetched_at TEXT, failures INTEGER NOT NULL DEFAULT 0, not_before REAL NOT NULL DEFAULT 0, check_name TEXT, error TEXT
);
CREATE INDEX IF NOT EXISTS page_of_source ON page (source, state);
"""
# waiting: to be fetched; stored: here; given_up: not to be had, with the reason.
STATES: Final = ("waiting", "stored", "given_up")


@dataclass(frozen=True, slots=True)
class Page:
    """What is known of one page before it is fetched; values as the feed gives them."""

    url: str
    title: str | None = None
    published_on: str | None = None
    author: str | None = None

    @property
    def key(self) -> str:
        """What tells it from other pages."""
        return canonical_url(self.url) or self.url


class Store:
    """The folder of what was fetched; may be used from several threads.

    Args:
        folder: `<output>/.ledger/fetched`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "objects").mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(folder / "sources.sqlite", check_same_thread=False, timeout=30)
        self._db.row_factory = sqlite3.Row
        with self._db:
            self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._db.close()

    def _write(self, statement: str, values: tuple[Any, ...]) -> int:
        with self._lock, self._db:
            return self._db.execute(statement, values).rowcount

    def _read(self, statement: str, values: tuple[Any, ...] = ()) -> list[dict[str, Any]]:
        with self._lock:
            return [dict(row) for row in self._db.execute(statement, values).fetchall()]

    # --- content ---

    def keep(self, body: IO[bytes]) -> str:
        """Keeps the content under its hash, which comes back."""
        body.seek(0)
        hashed = hashlib.sha256()
        while chunk := body.read(1024 * 1024):
            hashed.update(chunk)
        digest = hashed.hexdigest()
        path = object_path(self.folder, digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f".{digest}.{os.getpid()}.{threading.get_ident()}")
            body.seek(0)
            with draft.open("wb") as sink:
                while chunk := body.read(1024 * 1024):
                    sink.write(chunk)
                sink.flush()
                os.fsync(sink.fileno())
            draft.replace(path)
        return digest

    def sweep(self) -> int:
        """Removes content that nothing leads to any more: earlier copies of pages and lists, and drafts of runs that died.

        What a page or list is now stays, whatever its age: a reader of another version reads it again. Returns how many went.
        """
        statement = "SELECT sha256 FROM page WHERE sha256 IS NOT NULL UNION SELECT sha256 FROM listing"
        used = {row["sha256"] for row in self._read(statement)}
        gone = 0
        for path in (self.folder / "objects").glob("*/*"):
            if path.name not in used and path.is_file():
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    # --- sources ---

    def source(self, name: str) -> dict[str, Any]:
        """What is known of a source; an unknown one has never been checked."""
        found = self._read("SELECT * FROM source WHERE name = ?", (name,))
        return (
            found[0]
            if found
            else {
                "name": name,
                "failures": 0,
                "not_before": 0.0,
                "checked_at": None,
                "good_at": None,
                "error": None,
                "check_name": None,
            }
        )

    def note_source(self, name: str, address: str, now: str, *, failure: tuple[str, str, float] | None = None) -> None:
        """Notes that a source was good, or the check, message and time before which it is not asked again."""
        with self._lock:
            before = self.source(name)
            failures = before["failures"] + 1 if failure else 0
            check, error, until = failure or (None, None, 0.0)
            good = before["good_at"] if failure else now
            self._write(
                "INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (name, address, failures, until, now, good, check, error),
            )

    def listing(self, address: str) -> dict[str, Any]:
        """The marks of the copy that we have of a feed or sitemap."""
        found = self._read("SELECT * FROM listing WHERE address = ?", (address,))
        return found[0] if found else {"etag": None, "last_modified": None, "sha256": None}

    def note_listing(self, address: str, etag: str | None, last_modified: str | None, sha256: str) -> None:
        """Keeps the marks of the present copy."""
        self._write("INSERT OR REPLACE INTO listing VALUES (?, ?, ?, ?)", (address, etag, last_modified, sha256))

    # --- pages ---

    def see(self, source: str, page: Page, now: str) -> bool:
        """Notes a page that a source leads to; False: it was known already."""
        return bool(
            self._write(
                "INSERT OR IGNORE INTO page (key, source, url, state, title, published_on, author, seen_at) "
                "VALUES (?, ?, ?, 'waiting', ?, ?, ?, ?)",
                (page.key, source, page.url, page.title, page.published_on, page.author, now),
            )
        )

    def pages(self, source: str, state: str, *, before: float | None = None, limit: int = -1) -> list[dict[str, Any]]:
        """The pages of a source in a state, the oldest first; `before` leaves out those that are not to be tried yet."""
        until = float("inf") if before is None else before
        return self._read(
            "SELECT * FROM page WHERE source = ? AND state = ? AND not_before <= ? ORDER BY seen_at, key LIMIT ?",
            (source, state, until, limit),
        )

    def page(self, key: str) -> dict[str, Any] | None:
        """What is known of a page."""
        found = self._read("SELECT * FROM page WHERE key = ?", (key,))
        return found[0] if found else None

    def note_stored(self, key: str, sha256: str, name: str, **marks: str | None) -> None:
        """Notes that a page is here; the time of fetching stays that of the first copy with this content."""
        values = {"etag": None, "last_modified": None, "charset": None, "fetched_at": None} | marks
        self._write(
            "UPDATE page SET state = 'stored', failures = 0, not_before = 0, error = NULL, check_name = NULL, name = ?, "
            "charset = ?, etag = ?, last_modified = ?, "
            "fetched_at = CASE WHEN sha256 IS ? THEN fetched_at ELSE ? END, sha256 = ? WHERE key = ?",
            (
                name,
                values["charset"],
                values["etag"],
                values["last_modified"],
                sha256,
                values["fetched_at"],
                sha256,
                key,
            ),
        )

    def note_failed(self, key: str, check: str, error: str, not_before: float, *, final: bool) -> None:
        """Notes that a page could not be had; a copy that we have stays."""
        self._write(
            "UPDATE page SET failures = failures + 1, not_before = ?, check_name = ?, error = ?, "
            "state = CASE WHEN state = 'stored' THEN 'stored' WHEN ? THEN 'given_up' ELSE state END WHERE key = ?",
            (not_before, check, error, final, key),
        )

    def counts(self, source: str) -> dict[str, int]:
        """Pages by state."""
        rows = self._read("SELECT state, COUNT(*) AS number FROM page WHERE source = ? GROUP BY state", (source,))
        return dict.fromkeys(STATES, 0) | {row["state"]: row["number"] for row in rows}

    # --- for ingest ---

    def write_manifest(self, source: str, publisher: str | None) -> Path | None:
        """Writes what ingest is to read of a source: `<name>.fetched`, a line a page; None: nothing has come yet.

        The same pages give the same bytes.
        """
        path = self.folder / f"{source}{MANIFEST}"
        lines = "".join(
            json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in self._lines(source, publisher)
        )
        if not lines:
            path.unlink(missing_ok=True)
            return None
        if not path.exists() or path.read_text("utf-8") != lines:
            draft = path.with_name(f".{path.name}.{os.getpid()}")
            draft.write_text(lines, "utf-8")
            draft.replace(path)
        return path

    def _lines(self, source: str, publisher: str | None) -> Iterator[dict[str, Any]]:
        for row in self._read("SELECT * FROM page WHERE source = ? AND state <> 'waiting' ORDER BY key", (source,)):
            if row["state"] == "given_up":
                yield {"url": row["url"], "check": row["check_name"], "error": row["error"]}
                continue
            kept = ("url", "sha256", "name", "charset", "title", "published_on", "author", "fetched_at")
            line = {name: row[name] for name in kept if row[name] is not None}
            yield line | ({"publisher": publisher} if publisher else {})


def object_path(folder: Path, sha256: str) -> Path:
    """Where content of this hash lies."""
    return folder / "objects" / sha256[:2] / sha256
