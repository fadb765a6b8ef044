"""The canonical form of a web address: what two links to one article have in common."""

from __future__ import annotations

import functools
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_FILE = Path(__file__).parent / "clean" / "words" / "tracking.txt"
_PORTS = {"http": 80, "https": 443}


@functools.cache
def _tracking() -> tuple[frozenset[str], tuple[str, ...]]:
    names = [line.strip() for line in _FILE.read_text("utf-8").splitlines() if line.strip() and line[0] != "#"]
    whole = frozenset(name for name in names if not name.endswith("*"))
    return whole, tuple(name[:-1] for name in names if name.endswith("*"))


def canonical_url(url: str | None) -> str | None:
    """The address with scheme and host in lower case, without fragment, tracking parameters or default port.

    Returns:
        None where it is no address of the web.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url.strip().encode("utf-8", "replace").decode())
        scheme, host, port = parts.scheme.lower(), (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if scheme not in _PORTS or "." not in host:
        return None
    whole, beginnings = _tracking()
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.lower() not in whole and not name.lower().startswith(beginnings)
    ]
    place = host if port in (None, _PORTS[scheme]) else f"{host}:{port}"
    return urlunsplit((scheme, place, parts.path or "/", urlencode(query), ""))
