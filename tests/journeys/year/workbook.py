"""NACC's workbook of the new year: 28 items of made-up words in place of the 48 of the old round."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook
from playwright.sync_api import FilePayload

ITEMS, INSTRUMENTS = "ข้อ OIT", "เครื่องมือประเมิน"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: the last item is asked of this kind only
KINDS_COLUMN, ONE_KIND = 6, "องค์การบริหารส่วนตำบล"
#: of each sub-indicator: one item as it was, one in other words, two that are new
OF_EACH = 4
#: what an item says that the old round has in other words, and one that it has not
OTHER_WORDS, NEW = "{} (ถ้อยคำสมมุติ)", "หัวข้อสมมุติที่ {}: เรื่องที่แต่งขึ้นเพื่อการทดลอง"


def opened(content: bytes) -> Workbook:
    """The workbook as a spreadsheet program shows it."""
    return openpyxl.load_workbook(BytesIO(content))


def sent(book: Workbook) -> FilePayload:
    """The workbook as it is saved and chosen on the page."""
    stream = BytesIO()
    book.save(stream)
    return {"name": "ร่างปี 2568.xlsx", "mimeType": XLSX, "buffer": stream.getvalue()}


def shorten_the_checklist(book: Workbook) -> list[tuple[str, str]]:
    """Write the new items over the old ones; gives code and sub-indicator of each. The last asks one kind."""
    sheet: Any = book[ITEMS]
    titles: dict[str, list[str]] = {}
    for code, place, title, *_rest in sheet.iter_rows(min_row=2, values_only=True):
        if code:
            titles.setdefault(str(place), []).append(str(title))
    sheet.delete_rows(2, sheet.max_row)
    made: list[tuple[str, str]] = []
    for place, old in titles.items():
        for number in range(OF_EACH):
            code = f"O{len(made) + 1}"
            words = (old[0], OTHER_WORDS.format(old[1]))
            title = words[number] if number < len(words) else NEW.format(len(made) + 1)
            sheet.append([code, place, title, f"เกณฑ์สมมุติของข้อ {code}"])
            made.append((code, place))
    sheet.cell(sheet.max_row, KINDS_COLUMN).value = ONE_KIND
    return made


def weigh_oit(book: Workbook, weight: int) -> None:
    """Give OIT another weight."""
    sheet: Any = book[INSTRUMENTS]
    row = next(row for row in sheet.iter_rows(min_row=2) if str(row[0].value).upper() == "OIT")
    row[2].value = weight


def misplace(book: Workbook, code: str, place: str) -> str:
    """Let an item name a sub-indicator that there is not; gives the one that stood there."""
    sheet: Any = book[ITEMS]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == code)
    before, row[1].value = str(row[1].value), place
    return before
