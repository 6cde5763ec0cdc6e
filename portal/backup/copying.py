"""A whole copy of the database while people answer, looked through before anything is sealed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine, make_url, pool, text
from sqlalchemy.engine import Connection

from config import Settings
from portal.backup import postgres_tools
from portal.backup.contents import Contents, contents_of
from portal.backup.troubles import BackupTrouble

_ONE_MOMENT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
_SNAPSHOT = text("SELECT pg_export_snapshot()")


def copy_database(settings: Settings, target: Path) -> Contents:
    """Copy the database into a new file; gives what is in the copy.

    Raises BackupTrouble where the copy is not sound; OSError, sqlite3.Error or OperationalError as they come.
    """
    if settings.sqlite:
        return _copy_sqlite(sqlite_file(settings), target)
    return _dump_postgres(settings, target)


def sqlite_file(settings: Settings) -> Path:
    """The file of the embedded database. Raises BackupTrouble where it has none."""
    name = make_url(settings.database_owner_url).database
    if not name:
        raise BackupTrouble("DATABASE_URL names no file")
    return Path(name)


def look_through(file: Path) -> Contents:
    """Check a copy of the embedded database, and count what is in it. Raises BackupTrouble."""
    with closing(sqlite3.connect(file)) as connection:
        said = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
        orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    if said != ["ok"]:
        raise BackupTrouble(f"The copy of the database is damaged, and so may be the database: {said[0]}")
    if orphans:
        raise BackupTrouble(f"The copy of the database has {len(orphans)} rows that belong to none")
    engine = create_engine(f"sqlite:///{file}", poolclass=pool.NullPool)
    with engine.connect() as connection:
        return contents_of(connection)


def major_of(connection: Connection) -> int:
    """The major version of a server of PostgreSQL."""
    return int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000


def _copy_sqlite(source: Path, target: Path) -> Contents:
    """All pages in one read: beside a write-ahead log no writer waits for it or makes it start anew."""
    if not source.is_file():
        raise BackupTrouble(f"There is no database at {source}")
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=30)) as original,
        closing(sqlite3.connect(target)) as copy,
    ):
        original.backup(copy, pages=-1)
    return look_through(target)


def _dump_postgres(settings: Settings, target: Path) -> Contents:
    """Dump and count the same moment: pg_dump reads the snapshot of the transaction that counts."""
    url, tools = settings.database_owner_url, settings.backups.pg_bin
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        server = major_of(connection)
        connection.rollback()
        dump = postgres_tools.tool("pg_dump", server=server, pg_bin=tools)
        listing = postgres_tools.tool("pg_restore", server=server, pg_bin=tools)
        connection.execute(_ONE_MOMENT)
        snapshot = connection.execute(_SNAPSHOT).scalar_one()
        words = [dump, "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}"]
        postgres_tools.run(words, url)
        contents = contents_of(connection)
    postgres_tools.listed(listing, target)
    return contents
