"""Workbooks as people and strangers send them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import openpyxl

Rows = Sequence[Sequence[Any]]


def workbook_of(sheets: dict[str, Rows], *, hidden: Sequence[str] = ()) -> bytes:
    """A workbook of these sheets in their order."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_parts_changed(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The workbook with every part as ``change`` (name, body) gives it."""
    stream = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    return stream.getvalue()
