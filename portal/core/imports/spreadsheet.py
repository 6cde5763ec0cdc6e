"""Uploaded tables (CSV or XLSX) as plain text: a header and rows with the numbers they have in the sheet."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models.thai import normal_form, one_line
from portal.core.imports.errors import NoHeader, TooMuch, UnknownFormat
from portal.core.imports.workbook import Limits, read_workbook

LARGEST_FILE = 10 * 1024 * 1024
#: the header stands in one of the first filled rows: people put a title above it
HEADER_WITHIN = 10
_DELIMITERS = ",;\t|"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
#: what a column's name may differ by
_NOISE = re.compile(r"[\s_\-–./()*:]+")

SAVED_AS_THAI_WINDOWS = (
    "The file was not in UTF-8: it was read as Thai Windows text (TIS-620), look at the names"
)
ONE_SHEET_READ = "The workbook has several sheets: the first one with anything in it was read"


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

    ``sha256`` is of the file as it was sent; ``notes`` are English message ids for the reader.
    """

    name: str
    sha256: str
    columns: Mapping[str, str]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    def to_json(self) -> bytes:
        """The table as it is kept between the dry run and the import."""
        rows = [[row.number, dict(row.cells)] for row in self.rows]
        kept = {"name": self.name, "sha256": self.sha256, "columns": dict(self.columns), "rows": rows}
        return json.dumps({**kept, "notes": list(self.notes)}, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, kept: bytes) -> Table:
        """The table that ``to_json`` kept."""
        data = json.loads(kept)
        rows = tuple(Row(number, cells) for number, cells in data["rows"])
        return cls(data["name"], data["sha256"], data["columns"], rows, tuple(data["notes"]))


def read_table(
    content: bytes, name: str, *, names: Mapping[str, tuple[str, ...]], limits: Limits | None = None
) -> Table:
    """Read an uploaded file. ``names`` gives for each column the names it may have, the shown one first.

    Raises UnreadableFile (its kinds say why): too large, unknown format, unsafe workbook, no header.
    """
    limits = limits or Limits()
    if not content:
        raise UnknownFormat("The file is empty")
    if len(content) > LARGEST_FILE:
        raise TooMuch("The file is larger than %(size)s MB", size=LARGEST_FILE // 1024 // 1024)
    rows, notes = _rows(content, limits)
    rows = [(number, [one_line(cell.replace("\0", "")) for cell in cells]) for number, cells in rows]
    if len(rows) > limits.rows:
        raise TooMuch(
            "The sheet has more than %(rows)s rows or %(columns)s columns: send it in parts",
            rows=limits.rows,
            columns=limits.columns,
        )
    place, columns = _header(rows, names)
    body = (
        Row(number, {column: cells[at] for at, column in columns.items() if at < len(cells) and cells[at]})
        for number, cells in rows[place + 1 :]
    )
    return Table(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        columns={column: _letter(at) for at, column in columns.items()},
        rows=tuple(row for row in body if row.cells),
        notes=notes,
    )


def _rows(content: bytes, limits: Limits) -> tuple[list[tuple[int, list[str]]], tuple[str, ...]]:
    if content[:2] == b"PK":
        rows, sheets = read_workbook(content, limits)
        return rows, (ONE_SHEET_READ,) if sheets > 1 else ()
    if content[:4] == _OLD_OFFICE:
        raise UnknownFormat(
            "This is an old .xls file or one with a password: save it as .xlsx and send that file"
        )
    text, notes = decoded(content)
    return list(_csv_rows(text, limits)), notes


def decoded(content: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a CSV file and what is to be said about it. Raises UnknownFormat for anything but text."""
    encodings: tuple[str, ...] = ("utf-8-sig", "cp874")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ("utf-16",)
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text, (SAVED_AS_THAI_WINDOWS,) if encoding == "cp874" else ()
    raise UnknownFormat("The file is neither a table of text (.csv) nor a workbook (.xlsx)")


def _csv_rows(text: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text), strict=False)
    try:
        for number, cells in enumerate(reader, start=1):
            if number > limits.rows + 20 or len(cells) > limits.columns:
                raise TooMuch(
                    "The sheet has more than %(rows)s rows or %(columns)s columns: send it in parts",
                    rows=limits.rows,
                    columns=limits.columns,
                )
            stripped = [cell.strip()[: limits.cell] for cell in cells]
            if any(stripped):
                yield number, stripped
    except csv.Error as error:
        raise UnknownFormat("The file is neither a table of text (.csv) nor a workbook (.xlsx)") from error


def _delimiter(text: str) -> str:
    """The sign that parts the first lines into the most columns."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:HEADER_WITHIN]
    return max(
        _DELIMITERS, key=lambda sign: max((len(row) for row in csv.reader(lines, delimiter=sign)), default=0)
    )


def _header(
    rows: list[tuple[int, list[str]]], names: Mapping[str, tuple[str, ...]]
) -> tuple[int, dict[int, str]]:
    """The place of the header row, and which column stands at which place."""
    known = {normal(name): column for column, all_names in names.items() for name in (column, *all_names)}
    best: tuple[int, dict[int, str]] = (0, {})
    for place, (_number, cells) in enumerate(rows[:HEADER_WITHIN]):
        found: dict[int, str] = {}
        for at, cell in enumerate(cells):
            column = known.get(normal(cell))
            if column is not None and column not in found.values():
                found[at] = column
        if len(found) > len(best[1]):
            best = (place, found)
    if len(best[1]) < min(2, len(names)):
        shown = ", ".join(all_names[0] for all_names in names.values())
        raise NoHeader("No row names the columns. The first row must hold: %(columns)s", columns=shown)
    return best


def normal(name: str) -> str:
    """A column's name without case, spaces and signs."""
    return _NOISE.sub("", normal_form(name)).casefold()


def _letter(at: int) -> str:
    """The letter that a spreadsheet program gives a column: 0 is A."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
