"""No id of a deleted row is given out again, on SQLite too: AUTOINCREMENT on every table with such a key.

PostgreSQL's sequences never go back. SQLite cannot alter a key: the table is written anew from its own text,
which keeps each check, default and partial index as it stands.

Revision ID: 0005
Revises: 0004
"""

import re
from collections.abc import Callable

from alembic import op
from sqlalchemy.engine import Connection

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY_APART = re.compile(r"CONSTRAINT (\w+) PRIMARY KEY \(id\),?\s*")
KEY_INSIDE = re.compile(r"\bid INTEGER NOT NULL CONSTRAINT (\w+) PRIMARY KEY AUTOINCREMENT")


def upgrade() -> None:
    _rewrite(_with_autoincrement)


def downgrade() -> None:
    _rewrite(_without_autoincrement)


def _with_autoincrement(made_by: str) -> str:
    key = KEY_APART.search(made_by)
    if key is None or not re.search(r"\bid INTEGER NOT NULL", made_by):
        return made_by
    rest = re.sub(r",\s*\)\s*$", "\n)", KEY_APART.sub("", made_by))
    inside = f"id INTEGER NOT NULL CONSTRAINT {key[1]} PRIMARY KEY AUTOINCREMENT"
    return re.sub(r"\bid INTEGER NOT NULL", inside, rest, count=1)


def _without_autoincrement(made_by: str) -> str:
    key = KEY_INSIDE.search(made_by)
    if key is None:
        return made_by
    rest = KEY_INSIDE.sub("id INTEGER NOT NULL", made_by)
    return re.sub(r"\)\s*$", f", CONSTRAINT {key[1]} PRIMARY KEY (id)\n)", rest)


def _rewrite(change: Callable[[str], str]) -> None:
    """Write each table whose text the change alters anew, with its rows, indexes and triggers."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    tables = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()
    for name, made_by in tables:
        wanted = change(made_by or "")
        if wanted != (made_by or ""):
            _replace(connection, name, wanted)


def _replace(connection: Connection, name: str, made_by: str) -> None:
    hanging = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name = ? AND sql IS NOT NULL",
        (name,),
    )
    again = [row[0] for row in hanging]
    head = re.compile(rf'^\s*CREATE TABLE "?{re.escape(name)}"?')
    connection.exec_driver_sql(head.sub(f'CREATE TABLE "new_{name}"', made_by))
    connection.exec_driver_sql(f'INSERT INTO "new_{name}" SELECT * FROM "{name}"')
    connection.exec_driver_sql(f'DROP TABLE "{name}"')
    connection.exec_driver_sql(f'ALTER TABLE "new_{name}" RENAME TO "{name}"')
    for statement in again:
        connection.exec_driver_sql(statement)
