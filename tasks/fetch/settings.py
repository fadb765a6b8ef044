"""What `sources.toml` may say: the sources, and how politely and how far they are fetched."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from expectations.errors import SettingsError

MIB = 1024 * 1024
USER_AGENT = "conflict-ledger/0.1 (reads news on armed conflict for research; robots.txt is honoured)"
_NAME = r"^[a-z0-9][a-z0-9_-]{0,63}$"
_ENVIRONMENT = r"^env:[A-Za-z_][A-Za-z0-9_]*$"
Kind = Literal["rss", "sitemap", "urls", "folder", "warc"]
Header = Annotated[str, Field(pattern=_ENVIRONMENT)]


def check_cron(line: str) -> None:
    """Whether a cron line can be read.

    Raises:
        ValueError: It cannot; the message says where.
    """
    from cronsim import CronSim, CronSimError

    try:
        if len(line.split()) != 5:
            raise CronSimError("five fields are needed")
        if re.search(r"LW|\dL", line, re.I):  # Prefect, which starts the runs, does not know these
            raise CronSimError("LW, and L at a weekday, are not known here")
        CronSim(line, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    except CronSimError as error:
        raise ValueError(
            f"{line!r} is no cron line ({error}). Write minute, hour, day, month, weekday: 0 6 * * * is six o'clock"
        ) from None


def last_firing(line: str, timezone: str, now: dt.datetime) -> dt.datetime:
    """When a cron line fired last, `now` included."""
    from cronsim import CronSim

    here = (now + dt.timedelta(minutes=1)).astimezone(ZoneInfo(timezone)).replace(second=0, microsecond=0)
    found: dt.datetime = next(CronSim(line, here, reverse=True))
    return found


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FetchSettings(_Model):
    """How addresses are fetched; `[fetch]` in the file."""

    user_agent: str = Field(default=USER_AGENT, min_length=8, description="Sent with every request: say who you are.")
    contact: str = Field(default="", description="An address or page for webmasters, added to the user agent.")
    delay_seconds: float = Field(default=2.0, ge=0, description="Pause between two requests to one host.")
    per_host: int = Field(default=1, ge=1, le=8, description="Requests to one host at a time.")
    parallel: int = Field(default=8, ge=1, le=64, description="Sources at a time.")
    connect_seconds: float = Field(default=10, gt=0, description="Longest wait for a connection or an address look-up.")
    read_seconds: float = Field(default=20, gt=0, description="Longest silence within an answer.")
    total_seconds: float = Field(default=60, gt=0, description="Longest time for one answer, however it drips in.")
    redirects: int = Field(default=5, ge=0, le=20, description="Redirects that are followed.")
    retries: int = Field(default=2, ge=0, le=10, description="Further tries after an error that may pass.")
    backoff_seconds: float = Field(
        default=2.0, ge=0, description="Pause before the first further try; doubled each time."
    )
    longest_wait_seconds: float = Field(
        default=60, ge=0, description="A Retry-After or a crawl delay longer than this ends the source for this run."
    )
    max_page_bytes: int = Field(default=10 * MIB, ge=1, description="Largest page, unpacked.")
    max_list_bytes: int = Field(default=64 * MIB, ge=1, description="Largest feed or sitemap, unpacked.")
    max_archive_bytes: int = Field(default=2048 * MIB, ge=1, description="Largest WARC.")
    max_pages: int = Field(default=500, ge=1, description="Pages of one source a run; the rest waits for the next.")
    max_sitemaps: int = Field(default=50, ge=1, description="Sitemaps that one index leads to, a run.")
    tries: int = Field(default=3, ge=1, description="Runs in which a page is tried before it is given up.")
    report_after: int = Field(default=3, ge=1, description="Failures in a row after which a source counts as failing.")
    robots: bool = Field(default=True, description="Honour robots.txt. Only turn off for hosts of your own.")
    timezone: str = Field(default="UTC", description="Time zone of the schedules, such as Africa/Khartoum.")
    allow_private: tuple[str, ...] = Field(
        default=(), description="Networks such as 10.1.0.0/16 that may be fetched although they are not public."
    )

    @field_validator("allow_private")
    @classmethod
    def _networks(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            ipaddress.ip_network(value)
        return values

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"no such time zone: {value}; write it as Africa/Khartoum") from None
        return value

    @property
    def agent(self) -> str:
        """The user agent with the contact."""
        return f"{self.user_agent} +{self.contact}" if self.contact else self.user_agent


class SourceSpec(_Model):
    """One source; `[[source]]` in the file."""

    name: str = Field(pattern=_NAME, description="Short name: small letters, digits, hyphens.")
    kind: Kind
    address: str | list[str] = Field(description="URL of the feed, sitemap or WARC; URLs of pages; path of a folder.")
    publisher: str | None = Field(default=None, description="Handed over with every page.")
    language: str | None = Field(default=None, pattern="^[a-z]{2}$", description="Sent as the language that is wanted.")
    schedule: str | None = Field(
        default=None, description="Cron line: when scheduled runs ask this source; empty: at every run."
    )
    text: Literal["page", "feed"] = Field(
        default="page", description="Fetch each page, or take the text that the feed gives."
    )
    include: str | None = Field(default=None, description="Regular expression that the address of a page must match.")
    exclude: str | None = Field(default=None, description="Regular expression that it must not match.")
    headers: dict[str, Header] = Field(
        default_factory=dict,
        description='Secrets by name of an environment variable: Authorization = "env:NEWS_TOKEN".',
    )
    limits: dict[str, float] = Field(default_factory=dict, description="Values of [fetch] for this source alone.")

    @property
    def addresses(self) -> list[str]:
        """The address or addresses."""
        return [self.address] if isinstance(self.address, str) else list(self.address)

    @property
    def is_local(self) -> bool:
        """Whether nothing has to be fetched: a folder, or a WARC that lies on a disk or object store."""
        return self.kind == "folder" or (self.kind == "warc" and not re.match("https?://", self.addresses[0], re.I))

    @field_validator("schedule")
    @classmethod
    def _cron(cls, value: str | None) -> str | None:
        if value is not None:
            check_cron(value)
        return value

    @field_validator("include", "exclude")
    @classmethod
    def _pattern(cls, value: str | None) -> str | None:
        try:
            re.compile(value or "")
        except re.error as error:
            raise ValueError(f"no regular expression ({error})") from None
        return value

    @model_validator(mode="after")
    def _addresses_of_its_kind(self) -> SourceSpec:
        if not self.addresses or (self.kind != "urls" and len(self.addresses) != 1):
            raise ValueError('one address is needed; only kind = "urls" has several')
        for address in self.addresses:
            if self.kind in ("rss", "sitemap", "urls") and not re.match(r"https?://[^/\s]+", address, re.I):
                raise ValueError(f"kind = {self.kind!r} needs an address that begins with https:// or http://")
            if "@" in address.split("://", 1)[-1].split("/", 1)[0]:
                raise ValueError("no user or password belongs in an address; use headers")
        return self


class SourcesFile(_Model):
    """A whole `sources.toml`."""

    fetch: FetchSettings = Field(default_factory=FetchSettings)
    source: tuple[SourceSpec, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_once(self) -> SourcesFile:
        names = [spec.name for spec in self.source]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two sources are named {', '.join(twice)}")
        for spec in self.source:
            self.settings_for(spec)
        return self

    def schedules(self) -> list[str]:
        """The cron lines of all sources, each once, in the order of the file."""
        return list(dict.fromkeys(spec.schedule for spec in self.source if spec.schedule))

    def settings_for(self, spec: SourceSpec) -> FetchSettings:
        """How this source is fetched."""
        if not spec.limits:
            return self.fetch
        return FetchSettings.model_validate(self.fetch.model_dump() | spec.limits)


def load_sources(path: Path) -> SourcesFile:
    """Reads a `sources.toml`.

    Raises:
        SettingsError: It is not there, not TOML, or says something that makes no sense; the message names the place.
    """
    written: dict[str, Any] = {}
    try:
        written = tomllib.loads(path.read_text("utf-8"))
        return SourcesFile.model_validate(written)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}). Check the path.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not TOML ({error}). Mend the file.") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = _place(first["loc"], written)
        what = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{path}: {where or 'the file'}: {what}.") from None


def _place(place: tuple[int | str, ...], written: dict[str, Any]) -> str:
    """Where in the file: "source 2 (example-post).address"."""
    if len(place) < 2 or place[0] != "source" or not isinstance(place[1], int):
        return ".".join(str(part) for part in place)
    one = written["source"][place[1]]
    name = f" ({one['name']})" if isinstance(one, dict) and isinstance(one.get("name"), str) else ""
    return ".".join([f"source {place[1] + 1}{name}", *(str(part) for part in place[2:])])
