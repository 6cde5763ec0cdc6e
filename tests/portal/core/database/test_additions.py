"""What migrations add on PostgreSQL may be begun again wherever it was broken off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, String, create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from portal.core.database import additions
from tests.support.postgres import throw_away_server


@pytest.fixture
def migration() -> Iterator[Connection]:
    """A migration's connection, in its transaction; a table with two equal rows is there."""
    with throw_away_server() as server:
        server.create_database("additions")
        engine = create_engine(server.url(server.owner, "additions"), poolclass=NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE box AS SELECT 1 AS slot FROM generate_series(1, 2)")
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"transaction_per_migration": True})
            with Operations.context(context), context.begin_transaction(_per_migration=True):
                yield connection
        server.drop_database("additions")


def test_what_was_broken_off_is_done_again(migration: Connection) -> None:
    for _time in range(2):
        additions.add_column("box", Column("origin", String(9), server_default="", nullable=False))
        additions.add_rule("ck_box_origin", "box", ["origin"], "length(origin) < 5")
    with pytest.raises(IntegrityError, match="uq_box_slot"):
        additions.add_index("uq_box_slot", "box", ["slot"], unique=True)
    with additions.by_itself():
        migration.execute(text("DELETE FROM box WHERE ctid = (SELECT min(ctid) FROM box)"))
    additions.add_index("uq_box_slot", "box", ["slot"], unique=True)
    valid = text("SELECT indisvalid FROM pg_index WHERE indexrelid = 'uq_box_slot'::regclass")
    assert migration.scalar(valid), "the half made one was made anew"
    migration.execute(text("SAVEPOINT before"))
    with pytest.raises(IntegrityError, match="ck_box_origin"):
        migration.execute(text("UPDATE box SET origin = 'too long'"))
    migration.execute(text("ROLLBACK TO before"))
    additions.drop_rule("ck_box_origin", "box")
    migration.execute(text("UPDATE box SET origin = 'too long'"))
