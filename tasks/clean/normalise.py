"""Characters to their plain form (spaces, quotes, hyphens, invisible signs); never a word is changed."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

_SPACES: Final = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_SINGLE: Final = "\u2018\u2019\u201a\u201b\u2032\u02bc\uff07"
_DOUBLE: Final = "\u201c\u201d\u201e\u201f\u2033\uff02"
# Hyphen, non-breaking hyphen, minus. Dashes (– —) stay: "10–12" and " — " mean something else than a hyphen.
_HYPHENS: Final = "\u2010\u2011\u2212\ufe63\uff0d"
_DROPPED: Final = (
    "\u00ad\u200b\u200e\u200f\u061c\u2060\u2061\u2062\u2063\u2064\ufeff\ufffe\uffff"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u180e\ufff9\ufffa\ufffb"
    + "".join(map(chr, (*range(0x00, 0x09), *range(0x0E, 0x20), 0x7F, 0x81, 0x8D, 0x8F, 0x90, 0x9D)))
)
# What stands at 0x80–0x9F is Windows-1252 that was decoded as Latin-1 ("\x92" is an apostrophe; WHATWG reads it so too).
_MISREAD: Final = {
    chr(code): bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_TABLE: Final = str.maketrans(
    {
        **_MISREAD,
        **dict.fromkeys("\x82\x91\x92", "'"),
        **dict.fromkeys("\x84\x93\x94", '"'),
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_SINGLE, "'"),
        **dict.fromkeys(_DOUBLE, '"'),
        **dict.fromkeys(_HYPHENS, "-"),
        **dict.fromkeys(_DROPPED, None),
        **dict.fromkeys("\n\x0b\x0c\u2028", "\n"),
        "\u2029": "\n\n",
        # Full-width and mathematical digits are figures like any other; letters that look like digits are not.
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        **{chr(0x1D7CE + place): str(place % 10) for place in range(50)},
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
        "\ufb03": "ffi",
        "\ufb04": "ffl",
        "\ufb05": "st",
        "\ufb06": "st",
    }
)
# Joiners carry meaning in Arabic, Persian and Indic script, and none elsewhere.
_JOINERS: Final = re.compile(r"(?<![\u0590-\u0fff])[\u200c\u200d]|[\u200c\u200d](?![\u0590-\u0fff])")
# Halves of surrogate pairs, which JSON can escape and no encoding can write.
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_PLAIN: Final = re.compile(r"[ -~\n]*")
_ENTITY: Final = re.compile(r"&(?:#\d{2,7}|#x[0-9a-fA-F]{2,6}|[a-zA-Z]{2,8});")
_SCRIPT: Final = re.compile(r"<(script|style)\b[^<>]{0,500}>[^<]*(?:</\1\s*>|$)", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_BLANKS: Final = re.compile(r" {2,}")


def plain_characters(text: str) -> str:
    """The text in NFC with plain spaces, quotes and hyphens, line ends as LF, and without invisible characters."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found.group()), text)
    if not _PLAIN.fullmatch(text):
        text = _SURROGATE.sub("\ufffd", text)
        text = _JOINERS.sub("", unicodedata.normalize("NFC", text)).translate(_TABLE)
    return _BLANKS.sub(" ", text)


def one_line(text: str | None) -> str | None:
    """A title or name: plain characters on one line, without markup; blank is None."""
    if text is None:
        return None
    plain = plain_characters(text)
    if "<" in plain:
        plain = _TAG.sub(" ", _SCRIPT.sub(" ", plain))
    return " ".join(plain.split()) or None


WORD: Final = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words of a text, case aside: what two texts are compared by."""
    return WORD.findall(text.casefold())
