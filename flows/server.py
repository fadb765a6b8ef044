"""The Prefect server of a run by hand: the user's own where one is named, else one that lives as long as the run.

Prefect can start such a server itself, but only after it has imported all of the server's code once more in this process.
Starting the same server here, before Prefect is imported at all, halves the wait.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final

from expectations.errors import LedgerError
from tasks.imports import uncollected

START_SECONDS: Final = 300  # the first start on a slow machine makes a database, too
_QUIET: Final = {
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
}
# How Prefect starts its own temporary server; without what looks after schedules, late runs and work pools.
_PASSING: Final = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"} | {
    f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false"
    for name in (
        "CANCELLATION_CLEANUP",
        "CLEANUP_RECONCILER",
        "FOREMAN",
        "LATE_RUNS",
        "PAUSE_EXPIRATIONS",
        "REPOSSESSOR",
        "SCHEDULER",
    )
}
_SERVING: Final = {
    "PREFECT_UI_ENABLED": "1",
    "PREFECT_UI_API_URL": "/api",  # wherever the browser got the page from, by whatever tunnel
    "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "5",  # until a waiting run looks again
    # In memory, which is the default, a restart would forget who holds a place, and it would stay taken for ever.
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
}
_ALWAYS: Final = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(START_SECONDS),
}


def set_prefect_environment(*, verbose: bool) -> None:
    """No telemetry and, unless asked for, a quiet console; logs still go to the server. To be called before Prefect is imported.

    What the user has set stays.
    """
    for name, value in (_ALWAYS if verbose else _ALWAYS | _QUIET).items():
        os.environ.setdefault(name, value)


def start_server(*, host: str = "127.0.0.1", port: int = 0, serving: bool = False) -> EmbeddedServer | None:
    """A server for the flow runs of this process, until it ends; None where the user's settings name one.

    To be called before Prefect is imported: what is registered first ends last, after Prefect has sent its last logs.

    Raises:
        LedgerError: The server that `PREFECT_API_URL` names does not answer, or the port is taken.
    """
    if url := os.environ.get("PREFECT_API_URL"):
        if not answers(url, seconds=10):
            raise LedgerError(
                f"PREFECT_API_URL={url} does not answer. Start that server (prefect server start), "
                "or unset the variable and one is started here. Without Prefect at all: conflict-ledger run --direct."
            )
        return None
    if _settings_name_a_server():
        return None
    server = EmbeddedServer(host=host, port=port, serving=serving)
    atexit.register(server.stop)
    os.environ["PREFECT_API_URL"] = server.url
    return server


class EmbeddedServer:
    """A Prefect server in a process of its own, started at once; `wait` until it answers.

    Args:
        host: Address to listen at.
        port: 0: any that is free.
        serving: With the UI and the scheduler, for `serve`; else with what one run needs.

    Raises:
        LedgerError: The port is taken.
    """

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, serving: bool = False) -> None:
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                free.bind((host, port))
            except OSError as error:
                raise LedgerError(
                    f"port {port} of {host} cannot be used ({error.strerror}). If a Prefect server answers there, use it: "
                    f"PREFECT_API_URL=http://{host}:{port}/api; else name another port with --port."
                ) from None
            self.port: int = free.getsockname()[1]
        self.url = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{self.port}/api"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "flows.server", host, str(self.port)],
            env=os.environ
            | (_SERVING if serving else _PASSING)
            | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the run alone: it ends the server when it has told it of its own end
        )

    def wait(self) -> None:
        """Wait until the server answers.

        Raises:
            LedgerError: It ended, or took too long.
        """
        deadline = time.monotonic() + START_SECONDS
        while not answers(self.url, seconds=2):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise LedgerError(
                    "the Prefect server did not start. To see why: prefect server start. Without Prefect: conflict-ledger run --direct."
                )
            time.sleep(0.05)

    def stop(self) -> None:
        """End the server and wait for its end."""
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()


def page_of(path: str) -> str:
    """The address of a page in the Prefect UI; empty where there is no UI."""
    from prefect.settings import PREFECT_UI_URL

    base = PREFECT_UI_URL.value()
    return f"{base.rstrip('/')}/{path}" if base else ""


def answers(url: str, *, seconds: float) -> bool:
    """Whether a Prefect server answers at this address of its API."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=seconds) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError, ValueError):
        return False


def _settings_name_a_server() -> bool:
    """Whether one of the files that Prefect reads its settings from may name a server; Prefect then decides for itself."""
    home = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser()
    for path in (home / "profiles.toml", Path("prefect.toml"), Path(".env"), Path("pyproject.toml")):
        try:
            text = path.read_text(encoding="utf-8").lower()
        except (OSError, UnicodeDecodeError):
            continue
        if "prefect_api_url" in text or "[tool.prefect" in text or (path.name == "prefect.toml" and "url" in text):
            return True
    return False


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, however it went: its end of the pipe closes."""
    sys.stdin.buffer.read()
    os._exit(0)


def _serve(host: str, port: int) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with uncollected():
        import uvicorn
        from prefect.server.api.server import create_app

        app = create_app()
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="error",
        lifespan="on",
    )


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]))
