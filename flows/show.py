"""A published ledger in the terminal: its incidents, one incident with its evidence, and why each value is what it is."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.errors import LedgerError, SettingsError
from expectations.storage import iter_parts, part_paths
from flows.report import incident_row, read_incidents

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable

_CODED_ONCE = (
    "event_type",
    "sub_event_type",
    "date_precision",
    "date_basis",
    "place_relation",
    "latitude",
    "longitude",
    "geo_precision",
    "geo_basis",
    "target",
    "weapon_text",
    "confidence",
    "n_articles",
    "n_sources",
    "merge_reason",
)


def require_ledger(output: Path) -> None:
    """Make sure that there is a published ledger.

    Raises:
        LedgerError: There is none.
    """
    if not part_paths(output, "incidents"):
        raise LedgerError(f"{output}: no ledger here. Make one: conflict-ledger run INPUT --output {output}")


def show_incidents(output: Path, *, as_json: bool) -> None:
    """Print the incidents: a table in a terminal, tab-separated values in a pipe."""
    require_ledger(output)
    rows = read_incidents(output)
    if as_json:
        print_json(rows)
    elif sys.stdout.isatty():
        console().print(incident_table(rows))
    else:
        short = [incident_row(row) for row in rows]
        print("\t".join(short[0] if short else incident_header()))
        for row in short:
            print("\t".join(_one_line(text) for text in row.values()))


def show_incident(output: Path, wanted: str, *, as_json: bool) -> None:
    """Print one incident with the words that report it."""
    require_ledger(output)
    incident = _find_incident(output, wanted)
    reports = _reports_of(output, incident)
    if as_json:
        print_json(incident | {"mentions": reports})
        return
    from rich.markup import escape

    out = console()
    for name, text in incident_row(incident).items():
        out.print(f"[bold]{name:>16}[/]  {escape(text)}", soft_wrap=True)
    for name in _CODED_ONCE:
        if incident[name] is not None:
            out.print(f"[dim]{name:>16}[/]  {escape(str(incident[name]))}", soft_wrap=True)
    for victim in incident["victims"]:
        counted = incident_span(victim)
        out.print(
            f"[dim]{'victims':>16}[/]  {counted} {victim['group']} {victim['outcome']}: {escape(victim['text'] or '')}",
            soft_wrap=True,
        )
    for flag in incident["flags"]:
        out.print(f"[dim]{'flag':>16}[/]  {flag}: {_flag_meaning(flag)}", soft_wrap=True)
    for report in reports:
        article = report["article"]
        dated = " · ".join(
            str(part)
            for part in (article["publisher"], article["published_on"], article["url"] or article["source_uri"])
            if part
        )
        out.print(
            f"\n[bold]{escape(article['title'] or article['source_id'])}[/]\n[dim]{escape(dated)}[/]", soft_wrap=True
        )
        for evidence in report["evidence"]:
            place = f"{evidence['field']} {evidence['start']}–{evidence['end']}"
            out.print(f"  “{escape(evidence['text'])}” [dim]{place}[/]", soft_wrap=True)


def show_why(output: Path, wanted: str, *, as_json: bool) -> None:
    """Print each coded value of an incident with the rule that made it and the words that it rests on."""
    require_ledger(output)
    reports = _reports_of(output, _find_incident(output, wanted))
    if as_json:
        print_json(
            [{"mention_id": r["mention_id"], "article_id": r["article_id"], "codings": r["codings"]} for r in reports]
        )
        return
    if not sys.stdout.isatty():
        print("mention\tcolumn\tvalue\trule\twords\twhere")
        for report in reports:
            for coding in report["codings"]:
                print("\t".join([report["mention_id"], *_coding_cells(coding)]))
        return
    for report in reports:
        table = _plain_table("column", "value", "rule", "words", "where")
        for coding in report["codings"]:
            table.add_row(*_coding_cells(coding))
        console().print(table, markup=False)


def _coding_cells(coding: dict[str, Any]) -> list[str]:
    where = f"{coding['field']} {coding['start']}–{coding['end']}" if coding["field"] else ""
    return [_one_line(coding[name] or "") for name in ("column", "value", "rule", "text")] + [where]


def _find_incident(output: Path, wanted: str) -> dict[str, Any]:
    """The incident whose id is `wanted` or starts with it, else the one that was known by it."""
    found, formerly = [], []
    for part in iter_parts(output, "incidents"):
        for row in part.to_pylist():
            if row["incident_id"].startswith(wanted):
                found.append(row)
            elif wanted in (row["aliases"] or ()):
                formerly.append(row)
    found = found or formerly
    exact = [row for row in found if row["incident_id"] == wanted]
    if len(exact or found) == 1:
        return dict((exact or found)[0])
    if not found:
        raise SettingsError(f"{wanted}: no such incident in {output}. List them: conflict-ledger show {output}")
    raise SettingsError(f"{wanted}: begins the ids of {len(found)} incidents; give more of it.")


def _reports_of(output: Path, incident: dict[str, Any]) -> list[dict[str, Any]]:
    """The mentions of an incident, each with its article, in the order of the incident's own list."""
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = pa.array(incident["mention_ids"], pa.string())
    mentions = {}
    for part in iter_parts(output, "mentions"):
        for row in part.filter(pc.is_in(part["mention_id"], value_set=wanted)).to_pylist():
            mentions[row["mention_id"]] = row
    ids = pa.array(incident["article_ids"], pa.string())
    articles = {}
    for part in iter_parts(
        output, "articles", ["article_id", "source_id", "source_uri", "url", "publisher", "title", "published_on"]
    ):
        for row in part.filter(pc.is_in(part["article_id"], value_set=ids)).to_pylist():
            articles[row["article_id"]] = row
    return [mentions[i] | {"article": articles[mentions[i]["article_id"]]} for i in incident["mention_ids"]]


