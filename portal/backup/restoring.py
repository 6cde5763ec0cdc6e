"""The way back: into an empty place only, and nobody uses it before it was settled (``settling.py``)."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from sqlalchemy import URL, create_engine, inspect, make_url, pool, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from config import Settings
from portal.backup import postgres_tools, settling, work_folder
from portal.backup.contents import Contents, Manifest, contents_of, differences, manifest_from
from portal.backup.copying import look_through, major_of, sqlite_file
from portal.backup.making import DATABASE, FILES, MANIFEST
from portal.backup.sealed_file import PIECE, OpeningReader
from portal.backup.troubles import FAILURES, BackupTrouble, in_words
from portal.ballot import closed_rounds
from portal.core import audit
from portal.core.database import migrate, revision

#: where files from beside the database come back to, in the instance folder
RESTORED = "restored-files"
WORK = "restore-work"
_NOT_EMPTY = "{place} is not empty: a backup is restored into an empty place only, and nothing was changed"


@dataclass(frozen=True)
class Restored:
    """What came back, and what was done to it."""

    manifest: Manifest
    settled: settling.Settled | None
    files: int


def restore(
    settings: Settings, backup: Path, private_key: bytes, *, lists: tuple[Path, ...] = ()
) -> Restored:
    """Open a backup, put it back, prove it whole, and close what was closed since.

    Raises BackupTrouble. Nothing that was there is changed; a database that is not whole or not settled is
    taken away again (SQLite), or stays closed to the application (PostgreSQL).
    """
    try:
        return _restore(settings, backup, private_key, (*lists, backup.parent / closed_rounds.FILE))
    except (SQLAlchemyError, tarfile.TarError, *FAILURES) as error:
        cause = getattr(error, "orig", None) or error
        raise BackupTrouble(f"Nothing was restored: {in_words(cause)}") from error


def _restore(settings: Settings, backup: Path, private_key: bytes, lists: tuple[Path, ...]) -> Restored:
    require_empty(settings)
    with work_folder.empty(settings.instance_dir / WORK) as work:
        manifest = open_backup(backup, private_key, work)
        settled = None
        if manifest.contents is not None:
            _require_fit(settings, manifest, manifest.contents)
            event = {"backup": backup.name, "made_at": manifest.made_at}
            put = _put_sqlite if settings.sqlite else _put_postgres
            settled = put(settings, work / DATABASE, manifest.contents, lists, event)
        return Restored(manifest, settled, _put_files(settings, work))


def settle_what_came_back(settings: Settings, lists: tuple[Path, ...]) -> settling.Settled:
    """After another tool restored the database: close what was closed since. Raises BackupTrouble."""
    try:
        with _owner(settings) as engine:
            return settling.settle(
                settings, engine, lists=lists, event={"backup": "by the database's own tool"}
            )
    except (SQLAlchemyError, *FAILURES) as error:
        raise BackupTrouble(
            f"Nothing was settled: {in_words(getattr(error, 'orig', None) or error)}"
        ) from error


def open_backup(backup: Path, private_key: bytes, folder: Path) -> Manifest:
    """Write what is in a backup into a folder; it may be used once this returns. Raises BackupTrouble."""
    with backup.open("rb") as source:
        reader = OpeningReader(source, private_key)
        with tarfile.open(fileobj=reader, mode="r|", bufsize=PIECE) as archive:
            for member in archive:
                _put_out(archive, member, folder)
        reader.to_the_end()
    file = folder / MANIFEST
    if not file.is_file():
        raise BackupTrouble("This file was sealed by something else than 'run.py backup'")
    manifest = manifest_from(file.read_bytes())
    if (manifest.contents is None) is (folder / DATABASE).exists():
        raise BackupTrouble("The backup and its own list of what is in it do not agree")
    return manifest


def _put_out(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one file below a folder; its owner alone reads it. Raises BackupTrouble for any other thing.

    Debian 12's Python has no filter for what an archive may do.
    """
    target = (folder / member.name).resolve()
    expected = member.isfile() and target.is_relative_to(folder.resolve())
    if not expected or Path(member.name).parts[0] not in (MANIFEST, DATABASE, FILES):
        raise BackupTrouble("This file was sealed by something else than 'run.py backup'")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with cast("IO[bytes]", archive.extractfile(member)) as source, target.open("xb") as out:
        target.chmod(0o600)
        shutil.copyfileobj(source, out, PIECE)


