"""Workbooks of a roster: the form to fill, and the rows that need mending with a note at each fault.

No cell becomes a formula: every value is written as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter

FONT = "TH Sarabun New"
#: rows of the form in which a group can be picked from the list
ROWS_WITH_CHOICE = 5000
WIDTHS = {"number": 8, "name": 32, "organisation": 36, "group": 36, "phone": 18, "email": 28}


@dataclass(frozen=True)
class Words:
    """The texts of the workbook, in the reader's language."""

    sheet: str
    notes_sheet: str
    notes: Sequence[str]
    hints: Mapping[str, str]


def form(
    columns: Mapping[str, str], groups: Sequence[str], words: Words, *, example: Mapping[str, str]
) -> bytes:
    """The form: a heading per column, a row as an example, the groups to pick from, and a sheet of notes.

    Each column has its hint, shown beside the cell that is being filled in.
    """
    stream, book = _book()
    sheet = _sheet(book, words.sheet, columns)
    grey = book.add_format(
        {"font_name": FONT, "font_size": 16, "num_format": "@", "italic": True, "font_color": "#5b6b7c"}
    )
    for at, column in enumerate(columns):
        sheet.write_string(1, at, example.get(column, ""), grey)
    notes = book.add_worksheet(words.notes_sheet)
    plain = book.add_format({"font_name": FONT, "font_size": 16, "text_wrap": True, "valign": "top"})
    notes.set_column(0, 0, 100)
    for place, text in enumerate([*words.notes, "", *groups]):
        notes.write_string(place, 0, text, plain)
    first = len(words.notes) + 2
    source = f"='{words.notes_sheet}'!$A${first}:$A${first + len(groups) - 1}"
    for at, column in enumerate(columns):
        rule = {"validate": "list", "source": source} if column == "group" else {"validate": "any"}
        hint = {"input_message": words.hints.get(column, "")[:255], "error_type": "warning"}
        if column == "group" or column in words.hints:
            sheet.data_validation(1, at, ROWS_WITH_CHOICE, at, {**rule, **hint})
    return _bytes(stream, book)


def faults(
    columns: Mapping[str, str],
    rows: Iterable[tuple[int, Mapping[str, str], Mapping[str, str]]],
    *,
    sheet_name: str,
    row_heading: str,
) -> bytes:
    """Faulty rows (number in the file, cells, fault by column): the cell is coloured, the fault is its note.

    The columns of the form come first, so that the mended workbook can be sent as it is.
    """
    stream, book = _book()
    last = len(columns)
    sheet = _sheet(book, sheet_name, {**columns, "": row_heading})
    text = book.add_format({"font_name": FONT, "font_size": 16, "num_format": "@"})
    bad = book.add_format({"font_name": FONT, "font_size": 16, "num_format": "@", "bg_color": "#fdeae8"})
    for place, (number, cells, wrong) in enumerate(rows, start=1):
        for at, column in enumerate(columns):
            sheet.write_string(place, at, cells.get(column, ""), bad if column in wrong else text)
            if column in wrong:
                sheet.write_comment(place, at, wrong[column])
        sheet.write_string(place, last, str(number), text)
    return _bytes(stream, book)


def _book() -> tuple[BytesIO, Any]:
    stream = BytesIO()
    return stream, xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )


def _sheet(book: Any, name: str, columns: Mapping[str, str]) -> Any:
    sheet = book.add_worksheet(name)
    head = book.add_format(
        {"font_name": FONT, "font_size": 16, "bold": True, "bg_color": "#e9f0f8", "border": 1}
    )
    as_text = book.add_format({"font_name": FONT, "font_size": 16, "num_format": "@"})
    for at, (column, heading) in enumerate(columns.items()):
        # a text column keeps the leading zero of a telephone number
        sheet.set_column(at, at, WIDTHS.get(column, 14), as_text)
        sheet.write_string(0, at, heading, head)
    sheet.freeze_panes(1, 0)
    return sheet


def _bytes(stream: BytesIO, book: Any) -> bytes:
    book.close()
    return stream.getvalue()
