"""The resolve stage: `mentions` parts in a run's work folder → `incidents` parts, and each mention's `incident_id`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from expectations.storage import iter_parts, part_paths, read_part, write_part
from expectations.summary import StageSummary
from expectations.tables import TABLES

if TYPE_CHECKING:
    from tasks.resolve.account import Account
    from tasks.resolve.correct import Corrector
    from tasks.resolve.grouping import Group
    from tasks.resolve.incident import Told

Row = dict[str, Any]

_INCIDENTS_A_PART: Final = 10_000
# The names of a story stand in its first paragraphs; what follows is background and other matters.
_STORY_CHARACTERS: Final = 4000
_ARTICLE_COLUMNS: Final = ["article_id", "title", "published_on", "publisher", "duplicate_of", "text"]
_MENTION_COLUMNS: Final = [
    "mention_id",
    "article_id",
    "ordinal",
    "sub_event_type",
    "killed_min",
    "killed_max",
    "injured_min",
    "injured_max",
    "victims",
    "date_start",
    "date_end",
    "date_precision",
    "place_name",
    "admin1",
    "country_code",
    "latitude",
    "longitude",
    "geo_precision",
    "geo_basis",
    "perpetrator",
    "evidence",
]


def resolve_incidents(work: Path, *, run_id: str, corrections: Sequence[Path] = ()) -> StageSummary:
    """Joins the mentions in a work folder into incidents.

    Texts are read part by part and only their names kept; of the mentions only what tells incidents apart is held for all of them at once, and whole
    rows only for the mentions of an incident that is not complete yet.

    Args:
        work: The run's work folder; `articles` and `mentions` are read, `incidents` and `mentions` written.
        run_id: The run; it stands in rows of quarantine only.
        corrections: Files of what people decided (see `corrections`); those that are not there hold nothing.

    Returns:
        Mentions in and out; `details` counts incidents, joined mentions and incidents of several articles.

    Raises:
        TableError: A part cannot be read or has other columns than its definition.
        SettingsError: A file of corrections is none.
    """
    from tasks.resolve.correct import Corrector
    from tasks.resolve.corrections import read_corrections
    from tasks.resolve.grouping import group_accounts
    from tasks.resolve.incident import incident_id

    began = time.monotonic()
    articles = _read_articles(work)
    accounts = list(_read_accounts(work, articles))
    corrector = Corrector(read_corrections(corrections))
    groups = corrector.regroup(group_accounts(accounts))
    group_of = {a.mention_id: group for group in groups for a in group.accounts}
    id_of = {mention: incident_id(group.accounts[0].mention_id) for mention, group in group_of.items()}
    _clear(work / "incidents")
    written = _write_incidents(work, articles, group_of, corrector)
    resolved = _write_mentions(work, id_of, articles, corrector)
    _loosen_figures(work, corrector)
    _write_held(work, corrector, run_id)
    joined = [group for group in groups if len(group.accounts) > 1]
    return StageSummary(
        "resolve",
        rows_in=len(accounts),
        rows_out=resolved,
        quarantined=len(corrector.rejected),
        seconds=time.monotonic() - began,
        details={
            "incidents": written,
            "joined_incidents": len(joined),
            "joined_mentions": sum(len(group.accounts) for group in joined),
            **({"corrections": corrector.applied} if corrector.corrections else {}),
        },
        messages=tuple(str(row["reason"]) for row in corrector.held[:100]),
    )


def _read_articles(work: Path) -> dict[str, Row]:
    """What is needed of each article, by id; `root`: the article that it is a copy of, or itself; `story`: its names."""
    from tasks.resolve.copies import root_of
    from tasks.resolve.wording import story_words

    rows = []
    for part in iter_parts(work, "articles", _ARTICLE_COLUMNS):
        for row in part.to_pylist():
            row["story"] = story_words(f"{row['title'] or ''}\n{row.pop('text')[:_STORY_CHARACTERS]}")
            rows.append(row)
    articles = {row["article_id"]: row for row in rows}
    duplicate_of = {row["article_id"]: row["duplicate_of"] for row in rows if row["duplicate_of"] in articles}
    for row in rows:
        row["root"] = root_of(row["article_id"], duplicate_of)
    return articles


def _read_accounts(work: Path, articles: Mapping[str, Row]) -> Iterator[Account]:
    from tasks.resolve.account import account_of

    for part in iter_parts(work, "mentions", _MENTION_COLUMNS):
        for row in part.to_pylist():
            article = articles[row["article_id"]]
            yield account_of(row, article, article["root"], article["story"])


def _write_incidents(
    work: Path, articles: Mapping[str, Row], group_of: Mapping[str, Group], corrector: Corrector
) -> int:
    """Writes incidents as their last mention is read; returns how many."""
    parts = written = 0
    batch: list[Row] = []
    for row in _incident_rows(work, articles, group_of, corrector):
        batch.append(row)
        if len(batch) == _INCIDENTS_A_PART:
            write_part(work / "incidents" / f"part-{parts:05d}.parquet", TABLES["incidents"], batch)
            parts, written, batch = parts + 1, written + len(batch), []
    if batch or not parts:
        write_part(work / "incidents" / f"part-{parts:05d}.parquet", TABLES["incidents"], batch)
    return written + len(batch)


def _incident_rows(
    work: Path, articles: Mapping[str, Row], group_of: Mapping[str, Group], corrector: Corrector
) -> Iterator[Row]:
    from tasks.resolve.incident import build_incident

    waiting: dict[str, dict[str, Row]] = {}
    for part in iter_parts(work, "mentions"):
        for row in part.to_pylist():
            if row["mention_id"] in corrector.rejected:
                continue
            row = corrector.mention(row, articles[row["article_id"]]["published_on"])
            group = group_of[row["mention_id"]]
            first = group.accounts[0].mention_id
            held = waiting.setdefault(first, {})
            held[row["mention_id"]] = row
            if len(held) == len(group.accounts):
                told = [_told(held[a.mention_id], articles[a.article_id]) for a in group.accounts]
                del waiting[first]
                yield corrector.incident(build_incident(told, group.reason), (t.row for t in told))


def _told(row: Row, article: Row) -> Told:
    from tasks.resolve.incident import Told

    publisher = (article["publisher"] or "").casefold().strip()
    return Told(
        row=row,
        source=publisher or article["root"],
        published=article["published_on"],
        is_copy=article["root"] != article["article_id"],
    )


def _write_mentions(work: Path, id_of: Mapping[str, str], articles: Mapping[str, Row], corrector: Corrector) -> int:
    """Fills `incident_id` in the mentions parts, corrected and without the rejected; returns how many rows there are."""
    import pyarrow as pa

    table = TABLES["mentions"]
    resolved = 0
    for path in part_paths(work, "mentions"):
        part = read_part(path)
        names = part.column("mention_id").to_pylist()
        if any(corrector.concerns(name) for name in names):
            rows = []
            for row in part.to_pylist():
                if row["mention_id"] in corrector.rejected:
                    corrector.reject(row)
                else:
                    rows.append(corrector.mention(row, articles[row["article_id"]]["published_on"]))
            part = table.from_rows(rows)
            names = part.column("mention_id").to_pylist()
        position = part.schema.get_field_index("incident_id")
        ids = pa.array([id_of[mention] for mention in names], pa.string())
        write_part(path, table, part.set_column(position, part.schema.field(position), ids))
        resolved += len(names)
    return resolved


def _loosen_figures(work: Path, corrector: Corrector) -> None:
    """The figures that counted in a rejected mention stay, and say why they count no more."""
    for path in part_paths(work, "figures") if corrector.rejected else ():
        named = read_part(path, ["mention_id"]).column(0).to_pylist()
        if not any(name in corrector.rejected for name in named):
            continue
        rows = read_part(path).to_pylist()
        for row in rows:
            if (one := corrector.rejected.get(row["mention_id"])) is not None:
                why = f"a person rejected the mention that it counted in{f': {one.reason}' if one.reason else ''}"
                row |= {"disposition": "unresolved", "mention_id": None, "reason": why}
        write_part(path, TABLES["figures"], rows)


def _write_held(work: Path, corrector: Corrector, run_id: str) -> None:
    path = work / "quarantine" / "resolve-corrections.parquet"
    path.unlink(missing_ok=True)
    if corrector.held:
        write_part(path, TABLES["quarantine"], [row | {"run_id": run_id} for row in corrector.held])


def _clear(folder: Path) -> None:
    """Takes away what an interrupted run left."""
    if folder.is_dir():
        for path in folder.glob("*.parquet"):
            path.unlink()
