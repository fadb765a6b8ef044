"""CSV and TSV: a header, then one record a row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Final

from tasks.ingest.bounded import Oversize, bounded_lines, decode_container, utf8_chunks
from tasks.ingest.readers.json_lines import reject_binary, too_long
from tasks.ingest.records import record_document
from tasks.ingest.settings import IngestSettings
from tasks.ingest.source import Document, Rejected, Source

DELIMITERS: Final = (",", ";", "\t", "|")


class _Lines:
    """Lines of text for the CSV parser; lines over the limit are passed over and remembered."""

    def __init__(self, lines: Iterator[bytes | Oversize]) -> None:
        self._lines = lines
        self.oversize: list[Oversize] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        for line in self._lines:
            if isinstance(line, Oversize):
                self.oversize.append(line)
            else:
                return decode_container(line) + "\n"
        raise StopIteration


def read_csv(source: Source, settings: IngestSettings) -> Iterator[Document | Rejected]:
    """The documents of a CSV file whose first line names the columns; the delimiter is the one that line uses most."""
    yield from _read(source, settings, None)


def read_tsv(source: Source, settings: IngestSettings) -> Iterator[Document | Rejected]:
    """The same, tab-separated."""
    yield from _read(source, settings, "\t")


def _read(source: Source, settings: IngestSettings, delimiter: str | None) -> Iterator[Document | Rejected]:
    if rejected := reject_binary(source):
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
        yield from _rows(source, settings, lines, csv.reader(lines, delimiter=delimiter), names)


def _rows(
    source: Source, settings: IngestSettings, lines: _Lines, reader: Iterator[list[str]], names: list[str]
) -> Iterator[Document | Rejected]:
    position = 0
    while True:
        where = f"row {position + 1}"
        try:
            cells = next(reader, None)
        except csv.Error as error:
            reason = (
                f"{source.uri}, {where}: not readable as CSV ({error}). Check its quotes; the other rows were read."
            )
            yield Rejected(source.uri, "broken_csv", reason, record=position)
            position += 1
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
