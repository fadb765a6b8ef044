"""`conflict-ledger serve`: one process that starts the runs of a ledger when they are due, with the Prefect UI beside it."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.errors import LedgerError
from flows.deployments import When, deployment_of, scheduled_parameters
from flows.failure import COMMAND, WEBHOOK
from flows.parameters import RunParameters
from flows.server import page_of, set_prefect_environment, start_server
from tasks.publish.ledger import Ledger

if TYPE_CHECKING:
    from uuid import UUID

    from prefect.client.orchestration import SyncPrefectClient

QUERY_SECONDS = 5  # between two looks at what is due


@dataclass(frozen=True, slots=True)
class Service:
    """How a ledger is served.

    Attributes:
        name: Of the deployment.
        host: Address that the server listens at, where one is started.
        port: Its port.
        skip: A run that falls together with another is left out, instead of waiting.
        first: Start with a run, for whatever was missed while nothing served.
        webhook: Called when a run fails or dies.
        command: Likewise.
    """

    name: str
    host: str = "127.0.0.1"
    port: int = 4200
    skip: bool = False
    first: bool = True
    webhook: str | None = None
    command: str | None = None


def serve_ledger(parameters: RunParameters, when: When, service: Service) -> None:
    """Serve until stopped by Ctrl-C or SIGTERM.

    Raises:
        LedgerError: The output cannot be written, no server can be reached or started, or its deployment of this name is that of
            another ledger.
    """
    parameters = scheduled_parameters(parameters)
    Ledger(parameters.output).prepare()
    for name, value in ((WEBHOOK, service.webhook), (COMMAND, service.command)):
        if value:
            os.environ[name] = value  # of this process and the runs that it starts
    set_prefect_environment(verbose=True)
    server = start_server(host=service.host, port=service.port, serving=True)
    if server is not None:
        print("conflict-ledger: starting the Prefect server …", file=sys.stderr, flush=True)
        server.wait()
    import logging

    from prefect import get_client
    from prefect.runner import Runner

    # Tells at each look that a waiting run still waits.
    logging.getLogger("prefect.runner.state_proposer").setLevel(logging.WARNING)

    class Stoppable(Runner):
        serving: asyncio.Task[None] | None = None

        async def serve(self) -> None:
            """Start what is due until this is cancelled."""
            self.serving = asyncio.current_task()
            await self.start()

        def handle_sigterm(self, *_: object) -> None:
            """End as on Ctrl-C; Prefect's own way leaves without waiting for what it has begun to clear up.

            Not by that signal itself: what a script starts in the background ignores it.
            """
            if self.serving is not None:
                self.serving.get_loop().call_soon_threadsafe(self.serving.cancel)

    with get_client(sync_client=True) as client:
        _refuse_other_ledger(client, service.name, parameters.output)
    runner = Stoppable(name=f"conflict-ledger {service.name}", query_seconds=QUERY_SECONDS)
    deployment_id: UUID = runner.add_deployment(  # type: ignore[assignment]  # a coroutine only in asynchronous code
        deployment_of(parameters, when, name=service.name, skip=service.skip)
    )
    with get_client(sync_client=True) as client:
        close_dead_runs(client, deployment_id, Ledger(parameters.output))
        if service.first:
            client.create_flow_run_from_deployment(deployment_id, tags=["at-start"])
    _tell(parameters, when, service, deployment_id)
    try:
        asyncio.run(runner.serve())
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("conflict-ledger: stopped serving; the published tables are whole.", file=sys.stderr)


def _refuse_other_ledger(client: SyncPrefectClient, name: str, output: Path) -> None:
    """Two ledgers whose folders have the same name would take each other's deployment, and only one would be written."""
    from prefect.exceptions import ObjectNotFound

    from flows.ledger import conflict_ledger

    try:
        found = client.read_deployment_by_name(f"{conflict_ledger.name}/{name}")
    except ObjectNotFound:
        return
    theirs = (found.parameters.get("run") or {}).get("output")
    if theirs and Path(theirs) != output:
        raise LedgerError(
            f"{page_of(f'deployments/deployment/{found.id}') or 'this Prefect server'}: the deployment {name} writes to {theirs}, not to {output}. "
            "Give this one another name with --name, or delete that deployment where it is no longer served."
        )


def close_dead_runs(client: SyncPrefectClient, deployment_id: UUID, ledger: Ledger) -> int:
    """Mark runs as crashed that Prefect takes for running, although their process is gone: the ledger's lock is free.

    Without that they would be shown as running for ever, and hold the deployment's only place for a while.
    """
    from prefect.client.schemas.filters import (
        FlowRunFilter,
        FlowRunFilterDeploymentId,
        FlowRunFilterState,
        FlowRunFilterStateType,
    )
    from prefect.client.schemas.objects import State, StateType
    from prefect.states import Crashed

    from flows.failure import tell_failure
    from flows.ledger import conflict_ledger

    types = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
    seen = client.read_flow_runs(
        flow_run_filter=FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=[deployment_id]),
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=types)),
        )
    )
    if not seen:
        return 0
    try:
        with ledger.locked(wait=False):
            pass
    except LedgerError:
        return 0  # one of them is alive
    state: State[None] = Crashed(
        message="Its process was gone when the ledger was served again; the next run carries on."
    )
    for run in seen:
        client.set_flow_run_state(run.id, state, force=True)
        tell_failure(conflict_ledger, run, state)
    return len(seen)


def _tell(parameters: RunParameters, when: When, service: Service, deployment_id: UUID) -> None:
    read = [*parameters.inputs, *([str(parameters.sources)] if parameters.sources else [])]
    lines = {
        "serving": f"{', '.join(read)} → {parameters.output}",
        "runs": f"{when}{'; one now, for what was missed' if service.first else ''}",
        "look": page_of(f"deployments/deployment/{deployment_id}"),
        "stop": "Ctrl-C",
    }
    for name, text in lines.items():
        print(f"{name:>9}  {text}", file=sys.stderr, flush=True)
