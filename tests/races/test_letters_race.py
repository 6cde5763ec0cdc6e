"""Letters issued by many at the same moment: every number is given once, and none is missing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from models.dispatch import Dispatch, DispatchState, LetterNumber
from models.job import Job
from models.letter_office import Register
from portal.core.database.session import db, privileged
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.letters import dispatches
from portal.letters.offices import Ways
from tests.factories.base import Make
from tests.factories.people import GrantFactory
from tests.races.test_sending_race import sent_at_once
from tests.support.client import client_of
from tests.support.letters import drafted, set_up
from tests.support.races import AT_ONCE, at_once, pressed, statuses, visitors
from tests.support.world import NOW, World, acting_as

#: so many issue at once, each a letter of its own
ISSUERS = 50
DAY = "9/11/2561"
SUMMARY = {"prepared_by": "ก", "checked_by": "ข"}


def count(app: Portal, model: Any, *where: Any) -> int:
    with app.app_context(), privileged("a test counts") as session:
        return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


@pytest.mark.long
@pytest.mark.parametrize("register", [Register.GENERAL, Register.CIRCULARS_APART])
def test_fifty_who_issue_at_once_get_fifty_numbers_without_gap_or_double(
    app: Portal, world: World, register: Register
) -> None:
    """Every fifth is refused after it took its number: the number goes back with what failed."""
    with app.app_context():
        set_up(world, "dla", ways=Ways(register=register))
        keys = [drafted(world, "dla") for _one in range(ISSUERS)]

    def issue(place: int) -> bool:
        with app.app_context(), acting_as(world.actor("dla")) as actor:
            dispatch = db.session.get_one(Dispatch, keys[place])
            dispatches.issue(dispatch, number="", dated=NOW.date(), actor=actor, seen_version=None)
            if place % 5 == 0:
                raise Refused("This one fails at its end")
            return True

    def one(place: int) -> bool:
        try:
            return issue(place)
        except Refused:
            return False

    done: list[bool] = []
    for begin in range(0, ISSUERS, 10):  # as many as have a connection; each wave begins together
        done += at_once([lambda place=place: one(place) for place in range(begin, begin + 10)])  # type: ignore[misc]
    assert sum(done) == ISSUERS - ISSUERS // 5
    with app.app_context(), privileged("a test looks") as session:
        given = sorted(session.scalars(select(LetterNumber.number)))
        issued = session.scalars(select(Dispatch.number).where(Dispatch.state == DispatchState.ISSUED)).all()
    assert given == list(range(1, sum(done) + 1)), "no gap and no double"
    assert sorted(issued) == sorted(f"มท 0817.2/ว {number}" for number in given)


def test_a_letter_is_issued_once_however_many_press(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla", ways=Ways(register=Register.GENERAL))
        key = drafted(world, "dla")
    people = visitors(app, world, *["dla"] * AT_ONCE)
    form = {"number": "", "dated": DAY, "version": "1"}
    answers = pressed(people, f"/letters/{key}/issue", form)
    assert statuses(answers).count(302) == 1
    assert (count(app, LetterNumber), count(app, Job)) == (1, 1)


def test_one_typed_number_is_one_letter_s(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        keys = [drafted(world, "dla") for _one in range(AT_ONCE)]
    people = visitors(app, world, *["dla"] * AT_ONCE)
    sent = [client.page() | {"number": "7", "dated": DAY, "version": "1"} for client in people]
    answers = at_once(
        [
            lambda c=client, k=key, f=form: c.post(f"/letters/{k}/issue", data=f)  # type: ignore[misc]
            for client, key, form in zip(people, keys, sent, strict=True)
        ]
    )
    assert statuses(answers) == [302] + [422] * (AT_ONCE - 1)
    assert count(app, LetterNumber) == 1


def test_a_letter_is_withdrawn_or_replaced_once(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla", ways=Ways(register=Register.GENERAL))
        key = drafted(world, "dla")
        with acting_as(world.actor("dla")) as actor:
            dispatch = db.session.get_one(Dispatch, key)
            dispatches.issue(dispatch, number="", dated=NOW.date(), actor=actor, seen_version=None)
    people = visitors(app, world, *["dla"] * AT_ONCE)
    forms = [{"reason": f"เหตุ {place}"} for place in range(AT_ONCE)]
    answers = pressed(people, f"/letters/{key}/replace", *forms)
    assert statuses(answers).count(302) == 1
    assert count(app, Dispatch, Dispatch.replaces_id == key) == 1
    answers = pressed(people, f"/letters/{key}/withdraw", *forms)
    assert statuses(answers).count(302) == 1


def test_a_summary_pressed_twice_is_one_job(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "province")
    (client,) = visitors(app, world, "province")
    answers = sent_at_once(app, client, f"/rounds/{world.round_id}/letters/summary", SUMMARY)
    assert count(app, Job) == 1
    assert len(set(answers)) == 1 and answers[0][0] == 302, answers


def test_what_two_officers_prove_is_each_ones_own(app: Portal, world: World, make: Make) -> None:
    """A job runs under the right of who asked: the end of one's right does not end the other's order."""
    with app.app_context():
        set_up(world, "dla")
        key = drafted(world, "dla")
    (first,), second = visitors(app, world, "dla"), client_of(app)
    second.sign_in_as(make(GrantFactory).account_id)
    second.csrf_token()
    form = {"province": str(world.province["52"])}
    assert statuses(pressed([first, second], f"/letters/{key}/proof", form)) == [302, 302]
    assert count(app, Job) == 2
