"""The workbook of a year: a sheet for each part with drop-downs, one that explains; faults at their cells.

No cell becomes a formula: every value is written as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

FONT = "TH Sarabun New"
#: rows below the last one that have drop-downs too
SPARE_ROWS = 200
#: what a spreadsheet program takes as a list of words in the rule itself
LONGEST_LIST = 250


@dataclass(frozen=True)
class Head:
    """A column: heading, width in characters, words to choose from, whether its cells must be filled."""

    title: str
    width: int
    choices: Sequence[str] = ()
    needed: bool = False


@dataclass(frozen=True)
class Page:
    """A sheet: its name, what it is for, columns and rows. ``wrong``: faults by row and column (from 0)."""

    name: str
    about: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[str]]
    wrong: Mapping[tuple[int, int], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Words:
    """The texts of the workbook itself."""

    sheet: str
    title: str
    lines: Sequence[str]
    choose: str


def workbook(pages: Sequence[Page], words: Words) -> bytes:
    """The pages in their order, behind the sheet that explains them."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    formats = _formats(book)
    _explain(book.add_worksheet(words.sheet), pages, words, formats)
    for page in pages:
        _write(book.add_worksheet(page.name), page, words.choose, formats)
    book.close()
    return stream.getvalue()


def _explain(sheet: Any, pages: Sequence[Page], words: Words, formats: Mapping[str, Any]) -> None:
    sheet.set_column(0, 0, 26, formats["cell"])
    sheet.set_column(1, 1, 100, formats["cell"])
    sheet.write_string(0, 0, words.title, formats["title"])
    at = 1
    for line in words.lines:
        sheet.merge_range(at, 0, at, 1, line, formats["cell"])
        at += 1
    at += 1
    for place, page in enumerate(pages, start=at):
        sheet.write_url(place, 0, f"internal:'{page.name}'!A1", formats["head"], page.name)
        sheet.write_string(place, 1, page.about, formats["cell"])


def _write(sheet: Any, page: Page, choose: str, formats: Mapping[str, Any]) -> None:
    for at, head in enumerate(page.heads):
        sheet.set_column(at, at, head.width, formats["cell"])
        sheet.write_string(0, at, head.title, formats["needed" if head.needed else "head"])
        if head.choices and len(",".join(head.choices)) <= LONGEST_LIST:
            rule = {
                "validate": "list",
                "source": list(head.choices),
                "input_message": choose[:255],
                "error_type": "warning",
            }
            sheet.data_validation(1, at, len(page.rows) + SPARE_ROWS, at, rule)
    for number, row in enumerate(page.rows):
        for at, text in enumerate(row):
            reason = page.wrong.get((number, at), "")
            if text or reason:
                sheet.write_string(number + 1, at, text, formats["bad" if reason else "cell"])
            if reason:
                sheet.write_comment(number + 1, at, reason)
    # every value is written as text: of numbers that is no mistake to be marked
    sheet.ignore_errors(
        {"number_stored_as_text": f"A1:{xl_col_to_name(len(page.heads) - 1)}{len(page.rows) + SPARE_ROWS}"}
    )
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(page.rows), 1), len(page.heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _formats(book: Any) -> dict[str, Any]:
    plain = {"font_name": FONT, "font_size": 16, "num_format": "@", "text_wrap": True, "valign": "top"}
    head = {**plain, "bold": True, "border": 1}
    return {
        "cell": book.add_format(plain),
        "bad": book.add_format({**plain, "bg_color": "#fdeae8"}),
        "head": book.add_format({**head, "bg_color": "#e9f0f8"}),
        "needed": book.add_format({**head, "bg_color": "#cfe0f3"}),
        "title": book.add_format({**plain, "bold": True, "font_size": 20, "text_wrap": False}),
    }
