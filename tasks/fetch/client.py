"""One address to its answer: checked, paced, within limits, and tried again where an error may pass."""

from __future__ import annotations

import datetime as dt
import email.utils
import ssl
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Final
from urllib.parse import urljoin

import httpcore
import httpx

from tasks.fetch.guard import Guard, GuardedBackend, RefusedAddressError
from tasks.fetch.pace import Pace
from tasks.fetch.settings import FetchSettings
from tasks.web import redact

CHUNK: Final = 64 * 1024
_REDIRECTS: Final = (301, 302, 303, 307, 308)
# What another try in the same run would not change: robots.txt has been tried again itself.
_NOT_AT_ONCE: Final = ("robots", "certificate")
_MAY_PASS: Final = (408, 425, 429, 500, 502, 503, 504)


class FetchError(Exception):
    """An address that gave nothing usable.

    Attributes:
        check: Short name of the trouble.
        may_pass: Whether it may be gone at the next try.
        retry_after: Seconds that the server asks to wait.
        status: HTTP status, where there was an answer.
    """

    def __init__(
        self, check: str, message: str, *, may_pass: bool = False, retry_after: float | None = None, status: int = 0
    ) -> None:
        super().__init__(message)
        self.check, self.may_pass, self.retry_after, self.status = check, may_pass, retry_after, status


@dataclass(slots=True)
class Answer:
    """What a server answered.

    Attributes:
        url: The address that answered, after redirects.
        status: 200 or 304.
        headers: By lower-case name.
        body: The content, unpacked; at its start.
    """

    url: str
    status: int
    headers: dict[str, str]
    body: IO[bytes]

    def read(self) -> bytes:
        """The whole content."""
        self.body.seek(0)
        return self.body.read()


@dataclass(slots=True)
class Request:
    """What is asked for.

    Attributes:
        url: The address.
        limit: Largest content, unpacked.
        headers: Sent along; secrets only to the host of `url`.
        etag: Of the copy that we have.
        last_modified: Likewise.
        allowed: Whether an address may be fetched (robots.txt), asked for the address and for every redirect.
    """

    url: str
    limit: int
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = None
    last_modified: str | None = None
    allowed: Callable[[str], bool] | None = None


class Client:
    """Fetches addresses as the settings say; may be used from several threads.

    Args:
        settings: Limits and manners.
        pace: Keeps the pauses between requests to one host.
        sleep: How to wait.
    """

    def __init__(self, settings: FetchSettings, pace: Pace, sleep: Callable[[float], None] = time.sleep) -> None:
        self.settings = settings
        self._pace = pace
        self._sleep = sleep
        self._backend = GuardedBackend(Guard(settings.allow_private))
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=64,
            max_keepalive_connections=16,
            keepalive_expiry=15,
            network_backend=self._backend,
        )

    def close(self) -> None:
        """Closes the connections."""
        self._pool.close()

    def get(self, request: Request) -> Answer:
        """The answer, with status 200 or (where a copy was told of) 304.

        Raises:
            FetchError: There is none that can be used.
        """
        settings, tried = self.settings, 0
        while True:
            try:
                return self._follow(request)
            except FetchError as error:
                wait = max(settings.backoff_seconds * 2**tried, error.retry_after or 0)
                again = error.may_pass and error.check not in _NOT_AT_ONCE
                if not again or tried >= settings.retries or wait > settings.longest_wait_seconds:
                    raise
                tried += 1
                self._sleep(wait)

    def _follow(self, request: Request) -> Answer:
        url, seen = parse_address(request.url), set()
        origin = _origin(url)
        for _ in range(self.settings.redirects + 1):
            if request.allowed and not request.allowed(str(url)):
                raise FetchError("robots", f"{redact(str(url))}: robots.txt does not allow it.")
            seen.add(str(url))
            answer = self._ask(url, request, same_origin=_origin(url) == origin)
            if isinstance(answer, Answer):
                return answer
            url = parse_address(urljoin(str(url), answer))
            if str(url) in seen:
                raise FetchError("redirect_loop", f"{redact(request.url)}: its redirects go round in a circle.")
        raise FetchError("too_many_redirects", f"{redact(request.url)}: more than {self.settings.redirects} redirects.")

    def _ask(self, url: httpx.URL, request: Request, *, same_origin: bool) -> Answer | str:
        """The answer, or where it redirects to."""
        settings = self.settings
        headers: dict[bytes | str, bytes | str] = {
            "Host": url.netloc.decode("ascii"),
            "User-Agent": settings.agent,
            "Accept": "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5",
            "Accept-Encoding": "gzip, deflate",
            **{name: value for name, value in request.headers.items() if same_origin or name == "Accept-Language"},
            **({"If-None-Match": request.etag} if request.etag else {}),
            **({"If-Modified-Since": request.last_modified} if request.last_modified else {}),
        }
        timeout = {"connect": settings.connect_seconds, "read": settings.read_seconds, "write": settings.read_seconds}
        shown = redact(str(url))
        with self._pace.turn(url.host, settings.delay_seconds, settings.per_host):
            self._backend.deadline.at = time.monotonic() + settings.total_seconds
            try:
                with self._pool.stream(
                    "GET",
                    str(url.copy_with(fragment=None, userinfo=b"")),
                    headers=headers,
                    extensions={"timeout": timeout | {"pool": settings.total_seconds}},
                ) as response:
                    return self._read(url, response, request)
            except RefusedAddressError as error:
                raise FetchError("refused_address", f"{shown}: {error}.") from None
            except (httpcore.TimeoutException, TimeoutError):
                raise FetchError("timeout", f"{shown}: no whole answer in time.", may_pass=True) from None
            except httpcore.RemoteProtocolError as error:
                raise FetchError("truncated", f"{shown}: the answer breaks off ({error}).", may_pass=True) from None
            except (httpcore.NetworkError, ssl.SSLError, OSError) as error:
                if why := _distrusted(error):
                    raise FetchError(
                        "certificate",
                        f"{shown}: its certificate is not to be trusted ({why}). Nothing was sent. If it is from an authority of your "
                        "own, name that in the environment variable SSL_CERT_FILE.",
                        may_pass=True,
                    ) from None
                raise FetchError("connection", f"{shown}: no connection ({str(error)[:200]}).", may_pass=True) from None
            except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, ValueError) as error:
                raise FetchError("protocol", f"{shown}: not an answer of a web server ({str(error)[:200]}).") from None

    def _read(self, url: httpx.URL, response: httpcore.Response, request: Request) -> Answer | str:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        status, shown = response.status, redact(str(url))
        if status in _REDIRECTS:
            if not headers.get("location"):
                raise FetchError("status", f"{shown}: a redirect to nowhere.", status=status)
            return headers["location"]
        if status == 304 and (request.etag or request.last_modified):
            return Answer(str(url), 304, headers, tempfile.SpooledTemporaryFile())
        if status != 200:
            after = _retry_after(headers.get("retry-after")) if status in (429, 503) else None
            message = f"{shown}: the server answered {status}" + (f", wait {after:.0f} s" if after else "") + "."
            raise FetchError("status", message, may_pass=status in _MAY_PASS, retry_after=after, status=status)
        if (declared := headers.get("content-length", "")).isdigit() and int(declared) > request.limit:
            raise FetchError(
                "too_large", f"{shown}: {int(declared):,} bytes, more than the limit of {request.limit:,}."
            )
        body: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115 - handed on
        size = 0
        for piece in _unpacked(response.iter_stream(), headers.get("content-encoding", ""), shown):
            size += len(piece)
            if size > request.limit:
                body.close()
                raise FetchError("too_large", f"{shown}: more than the limit of {request.limit:,} bytes, unpacked.")
            body.write(piece)
        body.seek(0)
        return Answer(str(url), 200, headers, body)


