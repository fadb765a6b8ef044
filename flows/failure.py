"""When a flow run fails or dies: a webhook is called, or a command, as the operator has set in the environment.

Neither is a parameter of the flow: who may start runs in the Prefect UI must not be able to name commands.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from expectations.errors import SettingsError

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.client.schemas.objects import FlowRun, State

WEBHOOK: Final = "CONFLICT_LEDGER_FAILURE_WEBHOOK"
COMMAND: Final = "CONFLICT_LEDGER_FAILURE_COMMAND"
WEBHOOK_SECONDS: Final = 10
WEBHOOK_TRIES: Final = 3
COMMAND_SECONDS: Final = 60
_LONGEST: Final = 2_000  # of a message: chat systems refuse more


def check_webhook(url: str | None) -> None:
    """Find out at the start, not when a run has failed, that nobody could be told.

    Raises:
        SettingsError: It is no web address.
    """
    if url is not None and not re.match(r"https?://[^/\s]", url, re.I):
        raise SettingsError("--failure-webhook: no web address; it begins with https:// or http://.")


def check_command(command: str | None) -> None:
    """Likewise for the command.

    Raises:
        SettingsError: It cannot be taken apart, or there is no such program.
    """
    if command is None:
        return
    try:
        program = next(iter(shlex.split(command)), "")
    except ValueError as error:
        raise SettingsError(f"--failure-command {command}: cannot be read ({error}).") from None
    if shutil.which(program) is None:
        raise SettingsError(
            f"--failure-command {command}: no program {program or 'is named'} that can be run. "
            "Give its whole path, and make it executable; it runs without a shell."
        )


def tell_failure(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Prefect's hook for runs that failed or crashed."""
    from prefect.logging import get_logger

    from flows.naming import flow_name
    from flows.parameters import RunParameters
    from flows.server import page_of

    name, output = flow_run.name, ""
    with suppress(ValueError):  # parameters that make no sense may be why it failed
        parameters = RunParameters.model_validate(flow_run.parameters.get("run"))
        name, output = flow_name(parameters), str(parameters.output)
    message = failure_message(
        name=f"{flow.name}: {name}", state=state.name or state.type.value, error=state.message or "", output=output
    )
    for trouble in send(message | {"flow_run_id": str(flow_run.id), "page": page_of(f"runs/flow-run/{flow_run.id}")}):
        get_logger("conflict_ledger").warning(trouble)


def failure_message(*, name: str, state: str, error: str, output: str) -> dict[str, str]:
    """What is sent; `text` is what Slack, Mattermost and their like show."""
    text = f"{name}: {state}. {error}"
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "…"
    return {"text": text, "flow_run": name, "state": state, "error": error, "ledger": output}


def send(message: dict[str, str]) -> list[str]:
    """Call what the environment names; what went wrong comes back, a line each, and is never raised."""
    troubles = []
    if url := os.environ.get(WEBHOOK):
        troubles += _post(url, message)
    if command := os.environ.get(COMMAND):
        troubles += _call(command, message)
    return troubles


def _post(url: str, message: dict[str, str]) -> list[str]:
    """POST the message as JSON."""
    import httpx

    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=WEBHOOK_TRIES - 1), timeout=WEBHOOK_SECONDS) as client:
            answer = client.post(url, json=message)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return [f"{WEBHOOK}: the webhook could not be called ({type(error).__name__}: {error})"]
    # The address may hold a secret, as those of Slack do: it is not told.
    return [] if answer.is_success else [f"{WEBHOOK}: the webhook answered {answer.status_code}"]


def _call(command: str, message: dict[str, str]) -> list[str]:
    """Run the command (without a shell), with the message as JSON on its standard input."""
    try:
        done = subprocess.run(
            shlex.split(command),
            input=json.dumps(message, ensure_ascii=False) + "\n",
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return [f"{COMMAND}: {command} could not be run ({error})"]
    told = (done.stderr or done.stdout).strip()[-500:]
    return [] if done.returncode == 0 else [f"{COMMAND}: {command} ended with {done.returncode}: {told}"]
