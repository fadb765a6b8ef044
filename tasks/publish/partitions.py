"""A run's part files become one sorted Parquet file a month, table by table, with memory for one month only."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import feather

from expectations.errors import TableError
from expectations.storage import part_paths, read_part, write_part
from expectations.table import Table
from expectations.tables import TABLES

UNDATED = "undated"
_HELD_BYTES = 64 * 1024 * 1024
_BY_ARTICLE = ("mentions", "figures")  # in the month of their article
_DATE_COLUMN = {"articles": "published_on", "incidents": "date_start"}


def write_partitions(work: Path, target: Path, name: str) -> int:
    """One table of a run to `<target>/<name>/<partition>.parquet`; a table without rows gives one empty file.

    Returns:
        The number of rows.

    Raises:
        TableError: A part is broken, or a row's article is missing.
    """
    table = TABLES[name]
    folder = target / name
    folder.mkdir(parents=True)
    pieces = target / f".pieces-{name}"
    rows = 0
    for number, (some, months) in enumerate(_several(_parts_with_month(work, table))):
        rows += some.num_rows
        for month, piece_rows in _by_month(some, months):
            piece = pieces / month / f"{number:05}.arrow"
            piece.parent.mkdir(parents=True, exist_ok=True)
            feather.write_feather(piece_rows, piece, compression="lz4")
    for month_folder in sorted(pieces.iterdir()) if pieces.exists() else ():
        month_rows = pa.concat_tables([feather.read_table(path) for path in sorted(month_folder.iterdir())])
        write_part(folder / f"{month_folder.name}.parquet", table, _sorted(month_rows, table))
    if not rows:
        write_part(folder / f"{_only_partition(name)}.parquet", table, ())
    shutil.rmtree(pieces, ignore_errors=True)
    return rows


def _several(
    parts: Iterator[tuple[pa.Table, pa.ChunkedArray]],
) -> Iterator[tuple[pa.Table, pa.ChunkedArray]]:
    """Parts, many at a time: each has rows of many months, and a piece for each of them would be a multitude of files."""
    held: list[tuple[pa.Table, pa.ChunkedArray]] = []
    size = 0
    for part, months in parts:
        held.append((part, months))
        size += part.nbytes
        if size >= _HELD_BYTES:
            yield _one(held)
            held, size = [], 0
    if held:
        yield _one(held)


def _one(held: list[tuple[pa.Table, pa.ChunkedArray]]) -> tuple[pa.Table, pa.ChunkedArray]:
    months = pa.chunked_array([chunk for _, column in held for chunk in column.chunks], pa.string())
    return pa.concat_tables([part for part, _ in held], promote_options="permissive"), months


def _by_month(rows: pa.Table, months: pa.ChunkedArray) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each month, cut from the rows in the order of their months: looking for each month in all rows would cost months times rows."""
    counts = sorted((one["values"], one["counts"]) for one in pc.value_counts(months).to_pylist())
    ordered = rows.take(pc.sort_indices(pa.table({"month": months}), [("month", "ascending")]))
    start = 0
    for month, number in counts:
        yield month, ordered.slice(start, number).combine_chunks()
        start += number


def _only_partition(name: str) -> str:
    return UNDATED if name in _BY_ARTICLE or name in _DATE_COLUMN else name


def _sorted(rows: pa.Table, table: Table) -> pa.Table:
    ordered = rows.sort_by([(column, "ascending") for column in table.order_by]) if table.order_by else rows
    return ordered.combine_chunks()


def _parts_with_month(work: Path, table: Table) -> Iterator[tuple[pa.Table, pa.ChunkedArray]]:
    for path in part_paths(work, table.name):
        part = read_part(path)
        if table.name in _DATE_COLUMN:
            months = _month(part[_DATE_COLUMN[table.name]])
        elif table.name in _BY_ARTICLE:
            months = _article_month(work, path, part["article_id"])
        else:
            months = pa.chunked_array([pa.array([table.name] * part.num_rows, pa.string())])
        yield part, months


def _month(dates: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(pc.strftime(dates, format="%Y-%m"), UNDATED)


def _article_month(work: Path, path: Path, article_ids: pa.ChunkedArray) -> pa.ChunkedArray:
    """The month of each row's article, from the part of `articles` with the same number."""
    articles = read_part(work / "articles" / path.name, ["article_id", "published_on"])
    months = _month(articles["published_on"])
    position = pc.index_in(article_ids, value_set=articles["article_id"])
    if position.null_count:
        lost = article_ids.filter(pc.is_null(position))[0].as_py()
        raise TableError(
            f"{path}: article {lost} is not in the articles of the same batch. This is a bug; nothing is published."
        )
    return pc.take(months, position)
