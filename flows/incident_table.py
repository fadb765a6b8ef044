"""The incidents as a terminal table that fits the screen: the narrower it is, the fewer columns."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

from flows.report import incident_row
from flows.terminal import one_line

if TYPE_CHECKING:
    from rich.table import Table as RichTable

# Columns by the width from which on they are shown; a row is what, where, when, how many, by whom; the narrower, the less of it.
COLUMNS: Final = ("incident", "date", "place", "event", "killed", "injured", "perpetrator")
_FROM_WIDTH: Final = {120: "reported by", 150: "verification"}
_ROOM_FOR: Final = {"event": 76, "injured": 76, "perpetrator": 54}
_NUMBERS: Final = ("killed", "injured")
_WHOLE: Final = ("incident", "date", "event", "killed", "injured", "verification")
# ACLED's long names as people say them; the tables have them whole.
_SHORT_EVENTS: Final = {
    "Air/drone strike": "air strike",
    "Shelling/artillery/missile attack": "shelling",
    "Remote explosive/landmine/IED": "IED or mine",
    "Suicide bomb": "suicide bomb",
    "Chemical weapon": "chemical",
    "Abduction/forced disappearance": "abduction",
    "Sexual violence": "sexual viol.",
}


def columns_for(width: int) -> tuple[str, ...]:
    """The columns that a screen of that many characters has room for."""
    kept = (name for name in COLUMNS if width >= _ROOM_FOR.get(name, 0))
    return (*kept, *(name for least, name in _FROM_WIDTH.items() if width >= least))


def incident_table(rows: list[dict[str, Any]], columns: tuple[str, ...] = COLUMNS) -> RichTable:
    """The incidents; `columns` are keys of `incident_row`."""
    from rich import box
    from rich.table import Table as RichTable

    narrow = len(columns) < len(COLUMNS)
    table = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    for name in columns:
        table.add_column(
            "by" if name == "perpetrator" else name,
            justify="right" if name in _NUMBERS else "left",
            no_wrap=name in _WHOLE and not (narrow and name == "date"),
            min_width=10 if name == "date" else None,
            overflow="fold",
            style="dim" if name == "verification" else None,
        )
    for row in rows:
        table.add_row(*_cells(row, columns))
    return table


def _cells(row: dict[str, Any], columns: tuple[str, ...]) -> list[str]:
    short = incident_row(row) | {
        "incident": row["incident_id"][:8],
        "date": short_date(row["date_start"], row["date_end"]),
        "event": _SHORT_EVENTS.get(row["sub_event_type"], row["sub_event_type"].lower()),
    }
    if row.get("place_relation") and row["place_name"]:
        short["place"] = f"{row['place_relation']} {short['place']}"
    return [without_aliases(one_line(short[name])) for name in columns]


def short_date(first: dt.date | None, last: dt.date | None) -> str:
    """A day, a month, a year, or a range without what its ends have in common: 2018-11-09…11."""
    if first is None:
        return ""
    if last is None or last == first:
        return first.isoformat()
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return str(first.year)
    if (first.year, first.month) == (last.year, last.month):
        whole = first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]
        return f"{first:%Y-%m}" if whole else f"{first}…{last:%d}"
    return f"{first}…{last:%m-%d}" if first.year == last.year else f"{first}…{last}"


def without_aliases(text: str) -> str:
    """Names without what stands in brackets behind them, but for the status of a claim: the tables have them whole."""
    return re.sub(r" \((?!(?:claimed|suspected|unknown)\))[^()]*\)", "", text)