def parse_address(text: str) -> httpx.URL:
    """The address; international host names are encoded.

    Raises:
        FetchError: It is none that is fetched: `file://` and all other schemes than http and https are refused.
    """
    try:
        url = httpx.URL(text.strip())
    except (httpx.InvalidURL, ValueError, TypeError):
        raise FetchError("refused_scheme", f"{redact(text)[:200]}: not an address.") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise FetchError("refused_scheme", f"{redact(text)[:200]}: only https:// and http:// addresses are fetched.")
    return url


def _distrusted(error: BaseException) -> str | None:
    """Why the server's certificate was refused; None: that is not what went wrong."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    return None if cause is None else str(cause.verify_message)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _unpacked(stream: Iterator[bytes], encoding: str, shown: str) -> Iterator[bytes]:
    """The content, unpacked a bounded piece at a time."""
    names = [name.strip().lower() for name in encoding.split(",") if name.strip().lower() not in ("", "identity")]
    if not names:
        yield from stream
        return
    if len(names) > 1 or names[0] not in ("gzip", "x-gzip", "deflate"):
        raise FetchError("content_encoding", f"{shown}: packed in a way that was not asked for ({encoding[:60]}).")
    unpacker, fresh = zlib.decompressobj(47), True
    try:
        for chunk in stream:
            data = chunk
            while data:
                if unpacker.eof:  # several gzip members one after the other
                    unpacker = zlib.decompressobj(47)
                try:
                    piece = unpacker.decompress(data, CHUNK)
                except zlib.error:
                    if not fresh or names[0] != "deflate":
                        raise
                    unpacker = zlib.decompressobj(-15)  # deflate without its header, as some servers send it
                    piece = unpacker.decompress(data, CHUNK)
                fresh = False
                data = unpacker.unconsumed_tail or (unpacker.unused_data if unpacker.eof else b"")
                yield piece
        yield unpacker.flush()
    except zlib.error as error:
        raise FetchError("content_encoding", f"{shown}: broken {names[0]} ({error}).", may_pass=True) from None
    if not unpacker.eof and not fresh:
        raise FetchError("truncated", f"{shown}: the packed answer breaks off.", may_pass=True)


def _retry_after(text: str | None) -> float | None:
    """Seconds to wait, from a number or a date."""
    if not text:
        return None
    if text.strip().isdigit():
        return float(min(int(text.strip()[:9]), 7 * 86_400))
    try:
        when = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=dt.UTC)
    return min(max(0.0, (when - dt.datetime.now(dt.UTC)).total_seconds()), 7 * 86_400)
