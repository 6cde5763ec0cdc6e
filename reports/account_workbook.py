"""The workbook of accounts that an office fills: a row per agency and role, columns only to read are shaded.

No cell becomes a formula: every value is written as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter

FONT = "TH Sarabun New"
WIDTHS = {"agency": 36, "district": 18, "role": 22, "username": 24, "name": 32, "position": 32, "email": 28}

#: letters of the choices that a cell itself holds; more stand on a hidden sheet
LONGEST_LIST = 255


@dataclass(frozen=True)
class Words:
    """The texts of the workbook, in the reader's language."""

    sheet: str
    notes_sheet: str
    notes: Sequence[str]
    choose: str


def workbook(
    columns: Mapping[str, str],
    rows: Iterable[Sequence[str]],
    words: Words,
    *,
    to_fill: Set[str],
    choices: Mapping[str, Sequence[str]],
) -> bytes:
    """The rows under their headings; ``choices`` are what a column is picked from."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet, formats = book.add_worksheet(words.sheet), _formats(book)
    for at, (column, heading) in enumerate(columns.items()):
        sheet.set_column(at, at, WIDTHS.get(column, 16), formats["fill" if column in to_fill else "read"])
        sheet.write_string(0, at, heading, formats["head"])
    last = 0
    for last, row in enumerate(rows, start=1):
        for at, (column, text) in enumerate(zip(columns, row, strict=True)):
            sheet.write_string(last, at, text, formats["fill" if column in to_fill else "read"])
    for column, options in choices.items():
        at = list(columns).index(column)
        source = list(options) if len(",".join(options)) <= LONGEST_LIST else _listed(book, options)
        rule = {"validate": "list", "source": source, "input_message": words.choose[:255]}
        sheet.data_validation(1, at, max(last, 1) + 200, at, rule)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
    notes = book.add_worksheet(words.notes_sheet)
    notes.set_column(0, 0, 100)
    for place, text in enumerate(words.notes):
        notes.write_string(place, 0, text, formats["note"])
    book.close()
    return stream.getvalue()


def faults(
    columns: Mapping[str, str],
    rows: Iterable[tuple[int, Mapping[str, str], Mapping[str, str]]],
    *,
    sheet_name: str,
    row_heading: str,
) -> bytes:
    """Faulty rows (number in the file, cells, fault by column): a cell is coloured, its fault is a note.

    The columns come first, so that the mended workbook can be sent as it is.
    """
    stream = BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet, formats = book.add_worksheet(sheet_name), _formats(book)
    for at, (column, heading) in enumerate({**columns, "": row_heading}.items()):
        sheet.set_column(at, at, WIDTHS.get(column, 16), formats["fill"])
        sheet.write_string(0, at, heading, formats["head"])
    for place, (number, cells, wrong) in enumerate(rows, start=1):
        for at, column in enumerate(columns):
            sheet.write_string(
                place, at, cells.get(column, ""), formats["bad" if column in wrong else "fill"]
            )
            if column in wrong:
                sheet.write_comment(place, at, wrong[column])
        sheet.write_string(place, len(columns), str(number), formats["fill"])
    sheet.freeze_panes(1, 0)
    book.close()
    return stream.getvalue()


def _listed(book: Any, options: Sequence[str]) -> str:
    """The choices on a hidden sheet of their own; gives how a cell refers to them."""
    name = f"list{len(book.worksheets())}"
    sheet = book.add_worksheet(name)
    for place, text in enumerate(options):
        sheet.write_string(place, 0, text)
    sheet.hide()
    return f"={name}!$A$1:$A${max(len(options), 1)}"


def _formats(book: Any) -> dict[str, Any]:
    plain = {"font_name": FONT, "font_size": 16, "num_format": "@"}
    return {
        # a text column keeps the leading zero of a telephone number
        "fill": book.add_format(plain),
        "read": book.add_format({**plain, "bg_color": "#f0f2f5"}),
        "bad": book.add_format({**plain, "bg_color": "#fdeae8"}),
        "head": book.add_format({**plain, "bold": True, "bg_color": "#e9f0f8", "border": 1}),
        "note": book.add_format({**plain, "text_wrap": True, "valign": "top"}),
    }
