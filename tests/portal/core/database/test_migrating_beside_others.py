"""Migrations while somebody else is at work: they wait shortly, come again, and leave nothing half done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from config import ConfigurationError
from portal.core.database import migrate, revision
from tests.support.databases import Database
from tests.support.releases import count_with, written

pytestmark = pytest.mark.postgres
ADDS = """
def upgrade():
    origin = sa.Column("origin", sa.String(40), server_default="", nullable=False)
    additions.add_column("answer_count", origin)
    additions.add_index("ix_sealed_answer_channel", "sealed_answer", ["channel"])
    additions.add_rule("ck_answer_count_origin", "answer_count", ["origin"], "length(origin) < 9")


def downgrade():
    additions.drop_rule("ck_answer_count_origin", "answer_count")
    op.drop_index("ix_sealed_answer_channel", "sealed_answer")
    op.drop_column("answer_count", "origin")
"""
FAILS = """
def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("SELECT nothing FROM nowhere")
"""
#: PostgreSQL: a row that is written. SQLite: the one write lock
IN_THE_WAY = {
    "postgresql": "LOCK TABLE answer_count IN ROW EXCLUSIVE MODE",
    "sqlite": "DELETE FROM answer_count WHERE false",
}


@pytest.fixture
def url(database: Database) -> str:
    """The owner's URL of a database before the next release's migration."""
    return database.owner_url


@pytest.fixture
def held(url: str) -> Iterator[Connection]:
    """Somebody's transaction that is in the way."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        connection.exec_driver_sql(IN_THE_WAY[connection.dialect.name])
        yield connection
        connection.rollback()


def test_what_is_added_is_there_and_goes_again(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = revision.newest()
    name = written(ADDS, tmp_path, monkeypatch)
    migrate.upgrade(url)
    assert revision.present(url) == name and revision.is_current(url)
    with create_engine(url, poolclass=NullPool).connect() as connection:
        looked = inspect(connection)
        assert "origin" in {column["name"] for column in looked.get_columns("answer_count")}
        indices = {index["name"] for index in looked.get_indexes("sealed_answer")}
        assert "ix_sealed_answer_channel" in indices
        connection.rollback()
        with pytest.raises(IntegrityError, match="ck_answer_count_origin"):
            connection.exec_driver_sql(count_with("too long a word"))
    migrate.downgrade(url, before)
    migrate.upgrade(url)
    assert revision.is_current(url)


def test_a_migration_comes_again_until_its_table_is_free(
    url: str,
    held: Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    written(ADDS, tmp_path, monkeypatch)
    _in_a_hurry(monkeypatch, tries=60)
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            held.rollback()

    monkeypatch.setattr(migrate.time, "sleep", pause)
    migrate.upgrade(url)
    assert revision.is_current(url)
    assert caplog.text.count("somebody holds a table") == len(pauses) == 2


def test_where_a_table_is_never_free_it_is_said_and_nothing_was_done(
    url: str, held: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = written(ADDS, tmp_path, monkeypatch)
    _in_a_hurry(monkeypatch, tries=2)
    with pytest.raises(ConfigurationError, match="look for long transactions"):
        migrate.upgrade(url)
    held.rollback()
    assert revision.present(url) != name
    migrate.upgrade(url)
    assert revision.is_current(url)


def test_a_migration_that_fails_leaves_nothing_half_done(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = written(FAILS, tmp_path, monkeypatch)
    with pytest.raises(Exception, match="nowhere"):
        migrate.upgrade(url)
    assert revision.present(url) != name
    assert not inspect(create_engine(url, poolclass=NullPool)).has_table("half")


def _in_a_hurry(monkeypatch: pytest.MonkeyPatch, *, tries: int) -> None:
    monkeypatch.setattr(migrate, "PATIENCE", 50)
    monkeypatch.setattr(migrate, "PAUSE", 0.2)
    monkeypatch.setattr(migrate, "TRIES", tries)
    monkeypatch.setattr("portal.core.database.session.PATIENCE", 50)
    monkeypatch.setattr("portal.core.database.turns._SECONDS", 0.05)
    monkeypatch.setattr("portal.core.database.turns.PATIENCE", 50)
