"""Bring a database to a revision, as its owner; and compare it with the models."""

from __future__ import annotations

from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, event, pool

from config import ROOT
from models import registry
from models.base import Base
from portal.core.database import revision

assert registry.MODULES, "imported, so that the metadata is whole"


def upgrade(owner_url: str, target: str = "head") -> None:
    """Run the migrations up to a revision."""
    _run(owner_url, command.upgrade, target)


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

    The database must stand at the newest revision.
    """
    engine = _engine(owner_url)
    config = _config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        number = f"{int(revision.newest()) + 1:04d}"
        made: Any = command.revision(config, message=name, autogenerate=True, rev_id=number)
    return str(made.path)


def _run(owner_url: str, act: Any, target: str) -> None:
    config = _config()
    with _engine(owner_url).connect() as connection:
        config.attributes["connection"] = connection
        act(config, target)
        connection.commit()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def _engine(url: str) -> Any:
    engine = create_engine(url, poolclass=pool.NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _foreign_keys_off)
    return engine


def _foreign_keys_off(connection: Any, _record: Any) -> None:
    """Tables are rebuilt by batch migrations: rows must not fall with the old copy."""
    connection.execute("PRAGMA foreign_keys=OFF")
