"""Tables as files: CSV that spreadsheets open in Thai, and XLSX. No cell of either ever becomes a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

#: what a spreadsheet would take for a formula at the beginning of a CSV cell
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BOM = "\ufeff"
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its name, the words above the columns, the rows."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Any]]


def csv_stream(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A CSV file row by row, with the mark by which Excel knows UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(_BOM)
    writer.writerow([_harmless(cell) for cell in header])
    yield _taken(buffer)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
        yield _taken(buffer)


def xlsx_bytes(sheets: Iterable[Sheet]) -> bytes:
    """A workbook. Rows are written as they come, so that a long one takes little memory."""
    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for sheet in sheets:
            page = book.add_worksheet(_NOT_IN_A_NAME.sub(" ", sheet.title)[:_LONGEST_NAME].strip() or "1")
            page.freeze_panes(1, 0)
            for column, words in enumerate(sheet.header):
                page.set_column(column, column, max(12, min(40, len(words) + 4)))
                page.write_string(0, column, words, bold)
            for number, row in enumerate(sheet.rows, 1):
                for column, cell in enumerate(row):
                    _write(page, number, column, cell)
    return target.getvalue()


def _write(page: Any, number: int, column: int, cell: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        page.write_number(number, column, cell)
    else:
        page.write_string(number, column, str(cell))


def _harmless(cell: Any) -> Any:
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
