"""Bytes of a document to text: marks, the stated encoding and UTF-8 first, a detector last."""

from __future__ import annotations

import codecs
import re
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.I)
_XML: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,30})", re.I)
# What HTML calls ISO-8859-1 and ASCII is read as Windows-1252 (WHATWG Encoding Standard).
_WEB: Final = {"iso8859-1": "cp1252", "ascii": "cp1252", "latin-1": "cp1252"}
# What Python also calls codecs: escapes that would change the text, and encodings that no page may have.
_NO_ENCODINGS: Final = frozenset(("utf-7", "unicode_escape", "raw_unicode_escape", "punycode", "idna", "undefined"))
SAMPLE: Final = 64 * 1024
# Below this share of non-ASCII bytes a text is taken for English with Western punctuation: too little for a detector.
FEW: Final = 0.02


def decode(content: bytes, stated: str | None, media_type: str) -> tuple[str, bool]:
    """The text, and whether bytes had to be replaced by U+FFFD.

    Args:
        content: The document's bytes.
        stated: The encoding that the container or a sidecar states.
        media_type: `text/html` documents may name their encoding themselves.
    """
    for mark, name in _BOMS:
        if content.startswith(mark):
            return _lossy(content[len(mark) :], name)
    candidates: list[str | None] = [stated, "utf-8"]
    if media_type == "text/html":
        head = content[:4096]
        candidates += [found.group(1).decode("ascii") for found in (_META.search(head), _XML.search(head)) if found]
    for candidate in candidates:
        if candidate and (text := _strict(content, candidate)) is not None:
            return text, False
    if _mostly_utf8(content):
        return _lossy(content, "utf-8")
    if wide := _wide(content[:SAMPLE]):
        return _lossy(content, wide)
    return _detected(content)


def _strict(content: bytes, name: str) -> str | None:
    try:
        codec = codecs.lookup(name).name
        if codec in _NO_ENCODINGS:
            return None
        text = content.decode(_WEB.get(codec, codec))
        text.encode("utf-8")  # some codecs give halves of surrogate pairs, which nothing can write
    except (LookupError, UnicodeError, ValueError):
        return None
    return text


def _lossy(content: bytes, name: str) -> tuple[str, bool]:
    text = content.decode(name, "replace")
    return text, "�" in text


def _mostly_utf8(content: bytes) -> bool:
    """Whether it is UTF-8 with a few broken bytes: many whole sequences, few errors."""
    text = content[:SAMPLE].decode("utf-8", "replace")
    broken = text.count("�")
    whole = sum(1 for sign in text if sign > "\x7f") - broken
    return whole > 3 * broken


def _wide(sample: bytes) -> str | None:
    """UTF-16 without its mark: every other byte is NUL."""
    half = len(sample) // 2
    if half < 4:
        return None
    if sample[1::2].count(0) > 0.4 * half:
        return "utf-16-le"
    return "utf-16-be" if sample[0::2].count(0) > 0.4 * half else None


def _detected(content: bytes) -> tuple[str, bool]:
    sample = content[:SAMPLE]
    high = sum(1 for byte in sample if byte > 0x7F)
    if high <= max(3, FEW * len(sample)) and (text := _strict(content, "cp1252")) is not None:
        return text, False
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    if best is not None and best.encoding and (text := _strict(content, best.encoding)) is not None:
        return text, False
    return _lossy(content, "cp1252")
