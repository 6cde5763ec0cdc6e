"""Whether this process can serve: part by part yes or no, and nothing else, since anybody may ask."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine, make_url, pool, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from config import Settings
from models.job import Job, JobState
from portal.core.database import revision

log = logging.getLogger(__name__)
#: an answer is good for so many seconds: a crowd that asks costs one look
FRESH = 2.0
#: a database that does not answer for so many seconds is away
PATIENCE = 3
PARTS = ("database", "migrations", "queue", "keys")


@dataclass
class Readiness:
    """The parts and whether each can be used; looked at anew when the last look is some seconds old."""

    settings: Settings
    clock: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _until: float = float("-inf")
    _parts: dict[str, bool] = field(default_factory=dict)

    def parts(self) -> dict[str, bool]:
        """Each part of ``PARTS``: can it be used?"""
        with self._lock:
            if self.clock() >= self._until:
                parts = look(self.settings)
                if parts != self._parts and not all(parts.values()):
                    away = [part for part, usable in parts.items() if not usable]
                    log.error("not ready: %s", ", ".join(away), extra={"fields": {"parts": away}})
                self._parts, self._until = parts, self.clock() + FRESH
            return dict(self._parts)


def look(settings: Settings) -> dict[str, bool]:
    """Look at every part now. The database is asked by a connection of its own: a full pool delays none."""
    parts = dict.fromkeys(PARTS, False)
    parts["keys"] = settings.key_dir.is_dir() and os.access(settings.key_dir, os.R_OK | os.X_OK)
    if settings.sqlite and not Path(str(make_url(settings.database_url).database)).is_file():
        return parts  # a connection would make an empty file
    patience = {"timeout": PATIENCE} if settings.sqlite else {"connect_timeout": PATIENCE}
    engine = create_engine(settings.database_url, poolclass=pool.NullPool, connect_args=patience)
    try:
        with engine.connect() as connection:
            parts["database"] = connection.scalar(select(1)) == 1
            parts["migrations"] = _asked(connection, _is_current)
            parts["queue"] = _asked(connection, _has_a_queue)
    except SQLAlchemyError as error:
        log.debug("the database is away (%s)", type(error).__name__)
    return parts


def _asked(connection: Connection, question: Callable[[Connection], bool]) -> bool:
    """A question's answer as the system's role sees it (SQLite has none); no where it cannot be asked."""
    try:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL ROLE ita_system"))
        return question(connection)
    except SQLAlchemyError:
        connection.rollback()
        return False


def _is_current(connection: Connection) -> bool:
    return revision.serves(connection.scalar(text("SELECT version_num FROM alembic_version")))


def _has_a_queue(connection: Connection) -> bool:
    connection.execute(select(Job.id).where(Job.state == JobState.WAITING).limit(1))
    return True
