"""Where marks and rows lie in a backup: a design that keeps them side by side is linked, whole."""

from __future__ import annotations

import random
from pathlib import Path
from typing import cast

import pytest

from portal.tools.attack.attacks import FAMILIES, ranks
from portal.tools.attack.crowd import Respondent, Surveyed
from portal.tools.attack.open_backup import ROW, cases_in

PEOPLE = 30


def people() -> list[Respondent]:
    chance = random.Random(7)
    return [
        Respondent(
            answer=bytes([number]),
            known={"arrival": number, "mark": chance.randbytes(32), "sealed": chance.randbytes(80)},
        )
        for number in range(PEOPLE)
    ]


def box_of(people: list[Respondent]) -> Surveyed:
    return Surveyed(cast("object", None), "", cast("object", None), people)  # type: ignore[arg-type]


def written(people: list[Respondent], rows: list[bytes], *, sqlite: bool) -> bytes:
    """A file that has the marks in the order in which people came, and the rows as they are given."""
    values = [person.known["mark"] for person in people] + rows
    if sqlite:  # a page's cells grow from its end
        return b"".join(reversed(values)).ljust(4096, b"\x00")
    return b"".join(b"\\\\x" + value.hex().encode() + b"\n" for value in values)


@pytest.mark.parametrize("sqlite", [True, False])
def test_rows_in_the_order_of_their_marks_are_linked_and_shuffled_ones_are_not(
    sqlite: bool, tmp_path: Path
) -> None:
    them, file = people(), tmp_path / "backup"
    rows = [person.known["sealed"] for person in them]
    file.write_bytes(written(them, rows, sqlite=sqlite))
    best = {one.name: one.hits for one in ranks(cases_in(file, [box_of(them)], sqlite=sqlite))}
    assert best[f"arrival – {ROW}, in rank"] == best[f"mark in the backup – {ROW}, in rank"] == PEOPLE
    random.Random(8).shuffle(rows)
    file.write_bytes(written(them, rows, sqlite=sqlite))
    found = ranks(cases_in(file, [box_of(them)], sqlite=sqlite))
    assert max(one.hits for one in found) < 5 and {one.family for one in found} == {FAMILIES[ROW]}
