"""The ground the tests stand on, tried itself: a dead wall must not look like a passed test."""

from __future__ import annotations

import socket

import pytest
from playwright.sync_api import Error, Page
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from models.base import Base
from models.place import Province
from portal.core.web import Portal
from tests.conftest import Seed
from tests.support.databases import Database
from tests.support.network import OutsideConnection
from tests.support.order import long_first

SAMPLE = {"code": "99", "name": "จังหวัดทดลอง", "name_en": "", "region": "", "sort_key": "ทดลอง"}


def connected(url: str) -> Engine:
    """An engine that keeps no connection, so that a database can be copied and dropped."""
    return create_engine(url, poolclass=NullPool)


@pytest.mark.postgres
def test_a_copy_leaves_the_next_copy_alone(database: Database, seed: Seed) -> None:
    count = text("SELECT count(*) FROM province")
    with connected(database.owner_url).begin() as connection:
        connection.execute(Base.metadata.tables["province"].insert().values(SAMPLE))
        assert connection.execute(count).scalar() == 3
    with seed.template.copy() as other, connected(other.owner_url).connect() as connection:
        assert connection.execute(count).scalar() == 2


@pytest.mark.postgres
def test_tests_are_neither_superuser_nor_owner(database: Database) -> None:
    if database.sqlite:
        pytest.skip("nothing to do: SQLite has no roles, PostgreSQL runs it")
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
def test_the_serving_role_reaches_nothing_without_a_scope(database: Database) -> None:
    """The positive control of row-level security: the bare role is refused, the wall's role sees rows."""
    if database.sqlite:
        pytest.skip("nothing to do: SQLite has no policies, PostgreSQL runs it")
    with connected(database.url).begin() as connection, pytest.raises(ProgrammingError, match="permission"):
        connection.execute(text("SELECT count(*) FROM agency"))
    with connected(database.url).begin() as connection:
        connection.execute(text("SELECT set_config('role', 'ita_country', true)"))
        assert connection.execute(text("SELECT count(*) FROM agency")).scalar_one() == 4
        connection.execute(
            text("SELECT set_config('role', 'ita_province', true), set_config('ita.place', '-1', true)")
        )
        assert connection.execute(text("SELECT count(*) FROM agency")).scalar_one() == 0


@pytest.mark.postgres
def test_the_application_serves_the_copy(app: Portal) -> None:
    with app.app_context():
        from portal.core.database.session import privileged

        with privileged("a test counts") as session:
            assert session.query(Province).count() == 2


def test_no_connection_leaves_this_machine() -> None:
    with socket.socket() as outside, pytest.raises(OutsideConnection):
        outside.connect(("192.0.2.1", 80))


@pytest.mark.browser
def test_the_browser_shows_thai_and_reaches_no_other_host(browser_page: Page) -> None:
    browser_page.set_content("<html lang='th'><h1>ทดลอง</h1>")
    assert browser_page.inner_text("h1") == "ทดลอง"
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        browser_page.goto("http://example.com/")


@pytest.mark.parametrize("workers", [1, 2, 3, 7])
def test_every_worker_begins_with_its_share_of_the_long_tests(workers: int) -> None:
    items = [("sqlite", n % 10 == 9, n) for n in range(40)] + [("postgres", n % 6 == 5, n) for n in range(30)]
    dealt = long_first(items, workers, lambda one: one[1], lambda one: one[0])
    assert sorted(dealt) == sorted(items)
    parts = [dealt[len(items) * n // workers : len(items) * (n + 1) // workers] for n in range(workers)]
    assert {sum(is_long for _engine, is_long, _n in part) for part in parts} <= {
        9 // workers,
        9 // workers + 1,
    }
    for part in parts:
        heads = [(engine, not is_long) for engine, is_long, _n in part]
        assert heads == sorted(heads), "engine by engine, the long ones first"
