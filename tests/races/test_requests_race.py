"""Officers ask for a power right of one person at once: one request waits, the others are told why."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.account import Grant, Role
from models.granting import AskedState, GrantRequest
from portal.core.database.session import privileged
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.people import AccountFactory, GrantFactory, GrantRequestFactory
from tests.support.client import PortalClient, client_of
from tests.support.races import pressed, statuses
from tests.support.world import World

OFFICERS = 4
WAITS_ALREADY = "ผู้ใช้นี้มีคำขอที่รอเจ้าหน้าที่อีกคนยืนยันอยู่แล้ว"


@pytest.fixture
def officers(app: Portal, make: Make) -> list[PortalClient]:
    """Several officers of the back office, each at a browser of their own."""
    clients = []
    for _officer in range(OFFICERS):
        client = client_of(app)
        client.sign_in_as(make(GrantFactory, role=Role.DLA).account_id)
        client.csrf_token()
        clients.append(client)
    return clients


def states(app: Portal, account_id: int) -> list[AskedState]:
    with app.app_context(), privileged("a test looks") as session:
        query = select(GrantRequest.state).where(GrantRequest.account_id == account_id)
        return list(session.scalars(query))


@pytest.mark.parametrize("role", ["assessor", "dla"])
def test_of_several_requests_for_one_person_one_waits(
    app: Portal, world: World, make: Make, officers: list[PortalClient], role: str
) -> None:
    person = make(AccountFactory).id
    form = {"role": role, "body": str(world.body["body1"]) if role == "assessor" else ""}
    answers = pressed(officers, f"/admin/accounts/{person}/rights", form)
    assert statuses(answers) == [302] + [422] * (OFFICERS - 1)
    assert all(WAITS_ALREADY in answer.text for answer in answers if answer.status_code == 422)
    assert states(app, person) == [AskedState.WAITING]


def test_of_several_requests_for_a_code_one_waits(
    app: Portal, world: World, officers: list[PortalClient]
) -> None:
    person = world.account["assessor"]
    answers = pressed(officers, f"/admin/accounts/{person}/code/ask", {})
    assert statuses(answers) == [302] + [409] * (OFFICERS - 1)
    assert all(WAITS_ALREADY in answer.text for answer in answers if answer.status_code == 409)
    assert states(app, person) == [AskedState.WAITING]


@pytest.mark.parametrize("step", ["confirm", "refuse"])
def test_a_request_is_decided_once(
    app: Portal, world: World, make: Make, officers: list[PortalClient], step: str
) -> None:
    """However many press: one decision, one right at most."""
    asked = make(GrantRequestFactory)
    answers = pressed(officers, f"/admin/rights/{asked.id}/{step}", {})
    assert statuses(answers).count(409) == OFFICERS - 1
    with app.app_context(), privileged("a test looks") as session:
        given = session.scalars(select(Grant.id).where(Grant.account_id == asked.account_id)).all()
    assert len(given) == (1 if step == "confirm" else 0)
