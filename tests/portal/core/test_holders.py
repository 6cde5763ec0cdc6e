"""Who confirms and approves for an agency now: a living right of a living account, the newest first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.account import Account, Capacity, Grant, Role
from models.participation import Participation
from models.zone import BANGKOK
from portal.core import audit, sign_in
from portal.core.acting import seated
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.holders import confirmed_by, executive_name, lacks_executive, require_executive
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.people import AccountFactory, GrantFactory
from tests.support.world import NOW, World, acting_as, row

pytestmark = pytest.mark.postgres
SECOND = timedelta(seconds=1)


def executive_of(world: World) -> dict[str, Any]:
    """A right of a1's executive."""
    return {"role": Role.EXECUTIVE, "agency_id": world.agency["a1"]}


def with_executive(app: Portal, world: World, *, account: dict[str, Any], grant: dict[str, Any]) -> None:
    """Change the world's executive of a1."""
    with app.app_context(), writing(), privileged("a test changes the executive") as session:
        for model, key, values in (
            (Account, world.account["executive"], account),
            (Grant, world.grant["executive"], grant),
        ):
            found = session.get_one(model, key)
            for name, value in values.items():
                setattr(found, name, value)


def named(app: Portal, world: World, agency: str = "a1") -> str:
    with app.app_context():
        name = executive_name(row(Participation, world.participation[agency]))
        return name.replace("\N{NO-BREAK SPACE}", " ")


def without(app: Portal, world: World) -> set[str]:
    """The agencies that lack an executive, as a country-wide desk finds them."""
    keys = {value: key for key, value in world.participation.items()}
    with app.app_context(), acting_as(world.actor("dla")):
        return {keys[key] for key in db.session.scalars(select(Participation.id).where(lacks_executive(NOW)))}


@pytest.mark.parametrize(
    ("account", "grant", "there"),
    [
        ({}, {}, True),
        ({"active": False}, {}, False),
        ({}, {"valid_from": NOW}, True),
        ({}, {"valid_from": NOW + SECOND}, False),
        ({}, {"valid_until": NOW + SECOND}, True),
        ({}, {"valid_until": NOW}, False),
    ],
)
def test_an_executive_is_there_while_right_and_account_live(
    app: Portal, world: World, account: dict[str, Any], grant: dict[str, Any], there: bool
) -> None:
    with_executive(app, world, account=account, grant=grant)
    assert named(app, world) == ("ผู้ใช้ทดลอง executive" if there else "")
    assert without(app, world) == {"a2", "b2"} | (set() if there else {"a1"})


def test_an_admin_is_no_executive(app: Portal, make: Make, world: World) -> None:
    make(GrantFactory, role=Role.AGENCY_ADMIN, agency_id=world.agency["a2"])
    assert named(app, world, "a2") == ""


def test_all_who_may_confirm_are_named_with_their_capacity_the_holder_first(
    app: Portal, make: Make, world: World
) -> None:
    acting = make(AccountFactory, name="นางรอง ทดลอง")
    until = datetime(2018, 12, 1, tzinfo=BANGKOK)
    make(GrantFactory, account=acting, **executive_of(world), capacity=Capacity.ACTING, valid_until=until)
    assert named(app, world) == ("ผู้ใช้ทดลอง executive (ผู้บริหาร), นางรอง ทดลอง (รักษาการ ถึง 30 พ.ย. 2561)")
    with_executive(app, world, account={}, grant={"valid_until": NOW})
    assert named(app, world) == "นางรอง ทดลอง (รักษาการ ถึง 30 พ.ย. 2561)", "alone too it is said"


def test_of_two_holders_the_newer_one_is_named_first(app: Portal, make: Make, world: World) -> None:
    newer = make(AccountFactory, name="นายใหม่ กว่า")
    make(GrantFactory, account=newer, **executive_of(world), valid_from=NOW)
    assert named(app, world) == "นายใหม่ กว่า (ผู้บริหาร), ผู้ใช้ทดลอง executive (ผู้บริหาร)"


def test_an_executive_whose_account_has_no_person_yet_is_said_to_be_so(app: Portal, world: World) -> None:
    with_executive(app, world, account={"name": ""}, grant={})
    assert named(app, world) == "ยังไม่เปิดใช้งานบัญชี"


def test_nothing_is_sent_to_an_executive_who_is_not_there(app: Portal, world: World) -> None:
    with app.app_context():
        require_executive(row(Participation, world.participation["a1"]))
        with pytest.raises(Refused, match="Nobody has an executive's account"):
            require_executive(row(Participation, world.participation["a2"]))


def test_who_confirmed_is_told_as_the_record_has_it(app: Portal, make: Make, world: World) -> None:
    """With the capacity of somebody who was not the holder; nothing where nothing was confirmed."""
    with app.app_context():
        participation = row(Participation, world.participation["a1"])
        assert (confirmed_by(None), confirmed_by(participation)) == ("", "")
        acting = make(AccountFactory, name="นางรอง ทดลอง")
        until = datetime(2018, 12, 1, tzinfo=BANGKOK)
        own = make(
            GrantFactory, account=acting, **executive_of(world), capacity=Capacity.ACTING, valid_until=until
        )
        for grant_id, words in (
            (world.grant["executive"], "ผู้ใช้ทดลอง executive"),
            (own.id, "นางรอง ทดลอง (รักษาการ)"),
        ):
            with privileged("a test reads a right") as session:
                actor = sign_in.actor_for_grant(session, grant_id)
            with seated(actor), writing(), privileged("a test confirms") as session:
                audit.record(
                    session, act="preparation.confirm", thing="participation", row=participation.id, after={}
                )
            assert confirmed_by(participation) == words


def test_an_acting_right_without_an_end_is_named_by_its_capacity(
    app: Portal, make: Make, world: World
) -> None:
    acting = make(AccountFactory, name="นางรอง ทดลอง")
    make(GrantFactory, account=acting, **executive_of(world), capacity=Capacity.ACTING)
    assert "นางรอง ทดลอง (รักษาการ)" in named(app, world)
