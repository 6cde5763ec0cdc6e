"""What OIT lacks before a round is closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from models.disclosure import DisclosureState
from models.participation import Participation, PreparationState
from models.round import Round, Stage
from portal.core.database.session import db
from portal.core.stages import stage_state
from portal.rounds.unscored import Unscored, unscored
from tests.factories.base import Make
from tests.factories.rounds import ParticipationFactory, RoundFactory, WindowFactory
from tests.factories.work import DisclosureFactory
from tests.support.checklists import bring_to, confirm_preparation
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def own(make: Make) -> Participation:
    """The one agency of a round of its own, confirmed; the scoring runs until tomorrow."""
    round = make(RoundFactory)
    make(WindowFactory, round=round, stage=Stage.OIT_SCORING, closes_at=TOMORROW)
    row: Participation = make(
        ParticipationFactory, round=round, confirmed_at=NOW, state=PreparationState.CONFIRMED
    )
    return row


def found(app: Any, world: World, own: Participation) -> Unscored:
    with app.app_context(), acting_as(world.actor("nacc")):
        return unscored(db.session.get_one(Round, own.round_id))


@pytest.mark.parametrize(
    ("state", "numbers"),
    [
        (DisclosureState.DRAFT, (0, 0, 1)),
        (DisclosureState.SUBMITTED, (0, 0, 1)),
        (DisclosureState.RETURNED, (0, 0, 1)),
        (DisclosureState.CONFIRMED, (0, 1, 0)),
        (DisclosureState.SCORED, (1, 0, 0)),
    ],
)
def test_an_agency_is_scored_or_waits_or_never_came(
    app: Any, world: World, make: Make, own: Participation, state: DisclosureState, numbers: tuple[int, ...]
) -> None:
    make(DisclosureFactory, participation=own, state=state)
    look = found(app, world, own)
    assert (look.scored, look.waiting, look.never) == numbers


def test_waiting_with_the_closing_matters_until_the_scoring_is_over_and_nobody_waits(
    app: Any, world: World, make: Make, own: Participation, clock: Callable[[object], None]
) -> None:
    assert found(app, world, own) == Unscored(scored=0, waiting=0, never=1, until=TOMORROW)
    assert found(app, world, own).matters, "the scoring still runs"
    clock(TOMORROW)
    assert found(app, world, own) == Unscored(scored=0, waiting=0, never=1, until=None)
    assert not found(app, world, own).matters, "who never came to the assessor gets no points by waiting"
    make(DisclosureFactory, participation=own, state=DisclosureState.CONFIRMED)
    assert found(app, world, own).matters


def test_an_agency_that_did_not_confirm_is_not_assessed(app: Any, world: World, make: Make) -> None:
    entering = make(ParticipationFactory)
    assert found(app, world, entering) == Unscored(scored=0, waiting=0, never=0, until=None)


def test_closing_counts_what_is_not_scored_and_asks(
    app: Any, world: World, client_as: Callable[[str], Any], clock: Callable[[object], None]
) -> None:
    with app.app_context():
        confirm_preparation(world, "b1")
    with app.app_context():
        bring_to(world, DisclosureState.CONFIRMED)
    with app.app_context(), acting_as(world.actor("nacc")):
        round = db.session.get_one(Round, world.round_id)
        end = stage_state(round, Stage.OIT_SCORING).final_close
        assert unscored(round) == Unscored(scored=0, waiting=1, never=1, until=end)
    clock("2030-01-01T10:00:00+07:00")
    page, client = f"/rounds/{world.round_id}/close", client_as("nacc")
    text = client.get(page).text
    assert "ยังไม่มีคะแนน 1 แห่ง" in text
    assert "มี 1 แห่งที่ผู้บริหารไม่ได้อนุมัติ" in text
    asked = client.submit(page, {"typed_name": "2562"})
    assert asked.status_code == 422
    assert "โปรดทำเครื่องหมาย" in asked.text
