"""Handing a desk over: who may, to whom, without a gap, and back until the day has come."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models.account import Account, Capacity, Grant, Role
from models.granting import Notice
from models.zone import BANGKOK
from portal.core import clock
from portal.core.database.session import privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.people.seats import desks, handing
from portal.people.seats.desks import Spot
from portal.people.seats.naming import Person
from tests.factories.base import Make
from tests.factories.people import AccountFactory, GrantFactory
from tests.support.world import NOW, World, acting_as, row

pytestmark = pytest.mark.postgres
NEXT = Person(name="นายรับ ทดลอง")
DAY = datetime(2018, 12, 1, tzinfo=BANGKOK)


def hand_over(world: World, who: str, whose: str, person: Person = NEXT, day: datetime | None = DAY) -> bool:
    """Hand over the desk of a person of the world."""
    actor = world.actor(who)
    with acting_as(actor):
        return handing.hand_over(world.grant[whose], person, day, actor=actor)


def follower(world: World, whose: str) -> Grant | None:
    """The right that follows at a person's desk."""
    with privileged("a test looks") as session:
        found = session.scalars(select(Grant).where(Grant.follows_id == world.grant[whose])).one_or_none()
        session.expunge_all()
        return found


@pytest.mark.parametrize(
    ("who", "whose"),
    [
        ("agency_admin", "agency_admin"),
        ("executive", "agency_admin"),
        ("executive", "executive"),
        ("province", "agency_admin"),
        ("province", "executive"),
        ("province", "province"),
        ("dla", "agency_admin"),
        ("dla", "executive"),
        ("dla", "province"),
    ],
)
def test_the_old_right_ends_as_the_new_one_begins(app: Portal, world: World, who: str, whose: str) -> None:
    with app.app_context():
        assert hand_over(world, who, whose), "the successor's account waits for its code"
        old, new = row(Grant, world.grant[whose]), follower(world, whose)
        assert new is not None
        assert old.valid_until == new.valid_from == DAY and new.valid_until is None
        assert (new.role, new.agency_id, new.province_id) == (old.role, old.agency_id, old.province_id)
        assert new.capacity is Capacity.HOLDER
        assert row(Account, new.account_id).name == "นายรับ ทดลอง"
        assert not new.valid_at(DAY - timedelta(seconds=1)) and old.valid_at(DAY - timedelta(seconds=1))


def test_today_is_at_once(app: Portal, world: World) -> None:
    with app.app_context():
        hand_over(world, "agency_admin", "agency_admin", day=None)
        assert not row(Grant, world.grant["agency_admin"]).valid_at(NOW)
        new = follower(world, "agency_admin")
        assert new is not None and new.valid_at(NOW)


@pytest.mark.parametrize(
    ("who", "whose"),
    [
        ("agency_admin", "executive"),
        ("agency_admin", "agency_admin_other"),
        ("executive", "agency_admin_other"),
        ("executive_other", "executive"),
        ("province_other", "executive"),
        ("province", "agency_admin_other"),
        ("province", "province_other"),
        ("nacc", "agency_admin"),
        ("assessor", "agency_admin"),
        ("dla", "assessor"),
        ("dla", "nacc"),
        ("dla", "dla"),
        ("executive", "province"),
    ],
)
def test_nobody_hands_over_what_is_not_theirs(app: Portal, world: World, who: str, whose: str) -> None:
    with app.app_context():
        with pytest.raises(NotFound):
            hand_over(world, who, whose)
        assert row(Grant, world.grant[whose]).valid_until is None


def test_of_two_admins_each_hands_over_the_own_desk_only(app: Portal, world: World, make: Make) -> None:
    second = make(GrantFactory, role=Role.AGENCY_ADMIN, agency_id=world.agency["a1"])
    with app.app_context():
        actor = world.actor("agency_admin")
        with acting_as(actor), pytest.raises(NotFound):
            handing.hand_over(second.id, NEXT, DAY, actor=actor)
        assert hand_over(world, "agency_admin", "agency_admin")


def test_a_desk_is_handed_over_once(app: Portal, world: World) -> None:
    with app.app_context():
        hand_over(world, "executive", "executive")
        with pytest.raises(Refused, match="set already"):
            hand_over(world, "province", "executive", Person(name="นายสอง ทดลอง"))


def test_what_somebody_acts_at_is_nobodys_to_hand_over(app: Portal, world: World) -> None:
    with app.app_context():
        with writing(), privileged("the executive acts only") as session:
            session.get_one(Grant, world.grant["executive"]).capacity = Capacity.ACTING
        with pytest.raises(Refused, match="Only the holder"):
            hand_over(world, "executive", "executive")
        with pytest.raises(Refused, match="that somebody holds"):
            hand_over(world, "dla", "executive")
        assert hand_over(world, "executive", "agency_admin"), "the admin's desk is below it"


@pytest.mark.parametrize(
    ("who", "whose", "username", "why"),
    [
        ("province", "agency_admin", "executive", "both admin and executive"),
        ("province", "executive", "agency_admin", "both admin and executive"),
        ("province", "executive", "executive", "holds the desk already"),
        ("agency_admin", "agency_admin", "agency_admin", "names themselves"),
        ("executive", "agency_admin", "executive", "names themselves"),
        ("dla", "executive", "province", "different bodies"),
        ("executive", "executive", "executive_other", "No account with this user name"),
    ],
)
def test_who_cannot_follow_is_refused_and_nothing_changes(
    app: Portal, world: World, who: str, whose: str, username: str, why: str
) -> None:
    with app.app_context():
        with pytest.raises(Refused, match=why):
            hand_over(world, who, whose, Person(username=username))
        assert row(Grant, world.grant[whose]).valid_until is None
        assert follower(world, whose) is None


