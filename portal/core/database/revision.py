"""At which migration a database stands, without the tool that migrates (which takes long to import).

A migration that only adds to the tables says so in its revision: ``0031_serves_0029`` is migration 31, whose
database still serves every programme that knows migration 29. So a programme that was taken back serves on
with the newer database, and one that cannot is told so (ADR 49).
"""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import create_engine, inspect, make_url, pool, text
from sqlalchemy.exc import ArgumentError, DatabaseError

from config import ROOT, ConfigurationError, Settings

VERSIONS = ROOT / "migrations" / "versions"
_MAY_READ = text("SELECT has_table_privilege('alembic_version', 'SELECT')")
_AS_NOBODY = text("SET LOCAL ROLE ita_none")
_OLDER = "The database is not at the newest migration: run 'make db'"
_NEWER = "The database ({present}) serves no programme as old as this one ({newest}): start a newer one"
_NAME = re.compile(r"(?P<number>\d{4})(?:_serves_(?P<serves>\d{4}))?")


def newest() -> str:
    """The number of the newest migration that this programme knows: their files begin with it."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*_*.py"))


def oldest_served_by(name: str) -> str:
    """The oldest programme, by its newest migration, that works with a database of this revision.

    Raises ValueError for what is no revision's name.
    """
    number, oldest = _parts(name)
    if not number:
        raise ValueError(f"no revision's name: {name}")
    return oldest


def _parts(name: str | None) -> tuple[str, str]:
    """Number, and number of the oldest programme that is served; empty for what is no name of ours."""
    if (found := _NAME.fullmatch(name or "")) is None:
        return "", ""
    return found["number"], found["serves"] or found["number"]


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


def serves(name: str | None) -> bool:
    """True where this programme works with a database of this revision: its newest, or one that is ahead."""
    number, oldest = _parts(name)
    return bool(number) and oldest <= newest() <= number


def is_ahead(name: str | None) -> bool:
    """True where a database stands at a migration that this programme does not know yet."""
    return _parts(name)[0] > newest()


def is_current(url: str) -> bool:
    """True where this programme works with the database. Raises OperationalError."""
    return serves(present(url))


def why_not(name: str | None) -> str:
    """What to say of a database that this programme does not work with."""
    return _NEWER.format(present=name, newest=newest()) if is_ahead(name) else _OLDER


def has_rounds(owner_url: str) -> bool:
    """True where a round was made: the demonstration stands, or somebody's work. Raises OperationalError."""
    with create_engine(owner_url, poolclass=pool.NullPool).connect() as connection:
        return connection.execute(text("SELECT 1 FROM round LIMIT 1")).scalar() is not None


def look_once(settings: Settings, *, current: bool = True) -> str | None:
    """Before a command line begins; gives the revision. Raises ConfigurationError where no database answers,
    or (``current``) where this programme does not work with it."""
    file = make_url(settings.database_owner_url).database if settings.sqlite else None
    if current and file is not None and not Path(file).is_file():
        raise ConfigurationError(f"There is no database at {file}: run 'make db'")
    try:
        stands = present(settings.database_owner_url)
    except (ArgumentError, ImportError) as error:  # no such kind, or none whose driver is here
        raise ConfigurationError("DATABASE_URL is no address of a database that the portal knows") from error
    except DatabaseError as error:
        why = str(error.orig).strip().splitlines()[0]
        raise ConfigurationError(f"The database does not answer: {why}") from error
    if current and not serves(stands):
        raise ConfigurationError(why_not(stands))
    return stands
