"""Whole checklists at once, for the drill: through the same desks as people, each as one event."""

from __future__ import annotations

from decimal import Decimal

import pytest

from models.disclosure import DisclosureState, Review
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.tools.drill import checklists
from tests.support.checklists import begin, bring_to, link_of, own, stored
from tests.support.record import events_of
from tests.support.world import World, acting_as

ITEMS = 48


def test_every_item_is_answered_with_its_link_and_the_whole_is_one_event(app: Portal, world: World) -> None:
    with app.app_context():
        bring_to(world, DisclosureState.DRAFT)
        (event,) = events_of("disclosure.answer_all")
        assert event.after == {"items": ITEMS}
        with acting_as(world.actor("agency_admin")) as actor:
            for answer in stored(world).answers:
                assert (answer.disclosed, [link.url for link in answer.links]) == (
                    True,
                    [link_of(answer.item)],
                )
            assert checklists.answer_all(own(world), actor=actor, link=link_of) == 0, "nothing is left open"


def test_what_lies_with_the_executive_is_not_answered(app: Portal, world: World) -> None:
    with app.app_context():
        bring_to(world, DisclosureState.SUBMITTED)
        with pytest.raises(Refused):
            begin(world)


def test_only_what_is_left_is_passed_and_scored(app: Portal, world: World) -> None:
    with app.app_context():
        bring_to(world, DisclosureState.CONFIRMED)
        assert [event.after for event in events_of("disclosure.pass_all")] == [{"items": ITEMS}]
        with acting_as(world.actor("assessor")) as actor:
            answers = stored(world).answers
            assert {answer.review for answer in answers} == {Review.PASS}
            answers[0].score = Decimal(0)
            scored = checklists.score_all(own(world), actor=actor, points=lambda _item: Decimal(100))
            assert (scored, answers[0].score) == (ITEMS - 1, Decimal(0))
