"""Read a CSV file that a stranger sent: its encoding, its delimiter, its rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from portal.core.imports.errors import TooMuch, UnknownFormat
from portal.core.imports.headings import WITHIN
from portal.core.imports.notes import Note
from portal.core.imports.workbook import FAR_CELLS, Limits

_DELIMITERS = ",;\t|"
_SAMPLE = 20_000
#: a text has no more control characters than this share; a picture or a program has
_MOST_CONTROLS = 0.01
_NO_TEXT = "The file is neither a table of text (.csv) nor a workbook (.xlsx, .xls, .ods)"

SAVED_AS_THAI_WINDOWS = Note(
    "The file was not in UTF-8: it was read as Thai Windows text (TIS-620), look at the names"
)
SIGNS_DROPPED = Note("Signs that are no text (NUL) stood in the file and were left out: look at the names")


def read_delimited(content: bytes, limits: Limits) -> tuple[list[tuple[int, list[str]]], tuple[Note, ...]]:
    """The filled rows with their numbers, and what is to be said. Raises UnknownFormat, TooMuch."""
    text, notes = decoded(content)
    far = False
    rows: list[tuple[int, list[str]]] = []
    for number, cells in _records(text):
        stripped = [cell.strip()[: limits.cell] for cell in cells]
        far = far or any(stripped[limits.columns :])
        kept = stripped[: limits.columns]
        if not any(kept):
            continue
        if len(rows) == limits.rows:
            raise TooMuch(
                "The sheet has more than %(rows)s rows: send it in parts",
                rows=f"{limits.rows:,}",
            )
        rows.append((number, kept))
    return rows, (*notes, FAR_CELLS) if far else notes


def decoded(content: bytes) -> tuple[str, tuple[Note, ...]]:
    """The text of a CSV file and what is to be said about it. Raises UnknownFormat for anything but text."""
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            notes = (SAVED_AS_THAI_WINDOWS,) if encoding == "cp874" else ()
            return text.replace("\0", ""), (*notes, SIGNS_DROPPED) if "\0" in text else notes
    raise UnknownFormat(_NO_TEXT)


def _encodings(content: bytes) -> tuple[str, ...]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ("utf-16",)
    if content.count(b"\0") > len(content) // 8:  # UTF-16 without its mark: the 0 of plain letters tells
        return ("utf-16-le",) if content[1::2].count(0) > content[::2].count(0) else ("utf-16-be",)
    return ("utf-8-sig", "cp874")


def _is_text(text: str) -> bool:
    controls = sum(letter < " " and letter not in "\t\r\n\v\f" for letter in text[:_SAMPLE])
    return controls <= max(2, _MOST_CONTROLS * len(text[:_SAMPLE]))


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    # not ``splitlines``: it also breaks at signs that stand inside a cell
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=_delimiter(text), strict=False)
    number = 0
    try:
        for cells in reader:
            number += 1
            yield number, cells
    except csv.Error as error:
        raise UnknownFormat(
            "A quotation mark is not closed, or a cell is too long, near row %(row)s: mend it there, or save "
            "the file as .xlsx and send that",
            row=number + 1,
        ) from error


def _delimiter(text: str) -> str:
    """The sign that parts the first lines into the most columns."""
    lines = [line for line in io.StringIO(text[:_SAMPLE], newline="") if line.strip()][:WITHIN]

    def widest(sign: str) -> int:
        try:
            return max((len(row) for row in csv.reader(lines, delimiter=sign)), default=0)
        except csv.Error:
            return 0

    return max(_DELIMITERS, key=widest)
