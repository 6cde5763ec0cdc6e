"""Who acts for an executive or is a deputy: by whom, until when, and never by or for the wrong person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.account import Account, Capacity, Grant, Role
from models.audit import AuditEvent
from models.granting import Notice
from models.zone import BANGKOK
from portal.core import sign_in
from portal.core.database.session import privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.people import terms
from portal.people.seats import appointing, desks
from portal.people.seats.desks import Spot
from portal.people.seats.naming import Person
from portal.people.terms import Terms
from tests.factories.base import Make
from tests.factories.people import AccountFactory, GrantFactory
from tests.support.world import NOW, World, acting_as, row

pytestmark = pytest.mark.postgres
SOMEBODY = Person(name="นางรักษา ทดลอง", position="ปลัดเทศบาล", phone="054-000-111")
UNTIL = datetime(2018, 12, 1, tzinfo=BANGKOK)


@pytest.fixture
def november(app: Portal) -> Terms:
    """Acting from today through 30 November, by an order."""
    with app.app_context():
        return terms.terms_of(date(2018, 11, 9), date(2018, 11, 30), Capacity.ACTING, "123/2561")


def appoint(
    world: World, who: str, given: Terms, person: Person = SOMEBODY, agency: str = "a1", **spot: Any
) -> bool:
    """Name somebody at the desk of a person of the world."""
    actor = world.actor(who)
    place = Spot(**spot) if spot else Spot(agency_id=world.agency[agency])
    role = Role.PROVINCE if spot else Role.EXECUTIVE
    with acting_as(actor):
        return appointing.appoint(role, place, person, given, actor=actor)


def rights(world: World, agency: str = "a1") -> list[Grant]:
    """The rights of an agency's appointed people, oldest first."""
    with privileged("a test looks") as session:
        query = select(Grant).where(
            Grant.agency_id == world.agency[agency], Grant.capacity != Capacity.HOLDER
        )
        found = list(session.scalars(query.order_by(Grant.id)))
        session.expunge_all()
        return found


@pytest.mark.parametrize("who", ["executive", "province", "dla"])
def test_executive_province_and_dla_name_who_acts(
    app: Portal, world: World, november: Terms, who: str
) -> None:
    with app.app_context():
        assert appoint(world, who, november), "the new account waits for its code"
        (grant,) = rights(world)
        assert (grant.role, grant.capacity, grant.order_number) == (
            Role.EXECUTIVE,
            Capacity.ACTING,
            "123/2561",
        )
        assert (grant.valid_from, grant.valid_until) == (NOW, UNTIL)
        person = row(Account, grant.account_id)
        assert (person.name, person.position, person.username) == (
            "นางรักษา ทดลอง",
            "ปลัดเทศบาล",
            "05520401-exec",
        )
        with privileged("a test looks") as session:
            query = select(AuditEvent.account_id).where(
                AuditEvent.act == "acting.appoint", AuditEvent.thing == "grant"
            )
            assert session.scalars(query).all() == [world.account[who]]


@pytest.mark.parametrize(
    ("who", "agency"),
    [
        ("agency_admin", "a1"),
        ("agency_admin_other", "b1"),
        ("executive", "a2"),
        ("executive", "b1"),
        ("executive_other", "a1"),
        ("province", "b1"),
        ("province_other", "a1"),
        ("assessor", "a1"),
        ("interviewer", "a1"),
        ("nacc", "a1"),
    ],
)
def test_nobody_else_names_anybody_nor_at_a_foreign_agency(
    app: Portal, world: World, november: Terms, who: str, agency: str
) -> None:
    with app.app_context():
        with pytest.raises(NotFound):
            appoint(world, who, november, agency=agency)
        assert rights(world, agency) == []


def test_a_province_names_who_acts_at_its_own_office_and_at_no_other(
    app: Portal, world: World, november: Terms
) -> None:
    with app.app_context():
        assert appoint(world, "province", november, province_id=world.province["52"])
        for who in ("province_other", "executive"):
            with pytest.raises(NotFound):
                appoint(world, who, november, province_id=world.province["52"])


