"""Databases as they were at an earlier migration, and their rows without our models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, insert, select

from portal.core.database import migrate
from tests.support.postgres import Server

NOW = datetime(2018, 11, 9, 3, tzinfo=UTC)


@contextmanager
def database_before(
    revision: str, engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The owner's URL of an empty database as this migration left it; it goes at the end."""
    if engine == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
        migrate.upgrade(url, revision)
        yield url
        return
    server: Server = request.getfixturevalue("postgres_server")
    server.create_database("old")
    url = server.url(server.owner, "old").render_as_string(hide_password=False)
    migrate.upgrade(url, revision)
    try:
        yield url
    finally:
        server.drop_database("old")


class Rows:
    """Rows of tables as a database has them now, without our models; what is not given is filled in."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self.tables = connection, MetaData()
        self.tables.reflect(connection)

    def add(self, table_name: str, /, **values: Any) -> int:
        """Insert a row; gives its id."""
        table = self.tables.tables[table_name]
        for column in table.columns:
            if column.name not in values and column.name != "id" and not column.nullable:
                values[column.name] = _something(column)
        made = self.connection.execute(insert(table).values(values).returning(table.c.id))
        return int(made.scalar_one())

    def of(self, name: str, *columns: str) -> list[tuple[Any, ...]]:
        """These columns of every row, in the order of their ids."""
        table = self.tables.tables[name]
        query = select(*(table.c[column] for column in columns)).order_by(table.c.id)
        return [tuple(row) for row in self.connection.execute(query)]


def _something(column: Any) -> Any:
    kinds: dict[Any, Any] = {
        int: 1,
        bool: True,
        str: "",
        bytes: b"",
        datetime: NOW,
        date: NOW.date(),
        dict: {},
    }
    return kinds.get(column.type.python_type, 0)
