"""What a sheet of a year is: its columns, what tells its rows apart, and how its rows come from a content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.content.year import YearContent
from portal.rounds.content.cells import Kind

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A column: the name by which code knows it, its heading, what its cells hold, how wide it is shown."""

    name: str
    title: Any
    kind: Kind
    width: int = 14
    needed: bool = False
    #: the sheet and column whose words a drop-down offers here, and the instrument that they are of
    offers: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name in code, title, what it is for, columns, and which of them tell rows apart."""

    name: str
    title: Any
    about: Any
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: Callable[[YearContent], Iterable[Values]]

    def column(self, name: str) -> Column:
        """The column of this name."""
        return next(column for column in self.columns if column.name == name)
