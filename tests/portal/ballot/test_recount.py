"""A recount tells every counter that is not true: per channel while sealed, as a whole once opened."""

from __future__ import annotations

import pytest

from models.instrument import InstrumentKind
from models.participation import Participation
from models.survey import Channel
from portal.ballot.recount import CountDifference, differences
from portal.core.web import Portal
from tests.factories.ballots import OpenedAnswerFactory, SealedAnswerFactory, SetAsideFactory
from tests.factories.base import Make
from tests.factories.rounds import ParticipationFactory
from tests.factories.work import AnswerCountFactory, DailyCountFactory

pytestmark = pytest.mark.postgres
SELF, INTERVIEW = Channel.SELF, Channel.INTERVIEW


@pytest.fixture
def own(make: Make) -> Participation:
    """An agency in a round of its own."""
    row: Participation = make(ParticipationFactory)
    return row


def counted(make: Make, own: Participation, channel: Channel, count: int, daily: int | None = None) -> None:
    """A counter, and the count of a day (the same number unless given)."""
    make(AnswerCountFactory, participation=own, channel=channel, count=count)
    make(DailyCountFactory, participation=own, channel=channel, count=count if daily is None else daily)


def found(app: Portal, own: Participation) -> list[tuple[str, int, int]]:
    with app.app_context():
        return [(one.channel, one.counted, one.found) for one in differences(own.round_id)]


def test_true_counters_differ_in_nothing(app: Portal, make: Make, own: Participation) -> None:
    for channel in (SELF, SELF, INTERVIEW):
        make(SealedAnswerFactory, participation=own, channel=channel)
    counted(make, own, SELF, 2)
    counted(make, own, INTERVIEW, 1)
    assert found(app, own) == []


def test_a_counter_is_compared_with_its_box_and_with_its_days(
    app: Portal, make: Make, own: Participation
) -> None:
    make(SealedAnswerFactory, participation=own)
    counted(make, own, SELF, 2)
    assert found(app, own) == [("self", 2, 1)]
    counted(make, own, INTERVIEW, 0, daily=3)
    assert found(app, own) == [("self", 2, 1), ("interview", 0, 3)]


def test_a_counter_without_an_answer_is_told(app: Portal, make: Make, own: Participation) -> None:
    counted(make, own, SELF, 2)
    assert found(app, own) == [("self", 2, 0)]


def test_an_answer_that_nobody_counted_is_told(app: Portal, make: Make, own: Participation) -> None:
    make(SealedAnswerFactory, participation=own, channel=INTERVIEW)
    with app.app_context():
        told = differences(own.round_id)
    assert told == [CountDifference(own.id, "iit", "interview", counted=0, found=1)]


def test_an_opened_box_is_compared_as_a_whole_with_what_was_set_aside(
    app: Portal, make: Make, own: Participation
) -> None:
    """Opening merges small channels, so the channels of an opened box need not fit its counters."""
    counted(make, own, SELF, 2)
    counted(make, own, INTERVIEW, 1)
    for _number in range(2):
        make(OpenedAnswerFactory, participation=own)
    assert found(app, own) == [("", 3, 2)]
    make(SetAsideFactory, participation=own)
    assert found(app, own) == []


def test_an_opened_box_that_was_never_counted_is_told(app: Portal, make: Make, own: Participation) -> None:
    make(OpenedAnswerFactory, participation=own, instrument=InstrumentKind.EIT)
    with app.app_context():
        told = differences(own.round_id)
    assert told == [CountDifference(own.id, "eit", "", counted=0, found=1)]


def test_the_boxes_of_another_round_are_its_own(app: Portal, make: Make, own: Participation) -> None:
    counted(make, make(ParticipationFactory), SELF, 5)
    assert found(app, own) == []
