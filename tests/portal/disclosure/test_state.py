"""The desks of a checklist: where it lies, in words; and a checklist that is begun or gets more items."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete

from models.disclosure import DisclosureAnswer, DisclosureLink, DisclosureState
from models.round import Round, RoundState
from portal.core.database.session import privileged, writing
from portal.core.errors import Closed, NotFound, Refused
from portal.core.web import Portal
from portal.disclosure import answering, review, scoring
from portal.disclosure.state import ANSWERING, REVIEWING, SCORING, Desk, ensure_disclosure, step_reason
from tests.support.checklists import answer_at, bring_to, confirm_preparation, own, stored
from tests.support.record import events_of
from tests.support.world import NOW, World, acting_as

S = DisclosureState
pytestmark = pytest.mark.postgres


@pytest.fixture
def here(app: Portal, world: World) -> Iterator[World]:
    with app.app_context():
        yield world


def reason_at(world: World, desk: Desk, person: str) -> str | None:
    """Why a desk is closed to a person now, as a message id."""
    with acting_as(world.actor(person)):
        closed = desk.closed(own(world), stored(world))
        return closed.message_id if closed else None


@pytest.mark.parametrize(
    ("state", "open_desk"),
    [
        (S.DRAFT, ANSWERING),
        (S.RETURNED, ANSWERING),
        (S.SUBMITTED, REVIEWING),
        (S.CONFIRMED, SCORING),
        (S.SCORED, None),
    ],
)
def test_a_checklist_lies_at_one_desk_and_the_others_say_where(
    here: World, state: DisclosureState, open_desk: Desk | None
) -> None:
    bring_to(here, state)
    people = ((ANSWERING, "agency_admin"), (REVIEWING, "executive"), (SCORING, "assessor"))
    reasons = {desk: reason_at(here, desk, person) for desk, person in people}
    assert [desk for desk, reason in reasons.items() if reason is None] == ([open_desk] if open_desk else [])
    assert len({reason for reason in reasons.values() if reason}) == 1, "the same words at every closed desk"


def test_a_desk_out_of_its_time_says_when_it_was_open(here: World, clock: Callable[[object], None]) -> None:
    bring_to(here, S.SUBMITTED)
    clock(NOW + timedelta(days=200))
    with acting_as(here.actor("executive")) as actor:
        closed = REVIEWING.closed(own(here), stored(here))
        assert isinstance(closed, Closed) and closed.closed_at is not None
        with pytest.raises(Closed):
            REVIEWING.enter(own(here), actor)


def test_nothing_begun_is_with_the_admin_for_everybody_else(here: World) -> None:
    confirm_preparation(here)
    for act, person in ((review.confirm_review, "executive"), (scoring.finish_scoring, "assessor")):
        with pytest.raises(Refused, match="still answering"), acting_as(here.actor(person)) as actor:
            act(own(here), version=1, actor=actor)
    with pytest.raises(Refused, match="still answering"), acting_as(here.actor("agency_admin")) as actor:
        answering.submit(own(here), version=0, actor=actor)
    with pytest.raises(NotFound), acting_as(here.actor("dla")) as actor:
        review.confirm_review(own(here), version=1, actor=actor)
    with acting_as(here.actor("agency_admin")) as actor:
        own_words = step_reason(None, "submit", actor=actor)
        assert own_words is not None and own_words.message_id.startswith("Answer the items first")


def test_a_checklist_gets_the_items_that_its_round_got_since(here: World) -> None:
    bring_to(here, S.DRAFT)
    with acting_as(here.actor("agency_admin")):
        gone = answer_at(here, 5)
        key, item = gone.id, gone.oit_item_id
    with writing(), privileged("an item that the checklist never had") as session:
        session.info["unrecorded"] = True
        session.execute(delete(DisclosureLink).where(DisclosureLink.answer_id == key))
        session.execute(delete(DisclosureAnswer).where(DisclosureAnswer.id == key))
        session.commit()
    with acting_as(here.actor("agency_admin")):
        found = ensure_disclosure(own(here))
        new = {answer.oit_item_id: answer.disclosed for answer in found.answers if answer.disclosed is None}
        assert (len(found.answers), new) == (48, {item: None})
    assert [event.after for event in events_of("disclosure.begin")] == [{"items": 48}, {"items": 1}]


@pytest.mark.usefixtures("thawed")
@pytest.mark.parametrize(
    ("round_state", "reason"),
    [
        (RoundState.DRAFT, "This round is not open, so its data cannot be changed"),
        (RoundState.OPEN, None),
        (RoundState.CLOSED, None),
        (RoundState.OPENED, "The boxes of this round have been opened: its OIT stays as it was counted"),
    ],
)
def test_points_count_until_the_boxes_are_opened(
    here: World, round_state: RoundState, reason: str | None
) -> None:
    bring_to(here, S.CONFIRMED)
    with writing(), privileged("the round goes on") as session:
        session.get_one(Round, here.round_id).state = round_state
    assert reason_at(here, SCORING, "assessor") == reason
    with acting_as(here.actor("assessor")) as actor:
        answer = answer_at(here)
        given: dict[str, Any] = {
            "points": Decimal(100),
            "note": "",
            "version": answer.version,
            "actor": actor,
        }
        if reason is None:
            assert scoring.score_item(own(here), answer.oit_item_id, **given).score == 100
        else:
            with pytest.raises(Refused, match=reason):
                scoring.score_item(own(here), answer.oit_item_id, **given)
            assert step_reason(stored(here), "finish", actor=actor) is not None
