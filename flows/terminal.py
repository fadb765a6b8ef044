"""What text from articles may do to a terminal: nothing."""

from __future__ import annotations

import re

# C0 and C1 controls (but for line breaks), and the marks that turn the direction of what follows them.
_UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def without_controls(text: str) -> str:
    """Text that moves no cursor, sets no colour and rings no bell."""
    return _UNSAFE.sub(" ", text)


def one_line(text: str) -> str:
    """Such text in one line."""
    return " ".join(without_controls(text).split())
