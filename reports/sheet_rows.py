"""Rows of a sheet in constant memory, a portion at a time: the cells' XML without an object for each.

The library keeps rows of a sheet that is written once in a file of its own, as the XML that they will be, and
makes six objects and calls of every cell on the way. A list of a million rows cannot wait for that: here the
same XML is put there by the portion, and the library does all the rest (styles, heads, paper, the package).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import _preserve_whitespace, xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from models.zone import BANGKOK

#: the most rows that a sheet can hold, and signs that a cell can
LARGEST_SHEET, LONGEST_TEXT = 1_048_576, 32_767
#: different texts of a sheet whose XML is kept
_TEXTS = 20_000
#: where a spreadsheet program begins to count days, in whole days
_EPOCH, _DAY = datetime(1899, 12, 30), timedelta(days=1)  # noqa: DTZ001 - a sheet knows no zone
Write = Callable[[Any], str]


class RowsSheet(Worksheet):
    """A sheet of a workbook in constant memory that takes portions of rows below what it has."""

    def write_rows(self, number: int, rows: Sequence[Sequence[Any]], writers: Writers) -> int:
        """Write rows from a row's number on (from 0); gives the number of the last one.

        What a sheet cannot hold is left out. Nothing can be written above these rows afterwards.
        """
        rows = rows[: LARGEST_SHEET - number]
        last = number + len(rows) - 1
        letters = [xl_col_to_name(column) for column in range(max(map(len, rows), default=0))]
        self._check_dimensions(last, max(0, len(letters) - 1))
        self._write_single_row(last)  # the heads wait in memory until a row below them comes
        self.row_data_fh.write("".join(_lines(number + 1, rows, letters, writers)))
        return last

    def discard(self) -> None:
        """Delete the file of the rows, of a workbook that is not finished."""
        self.row_data_fh.close()
        Path(self.row_data_filename).unlink(missing_ok=True)


def _lines(number: int, rows: Sequence[Sequence[Any]], letters: Sequence[str], writers: Writers) -> list[str]:
    lines = []
    for place, row in enumerate(rows, start=number):
        cells = [
            f'<c r="{letter}{place}{writers[type(cell)](cell)}'
            for letter, cell in zip(letters, row, strict=False)
            if cell is not None and cell != ""
        ]
        lines.append(f'<row r="{place}">{"".join(cells)}</row>')
    return lines


class Writers(dict[type, Write]):
    """What follows the address of a cell, by the type of its value; looked up once for a type of a kind."""

    def __init__(self, looks: Mapping[type, Format]) -> None:
        """``looks``: the format of each kind of value, a kind before those that it is a kind of."""
        super().__init__()
        make = {datetime: _moments, date: _days, str: _texts, bool: _texts, int: _numbers, Decimal: _numbers}
        self._kinds = [(kind, make[kind](look._get_xf_index())) for kind, look in looks.items()]

    def __missing__(self, kind: type) -> Write:
        written = (write for known, write in self._kinds if issubclass(kind, known))
        self[kind] = next(written, self._kinds[-1][1])
        return self[kind]


def _texts(style: int) -> Write:
    sheet = Worksheet()  # for its own way of escaping

    @lru_cache(_TEXTS)
    def write(text: Any) -> str:
        text = str(text)[:LONGEST_TEXT]
        space = ' xml:space="preserve"' if _preserve_whitespace(text) else ""
        text = sheet._escape_data(sheet._escape_control_characters(text))
        return f'" s="{style}" t="inlineStr"><is><t{space}>{text}</t></is></c>'

    return write


def _numbers(style: int) -> Write:
    def write(number: Any) -> str:
        number = float(number)
        if not isfinite(number):
            raise ValueError("a sheet holds finite numbers alone")
        return f'" s="{style}"><v>{number:.16G}</v></c>'

    return write


def _moments(style: int) -> Write:
    def write(moment: datetime) -> str:
        local = moment.astimezone(BANGKOK).replace(tzinfo=None, microsecond=0)
        return f'" s="{style}"><v>{(local - _EPOCH) / _DAY:.16G}</v></c>'

    return write


def _days(style: int) -> Write:
    def write(day: date) -> str:
        return f'" s="{style}"><v>{day.toordinal() - _EPOCH.toordinal()}</v></c>'

    return write
