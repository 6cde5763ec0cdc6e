"""CSV and XLSX out: texts, true numbers and true dates; never a formula."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import chain, islice
from typing import IO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from models.thai import NBSP, thai_date_short, thai_datetime_short
from models.zone import BANGKOK

Cell = str | int | float | Decimal | date | datetime | None
BOM = "\ufeff"
#: the most rows that a sheet can hold
LARGEST_SHEET = 1_048_576
#: characters with which spreadsheet programs take a text for a formula
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CREATED = datetime(2018, 11, 9, tzinfo=UTC).replace(tzinfo=None)
_NAME_LIMIT = 31
_NARROWEST, _WIDEST = 8.0, 60.0
#: rows whose texts decide how wide a column is: a sheet is written once, row by row
_LOOKED_AT = 200
#: days of the Buddhist era, as the spreadsheet program shows a true date
_DAY, _MOMENT = "[$-107041E]d mmm yyyy", "[$-107041E]d mmm yyyy hh:mm"


@dataclass(frozen=True)
class Sheet:
    """One sheet: a name, Thai heads, rows of typed cells (consumed once), widths in characters.

    ``about``: lines above the heads, the first is the title: what the list is, of when, and how narrowed. A
    sheet that is meant to be read in again has none: its heads are its first row.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[float] = ()
    about: Sequence[str] = ()


def harmless(cell: Cell) -> str | int | float:
    """The cell of a CSV file: words, plain numbers; what would be a formula gets an apostrophe before it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return thai_datetime_short(cell).replace(NBSP, " ")
    if isinstance(cell, date):
        return thai_date_short(cell).replace(NBSP, " ")
    if isinstance(cell, Decimal):
        return str(cell)
    if isinstance(cell, str) and cell.lstrip(" \u00a0\ufeff").startswith(_FORMULA_STARTS):
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
    """Write a workbook row by row (constant memory): title, frozen heads with filters, typed cells, for A4.

    Texts stay texts as they are typed: they are written as strings, which no program takes for a formula.
    """
    book = xlsxwriter.Workbook(
        target,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False},
    )
    book.set_properties({"created": _CREATED})
    looks = _Looks(book)
    for sheet in sheets:
        _write_sheet(book.add_worksheet(_sheet_name(sheet.name)), sheet, looks)
    book.close()


class _Looks:
    """The formats of a workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        cell = {"valign": "top"}
        frame = {"bold": True, "bg_color": "#E8EDF3", "border": 1, "text_wrap": True, "valign": "vcenter"}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.about = book.add_format({"font_color": "#44546A"})
        self.head = book.add_format(frame)
        self.text = book.add_format({**cell, "num_format": "@", "text_wrap": True})
        self.whole = book.add_format({**cell, "num_format": "0"})
        self.decimal = book.add_format({**cell, "num_format": "0.00"})
        self.day = book.add_format({**cell, "num_format": _DAY, "align": "left"})
        self.moment = book.add_format({**cell, "num_format": _MOMENT, "align": "left"})


def _write_sheet(page: Worksheet, sheet: Sheet, looks: _Looks) -> None:
    top = len(sheet.about)
    rows = iter(sheet.rows)
    first = list(islice(rows, _LOOKED_AT))
    _for_paper(page, top)
    for column in range(len(sheet.header)):
        page.set_column(column, column, _width(sheet, column, first))
    for row, line in enumerate(sheet.about):
        page.write_string(row, 0, line, looks.about if row else looks.title)
    for column, name in enumerate(sheet.header):
        page.write_string(top, column, name, looks.head)
    last = top
    for last, cells in enumerate(chain(first, rows), start=top + 1):
        _write_row(page, last, cells, looks)
    if sheet.header and last > top:
        page.autofilter(top, 0, last, len(sheet.header) - 1)


def _for_paper(page: Worksheet, top: int) -> None:
    """A4 across, as wide as the paper, the heads on every page, numbered."""
    page.freeze_panes(top + 1, 0)
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.set_footer("&L&A&Rหน้า &P / &N")


def _write_row(page: Worksheet, number: int, row: Sequence[Cell], looks: _Looks) -> None:
    for column, cell in enumerate(row):
        if cell is None or cell == "":
            continue
        if isinstance(cell, datetime):
            local = cell.astimezone(BANGKOK).replace(tzinfo=None, microsecond=0)
            page.write_datetime(number, column, local, looks.moment)
        elif isinstance(cell, date):
            page.write_datetime(number, column, cell, looks.day)
        elif isinstance(cell, bool | str):
            page.write_string(number, column, str(cell), looks.text)
        elif isinstance(cell, int):
            page.write_number(number, column, cell, looks.whole)
        else:
            page.write_number(number, column, float(cell), looks.decimal)


def _width(sheet: Sheet, column: int, rows: Sequence[Sequence[Cell]]) -> float:
    """As wide as the longest text of the first rows asks for, within limits; longer ones wrap."""
    if column < len(sheet.widths):
        return sheet.widths[column]
    cells = [row[column] for row in rows if column < len(row)]
    texts = (20 if isinstance(cell, datetime) else _seen(str(cell)) for cell in cells if cell is not None)
    return min(_WIDEST, max(_NARROWEST, _seen(sheet.header[column]) / 2, *texts, 0) + 2)


def _seen(text: str) -> int:
    """How many places a text takes: marks above and below a Thai letter take none."""
    return sum(1 for letter in text if unicodedata.category(letter) != "Mn")


def _sheet_name(name: str) -> str:
    for sign in "[]:*?/\\":
        name = name.replace(sign, " ")
    return name.strip("' ")[:_NAME_LIMIT] or "Sheet"


def xlsx_bytes(sheets: Iterable[Sheet]) -> bytes:
    """A workbook as bytes."""
    out = BytesIO()
    write_xlsx(sheets, out)
    return out.getvalue()
