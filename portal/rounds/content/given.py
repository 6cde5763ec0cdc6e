"""Sheets as they come, read cell by cell, and what is wrong with a cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.rounds.content.cells import WrongCell
from portal.rounds.content.columns import Column, Sheet
from portal.rounds.content.sheets import SHEETS

_WRONG = object()


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell. ``row`` is the number that the row has in its sheet; the reason an id."""

    sheet: str
    row: int
    column: str
    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)


class Faulty(ValueError):
    """Sheets that make no content, with every fault that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Given:
    """A row as it was read: its number in the sheet, and the values of its columns."""

    number: int
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]


#: sheets as they come: by name the rows with their numbers, as texts
Sheets = Mapping[str, Sequence[tuple[int, Mapping[str, str]]]]


def numbered(written: Mapping[str, Sequence[Mapping[str, str]]]) -> Sheets:
    """Written sheets with the numbers that their rows have in a workbook (its first row is the heading)."""
    return {name: list(enumerate(rows, start=2)) for name, rows in written.items()}


class GivenSheets:
    """The rows of all sheets that can be read, and the faults of those that cannot."""

    def __init__(self, sheets: Sheets) -> None:
        self.faults: list[Fault] = []
        self.rows = {sheet.name: list(self._read(sheet, sheets.get(sheet.name, ()))) for sheet in SHEETS}

    def _read(self, sheet: Sheet, rows: Iterable[tuple[int, Mapping[str, str]]]) -> Iterator[Given]:
        """The rows whose cells can all be read, none twice."""
        seen: dict[tuple[Any, ...], int] = {}
        for number, texts in rows:
            values = {column.name: self._cell(sheet, number, column, texts) for column in sheet.columns}
            if any(value is _WRONG for value in values.values()):
                continue
            key = tuple(values[name] for name in sheet.key)
            if sheet.key and key in seen:
                same = "The same stands in row %(other)s"
                self._fault(sheet.name, number, sheet.key[-1], same, other=seen[key])
                continue
            seen[key] = number
            yield Given(number, values)

    def _cell(self, sheet: Sheet, number: int, column: Column, texts: Mapping[str, str]) -> Any:
        words = texts.get(column.name, "").strip()
        if not words:
            if column.needed:
                self._fault(sheet.name, number, column.name, "This cell must not be empty")
                return _WRONG
            return column.kind.empty
        try:
            return column.kind.read(words)
        except WrongCell as wrong:
            self._fault(sheet.name, number, column.name, wrong.reason, **wrong.values)
            return _WRONG

    def _fault(self, sheet: str, row: int, column: str, reason: str, **values: Any) -> None:
        self.faults.append(Fault(sheet, row, column, reason, values))

    def _in_turn(self, sheet: str, column: str, rows: Sequence[Given]) -> None:
        """Numbers from 1 without a gap, because an answer stores them."""
        for place, row in enumerate(rows, start=1):
            if row[column] != place:
                missing = "Number %(place)s is missing before this one"
                self._fault(sheet, row.number, column, missing, place=place)
                return

    def _unknown(self, sheet: str, row: Given, column: str) -> None:
        if not row[column]:
            self._fault(sheet, row.number, column, "This cell must not be empty")
            return
        self._fault(sheet, row.number, column, "There is no %(code)s", code=row[column])
