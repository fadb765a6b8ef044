"""Prints what an export and a corroboration found."""

from __future__ import annotations

from pathlib import Path

from flows.show import print_json, require_ledger


def export(folder: Path, to: str, output: Path, *, as_json: bool) -> None:
    """Write the ledger in another format and say what was written and left out."""
    require_ledger(folder)
    from tasks.export.step import export_ledger

    summary = export_ledger(folder, to, output)
    if as_json:
        print_json(summary.as_dict())
        return
    print(f"{summary.output}: {summary.rows:,} incidents as {summary.format}")
    for reason, number in summary.left_out.items():
        print(f"left out: {number:,} ({reason})")
    print(f"{summary.package}: what each column means")
