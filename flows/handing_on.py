"""Prints what an export and a corroboration found."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from expectations.wording import counted
from flows.show import print_json, require_ledger
from flows.terminal import without_controls

MAX_LINKS: Final = 20  # in the terminal; the table holds all


def export(folder: Path, to: str, output: Path, *, as_json: bool) -> None:
    """Write the ledger in another format and say what was written and left out."""
    require_ledger(folder)
    from tasks.export.step import export_ledger

    summary = export_ledger(folder, to, output)
    if as_json:
        print_json(summary.as_dict())
        return
    print(f"{summary.output}: {counted(summary.rows, 'incident')} as {summary.format}")
    for reason, number in summary.left_out.items():
        print(f"left out: {number:,} ({reason})")
    print(f"{summary.package}: what each column means")


def corroborate(folder: Path, reference: Path, *, as_json: bool) -> None:
    """Link the ledger's incidents to a reference database's rows; print the links and say where all the rest is."""
    require_ledger(folder)
    from tasks.corroborate.step import corroborate_ledger, read_links

    summary = corroborate_ledger(folder, reference)
    links = read_links(folder)
    if as_json:
        print_json(summary.as_dict() | {"links": links})
        return
    told = [
        (
            "reference",
            f"{summary.reference}: {counted(summary.reference_rows, 'row')} in the ledger's days and countries",
        ),
        ("", f"{summary.outside:,} more outside of them" if summary.outside else ""),
        ("unreadable", f"{counted(summary.unreadable, 'row')} with no id or date" if summary.unreadable else ""),
        ("matched", f"{summary.status['matched']:,}"),
        ("only ours", f"{summary.status['only_ours']:,} of {counted(summary.incidents, 'incident')}"),
        ("only theirs", f"{summary.status['only_theirs']:,}"),
        ("table", f"{summary.table}: every row with its scores and the reason"),
    ]
    for name, text in told:
        if text:
            print(f"{name:>11}  {text}")
    for link in links[:MAX_LINKS]:
        print()
        for line in _link_lines(link):
            print(line)
    if len(links) > MAX_LINKS:
        print(f"\nand {len(links) - MAX_LINKS:,} more links in the table")


def _link_lines(link: dict[str, Any]) -> list[str]:
    ours = f"{link['incident_id'][:8]}  {link['date_start'] or 'undated':}  {link['place_name'] or 'no place'}"
    theirs = f"{link['reference_id']}  {link['reference_date_start']}  {link['reference_place'] or 'no place'}"
    lines = [f"{ours}  =  {theirs}  (score {link['score']:.2f})"]
    for told in link["differences"]:
        lines.append(
            f"  {told['what']:>7}  ours: {told['ours'] or '–'}; theirs: {told['theirs'] or '–'} ({told['note']})"
        )
    return [without_controls(line) for line in lines] if link["differences"] else [*lines, "           nothing differs"]
