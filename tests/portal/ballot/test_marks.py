"""Marks: another one for everything that differs, and the same for ever for what is the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models.instrument import InstrumentKind
from portal.ballot.box import Box, contest_mark_of, form_mark_of, interview_mark_of, mark_of

KEY = bytes(range(32))
BOX = Box(3, 21, 14, 52, InstrumentKind.EIT, b"")
ID = "1101700203451"
Mark = Callable[[bytes, Box, Any], bytes]


@pytest.mark.parametrize(
    ("made", "begins"),
    [
        (mark_of(KEY, BOX, ID), 0x5B3A9CCA),
        (interview_mark_of(KEY, BOX, 17), 0x17B4EE60),
        (contest_mark_of(KEY, BOX, b"form"), 0x9A94E158),
        (form_mark_of(KEY, b"mark", b"form"), 0x4FBEAD38),
    ],
    ids=["citizen", "interview", "contest", "form"],
)
def test_a_mark_is_the_same_in_every_version_of_the_program(made: bytes, begins: int) -> None:
    """In a round that runs, another way of making marks would let everybody answer once more."""
    assert int.from_bytes(made[:4], "big") == begins


@pytest.mark.parametrize(("mark", "of"), [(mark_of, ID), (interview_mark_of, 17), (contest_mark_of, b"form")])
def test_each_round_agency_and_survey_has_marks_of_its_own(mark: Mark, of: Any) -> None:
    boxes = (
        BOX,
        replace(BOX, round_id=4),
        replace(BOX, agency_id=15),
        replace(BOX, instrument=InstrumentKind.IIT),
    )
    assert len({mark(KEY, box, of) for box in boxes}) == len(boxes)


def test_a_person_a_roster_row_and_a_form_never_share_a_mark() -> None:
    of_a_row = interview_mark_of(KEY, BOX, 17)
    assert mark_of(KEY, BOX, "17") != of_a_row
    assert contest_mark_of(KEY, BOX, b"\x17") != mark_of(KEY, BOX, "17")
