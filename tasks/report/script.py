"""Writes data as classic scripts that a page opened from disk may load, with every character that could end a script escaped."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Protocol

# `<`, `>` and `&` so that no `</script>` or `<!--` can appear; U+2028 and U+2029 end a line in older JavaScript.
_ESCAPES: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_TABLE: Final = str.maketrans(_ESCAPES)


def to_json(value: object) -> str:
    """JSON that may stand in an HTML page or in a script: no markup, dates as ISO 8601, numbers always finite."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain)
    return text.translate(_TABLE)


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def csp_hash(text: str) -> str:
    """The Content-Security-Policy source that allows exactly this inline script or style."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


class Sink(Protocol):
    """Takes named pieces of data."""

    def put(self, name: str, value: object) -> None:
        """Keep one piece under its name."""


class FolderSink:
    """One script a piece: `data/<name>.js`, which hands the piece to the page."""

    def __init__(self, site: Path) -> None:
        self.folder = site / "data"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.size = 0
        self.names: list[str] = []

    def put(self, name: str, value: object) -> None:
        """Write `data/<name>.js`."""
        # A string that is parsed is read about twice as fast as the same data as a literal.
        text = f"ConflictLedger.receive({to_json(name)},{to_json(to_json(value))});\n"
        data = text.encode()
        (self.folder / f"{name}.js").write_bytes(data)
        self.size += len(data)
        self.names.append(name)


class PageSink:
    """All pieces as data blocks of one page; a data block is never executed."""

    def __init__(self) -> None:
        self.blocks: list[tuple[str, str]] = []

    def put(self, name: str, value: object) -> None:
        """Keep the piece for the page."""
        self.blocks.append((name, to_json(value)))


def chunked(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Consecutive slices of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def columns_of(rows: Sequence[dict[str, Any]], names: Sequence[str], coded: frozenset[str]) -> dict[str, Any]:
    """Rows as columns; a column of `coded` as its different values and, a row each, the position among them."""
    columns: dict[str, Any] = {}
    for name in names:
        values = [row[name] for row in rows]
        if name not in coded:
            columns[name] = values
            continue
        different = list(dict.fromkeys(v for v in values if v is not None))
        position = {value: i for i, value in enumerate(different)}
        columns[name] = {"values": different, "codes": [-1 if v is None else position[v] for v in values]}
    return columns
