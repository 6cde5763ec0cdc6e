"""Uploaded tables (CSV or workbook) as plain text: a header, and rows with their numbers in the sheet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from models.thai import one_line
from portal.core.imports import headings
from portal.core.imports.delimited import read_delimited
from portal.core.imports.errors import NoHeader, TooMuch, UnknownFormat
from portal.core.imports.headings import normal
from portal.core.imports.notes import Note
from portal.core.imports.workbook import Limits, is_workbook, read_workbook

__all__ = ["LARGEST_FILE", "Note", "Row", "Table", "normal", "read_table"]

LARGEST_FILE = 10 * 1024 * 1024
#: so many columns without use are named; a file with more is another kind of file
MOST_NAMED = 12


@dataclass(frozen=True)
class Row:
    """One row by the names of its columns; columns that the file lacks are empty."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Table:
    """A read file. ``columns`` are the known columns that it has, by the letter of the sheet.

    ``sha256`` is of the file as it was sent; ``sheet`` is the name of the sheet of a workbook that was read;
    ``notes`` are for the reader.
    """

    name: str
    sha256: str
    columns: Mapping[str, str]
    rows: tuple[Row, ...]
    notes: tuple[Note, ...] = field(default=())
    sheet: str = ""

    def to_json(self) -> bytes:
        """The table as it is kept between the dry run and the import."""
        kept = {
            "name": self.name,
            "sha256": self.sha256,
            "columns": dict(self.columns),
            "rows": [[row.number, dict(row.cells)] for row in self.rows],
            "notes": [[note.text, dict(note.values)] for note in self.notes],
            "sheet": self.sheet,
        }
        return json.dumps(kept, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, kept: bytes) -> Table:
        """The table that ``to_json`` kept."""
        data = json.loads(kept)
        rows = tuple(Row(number, cells) for number, cells in data["rows"])
        notes = tuple(Note(text, values) for text, values in data["notes"])
        return cls(data["name"], data["sha256"], data["columns"], rows, notes, data["sheet"])


#: the columns of rows that no row names, by their places
Order = Callable[[headings.Rows], Mapping[int, str]]


def read_table(
    content: bytes,
    name: str,
    *,
    names: Mapping[str, tuple[str, ...]],
    limits: Limits | None = None,
    order: Order | None = None,
) -> Table:
    """Read an uploaded file. ``names`` gives for each column the names it may have, the shown one first.
    ``order`` is asked where no row names the columns; without it such a file is refused.

    Every text is in its normal form (``models/thai.py``). A column of the file that is not known is named in
    a note. Raises UnreadableFile (its kinds say why): too large, unknown format, unsafe workbook, no header.
    """
    limits = limits or Limits()
    if not content:
        raise UnknownFormat("The file is empty")
    if len(content) > LARGEST_FILE:
        raise TooMuch("The file is larger than %(size)s MB", size=LARGEST_FILE // 1024 // 1024)
    sheet, rows, notes = _rows(content, limits, names)
    rows = [(number, [one_line(cell.replace("\0", "")) for cell in cells]) for number, cells in rows]
    head = headings.find(rows, names)
    if head is None and order is not None and rows:
        head = (-1, dict(order(rows)))
        notes = (*notes, _in_order(names, head[1]))
    if head is None:
        shown = ", ".join(all_names[0] for all_names in names.values())
        raise NoHeader("No row names the columns. The first row must hold: %(columns)s", columns=shown)
    place, columns = head
    body = [
        Row(number, {column: cells[at] for at, column in columns.items() if at < len(cells) and cells[at]})
        for number, cells in rows[place + 1 :]
    ]
    return Table(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        columns={column: letter(at) for at, column in columns.items()},
        rows=tuple(row for row in body if row.cells),
        notes=(*notes, *_unused(rows, place, columns)),
        sheet=sheet,
    )


def _rows(
    content: bytes, limits: Limits, names: headings.Names
) -> tuple[str, list[tuple[int, list[str]]], tuple[Note, ...]]:
    if is_workbook(content):
        read = read_workbook(content, limits, names)
        return read.sheet, read.rows, read.notes
    rows, notes = read_delimited(content, limits)
    return "", rows, notes


def _in_order(names: headings.Names, columns: Mapping[int, str]) -> Note:
    words = {"columns": " · ".join(names[column][0] for column in columns.values())}
    return Note("No row names the columns: they were read in this order: %(columns)s", words)


def _unused(rows: list[tuple[int, list[str]]], place: int, columns: Mapping[int, str]) -> tuple[Note, ...]:
    """What the file holds and nobody reads: each column by its letter and heading."""
    head = rows[place][1] if place >= 0 else []
    filled = {at for _number, cells in rows[place + 1 :] for at, cell in enumerate(cells) if cell}
    titled = {at for at, cell in enumerate(head) if cell}
    left = sorted((filled | titled) - set(columns))
    if not left:
        return ()
    named = [f"{letter(at)} {head[at]}".strip() if at < len(head) else letter(at) for at in left[:MOST_NAMED]]
    more = ["…"] if len(left) > MOST_NAMED else []
    return (
        Note("Columns that are not known were left out: %(columns)s", {"columns": " · ".join(named + more)}),
    )


def letter(at: int) -> str:
    """The letter that a spreadsheet program gives a column: 0 is A."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
