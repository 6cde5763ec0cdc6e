"""The first rows of a table of others as the round would hold them, before anything is taken over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models.round import Round
from portal.core.database.session import db
from portal.rounds.building.books import KeptTable
from portal.rounds.content.assembly import content_of_sheets
from portal.rounds.content.cells import WrongCell
from portal.rounds.content.columns import Column, Sheet
from portal.rounds.content.foreign_rows import instruments_in
from portal.rounds.content.given import Fault, Faulty, Sheets, numbered
from portal.rounds.content.mapping import TARGETS, Choice, Part, mapped
from portal.rounds.content.origins import Origin, origin_of
from portal.rounds.content.reading import content_of
from portal.rounds.content.sheets import BY_NAME, written
from portal.rounds.content.start import nothing

#: rows that are shown
SHOWN = 5


@dataclass(frozen=True)
class Preview:
    """What a table would become: columns that say something, first rows, how many; faults; columns left."""

    sheet: Sheet
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, str], ...]
    number: int
    faults: tuple[Fault, ...]
    #: the cell of the sent table that the first fault is about
    at: Origin | None
    unused: tuple[str, ...]
    #: parts whose column says nothing in any of the rows
    empty: tuple[Part, ...]


def preview(round: Round, kept: KeptTable, choice: Choice) -> Preview:
    """The rows of the table as the round would hold them by this choice."""
    current = content_of(db.session(), round)
    sheet = BY_NAME[choice.target]
    own = mapped(kept.table, choice, nothing(round.fiscal_year))[sheet.name]
    told = instruments_in(own)
    found = mapped(kept.table, choice, current)
    rows = [row for _number, row in found[sheet.name] if not told or row.get("instrument") in told]
    shown = tuple({name: _shown(sheet, name, words) for name, words in row.items()} for row in rows[:SHOWN])
    faults = _faults({**numbered(written(current)), **found})
    of_table = faults[0] if faults and faults[0].sheet in found else None
    used = {*choice.columns.values(), choice.where[0]}
    return Preview(
        sheet,
        tuple(column for column in sheet.columns if any(row.get(column.name) for row in shown)),
        shown,
        len(rows),
        faults,
        None if of_table is None else origin_of(of_table, kept.table, choice),
        tuple(heading for heading in kept.table.headings if heading not in used),
        tuple(_empty(kept, choice)),
    )


def _faults(sheets: Sheets) -> tuple[Fault, ...]:
    try:
        content_of_sheets(sheets)
    except Faulty as faulty:
        return faulty.faults
    return ()


def _empty(kept: KeptTable, choice: Choice) -> Iterator[Part]:
    heading, value = choice.where
    rows = [cells for _number, cells in kept.table.rows if not heading or cells.get(heading, "") == value]
    for part in TARGETS[choice.target].parts:
        column = choice.columns.get(part.name)
        if column and not any(cells.get(column, "").strip() for cells in rows):
            yield part


def _shown(sheet: Sheet, name: str, words: str) -> str:
    """A cell as a workbook shows it; what cannot be read stays as it was typed."""
    kind = sheet.column(name).kind
    try:
        return kind.write(kind.read(words)) if words else ""
    except WrongCell:
        return words
