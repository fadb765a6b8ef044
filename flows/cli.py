"""The command line: results on standard output, everything else on standard error."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from flows.failure import COMMAND, WEBHOOK

_STARTED = time.perf_counter()

app = typer.Typer(
    name="conflict-ledger",
    help="Read news articles on armed conflict; write tables of incidents in which every value points to the words that state it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"conflict-ledger {version('conflict-ledger')}")
        raise typer.Exit


@app.callback()
def _whole(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Read news articles on armed conflict; write tables of incidents in which every value points to the words that state it."""


Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _folder(name: str | Path) -> Path:
    if not str(name).strip():
        raise typer.BadParameter("name a folder")
    return Path(name)


# What `run` and `serve` share.
Inputs = Annotated[
    list[str] | None, typer.Argument(metavar="INPUT...", help="Files, folders and addresses (s3://...) to read.")
]
Output = Annotated[Path, typer.Option("--output", "-o", parser=_folder, metavar="PATH", help="Folder of the ledger.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes that clean, read and join [default: the cores].")]
DaskAddress = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Dask scheduler (tcp://host:8786) whose workers read; local: Dask here."),
]
Model = Annotated[str | None, typer.Option(help="English spaCy pipeline to read with: name or path.")]
Mapping = Annotated[
    list[str] | None,
    typer.Option(metavar="FIELD=NAME", help="A record's field under another name, such as title=headline; repeatable."),
]
Limit = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=NUMBER", help="A limit of reading, such as max_document_bytes=50000000; repeatable."),
]
Corrections = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Corrections to apply besides DIR/corrections.csv.", exists=True, dir_okay=False),
]

LedgerFolder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a ledger.")]


@app.command()
def run(
    inputs: Inputs = None,
    output: Output = Path("data/ledger"),
    direct: Annotated[bool, typer.Option("--direct", help="The same steps without Prefect: quicker to start.")] = False,
    workers: Workers = None,
    dask_address: DaskAddress = None,
    model: Model = None,
    mapping: Mapping = None,
    sources: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A sources.toml: feeds and sites to fetch from first.")
    ] = None,
    limit: Limit = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for a run that is writing the same ledger.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Do the work even if the ledger is up to date.")] = False,
    afresh: Annotated[
        bool, typer.Option("--afresh", help="Leave out what earlier runs brought in: a ledger of these inputs alone.")
    ] = False,
    corrections: Corrections = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 when rows are held back because they fail critical checks.")
    ] = False,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Prefect's logs, too.")] = False,
) -> None:
    """Read what is new or changed in the inputs, and publish the ledger."""
    from flows import execute

    options: dict[str, object] = {
        "inputs": inputs or [],
        "sources": sources,
        "output": output,
        "workers": workers,
        "dask_address": dask_address,
        "model": model,
        "wait": wait,
        "again": again,
        "afresh": afresh,
        "corrections": corrections,
    }
    parameters = execute.parameters_from_options(options, mapping or [], limit or [])
    try:
        with execute.stopped_by_sigterm():
            record = execute.execute_run(parameters, direct=direct, quiet=quiet, verbose=verbose)
    except KeyboardInterrupt as stop:
        print("conflict-ledger: stopped; the published tables are as they were.", file=sys.stderr)
        raise typer.Exit(143 if isinstance(stop, execute.Terminated) else 130) from None
    if as_json:
        execute.print_record_json(record)
    elif not quiet:
        execute.print_record(record, time.perf_counter() - _STARTED)
    if held_back := execute.held_back_line(record):
        if not quiet or strict:
            print(f"conflict-ledger: {held_back}", file=sys.stderr)
        if strict:
            raise typer.Exit(1)


@app.command()
def serve(
    inputs: Inputs = None,
    sources: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A sources.toml; the schedules of its sources say when.")
    ] = None,
    output: Output = Path("data/ledger"),
    every: Annotated[str | None, typer.Option(metavar="TIME", help="A run every so often: 30m, 6h, 1d.")] = None,
    cron: Annotated[
        list[str] | None, typer.Option(metavar="LINE", help="A run at these times: '0 6 * * *'; repeatable.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Of --cron, such as Africa/Khartoum [default: UTC].")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Of the deployment [default: that of the ledger's folder].")] = None,
    workers: Workers = None,
    dask_address: DaskAddress = None,
    model: Model = None,
    mapping: Mapping = None,
    limit: Limit = None,
    corrections: Corrections = None,
    skip: Annotated[
        bool, typer.Option("--skip", help="Leave out a run that falls together with another; else it waits.")
    ] = False,
    first: Annotated[bool, typer.Option("--first/--no-first", help="Start with a run, for what was missed.")] = True,
    failure_webhook: Annotated[
        str | None, typer.Option(metavar="URL", envvar=WEBHOOK, help="Gets a POST when a run fails or dies.")
    ] = None,
    failure_command: Annotated[
        str | None,
        typer.Option(
            metavar="COMMAND", envvar=COMMAND, help="Is run when a run fails or dies; gets JSON on its input."
        ),
    ] = None,
    host: Annotated[str, typer.Option(help="Address at which the UI answers.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port at which the UI answers.")] = 4200,
) -> None:
    """Run a ledger on a schedule, with the Prefect UI beside it; until Ctrl-C."""
    from flows import execute
    from flows.deployments import deployment_name, when_of
    from flows.failure import check_command, check_webhook
    from flows.serve import Service, serve_ledger

    options: dict[str, object] = {
        "inputs": inputs or [],
        "sources": sources,
        "output": output,
        "workers": workers,
        "dask_address": dask_address,
        "model": model,
        "corrections": corrections,
    }
    parameters = execute.parameters_from_options(options, mapping or [], limit or [])
    when = when_of(parameters, cron or [], every, timezone)
    name = deployment_name(name, output)
    check_webhook(failure_webhook)
    check_command(failure_command)
    serve_ledger(parameters, when, Service(name, host, port, skip, first, failure_webhook, failure_command))


@app.command()
def show(
    folder: LedgerFolder,
    incident: Annotated[str | None, typer.Option(metavar="ID", help="One incident with its evidence.")] = None,
    why: Annotated[str | None, typer.Option(metavar="ID", help="Why each value of an incident is what it is.")] = None,
    as_json: Json = False,
) -> None:
    """Print the incidents of a ledger; tab-separated in a pipe."""
    from flows import show as views

    if incident is not None and why is not None:
        raise typer.BadParameter("give --incident or --why, not both")
    if incident is not None:
        views.show_incident(folder, incident, as_json=as_json)
    elif why is not None:
        views.show_why(folder, why, as_json=as_json)
    else:
        views.show_incidents(folder, as_json=as_json)


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Option(help="Gold annotations, JSON Lines.", exists=True, dir_okay=False)],
    tables: Annotated[Path, typer.Option(metavar="DIR", help="Folder of a ledger.", exists=True, file_okay=False)],
    as_json: Json = False,
) -> None:
    """Score a ledger against gold annotations."""
    from flows.show import print_json, require_ledger
    from tasks.evaluate.score import score_tables

    require_ledger(tables)
    report = score_tables(gold, tables)
    if as_json:
        print_json(report.as_dict())
    else:
        print(report.render())


