"""CSV and XLSX out: every cell is text or a number, never a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import IO

import xlsxwriter

Cell = str | int | float | None
BOM = "\ufeff"
#: characters with which spreadsheet programs take a text for a formula
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CREATED = datetime(2018, 11, 9, tzinfo=UTC).replace(tzinfo=None)
_NAME_LIMIT = 31


@dataclass(frozen=True)
class Sheet:
    """One sheet: a name, Thai heads, rows of texts and numbers (consumed once), widths in characters."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[float] = ()


def harmless(cell: Cell) -> str | int | float:
    """The cell as a spreadsheet may have it: a text that would be a formula gets an apostrophe before it."""
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.lstrip(" \u00a0\ufeff").startswith(_FORMULA_STARTS):
        return f"'{cell}"
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell


def csv_stream(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Parts of a CSV file in UTF-8 with a byte order mark, which Excel needs for Thai."""
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write(BOM)
    writer.writerow([harmless(cell) for cell in header])
    for number, row in enumerate(rows, start=1):
        writer.writerow([harmless(cell) for cell in row])
        if number % 200 == 0:
            yield _drain(buffer)
    yield _drain(buffer)


def _drain(buffer: StringIO) -> bytes:
    content = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return content


def write_xlsx(sheets: Iterable[Sheet], target: IO[bytes]) -> None:
    """Write a workbook row by row (constant memory) with frozen, filtered heads.

    Texts stay texts as they are typed: they are written as strings, which no program takes for a formula.
    """
    book = xlsxwriter.Workbook(
        target,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False},
    )
    book.set_properties({"created": _CREATED})
    head = book.add_format(
        {"bold": True, "bg_color": "#E8EDF3", "border": 1, "text_wrap": True, "valign": "vcenter"}
    )
    text = book.add_format({"num_format": "@", "valign": "top"})
    for sheet in sheets:
        page = book.add_worksheet(_sheet_name(sheet.name))
        page.freeze_panes(1, 0)
        for column in range(len(sheet.header)):
            page.set_column(column, column, _width(sheet, column))
        for column, name in enumerate(sheet.header):
            page.write_string(0, column, name, head)
        last = 0
        for last, row in enumerate(sheet.rows, start=1):
            _write_row(page, last, row, text)
        if sheet.header and last:
            page.autofilter(0, 0, last, len(sheet.header) - 1)
    book.close()


def _write_row(page: xlsxwriter.worksheet.Worksheet, number: int, row: Sequence[Cell], text: object) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            page.write_number(number, column, cell)
        elif cell is not None:
            page.write_string(number, column, str(cell), text)


def _width(sheet: Sheet, column: int) -> float:
    if column < len(sheet.widths):
        return sheet.widths[column]
    return float(min(40, max(12, len(sheet.header[column]) + 4)))


def _sheet_name(name: str) -> str:
    for sign in "[]:*?/\\":
        name = name.replace(sign, " ")
    return name.strip("' ")[:_NAME_LIMIT] or "Sheet"


def xlsx_bytes(sheets: Iterable[Sheet]) -> bytes:
    """A workbook as bytes."""
    out = BytesIO()
    write_xlsx(sheets, out)
    return out.getvalue()
