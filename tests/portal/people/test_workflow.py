"""A power right needs two people: who asks, and another who decides."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import g

from models.account import Role
from models.granting import Asked, AskedState, GrantRequest
from portal.core.access import Actor
from portal.core.access import Permission as P
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.people.workflow import GRANTING, another_decides, decided, the_asker_withdraws
from tests.support.steps import steps_of

S = AskedState
ASKER, FOR, THIRD = 1, 2, 3


@pytest.fixture
def sits(app: Portal) -> Iterator[None]:
    with app.app_context():
        yield


def sit(account_id: int) -> None:
    g.actor = Actor(account_id, account_id, Role.DLA, "ผู้ใช้ทดลอง")


def test_a_request_waits_for_one_decision() -> None:
    assert steps_of(GRANTING) == {
        "confirm": ({S.WAITING}, S.CONFIRMED, P.SECOND_DECIDE),
        "refuse": ({S.WAITING}, S.REFUSED, P.SECOND_DECIDE),
        "withdraw": ({S.WAITING}, S.WITHDRAWN, P.SECOND_DECIDE),
    }
    assert "decided already" in decided(GrantRequest()).message_id


@pytest.mark.usefixtures("sits")
def test_neither_the_asker_nor_who_is_to_get_it_decides() -> None:
    request = GrantRequest(asked_by_id=ASKER, account_id=FOR, what=Asked.RIGHT)
    for person, says in ((ASKER, "You asked for this yourself"), (FOR, "about yourself")):
        sit(person)
        with pytest.raises(Refused, match=says):
            another_decides(request)
    sit(THIRD)
    another_decides(request)


@pytest.mark.usefixtures("sits")
def test_only_the_asker_withdraws() -> None:
    request = GrantRequest(asked_by_id=ASKER, account_id=FOR)
    sit(THIRD)
    with pytest.raises(Refused, match="who asked"):
        the_asker_withdraws(request)
    sit(ASKER)
    the_asker_withdraws(request)
