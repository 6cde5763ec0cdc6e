"""An index of a descriptive field, made and dropped by the owner of the database beside those who write."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import Connection, create_engine, make_url, text

from models.descriptive import FieldKind, FieldOwner
from portal.core.database.session import privileged, writing
from portal.core.described import Field, every_field
from portal.core.errors import Refused
from portal.tools.commands import refused

_HALF_MADE = text(
    "SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
    " WHERE relname = :name AND NOT indisvalid AND pg_table_is_visible(pg_class.oid)"
)


def run(app: Flask, owner_url: str, *, owner: str, key: str, drop: bool) -> int:
    """Make the index of a field, or drop it; what is there or gone already stays so.

    On PostgreSQL ``CONCURRENTLY``: nobody waits for it. SQLite has one writer, who waits while it is made.
    Gives 0, or 2 where there is no such field.
    """
    with app.app_context(), privileged("the index of a descriptive field") as session:
        found = [one for one in every_field(session) if (one.owner, one.key) == (FieldOwner(owner), key)]
    if not found:
        refused.say(Refused("No field of this key"))
        return 2
    postgresql = make_url(owner_url).get_backend_name() == "postgresql"
    statements = _gone(found[0], postgresql) if drop else _made(found[0], postgresql)
    # CONCURRENTLY takes no transaction; SQLite's, begun to write, waits for its turn
    engine = (
        create_engine(owner_url, isolation_level="AUTOCOMMIT") if postgresql else create_engine(owner_url)
    )
    with writing(), engine.begin() as connection:
        if postgresql and not drop and _half_made(connection, name_of(found[0])):
            statements = [*_gone(found[0], postgresql), *statements]
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
    print(f"{name_of(found[0])} {'is gone' if drop else 'is there'}")
    return 0


def name_of(field: Field) -> str:
    """What the index of a field is called."""
    return f"ix_{field.owner.value}_described_{field.key}"


def _made(field: Field, postgresql: bool) -> list[str]:
    """What makes it; an index of the same name that is whole stays."""
    name, value = name_of(field), f"(described ->> '{field.key}')"
    if field.kind is FieldKind.NUMBER:
        value = f"(CAST({value} AS NUMERIC))"
    beside = " CONCURRENTLY" if postgresql else ""
    make = f"CREATE INDEX{beside} IF NOT EXISTS {name} ON {field.owner.value} ({value})"
    return [make, f"ANALYZE {field.owner.value}"]


def _gone(field: Field, postgresql: bool) -> list[str]:
    return [f"DROP INDEX{' CONCURRENTLY' if postgresql else ''} IF EXISTS {name_of(field)}"]


def _half_made(connection: Connection, name: str) -> bool:
    """True where CONCURRENTLY was broken off: the index is there and serves nobody."""
    return bool(connection.scalar(_HALF_MADE, {"name": name}))
