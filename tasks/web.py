"""What a web server's answer is: its kind by type and bytes, its charset where that can be believed, its address without secrets."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit, urlunsplit

_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.I)
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|title|meta|div|p)\b", re.I)
_XML: Final = re.compile(rb"^\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml|<rss|<feed|<urlset|<sitemapindex|<rdf:)", re.I)
_TYPES: Final = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "txt",
    "application/pdf": "pdf",
    "application/rss+xml": "xml",
    "application/atom+xml": "xml",
    "application/rdf+xml": "xml",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/json": "json",
    "application/x-ndjson": "jsonl",
    "text/csv": "csv",
    "application/warc": "warc",
}
_MAGIC: Final = (
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "gz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
    (b"PK\x03\x04", "zip"),
    (b"WARC/", "warc"),
    (b"PAR1", "parquet"),
)
_SECRET: Final = re.compile(r"key|token|secret|passw|auth|sig(?:nature)?|credential|session|jwt|code", re.I)
HIDDEN: Final = "***"


def kind_of_answer(content_type: str | None, data: bytes) -> str | None:
    """The suffix that a file with this content would have; None: nothing that could hold an article.

    The bytes win over the type that a server states: pages are served as images, PDFs as pages.
    """
    head = data[:4096]
    for magic, suffix in _MAGIC:
        if head.startswith(magic):
            return suffix
    stated = _TYPES.get((content_type or "").split(";")[0].strip().lower())
    if _XML.match(head) and not re.search(rb"<html\b", head, re.I):
        return "xml"
    if _HTML.search(head.replace(b"\0", b"")):
        return "html"
    if stated in ("html", "txt", "json", "jsonl", "csv", "xml"):
        return stated
    return None


def stated_charset(content_type: str | None, data: bytes) -> str | None:
    """The charset that the server states, unless the bytes show it wrong: valid UTF-8 with accents is nothing else."""
    found = _CHARSET.search(content_type or "")
    if not found:
        return None
    name = found.group(1).lower()
    try:
        "".encode(name)
    except LookupError:
        return None
    if name.replace("_", "-") in ("utf-8", "utf8"):
        return "utf-8"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return name
    # In pure ASCII (and the escapes of ISO-2022) what is stated does no harm; where it is UTF-8 it is wrong.
    return name if data.isascii() else None


def redact(url: str) -> str:
    """The address without what could be a secret: user and password, and the values of parameters such as `api_key`."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "(an address that cannot be read)"
    query = "&".join(
        f"{name}={HIDDEN}" if value and _SECRET.search(name) else pair
        for pair in parts.query.split("&")
        for name, _, value in [pair.partition("=")]
    )
    return urlunsplit((parts.scheme, host, parts.path, query, ""))


def redact_text(text: str) -> str:
    """A message in which every address is redacted."""
    return re.sub(r"[a-z][a-z0-9+.-]*://[^\s\"'<>)\]]+", lambda found: redact(found.group()), text, flags=re.I)
