"""What differs between two contents, as people read it: rows that came, went or changed, cell by cell."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from portal.content.year import YearContent
from portal.rounds.content.columns import Sheet
from portal.rounds.content.sheets import SHEETS, written

Row = dict[str, str]
Key = tuple[str, ...]


class Change(enum.Enum):
    """What happened to a row, or to the order of a sheet's rows."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    ORDER = "order"


@dataclass(frozen=True)
class Cell:
    """A cell that differs, with its words before and after."""

    column: str
    title: Any
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """One row of a sheet that differs. ``key`` names it; of the order of a sheet's rows it is empty."""

    sheet: Sheet
    change: Change
    key: str
    cells: tuple[Cell, ...] = ()


def differences(before: YearContent, after: YearContent) -> list[Difference]:
    """Everything that differs, sheet after sheet; empty where the contents are the same."""
    old, new = written(before), written(after)
    return [found for sheet in SHEETS for found in _of_sheet(sheet, old[sheet.name], new[sheet.name])]


def summary_of(found: Iterable[Difference]) -> list[tuple[Sheet, list[tuple[Change, int]]]]:
    """How many rows of each sheet came, went or changed, in the order of the sheets."""
    counts: dict[str, Counter[Change]] = {}
    for one in found:
        counts.setdefault(one.sheet.name, Counter())[one.change] += 1
    return [
        (sheet, [(change, counts[sheet.name][change]) for change in Change if counts[sheet.name][change]])
        for sheet in SHEETS
        if sheet.name in counts
    ]


def _of_sheet(sheet: Sheet, old: Sequence[Row], new: Sequence[Row]) -> Iterator[Difference]:
    before, after = _by_key(sheet, old), _by_key(sheet, new)
    for key, row in before.items():
        if key not in after:
            yield Difference(sheet, Change.REMOVED, " ".join(key).strip(), tuple(_cells(sheet, row, {})))
    for key, row in after.items():
        if key not in before:
            yield Difference(sheet, Change.ADDED, " ".join(key).strip(), tuple(_cells(sheet, {}, row)))
        elif cells := tuple(_cells(sheet, before[key], row)):
            yield Difference(sheet, Change.CHANGED, " ".join(key).strip(), cells)
    if [key for key in before if key in after] != [key for key in after if key in before]:
        yield Difference(sheet, Change.ORDER, "")


def _by_key(sheet: Sheet, rows: Sequence[Row]) -> dict[Key, Row]:
    return {tuple(row.get(column, "") for column in sheet.key): row for row in rows}


def _cells(sheet: Sheet, before: Row, after: Row) -> Iterator[Cell]:
    for column in sheet.columns:
        old, new = before.get(column.name, ""), after.get(column.name, "")
        if old != new:
            yield Cell(column.name, column.title, old, new)
