"""Two name somebody for one desk at the same moment: one acts, one follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import select

from models.account import Account, Capacity, Grant, Role
from models.zone import BANGKOK
from portal.core.access import Actor
from portal.core.database.session import privileged
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.people import terms
from portal.people.seats import appointing, handing
from portal.people.seats.desks import Spot
from portal.people.seats.naming import Person
from tests.races.test_queue_race import at_once
from tests.support.world import World, acting_as

DAY = datetime(2018, 12, 1, tzinfo=BANGKOK)


def one_wins(app: Portal, actors: list[Actor], act: Callable[[Actor], object]) -> int:
    """How many of several who act at once get through."""
    turns = iter(actors * 4)

    def go() -> bool:
        actor = next(turns)
        try:
            with acting_as(actor):
                act(actor)
        except (Refused, NotFound):
            return False
        return True

    return sum(at_once(app, go))


def actors_of(app: Portal, world: World) -> list[Actor]:
    with app.app_context():
        return [world.actor(who) for who in ("executive", "province", "dla")]


def test_of_appointments_at_once_one_person_acts(app: Portal, world: World) -> None:
    with app.app_context():
        given = terms.terms_of(date(2018, 11, 9), date(2018, 11, 30), Capacity.ACTING, "1/2561")

    def appoint(actor: Actor) -> None:
        person = Person(name="นางรักษา ทดลอง")
        appointing.appoint(Role.EXECUTIVE, Spot(agency_id=world.agency["a1"]), person, given, actor=actor)

    assert one_wins(app, actors_of(app, world), appoint) == 1
    with app.app_context(), privileged("a test looks") as session:
        assert len(session.scalars(select(Grant).where(Grant.capacity == Capacity.ACTING)).all()) == 1
        made = session.scalars(select(Account).where(Account.username.like("%-exec%"))).all()
        assert len(made) == 1, "of whoever lost, no account is left behind"


def test_a_desk_handed_over_by_several_at_once_goes_to_one(app: Portal, world: World) -> None:
    def hand_over(actor: Actor) -> None:
        handing.hand_over(world.grant["executive"], Person(name="นายรับ ทดลอง"), DAY, actor=actor)

    assert one_wins(app, actors_of(app, world), hand_over) == 1
    with app.app_context(), privileged("a test looks") as session:
        assert len(session.scalars(select(Grant).where(Grant.follows_id.is_not(None))).all()) == 1


def test_a_handover_taken_back_by_several_at_once_is_taken_back_once(app: Portal, world: World) -> None:
    actors = actors_of(app, world)
    with app.app_context(), acting_as(actors[0]):
        handing.hand_over(world.grant["executive"], Person(name="นายรับ ทดลอง"), DAY, actor=actors[0])
    with app.app_context(), privileged("a test looks") as session:
        new = session.scalars(select(Grant.id).where(Grant.follows_id.is_not(None))).one()
    assert one_wins(app, actors, lambda actor: handing.undo(new, actor=actor)) == 1
