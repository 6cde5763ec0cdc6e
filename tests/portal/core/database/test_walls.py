"""The session applies the scope by itself: what it refuses to read and to write, whatever a view forgot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text

from models.account import Account
from models.agency import Agency
from models.participation import Participation
from models.place import Province
from models.roster import RosterEntry
from portal.core.acting import seated
from portal.core.database.session import db, set_scope
from portal.core.errors import ScopeViolation
from portal.core.web import Portal
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize(
    "ask",
    [
        lambda: db.session.execute(text("SELECT name FROM agency")),
        lambda: db.session.execute(select(Agency.__table__.c.name)),
        lambda: db.session.execute(select(Agency.id, Province.__table__.c.name)),
        lambda: db.session.scalars(select(Agency).from_statement(text("SELECT * FROM agency"))),
    ],
    ids=["text", "a table", "a table's column beside a class", "a class from a text"],
)
def test_at_a_desk_nothing_is_read_past_the_scope(app: Portal, world: World, ask: Callable[[], Any]) -> None:
    with app.app_context(), seated(world.actor("dla")), pytest.raises(ScopeViolation):
        ask()


def test_without_an_actor_only_what_everybody_may_read_is_read(app: Portal) -> None:
    with app.app_context():
        set_scope(db.session(), None)
        assert len(db.session.scalars(select(Province.code)).all()) == 2
        with pytest.raises(ScopeViolation, match="without an actor"):
            db.session.scalars(select(Participation.id))


@pytest.mark.parametrize(
    ("person", "foreign", "words"),
    [("province", "b1", "another province"), ("agency_admin", "a2", "another agency")],
)
def test_a_desk_makes_no_row_for_another_owner(
    app: Portal, world: World, person: str, foreign: str, words: str
) -> None:
    with app.app_context(), pytest.raises(ScopeViolation, match=words), acting_as(world.actor(person)):
        db.session.add(
            RosterEntry(
                participation_id=world.participation[foreign], agency_id=world.agency[foreign],
                province_id=world.province["81" if foreign == "b1" else "52"], number=1,
            )
        )  # fmt: skip
        db.session.flush()


def test_a_row_that_was_only_read_is_no_write(app: Portal, world: World) -> None:
    with app.app_context(), seated(world.actor("agency_admin")):
        agency = db.session.get_one(Account, world.account["agency_admin"])
        agency.name = agency.name
        db.session.flush()
        db.session.rollback()
