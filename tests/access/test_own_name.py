"""The second wall alone, against plain SQL at a desk: what a desk writes of itself is in its own name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from config import ConfigurationError
from portal.core import audit
from portal.core.database.session import db
from portal.core.jobs import queue
from portal.core.serving.supervisor import refuse_owner
from portal.core.web import Portal
from portal.record.check import VERIFY
from tests.support.world import World, acting_as

EVENT = text(
    "INSERT INTO audit_event (chain, sequence, at, account_id, grant_id, act, thing, row, before, after,"
    " previous_hash, hash) VALUES (:chain, 900, now(), :account, :grant, 'x', 'x', '', '{}', '{}', '', 'x')"
)
HEAD = text("UPDATE audit_head SET sequence = :sequence, hash = :hash WHERE chain = :chain")
JOB = text(
    "INSERT INTO job (kind, title, arguments, state, done, message, cancel_asked, attempts, lane, holder,"
    " checkpoint, result, account_id, grant_id, created_at) VALUES ('record.verify', 'x', '{}', 'waiting', 0,"
    " '', false, 0, 1, '', '{}', '{}', :account, :grant, now())"
)
DESKS = ("nacc", "dla", "province", "agency_admin", "executive", "assessor", "interviewer")


def refused(actor: Any, statement: Any, **values: Any) -> bool:
    """True where the database refuses; what it takes is taken back."""
    try:
        with acting_as(actor):
            changed = db.session.connection().execute(statement, values).rowcount
            db.session.rollback()
        return bool(changed == 0)
    except DBAPIError:
        return True


@pytest.fixture(autouse=True)
def _second_wall(app: Portal) -> None:
    if app.settings.sqlite:
        pytest.skip("nothing to do: SQLite has no row-level security, PostgreSQL runs it")


def test_an_event_names_who_acts_and_a_chain_of_the_place(app: Portal, world: World) -> None:
    other = world.account["province_other"]
    own = {"nacc": "agency:1", "dla": "agency:1", "province": f"province:{world.province['52']}"}
    with app.app_context():
        for person in DESKS:
            actor = world.actor(person)
            mine = {"account": actor.account_id, "grant": actor.grant_id, "chain": "system"}
            assert not refused(actor, EVENT, **mine), person
            assert refused(actor, EVENT, **mine | {"account": other}), person
            assert refused(actor, EVENT, **mine | {"grant": world.grant["province_other"]}), person
            chain = own.get(person, f"agency:{world.agency['a1']}")
            assert not refused(actor, EVENT, **mine | {"chain": chain}), person
            foreign = f"agency:{world.agency['b1']}"
            assert refused(actor, EVENT, **mine | {"chain": foreign}) == (person not in ("nacc", "dla"))


def test_a_head_goes_forward_to_an_event_that_is_there(app: Portal, world: World) -> None:
    with app.app_context():
        actor = world.actor("agency_admin")
        chain = f"agency:{world.agency['a1']}"
        with acting_as(actor):
            audit.record(db.session(), act="a.test", thing="x", chain=chain)
            audit.record(db.session(), act="a.test", thing="x", chain=chain)
        for sequence, link in ((1, "forged"), (7, "forged"), (0, "")):
            assert refused(actor, HEAD, chain=chain, sequence=sequence, hash=link)
        foreign = f"agency:{world.agency['b1']}"
        with acting_as(world.actor("dla")):
            audit.record(db.session(), act="a.test", thing="x", chain=foreign)
        assert refused(actor, HEAD, chain=foreign, sequence=1, hash="")


def test_a_job_is_queued_and_taken_over_under_a_right_of_ones_own(app: Portal, world: World) -> None:
    take = text("UPDATE job SET account_id = :account, grant_id = :grant")
    with app.app_context():
        with acting_as(world.actor("nacc")) as nacc:
            queue.enqueue(VERIFY, title="x", arguments={}, actor=nacc)
        for person in DESKS:
            actor = world.actor(person)
            mine = {"account": actor.account_id, "grant": actor.grant_id}
            foreign = mine | {"grant": world.grant["province_other"]}
            assert not refused(actor, JOB, **mine), person
            assert refused(actor, JOB, **foreign), person
            assert refused(actor, JOB, **foreign | {"account": world.account["province_other"]}), person
            assert refused(actor, take, **foreign), person
        assert not refused(world.actor("dla"), text("UPDATE job SET cancel_asked = true"))


def test_neither_server_nor_worker_runs_as_the_owner(app: Portal) -> None:
    refuse_owner(app.settings)
    with pytest.raises(ConfigurationError, match="owner or a superuser"):
        refuse_owner(replace(app.settings, database_url=app.settings.database_owner_url))
