"""Roles that never meet in one person: not now, not on a day to come, and not past the application."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from models.account import Account, Grant, Role
from portal.core.access import ROLES, never_meet
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.scopes import Reach
from portal.core.web import Portal
from portal.people import keeping
from portal.people.accounts import give_grant
from portal.people.keeping import Place
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres


def place_for(world: World, role: Role, agency: str = "a1") -> dict[str, Any]:
    return {
        Reach.AGENCY: {"agency_id": world.agency[agency]},
        Reach.PROVINCE: {"province_id": world.province["52"]},
        Reach.ASSESSOR: {"body_id": world.body["body1"]},
        Reach.COUNTRY: {},
    }[ROLES[role].reach]


@pytest.mark.parametrize("begins, ends, refused", [(1, None, True), (-2, 1, True), (-2, -1, False)])
def test_admin_and_executive_of_one_agency_never_meet(
    app: Portal, world: World, begins: int, ends: int | None, refused: bool
) -> None:
    """Days from now: a right that begins tomorrow counts, one that ended yesterday does not."""
    with app.app_context(), writing(), privileged("a test") as session:
        admin = session.get_one(Grant, world.grant["agency_admin"])
        account = session.get_one(Account, admin.account_id)
        admin.valid_from = NOW + timedelta(days=min(begins, 0) - 1)
        session.flush()
        admin.valid_until = None if ends is None else NOW + timedelta(days=ends)
        admin.valid_from = NOW + timedelta(days=begins)
        session.flush()
        if refused:
            with pytest.raises(Refused):
                give_grant(session, account, Role.EXECUTIVE, agency_id=admin.agency_id)
        else:
            assert give_grant(session, account, Role.EXECUTIVE, agency_id=admin.agency_id).id


def test_sides_never_meet_at_a_desk(app: Portal, world: World) -> None:
    """The back office cannot make an admin an assessor, nor itself anything."""
    with app.app_context():
        actor = world.actor("dla")
        for person, role in (("agency_admin", Role.PROVINCE), ("executive", Role.PROVINCE)):
            with acting_as(actor), pytest.raises(Refused, match="different bodies"):
                account = db.session.get_one(Account, world.account[person])
                keeping.add_grant(account, role, Place(**place_for(world, role)), actor=actor)
        for role in (Role.EXECUTIVE, Role.INTERVIEWER):
            with acting_as(actor), pytest.raises(Refused, match="their own rights"):
                account = db.session.get_one(Account, world.account["dla"])
                keeping.add_grant(account, role, Place(**place_for(world, role)), actor=actor)


@pytest.mark.parametrize("agency", ["a1", "a2"])
def test_the_database_refuses_what_the_table_refuses(app: Portal, world: World, agency: str) -> None:
    """Every pair of roles, written past every service: database and policy page say the same."""
    said = {}
    with app.app_context():
        for one, other in itertools.product(ROLES, repeat=2):
            first, second = place_for(world, one), place_for(world, other, agency)
            try:
                with writing(), privileged("a test") as session:
                    account = Account(username=f"{one.value}.{other.value}", name="ทดลอง")
                    session.add(account)
                    session.flush()
                    for role, place in ((one, first), (other, second)):
                        session.add(Grant(account_id=account.id, role=role, valid_from=NOW, **place))
                        session.flush()
                said[one, other] = False
            except IntegrityError:
                said[one, other] = True
    for (one, other), refused in said.items():
        same_place = agency == "a1" or ROLES[one].reach is not Reach.AGENCY
        twice = one is other and same_place
        assert refused == (twice or never_meet(one, other, same_place=same_place)), (one, other)


def test_the_second_wall_gives_nothing_to_who_acts_and_nobody_the_nacc(app: Portal, world: World) -> None:
    """Plain SQL at the back office's desk, as an injection would send it."""
    if app.settings.sqlite:
        pytest.skip("nothing to do: SQLite has no row-level security, PostgreSQL runs it")
    give = (
        'INSERT INTO "grant" (account_id, role, agency_id, valid_from, valid_until)'
        " VALUES (:account, :role, :agency, '2017-01-01', '2017-02-01')"
    )
    own, other, agency = world.account["dla"], world.account["executive_other"], world.agency["a2"]
    to_other = {"account": other, "role": "executive", "agency": agency}
    with app.app_context():
        actor = world.actor("dla")
        for statement, values in (
            (give, to_other | {"account": own}),
            (give, to_other | {"role": "nacc", "agency": None}),
            ("UPDATE \"grant\" SET role = 'nacc', agency_id = NULL WHERE account_id = :account", to_other),
            ('UPDATE "grant" SET valid_until = NULL WHERE account_id = :account', {"account": own}),
            ('DELETE FROM "grant" WHERE account_id = :account', to_other),
        ):
            with pytest.raises(ProgrammingError, match=r"row-level|permission"), acting_as(actor):
                db.session.connection().execute(text(statement), values)
        with acting_as(actor):
            db.session.connection().execute(text(give), to_other)


def test_who_assesses_whom_is_written_by_the_country_alone(app: Portal, world: World) -> None:
    if app.settings.sqlite:
        pytest.skip("nothing to do: SQLite has no row-level security, PostgreSQL runs it")
    take = text(
        "INSERT INTO assignment (participation_id, agency_id, province_id, body_id)"
        " SELECT id, agency_id, province_id, :body FROM participation"
    )
    with app.app_context():
        for person in ("province", "agency_admin", "assessor"):
            with pytest.raises(ProgrammingError, match="permission"), acting_as(world.actor(person)):
                db.session.connection().execute(take, {"body": world.body["body1"]})


def test_the_second_wall_lets_no_power_right_in_without_a_second_officer(app: Portal, world: World) -> None:
    """Plain SQL again: each power role alone, with a request of one's own, and confirmed by oneself."""
    if app.settings.sqlite:
        pytest.skip("nothing to do: SQLite has no row-level security, PostgreSQL runs it")
    body, own, other = world.body["body1"], world.account["dla"], world.account["nacc"]
    give = text(
        'INSERT INTO "grant" (account_id, role, body_id, valid_from) VALUES (:account, :role, :body, now())'
    )
    ask = text(
        "INSERT INTO grant_request (version, account_id, what, role, body_id, asked_by_id, asked_at, state,"
        " decided_by_id) VALUES (1, :account, 'right', 'assessor', :body, :by, now(), :state, :decided)"
    )
    with app.app_context():
        with writing(), privileged("a person without a right") as session:
            account = Account(username="nobody.yet", name="ทดลอง")
            session.add(account)
            session.flush()
            key = account.id
        actor = world.actor("dla")
        for role, rule in ROLES.items():
            place = body if rule.reach is Reach.ASSESSOR else None
            if rule.second:
                with pytest.raises(ProgrammingError, match="row-level"), acting_as(actor):
                    right = {"account": key, "role": role.value, "body": place}
                    db.session.connection().execute(give, right)
        asked = {"account": key, "body": body, "by": own, "state": "waiting", "decided": None}
        for changed in ({"by": other}, {"state": "confirmed", "decided": other}, {"account": own}):
            with pytest.raises((ProgrammingError, IntegrityError)), acting_as(actor):
                db.session.connection().execute(ask, asked | changed)
        with acting_as(actor):
            db.session.connection().execute(ask, asked)
        confirm = text("UPDATE grant_request SET state = 'confirmed', decided_by_id = :by")
        for by, words in ((own, "two_people"), (other, "row-level")):
            with pytest.raises((ProgrammingError, IntegrityError), match=words), acting_as(actor):
                db.session.connection().execute(confirm, {"by": by})
