"""The statements that put an answer in: whole or not at all, and what a lost connection does to them."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from portal.ballot import putting
from portal.ballot.box import Box, CastResult, cast
from portal.ballot.wall import hold_round, system_transaction
from portal.core.database import pinging
from portal.core.database.session import db, is_away
from portal.core.web import Portal
from tests.support.ballots import answers_counted, counts_equal_recount, marks_left
from tests.support.respondents import IIT, LINES, box, citizen_id
from tests.support.world import World

ANSWERS = bytes([1]) * LINES[IIT]
FORM = bytes(range(16))


def put_once(world: World, *, form: bytes | None = FORM, into: Box | None = None) -> CastResult:
    return cast(into or box(world), citizen_id(1), ANSWERS, form=form)


def break_connections() -> None:
    """End what rests in the pool, as a restart of the server does."""
    with db.engine.connect() as connection:
        own = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        end = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = session_user AND datname = current_database() AND pid <> :own"
        )
        connection.execute(text(end), {"own": own})


def rest(connections: int) -> None:
    """Let so many connections rest in the pool."""
    borrowed = [db.engine.connect() for _number in range(connections)]
    for one in borrowed:
        one.execute(text("SELECT 1"))
        one.close()


def box_behind_broken_connections(world: World, monkeypatch: pytest.MonkeyPatch) -> Box:
    """A box, whose pool holds broken connections that nobody asks."""
    monkeypatch.setattr(pinging, "RESTED", 3600.0)
    target = box(world)
    rest(3)
    break_connections()
    return target


@pytest.mark.postgres
def test_where_one_statement_fails_nothing_is_written(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = putting._TOGETHER.replace("INSERT INTO daily_count", "INSERT INTO no_such_table")
    monkeypatch.setattr(putting, "_TOGETHER", broken)
    monkeypatch.setattr(putting, "_ALONE", (*putting._ALONE[:2], "INSERT INTO no_such_table VALUES (1)"))
    with app.app_context():
        with pytest.raises(DBAPIError) as failed:
            put_once(world)
        assert "no_such_table" in str(failed.value) and citizen_id(1) not in repr(failed.value)
        assert answers_counted(world.round_id) == marks_left(world.round_id) == 0
        monkeypatch.undo()
        assert put_once(world) is CastResult.ACCEPTED
        assert counts_equal_recount(world.round_id)


@pytest.mark.only("postgres")
def test_who_waits_for_a_closing_finds_the_round_closed(app: Portal, world: World) -> None:
    """The statement behind the lock sees what was done while it waited."""
    with app.app_context():
        target = box(world)
    results: list[CastResult] = []

    def late() -> None:
        with app.app_context():
            results.append(cast(target, citizen_id(1), ANSWERS, form=FORM))

    with app.app_context():
        waiting = threading.Thread(target=late)
        with system_transaction() as closing:
            hold_round(closing, world.round_id, alone=True)
            waiting.start()
            blocked = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            while not closing.execute(blocked).scalar_one():
                pass
            close = text("UPDATE round SET state = 'closed' WHERE id = :round")
            closing.execute(close, {"round": world.round_id})
        waiting.join()
        assert results == [CastResult.CLOSED]
        assert answers_counted(world.round_id) == 0


@pytest.mark.only("postgres")
def test_an_answer_over_a_connection_that_broke_is_put_in_over_another(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        target = box_behind_broken_connections(world, monkeypatch)
        assert put_once(world, into=target) is CastResult.ACCEPTED
        assert answers_counted(world.round_id) == 1


@pytest.mark.only("postgres")
def test_without_a_form_it_is_not_sent_twice(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has no form could not tell a second person's answer from the one that got lost."""
    with app.app_context():
        target = box_behind_broken_connections(world, monkeypatch)
        with pytest.raises(OperationalError) as lost:
            put_once(world, form=None, into=target)
        assert is_away(lost.value) and lost.value.connection_invalidated
        assert put_once(world, form=None) is CastResult.ACCEPTED, "the broken ones have left the pool"


@pytest.mark.only("postgres")
def test_an_answer_that_is_on_disk_without_its_acknowledgement_reads_thanks(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = putting._in_one_piece
    lost: list[str] = []

    def loses_the_first(connection: Any, values: putting.Values) -> bool:
        new = whole(connection, values)
        if not lost:
            lost.append("the acknowledgement")
            connection.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        return new

    monkeypatch.setattr(putting, "_in_one_piece", loses_the_first)
    with app.app_context():
        assert put_once(world) is CastResult.REPEATED
        assert answers_counted(world.round_id) == 1 and counts_equal_recount(world.round_id)


@pytest.mark.only("postgres")
def test_a_connection_that_rested_is_asked_before_it_is_used(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = text("SELECT 1")
    with app.app_context():
        monkeypatch.setattr(pinging, "RESTED", 3600.0)
        rest(3)
        break_connections()
        db.engine.connect().close()  # the one that broke the others
        broken = 0
        for _time in range(3):
            try:
                with db.engine.connect() as connection:
                    connection.execute(one)
            except OperationalError:
                broken += 1
        assert broken, "a control: these are broken, and nobody has asked"
        rest(3)
        break_connections()
        monkeypatch.setattr(pinging, "RESTED", 0.0)
        for _time in range(4):
            with db.engine.connect() as connection:
                assert connection.execute(one).scalar_one() == 1
