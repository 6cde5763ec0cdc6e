"""How the box reaches tables that no person's session sees: as the system's role, for a few statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.engine import Connection

from portal.core.database.session import STAND_BEHIND_THE_WALL, db, wall_of, writing
from portal.core.scopes import SYSTEM, Scope

_TAKE_ROLE = text("SELECT set_config('role', :role, true)")
#: first half of the advisory locks of the boxes; the second half is the round's id
LOCK_FAMILY = 4711
#: PostgreSQL's role of the system, which no person's session takes
SYSTEM_ROLE = "ita_system"
_SHARE = text("SELECT pg_advisory_xact_lock_shared(:family, :round)")
_EXCLUDE = text("SELECT pg_advisory_xact_lock(:family, :round)")


@contextmanager
def system_transaction() -> Iterator[Connection]:
    """A transaction of its own on a raw connection, committed at the end; writes at once on SQLite.

    Never inside a request that already wrote through ``db.session``: SQLite has one writer.
    """
    with writing(), db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(_TAKE_ROLE, {"role": SYSTEM_ROLE})
        yield connection


@contextmanager
def system_read() -> Iterator[Connection]:
    """As ``system_transaction``, for reading only: it never takes SQLite's write lock."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(_TAKE_ROLE, {"role": SYSTEM_ROLE})
        yield connection


@contextmanager
def system_role(connection: Connection) -> Iterator[Connection]:
    """Inside somebody's transaction: the system's role for a few statements, then the role from before.

    After an error nothing is restored: the transaction is lost, and the role was its own.
    """
    if connection.dialect.name != "postgresql":
        yield connection
        return
    before = connection.execute(text("SELECT current_setting('role')")).scalar_one()
    connection.execute(_TAKE_ROLE, {"role": SYSTEM_ROLE})
    yield connection
    connection.execute(_TAKE_ROLE, {"role": before})


@contextmanager
def desk_role(connection: Connection, scope: Scope) -> Iterator[Connection]:
    """Inside a transaction of the system: somebody's desk for a few statements, then the system's role again.

    After an error nothing is restored: the transaction is lost.
    """
    if connection.dialect.name != "postgresql":
        yield connection
        return
    connection.execute(STAND_BEHIND_THE_WALL, wall_of(scope))
    yield connection
    connection.execute(STAND_BEHIND_THE_WALL, wall_of(SYSTEM))


def hold_round(connection: Connection, round_id: int, *, alone: bool = False) -> None:
    """Stay in the round until the transaction ends: many who cast, or alone whoever closes it.

    SQLite needs no lock: its transactions that write follow one another.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_EXCLUDE if alone else _SHARE, {"family": LOCK_FAMILY, "round": round_id})