def test_a_person_needs_a_name_or_an_account(app: Portal, world: World) -> None:
    with app.app_context(), pytest.raises(Refused) as refused:
        hand_over(world, "executive", "executive", Person(phone="054-000-111"))
    assert refused.value.field == "name"


@pytest.mark.parametrize("who", ["agency_admin", "executive", "province", "dla"])
def test_it_is_taken_back_until_the_day_and_the_unused_account_goes(
    app: Portal, world: World, who: str
) -> None:
    with app.app_context():
        hand_over(world, "agency_admin", "agency_admin")
        new = follower(world, "agency_admin")
        assert new is not None
        actor = world.actor(who)
        with acting_as(actor):
            handing.undo(new.id, actor=actor)
        assert row(Grant, world.grant["agency_admin"]).valid_until is None
        assert row(Account, new.account_id) is None
        assert hand_over(world, "agency_admin", "agency_admin"), "and anew"


def test_a_successor_with_an_account_keeps_it(app: Portal, world: World, make: Make) -> None:
    known = make(AccountFactory, username="known", activated_at=NOW)
    make(GrantFactory, account=known, role=Role.AGENCY_ADMIN, agency_id=world.agency["a2"])
    with app.app_context():
        assert hand_over(world, "executive", "executive", Person(username="known")) is False
        new = follower(world, "executive")
        assert new is not None
        actor = world.actor("executive")
        with acting_as(actor):
            handing.undo(new.id, actor=actor)
        assert row(Account, known.id) is not None


def test_once_the_day_has_come_it_is_not_taken_back(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        hand_over(world, "agency_admin", "agency_admin")
        new, actor = follower(world, "agency_admin"), world.actor("dla")
        assert new is not None
        monkeypatch.setenv("PORTAL_CLOCK", DAY.isoformat())
        assert clock.now() == DAY
        with acting_as(actor), pytest.raises(Refused, match="The day has come"):
            handing.undo(new.id, actor=actor)


@pytest.mark.parametrize("who", ["executive_other", "province_other", "nacc"])
def test_nobody_else_takes_it_back(app: Portal, world: World, who: str) -> None:
    with app.app_context():
        hand_over(world, "agency_admin", "agency_admin")
        new, actor = follower(world, "agency_admin"), world.actor(who)
        assert new is not None
        for key in (new.id, world.grant["executive"], 999):
            with acting_as(actor), pytest.raises(NotFound):
                handing.undo(key, actor=actor)


def test_both_the_agency_and_the_province_are_told(app: Portal, world: World) -> None:
    with app.app_context():
        hand_over(world, "executive", "agency_admin")
        new = follower(world, "agency_admin")
        assert new is not None
        with privileged("a test looks") as session:
            told = {one.account_id: one.kind for one in session.scalars(select(Notice))}
        assert told == {
            world.account["agency_admin"]: "handed_over",
            new.account_id: "follows",
            world.account["executive"]: "handed_over_beside",
            world.account["province"]: "handed_over_beside",
        }


def test_the_page_says_who_follows_and_what_each_may_do(app: Portal, world: World) -> None:
    with app.app_context():
        hand_over(world, "executive", "executive")
        spot = Spot(agency_id=world.agency["a1"])

        def may(who: str) -> list[tuple[str, bool, bool]]:
            rows = desks.seats(spot, actor=world.actor(who))
            return [(str(seat.account), seat.may_hand_over, seat.may_undo) for seat in rows]

        admin, executive, following = (
            "ผู้ใช้ทดลอง agency_admin",
            "ผู้ใช้ทดลอง executive",
            "นายรับ ทดลอง",
        )
        assert may("executive") == [(admin, True, False), (executive, False, False), (following, False, True)]
        assert may("agency_admin") == [
            (admin, True, False),
            (executive, False, False),
            (following, False, False),
        ]
        seat = desks.seats(spot, actor=world.actor("province"))[1]
        assert seat.follower is not None and seat.follower.valid_from == DAY
        for who in ("executive_other", "province_other", "nacc", "assessor"):
            with pytest.raises(NotFound):
                desks.seats(spot, actor=world.actor(who))


def test_a_right_that_followed_nobody_is_no_handover(app: Portal, world: World) -> None:
    with app.app_context():
        actor = world.actor("dla")
        with acting_as(actor), pytest.raises(NotFound):
            handing.undo(world.grant["agency_admin"], actor=actor)


def test_who_is_to_come_does_not_take_the_handover_back(app: Portal, world: World) -> None:
    """Whatever desk they look from: nobody decides about the own right."""
    with app.app_context():
        hand_over(world, "dla", "agency_admin")
        new = follower(world, "agency_admin")
        assert new is not None
        actor = replace(world.actor("dla"), account_id=new.account_id)
        with acting_as(actor), pytest.raises(Refused, match="their own rights"):
            handing.undo(new.id, actor=actor)
