"""Which rounds the switch in the head of every page offers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.account import Role
from models.agency import Agency
from models.round import RoundState
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.people import GrantFactory
from tests.factories.places import AgencyFactory
from tests.factories.rounds import ParticipationFactory, RoundFactory
from tests.support.client import PortalClient, client_of
from tests.support.world import World, row


@pytest.mark.postgres
def test_an_agency_is_offered_the_rounds_that_it_takes_part_in(
    app: Portal, make: Make, world: World, client_as: Callable[[str], PortalClient]
) -> None:
    joined = make(RoundFactory, name="รอบที่เข้าร่วม", state=RoundState.CLOSED)
    make(RoundFactory, name="รอบของหน่วยงานอื่น", state=RoundState.CLOSED)
    with app.app_context():
        agency = row(Agency, world.agency["a1"])
    make(ParticipationFactory, round=joined, agency=agency)
    mine = client_as("agency_admin").get(f"/rounds/{world.round_id}/home").text
    assert "รอบที่เข้าร่วม" in mine and "รอบของหน่วยงานอื่น" not in mine
    assert "รอบของหน่วยงานอื่น" in client_as("dla").get(f"/rounds/{world.round_id}/home").text


def test_an_agency_of_no_round_is_told_so(app: Portal, make: Make, world: World) -> None:
    grant = make(GrantFactory, role=Role.AGENCY_ADMIN, agency_id=make(AgencyFactory).id)
    client = client_of(app)
    client.sign_in_as(grant.account_id)
    page = client.get("/", follow_redirects=True)
    assert page.status_code == 200
    assert "หน่วยงานของท่านยังไม่ได้เข้าร่วมรอบการประเมินใด" in page.text
