"""The statements that put an answer into the box: by the driver alone, in one round trip where there is one.

Mark, sealed answer and counters are the same text on both databases. PostgreSQL gets them as one statement,
whose later parts happen only where the mark was new; with the lock before it and the commit behind it they go
to the server in one piece. The lock is a statement of its own, since a statement sees the tables as they were
when it began: what follows the lock sees a round that was closed while it waited. SQLite works inside this
process and gets them one by one.

``RETURNING`` tells whether the mark was new; a row count would not (-1 on PostgreSQL after ON CONFLICT).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from portal.ballot.wall import LOCK_FAMILY, SYSTEM_ROLE
from portal.core.database.session import db
from portal.core.database.turns import begin_to_write

#: the values of an answer by the names of the statements; a day is a date
Values = Mapping[str, Any]

MARK = (
    "INSERT INTO mark (round_id, mark, form) SELECT :round, :mark, :form"
    " WHERE EXISTS (SELECT 1 FROM round WHERE id = :round AND state = 'open')"
    " ON CONFLICT DO NOTHING RETURNING 1"
)
#: each ends in {where}: "FROM marked" inside the one statement, "WHERE true" alone
_SEALED = (
    "INSERT INTO sealed_answer (round_id, participation_id, instrument, key, channel, sealed)"
    " SELECT :round, :participation, :instrument, :key, :channel, :sealed {where}"
)
_COUNT = (
    "INSERT INTO answer_count (participation_id, instrument, channel, agency_id, province_id, count)"
    " SELECT :participation, :instrument, :channel, :agency, :province, 1 {where}"
    " ON CONFLICT (participation_id, instrument, channel) DO UPDATE SET count = answer_count.count + 1"
)
_DAILY = (
    "INSERT INTO daily_count (participation_id, instrument, channel, day, agency_id, province_id, count)"
    " SELECT :participation, :instrument, :channel, :day, :agency, :province, 1 {where}"
    " ON CONFLICT (participation_id, instrument, channel, day) DO UPDATE SET count = daily_count.count + 1"
)
_FOLLOWING = (_SEALED, _COUNT, _DAILY)
_ALONE = tuple(statement.format(where="WHERE true") for statement in _FOLLOWING)


def _for_psycopg(statement: str) -> str:
    """The names as psycopg takes them; a value that may be missing says its type."""
    named = re.sub(r":(\w+)", r"%(\1)s", statement)
    return named.replace("%(form)s", "%(form)s::bytea")


def _together() -> str:
    """All as one statement, which says whether the mark was new."""
    sealed, count, daily = (statement.format(where="FROM marked") for statement in _FOLLOWING)
    parts = f"marked AS ({MARK}), sealed AS ({sealed}), counted AS ({count}), of_day AS ({daily})"
    return _for_psycopg(f"WITH {parts} SELECT count(*) FROM marked")  # noqa: S608 - all of it stands above


_TOGETHER = _together()
_HOLD = (
    f"SELECT set_config('role', '{SYSTEM_ROLE}', true),"
    f" pg_advisory_xact_lock_shared({LOCK_FAMILY}, %(round)s::int)"
)


def put_alone(values: Values) -> bool:
    """Put an answer in, in a transaction of its own. True where its mark was new: it is on disk.

    False: nothing was written. Raises DBAPIError, whose text holds no value.
    """
    with _driver() as (connection, postgres):
        return (_in_one_piece if postgres else _one_by_one)(connection, values)


def put_inside(connection: Connection, values: Values) -> bool:
    """As ``put_alone``, inside the caller's transaction, which has the system's role and holds the round."""
    driver = connection.connection.driver_connection
    assert driver is not None, "the connection is the caller's, and open"
    if connection.dialect.name == "postgresql":
        return bool(driver.execute(_TOGETHER, values).fetchone()[0])
    return _each(driver.cursor().execute, values)


def _in_one_piece(connection: Any, values: Values) -> bool:
    """PostgreSQL: role, lock, statement and commit, sent together."""
    with connection.pipeline():
        connection.execute(_HOLD, {"round": values["round"]}, prepare=True)
        marked = connection.execute(_TOGETHER, values, prepare=True)
        connection.commit()
    return bool(marked.fetchone()[0])


def _one_by_one(connection: Any, values: Values) -> bool:
    """SQLite: the write lock is taken before anything is read."""
    execute = connection.cursor().execute
    if not begin_to_write(execute):
        execute("BEGIN IMMEDIATE")
    new = _each(execute, values)
    execute("COMMIT")
    return new


def _each(execute: Callable[[str, Values], Any], values: Values) -> bool:
    day: date = values["day"]
    values = {**values, "day": day.isoformat()}
    if execute(MARK, values).fetchone() is None:
        return False
    for statement in _ALONE:
        execute(statement, values)
    return True


@contextmanager
def _driver() -> Iterator[tuple[Any, bool]]:
    """A connection of the driver, out of the pool, and whether it is PostgreSQL's.

    What was not committed is rolled back. Its errors come as SQLAlchemy's, without statement and values.
    """
    engine = db.engine
    borrowed, connection = None, None
    try:
        borrowed = engine.raw_connection()
        connection = borrowed.driver_connection
        yield connection, engine.dialect.name == "postgresql"
    except engine.dialect.loaded_dbapi.Error as error:
        lost = connection is not None and engine.dialect.is_disconnect(error, connection, None)
        if borrowed is not None and lost:
            borrowed.invalidate()
            engine.dispose()  # the others of the pool have gone with it
        raise _as_sqlalchemys(error, engine, lost=lost) from error
    finally:
        if borrowed is not None:
            borrowed.close()


def _as_sqlalchemys(error: Exception, engine: Engine, *, lost: bool) -> BaseException:
    """The driver's error by SQLAlchemy's name, without statement and values."""
    return DBAPIError.instance(
        None,
        None,
        error,
        engine.dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=engine.dialect,
    )
