"""How the session meets the database: what counts as away, how transactions begin, what is forgotten when."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from psycopg import OperationalError as PostgresTrouble
from sqlalchemy import create_engine, event, select
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.attributes import set_committed_value

from models.account import Account
from models.agency import Agency
from models.job import Job
from portal.core.database.session import db, is_away, privileged, reading, set_scope, wall_of, writing
from portal.core.errors import ScopeViolation, Stale
from portal.core.scopes import NOTHING, SYSTEM, Reach, Scope
from portal.core.web import Portal
from tests.support.world import World, acting_as


def from_sqlite(code: int) -> OperationalError:
    cause = sqlite3.OperationalError("trouble")
    cause.sqlite_errorcode = code
    return OperationalError("SELECT 1", {}, cause)


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (from_sqlite(sqlite3.SQLITE_BUSY), True),
        (from_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), True),
        (from_sqlite(sqlite3.SQLITE_LOCKED), True),
        (from_sqlite(sqlite3.SQLITE_IOERR), True),
        (from_sqlite(sqlite3.SQLITE_FULL), True),
        (from_sqlite(sqlite3.SQLITE_CANTOPEN), True),
        (from_sqlite(sqlite3.SQLITE_ERROR), False),
        (OperationalError("SELECT 1", {}, PostgresTrouble("terminating connection")), True),
        (InterfaceError("SELECT 1", {}, PostgresTrouble("connection already closed")), True),
        (PoolTimeout("no connection in time"), True),
        (IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE")), False),
        (ValueError("a mistake of ours"), False),
    ],
)
def test_the_database_is_away_where_waiting_helps(error: Exception, away: bool) -> None:
    assert is_away(error) is away


@pytest.fixture
def begun(app: Portal) -> Iterator[list[str]]:
    """How SQLite's transactions begin."""
    seen: list[str] = []

    def look(statement: str) -> None:
        seen.extend([statement] if statement.startswith("BEGIN") else [])

    def trace(connection: Any, *_rest: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(look)

    with app.app_context():
        event.listen(db.engine, "checkout", trace)
        yield seen
        event.remove(db.engine, "checkout", trace)


def of_one_unit(*around: Callable[[], AbstractContextManager[None]]) -> None:
    if not around:
        with privileged("a test looks") as session:
            session.scalar(select(Agency.id))
        return
    with around[0]():
        of_one_unit(*around[1:])


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    ("around", "begins"),
    [
        ((nullcontext,), "BEGIN"),
        ((writing,), "BEGIN IMMEDIATE"),
        ((reading,), "BEGIN"),
        ((writing, reading), "BEGIN"),
        ((reading, writing), "BEGIN IMMEDIATE"),
    ],
)
def test_only_what_writes_takes_the_lock_at_once(
    begun: list[str], around: tuple[Callable[[], AbstractContextManager[None]], ...], begins: str
) -> None:
    of_one_unit(*around)
    of_one_unit()
    assert begun == [begins, "BEGIN"]


@pytest.mark.only("sqlite")
def test_what_only_reads_inside_a_unit_that_writes_gives_the_lock_back_to_it(begun: list[str]) -> None:
    with writing():
        of_one_unit(reading)
        of_one_unit()
    assert begun == ["BEGIN", "BEGIN IMMEDIATE"]


@pytest.mark.only("sqlite")
def test_sqlite_keeps_what_was_acknowledged_and_deletes_for_good(app: Portal, tmp_path: Path) -> None:
    """Asked of a new file: a database keeps its kind of journal."""
    with create_engine(f"sqlite:///{tmp_path}/new.db").connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "journal_mode", "synchronous", "secure_delete", "busy_timeout")
        }
    assert found == {
        "foreign_keys": 1,
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "busy_timeout": 15000,
    }


@pytest.mark.parametrize(
    ("scope", "role", "place", "account", "sector"),
    [
        (None, "ita_none", "", "", "*"),
        (NOTHING, "ita_none", "", "", "*"),
        (SYSTEM, "ita_system", "", "", "*"),
        (Scope(Reach.COUNTRY, None, 7), "ita_country", "", "7", "*"),
        (Scope(Reach.COUNTRY, None, 7, 2), "ita_country", "", "7", "2"),
        (Scope(Reach.AGENCY, 4, 7), "ita_agency", "4", "7", "*"),
    ],
)
def test_the_second_wall_is_told_whose_transaction_it_is(
    scope: Scope | None, role: str, place: str, account: str, sector: str
) -> None:
    assert wall_of(scope) == {"role": role, "place": place, "account": account, "sector": sector}


def test_another_scope_forgets_what_was_loaded(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("dla")):
        agency = db.session.get_one(Agency, world.agency["a1"])
        set_scope(db.session(), Scope(Reach.AGENCY, world.agency["b1"], world.account["executive_other"]))
        assert agency not in db.session
        assert db.session.get(Agency, world.agency["a1"]) is None


def test_an_exempt_session_keeps_its_work_whole_or_not_at_all(app: Portal, world: World) -> None:
    with app.app_context():
        for name, trouble in (("ชื่อแรก", False), ("ชื่อที่สอง", True)):
            try:
                with privileged("a test writes") as session:
                    session.info["unrecorded"] = True
                    session.get_one(Account, world.account["dla"]).name = name
                    if trouble:
                        raise LookupError
            except LookupError:
                pass
        with privileged("a test looks") as session:
            assert session.get_one(Account, world.account["dla"]).name == "ชื่อแรก"


def test_a_row_that_somebody_else_saved_first_is_stale_whoever_flushes(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("dla")):
        agency = db.session.get_one(Agency, world.agency["a1"])
        set_committed_value(agency, "version", agency.version - 1)  # as it was read before the last save
        agency.name = "ชื่อใหม่"
        with pytest.raises(Stale):
            db.session.flush()
        db.session.rollback()


def test_who_sits_nowhere_writes_nothing(app: Portal, world: World) -> None:
    with app.app_context():
        for scope in (None, NOTHING):
            set_scope(db.session(), scope)
            db.session.add(Job(kind="x"))
            with pytest.raises(ScopeViolation, match="without an actor"):
                db.session.flush()
            db.session.rollback()
