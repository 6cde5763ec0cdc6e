"""Bring a database to a revision, as its owner; and compare it with the models.

People answer meanwhile. Each migration is a transaction of its own, and none waits for a lock for longer than
``PATIENCE``: on PostgreSQL everybody else waits behind who waits for a table. Who did not get it lets all go,
and comes again (ADR 49).
"""

from __future__ import annotations

import logging
import random
import sqlite3
import time
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, event, pool
from sqlalchemy.exc import OperationalError

from config import ROOT, ConfigurationError
from models import registry
from models.base import Base
from portal.core.database import revision
from portal.core.database.session import writing

assert registry.MODULES, "imported, so that the metadata is whole"
log = logging.getLogger(__name__)
#: milliseconds that a migration waits for a table, and everybody behind it (PostgreSQL)
PATIENCE = 1_000
#: so often it comes again, after pauses of at most so many seconds
TRIES, PAUSE = 60, 3.0
_BLOCKED = ("55P03", "40P01")  # lock_not_available, deadlock_detected


def upgrade(owner_url: str, target: str = "head") -> None:
    """Run the migrations up to a revision; those that are done already stay done.

    Raises ConfigurationError where a table was never free.
    """
    for _try in range(TRIES):
        try:
            _run(owner_url, command.upgrade, target)
        except OperationalError as error:
            if not _is_blocked(error):
                raise
            log.warning("somebody holds a table that a migration needs: it comes again")
            time.sleep(random.uniform(0.1, PAUSE))  # noqa: S311 - any moment
        else:
            return
    raise ConfigurationError(
        "Somebody holds a table that a migration needs: look for long transactions, then run it again"
    )


def downgrade(owner_url: str, target: str) -> None:
    """Run the migrations down to a revision ("base": nothing is left)."""
    _run(owner_url, command.downgrade, target)


def differences(owner_url: str) -> list[Any]:
    """What the models have and the database has not, or the other way round; empty where they agree."""
    engine = _engine(owner_url)
    with engine.connect() as connection:
        differences: list[Any] = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    return differences


def new_revision(owner_url: str, name: str) -> str:
    """Write a migration from the difference between models and database; gives its file's path.

    The database must stand at the newest revision. The migration is named as one that only adds: its database
    serves whom the one before served.
    """
    engine = _engine(owner_url)
    config = _config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        oldest = revision.oldest_served_by(str(MigrationContext.configure(connection).get_current_revision()))
        number = f"{int(revision.newest()) + 1:04d}_serves_{oldest}"
        made: Any = command.revision(config, message=name, autogenerate=True, rev_id=number)
    return str(made.path)


def _run(owner_url: str, act: Any, target: str) -> None:
    config = _config()
    with writing(), _engine(owner_url).connect() as connection:
        config.attributes["connection"] = connection
        act(config, target)
        connection.commit()


def _is_blocked(error: OperationalError) -> bool:
    """True where somebody else was in the way: it helps to come again."""
    if isinstance(error.orig, sqlite3.OperationalError):
        return error.orig.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return getattr(error.orig, "sqlstate", None) in _BLOCKED


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def _engine(url: str) -> Any:
    if url.startswith("sqlite"):
        engine = create_engine(url, poolclass=pool.NullPool)
        event.listen(engine, "connect", _foreign_keys_off)
        return engine
    patience = {"options": f"-c lock_timeout={PATIENCE}"}
    return create_engine(url, poolclass=pool.NullPool, connect_args=patience)


def _foreign_keys_off(connection: Any, _record: Any) -> None:
    """Tables are rebuilt by batch migrations: rows must not fall with the old copy."""
    connection.execute("PRAGMA foreign_keys=OFF")
