"""What deleted marks leave in the database's own files, cleared: SQLite's file and log, PostgreSQL's table.

Copies that others made are out of reach: backups, PostgreSQL's write-ahead log and its archive. What makes
marks there worthless is that their key is destroyed (ADR 3, "What remains where").
"""

from __future__ import annotations

from sqlalchemy import select, text
from sqlalchemy.orm import selectinload

from models.round import Round, RoundState
from portal.ballot.closing import SURVEY_STAGES
from portal.ballot.wall import system_read, system_transaction
from portal.core.database.session import db, privileged
from portal.core.stages import stage_state

_ANY_MARK = text("SELECT 1 FROM mark LIMIT 1")
#: a vote waits at most so long behind this, and only where a round is open that has no mark yet
_NOT_LONG = text("SET LOCAL lock_timeout = '2s'")
_ALONE = text("LOCK TABLE mark IN ACCESS EXCLUSIVE MODE")
_TRUNCATE = text("TRUNCATE mark")


def any_survey_open() -> bool:
    """True while a survey of any open round takes answers."""
    with privileged("is any survey open") as session:
        query = select(Round).where(Round.state == RoundState.OPEN).options(selectinload(Round.windows))
        rounds = session.scalars(query).all()
        return any(stage_state(round, stage).is_open for round in rounds for stage in SURVEY_STAGES)


def compact() -> bool:
    """Clear what deleted marks left; True where the database's own files hold nothing of them any more.

    False where somebody holds the file, or, on PostgreSQL, while another round has marks (its own vacuum
    clears dead rows then, some day): the duty of the night tries again. Raises OperationalError where the
    database is locked.
    """
    return _compact_sqlite() if db.engine.dialect.name == "sqlite" else _truncate_marks()


def _compact_sqlite() -> bool:
    """Empty the write-ahead log into the file, where ``secure_delete`` has overwritten what was deleted.

    The file is rebuilt too, unless a survey is open, because voting would wait for that.
    """
    rebuild = not any_survey_open()
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        if rebuild:
            cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _in_log, _moved = cursor.fetchall()[0]
        cursor.close()
    finally:
        connection.close()
    return not busy


def _truncate_marks() -> bool:
    """Give the table of marks a new file, once no round has any: dead rows go with the old one."""
    with system_read() as connection:
        if connection.execute(_ANY_MARK).first() is not None:
            return False
    with system_transaction() as connection:
        connection.execute(_NOT_LONG)
        connection.execute(_ALONE)
        if connection.execute(_ANY_MARK).first() is not None:
            return False
        connection.execute(_TRUNCATE)
    return True