def test_a_right_of_a_day_to_come_does_not_hold_before_and_ends_by_itself(app: Portal, world: World) -> None:
    with app.app_context():
        later = terms.terms_of(date(2018, 11, 20), date(2018, 11, 30), Capacity.DEPUTY, "4/2561")
        appoint(world, "executive", later)
        (grant,) = rights(world)
        begins = datetime(2018, 11, 20, tzinfo=BANGKOK)
        second = timedelta(seconds=1)
        assert [grant.valid_at(at) for at in (NOW, begins - second, begins, UNTIL - second, UNTIL)] == [
            False,
            False,
            True,
            True,
            False,
        ]
        assert sign_in.grants_of(grant.account_id) == [], "no desk yet"


@pytest.mark.parametrize(
    ("first", "last", "order", "field"),
    [
        (date(2018, 11, 8), date(2018, 11, 30), "1/2561", "first"),
        (date(2018, 11, 20), date(2018, 11, 19), "1/2561", "last"),
        (date(2018, 11, 9), None, "1/2561", "last"),
        (date(2018, 11, 9), date(2018, 11, 30), "", "order_number"),
    ],
)
def test_days_and_order_that_cannot_be_are_refused_at_their_field(
    app: Portal, first: date, last: date | None, order: str, field: str
) -> None:
    with app.app_context():
        with pytest.raises(Refused) as refused:
            terms.terms_of(first, last, Capacity.ACTING, order)
        assert refused.value.field == field


def test_one_day_is_a_time_too(app: Portal) -> None:
    with app.app_context():
        given = terms.terms_of(date(2018, 11, 9), date(2018, 11, 9), Capacity.ACTING, "1/2561")
        assert given.valid_until == datetime(2018, 11, 10, tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("who", "username", "why"),
    [
        ("executive", "agency_admin", "both admin and executive"),
        ("province", "agency_admin", "both admin and executive"),
        ("executive", "executive", "names themselves"),
        ("province", "province", "No account with this user name"),
        ("dla", "dla", "names themselves"),
        ("dla", "assessor", "different bodies"),
        ("dla", "nacc", "kept by command"),
        ("executive", "agency_admin_other", "No account with this user name"),
        ("province", "executive_other", "No account with this user name"),
        ("executive", "nobody", "No account with this user name"),
    ],
)
def test_who_cannot_act_there_is_refused(
    app: Portal, world: World, november: Terms, who: str, username: str, why: str
) -> None:
    with app.app_context():
        with pytest.raises(Refused, match=why):
            appoint(world, who, november, Person(username=username))
        assert rights(world) == []


def test_somebody_with_an_account_of_the_province_keeps_it(
    app: Portal, world: World, make: Make, november: Terms
) -> None:
    known = make(AccountFactory, username="palad", activated_at=NOW)
    make(GrantFactory, account=known, role=Role.EXECUTIVE, agency_id=world.agency["a2"])
    with app.app_context():
        assert appoint(world, "executive", november, Person(username="PALAD")) is False
        assert [grant.account_id for grant in rights(world)] == [known.id]


def test_one_acts_at_a_time_and_deputies_may_be_several(app: Portal, world: World, november: Terms) -> None:
    deputy = replace(november, capacity=Capacity.DEPUTY)
    with app.app_context():
        appoint(world, "executive", november)
        with pytest.raises(Refused, match="acts at this desk until"):
            appoint(world, "dla", november, Person(name="นายสอง ทดลอง"))
        for number in "12":
            appoint(world, "province", deputy, Person(name=f"นายรอง {number}"))
        december = terms.terms_of(date(2018, 12, 1), date(2018, 12, 31), Capacity.ACTING, "9/2561")
        appoint(world, "executive", december, Person(name="นายต่อ ทดลอง"))
        assert len(rights(world)) == 4


