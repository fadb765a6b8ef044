"""Groups of mentions to rows of `incidents`, month by month: a month in which nothing changed is taken from the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from expectations.storage import part_paths, read_part, write_part
from expectations.tables import TABLES
from tasks.fan_out import FanOut
from tasks.resolve.correct import Corrector
from tasks.resolve.grouping import Group
from tasks.resolve.incident import Told, build_incident
from tasks.resolve.linking import hash_of
from tasks.resolve.spool import ResultCache, RowFiles, hash_of_rows
from tasks.store import link_or_copy, read_cache

Row = dict[str, Any]
_INCIDENTS: Final = TABLES["incidents"]
_GROUPS_AT_A_TIME: Final = 500


def write_incidents(
    work: Path,
    scratch: Path,
    groups: Sequence[Group],
    root_of: Mapping[str, str],
    corrector: Corrector,
    cache: ResultCache,
    workforce: FanOut,
) -> int:
    """Writes `<work>/incidents`, a part for the month of each group's first report; returns how many incidents there are.

    Args:
        work: The run's work folder.
        scratch: A folder for the rows of mentions by month.
        groups: The groups, as people corrected them.
        root_of: The article that a copy repeats.
        corrector: Corrections of mentions and incidents.
        cache: Incidents of earlier runs.
        workforce: What makes the incidents of months in which nobody corrected anything.
    """
    by_month: dict[str, list[Group]] = {}
    for group in groups:
        by_month.setdefault(_month(group), []).append(group)
    months = _sort_mentions(work, scratch, by_month, root_of)
    kept_as: dict[Path, Path] = {}

    def new_months() -> Iterator[tuple[Path, pa.Table, Sequence[Group]]]:
        for month, rows in months.read():
            path = work / "incidents" / f"part-{month}.parquet"
            here = by_month[month]
            told = [([a.mention_id for a in group.accounts], group.reason) for group in here]
            rows = rows.combine_chunks().sort_by("mention_id")
            if corrector.corrections and any(corrector.touches(names) for names, _ in told):
                write_part(path, _INCIDENTS, _build(rows, here, corrector))
                continue
            kept = kept_as[path] = cache.path("incidents", hash_of(hash_of_rows(rows), told), ".parquet")
            if read_cache(kept, _INCIDENTS.arrow_schema()) is None:
                yield kept, rows, here

    for _ in workforce.map(_write_month, new_months()):
        pass
    for path, kept in kept_as.items():
        link_or_copy(kept, path)
    if not by_month:
        write_part(work / "incidents" / "part-none.parquet", _INCIDENTS, ())
    return len(groups)


def _month(group: Group) -> str:
    published = group.accounts[0].order[1]
    return "undated" if published == dt.date.max else f"{published:%Y-%m}"


def _sort_mentions(
    work: Path, scratch: Path, by_month: Mapping[str, Sequence[Group]], root_of: Mapping[str, str]
) -> RowFiles:
    """Mentions, with what their article says of where they stand, in a file for each month."""
    month_of = {a.mention_id: month for month, groups in by_month.items() for group in groups for a in group.accounts}
    files = RowFiles(scratch)
    for path in part_paths(work, "mentions"):
        rows = read_part(path)
        names = [month_of.get(name, "") for name in rows["mention_id"].to_pylist()]
        rows = rows.filter(pa.array([bool(name) for name in names], pa.bool_()))  # without rejected ones
        articles = read_part(work / "articles" / path.name, ["article_id", "publisher", "published_on"])
        at = pc.index_in(rows["article_id"], value_set=articles["article_id"].combine_chunks())
        roots = [root_of.get(name, name) for name in rows["article_id"].to_pylist()]
        rows = rows.append_column("publisher", articles["publisher"].take(at))
        rows = rows.append_column("published_on", articles["published_on"].take(at))
        rows = rows.append_column("root_id", pa.array(roots, pa.string()))
        files.add(rows.replace_schema_metadata(), [name for name in names if name])
    files.close()
    return files


def _write_month(month: tuple[Path, pa.Table, Sequence[Group]]) -> None:
    """The incidents of a month in which nobody corrected anything, to a file."""
    path, rows, groups = month
    write_part(path, _INCIDENTS, _build(rows, groups, Corrector([])))


def _build(rows: pa.Table, groups: Sequence[Group], corrector: Corrector) -> pa.Table:
    """The incidents of a month, some groups at a time."""
    place = {name: n for n, name in enumerate(rows["mention_id"].to_pylist())}
    built = []
    for start in range(0, len(groups), _GROUPS_AT_A_TIME):
        some = groups[start : start + _GROUPS_AT_A_TIME]
        wanted = [place[a.mention_id] for group in some for a in group.accounts]
        given = iter(rows.take(wanted).to_pylist())
        found = []
        for group in some:
            told = [_told(next(given), corrector) for _ in group.accounts]
            found.append(corrector.incident(build_incident(told, group.reason), (t.row for t in told)))
        built.append(_INCIDENTS.from_rows(found))
    whole = pa.concat_tables(built)
    return whole.sort_by([(name, "ascending") for name in _INCIDENTS.order_by])


def _told(row: Row, corrector: Corrector) -> Told:
    publisher, published, root = (row.pop(name) for name in ("publisher", "published_on", "root_id"))
    return Told(
        row=corrector.mention(row, published),
        source=(publisher or "").casefold().strip() or root,
        published=published,
        is_copy=root != row["article_id"],
    )
