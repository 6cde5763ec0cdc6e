"""Lists on paper: what a page shows, laid out by groups with their sums. Printing one is a job."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from models.thai import local_day, sort_key, thai_date_short
from reports.spreadsheets import Cell, csv_stream
from reports.table_data import Bar, Group, Line, PaperColumn, TablePaper

#: a list of more rows is no paper that anybody reads
MOST_ON_PAPER = 3_000
NOTHING = "–"
Row = Sequence[Cell]


@dataclass(frozen=True)
class Plan:
    """How a list lies on paper. Places are those of the list's columns, from 0.

    ``columns``: (place, width beside the others); ``numbers``: the places that are set to the right;
    ``group``: the place whose words stand above the rows that share them, as ``entitled`` has them; ``sums``:
    the line that sums rows up, as a row of the list; ``bars``: the chart above it, of all rows. ``parts``:
    the groups are the parts of a whole: in the order of the list, and nobody counts their lines.
    """

    columns: Sequence[tuple[int, float]]
    numbers: frozenset[int] = frozenset()
    group: int | None = None
    entitled: Callable[[str], str] = str
    sums: Callable[[Sequence[Row]], Row] | None = None
    bars: Callable[[Sequence[Row]], Sequence[Bar]] | None = None
    parts: bool = False


@dataclass(frozen=True)
class Sheet:
    """A list to be printed: its title, the lines under it, heads and rows, by whom and when."""

    title: str
    about: Sequence[str]
    header: Sequence[str]
    rows: Iterable[Row]
    office: str
    now: datetime


def paper_of(sheet: Sheet, plan: Plan) -> TablePaper:
    """The paper of a list: its rows in their order under their groups; places stand in Thai order."""
    rows = [list(row) for row in sheet.rows]
    groups = tuple(_group(title, some, plan) for title, some in _gathered(rows, plan))
    return TablePaper(
        title=sheet.title,
        about=tuple(sheet.about),
        columns=tuple(
            PaperColumn(sheet.header[place], width, place in plan.numbers) for place, width in plan.columns
        ),
        groups=groups,
        office=sheet.office,
        printed=local_day(sheet.now),
        data=b"".join(csv_stream(sheet.header, rows)),
        sums=_line(plan.sums(rows), plan, nothing="") if plan.sums and rows else None,
        bars=tuple(plan.bars(rows)) if plan.bars else (),
    )


def _gathered(rows: list[list[Cell]], plan: Plan) -> list[tuple[str, list[list[Cell]]]]:
    if plan.group is None:
        return [("", rows)] if rows else []
    words_of = itemgetter(plan.group)
    ordered = rows if plan.parts else sorted(rows, key=lambda row: sort_key(words_of(row) or ""))
    return [(plan.entitled(words or ""), list(some)) for words, some in groupby(ordered, key=words_of)]


def _group(title: str, rows: list[list[Cell]], plan: Plan) -> Group:
    sums = _line(plan.sums(rows), plan, nothing="") if plan.sums and title and len(rows) > 1 else None
    return Group(title, tuple(_line(row, plan) for row in rows), sums, counted=not plan.parts)


def _line(row: Row, plan: Plan, *, nothing: str = NOTHING) -> Line:
    return tuple(printed(row[place], nothing) for place, _width in plan.columns)


def printed(cell: Cell, nothing: str = NOTHING) -> str:
    """A cell in words: numbers with their thousands, and of a moment its day."""
    if cell is None or cell == "":
        return nothing
    if isinstance(cell, date):
        return thai_date_short(cell)
    return f"{cell:,}" if isinstance(cell, int | float | Decimal) else cell
