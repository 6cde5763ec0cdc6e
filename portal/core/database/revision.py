"""At which migration a database stands, without the tool that migrates (which takes long to import)."""

from __future__ import annotations

from sqlalchemy import create_engine, inspect, pool, text

from config import ROOT

VERSIONS = ROOT / "migrations" / "versions"


def newest() -> str:
    """The newest revision: migrations are numbered, and their file's number is their revision."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*_*.py"))


def present(owner_url: str) -> str | None:
    """The revision of a database; None where nothing was migrated yet. Raises OperationalError."""
    with create_engine(owner_url, poolclass=pool.NullPool).connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_current(owner_url: str) -> bool:
    """True where the database stands at the newest revision. Raises OperationalError."""
    return present(owner_url) == newest()


def has_rounds(owner_url: str) -> bool:
    """True where a round was made: the demonstration stands, or somebody's work. Raises OperationalError."""
    with create_engine(owner_url, poolclass=pool.NullPool).connect() as connection:
        return connection.execute(text("SELECT 1 FROM round LIMIT 1")).scalar() is not None
