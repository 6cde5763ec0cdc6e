"""At which migration a database stands, and whether anybody works in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from config import ROOT, ConfigurationError
from portal.core.database import migrate, revision
from portal.core.web import Portal
from tests.conftest import settings_for
from tests.support.databases import Database


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'portal.db'}"


def test_an_empty_database_stands_nowhere(url: str) -> None:
    assert revision.present(url) is None and not revision.is_current(url)


def test_a_database_of_an_older_portal_is_not_current(url: str) -> None:
    migrate.upgrade(url, "0001")
    assert revision.present(url) == "0001" and not revision.is_current(url)


def test_a_migrated_and_seeded_database_is_current_and_somebodys_work(app: Portal) -> None:
    owner = app.settings.database_owner_url
    assert (revision.present(owner) or "").startswith(revision.newest())
    assert revision.is_current(owner) and revision.has_rounds(owner)


@pytest.mark.postgres
def test_the_role_that_serves_sees_it_without_the_owners_password(app: Portal) -> None:
    assert revision.serves(revision.present(app.settings.database_url))


@pytest.mark.parametrize(
    ("name", "ahead", "served"),
    [
        (None, False, False),
        ("0028", False, False),
        ("0029", False, True),
        ("0029_serves_0028", False, True),
        ("0030_serves_0028", True, True),
        ("0042_serves_0029", True, True),
        ("0042_serves_0030", True, False),
        ("0030", True, False),
        ("ae1027a6acf3", False, False),
    ],
)
def test_a_newer_database_says_which_programmes_it_serves(
    monkeypatch: pytest.MonkeyPatch, name: str | None, ahead: bool, served: bool
) -> None:
    """A programme that was taken back goes on; one that is too old for the tables is told so."""
    monkeypatch.setattr(revision, "newest", lambda: "0029")
    assert (revision.is_ahead(name), revision.serves(name)) == (ahead, served)
    assert revision.why_not(name).endswith("start a newer one" if ahead else "run 'make db'")


def test_what_is_no_name_of_ours_serves_nobody() -> None:
    assert revision.oldest_served_by("0031_serves_0029") == "0029"
    with pytest.raises(ValueError, match="ae1027a6acf3"):
        revision.oldest_served_by("ae1027a6acf3")


def test_a_database_without_a_round_is_free_for_the_demonstration(url: str) -> None:
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE round (id INTEGER)")
    assert not revision.has_rounds(url)


def test_the_newest_revision_is_the_last_file_of_the_migrations() -> None:
    numbers = sorted(file.name[:4] for file in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))
    assert revision.newest() == numbers[-1] == f"{len(numbers):04}"


def test_a_database_that_does_not_answer_is_no_empty_one(tmp_path: Path) -> None:
    with pytest.raises(OperationalError):
        revision.present(f"sqlite:///{tmp_path}/no/portal.db")


def test_a_command_line_says_in_words_which_database_it_cannot_use(tmp_path: Path, url: str) -> None:
    at = settings_for(url, url, tmp_path)
    with pytest.raises(ConfigurationError, match=r"There is no database at .*portal\.db: run 'make db'"):
        revision.look_once(at)
    revision.look_once(at, current=False)  # whoever makes a database needs none
    with pytest.raises(ConfigurationError, match="not at the newest migration"):
        revision.look_once(at)
    (tmp_path / "portal.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(ConfigurationError, match="The database does not answer: file is not a database"):
        revision.look_once(at)


def test_a_command_line_goes_on_with_a_database_that_serves_it(app: Portal, database: Database) -> None:
    revision.look_once(app.settings)
    name(database, "9999_serves_0029")
    assert revision.look_once(app.settings) == "9999_serves_0029"
    name(database, "9999_serves_9998")
    with pytest.raises(ConfigurationError, match="serves no programme as old as this one"):
        revision.look_once(app.settings)


def name(database: Database, revision_name: str) -> None:
    with create_engine(database.owner_url, poolclass=NullPool).begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision_name}'")
