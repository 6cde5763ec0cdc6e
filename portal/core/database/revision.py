"""At which migration a database stands, without the tool that migrates (which takes long to import)."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine, inspect, make_url, pool, text
from sqlalchemy.exc import ArgumentError, DatabaseError

from config import ROOT, ConfigurationError, Settings

VERSIONS = ROOT / "migrations" / "versions"
_MAY_READ = text("SELECT has_table_privilege('alembic_version', 'SELECT')")
_AS_NOBODY = text("SET LOCAL ROLE ita_none")


def newest() -> str:
    """The newest revision: migrations are numbered, and their file's number is their revision."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*_*.py"))


def present(url: str) -> str | None:
    """The revision of a database; None where nothing was migrated yet. Raises OperationalError.

    The owner may read it, and the application's role too: who serves need not know the owner's password.
    """
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        if connection.dialect.name == "postgresql" and not connection.execute(_MAY_READ).scalar():
            connection.execute(_AS_NOBODY)  # the application's role inherits nothing
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_current(url: str) -> bool:
    """True where the database stands at the newest revision. Raises OperationalError."""
    return present(url) == newest()


def has_rounds(owner_url: str) -> bool:
    """True where a round was made: the demonstration stands, or somebody's work. Raises OperationalError."""
    with create_engine(owner_url, poolclass=pool.NullPool).connect() as connection:
        return connection.execute(text("SELECT 1 FROM round LIMIT 1")).scalar() is not None


def look_once(settings: Settings, *, current: bool = True) -> None:
    """Before a command line begins. Raises ConfigurationError where no database answers, or (``current``)
    where it does not stand at the newest revision."""
    file = make_url(settings.database_owner_url).database if settings.sqlite else None
    if current and file is not None and not Path(file).is_file():
        raise ConfigurationError(f"There is no database at {file}: run 'make db'")
    try:
        stands = is_current(settings.database_owner_url)
    except (ArgumentError, ImportError) as error:  # no such kind, or none whose driver is here
        raise ConfigurationError("DATABASE_URL is no address of a database that the portal knows") from error
    except DatabaseError as error:
        why = str(error.orig).strip().splitlines()[0]
        raise ConfigurationError(f"The database does not answer: {why}") from error
    if current and not stands:
        raise ConfigurationError("The database is not at the newest migration: run 'make db'")
