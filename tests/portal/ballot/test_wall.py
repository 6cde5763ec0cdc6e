"""How the box reaches its tables: as the system, for a few statements; who closes a round is alone in it."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from portal.ballot.box import CastResult, cast
from portal.ballot.wall import hold_round, system_read, system_role, system_transaction
from portal.core.database.session import db
from portal.core.web import Portal
from tests.support.respondents import IIT, LINES, box, citizen_id
from tests.support.world import World, acting_as


def role_of(connection: Connection) -> str:
    """As whom PostgreSQL runs the next statement."""
    return str(connection.execute(text("SELECT current_user")).scalar_one())


@pytest.mark.only("postgres")
def test_both_ways_in_take_the_systems_role(app: Portal, world: World) -> None:
    with app.app_context():
        for way in (system_transaction, system_read):
            with way() as connection:
                assert role_of(connection) == "ita_system"


@pytest.mark.only("postgres")
def test_inside_a_persons_transaction_their_role_comes_back(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("assessor")):
        own = db.session.connection()
        with system_role(own) as connection:
            assert connection is own
            assert role_of(connection) == "ita_system"
        assert role_of(own) == "ita_assessor"


@pytest.mark.only("sqlite")
def test_sqlite_has_no_roles_to_change(app: Portal, world: World) -> None:
    with app.app_context(), db.engine.connect() as own, system_role(own) as connection:
        assert connection is own
        hold_round(connection, world.round_id, alone=True)
        assert connection.execute(text("SELECT 1")).scalar() == 1


@pytest.mark.only("postgres")
def test_many_cast_in_a_round_together_and_who_closes_it_waits_for_them(app: Portal, world: World) -> None:
    with app.app_context(), system_transaction() as one:
        hold_round(one, world.round_id)
        with system_transaction() as another:
            hold_round(another, world.round_id)
        with system_transaction() as closing:
            hold_round(closing, world.round_id + 1, alone=True)  # another round is nobody's concern
            closing.execute(text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(OperationalError, match="lock timeout"), closing.begin_nested():
                hold_round(closing, world.round_id, alone=True)
            assert role_of(closing) == "ita_system"


@pytest.mark.only("sqlite")
def test_who_only_reads_keeps_nobody_from_casting(app: Portal, world: World) -> None:
    with app.app_context():
        target = box(world)
        with system_read() as reader:
            before = reader.execute(text("SELECT count(*) FROM mark")).scalar()
            assert cast(target, citizen_id(1), bytes([1]) * LINES[IIT]) is CastResult.ACCEPTED
            assert reader.execute(text("SELECT count(*) FROM mark")).scalar() == before