def incident_span(victim: dict[str, Any]) -> str:
    """The range of a row of `victims`."""
    from flows.report import span

    return span(victim["min"], victim["max"]) or "some"


def incident_header() -> list[str]:
    """The column names of the short table."""
    from collections import defaultdict

    empty: dict[str, Any] = defaultdict(lambda: None, reported_by=[])
    return list(incident_row(empty))


_TERMINAL_COLUMNS = ("incident", "date", "place", "event", "killed", "injured", "perpetrator", "reported by")


def incident_table(rows: list[dict[str, Any]], columns: tuple[str, ...] = _TERMINAL_COLUMNS) -> RichTable:
    """The incidents as a table that fits a terminal; `columns` are keys of `incident_row`."""
    table = _plain_table(*columns)
    for column in table.columns:
        column.justify = "right" if column.header in ("killed", "injured") else "left"
        column.no_wrap = column.header in ("incident", "date")
        column.overflow = "fold"
    for row in rows:
        short = incident_row(row)
        short["incident"] = short["incident"][:8]
        table.add_row(*(_without_aliases(short[name]) for name in columns))
    return table


def _without_aliases(text: str) -> str:
    """Names without what stands in brackets behind them, but for the status of a claim: the tables have them whole."""
    return re.sub(r" \((?!(?:claimed|suspected|unknown)\))[^()]*\)", "", text)


def _plain_table(*headers: str) -> RichTable:
    from rich import box
    from rich.table import Table as RichTable

    return RichTable(*headers, box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")


def console() -> Console:
    """Standard output, 100 columns wide where it is no terminal."""
    from rich.console import Console

    if sys.stdout.isatty():
        return Console(highlight=False)
    return Console(highlight=False, width=100, color_system=None)


def print_json(value: object) -> None:
    """Print JSON; dates in ISO 8601."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def _flag_meaning(flag: str) -> str:
    from expectations.vocabulary import MENTION_FLAGS

    return MENTION_FLAGS.get(flag, "")


def _one_line(text: str) -> str:
    return " ".join(text.split())
