"""Makes text harmless in cells: nothing in it starts a formula or breaks a reader."""

from __future__ import annotations

import re

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
# At the start, and after what some spreadsheet takes for the end of a cell or a line: a list separator, a tab, a line break.
_TRIGGER = re.compile("(^|[;\t\r\n])(\\s*)(?=[=+\\-@＝＋－＠])")
_STARTS = re.compile("\\s*[=+\\-@＝＋－＠\t\r\n]")


def without_controls(text: str) -> str:
    """Text without control characters (tabs and line breaks stay) and lone surrogates."""
    return _CONTROLS.sub("", text)


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula."""
    return bool(_STARTS.match(text))


def neutral(text: str) -> str:
    """Text for CSV with an apostrophe before whatever might start a formula (OWASP, “CSV Injection”)."""
    text = without_controls(text)
    if text[:1] in ("\t", "\r", "\n"):
        text = "'" + text
    return _TRIGGER.sub(r"\1\2'", text)
