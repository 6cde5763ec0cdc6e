"""Any table that somebody sends: its headings and rows as they are, whatever it is of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.thai import one_line
from portal.core.imports.delimited import read_delimited
from portal.core.imports.errors import NoHeader, TooMuch, UnknownFormat
from portal.core.imports.spreadsheet import LARGEST_FILE, letter
from portal.core.imports.workbook import Limits, is_workbook, read_sheets


@dataclass(frozen=True)
class ForeignTable:
    """A table as it was sent: its headings, and its rows by their number and heading."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]

    def values(self, heading: str, most: int = 60) -> tuple[str, ...]:
        """What a column says, each once, in the order of the rows."""
        return tuple(dict.fromkeys(cells.get(heading, "") for _number, cells in self.rows))[:most]


def read_foreign(content: bytes, limits: Limits | None = None) -> ForeignTable:
    """Read the first filled sheet of a workbook, or a CSV file; its first filled row names the columns.

    A column without a name is called by its letter. Raises UnreadableFile.
    """
    limits = limits or Limits()
    if not content:
        raise UnknownFormat("The file is empty")
    if len(content) > LARGEST_FILE:
        raise TooMuch("The file is larger than %(size)s MB", size=LARGEST_FILE // 1024 // 1024)
    rows = _rows(content, limits)
    if len(rows) < 2:
        raise NoHeader("The file has a heading and no rows below it")
    headings = _headings(max(rows, key=lambda row: len(row[1]))[1], rows[0][1])
    body = (
        (number, {heading: cells[at] for at, heading in enumerate(headings) if at < len(cells) and cells[at]})
        for number, cells in rows[1:]
    )
    return ForeignTable(headings, tuple((number, cells) for number, cells in body if cells))


def _rows(content: bytes, limits: Limits) -> list[tuple[int, list[str]]]:
    if is_workbook(content):
        return next((sheet.rows for sheet in read_sheets(content, limits) if len(sheet.rows) > 1), [])
    rows, _notes = read_delimited(content, limits)
    return rows


def _headings(widest: list[str], first: list[str]) -> tuple[str, ...]:
    """The names of the columns, each once."""
    found: list[str] = []
    for at in range(len(widest)):
        name = one_line(first[at]) if at < len(first) else ""
        found.append(name if name and name not in found else f"{name} ({letter(at)})".strip())
    return tuple(found)
