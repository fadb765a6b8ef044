"""The resolve stage: `mentions` parts in a run's work folder → `incidents` parts, and each mention's `incident_id`."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from expectations.storage import count_rows, iter_parts, part_paths, read_part, write_part
from expectations.summary import StageSummary
from expectations.tables import TABLES
from tasks.fan_out import FanOut, fan_out

if TYPE_CHECKING:
    from tasks.resolve.account import Account
    from tasks.resolve.correct import Corrector
    from tasks.resolve.grouping import Group
    from tasks.resolve.spool import ResultCache

Row = dict[str, Any]


def resolve_incidents(
    work: Path,
    *,
    run_id: str,
    workers: int = 1,
    corrections: Sequence[Path] = (),
    store: Path | None = None,
    rules: str = "unversioned",
) -> StageSummary:
    """Joins the mentions in a work folder into incidents.

    Joining looks at one half-year of reports and its neighbours at a time; what an earlier run found for reports that are as
    they were is taken from the store. Of all mentions at once only ids and dates are held.

    Args:
        work: The run's work folder; `articles` and `mentions` are read, `incidents` and `mentions` written.
        run_id: The run; it stands in rows of quarantine only.
        workers: Processes; 1, or few mentions: this process. The tables do not depend on it.
        corrections: Files of what people decided (see `corrections`); those that are not there hold nothing.
        store: The ledger's store; None: one in the work folder.
        rules: Version of the rules of joining.

    Returns:
        Mentions in and out; `details` counts incidents, joined mentions and incidents of several articles.

    Raises:
        TableError: A part cannot be read or has other columns than its definition.
        SettingsError: A file of corrections is none.
    """
    from tasks.resolve.correct import Corrector
    from tasks.resolve.corrections import read_corrections
    from tasks.resolve.rows import write_incidents
    from tasks.resolve.spool import ResultCache
    from tasks.resolve.workers import WORTH_A_PROCESS, periods_of

    began = time.monotonic()
    scratch = work / "resolve"
    for stale in (scratch, work / "incidents"):
        shutil.rmtree(stale, ignore_errors=True)
    cache = ResultCache((store or work / "store") / "resolved" / rules)
    root_of = _roots(work)
    corrector = Corrector(read_corrections(corrections))
    workers = workers if count_rows(work, "mentions") >= WORTH_A_PROCESS else 1
    with fan_out(workers) as workforce:
        groups = _group(work, scratch, root_of, cache, workforce, workers)
        periods_of.cache_clear()
        mentions = sum(len(group.accounts) for group in groups)
        groups = corrector.regroup(groups)
        written = write_incidents(work, scratch / "mentions", groups, root_of, corrector, cache, workforce)
    resolved = _write_mentions(work, groups, corrector)
    _loosen_figures(work, corrector)
    _write_held(work, corrector, run_id)
    cache.sweep()
    shutil.rmtree(scratch, ignore_errors=True)
    joined = [group for group in groups if len(group.accounts) > 1]
    return StageSummary(
        "resolve",
        rows_in=mentions,
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


def _roots(work: Path) -> dict[str, str]:
    """The article that each copy repeats, where that is there."""
    from tasks.resolve.copies import root_of

    duplicate_of: dict[str, str] = {}
    for part in iter_parts(work, "articles", ["article_id", "duplicate_of"]):
        copies = part.filter(pc.is_valid(part["duplicate_of"]))
        duplicate_of.update(zip(copies["article_id"].to_pylist(), copies["duplicate_of"].to_pylist(), strict=True))
    originals = pa.array(sorted(set(duplicate_of.values())), pa.string())
    here: set[str] = set()
    for part in iter_parts(work, "articles", ["article_id"]) if duplicate_of else ():
        here.update(part["article_id"].filter(pc.is_in(part["article_id"], originals)).to_pylist())
    duplicate_of = {copy: original for copy, original in duplicate_of.items() if original in here}
    return {copy: root_of(copy, duplicate_of) for copy in duplicate_of}


def _group(
    work: Path, scratch: Path, root_of: Mapping[str, str], cache: ResultCache, workforce: FanOut, workers: int
) -> list[Group]:
    """All mentions in groups; accounts pass through files, so that few are in memory."""
    from tasks.resolve.grouping import Member, group_periods, set_copies_aside
    from tasks.resolve.linking import digest_of, hash_of
    from tasks.resolve.periods import period_of
    from tasks.resolve.spool import AccountFiles, turn_of
    from tasks.resolve.workers import periods_of, spread_over

    members: dict[str, Member] = {}
    period_by_mention: dict[str, int] = {}
    digests: dict[int, list[str]] = {}
    copies: dict[str, list[Member]] = {}
    periods, stories = AccountFiles(scratch / "periods"), AccountFiles(scratch / "stories")

    def keep(accounts: Iterable[Account]) -> None:
        named = [(period_of(account), account) for account in accounts]
        for period, account in named:
            members[account.mention_id] = Member.of(account)
            period_by_mention[account.mention_id] = period
            digests.setdefault(period, []).append(digest_of(account))
        periods.add((str(period), account) for period, account in named)

    repeated = frozenset((*root_of, *root_of.values()))
    for accounts in _read_accounts(work, root_of, workforce):
        keep(account for account in accounts if account.article_id not in repeated)
        stories.add((turn_of(a.root_id), a) for a in accounts if a.article_id in repeated)
    for turn in stories.names():
        alone, of_turn = set_copies_aside(stories.load(turn))
        copies |= of_turn
        keep(alone)
    known = tuple(sorted(digests))
    hashes = {period: hash_of(sorted(members)) for period, members in digests.items()}
    spread = spread_over(workforce, workers, periods.folder, known)
    return group_periods(periods_of(periods.folder, known), members, period_by_mention, hashes, copies, cache, spread)


def _read_accounts(work: Path, root_of: Mapping[str, str], workforce: FanOut) -> Iterator[list[Account]]:
    """The accounts of each part, copies marked."""
    from tasks.resolve.workers import read_accounts

    for accounts in workforce.map(read_accounts, part_paths(work, "mentions")):
        yield [
            replace(account, root_id=root_of[account.article_id]) if account.article_id in root_of else account
            for account in accounts
        ]


def _write_mentions(work: Path, groups: Sequence[Group], corrector: Corrector) -> int:
    """Fills `incident_id` in the mentions parts, corrected and without the rejected; returns how many rows there are."""
    from tasks.resolve.incident import incident_id

    table = TABLES["mentions"]
    id_of = {a.mention_id: name for g in groups for name in [incident_id(g.accounts[0].mention_id)] for a in g.accounts}
    resolved = 0
    for path in part_paths(work, "mentions"):
        part = read_part(path)
        names = part.column("mention_id").to_pylist()
        if any(corrector.concerns(name) for name in names):
            part = table.from_rows(_corrected(work, path, part, corrector))
            names = part.column("mention_id").to_pylist()
        position = part.schema.get_field_index("incident_id")
        ids = pa.array([id_of[mention] for mention in names], pa.string())
        write_part(path, table, part.set_column(position, part.schema.field(position), ids))
        resolved += len(names)
    return resolved


def _corrected(work: Path, path: Path, part: pa.Table, corrector: Corrector) -> Iterator[Row]:
    articles = read_part(work / "articles" / path.name, ["article_id", "published_on"])
    published = dict(zip(articles["article_id"].to_pylist(), articles["published_on"].to_pylist(), strict=True))
    for row in part.to_pylist():
        if row["mention_id"] in corrector.rejected:
            corrector.reject(row)
        else:
            yield corrector.mention(row, published[row["article_id"]])


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
