"""Made-up citizen IDs that pass the check digit: for demonstration, drills and tests only."""

from __future__ import annotations

from collections.abc import Iterator

from stdnum.th import pin

#: no register office has this number, so that no made-up ID is a real person's
OFFICE = "0000"


def made_up_ids(start: int = 0, *, first_digit: str = "1") -> Iterator[str]:
    """An endless run of different IDs, from a number of one's own choice."""
    number = start
    while True:
        body = f"{first_digit}{OFFICE}{number % 10_000_000:07d}"
        yield body + pin.calc_check_digit(body)
        number += 1
