"""The deployments of the flow: which parameters, when, and what happens when two runs fall together."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from expectations.errors import SettingsError
from flows.parameters import RunParameters
from tasks.fetch.settings import check_cron, load_sources

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Schedule

# After which a stage of a scheduled run hangs rather than works; extract: a first run over some 500,000 articles.
STAGE_MINUTES: Final = {
    "fetch": 120.0,
    "ingest": 240.0,
    "clean": 240.0,
    "extract": 1440.0,
    "resolve": 480.0,
    "publish": 120.0,
    "validate": 240.0,
}
DESCRIPTION: Final = (
    "Reads what is new in its sources and publishes the ledger. **Custom run** takes other parameters; "
    "runs never overlap, and one with nothing new ends in seconds."
)
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST_DAYS: Final = 366  # between two runs
_NO_NAME: Final = re.compile(r"[/%&<>]")  # Prefect takes no name with one of these


@dataclass(frozen=True, slots=True)
class When:
    """When runs start.

    Attributes:
        crons: Cron lines.
        every: Seconds between two runs; None: by the cron lines alone.
        timezone: Of the cron lines.
    """

    crons: tuple[str, ...] = ()
    every: int | None = None
    timezone: str = "UTC"

    def __str__(self) -> str:
        """In words."""
        parts = [f"at {cron} ({self.timezone})" for cron in self.crons]
        return ", ".join([*parts, f"every {_told(self.every)}"] if self.every else parts)

    def schedules(self) -> list[Schedule]:
        """As Prefect has them."""
        from prefect.schedules import Cron, Interval

        found = [Cron(line, timezone=self.timezone) for line in self.crons]
        return [*found, Interval(dt.timedelta(seconds=self.every))] if self.every else found


def when_of(parameters: RunParameters, crons: list[str], every: str | None, timezone: str | None) -> When:
    """When a ledger's runs start: as asked for, else by the schedules of its sources.

    Raises:
        SettingsError: Nothing says when, or it makes no sense.
    """
    file = load_sources(parameters.sources) if parameters.sources else None
    zone = timezone or (file.fetch.timezone if file else "UTC")
    seconds = None if every is None else _seconds(every)
    lines = crons or ([] if seconds or file is None else file.schedules())
    for line in lines:
        try:
            check_cron(line)
        except ValueError as error:
            raise SettingsError(f"--cron {error}.") from None
    if not lines and seconds is None:
        raise SettingsError(
            "when to run? Give --every 1h or --cron '0 * * * *', or a schedule to the sources in the sources.toml."
        )
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        raise SettingsError(f"--timezone {zone}: no such time zone; write it as Africa/Khartoum.") from None
    return When(tuple(lines), seconds, zone)


def _seconds(text: str) -> int:
    found = re.fullmatch(r"([1-9][0-9]*)\s*([smhd])", text.strip())
    if found is None:
        raise SettingsError(f"--every {text}: write a number and s, m, h or d, such as 30m.")
    seconds = int(found[1]) * _UNITS[found[2]]
    if seconds > _LONGEST_DAYS * _UNITS["d"]:
        raise SettingsError(f"--every {text}: {_LONGEST_DAYS}d is the longest.")
    return seconds


def _told(seconds: int) -> str:
    """The other way round: 5400 is 90m."""
    unit = next(unit for unit in reversed(_UNITS) if seconds % _UNITS[unit] == 0)
    return f"{seconds // _UNITS[unit]}{unit}"


def deployment_name(given: str | None, output: Path) -> str:
    """The name of a ledger's deployment: as given, else that of its folder.

    Raises:
        SettingsError: Prefect takes no such name.
    """
    if given is None:
        return _NO_NAME.sub("-", output.absolute().name) or "ledger"
    if not given.strip() or _NO_NAME.search(given):
        raise SettingsError(f"--name {given!r}: a name has letters or digits, and none of / % & < >.")
    return given


def scheduled_parameters(parameters: RunParameters) -> RunParameters:
    """The same, fit for a process that starts elsewhere and runs alone: whole paths, limits of time, sources when due."""
    inputs = [name if "://" in name else str(Path(name).absolute()) for name in parameters.inputs]
    changes: dict[str, Any] = {
        "inputs": inputs,
        "output": parameters.output.absolute(),
        "due": parameters.sources is not None,
        "wait": True,
        "stage_minutes": STAGE_MINUTES | parameters.stage_minutes,
    }
    for name in ("sources", "corrections"):
        if (path := getattr(parameters, name)) is not None:
            changes[name] = path.absolute()
    return parameters.model_copy(update=changes)


def deployment_of(parameters: RunParameters, when: When, *, name: str, skip: bool) -> RunnerDeployment:
    """The flow as a deployment for this ledger; at most one run of it at a time.

    Args:
        parameters: What its runs are given, unless a person fills in the form otherwise.
        when: When they start.
        name: Of the deployment.
        skip: A run that falls together with another is cancelled, instead of waiting for its end.
    """
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.types.entrypoint import EntrypointType

    from flows.ledger import conflict_ledger

    strategy = ConcurrencyLimitStrategy.CANCEL_NEW if skip else ConcurrencyLimitStrategy.ENQUEUE
    deployment: RunnerDeployment = conflict_ledger.to_deployment(  # type: ignore[assignment]  # a coroutine only in asynchronous code
        name=name,
        parameters={"run": parameters.model_dump(mode="json", exclude_none=True)},
        schedules=when.schedules(),
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=strategy),
        description=DESCRIPTION,
        tags=["conflict-ledger"],
        version=version("conflict-ledger"),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    return deployment
