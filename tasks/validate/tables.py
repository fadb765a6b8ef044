"""The tables of a run as the checks see them: of all rows what ties them together, whole rows only of the part at hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from expectations.checks import AFTER
from expectations.storage import part_paths, read_part

# Rows and bytes on disk that are checked at a time: few calls of Great Expectations, and bounded memory.
CHUNK_ROWS = 5_000
CHUNK_BYTES = 32 * 1024 * 1024
_TEXTS = ["article_id", "title", "standfirst", "text"]
Row = dict[str, Any]


def chunks(paths: Iterable[Path]) -> Iterator[list[tuple[Path, pa.Table]]]:
    """Parts, several small ones at a time."""
    held: list[tuple[Path, pa.Table]] = []
    rows = size = 0
    for path in paths:
        data = read_part(path)
        held.append((path, data))
        rows, size = rows + data.num_rows, size + path.stat().st_size
        if rows >= CHUNK_ROWS or size >= CHUNK_BYTES:
            yield held
            held, rows, size = [], 0, 0
    if held:
        yield held


class KeyedRows(Mapping[str, Row]):
    """Some columns of a table by its key; the last row where a key stands twice."""

    def __init__(self, rows: pa.Table) -> None:
        self._at = {key: n for n, key in enumerate(rows.column(0).to_pylist())}
        self._columns = {name: rows.column(name).combine_chunks() for name in rows.column_names[1:]}

    def __getitem__(self, key: str) -> Row:
        at = self._at[key]
        return {name: column[at].as_py() for name, column in self._columns.items()}

    def __iter__(self) -> Iterator[str]:
        return iter(self._at)

    def __len__(self) -> int:
        return len(self._at)


class RunTables:
    """The `expectations.check.Lookup` over a work folder, as of a stage: what later stages left there is not seen."""

    def __init__(self, work: Path, stage: str) -> None:
        self.work = work
        stages = list(AFTER)
        self.written = {name for s in stages[: stages.index(stage) + 1] for name in AFTER[s]}
        self.failed_figures: set[str] = set()
        self._texts = lru_cache(maxsize=4)(_texts_of)

    def paths(self, table: str) -> list[Path]:
        """The parts of a table; none where a later stage writes it."""
        return part_paths(self.work, table) if table in self.written else []

    def _keyed(self, table: str, columns: list[str], *, with_part: bool = False) -> KeyedRows:
        parts = []
        for path in self.paths(table):
            rows = read_part(path, columns).select(columns).replace_schema_metadata()
            if with_part:
                name = pa.array([path.name] * rows.num_rows, pa.string()).dictionary_encode()
                rows = rows.append_column("part", name)
            parts.append(rows)
        if not parts:
            return KeyedRows(pa.table({columns[0]: pa.array([], pa.string())}))
        return KeyedRows(pa.concat_tables(parts, promote_options="permissive").unify_dictionaries())

    @cached_property
    def articles(self) -> KeyedRows:
        """Publication day, what it duplicates and part file of each article."""
        return self._keyed("articles", ["article_id", "published_on", "duplicate_of"], with_part=True)

    @cached_property
    def mentions(self) -> KeyedRows:
        """Article and incident of each mention."""
        return self._keyed("mentions", ["mention_id", "article_id", "incident_id"])

    @cached_property
    def incidents(self) -> KeyedRows:
        """Mentions of each incident."""
        return self._keyed("incidents", ["incident_id", "mention_ids"])

    @cached_property
    def figures(self) -> KeyedRows:
        """Article, mention and disposition of each figure; asked for only where rows are held back."""
        return self._keyed("figures", ["figure_id", "article_id", "mention_id", "disposition"])

    def article(self, article_id: str) -> Mapping[str, Any] | None:
        """See `Lookup`."""
        known = self.articles.get(article_id)
        return None if known is None else known | self._texts(self.work / "articles" / known["part"])[article_id]

    def mention(self, mention_id: str) -> Mapping[str, Any] | None:
        """See `Lookup`."""
        return self.mentions.get(mention_id)

    def incident(self, incident_id: str) -> Mapping[str, Any] | None:
        """See `Lookup`."""
        return self.incidents.get(incident_id)

    def counted(self, mention_id: str) -> Mapping[str, int]:
        """See `Lookup`; that of the part at hand knows."""
        raise NotImplementedError(f"figures of {mention_id} are asked for outside their part")


class LinkLookup(RunTables):
    """The tables as far as rows point to each other: articles without their texts."""

    def article(self, article_id: str) -> Mapping[str, Any] | None:
        """See `Lookup`."""
        return self.articles.get(article_id)


class PartLookup:
    """What the rules may know beyond a row of one part: the parts of the same name, and the rest of the tables only in need.

    Attributes:
        reached_out: A rule asked for something that does not lie in the parts of the same name.
    """

    def __init__(self, tables: RunTables, part: str) -> None:
        self.tables, self.part = tables, part
        self.reached_out = False

    def _rows(self, table: str, columns: list[str]) -> list[Row]:
        found = [path for path in self.tables.paths(table) if path.name == self.part or path.parent == self.tables.work]
        return [row for path in found for row in read_part(path, columns).to_pylist()]

    @cached_property
    def _articles(self) -> dict[str, Row]:
        return {row.pop("article_id"): row for row in self._rows("articles", [*_TEXTS, "published_on", "duplicate_of"])}

    @cached_property
    def _mentions(self) -> dict[str, Row]:
        return {
            row.pop("mention_id"): row for row in self._rows("mentions", ["mention_id", "article_id", "incident_id"])
        }

    @cached_property
    def _counted(self) -> dict[str, Counter[str]]:
        sums: dict[str, Counter[str]] = {}
        for row in self._rows("figures", ["figure_id", "mention_id", "disposition", "outcome", "min"]):
            if (
                row["disposition"] == "incident"
                and row["mention_id"]
                and row["figure_id"] not in self.tables.failed_figures
            ):
                sums.setdefault(row["mention_id"], Counter())[row["outcome"]] += row["min"] or 0
        return sums

    def article(self, article_id: str) -> Mapping[str, Any] | None:
        """See `Lookup`."""
        if (found := self._articles.get(article_id)) is not None:
            return found
        self.reached_out = True
        return self.tables.article(article_id)

    def mention(self, mention_id: str) -> Mapping[str, Any] | None:
        """See `Lookup`."""
        if (found := self._mentions.get(mention_id)) is not None:
            return found
        self.reached_out = True
        return self.tables.mention(mention_id)

    def incident(self, incident_id: str) -> Mapping[str, Any] | None:
        """See `Lookup`."""
        self.reached_out = True
        return self.tables.incident(incident_id)

    def counted(self, mention_id: str) -> Mapping[str, int]:
        """See `Lookup`; the figures of an article lie in the part of its mentions. Those that failed a check do not count."""
        return self._counted.get(mention_id, {})


def _texts_of(path: Path) -> dict[str, Row]:
    return {row.pop("article_id"): row for row in read_part(path, _TEXTS).to_pylist()}
