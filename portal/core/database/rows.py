"""Many rows of one table at once: on PostgreSQL one statement, whose columns are arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Connection

from models.base import Base


def insert_rows(connection: Connection, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns; nothing where there are none.

    A driver's many inserts cost PostgreSQL a statement each: a country's scores have a million.
    """
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        connection.execute(insert(model), rows)
        return
    names, columns = list(rows[0]), model.__table__.columns
    arrays = [bindparam(f"{name}_", type_=ARRAY(columns[name].type)) for name in names]
    statement = insert(model).from_select(names, select(*map(func.unnest, arrays)))
    connection.execute(statement, {f"{name}_": [row[name] for row in rows] for name in names})
