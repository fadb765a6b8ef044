"""A published ledger in the terminal: its incidents, one incident with its evidence, and why each value is what it is."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.errors import SettingsError
from expectations.storage import iter_parts, read_table
from expectations.storage import require_ledger as require_ledger
from flows.incident_table import COLUMNS, columns_for
from flows.incident_table import incident_table as incident_table
from flows.incident_view import plain_lines, print_incident
from flows.report import incident_row, read_incidents
from flows.terminal import one_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable

# What the table tells beside the columns that a run prints.
_MORE_COLUMNS = ["place_relation"]


def show_incidents(output: Path, *, as_json: bool) -> None:
    """Print the incidents: a table in a terminal, tab-separated values in a pipe."""
    require_ledger(output)
    rows = read_incidents(output)
    if as_json:
        print_json(rows)
    elif sys.stdout.isatty():
        out = console()
        if not rows:
            print("No incidents in it.")
            return
        columns = columns_for(out.width)
        out.print(incident_table(_with_relations(output, rows), columns), markup=False)
        if left_out := [name for name in COLUMNS if name not in columns]:
            out.print(f"Not shown on so narrow a screen: {', '.join(left_out)}", style="dim")
    else:
        short = [incident_row(row) for row in rows]
        print("\t".join(short[0] if short else incident_header()))
        for row in short:
            print("\t".join(one_line(text) for text in row.values()))


def _with_relations(output: Path, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with what a run does not read of them."""
    more = {
        row["incident_id"]: row for row in read_table(output, "incidents", ["incident_id", *_MORE_COLUMNS]).to_pylist()
    }
    return [row | more[row["incident_id"]] for row in rows]


def show_incident(output: Path, wanted: str, *, as_json: bool) -> None:
    """Print one incident with the words that report it; names and values, tab-separated, in a pipe."""
    require_ledger(output)
    incident = _find_incident(output, wanted)
    reports = _reports_of(output, incident)
    if as_json:
        print_json(incident | {"mentions": reports})
    elif sys.stdout.isatty():
        print_incident(console(), incident, reports)
    else:
        for name, text in plain_lines(incident, reports):
            print(f"{name}\t{text}")


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
        table = _plain_table("column", "value", "rule", "words", "where", whole=("column", "where"))
        for coding in report["codings"]:
            table.add_row(*_coding_cells(coding))
        console().print(table, markup=False)


def _coding_cells(coding: dict[str, Any]) -> list[str]:
    where = f"{coding['field']} {coding['start']}–{coding['end']}" if coding["field"] else ""
    return [one_line(coding[name] or "") for name in ("column", "value", "rule", "text")] + [where]


def _find_incident(output: Path, wanted: str) -> dict[str, Any]:
    """The incident whose id is `wanted` or starts with it, else the one that was known by it."""
    if not wanted.strip():
        raise SettingsError(f"No incident is named. List them: conflict-ledger show {output}")
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


def incident_header() -> list[str]:
    """The column names of the short table."""
    from collections import defaultdict

    empty: dict[str, Any] = defaultdict(lambda: None, reported_by=[])
    return list(incident_row(empty))


def _plain_table(*headers: str, whole: tuple[str, ...]) -> RichTable:
    from rich import box
    from rich.table import Table as RichTable

    table = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    for header in headers:
        table.add_column(header, overflow="fold", no_wrap=header in whole)
    return table


def console() -> Console:
    """Standard output, 100 columns wide where it is no terminal."""
    from rich.console import Console

    class Out(Console):
        def on_broken_pipe(self) -> None:
            """Leave a reader that has seen enough to the command line; Rich would exit with status 1."""
            raise BrokenPipeError

    if sys.stdout.isatty():
        return Out(highlight=False)
    return Out(highlight=False, width=100, color_system=None)


def print_json(value: object) -> None:
    """Print JSON; dates in ISO 8601."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))
