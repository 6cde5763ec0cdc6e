"""Who was named for a desk and cannot come in yet is work of the province, else of the back office."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.account import Account, Capacity, Grant, Role
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.people import terms
from portal.people.seats import appointing, named
from portal.people.seats.desks import Spot
from portal.people.seats.naming import Person
from tests.factories.base import Make
from tests.factories.people import ActivationCodeFactory
from tests.support.world import NOW, World, acting_as, row

pytestmark = pytest.mark.postgres


def names(world: World, who: str) -> list[str]:
    actor = world.actor(who)
    with acting_as(actor):
        return [one.name for one in named.waiting(actor)]


def appoint(world: World, who: str, spot: Spot, role: Role) -> int:
    """Name somebody; gives the account."""
    actor = world.actor(who)
    given = terms.terms_of(date(2018, 11, 20), date(2018, 11, 30), Capacity.ACTING, "1/2561")
    with acting_as(actor):
        appointing.appoint(role, spot, Person(name="นางรักษา ทดลอง"), given, actor=actor)
    with privileged("a test looks") as session:
        return session.scalars(select(Grant.account_id).where(Grant.capacity == Capacity.ACTING)).one()


def test_of_an_agency_it_is_the_provinces_work_until_a_code_is_out(
    app: Portal, world: World, make: Make
) -> None:
    with app.app_context():
        key = appoint(world, "executive", Spot(agency_id=world.agency["a1"]), Role.EXECUTIVE)
        assert names(world, "province") == ["นางรักษา ทดลอง"]
        assert names(world, "province_other") == names(world, "dla") == []
        account = row(Account, key)
    make(ActivationCodeFactory, account=account, expires_at=NOW + timedelta(days=1))
    with app.app_context():
        assert names(world, "province") == []


def test_of_a_province_without_staff_and_of_its_own_office_it_is_the_back_offices(
    app: Portal, world: World
) -> None:
    with app.app_context():
        appoint(world, "province", Spot(province_id=world.province["52"]), Role.PROVINCE)
        assert names(world, "dla") == ["นางรักษา ทดลอง"] and names(world, "province") == []


def test_where_the_staff_is_gone_the_back_office_issues_it(app: Portal, world: World) -> None:
    with app.app_context():
        appoint(world, "executive", Spot(agency_id=world.agency["a1"]), Role.EXECUTIVE)
        with writing(), privileged("the province's staff is gone") as session:
            session.get_one(Grant, world.grant["province"]).valid_until = NOW
        assert names(world, "dla") == ["นางรักษา ทดลอง"]


def test_who_came_in_waits_no_more(app: Portal, world: World) -> None:
    with app.app_context():
        key = appoint(world, "executive", Spot(agency_id=world.agency["a1"]), Role.EXECUTIVE)
        with writing(), privileged("activated") as session:
            session.get_one(Account, key).activated_at = NOW
        assert names(world, "province") == []
