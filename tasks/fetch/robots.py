"""robots.txt of each host, asked for once a run (RFC 9309)."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tasks.fetch.client import Client, FetchError, Request, parse_address
from tasks.fetch.pace import Pace

if TYPE_CHECKING:
    from protego import Protego

LIMIT: Final = 512 * 1024


@dataclass(slots=True)
class _Rules:
    lock: threading.Lock = field(default_factory=threading.Lock)
    known: bool = False
    rules: Protego | None = None
    error: FetchError | None = None


class Robots:
    """Says what may be fetched, by the hosts' own rules.

    Args:
        client: Fetches the files.
        pace: Is told of crawl delays.
    """

    def __init__(self, client: Client, pace: Pace) -> None:
        self._client, self._pace = client, pace
        self._hosts: dict[str, _Rules] = {}
        self._lock = threading.Lock()

    def allows(self, address: str) -> bool:
        """Whether the host lets us fetch this address; without a robots.txt everything is allowed.

        Raises:
            FetchError: The file cannot be had because the server fails: then nothing may be fetched for now.
        """
        if not self._client.settings.robots:
            return True
        url = parse_address(address)
        root = f"{url.scheme}://{url.netloc.decode('ascii')}"
        with self._lock:
            host = self._hosts.setdefault(root, _Rules())
        with host.lock:
            if not host.known:
                self._load(root, url.host, host)
                host.known = True
        if host.error is not None:
            raise host.error
        return host.rules is None or bool(host.rules.can_fetch(address, self._client.settings.agent))

    def _load(self, root: str, name: str, host: _Rules) -> None:
        from protego import Protego

        try:
            answer = self._client.get(Request(f"{root}/robots.txt", LIMIT))
        except FetchError as error:
            if error.check in ("too_large", "redirect_loop", "too_many_redirects", "content_encoding") or (
                400 <= error.status < 500 and error.status != 429
            ):
                return
            check = error.check if error.check in ("refused_address", "certificate") else "robots"
            host.error = FetchError(
                check, f"robots.txt cannot be had: {error}", may_pass=error.may_pass, retry_after=error.retry_after
            )
            return
        host.rules = Protego.parse(answer.read().decode("utf-8", "replace"))
        wish = host.rules.crawl_delay(self._client.settings.agent)
        if wish:
            self._pace.ask_for_delay(name, min(float(wish), self._client.settings.longest_wait_seconds))
