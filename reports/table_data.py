"""What a list on paper is made from: plain frozen data that may be pickled. Cells are words as printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

Line = tuple[str, ...]


@dataclass(frozen=True)
class PaperColumn:
    """A column: its head, how wide it is beside the others, and whether it holds numbers."""

    head: str
    width: float = 1
    numbers: bool = False


@dataclass(frozen=True)
class Group:
    """Lines under a title of their own ("" for none), with the line that sums them up, where there is one.

    ``counted``: beside the title stands how many lines there are.
    """

    title: str
    lines: tuple[Line, ...]
    sums: Line | None = None
    counted: bool = True


@dataclass(frozen=True)
class Bar:
    """A line of the chart above a list: so many of so many."""

    label: str
    some: int
    whole: int


@dataclass(frozen=True)
class TablePaper:
    """A list as it is printed. ``about``: the lines under its title; ``office`` prints it on ``printed``.

    ``data``: its cells as a CSV file, which goes into the PDF; ``sums``: the line at its end.
    """

    title: str
    about: tuple[str, ...]
    columns: tuple[PaperColumn, ...]
    groups: tuple[Group, ...]
    office: str
    printed: date
    data: bytes
    sums: Line | None = None
    bars: tuple[Bar, ...] = ()

    @property
    def is_wide(self) -> bool:
        """True where its columns need the long side of the paper."""
        return sum(column.width for column in self.columns) > _UPRIGHT

    @property
    def count(self) -> int:
        """How many lines it has."""
        return sum(len(group.lines) for group in self.groups)


#: the widths that fit an upright page, in columns as wide as a number
_UPRIGHT = 12
