"""A PDF with a text layer is one document; its lines are joined to paragraphs again."""

from __future__ import annotations

import logging
import re
import statistics
import time
from collections.abc import Iterator
from typing import Final

from tasks.ingest.settings import IngestSettings
from tasks.ingest.source import Document, Rejected, Source, measure, mebibytes
from tasks.ingest.unpack import random_access

FULL_LINE: Final = 0.8
FEW_CHARACTERS: Final = 20
_HYPHEN: Final = re.compile(r"(?<=[a-z])[-\u00ad\u2010]$")
_PAGE_NUMBER: Final = re.compile(r"\W*(?:page )?\d{1,4}(?: (?:of|/) \d{1,4})?\W*$", re.I)
_END: Final = re.compile(r"[.!?:][\"'”’)\]]*$")


class _TooSlowError(Exception):
    """A page asks for more time than the settings give."""


def read_pdf(source: Source, settings: IngestSettings) -> Iterator[Document | Rejected]:
    """The document of a `.pdf`; one without a text layer (a scan) is held back."""
    size = source.size
    if size is not None and size > settings.max_feed_bytes:
        yield _rejected(source, "too_large", f"more than the limit of {mebibytes(settings.max_feed_bytes)} a PDF")
        return
    try:
        text = _read_text(source, settings)
    except _TooSlowError:
        reason = f"it takes more than {settings.pdf_seconds:g} s to read. Export its text, or raise pdf_seconds"
        yield _rejected(source, "too_large", reason)
        return
    except _PdfError as error:
        yield _rejected(source, error.check, str(error))
        return
    content = text.encode("utf-8", "replace")
    if len(content) > settings.max_document_bytes:
        reason = f"its text is over the limit of {mebibytes(settings.max_document_bytes)} a document. Split it"
        yield _rejected(source, "too_large", reason)
        return
    yield Document(source.uri, 0, "text/plain", content, source.stem, encoding="utf-8")


class _PdfError(Exception):
    def __init__(self, check: str, message: str) -> None:
        super().__init__(message)
        self.check = check


def _read_text(source: Source, settings: IngestSettings) -> str:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    # What pypdf has to say of each fault of a file is told once, as the reason.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    deadline = time.monotonic() + settings.pdf_seconds

    def watch(*_: object) -> None:
        if time.monotonic() > deadline:
            raise _TooSlowError

    with random_access(source) as stream:
        if not stream.read(1):
            raise _PdfError("empty_file", "the file is empty. Fetch it again")
        stream.seek(0)
        try:
            reader = PdfReader(stream)
            if reader.is_encrypted and not reader.decrypt(""):
                raise _PdfError("unreadable_file", "it is encrypted. Save it without a password")
            if (number := len(reader.pages)) > settings.max_pdf_pages:
                raise _PdfError(
                    "too_large", f"{number:,} pages, more than {settings.max_pdf_pages:,}. Raise max_pdf_pages"
                )
            pages = []
            for page in reader.pages:
                watch()
                pages.append(page.extract_text(visitor_operand_before=watch))
        except (_PdfError, _TooSlowError):
            raise
        except (DependencyError, FileNotDecryptedError):
            raise _PdfError("unreadable_file", "it is encrypted. Save it without a password") from None
        except (
            PyPdfError,
            RecursionError,
            OSError,
            ArithmeticError,
            LookupError,
            ValueError,
            TypeError,
            AttributeError,
        ) as error:
            what = f"{type(error).__name__}: {str(error)[:150]}"
            raise _PdfError("broken_pdf", f"not readable as PDF ({what}). Open it and save it again") from None
    if sum(len(page.strip()) for page in pages) < FEW_CHARACTERS:
        raise _PdfError("no_text_layer", "it has no text layer (a scan). Run text recognition (OCR) on it first")
    return join_lines(pages)


def join_lines(pages: list[str]) -> str:
    """The text of pages, whose lines end where the paper did, as paragraphs with a blank line between them.

    A paragraph ends at a blank line, or at a line that is clearly shorter than a full one and ends a sentence; a
    line far shorter than that stands alone (a headline, a page number).
    """
    lines = [line for page in pages for line in _lines_of(page)]
    lengths = [len(line) for line in lines if len(line) > FEW_CHARACTERS]
    full = FULL_LINE * (statistics.quantiles(lengths, n=10)[-1] if len(lengths) > 1 else 80)
    paragraphs: list[str] = []
    held = ""
    for line in lines:
        held = _joined(held, line) if line else held
        ends = not line or len(line) < full / 2 or (len(line) < full and _END.search(line))
        if held and ends:
            paragraphs.append(held)
            held = ""
    if held:
        paragraphs.append(held)
    return "\n\n".join(paragraphs)


def _lines_of(page: str) -> list[str]:
    """The lines of a page without its number."""
    lines = [line.strip() for line in page.strip().splitlines()]
    if lines and _PAGE_NUMBER.match(lines[-1]):
        del lines[-1]
    if lines and _PAGE_NUMBER.match(lines[0]):
        del lines[0]
    return lines


def _joined(held: str, line: str) -> str:
    if not held:
        return line
    if _HYPHEN.search(held) and line[:1].islower():
        return held[:-1] + line
    return f"{held} {line}"


def _rejected(source: Source, check: str, reason: str) -> Rejected:
    size, digest = measure(source)
    return Rejected(source.uri, check, f"{source.uri}: {reason}.", size=size, sha256=digest)
