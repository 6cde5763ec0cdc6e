"""What the back office does with an account: each act, whom it never touches, and what it tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.account import Account, Grant, Role, SignInSession
from models.audit import AuditEvent
from models.granting import Notice
from portal.core.access import ROLES, Actor
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.people import keeping
from portal.people.keeping import Place
from tests.factories.base import Make
from tests.factories.people import AccountFactory, GrantFactory, SignInSessionFactory
from tests.factories.places import AgencyFactory
from tests.support import world as worlds
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres
#: what is done with an account in the transaction of the page
ACTS: dict[str, Callable[[Account, Actor], object]] = {
    "give": lambda person, by: keeping.add_grant(person, Role.PROVINCE, Place(province_id=1), actor=by),
    "end": lambda person, by: keeping.end_grant(person.grants[0], actor=by),
    "shut": lambda person, by: keeping.set_active(person, active=False, actor=by),
}


@pytest.mark.parametrize(
    ("act", "person", "why"),
    [(act, "nacc", "kept by command") for act in ACTS] + [(act, "dla", "somebody else") for act in ACTS],
)
def test_accounts_of_the_nacc_and_one_s_own_are_never_touched(
    app: Portal, world: World, act: str, person: str, why: str
) -> None:
    with app.app_context():
        actor = world.actor("dla")
        with acting_as(actor), pytest.raises(Refused, match=why):
            ACTS[act](db.session.get_one(Account, world.account[person]), actor)


def test_no_end_of_sessions_for_the_nacc_or_for_nobody(app: Portal, world: World) -> None:
    with app.app_context():
        with pytest.raises(Refused, match="kept by command"):
            keeping.end_sessions(world.account["nacc"])
        with pytest.raises(NotFound):
            keeping.end_sessions(99)


@pytest.mark.parametrize("role", list(ROLES))
def test_one_officer_alone_gives_no_power_right(app: Portal, world: World, make: Make, role: Role) -> None:
    """What two give is asked for, what the back office does not give is refused, the rest is given."""
    place = {
        "agency": Place(agency_id=world.agency["a2"]),
        "province": Place(province_id=world.province["52"]),
        "assessor": Place(body_id=world.body["body1"]),
    }.get(ROLES[role].reach.value, Place())
    person = make(AccountFactory).id
    with app.app_context():
        actor = world.actor("dla")
        with acting_as(actor):
            account = db.session.get_one(Account, person)
            if role is Role.NACC or ROLES[role].second:
                with pytest.raises(Refused, match=r"kept by command|confirmed by another") as refused:
                    keeping.add_grant(account, role, place, actor=actor)
                assert refused.value.field == "role"
            else:
                grant = keeping.add_grant(account, role, place, actor=actor)
                assert (grant.role, grant.valid_from, grant.valid_until) == (role, NOW, None)
                assert Place(grant.agency_id, grant.province_id, grant.body_id) == place
        with privileged("a test looks") as session:
            told = list(session.scalars(select(Notice.kind).where(Notice.account_id == person)))
            kept = session.scalar(select(func.count()).where(Grant.account_id == person)) or 0
        assert told == ["given"] * kept


def test_an_ended_right_ends_now_once_and_is_told(app: Portal, world: World) -> None:
    with app.app_context():
        actor, key = world.actor("dla"), world.grant["agency_admin"]
        with acting_as(actor):
            keeping.end_grant(db.session.get_one(Grant, key), actor=actor)
        with acting_as(actor), pytest.raises(Refused, match="ended already"):
            keeping.end_grant(db.session.get_one(Grant, key), actor=actor)
        assert worlds.row(Grant, key).valid_until == NOW
        with privileged("a test looks") as session:
            (notice,) = session.scalars(select(Notice)).all()
            assert (notice.account_id, notice.kind) == (world.account["agency_admin"], "ended")
            assert notice.values["role"] == "agency_admin" and "เกาะคา" in notice.values["place"]


@pytest.mark.parametrize(("active", "act"), [(False, "account.deactivate"), (True, "account.activate")])
def test_an_account_is_shut_and_opened_by_name_in_the_record(
    app: Portal, world: World, make: Make, active: bool, act: str
) -> None:
    person = make(AccountFactory, active=not active).id
    with app.app_context():
        actor = world.actor("dla")
        with acting_as(actor):
            keeping.set_active(db.session.get_one(Account, person), active=active, actor=actor)
        assert worlds.row(Account, person).active is active
        with privileged("a test looks") as session:
            event = session.scalars(select(AuditEvent).where(AuditEvent.act == act)).one()
            assert event.row == str(person)


def test_a_power_right_that_ended_needs_no_second_officer(app: Portal, world: World) -> None:
    with app.app_context(), writing(), privileged("a right that ends") as session:
        account = session.get_one(Account, world.account["assessor"])
        assert keeping.needs_second(account)
        account.grants[0].valid_until = NOW
        assert not keeping.needs_second(account)
        assert keeping.living_grants(account) == []


def test_signing_out_ends_the_sessions_of_one_person_and_counts_them(app: Portal, make: Make) -> None:
    mine, other = make(GrantFactory), make(GrantFactory)
    for grant in (mine, mine, other):
        make(SignInSessionFactory, grant=grant)
    with app.app_context():
        assert keeping.end_sessions(mine.account_id) == 2
        assert keeping.end_sessions(mine.account_id) == 0
        with privileged("a test looks") as session:
            assert session.scalars(select(SignInSession.account_id)).all() == [other.account_id]


@pytest.mark.parametrize("taken", ["dla", "DLA", " ｄｌａ "])
def test_a_user_name_is_one_person_s_in_any_spelling(app: Portal, world: World, taken: str) -> None:
    with app.app_context(), acting_as(world.actor("dla")):
        with pytest.raises(Refused, match="taken") as refused:
            keeping.add_account(username=taken, name="ทดลอง", email="", phone="")
        assert refused.value.field == "username"
        made = keeping.add_account(username=" Somchai ", name=" นายทดลอง ", email=" a@b.c ", phone=" 1 ")
        kept = (made.username, made.folded_username, made.name, made.email, made.phone)
        assert kept == ("Somchai", "somchai", "นายทดลอง", "a@b.c", "1")
        assert made.id and made.grants == [] and made.password_hash is None, "it has a number at once"


@pytest.mark.parametrize(
    "typed", ["05520401", "๐๕๕๒๐๔๐๑", "  05520401\n", "เทศบาลตำบลเกาะคา", " เทศบาลตำบลเกาะคา  "]
)
def test_an_agency_is_found_by_code_or_full_name(app: Portal, world: World, typed: str) -> None:
    with app.app_context(), acting_as(world.actor("dla")):
        assert keeping.find_agency(typed).id == world.agency["a1"]


def test_an_agency_that_is_not_meant_clearly_is_asked_for_by_its_code(
    app: Portal, world: World, make: Make
) -> None:
    """Of the same full name, or alike: at most five are named, one without a code by a dash."""
    for number in range(6):
        make(AgencyFactory, name="น้ำใส", full_name="อบต.น้ำใส", code=f"0652099{number}" if number else None)
    with app.app_context(), acting_as(world.actor("dla")):
        with pytest.raises(Refused) as refused:
            keeping.find_agency("อบต.น้ำใส")
        names = refused.value.values["names"].split("; ")
        assert len(names) == keeping.MOST_HINTS
        assert all("อบต.น้ำใส" in name for name in names)
        with pytest.raises(Refused) as near:
            keeping.find_agency("เกาะคา")
        assert near.value.values["names"].startswith("05520401 เทศบาลตำบลเกาะคา")
        with pytest.raises(Refused, match="No agency has") as none:
            keeping.find_agency("ไม่มีที่นี่")
        assert none.value.field == refused.value.field == near.value.field == "agency"


def test_a_refused_right_leaves_nothing_behind(app: Portal, world: World) -> None:
    with app.app_context():
        actor = world.actor("dla")
        with acting_as(actor):
            account = db.session.get_one(Account, world.account["agency_admin"])
            with pytest.raises(Refused, match="both admin and executive"):
                keeping.add_grant(account, Role.EXECUTIVE, Place(agency_id=world.agency["a1"]), actor=actor)
        with privileged("a test counts") as session:
            mine = select(func.count()).where(Grant.account_id == world.account["agency_admin"])
            assert session.scalar(mine) == 1
            assert session.scalar(select(func.count()).select_from(Notice)) == 0


def test_a_right_to_come_is_no_right_yet(app: Portal, world: World, make: Make) -> None:
    """Of an account that will be the NACC's from tomorrow nothing is known today."""
    grant = make(GrantFactory, role=Role.NACC, valid_from=NOW + timedelta(days=1))
    with app.app_context(), acting_as(world.actor("dla")):
        account = db.session.get_one(Account, grant.account_id)
        assert keeping.living_grants(account) == []
        keeping.refuse_nacc(account)