def test_the_same_person_goes_on_by_a_new_appointment(app: Portal, world: World, november: Terms) -> None:
    with app.app_context():
        appoint(world, "executive", november)
        name = row(Account, rights(world)[0].account_id).username
        december = terms.terms_of(date(2018, 12, 1), date(2018, 12, 31), Capacity.ACTING, "9/2561")
        appoint(world, "executive", december, Person(username=name))
        assert len({grant.account_id for grant in rights(world)}) == 1


def test_who_acts_names_nobody_and_ends_nothing(
    app: Portal, world: World, make: Make, november: Terms
) -> None:
    """The holder's own office stays the holder's."""
    with app.app_context():
        with writing(), privileged("the executive acts only") as session:
            session.get_one(Grant, world.grant["executive"]).capacity = Capacity.ACTING
        with pytest.raises(Refused, match="Only the holder"):
            appoint(world, "executive", replace(november, capacity=Capacity.DEPUTY))
        actor = world.actor("executive")
        assert not desks.appoints(Role.EXECUTIVE, actor=actor)


@pytest.mark.parametrize("who", ["executive", "province", "dla"])
def test_it_is_ended_early_by_whoever_may_appoint(
    app: Portal, world: World, november: Terms, who: str
) -> None:
    with app.app_context():
        appoint(world, "dla", november)
        (grant,) = rights(world)
        actor = world.actor(who)
        with acting_as(actor):
            appointing.end(grant.id, actor=actor)
        assert rights(world)[0].valid_until == NOW
        with acting_as(actor), pytest.raises(Refused, match="ended already"):
            appointing.end(grant.id, actor=actor)


@pytest.mark.parametrize("who", ["agency_admin", "executive_other", "province_other", "nacc", "assessor"])
def test_nobody_else_ends_it(app: Portal, world: World, november: Terms, who: str) -> None:
    with app.app_context():
        appoint(world, "dla", november)
        (grant,) = rights(world)
        actor = world.actor(who)
        with acting_as(actor), pytest.raises(NotFound):
            appointing.end(grant.id, actor=actor)
        assert rights(world)[0].valid_until == UNTIL


def test_a_holder_is_not_ended_as_an_appointment_is(app: Portal, world: World) -> None:
    with app.app_context():
        actor = world.actor("dla")
        for key in (world.grant["executive"], world.grant["agency_admin"], 999):
            with acting_as(actor), pytest.raises(NotFound):
                appointing.end(key, actor=actor)


def test_one_that_has_not_begun_is_taken_back_whole(app: Portal, world: World) -> None:
    with app.app_context():
        later = terms.terms_of(date(2018, 11, 20), date(2018, 11, 30), Capacity.ACTING, "4/2561")
        appoint(world, "executive", later)
        actor = world.actor("executive")
        with acting_as(actor):
            appointing.end(rights(world)[0].id, actor=actor)
        assert rights(world) == []


def test_the_person_the_agency_and_its_province_are_told(app: Portal, world: World, november: Terms) -> None:
    with app.app_context():
        appoint(world, "executive", november)
        (grant,) = rights(world)
        with privileged("a test looks") as session:
            told = {one.account_id: one.kind for one in session.scalars(select(Notice))}
        assert told == {
            grant.account_id: "appointed",
            world.account["executive"]: "appointed_beside",
            world.account["agency_admin"]: "appointed_beside",
            world.account["province"]: "appointed_beside",
        }


def test_a_capacity_without_its_end_or_order_names_nobody(app: Portal, world: World, november: Terms) -> None:
    for half in (
        replace(november, capacity=Capacity.HOLDER),
        replace(november, valid_until=None),
        replace(november, order_number=""),
    ):
        with app.app_context(), pytest.raises(Refused) as refused:
            appoint(world, "dla", half)
        assert refused.value.field == "capacity"


def test_nobody_ends_the_own_appointment(app: Portal, world: World, november: Terms) -> None:
    """Whatever desk they look from: nobody decides about the own right."""
    with app.app_context():
        appoint(world, "dla", november)
        (grant,) = rights(world)
        actor = replace(world.actor("dla"), account_id=grant.account_id)
        with acting_as(actor), pytest.raises(Refused, match="their own rights"):
            appointing.end(grant.id, actor=actor)
