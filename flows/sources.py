"""The state of the sources for people and machines."""

from __future__ import annotations

import datetime as dt
from pathlib import Path


def show_sources(sources: Path, output: Path, *, probe: bool, as_json: bool) -> bool:
    """Prints one row a source; False: one of them is failing."""
    from flows.show import console, print_json
    from tasks.fetch.step import check_sources

    rows = check_sources(sources, output, now=dt.datetime.now(dt.UTC), probe=probe)
    if as_json:
        print_json(rows)
    else:
        from rich.table import Table

        names = ("source", "kind", "state", "checked_at", "stored", "waiting", "given_up", "failures")
        table = Table(box=None, pad_edge=False)
        for name in names:
            table.add_column(name.replace("_at", "").replace("_", " "), overflow="fold")
        for row in rows:
            table.add_row(*("" if row[name] is None else str(row[name]) for name in names))
        out = console()
        out.print(table, markup=False)
        for row in rows:
            said = [
                text
                for text in (row["error"], f"not before {row['not_before']}" if row["not_before"] else None)
                if text
            ]
            said += [f"now: {row['now']}"] if "now" in row else []
            if said:
                out.print(f"{row['source']}: {'; '.join(said)}", markup=False, soft_wrap=True)
    return not any(row["state"] in ("failing", "failed", "missing") for row in rows)
