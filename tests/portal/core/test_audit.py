"""The record: each change leaves its event in its own transaction, and the chains show tampering."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from models.account import Account
from models.agency import Agency
from models.audit import AuditEvent
from models.participation import Participation
from portal.core import audit
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres


def events(thing: str) -> list[Any]:
    with privileged("a test reads the record") as session:
        query = select(AuditEvent).where(AuditEvent.thing == thing).order_by(AuditEvent.id)
        found = list(session.scalars(query))
        session.expunge_all()
        return found


def test_a_change_is_recorded_with_who_which_and_before_and_after(app: Portal, world: World) -> None:
    with app.app_context():
        actor = world.actor("agency_admin")
        with acting_as(actor), audit.act("preparation.headcount"):
            db.session.get_one(Participation, world.participation["a1"]).headcount = 52
        (event,) = events("participation")
        assert (event.act, event.row) == ("preparation.headcount", str(world.participation["a1"]))
        assert (event.account_id, event.grant_id) == (actor.account_id, actor.grant_id)
        assert event.chain == f"agency:{world.agency['a1']}"
        assert (event.before, event.after) == ({"headcount": None}, {"headcount": 52})


def test_a_refused_transaction_leaves_no_event(app: Portal, world: World) -> None:
    with app.app_context():
        with pytest.raises(RuntimeError, match="stop"), acting_as(world.actor("agency_admin")):
            db.session.get_one(Participation, world.participation["a1"]).headcount = 52
            db.session.flush()
            raise RuntimeError("stop")
        assert events("participation") == []


def test_secrets_never_enter_an_event(app: Portal, world: World) -> None:
    with app.app_context():
        with acting_as(world.actor("dla")):
            account = db.session.get_one(Account, world.account["nacc"])
            account.password_hash = "argon2-of-something"
            account.name = "ชื่อใหม่"
        (event,) = [event for event in events("account") if event.act != "sign_in"]
        assert event.after == {"name": "ชื่อใหม่"}


def test_created_and_deleted_rows_are_recorded(app: Portal, world: World) -> None:
    with app.app_context():
        with acting_as(world.actor("dla")):
            old = db.session.get_one(Agency, world.agency["a2"])
            copy = Agency(
                kind=old.kind,
                name="ใหม่",
                full_name="ใหม่",
                district_id=old.district_id,
                province_id=old.province_id,
                sort_key="ใหม่",
            )
            db.session.add(copy)
            db.session.flush()
            db.session.delete(copy)
        made, gone = events("agency")
        assert made.after["name"] == "ใหม่" and made.before == {}
        assert gone.before["name"] == "ใหม่" and gone.after == {}


def test_the_chains_are_whole_and_a_changed_event_is_named(app: Portal, world: World) -> None:
    with app.app_context():
        for count in (10, 20, 30):
            with acting_as(world.actor("agency_admin")):
                db.session.get_one(Participation, world.participation["a1"]).headcount = count
        with privileged("a test verifies") as session:
            assert audit.first_broken(session) is None
    tamper(app, "UPDATE audit_event SET act = 'other' WHERE sequence = 2 AND chain LIKE 'agency:%'")
    with app.app_context(), privileged("a test verifies") as session:
        assert audit.first_broken(session) == (f"agency:{world.agency['a1']}", 2)


def test_a_cut_chain_is_found(app: Portal, world: World) -> None:
    with app.app_context():
        for count in (10, 20):
            with acting_as(world.actor("agency_admin")):
                db.session.get_one(Participation, world.participation["a1"]).headcount = count
    tamper(app, "DELETE FROM audit_event WHERE sequence = 2 AND chain LIKE 'agency:%'")
    with app.app_context(), privileged("a test verifies") as session:
        assert audit.first_broken(session) == (f"agency:{world.agency['a1']}", -1)


def tamper(app: Portal, statement: str) -> None:
    """Change the record as its owner could, past the application."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    engine = create_engine(app.settings.database_owner_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SELECT 1"))
        assert connection.execute(text(statement)).rowcount == 1


def test_a_bulk_writer_records_by_itself(app: Portal, world: World) -> None:
    with app.app_context():
        with writing(), privileged("an importer") as session:
            audit.record(session, act="import", thing="roster", chain="agency:1", after={"rows": 86})
        (event,) = events("roster")
        assert (event.act, event.after, event.chain) == ("import", {"rows": 86}, "agency:1")