def require_empty(settings: Settings) -> None:
    """Raise BackupTrouble where there is a database, or one with tables, or files that came back before."""
    if (settings.instance_dir / RESTORED).exists():
        raise BackupTrouble(_NOT_EMPTY.format(place=settings.instance_dir / RESTORED))
    if settings.sqlite:
        file = sqlite_file(settings)
        beside = [file.with_name(file.name + end) for end in ("", "-wal", "-shm", "-journal")]
        if any(one.exists() for one in beside):
            raise BackupTrouble(_NOT_EMPTY.format(place=file))
        return
    with _owner(settings) as engine:
        if inspect(engine).get_table_names():
            raise BackupTrouble(_NOT_EMPTY.format(place=f"The database {engine.url.database}"))


def _require_fit(settings: Settings, manifest: Manifest, contents: Contents) -> None:
    engine = "sqlite" if settings.sqlite else "postgresql"
    if manifest.engine != engine:
        raise BackupTrouble(f"This is a backup of {manifest.engine}, and DATABASE_URL names {engine}")
    if revision.is_ahead(contents.revision) and not revision.serves(contents.revision):
        raise BackupTrouble(
            f"The backup stands at migration {contents.revision}, and this release knows "
            f"{revision.newest()} only: install the release that made it"
        )


def _put_sqlite(
    settings: Settings, copy: Path, expected: Contents, lists: tuple[Path, ...], event: dict[str, str]
) -> settling.Settled:
    """Everything is done to a file of another name, which becomes the database in the end."""
    _require_whole(expected, look_through(copy))
    url = URL.create("sqlite", database=str(copy)).render_as_string()
    migrate.upgrade(url)
    with _engine(url) as engine:
        _require_whole_record(engine)
        settled = settling.settle(settings, engine, lists=lists, event=event)
    target = sqlite_file(settings)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.restored")
    shutil.move(copy, beside)
    beside.chmod(0o600)
    os.link(beside, target)  # refuses where somebody made one meanwhile
    beside.unlink()
    return settled


def _put_postgres(
    settings: Settings, copy: Path, expected: Contents, lists: tuple[Path, ...], event: dict[str, str]
) -> settling.Settled:
    """The application's role cannot connect before all is done, also where a restore was killed half way."""
    url, tools = settings.database_owner_url, settings.backups.pg_bin
    with _owner(settings) as engine:
        with engine.connect() as connection:
            server = major_of(connection)
        _let_in(settings, engine, allowed=False)
        words = [postgres_tools.tool("pg_restore", server=server, pg_bin=tools), "--no-owner"]
        words += ["--exit-on-error", "--single-transaction", f"--dbname={engine.url.database}", str(copy)]
        postgres_tools.run(words, url)
        with engine.connect() as connection:
            _require_whole(expected, contents_of(connection))
        migrate.upgrade(url)
        _require_whole_record(engine)
        settled = settling.settle(settings, engine, lists=lists, event=event)
        _let_in(settings, engine, allowed=True)
    return settled


def _let_in(settings: Settings, engine: Engine, *, allowed: bool) -> None:
    """Whether the application's role may connect to the database."""
    application, owner = make_url(settings.database_url).username, engine.url.username
    if application is None or application == owner:
        return
    quote = engine.dialect.identifier_preparer.quote_identifier
    act, way = ("GRANT", "TO") if allowed else ("REVOKE", "FROM")
    statement = f"{act} CONNECT ON DATABASE {quote(engine.url.database or '')} {way} {quote(application)}"
    with engine.begin() as connection:
        connection.execute(text(statement))


def _require_whole(expected: Contents, found: Contents) -> None:
    if told := differences(expected, found):
        raise BackupTrouble(f"What came back is not what was backed up: {told[0]}")


def _require_whole_record(engine: Engine) -> None:
    with Session(engine) as session:
        broken = audit.first_broken(session)
    if broken is not None:
        raise BackupTrouble(f"The record of this backup is broken in chain {broken[0]} at event {broken[1]}")


def _put_files(settings: Settings, work: Path) -> int:
    """What lay beside the database: whoever runs the portal puts it where it belongs."""
    files = work / FILES
    if not files.is_dir():
        return 0
    number = sum(1 for path in files.rglob("*") if path.is_file())
    shutil.move(files, settings.instance_dir / RESTORED)
    return number


@contextmanager
def _owner(settings: Settings) -> Iterator[Engine]:
    with _engine(settings.database_owner_url) as engine:
        yield engine


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = create_engine(url, poolclass=pool.NullPool)
    try:
        yield engine
    finally:
        engine.dispose()
