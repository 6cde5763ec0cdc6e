"""Points of OIT: a zero has its reason, points can be taken back, and both come with the result."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from models.disclosure import DisclosureState
from models.round import Round, RoundState
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused, Stale
from portal.disclosure.scoring import LONGEST_NOTE, clear_score, score_item
from tests.support.checklists import answer_at, bring_to, first_item, own
from tests.support.record import events_of
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
WHY = "ไม่พบเอกสารตามลิงก์"


def score(world: World, points: Decimal | int | None, note: str) -> int:
    """The first item of a1's checklist scored; gives the item's id."""
    with acting_as(world.actor("assessor")) as actor:
        item = first_item(world)
        version = answer_at(world).version
        given = None if points is None else Decimal(points)
        score_item(own(world), item, points=given, note=note, version=version, actor=actor)
    return item


def stored_points(world: World) -> tuple[Decimal | None, str, int]:
    with acting_as(world.actor("assessor")):
        answer = answer_at(world)
        return answer.score, answer.score_note, answer.version


def clear(world: World, item: int, version: int) -> None:
    with acting_as(world.actor("assessor")) as actor:
        clear_score(own(world), item, version=version, actor=actor)


def test_no_points_need_a_reason_and_can_be_taken_back(app: Any, world: World) -> None:
    with app.app_context():
        bring_to(world, DisclosureState.CONFIRMED)
        with pytest.raises(Refused, match="why this item gets no points"):
            score(world, 0, "  ")
        item = score(world, 0, WHY)
        points, note, version = stored_points(world)
        assert (points, note) == (Decimal(0), WHY)
        with pytest.raises(Stale):
            clear(world, item, version - 1)
        clear(world, item, version)
        assert stored_points(world)[:2] == (None, "")


@pytest.mark.parametrize("opened", [False, True])
def test_the_agency_reads_points_and_reasons_with_its_result(
    app: Any, world: World, client_as: Callable[[str], Any], opened: bool
) -> None:
    with app.app_context():
        bring_to(world, DisclosureState.CONFIRMED)
        item = score(world, 0, WHY)
        if opened:
            with writing(), privileged("a test opens the boxes") as session:
                session.execute(update(Round).values(state=RoundState.OPENED))
    page = f"/rounds/{world.round_id}/agencies/{world.participation['a1']}/oit"
    for person in ("agency_admin", "executive"):
        assert (WHY in client_as(person).get(page).text) is opened, person
    assert (WHY in client_as("agency_admin").get(f"/rounds/{world.round_id}/oit/{item}").text) is opened
    assert WHY in client_as("assessor").get(page).text


def test_points_are_those_of_the_round_or_none_are_given(app: Any, world: World) -> None:
    with app.app_context():
        bring_to(world, DisclosureState.CONFIRMED)
        for points in (None, Decimal(50), Decimal(-1), Decimal("NaN")):
            with pytest.raises(Refused, match="Choose the points") as refusal:
                score(world, points, WHY)
            assert refusal.value.field == "points"
        assert stored_points(world)[:2] == (None, "")


def test_a_note_has_a_longest(app: Any, world: World) -> None:
    with app.app_context():
        bring_to(world, DisclosureState.CONFIRMED)
        with pytest.raises(Refused) as refusal:
            score(world, 100, "ก" * (LONGEST_NOTE + 1))
        assert (refusal.value.field, refusal.value.values) == ("note", {"most": 1000, "number": 1001})
        score(world, 100, f" {'ก' * LONGEST_NOTE} ")
        assert stored_points(world)[:2] == (Decimal(100), "ก" * LONGEST_NOTE)


def test_giving_and_taking_back_are_two_acts_of_the_record(app: Any, world: World) -> None:
    with app.app_context():
        bring_to(world, DisclosureState.CONFIRMED)
        item = score(world, 0, WHY)
        clear(world, item, stored_points(world)[2])
        (given,), (taken,) = events_of("disclosure.score"), events_of("disclosure.unscore")
    assert (given.after["score_note"], taken.before["score_note"]) == (WHY, WHY)
    assert Decimal(given.after["score"]) == 0 and taken.after["score"] is None
    assert {given.account_id, taken.account_id} == {world.account["assessor"]}
