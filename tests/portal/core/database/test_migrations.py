"""The migrations make what the models say, up and down, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect
from sqlalchemy.pool import NullPool

from models.base import Base
from portal.core.database import migrate, revision
from tests.support.postgres import Server

pytestmark = pytest.mark.postgres


@pytest.fixture
def empty(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The owner's URL of a database without a table."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: Server = request.getfixturevalue("postgres_server")
    server.create_database("empty")
    yield server.url(server.owner, "empty").render_as_string(hide_password=False)
    server.drop_database("empty")


def tables(url: str) -> set[str]:
    return set(inspect(create_engine(url, poolclass=NullPool)).get_table_names())


def test_up_gives_the_models_and_down_leaves_nothing(empty: str) -> None:
    migrate.upgrade(empty)
    assert migrate.differences(empty) == []
    assert revision.is_current(empty)
    assert tables(empty) == {*Base.metadata.tables, "alembic_version"}
    migrate.downgrade(empty, "base")
    assert tables(empty) == {"alembic_version"}
    assert not revision.is_current(empty)
    migrate.upgrade(empty)
    assert migrate.differences(empty) == []


def test_the_ballot_has_no_row_ids_on_sqlite(empty: str) -> None:
    if not empty.startswith("sqlite"):
        pytest.skip("nothing to do: PostgreSQL has no rowid, SQLite runs it")
    migrate.upgrade(empty)
    with create_engine(empty, poolclass=NullPool).connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()
    without = {name for name, sql in rows if "WITHOUT ROWID" in sql.upper()}
    assert without == {"mark", "sealed_answer", "opened_answer", "set_aside"}
