"""The migrations make what the models say, up and down, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, delete, insert, inspect
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool

from models.base import Base, Keyed
from models.place import Province
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


@pytest.mark.long
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


def test_no_id_is_ever_given_out_again(empty: str) -> None:
    """Else an old page's button would act on a newer row: a fence over every table with such a key."""
    migrate.upgrade(empty)
    keyed = {str(mapper.local_table) for mapper in Base.registry.mappers if issubclass(mapper.class_, Keyed)}
    assert len(keyed) > 30
    with create_engine(empty, poolclass=NullPool).begin() as connection:
        if empty.startswith("sqlite"):
            rows = connection.exec_driver_sql(
                "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
            ).all()
            counting = {name for name, sql in rows if "PRIMARY KEY AUTOINCREMENT" in sql}
        else:
            columns = "SELECT table_name FROM information_schema.columns WHERE column_name = 'id'"
            own = connection.exec_driver_sql(f"{columns} AND column_default LIKE 'nextval(%%'")
            counting = set(own.scalars())
        assert keyed - counting == set(), "sqlite_autoincrement=True is missing in these tables' migration"
        ids = [_made_and_deleted(connection) for _ in range(2)]
    assert ids[1] > ids[0]


def _made_and_deleted(connection: Connection) -> int:
    values = {"code": "52", "name": "ลำปาง", "name_en": "Lampang", "region": "", "sort_key": ""}
    given: int = connection.execute(insert(Province).values(values).returning(Province.id)).scalar_one()
    connection.execute(delete(Province))
    return given
