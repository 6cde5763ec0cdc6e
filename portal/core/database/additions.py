"""Additions that a migration makes to tables in which people are answering meanwhile (ADR 49).

PostgreSQL locks a table against everybody for the blink of an eye and looks at its rows afterwards, beside
everybody; SQLite never writes a table anew. What is committed before the migration is at its end may be done
again: a migration that was broken off begins from the start.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op

_HALF_MADE = sa.text(
    "SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
    " WHERE relname = :name AND NOT indisvalid AND pg_table_is_visible(pg_class.oid)"
)


@contextmanager
def by_itself() -> Iterator[None]:
    """On PostgreSQL each statement inside is a transaction of its own: no lock of the migration lasts.

    What was done may be done again. SQLite has one writer, and nothing to gain.
    """
    if not _postgres():
        yield
        return
    with op.get_context().autocommit_block():
        yield


def add_column(table: str, column: sa.Column[Any]) -> None:
    """A column that may be empty, or has a constant as its ``server_default``: no row is touched."""
    if column.name not in _columns(table):
        op.add_column(table, column)


def add_index(name: str, table: str, columns: Sequence[str], *, unique: bool = False) -> None:
    """An index. PostgreSQL makes it beside those who write, and waits for all who are under way."""
    if not _postgres():
        op.create_index(name, table, columns, unique=unique, if_not_exists=True)
        return
    with by_itself():
        op.execute("SET lock_timeout = 0")  # it keeps nobody waiting
        if op.get_bind().scalar(_HALF_MADE, {"name": name}):
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.create_index(name, table, columns, unique=unique, if_not_exists=True, postgresql_concurrently=True)
        op.execute("RESET lock_timeout")


def add_rule(name: str, table: str, columns: Sequence[str], rule: str) -> None:
    """A rule (SQL over these columns) that every row keeps: those that come, and those that are there.

    PostgreSQL gets a CHECK, SQLite triggers: a CHECK of its would write the table anew. ``IS NOT NULL`` is
    such a rule, too.
    """
    if _postgres():
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule}) NOT VALID")
        with by_itself():
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
        return
    row = ", ".join(f"NEW.{column} AS {column}" for column in columns)
    broken = f"EXISTS (SELECT 1 FROM (SELECT {row}) WHERE NOT ({rule}))"  # noqa: S608 - a migration's words
    for act in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER {name}_{act.lower()} BEFORE {act} ON {table} WHEN {broken}"
            f" BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: {name}'); END"
        )


def add_key(name: str, table: str, column: str, to: str) -> None:
    """A foreign key of PostgreSQL (``to``: "agency_kind (code)"), proved afterwards, beside everybody."""
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}) REFERENCES {to} NOT VALID")
    with by_itself():
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def drop_rule(name: str, table: str) -> None:
    """Take a rule away again."""
    if _postgres():
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        return
    for act in ("insert", "update"):
        op.execute(f"DROP TRIGGER IF EXISTS {name}_{act}")


def said_anew(table: str, changes: dict[str, str]) -> None:
    """Change the words of a table of SQLite where it keeps them, so that no row is touched.

    The second procedure of https://sqlite.org/lang_altertable.html, section 7: for rules, never for columns.
    Raises RuntimeError where the words are others.
    """
    bind = op.get_bind()
    words = bind.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).scalar_one()
    for old, new in changes.items():
        if words.count(old) != 1:
            raise RuntimeError(f"{table} is not as migrations made it: {old} is not there once")
        words = words.replace(old, new)
    cookie = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    bind.exec_driver_sql("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (words, table))
    bind.exec_driver_sql(f"PRAGMA schema_version = {int(cookie) + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = RESET")


def _postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _columns(table: str) -> set[str]:
    return {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}
