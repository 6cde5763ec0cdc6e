"""The executive's judgement of an item: with a reason where it fails, recorded, and taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from models.account import Account
from models.contributor import Part
from models.disclosure import DisclosureState, Review
from models.participation import Participation
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.disclosure import review
from portal.disclosure.state import REVIEWING
from tests.factories.base import Make
from tests.factories.people import ContributorFactory
from tests.support.checklists import answer_at, bring_to, mark, own, stored
from tests.support.record import events_of
from tests.support.world import World, acting_as, row

pytestmark = pytest.mark.postgres
WHY = "ลิงก์เปิดไม่ได้"


@pytest.fixture
def submitted(app: Portal, world: World) -> Iterator[World]:
    """a1's checklist with the executive, inside an application context."""
    with app.app_context():
        bring_to(world, DisclosureState.SUBMITTED)
        yield world


def judge(world: World, judgement: Review, reason: str = "") -> None:
    with acting_as(world.actor("executive")):
        mark(world, 0, judgement, reason=reason)


def judged(world: World) -> tuple[Review, str]:
    with acting_as(world.actor("executive")):
        answer = answer_at(world)
        return answer.review, answer.review_reason


def test_an_item_fails_with_a_reason_only(submitted: World) -> None:
    for reason in ("", "   ", "\n"):
        with pytest.raises(Refused, match="Say why the item fails") as refusal:
            judge(submitted, Review.FAIL, reason)
        assert refusal.value.field == "why"
    assert judged(submitted) == (Review.PENDING, "")


def test_a_reason_has_a_longest_and_is_kept_without_its_margins(submitted: World) -> None:
    with pytest.raises(Refused) as refusal:
        judge(submitted, Review.FAIL, "ก" * (review.LONGEST_REASON + 1))
    assert (refusal.value.field, refusal.value.values) == ("more", {"most": 1000, "number": 1001})
    judge(submitted, Review.FAIL, f"  {'ก' * review.LONGEST_REASON}\n")
    assert judged(submitted) == (Review.FAIL, "ก" * review.LONGEST_REASON)


def test_each_judgement_is_an_act_of_its_own_in_the_record(submitted: World) -> None:
    judge(submitted, Review.FAIL, WHY)
    judge(submitted, Review.PENDING)
    judge(submitted, Review.PASS)
    for act, before, after in (
        (
            "fail",
            {"review": "pending", "review_reason": ""},
            {"review": "fail", "review_reason": "ลิงก์เปิดไม่ได้"},
        ),
        (
            "undo",
            {"review": "fail", "review_reason": "ลิงก์เปิดไม่ได้"},
            {"review": "pending", "review_reason": ""},
        ),
        ("pass", {"review": "pending"}, {"review": "pass"}),
    ):
        (event,) = events_of(f"disclosure.{act}")
        assert (event.before, event.after) == (before, after)
        assert event.account_id == submitted.account["executive"]


def test_an_item_of_another_round_is_not_found(submitted: World) -> None:
    with pytest.raises(NotFound), acting_as(submitted.actor("executive")) as actor:
        review.judge_item(own(submitted), 999_999, Review.PASS, version=1, actor=actor)


def test_who_answered_the_checklist_does_not_review_it(submitted: World, make: Make) -> None:
    make(
        ContributorFactory,
        account=row(Account, submitted.account["executive"]),
        participation=row(Participation, submitted.participation["a1"]),
        part=Part.DISCLOSURE,
    )
    with acting_as(submitted.actor("executive")):
        closed = REVIEWING.closed(own(submitted), stored(submitted))
        assert closed is not None and "somebody else has to judge" in closed.message_id
    with pytest.raises(Refused, match="somebody else has to judge"):
        judge(submitted, Review.PASS)
