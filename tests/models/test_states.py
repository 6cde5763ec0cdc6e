"""What a state says of itself: who may still change, what is open, what is approved."""

from __future__ import annotations

import pytest

from models.disclosure import DisclosureState
from models.job import JobState
from models.survey import Channel


@pytest.mark.parametrize(
    ("state", "editable", "approved"),
    [
        (DisclosureState.DRAFT, True, False),
        (DisclosureState.SUBMITTED, False, False),
        (DisclosureState.RETURNED, True, False),
        (DisclosureState.CONFIRMED, False, True),
        (DisclosureState.SCORED, False, True),
    ],
)
def test_a_checklist_is_edited_or_handed_in_and_in_the_end_approved(
    state: DisclosureState, editable: bool, approved: bool
) -> None:
    assert (state.editable, state.handed_in, state.approved) == (editable, not editable, approved)


@pytest.mark.parametrize(
    ("state", "is_open"),
    [
        (JobState.WAITING, True),
        (JobState.RUNNING, True),
        (JobState.DONE, False),
        (JobState.FAILED, False),
        (JobState.CANCELLED, False),
    ],
)
def test_a_job_is_open_while_it_waits_or_runs(state: JobState, is_open: bool) -> None:
    assert state.is_open is is_open


@pytest.mark.parametrize(
    ("channel", "part"), [(Channel.SELF, 1), (Channel.ON_SITE, 1), (Channel.INTERVIEW, 2)]
)
def test_interviews_are_the_second_part_and_links_the_first(channel: Channel, part: int) -> None:
    assert channel.part == part