@app.command()
def export(
    folder: LedgerFolder,
    to: Annotated[
        str, typer.Option(metavar="FORMAT", help="acled-csv, ucdp-csv, geojson, hxl, xlsx, jsonl or duckdb.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write; datapackage.json goes beside it.")],
    as_json: Json = False,
) -> None:
    """Write the incidents in a format that other tools read."""
    from flows import handing_on

    handing_on.export(folder, to, output, as_json=as_json)


@app.command()
def report(
    folder: LedgerFolder,
    output: Annotated[
        Path, typer.Option("--output", "-o", parser=_folder, metavar="SITE", help="Folder of the explorer.")
    ],
    single_file: Annotated[bool, typer.Option("--single-file", help="One HTML file with everything in it.")] = False,
    title: Annotated[str | None, typer.Option(help="Heading of the pages.")] = None,
    as_json: Json = False,
) -> None:
    """Write the explorer: static pages that open from disk, to look at, check and review the incidents."""
    from flows.show import print_json
    from tasks.report.build import write_site

    summary = write_site(folder, output, single_file=single_file, title=title)
    if as_json:
        print_json(summary.as_dict())
    else:
        print(summary.index)


@app.command()
def corroborate(
    folder: LedgerFolder,
    reference: Annotated[
        Path,
        typer.Option("--with", metavar="CSV", help="Rows of a reference database: UCDP GED, ACLED or Airwars."),
    ],
    as_json: Json = False,
) -> None:
    """Link the incidents to the rows of a reference database; say what agrees, differs, or stands on one side only."""
    from flows import handing_on

    handing_on.corroborate(folder, reference, as_json=as_json)


@app.command()
def diff(
    folder: LedgerFolder,
    old: Annotated[
        str, typer.Argument(metavar="A", help="A state: its id or number, the beginning of it, or previous.")
    ] = "previous",
    new: Annotated[str, typer.Argument(metavar="B", help="Another state.")] = "current",
    as_json: Json = False,
) -> None:
    """Tell what changed between two states: rows that are new, changed (old → new) and gone."""
    from flows.differences import show_differences

    show_differences(folder, old, new, as_json=as_json)


@app.command()
def doctor(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder that a ledger would go to.")] = Path(
        "data/ledger"
    ),
    model: Annotated[str | None, typer.Option(help="English spaCy pipeline to look for.")] = None,
    as_json: Json = False,
) -> None:
    """Say what a run lacks and how to mend it."""
    from flows.doctor import examine, print_findings

    if not print_findings(examine(output, model), as_json=as_json):
        raise typer.Exit(1)


sources_app = typer.Typer(help="Feeds and sites that are fetched from.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(sources_app, name="sources")


@sources_app.command("check")
def sources_check(
    sources: Annotated[Path, typer.Option(metavar="FILE", help="The sources.toml.")] = Path("sources.toml"),
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the ledger.")] = Path("data/ledger"),
    probe: Annotated[bool, typer.Option("--probe", help="Ask each address now; nothing is kept.")] = False,
    as_json: Json = False,
) -> None:
    """Show each source's state; exit with 1 if one is failing."""
    from flows.sources import show_sources

    if not show_sources(sources, output, probe=probe, as_json=as_json):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; errors become one line on standard error and the exit status."""
    from expectations.errors import ConflictLedgerError, SettingsError

    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # a reader that has gone away is told here, and not when the interpreter ends
    except SettingsError as error:
        print(f"conflict-ledger: {error}", file=sys.stderr)
        sys.exit(2)
    except ConflictLedgerError as error:
        print(f"conflict-ledger: {error}", file=sys.stderr)
        sys.exit(1)
    except (BrokenPipeError, SystemExit) as error:
        # A reader such as head has seen enough, which is no failure; Typer makes an exit with status 1 of it.
        if not isinstance(error, BrokenPipeError) and not isinstance(error.__context__, BrokenPipeError):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(0)


if __name__ == "__main__":
    main()
