"""Which row of a sheet names the columns. Read in the process that parses a stranger's workbook too."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from models.thai import normal_form

#: the heading stands in one of the first filled rows: people put a title above it
WITHIN = 10
#: what a column's name may differ by
_NOISE = re.compile(r"[\s_\-–./()*:]+")

Names = Mapping[str, Sequence[str]]
Rows = Sequence[tuple[int, list[str]]]


def normal(name: str) -> str:
    """A column's name without case, spaces and signs."""
    return _NOISE.sub("", normal_form(name)).casefold()


def find(rows: Rows, names: Names) -> tuple[int, dict[int, str]] | None:
    """The place of the heading among the rows, and which column stands at which place; None without one."""
    known = {normal(name): column for column, all_names in names.items() for name in (column, *all_names)}
    best: tuple[int, dict[int, str]] = (0, {})
    for place, (_number, cells) in enumerate(rows[:WITHIN]):
        columns: dict[int, str] = {}
        for at, cell in enumerate(cells):
            column = known.get(normal(cell))
            if column is not None and column not in columns.values():
                columns[at] = column
        if len(columns) > len(best[1]):
            best = (place, columns)
    return best if len(best[1]) >= min(2, len(names)) else None
