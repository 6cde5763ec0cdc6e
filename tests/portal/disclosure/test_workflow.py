"""The way of the OIT checklist, and what each step says where it is not possible."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from models.disclosure import Disclosure, DisclosureAnswer, DisclosureLink, DisclosureState
from models.instrument import OitItem
from models.participation import Participation
from models.round import RoundState, Stage
from models.zone import BANGKOK
from portal.core.access import Permission as P
from portal.core.errors import Closed, Refused
from portal.disclosure.workflow import DISCLOSURE, codes_of, is_answered, where_it_lies
from tests.support.steps import in_round, steps_of

S = DisclosureState
MONDAY = datetime(2018, 11, 12, 9, 30, tzinfo=BANGKOK)


def test_the_way_between_admin_executive_and_assessor() -> None:
    assert steps_of(DISCLOSURE) == {
        "submit": ({S.DRAFT, S.RETURNED}, S.SUBMITTED, P.DISCLOSURE_ANSWER),
        "withdraw": ({S.SUBMITTED}, S.DRAFT, P.DISCLOSURE_ANSWER),
        "return": ({S.SUBMITTED}, S.RETURNED, P.DISCLOSURE_REVIEW),
        "confirm": ({S.SUBMITTED}, S.CONFIRMED, P.DISCLOSURE_REVIEW),
        "finish": ({S.CONFIRMED}, S.SCORED, P.DISCLOSURE_SCORE),
    }


def reason(step: str, participation: Participation) -> Refused:
    """Why a step is not possible for a checklist without answers."""
    guard = DISCLOSURE.transition(step).guard
    assert guard is not None
    try:
        guard(Disclosure(participation=participation))
    except Refused as refused:
        return refused
    return Refused("")


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("step", list(steps_of(DISCLOSURE)))
def test_each_step_belongs_to_its_stage(step: str) -> None:
    own, other = (Stage.OIT_SCORING, Stage.OIT) if step == "finish" else (Stage.OIT, Stage.OIT_SCORING)
    assert not isinstance(reason(step, in_round(own)), Closed)
    assert isinstance(reason(step, in_round(other)), Closed)
    assert not isinstance(reason(step, in_round(own, RoundState.CLOSED)), Closed), (
        "points are given later too"
    )


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("step", list(steps_of(DISCLOSURE)))
def test_no_step_is_taken_in_a_draft_or_once_the_boxes_are_open(step: str) -> None:
    own = Stage.OIT_SCORING if step == "finish" else Stage.OIT
    assert "not open" in reason(step, in_round(own, RoundState.DRAFT)).message_id
    assert "have been opened" in reason(step, in_round(own, RoundState.OPENED)).message_id


@pytest.mark.parametrize(
    ("disclosed", "links", "explanation", "answered"),
    [
        (None, 1, "อธิบาย", False),
        (True, 0, "", False),
        (True, 1, "", True),
        (True, 0, "อธิบาย", True),
        (False, 0, "อธิบาย", True),
        (False, 1, " ", False),
    ],
)
def test_an_item_is_answered_by_a_choice_and_what_shows_it(
    disclosed: bool | None, links: int, explanation: str, answered: bool
) -> None:
    answer = DisclosureAnswer(disclosed=disclosed, explanation=explanation)
    answer.links = [DisclosureLink(position=place) for place in range(links)]
    assert is_answered(answer) is answered


def answers(*places: int) -> list[DisclosureAnswer]:
    return [DisclosureAnswer(item=OitItem(code=f"O{place}", position=place)) for place in places]


def test_items_are_named_in_the_order_of_the_checklist_eight_at_most() -> None:
    assert codes_of(answers(14, 3)) == "O3, O14"
    assert codes_of(answers(*range(8, 0, -1))) == "O1, O2, O3, O4, O5, O6, O7, O8"
    assert codes_of(answers(*range(1, 10))) == "O1, O2, O3, O4, O5, O6, O7, O8 …"


@pytest.mark.parametrize(
    ("state", "says", "moment"),
    [
        (S.DRAFT, "has not submitted", ""),
        (S.SUBMITTED, "lies with the executive", "submitted_at"),
        (S.RETURNED, "was returned to the admin", ""),
        (S.CONFIRMED, "executive confirmed", "confirmed_at"),
        (S.SCORED, "assessor finished", "scored_at"),
    ],
)
def test_a_closed_step_says_where_the_checklist_lies_and_since_when(
    state: DisclosureState, says: str, moment: str
) -> None:
    facts: dict[str, Any] = {moment: MONDAY} if moment else {"submitted_at": MONDAY}
    refusal = where_it_lies(Disclosure(state=state, **facts))
    assert says in refusal.message_id
    assert ("12" in refusal.values["when"]) is bool(moment)


def test_a_checklist_that_nobody_began_lies_with_the_admin() -> None:
    refusal = where_it_lies(None)
    assert "has not submitted" in refusal.message_id
    assert refusal.values["when"] == "–"
