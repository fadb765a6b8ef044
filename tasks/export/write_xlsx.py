"""Writes an Excel workbook: the incidents, their evidence, the data dictionary and what the file is."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from expectations.errors import InputError
from tasks.export.facts import Facts
from tasks.export.mapping import Cell, Mapping
from tasks.export.safety import starts_formula, without_controls

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MAX_ROWS: Final = 1_048_575  # Excel's limit, less the header
MAX_TEXT: Final = 32_767  # characters in a cell
EVIDENCE: Final = ("incident_id", "publisher", "published_on", "title", "url", "field", "start", "end", "text")
ABOUT: Final = (
    "Incidents of armed conflict, read by a machine from news reports: what reports say, not ground truth.",
    "A number of people is a range: killed_min to killed_max; an empty maximum beside a minimum is an open bound (“at least”, “dozens”).",
    "An empty cell means that the text does not say; never zero.",
    "Each sentence that reports an incident is on the sheet “evidence”; what each column means is on “data dictionary”.",
)
_WIDTHS: Final = {"evidence": 60, "text": 90, "titles": 40, "meaning": 100, "place_name": 20, "perpetrator": 24}


def write_xlsx(path: Path, mapping: Mapping, rows: Iterable[Facts]) -> int:
    """Write the workbook; the same rows give the same bytes. Returns the number of incidents.

    Raises:
        InputError: There are more rows than a sheet holds.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    header = [field.name for field in mapping.fields]
    incidents = _sheet(book, "incidents", header)
    evidence = _sheet(book, "evidence", EVIDENCE)
    counts = {"incidents": 0, "evidence": 0}
    for facts in rows:
        _append(incidents, mapping.cells(facts))
        counts["incidents"] += 1
        for line in _evidence(facts):
            _append(evidence, line)
            counts["evidence"] += 1
        if max(counts.values()) > MAX_ROWS:
            raise InputError(
                f"{path}: more rows than an Excel sheet holds ({MAX_ROWS:,}). Export to duckdb, jsonl or CSV."
            )
    dictionary = _sheet(book, "data dictionary", ("column", "type", "meaning"))
    for field in mapping.fields:
        _append(dictionary, [field.name, field.type, field.meaning])
    about = _sheet(book, "about", ("about",))
    for sentence in ABOUT:
        _append(about, [sentence])
    book.save(path)
    _settle(path)
    return counts["incidents"]


def _sheet(book: Workbook, title: str, header: Iterable[str]) -> WriteOnlyWorksheet:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet: WriteOnlyWorksheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    cells = []
    for number, name in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(name, max(12, len(name) + 2))
        cell = WriteOnlyCell(sheet, value=name)
        cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)
    return sheet


def _append(sheet: WriteOnlyWorksheet, cells: Iterable[Cell]) -> None:
    sheet.append([_text(sheet, cell) if isinstance(cell, str) else cell for cell in cells])


def _text(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell | str:
    """A cell that is text whatever it starts with: typed as a string, and quoted so that editing does not make it a formula."""
    from openpyxl.cell import WriteOnlyCell

    text = without_controls(text)
    if len(text) > MAX_TEXT:
        text = text[: MAX_TEXT - 1] + "…"
    if not starts_formula(text):
        return text
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _evidence(facts: Facts) -> Iterator[list[Cell]]:
    for report in facts.reports:
        article = report["article"]
        told = [facts.row["incident_id"], article["publisher"], article["published_on"], article["title"]]
        told.append(article["url"] or article["source_uri"])
        for piece in report["evidence"]:
            yield [*told, piece["field"], piece["start"], piece["end"], piece["text"]]


def _settle(path: Path) -> None:
    """Take the clock out of the file: the dates of its parts and its properties."""
    epoch = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
    with zipfile.ZipFile(path) as source:
        parts = [(name, source.read(name)) for name in source.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as sink:
        for name, content in parts:
            if name == "docProps/core.xml":
                content = re.sub(
                    rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", epoch.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), content
                )
            part = zipfile.ZipInfo(name, date_time=epoch.timetuple()[:6])
            part.compress_type = zipfile.ZIP_DEFLATED
            sink.writestr(part, content)
