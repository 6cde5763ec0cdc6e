"""``db-roles``: the SQL that makes PostgreSQL's two login roles, printed or applied by a superuser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, pool, text

from tests.support.command_line import Command
from tests.support.postgres import Server

OWNER, APPLICATION = "postgresql://ita_owner:x@db.example/ita", "postgresql://ita_app:x@db.example/ita"


@pytest.fixture
def two_roles(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment that names an owner and an application's role."""
    monkeypatch.setenv("DATABASE_OWNER_URL", OWNER)
    monkeypatch.setenv("DATABASE_URL", APPLICATION)
    return monkeypatch


def test_what_a_superuser_runs_is_printed(two_roles: pytest.MonkeyPatch, prompt: Command) -> None:
    told = prompt("db-roles")
    assert (told.code, told.err) == (0, "")
    assert 'CREATE ROLE "ita_app" LOGIN NOINHERIT NOSUPERUSER' in told.out
    assert 'ALTER DATABASE "ita" OWNER TO "ita_owner";' in told.out
    assert "give both login roles a password" in told.out


def test_one_role_for_both_is_refused(two_roles: pytest.MonkeyPatch, prompt: Command) -> None:
    """As its own owner the application would pass row-level security."""
    two_roles.setenv("DATABASE_OWNER_URL", APPLICATION)
    told = prompt("db-roles")
    assert (told.code, told.out) == (2, "")
    assert told.err == "DATABASE_OWNER_URL and DATABASE_URL must name two roles\n"


def test_the_embedded_database_has_no_roles(monkeypatch: pytest.MonkeyPatch, prompt: Command) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    told = prompt("db-roles")
    assert (told.code, told.out) == (0, "SQLite has no roles: nothing to do\n")


@pytest.mark.parametrize(
    ("superuser", "why"),
    [("nonsense", "this is no URL of a database"), ("postgresql://root:secret@127.0.0.1:1/ita", "refused")],
)
def test_what_hinders_is_said_without_the_password(
    two_roles: pytest.MonkeyPatch, prompt: Command, superuser: str, why: str
) -> None:
    told = prompt("db-roles", "--apply", superuser)
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith("The roles were not made: ") and why in told.err
    assert "secret" not in told.err


@pytest.fixture
def empty(postgres_server: Server) -> Iterator[Callable[[str], Any]]:
    """An empty database ``by_command``; asks it as the superuser. Its roles go with it."""
    postgres_server.create_database("by_command")
    url = postgres_server.superuser.set(drivername="postgresql+psycopg")
    engine = create_engine(url, poolclass=pool.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield lambda query: connection.execute(text(query)).scalar()
        postgres_server.drop_database("by_command")
        connection.execute(text("DROP ROLE IF EXISTS by_command_owner, by_command_app"))


def test_applied_the_roles_are_there_and_the_database_is_the_owners(
    monkeypatch: pytest.MonkeyPatch, prompt: Command, postgres_server: Server, empty: Callable[[str], Any]
) -> None:
    for name, role in (("DATABASE_OWNER_URL", "by_command_owner"), ("DATABASE_URL", "by_command_app")):
        monkeypatch.setenv(name, f"postgresql://{role}:x@db.example/by_command")
    plain = postgres_server.superuser.set(drivername="postgresql").render_as_string(hide_password=False)
    told = prompt("db-roles", "--apply", plain)
    assert (told.code, told.out) == (0, "The roles are made\n")
    owner = empty("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'by_command'")
    assert owner == "by_command_owner"
    assert empty("SELECT rolinherit OR rolsuper FROM pg_roles WHERE rolname = 'by_command_app'") is False
    assert prompt("db-roles", "--apply", plain).code == 0, "again it changes nothing"
