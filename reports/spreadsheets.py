"""CSV and XLSX out: texts, true numbers and true dates; never a formula."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import chain, islice
from types import NoneType
from typing import IO, Any, cast

import xlsxwriter

from models.thai import NBSP, thai_date_short, thai_datetime_short
from reports.sheet_rows import RowsSheet, Writers

Cell = str | int | float | Decimal | date | datetime | None
BOM = "\ufeff"
#: texts that spreadsheet programs take for a formula, spaces before it or not
_FORMULA = re.compile("[ \u00a0\ufeff]*[=+\\-@\t\r\n＝＋－＠]").match
_CREATED = datetime(2018, 11, 9, tzinfo=UTC).replace(tzinfo=None)
_NAME_LIMIT = 31
_NARROWEST, _WIDEST = 8.0, 60.0
#: rows whose texts decide how wide a column is: a sheet is written once, row by row
_LOOKED_AT = 200
#: rows that are written together
_PORTION = 200
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
    written: str | int | float = _IN_CSV[type(cell)](cell)
    return written


def _text(text: str) -> str:
    return f"'{text}" if _FORMULA(text) else text


class _ByType(dict[type, Callable[[Any], Any]]):
    """How a cell is written in CSV, looked up once for each type."""

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        self[kind] = next((write for known, write in _WRITTEN if issubclass(kind, known)), _as_it_is)
        return self[kind]


def _as_it_is(cell: Any) -> Any:
    return cell


#: in this order: a datetime is a date
_WRITTEN: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (NoneType, lambda _nothing: ""),
    (datetime, lambda moment: thai_datetime_short(moment).replace(NBSP, " ")),
    (date, lambda day: thai_date_short(day).replace(NBSP, " ")),
    (Decimal, str),
    (str, _text),
)
_IN_CSV = _ByType()


def csv_stream(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Parts of a CSV file in UTF-8 with a byte order mark, which Excel needs for Thai."""
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write(BOM)
    writer.writerow([harmless(cell) for cell in header])
    for some in _portions(rows):
        writer.writerows(_in_csv(some))
        yield _drain(buffer)
    if buffer.tell():  # heads alone
        yield _drain(buffer)


def _in_csv(rows: Sequence[Sequence[Cell]]) -> Iterable[Sequence[Any]]:
    """The rows with harmless cells: by column, since those of a column are of one type as a rule."""
    if len(set(map(len, rows))) != 1:
        return [[harmless(cell) for cell in row] for row in rows]
    return zip(*map(_column, zip(*rows, strict=True)), strict=True)


def _column(cells: Sequence[Cell]) -> Iterable[Any]:
    kind, *others = set(map(type, cells))
    if others:
        return map(harmless, cells)
    if kind is str and not any(map(_FORMULA, set(cast(Sequence[str], cells)))):
        return cells
    return map(_IN_CSV[kind], cells)


def _portions(rows: Iterable[Sequence[Cell]]) -> Iterator[list[Sequence[Cell]]]:
    rows = iter(rows)
    while some := list(islice(rows, _PORTION)):
        yield some


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
    try:
        for sheet in sheets:
            _write_sheet(book.add_worksheet(_sheet_name(sheet.name), RowsSheet), sheet, looks)
    except BaseException:  # a job that is stopped, too
        for page in book.worksheets():
            page.discard()
        raise
    book.close()


class _Looks:
    """The formats of a workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        cell = {"valign": "top"}
        frame = {"bold": True, "bg_color": "#E8EDF3", "border": 1, "text_wrap": True, "valign": "vcenter"}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.about = book.add_format({"font_color": "#44546A"})
        self.head = book.add_format(frame)
        text = book.add_format({**cell, "num_format": "@", "text_wrap": True})
        whole = book.add_format({**cell, "num_format": "0"})
        decimal = book.add_format({**cell, "num_format": "0.00"})
        day = book.add_format({**cell, "num_format": _DAY, "align": "left"})
        moment = book.add_format({**cell, "num_format": _MOMENT, "align": "left"})
        # in this order: a datetime is a date, a bool is an int
        kinds = {datetime: moment, date: day, str: text, bool: text, int: whole, Decimal: decimal}
        self.writers = Writers(kinds)


def _write_sheet(page: RowsSheet, sheet: Sheet, looks: _Looks) -> None:
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
    for some in chain([first] if first else (), _portions(rows)):
        last = page.write_rows(last + 1, some, looks.writers)
    if sheet.header and last > top:
        page.autofilter(top, 0, last, len(sheet.header) - 1)


def _for_paper(page: RowsSheet, top: int) -> None:
    """A4 across, as wide as the paper, the heads on every page, numbered."""
    page.freeze_panes(top + 1, 0)
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.set_footer("&L&A&Rหน้า &P / &N")


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
