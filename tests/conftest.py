"""How all tests run: no test fails for a slow machine, and files that share what is slow to start stay on one worker."""

from __future__ import annotations

import signal
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# What is tested is never how long an example takes here: time is compared with time, as processor time, where it matters.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

# Whoever starts the tests in the background of a script has them, and all that they start, ignore Ctrl-C; some tests are about it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# One worker starts the Prefect server that these files share, one makes the seed's ledger; every other file stands by itself.
GROUPS = {
    "test_deployments.py": "server",
    "test_flow.py": "server",
    "test_serve.py": "server",
    "test_exports_readers.py": "seed",
    "test_seed.py": "seed",
}


def group_of(nodeid: str) -> str:
    """The group of a test: tests of one group run on one worker, in their order."""
    path = nodeid.split("::", 1)[0]
    return GROUPS.get(path.rpartition("/")[2], path)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The group with the longest waits goes first, so that the other workers have something to do meanwhile."""
    items.sort(key=lambda item: group_of(item.nodeid) != "server")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hands out whole groups, in the order of the tests."""
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    config.option.loadscopereorder = False
    return ByGroup(config, log)
