"""Rights with a beginning, an end and a capacity, as the back office gives them, also those that two give."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from models.account import Account, Capacity, Grant, Role
from models.granting import Notice
from models.zone import BANGKOK
from portal.core.access import Actor
from portal.core.database.session import db, privileged
from portal.core.errors import Refused
from portal.core.sign_in import actor_for_grant
from portal.core.web import Portal
from portal.people import granting, keeping, terms
from portal.people.keeping import Place
from portal.people.seats import handing
from portal.people.seats.naming import Person
from portal.people.terms import Terms
from tests.factories.base import Make
from tests.factories.people import AccountFactory, GrantFactory
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres
FIRST, LAST = date(2018, 11, 20), date(2018, 11, 30)
BEGINS, ENDS = datetime(2018, 11, 20, tzinfo=BANGKOK), datetime(2018, 12, 1, tzinfo=BANGKOK)


def held(account_id: int) -> list[Grant]:
    with privileged("a test looks") as session:
        found = list(session.scalars(select(Grant).where(Grant.account_id == account_id).order_by(Grant.id)))
        session.expunge_all()
        return found


def test_one_officer_gives_a_right_with_days_and_capacity(app: Portal, world: World, make: Make) -> None:
    person = make(AccountFactory).id
    with app.app_context():
        actor = world.actor("dla")
        with acting_as(actor):
            account = db.session.get_one(Account, person)
            given = terms.terms_of(FIRST, LAST, Capacity.ACTING, "7/2561")
            keeping.add_grant(
                account, Role.EXECUTIVE, Place(agency_id=world.agency["a1"]), given, actor=actor
            )
        (grant,) = held(person)
    assert (grant.valid_from, grant.valid_until) == (BEGINS, ENDS)
    assert (grant.capacity, grant.order_number) == (Capacity.ACTING, "7/2561")
    with app.app_context(), privileged("a test looks") as session:
        query = select(Notice.kind).where(Notice.account_id == person)
        assert session.scalars(query).all() == ["appointed"], "told with days and order"


def test_two_rights_after_one_another_do_not_meet(app: Portal, world: World, make: Make) -> None:
    """Executive to the end of November, admin of the same agency from December on."""
    person, place = make(AccountFactory).id, Place(agency_id=world.agency["a2"])
    with app.app_context():
        actor = world.actor("dla")
        with acting_as(actor):
            account = db.session.get_one(Account, person)
            december = terms.terms_of(date(2018, 12, 1), None, Capacity.HOLDER, "")
            keeping.add_grant(account, Role.AGENCY_ADMIN, place, december, actor=actor)
            november = terms.terms_of(None, LAST, Capacity.HOLDER, "")
            keeping.add_grant(account, Role.EXECUTIVE, place, november, actor=actor)
            with pytest.raises(Refused, match="both admin and executive"):
                longer = terms.terms_of(None, date(2018, 12, 2), Capacity.HOLDER, "")
                keeping.add_grant(
                    db.session.get_one(Account, person), Role.EXECUTIVE, place, longer, actor=actor
                )


def test_nobody_acts_as_an_admin(app: Portal, world: World, make: Make) -> None:
    person = make(AccountFactory).id
    with app.app_context():
        actor = world.actor("dla")
        given = terms.terms_of(None, LAST, Capacity.ACTING, "7/2561")
        with acting_as(actor), pytest.raises(Refused, match="Nobody acts at this desk"):
            account = db.session.get_one(Account, person)
            keeping.add_grant(
                account, Role.AGENCY_ADMIN, Place(agency_id=world.agency["a1"]), given, actor=actor
            )


@pytest.mark.parametrize("role", [Role.DLA, Role.ASSESSOR, Role.INTERVIEWER])
def test_what_two_give_holds_in_the_days_that_were_asked_for(
    app: Portal, world: World, make: Make, role: Role
) -> None:
    person, second = make(AccountFactory).id, make(GrantFactory)
    body = None if role is Role.DLA else world.body["body1"]
    with app.app_context():
        actor = world.actor("dla")
        with acting_as(actor):
            given = terms.terms_of(FIRST, LAST, Capacity.DEPUTY, "8/2561")
            account = db.session.get_one(Account, person)
            asked = granting.ask(account, role, Place(body_id=body), given, actor=actor).id
        officer = _seated(second.id)
        with acting_as(officer):
            granting.confirm(asked, actor=officer)
        (grant,) = held(person)
    assert (grant.valid_from, grant.valid_until, grant.capacity, grant.order_number) == (
        BEGINS,
        ENDS,
        Capacity.DEPUTY,
        "8/2561",
    )


def _seated(grant_id: int) -> Actor:
    with privileged("a test's actor") as session:
        return actor_for_grant(session, grant_id)


@pytest.mark.parametrize(
    ("at", "begins"), [(NOW, BEGINS), (BEGINS, None), (BEGINS + timedelta(days=1), None)]
)
def test_a_beginning_that_has_passed_at_the_confirmation_is_now(
    app: Portal, monkeypatch: pytest.MonkeyPatch, at: datetime, begins: datetime | None
) -> None:
    monkeypatch.setenv("PORTAL_CLOCK", at.isoformat())
    with app.app_context():
        assert terms.later(Terms(BEGINS, ENDS)).valid_from == begins


def test_what_ended_before_it_was_confirmed_is_refused(app: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_CLOCK", ENDS.isoformat())
    with app.app_context(), pytest.raises(Refused, match="last day of what was asked for is past"):
        terms.later(Terms(BEGINS, ENDS))


def test_a_right_that_has_not_begun_is_ended_and_given_anew(app: Portal, world: World, make: Make) -> None:
    person, place = make(AccountFactory).id, Place(agency_id=world.agency["a2"])
    with app.app_context():
        actor = world.actor("dla")
        coming = terms.terms_of(FIRST, None, Capacity.HOLDER, "")
        with acting_as(actor):
            account = db.session.get_one(Account, person)
            keeping.end_grant(
                keeping.add_grant(account, Role.EXECUTIVE, place, coming, actor=actor), actor=actor
            )
            keeping.add_grant(account, Role.EXECUTIVE, place, actor=actor)
        first, second = held(person)
        assert not any(first.valid_at(moment) for moment in (NOW, BEGINS, ENDS))
        assert second.valid_at(NOW)


def test_a_successors_coming_right_is_not_ended_past_the_handover(app: Portal, world: World) -> None:
    """The desk would be nobody's from that day on."""
    with app.app_context():
        actor = world.actor("dla")
        with acting_as(actor):
            handing.hand_over(world.grant["executive"], Person(name="นายรับ ทดลอง"), BEGINS, actor=actor)
        with acting_as(actor), pytest.raises(Refused, match="take the handover back"):
            query = select(Grant).where(Grant.follows_id == world.grant["executive"])
            keeping.end_grant(db.session.scalars(query).one(), actor=actor)
