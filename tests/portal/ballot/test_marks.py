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
    ("made", "known"),
    [
        (
            mark_of(KEY, BOX, ID),
            "5b3a9cca024152f7b99a976bfee5f298ca5a468dc023a6ab54cdea6277342ee6",
        ),  # pragma: allowlist secret
        (
            interview_mark_of(KEY, BOX, 17),
            "17b4ee6034334bbcfe7117cf2735451af61b447b4e76013beb6375a112ab1446",
        ),  # pragma: allowlist secret
        (
            contest_mark_of(KEY, BOX, b"form"),
            "9a94e1582519efa461eebdaef088913974a5a90d4b6b03a2c5124601006ea2b0",
        ),  # pragma: allowlist secret
        (
            form_mark_of(KEY, b"mark", b"form"),
            "4fbead387895a2ecebfa37de3426bc06d22252ec9aa6e56c401cc03a632d7158",
        ),  # pragma: allowlist secret
    ],
    ids=["citizen", "interview", "contest", "form"],
)
def test_a_mark_is_the_same_in_every_version_of_the_program(made: bytes, known: str) -> None:
    """In a round that runs, another way of making marks would let everybody answer once more."""
    assert made.hex() == known


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
