"""Which machines may be spoken to: each connection is checked by the address that it really goes to."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as LateError
from ssl import SSLContext
from typing import Any, Final

import httpcore

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


class RefusedAddressError(Exception):
    """A host that lies in a network that must not be fetched from."""


class Guard:
    """Says which addresses may be connected to.

    Args:
        allowed: Networks that may be, although they are not public.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed = [ipaddress.ip_network(network) for network in allowed]

    def permits(self, address: Address) -> bool:
        """Whether this is a public address, or one that the settings allow."""
        if any(address.version == network.version and address in network for network in self._allowed):
            return True
        if isinstance(address, ipaddress.IPv6Address):
            for inner in _embedded(address):
                return self.permits(inner)
        return address.is_global and not address.is_multicast and not address.is_reserved

    def resolve(self, host: str, port: int, timeout: float | None) -> list[str]:
        """The addresses of a host, all of them permitted.

        Raises:
            RefusedAddressError: One of them is not: a name that leads to several networks is not to be trusted.
            httpcore.ConnectError: There is no such host.
            httpcore.ConnectTimeout: The look-up takes too long.
        """
        found = list(dict.fromkeys(str(entry[4][0]) for entry in _look_up(host.strip("[]"), port, timeout)))
        for text in found:
            if not self.permits(ipaddress.ip_address(text.split("%")[0])):
                raise RefusedAddressError(
                    f"{host} leads to {text}, which is not a public address. If it is meant, allow its network: "
                    "allow_private in [fetch]"
                )
        return found


def _embedded(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address stands for."""
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if address.sixtofour:
        return [address.sixtofour]
    if address.teredo:
        return [address.teredo[1]]
    if address in _NAT64:
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    return []


def _look_up(host: str, port: int, timeout: float | None) -> list[Any]:
    # The system's resolver has no time-out of its own; a look-up that hangs is left to its thread.
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        return pool.submit(socket.getaddrinfo, host, port, 0, socket.SOCK_STREAM).result(timeout)
    except LateError:
        raise httpcore.ConnectTimeout(f"looking up {host} took more than {timeout:g} s") from None
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"no such host: {host} ({error})") from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


class Deadline(threading.local):
    """When the answer that this thread waits for has to be there."""

    at: float = float("inf")

    def left(self, timeout: float | None) -> float:
        """The time left, at most `timeout`; raises httpcore.ReadTimeout when it is over."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the answer takes too long")
        return left if timeout is None else min(left, timeout)


class GuardedBackend(httpcore.SyncBackend):
    """Connects to the very address that was checked, so that no second look-up can lead elsewhere; keeps the deadline."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        self.deadline = Deadline()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of the host that answers."""
        error: Exception | None = None
        for address in self.guard.resolve(host, port, self.deadline.left(timeout)):
            try:
                wait = self.deadline.left(timeout)
                stream = super().connect_tcp(address, port, wait, local_address, socket_options)
                return _TimedStream(stream, self.deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
        raise error or httpcore.ConnectError(f"no address for {host}")

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Refused."""
        raise RefusedAddressError("sockets on this machine are not fetched from")


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends with the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
