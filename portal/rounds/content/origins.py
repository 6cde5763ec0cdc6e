"""Where in a sent table a cell of a sheet came from: a fault is told at the cell that somebody can mend."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.imports.foreign import ForeignTable
from portal.core.imports.spreadsheet import letter
from portal.rounds.content.given import Fault
from portal.rounds.content.mapping import Choice

#: columns of sheets that are told by other parts of a table; the first that says something is the one
TOLD_BY: dict[tuple[str, str], tuple[str, ...]] = {
    ("items", "indicator"): ("part", "indicator"),
    ("questions", "line_scale"): ("labels", "scale"),
    ("questions", "scale"): ("labels", "scale"),
    ("scales", "code"): ("scale", "labels"),
    ("scales", "label"): ("labels",),
    ("scales", "place"): ("labels",),
    ("indicators", "code"): ("part", "indicator"),
    ("indicators", "parent"): ("indicator",),
    ("indicators", "name"): ("part_name", "indicator_name"),
    ("instruments", "name"): ("instrument_name",),
    ("samples", "agency_kind"): ("agency_kind", "group"),
    ("samples", "province_size"): ("province_size", "group"),
}


@dataclass(frozen=True)
class Origin:
    """A cell of the sent table: "C7", and what its column is called there."""

    cell: str
    heading: str


def origin_of(fault: Fault, table: ForeignTable, choice: Choice) -> Origin | None:
    """The cell that a fault is about; None where no column says it, or a row of the round itself is meant."""
    cells = next((cells for number, cells in table.rows if number == fault.row), None)
    if cells is None:
        return None
    parts = TOLD_BY.get((fault.sheet, fault.column), (fault.column,))
    headings = [choice.columns[part] for part in parts if choice.columns.get(part)]
    if not headings:
        return None
    heading = next((one for one in headings if cells.get(one, "").strip()), headings[-1])
    return Origin(f"{letter(table.headings.index(heading))}{fault.row}", heading)
