"""What a cell of a year's sheets may hold, and what is said of one that cannot be read."""

from __future__ import annotations

from typing import Any

import pytest

from portal.rounds.content import cells
from portal.rounds.content.cells import Kind, WrongCell


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (cells.code(longest=8), " o ๑ ", "o1"),
        (cells.scheme(), "", "ITA"),
        (cells.scheme(), " ita - 2 ", "ITA-2"),
        (cells.flag(), "ไม่", False),
        (cells.flag(), "1", True),
        (cells.whole(), "๑,๒๐๐", 1200),
    ],
)
def test_a_cell_is_read_as_people_type_it(kind: Kind, cell: str, value: Any) -> None:
    assert kind.read(cell) == value


@pytest.mark.parametrize(
    ("kind", "cell", "reason"),
    [
        (cells.code(longest=8), "O12345678", "At most"),
        (cells.scheme(), "A" * 21, "At most"),
        (cells.flag(), "บางที", "or leave it empty"),
        (cells.whole(least=1, most=9), "10", "from"),
        (cells.whole(), "หนึ่ง", "whole number"),
        (cells.decimal(most=100), "1.234", "decimals"),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(kind: Kind, cell: str, reason: str) -> None:
    with pytest.raises(WrongCell, match=reason):
        kind.read(cell)
