"""The tables of a run as the checks see them: keys of all rows in memory, the articles' texts only of the batch at hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from expectations.checks import AFTER
from expectations.storage import part_paths, read_part

# Rows and bytes on disk that are checked at a time: few calls of Great Expectations, and bounded memory.
CHUNK_ROWS = 5_000
CHUNK_BYTES = 32 * 1024 * 1024


def chunks(work: Path, table: str) -> Iterator[list[tuple[Path, pa.Table]]]:
    """The parts of a table, several small ones at a time."""
    held: list[tuple[Path, pa.Table]] = []
    rows = size = 0
    for path in part_paths(work, table):
        data = read_part(path)
        held.append((path, data))
        rows, size = rows + data.num_rows, size + path.stat().st_size
        if rows >= CHUNK_ROWS or size >= CHUNK_BYTES:
            yield held
            held, rows, size = [], 0, 0
    if held:
        yield held


class RunTables:
    """The `expectations.check.Lookup` over a work folder, as of a stage: what later stages left there is not seen."""

    def __init__(self, work: Path, stage: str) -> None:
        self.work = work
        stages = list(AFTER)
        self.written = {name for s in stages[: stages.index(stage) + 1] for name in AFTER[s]}
        self.failed_figures: set[str] = set()
        self._texts: dict[str, dict[str, Any]] = {}

    def _rows(self, table: str, columns: list[str]) -> Iterator[tuple[Path, dict[str, Any]]]:
        for path in part_paths(self.work, table) if table in self.written else ():
            for row in read_part(path, columns).to_pylist():
                yield path, row

    @cached_property
    def articles(self) -> dict[str, dict[str, Any]]:
        """Publication day, what it duplicates and part file of each article."""
        found: dict[str, dict[str, Any]] = {}
        for path, row in self._rows("articles", ["article_id", "published_on", "duplicate_of"]):
            found[row.pop("article_id")] = {**row, "path": path}
        return found

    @cached_property
    def mentions(self) -> dict[str, dict[str, Any]]:
        """Article and incident of each mention."""
        columns = ["mention_id", "article_id", "incident_id"]
        return {row.pop("mention_id"): row for _, row in self._rows("mentions", columns)}

    @cached_property
    def incidents(self) -> dict[str, dict[str, Any]]:
        """Mentions of each incident."""
        return {row.pop("incident_id"): row for _, row in self._rows("incidents", ["incident_id", "mention_ids"])}

    @cached_property
    def figures(self) -> dict[str, dict[str, Any]]:
        """Article, mention, disposition, outcome and lower bound of each figure."""
        columns = ["figure_id", "article_id", "mention_id", "disposition", "outcome", "min"]
        return {row.pop("figure_id"): row for _, row in self._rows("figures", columns)}

    @cached_property
    def _counted(self) -> dict[str, Counter[str]]:
        sums: dict[str, Counter[str]] = {}
        for figure_id, row in self.figures.items():
            if row["disposition"] == "incident" and row["mention_id"] and figure_id not in self.failed_figures:
                sums.setdefault(row["mention_id"], Counter())[row["outcome"]] += row["min"] or 0
        return sums

    def load_texts(self, article_ids: Iterable[str]) -> None:
        """Keep the texts of these articles at hand, and of no others."""
        wanted = set(article_ids)
        columns = ["article_id", "title", "standfirst", "text"]
        self._texts = {}
        for path in sorted({self.articles[i]["path"] for i in wanted if i in self.articles}):
            rows = read_part(path, columns).to_pylist()
            self._texts.update({row["article_id"]: row for row in rows if row["article_id"] in wanted})

    def article(self, article_id: str) -> Mapping[str, Any] | None:
        """See `Lookup`; texts only of those loaded."""
        known = self.articles.get(article_id)
        return None if known is None else {**known, **self._texts.get(article_id, {})}

    def mention(self, mention_id: str) -> Mapping[str, Any] | None:
        """See `Lookup`."""
        return self.mentions.get(mention_id)

    def incident(self, incident_id: str) -> Mapping[str, Any] | None:
        """See `Lookup`."""
        return self.incidents.get(incident_id)

    def counted(self, mention_id: str) -> Mapping[str, int]:
        """See `Lookup`; figures that failed a check themselves do not count."""
        return self._counted.get(mention_id, {})
