"""Prefect's settings for runs by hand: no telemetry, a patient start, a quiet console. To be called before `import prefect`."""

from __future__ import annotations

import os


def set_prefect_environment(*, verbose: bool) -> None:
    """Set what the user has not set otherwise. Logs still go to the Prefect server; only the console is quieted."""
    defaults = {
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # On two slow cores the embedded server takes longer than the 20 seconds that it is given.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_CLI_PROMPT": "false",
    }
    if not verbose:
        defaults |= {
            "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
            "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
            "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
        }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
