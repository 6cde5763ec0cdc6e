"""The workbook of a year: written from a content, read in again; a sheet that is not in it stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.content.year import YearContent
from portal.core.imports import headings
from portal.core.imports.errors import NoHeader
from portal.core.imports.notes import Note
from portal.core.imports.workbook import Limits, ReadSheet, read_sheets
from portal.core.texts import _
from portal.rounds.content.columns import Column, Sheet
from portal.rounds.content.given import Fault, Sheets, numbered
from portal.rounds.content.sheets import SHEETS, Written, kept, written
from reports.year_workbook import Head, Page, Words, workbook

#: a year has some hundred rows; one text is as long as a criterion (more is told at its cell)
LIMITS = Limits(rows=5_000, columns=40, cell=4_100)


@dataclass(frozen=True)
class ReadBook:
    """What a workbook says: sheets as texts, those that it has, and notes for who sent it."""

    sheets: Sheets
    found: tuple[str, ...]
    notes: tuple[Note, ...]


def book_of(content: YearContent, *, name: str) -> bytes:
    """The workbook of a content; ``name`` is the round's."""
    return workbook(list(_pages(written(content), {})), _words(name))


def faults_book(sheets: Sheets, faults: Sequence[Fault], *, name: str) -> bytes:
    """The sheets as they were sent, with a note at every cell that is to be mended."""
    texts = {sheet: [dict(cells) for _number, cells in rows] for sheet, rows in sheets.items()}
    places = {
        (sheet, number): at for sheet, rows in sheets.items() for at, (number, _cells) in enumerate(rows)
    }
    wrong: dict[str, dict[tuple[int, str], str]] = {}
    for fault in faults:
        place = (places.get((fault.sheet, fault.row), 0), fault.column)
        wrong.setdefault(fault.sheet, {}).setdefault(place, _(fault.reason, **fault.values))
    return workbook(list(_pages(texts, wrong)), _words(name))


def read_book(content: bytes, current: YearContent) -> ReadBook:
    """What a workbook says; of sheets that it lacks, what the current content says.

    Raises UnreadableFile, NoHeader where no sheet of it is one of a year.
    """
    found: dict[str, list[tuple[int, Mapping[str, str]]]] = {}
    notes: list[Note] = []
    unknown = []
    for read in read_sheets(content, LIMITS):
        sheet = _sheet_of(read)
        if sheet is None or sheet.name in found:
            unknown.append(read.sheet)
            continue
        found[sheet.name] = _rows(sheet, read)
        notes += read.notes
    if not found:
        raise NoHeader("No sheet of this workbook is one of a year: fill in the workbook of the round")
    own = _words("").sheet
    if left := [title for title in unknown if title != own]:
        words = {"sheets": " · ".join(left)}
        notes.append(Note("Sheets that are not known were left out: %(sheets)s", words))
    return ReadBook({**numbered(kept(current)), **found}, tuple(found), tuple(notes))


def _sheet_of(read: ReadSheet) -> Sheet | None:
    """The sheet by its title; of another title by its headings."""
    titled = next((sheet for sheet in SHEETS if str(sheet.title) == read.sheet.strip()), None)
    if titled is not None:
        return titled if headings.find(read.rows, _names(titled)) is not None else None
    return None


def _names(sheet: Sheet) -> dict[str, tuple[str, ...]]:
    return {column.name: (str(column.title), column.name) for column in sheet.columns}


def _rows(sheet: Sheet, read: ReadSheet) -> list[tuple[int, Mapping[str, str]]]:
    place, columns = headings.find(read.rows, _names(sheet)) or (0, {})
    found: list[tuple[int, Mapping[str, str]]] = []
    for number, cells in read.rows[place + 1 :]:
        row = {name: cells[at] for at, name in columns.items() if at < len(cells) and cells[at]}
        if row:
            found.append((number, row))
    return found


def _pages(texts: Written, wrong: Mapping[str, Mapping[tuple[int, str], str]]) -> Iterator[Page]:
    for sheet in SHEETS:
        at = {column.name: place for place, column in enumerate(sheet.columns)}
        yield Page(
            str(sheet.title),
            _about(sheet),
            [_head(column, texts) for column in sheet.columns],
            [[row.get(column.name, "") for column in sheet.columns] for row in texts.get(sheet.name, ())],
            {(row, at[column]): reason for (row, column), reason in wrong.get(sheet.name, {}).items()},
        )


def _about(sheet: Sheet) -> str:
    """What the sheet is for, and which of its columns must be filled in."""
    needed = ", ".join(str(column.title) for column in sheet.columns if column.needed)
    return "\n".join((str(sheet.about), _("Must be filled in: %(columns)s", columns=needed)))


def _head(column: Column, texts: Written) -> Head:
    choices = column.kind.choices() if column.kind.choices else ()
    if column.offers is not None:
        sheet, name, of = column.offers
        rows = [row for row in texts.get(sheet, ()) if row.get("instrument", "").casefold() == of or not of]
        choices = tuple(dict.fromkeys(row[name] for row in rows if row.get(name)))
    return Head(str(column.title), column.width, choices, column.needed)


def _words(name: str) -> Words:
    return Words(
        _("Explanation"),
        name,
        [
            _("Each sheet is a part of the round: change cells, add rows below, delete rows"),
            _("Dark headings must be filled in. A sheet that you delete stays as it is in the round"),
            _("Before anything changes you are shown what would, and every fault at its cell"),
        ],
        _("Choose from the list"),
    )
