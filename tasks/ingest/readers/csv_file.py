"""CSV and TSV: a header, then one record a row."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from typing import Final

from tasks.ingest.bounded import Oversize, bounded_lines, decode_container, utf8_chunks
from tasks.ingest.readers.json_lines import reject_binary, too_long
from tasks.ingest.records import record_document
from tasks.ingest.settings import FIELDS, IngestSettings
from tasks.ingest.source import Document, Rejected, Source

DELIMITERS: Final = (",", ";", "\t", "|")


class _Lines:
    """Lines of text for the CSV parser: those of the present row are kept, lines over the limit are passed over."""

    def __init__(self, lines: Iterator[bytes | Oversize]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self.oversize: list[Oversize] = []
        self.row: list[str] = []
        self.ended = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._fresh()
        self.row.append(line)
        return line

    def _fresh(self) -> str:
        for line in self._lines:
            if isinstance(line, Oversize):
                self.oversize.append(line)
            else:
                return decode_container(line) + "\n"
        self.ended = True
        raise StopIteration

    def read_again(self) -> None:
        """Puts back all lines of the present row but the first."""
        self._again.extendleft(reversed(self.row[1:]))

    def quote_is_open(self) -> bool:
        """Whether the row ran to the end of the file in search of the quote that closes a cell."""
        return self.ended and not self._again and sum(line.count('"') for line in self.row) % 2 == 1


def read_csv(source: Source, settings: IngestSettings) -> Iterator[Document | Rejected]:
    """The documents of a CSV file whose first line names the columns; the delimiter is the one that line uses most."""
    yield from _read(source, settings, None)


def read_tsv(source: Source, settings: IngestSettings) -> Iterator[Document | Rejected]:
    """The same, tab-separated."""
    yield from _read(source, settings, "\t")


def _read(source: Source, settings: IngestSettings, delimiter: str | None) -> Iterator[Document | Rejected]:
    if rejected := reject_binary(source, lambda head: _names_columns(head, settings)):
        yield rejected
        return
    # The parser's limit is global to the process; it is the same for every file of a run.
    csv.field_size_limit(settings.max_line_bytes)
    with source.open() as stream:
        lines = _Lines(bounded_lines(utf8_chunks(stream), settings.max_line_bytes))
        first = next(lines, "")
        delimiter = delimiter or max(DELIMITERS, key=first.count)
        names = [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
        if len(names) != len(set(names)) or not any(names):
            reason = f"{source.uri}: the first line must name the columns, each once; it is {first.strip()[:120]!r}."
            yield Rejected(source.uri, "broken_csv", reason, value=first.strip())
            return
        yield from _rows(source, settings, lines, delimiter, names)


def _names_columns(head: bytes, settings: IngestSettings) -> bool:
    """Whether the first line names one of our columns, whatever stands below it."""
    names = re.split(rb'[,;\t|"\s]+', head.split(b"\n", 1)[0].removeprefix(b"\xef\xbb\xbf"))
    return bool({name.decode("utf-8", "replace") for name in names} & {*FIELDS, *settings.mapping.values()})


def _rows(
    source: Source, settings: IngestSettings, lines: _Lines, delimiter: str, names: list[str]
) -> Iterator[Document | Rejected]:
    reader = csv.reader(lines, delimiter=delimiter)
    position = 0
    while True:
        lines.row.clear()
        problem, cells = None, None
        try:
            cells = next(reader, None)
        except csv.Error as error:
            problem = str(error)
        if problem is None and cells is not None and lines.quote_is_open():
            problem = "a quote that never closes"
        if problem is not None:
            where = f"{source.uri}, row {position + 1}"
            reason = f"{where}: not readable as CSV ({problem}). Check its quotes; the rows after it were read."
            yield Rejected(source.uri, "broken_csv", reason, record=position, value=lines.row[0] if lines.row else None)
            position += 1
            lines.read_again()
            reader = csv.reader(lines, delimiter=delimiter)
            continue
        while lines.oversize:
            yield too_long(source, position, f"row {position + 1}", lines.oversize.pop(0), settings.max_line_bytes)
            position += 1
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            record = dict(zip(names, cells, strict=False))
            yield record_document(record, source, position, f"row {position + 1}", settings)
            position += 1
