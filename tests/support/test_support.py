"""The ground the tests stand on, tried itself: a dead wall must not look like a passed test."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from models import registry
from models.base import Base
from tests.support.databases import Database, PostgresTemplate, SqliteTemplate
from tests.support.network import OutsideConnection
from tests.support.postgres import Server

assert registry.MODULES, "imported, so that the metadata is whole"

SAMPLE = {"code": "99", "name": "จังหวัดทดลอง", "name_en": "", "region": "", "sort_key": "ทดลอง"}


def make_tables(owner_url: str, application: str | None) -> None:
    """All tables, readable and writable by the application's role."""
    engine = connected(owner_url)
    Base.metadata.create_all(engine)
    if application:
        with engine.begin() as connection:
            grant = f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{application}"'
            connection.execute(text(grant))
            connection.execute(text(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{application}"'))


def connected(url: str) -> Engine:
    """An engine that keeps no connection, so that a database can be copied and dropped."""
    return create_engine(url, poolclass=NullPool)


@pytest.fixture(scope="module")
def template(
    engine: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[SqliteTemplate | PostgresTemplate]:
    if engine == "sqlite":
        yield SqliteTemplate(Path(tmp_path_factory.mktemp("databases")), make_tables)
        return
    server: Server = request.getfixturevalue("postgres_server")
    made = PostgresTemplate(server, make_tables)
    yield made
    made.drop()


@pytest.fixture
def database(template: SqliteTemplate | PostgresTemplate) -> Iterator[Database]:
    with template.copy() as made:
        yield made


@pytest.mark.postgres
def test_a_copy_has_every_table_and_leaves_the_next_copy_alone(
    database: Database, template: SqliteTemplate | PostgresTemplate
) -> None:
    count = text("SELECT count(*) FROM province")
    insert = Base.metadata.tables["province"].insert()
    with connected(database.url).begin() as connection:
        for table in Base.metadata.sorted_tables:
            assert connection.execute(table.select()).all() == []
        connection.execute(insert.values(SAMPLE))
        assert connection.execute(count).scalar() == 1
    with template.copy() as other, connected(other.url).connect() as connection:
        assert connection.execute(count).scalar() == 0


@pytest.mark.postgres
def test_tests_are_neither_superuser_nor_owner(database: Database) -> None:
    if database.sqlite:
        pytest.skip("SQLite has no roles")
    with connected(database.url).connect() as connection:
        powers = connection.execute(
            text(
                "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
            )
        ).scalar_one()
        owned = text("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert powers is False
        assert connection.execute(owned).scalar_one() == 0
        with pytest.raises(ProgrammingError, match="must be owner"):
            connection.execute(text("DROP TABLE province CASCADE"))


@pytest.mark.postgres
def test_row_level_security_holds_for_the_tests_own_role(database: Database) -> None:
    """The positive control: with a policy that shows nothing, the role sees nothing; its owner does."""
    if database.sqlite:
        pytest.skip("SQLite has no policies")
    with connected(database.owner_url).begin() as owner:
        owner.execute(Base.metadata.tables["province"].insert().values(SAMPLE))
        owner.execute(text("ALTER TABLE province ENABLE ROW LEVEL SECURITY"))
        assert owner.execute(text("SELECT count(*) FROM province")).scalar_one() == 1
    with connected(database.url).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM province")).scalar_one() == 0


def test_no_connection_leaves_this_machine() -> None:
    with socket.socket() as outside, pytest.raises(OutsideConnection):
        outside.connect(("192.0.2.1", 80))


@pytest.mark.browser
def test_the_browser_shows_thai_and_reaches_no_other_host(browser_page: Page) -> None:
    browser_page.set_content("<html lang='th'><h1>ทดลอง</h1>")
    assert browser_page.inner_text("h1") == "ทดลอง"
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        browser_page.goto("http://example.com/")
