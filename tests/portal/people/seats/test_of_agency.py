"""The people of an agency as its offices and the agency itself read them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from models.account import Account, Capacity, Role
from models.agency import Agency
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from portal.people import reach
from portal.people.seats.of_agency import Person, When, people_of
from portal.people.states import AccountState
from tests.factories.base import Make
from tests.factories.people import AccountFactory, ActivationCodeFactory, GrantFactory
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres
DAY = timedelta(days=1)


def at(app: Portal, world: World, who: str, agency: str = "a1") -> dict[When, list[Person]]:
    """What somebody reads about an agency."""
    with app.app_context(), acting_as(world.actor(who)):
        return people_of(db.session.get_one(Agency, world.agency[agency]))


def settle(app: Portal) -> None:
    """As after every right that has ended."""
    with app.app_context(), writing(), privileged("a test settles provinces") as session:
        reach.settle(session)


@pytest.fixture
def more(app: Portal, make: Make, world: World) -> None:
    """An executive before, an acting one tomorrow, an account without a person, an admin of two provinces."""
    executive = {"role": Role.EXECUTIVE, "agency_id": world.agency["a1"]}
    for name, first, last in (("oldest", NOW - 9 * DAY, NOW - 5 * DAY), ("ended", NOW - 4 * DAY, NOW)):
        before = make(AccountFactory, username=name)
        make(GrantFactory, account=before, valid_from=first, valid_until=last, **executive)
    acting = make(AccountFactory, username="acting", phone="08 1111 1111", position="ปลัดทดลอง")
    make(
        GrantFactory,
        account=acting,
        valid_from=NOW + DAY,
        valid_until=NOW + 3 * DAY,
        capacity=Capacity.ACTING,
        order_number="9/2561",
        **executive,
    )
    nobody = make(AccountFactory, username="a05520401", name="")
    make(GrantFactory, account=nobody, role=Role.AGENCY_ADMIN, agency_id=world.agency["a1"])
    make(ActivationCodeFactory, account=nobody, expires_at=NOW + DAY)
    wide = make(AccountFactory, username="wide", phone="02 000 0000", activated_at=NOW)
    for agency in ("a1", "b1"):
        make(GrantFactory, account=wide, role=Role.AGENCY_ADMIN, agency_id=world.agency[agency])
    settle(app)


@pytest.mark.usefixtures("more")
@pytest.mark.parametrize("who", ["dla", "province", "agency_admin", "executive"])
def test_everybody_is_told_who_is_there_now_later_and_before(app: Portal, world: World, who: str) -> None:
    """Whoever may see the agency reads every name, wherever else the person has rights."""
    people = at(app, world, who)
    assert [(one.name.removeprefix("ผู้ใช้ทดลอง "), one.role) for one in people[When.NOW]] == [
        ("", Role.AGENCY_ADMIN),
        ("agency_admin", Role.AGENCY_ADMIN),
        ("wide", Role.AGENCY_ADMIN),
        ("executive", Role.EXECUTIVE),
    ]
    (later,) = people[When.LATER]
    assert (later.capacity, later.order_number) == (Capacity.ACTING, "9/2561")
    assert (later.phone, later.position) == ("08 1111 1111", "ปลัดทดลอง")
    assert [one.name for one in people[When.BEFORE]] == ["ผู้ใช้ทดลอง ended", "ผู้ใช้ทดลอง oldest"]


@pytest.mark.usefixtures("more")
def test_of_somebody_with_rights_elsewhere_a_province_reads_name_and_telephone_only(
    app: Portal, world: World
) -> None:
    wide = next(one for one in at(app, world, "province")[When.NOW] if one.name.endswith("wide"))
    assert (wide.phone, wide.way, wide.opens) == ("02 000 0000", None, False)
    wide = next(one for one in at(app, world, "dla")[When.NOW] if one.name.endswith("wide"))
    assert wide.opens and wide.way is not None and wide.way.activated_at == NOW


@pytest.mark.usefixtures("more")
@pytest.mark.parametrize(("who", "opens"), [("dla", True), ("province", True), ("agency_admin", False)])
def test_the_state_of_an_account_is_told_and_opened_by_who_keeps_it(
    app: Portal, world: World, who: str, opens: bool
) -> None:
    nobody = at(app, world, who)[When.NOW][0]
    assert nobody.way is not None
    assert (nobody.way.username, nobody.way.state) == ("a05520401", AccountState.CODE_OUT)
    assert (nobody.way.code_ends, nobody.opens) == (NOW + DAY, opens)


def test_one_right_is_one_line_and_ends_at_its_moment(
    app: Portal, make: Make, world: World, clock: object
) -> None:
    assert [one.when for one in at(app, world, "dla")[When.NOW]] == [When.NOW, When.NOW]
    with app.app_context(), writing(), privileged("a test renames") as session:
        session.execute(update(Account).values(name="ก").where(Account.id == world.account["executive"]))
    (_admin, executive) = at(app, world, "dla")[When.NOW]
    assert (executive.name, executive.grant_id) == ("ก", world.grant["executive"])
    assert isinstance(executive.valid_from, datetime) and executive.valid_until is None
