"""Compares a ledger with a reference database and writes what agrees, what differs and what only one of them has."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from expectations.corroboration import CORROBORATION, STATUSES
from expectations.countries import countries
from expectations.errors import LedgerError
from expectations.storage import read_table, require_ledger, write_part
from tasks.corroborate.assign import Pairs, best_links, candidates
from tasks.corroborate.compare import COMPONENTS, settings, window
from tasks.corroborate.reference import Event, Reference, read_reference
from tasks.corroborate.tell import Nearby, differences, link_reason, no_link_reason
from tasks.corroborate.words import folded

Row = dict[str, Any]
_OURS: Final = ("incident_id", "date_start", "date_end", "place_name", "killed_min", "killed_max", "perpetrator")
_READ: Final = [
    *_OURS,
    "sub_event_type",
    "victims",
    "country_code",
    "latitude",
    "longitude",
    "geo_precision",
    "first_published_on",
    "flags",
]
MAX_TEXT: Final = 500


@dataclass(frozen=True, slots=True)
class CorroborationSummary:
    """What a comparison found.

    Attributes:
        reference: The reference database.
        table: The table written.
        incidents: Incidents compared; totals whose parts are incidents of their own are not.
        reference_rows: Rows of the reference within the ledger's days and countries.
        outside: Rows of the reference outside of them, which were not compared.
        unreadable: Rows of the reference with no id or date that could be read.
        status: Rows by status.
        differences: Links by what differs; a link can differ in several ways.
        links: Links of which nothing differs are counted as `agree`.
    """

    reference: str
    table: str
    incidents: int
    reference_rows: int
    outside: int
    unreadable: int
    status: dict[str, int]
    differences: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def corroborate_ledger(ledger: Path, reference: Path) -> CorroborationSummary:
    """Link the ledger's incidents to the reference's rows and write `<ledger>/corroboration.parquet`.

    Raises:
        LedgerError: There is no ledger in the folder, or it cannot be written to.
        InputError: The reference cannot be read, or its columns are not known.
    """
    require_ledger(ledger)
    theirs = read_reference(reference)
    rows = [row for row in read_table(ledger, "incidents", _READ).to_pylist() if "umbrella" not in row["flags"]]
    inside = _inside(rows, theirs.events)
    table = link_rows(rows, theirs, inside)
    path = ledger / f"{CORROBORATION.name}.parquet"
    try:
        write_part(path, CORROBORATION, table)
    except OSError as error:
        raise LedgerError(f"{path}: cannot be written ({error.strerror or error}).") from error
    status = Counter(row["status"] for row in table)
    found = Counter(what["what"] for row in table for what in row["differences"])
    return CorroborationSummary(
        reference=theirs.title,
        table=str(path),
        incidents=len(rows),
        reference_rows=len(inside),
        outside=len(theirs.events) - len(inside),
        unreadable=theirs.unreadable,
        status={name: status[name] for name in STATUSES},
        differences=dict(sorted(found.items())),
    )


def _inside(rows: list[Row], events: list[Event]) -> list[Event]:
    """The reference's rows in the days and countries of the ledger: of others it cannot know."""
    windows = [days for row in rows if (days := window(row))]
    if not windows:
        return []
    slack = dt.timedelta(days=settings()["date"]["max_days"])
    first, last = min(start for start, _ in windows) - slack, max(end for _, end in windows) + slack
    codes = {row["country_code"] for row in rows}
    names = [folded(countries()[code].name) for code in codes if code in countries()]
    return [
        event
        for event in events
        if event.end >= first
        and event.start <= last
        and (not event.country or any(n in folded(event.country) or folded(event.country) in n for n in names))
    ]


def link_rows(rows: list[Row], reference: Reference, events: list[Event]) -> list[Row]:
    """The rows of the table: every incident once and every reference row once."""
    pairs = candidates(rows, events, reference.counts)
    links = best_links(pairs)
    back = {theirs: ours for ours, theirs in links.items()}
    best_ours, best_theirs = _best(pairs, 0), _best(pairs, 1)
    nearby = Nearby(reference.events)
    table = []
    for number, row in enumerate(rows):
        if (theirs := links.get(number)) is not None:
            table.append(_linked(row, events[theirs], pairs, (number, theirs), reference))
            continue
        best = None
        if (candidate := best_ours.get(number)) is not None:
            other = back.get(candidate)
            taken = None if other is None else rows[other]["incident_id"]
            best = (events[candidate].id, pairs[number, candidate], taken)
        reason = no_link_reason(best, None if best else nearby.nearest(row), undatable=window(row) is None)
        table.append(_row("only_ours", reference.title, row=row, reason=reason))
    for number, event in enumerate(events):
        if number in back:
            continue
        best = None
        if (candidate := best_theirs.get(number)) is not None:
            linked = links.get(candidate)
            best = (
                rows[candidate]["incident_id"],
                pairs[candidate, number],
                None if linked is None else events[linked].id,
            )
        table.append(_row("only_theirs", reference.title, event=event, reason=no_link_reason(best, None)))
    return table


def _best(pairs: Pairs, side: int) -> dict[int, int]:
    """For each row of one side (0 ours, 1 theirs) its best candidate on the other."""
    best: dict[int, tuple[float, int]] = {}
    for pair, comparison in pairs.items():
        mine, other = pair[side], pair[1 - side]
        if mine not in best or comparison.score > best[mine][0]:
            best[mine] = (comparison.score, other)
    return {mine: other for mine, (_, other) in best.items()}


def _linked(row: Row, event: Event, pairs: Pairs, pair: tuple[int, int], reference: Reference) -> Row:
    found = pairs[pair]
    return _row("matched", reference.title, row=row, event=event, reason=link_reason(found)) | {
        "score": round(found.score, 4),
        **{f"score_{name}": _rounded(found.components[name]) for name in COMPONENTS},
        "distance_km": _rounded(found.distance_km),
        "tolerance_km": found.tolerance_km,
        "days_apart": found.days_apart,
        "differences": differences(row, event, found, reference.counts),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _row(status: str, title: str, *, reason: str, row: Row | None = None, event: Event | None = None) -> Row:
    ids = (title, row["incident_id"] if row else "", event.id if event else "")
    told: Row = {
        "corroboration_id": hashlib.sha256("\x1f".join(ids).encode()).hexdigest()[:16],
        "status": status,
        "reference": title,
        "differences": [],
        "reason": reason,
    }
    if row is not None:
        told |= {name: row[name] for name in _OURS}
    if event is not None:
        told |= {
            "reference_id": event.id,
            "reference_date_start": event.start,
            "reference_date_end": event.end,
            "reference_place": event.place or None,
            "reference_killed_low": event.low,
            "reference_killed_best": event.best,
            "reference_killed_high": event.high,
            "reference_latitude": event.latitude,
            "reference_longitude": event.longitude,
            "reference_actors": "; ".join(event.actors) or None,
            "reference_text": event.headline[:MAX_TEXT] or None,
        }
    return told


def read_links(ledger: Path) -> list[Row]:
    """The links of the table that `corroborate_ledger` wrote, the surest first."""
    rows = read_table(ledger, CORROBORATION.name).to_pylist()
    links = [row for row in rows if row["status"] == "matched"]
    return sorted(links, key=lambda row: (-row["score"], row["corroboration_id"]))
