"""A run from the command line: from its options to the flow (or the plain pipeline) to what is printed."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.errors import SettingsError
from flows import warm
from flows.parameters import RunParameters
from flows.pipeline import PlainRunner, Progress, find_published, progress, run_pipeline
from tasks.imports import uncollected

if TYPE_CHECKING:
    from flows.record import RunRecord

SHOWN_INCIDENTS = 30
SHOWN_COLUMNS = ("incident", "date", "place", "event", "killed", "injured", "perpetrator")


class Terminated(KeyboardInterrupt):
    """SIGTERM: a run ends as it does on Ctrl-C, with its helper processes."""


@contextmanager
def stopped_by_sigterm() -> Iterator[None]:
    """Within, SIGTERM is raised as `Terminated`."""

    def stop(_number: int, _frame: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: what follows is the clearing up
        raise Terminated

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def parameters_from_options(
    options: dict[str, object], mapping: list[str], limits: Sequence[str] = ()
) -> RunParameters:
    """The command line's options as parameters; `mapping` and `limits` hold texts such as "title=headline".

    Raises:
        SettingsError: A value makes no sense, or an input is not there.
    """
    from pydantic import ValidationError

    pairs = _pairs(mapping, "--mapping", "FIELD=NAME, such as title=headline")
    numbers = _pairs(limits, "--limit", "NAME=NUMBER, such as max_document_bytes=50000000")
    try:
        parameters = RunParameters.model_validate({**options, "mapping": pairs, "limits": numbers})
    except ValidationError as error:
        first = error.errors()[0]
        where, what = ".".join(str(part) for part in first["loc"]), first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{where}: {what}" if where else f"{what}.") from None
    missing = [name for name in parameters.inputs if "://" not in name and not os.path.lexists(name)]
    if missing and len(missing) == len(parameters.inputs):
        raise SettingsError(f"{', '.join(missing)}: no such file or folder. Check the path.")
    return parameters


def _pairs(texts: Sequence[str], option: str, form: str) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not (name and sign and value):
            raise SettingsError(f"{option} {text}: write it as {form}.")
        pairs[name] = value
    return pairs


def execute_run(parameters: RunParameters, *, direct: bool, quiet: bool, verbose: bool) -> RunRecord:
    """Run as a Prefect flow, or directly; where there is nothing to do, neither."""
    found = find_published(parameters)
    if found is not None:
        return found
    with _progress_bar(shown=not quiet and sys.stderr.isatty()) as listener:
        token = progress.set(listener)
        try:
            if direct:
                with warm.started(parameters.model):
                    return run_pipeline(parameters, PlainRunner())
            return _run_flow(parameters, verbose=verbose)
        finally:
            progress.reset(token)


def _run_flow(parameters: RunParameters, *, verbose: bool) -> RunRecord:
    from flows.server import set_prefect_environment, start_server

    set_prefect_environment(verbose=verbose)
    server = start_server()
    with warm.started(parameters.model):
        with uncollected():
            from flows.ledger import conflict_ledger

        if server is not None:
            server.wait()
        return conflict_ledger(parameters)


@contextmanager
def _progress_bar(*, shown: bool) -> Iterator[Progress | None]:
    """A bar on standard error, one task a stage."""
    if not shown:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description:>10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def listen(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield listen


def held_back_line(record: RunRecord) -> str:
    """That rows are held back because they fail critical checks, and which; empty where none are."""
    failed = sorted({name for check in record.checks for name in check["failed"]})
    if not failed:
        return ""
    rows = sum(sum(check["held_back"].values()) for check in record.checks)
    held = "1 row that fails a critical check, or depends on such a row, is"
    if rows != 1:
        held = f"{rows:,} rows that fail critical checks, or depend on such rows, are"
    return (
        f"{held} held back ({', '.join(failed)}); all others are "
        f"published. The reasons: {Path(record.parameters['output']) / 'quality' / 'index.html'}"
    )


def print_record_json(record: RunRecord) -> None:
    """The run's record and its incidents as one JSON object."""
    from flows.report import read_incidents
    from flows.show import print_json

    print_json(record.as_dict() | {"incidents": read_incidents(Path(record.parameters["output"]))})


def print_record(record: RunRecord, seconds: float | None = None) -> None:
    """What a person wants to know after a run, and the incidents; `seconds`: since the command was started."""
    from rich.markup import escape

    from flows.report import read_incidents, summary_lines, time_line
    from flows.show import console, incident_table

    output = Path(record.parameters["output"])
    incidents = read_incidents(output)
    out = console()
    if record.unchanged:
        out.print(
            f"Nothing to do: {escape(str(output))} already comes from this input and these rules.\n", soft_wrap=True
        )
    for name, text in (*summary_lines(record), ("time", time_line(record, seconds))):
        out.print(f"[bold]{name:>9}[/]  {escape(text)}", soft_wrap=True)
    if incidents:
        out.print()
        out.print(incident_table(incidents[:SHOWN_INCIDENTS], SHOWN_COLUMNS), markup=False)
        if len(incidents) > SHOWN_INCIDENTS:
            out.print(
                f"and {len(incidents) - SHOWN_INCIDENTS:,} more: conflict-ledger show {escape(str(output))}",
                soft_wrap=True,
            )
    out.print()
    if incidents:
        out.print(
            f"The words behind a row:  conflict-ledger show {escape(str(output))} --incident {incidents[0]['incident_id'][:8]}",
            soft_wrap=True,
        )
    out.print(f"What was checked:        {escape(str(output / 'quality' / 'index.html'))}", soft_wrap=True)
