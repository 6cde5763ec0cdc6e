"""SQLite's file after marks and sealed answers are gone: rebuilt, and its log emptied."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models.round import Round, RoundState
from portal.ballot.closing import SURVEY_STAGES
from portal.core.database.session import db, privileged
from portal.core.stages import stage_state


def any_survey_open() -> bool:
    """True while a survey of any open round takes answers."""
    with privileged("is any survey open") as session:
        query = select(Round).where(Round.state == RoundState.OPEN).options(selectinload(Round.windows))
        rounds = session.scalars(query).all()
        return any(stage_state(round, stage).is_open for round in rounds for stage in SURVEY_STAGES)


def compact() -> bool:
    """VACUUM and a truncating checkpoint; False where nothing was done.

    Nothing is done while a survey is open, because voting would wait for the rebuild, nor on PostgreSQL,
    whose own vacuum runs beside votes (rows it has not cleared yet are dead marks and dead ciphertext).
    """
    if db.engine.dialect.name != "sqlite" or any_survey_open():
        return False
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()
    finally:
        connection.close()
    return True
