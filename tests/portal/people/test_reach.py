"""To which province alone an account belongs, and a code that a province issued."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models.account import Account, ActivationCode, Grant, Role
from portal.core.database.session import privileged
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.people import accounts, reach
from tests.factories.base import Make
from tests.factories.people import AccountFactory, GrantFactory
from tests.factories.places import AgencyFactory
from tests.support.world import NOW

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("in_app")]


@pytest.fixture
def in_app(app: Portal) -> Iterator[None]:
    with app.app_context():
        yield


def _province(account_id: int) -> int | None:
    with privileged("a test") as session:
        return session.scalar(select(Account.province_id).where(Account.id == account_id))


def test_a_first_right_at_an_agency_gives_the_account_to_its_province(make: Make) -> None:
    agency = make(AgencyFactory)
    grant = make(GrantFactory, role=Role.EXECUTIVE, agency_id=agency.id)
    assert _province(grant.account_id) == agency.province_id


def test_a_right_elsewhere_takes_it_away_and_its_end_gives_it_back(make: Make) -> None:
    one, other = make(AgencyFactory), make(AgencyFactory)
    person = make(AccountFactory)
    make(GrantFactory, account=person, role=Role.EXECUTIVE, agency_id=one.id)
    second = make(
        GrantFactory,
        account=person,
        role=Role.EXECUTIVE,
        agency_id=other.id,
        valid_until=NOW + timedelta(days=1),
    )
    with privileged("a test") as session:
        reach.settle(session, [person.id])
    assert _province(person.id) is None
    with privileged("a test") as session:
        session.execute(update(Grant).where(Grant.id == second.id).values(valid_until=NOW))
        reach.settle(session)
    assert _province(person.id) == one.province_id


def test_a_right_of_an_office_belongs_to_no_province(make: Make) -> None:
    assert _province(make(GrantFactory, role=Role.DLA).account_id) is None


def test_a_code_of_a_provinceends_with_its_hold_on_the_account(make: Make) -> None:
    grant = make(GrantFactory, role=Role.EXECUTIVE, agency_id=make(AgencyFactory).id)
    code, hashed, ends = accounts.new_code()
    elsewhere = make(AgencyFactory)
    with privileged("a test") as session:
        person = session.get_one(Account, grant.account_id)
        session.add(
            ActivationCode(
                account_id=person.id, code_hash=hashed, expires_at=ends, province_id=person.province_id
            )
        )
        accounts.give_grant(session, person, Role.EXECUTIVE, agency_id=elsewhere.id)
    with pytest.raises(Refused, match="not valid"):
        accounts.activate(code, "ต้นตาลริมคลองสามแพร่ง")
