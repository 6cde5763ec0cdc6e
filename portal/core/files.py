"""Files kept in the database: those made for a person, and those that wait between two acts of one person."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import partial
from typing import IO, Any

from flask import Flask
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, undefer

from models.letter import StoredFile
from portal.core import clock
from portal.core.database.session import privileged, reading

#: bytes of a file that are held at once
PIECE = 1_048_576
#: a read register that waits between its dry run and the import
REGISTER_TO_IMPORT = "application/x-registry-import+json"
#: a read roster, sealed, that waits between its dry run and the import
ROSTER_TO_IMPORT = "application/x-sealed-roster"
#: an agency's roster, sealed, as it was before the last import, so that the import can be taken back
ROSTER_BEFORE_IMPORT = "application/x-roster-before-import"
#: a list of agencies that was read, between its reading and the order of accounts
AGENCIES_TO_SERVE = "application/x-list-of-agencies+json"
#: a read workbook of accounts that waits between its dry run and the import
ACCOUNTS_TO_IMPORT = "application/x-accounts-import+json"
#: a read workbook of a year that waits between its differences and the step
YEAR_TO_IMPORT = "application/x-year-import+json"
#: size classes of provinces that were read, between their differences and taking them
SIZES_TO_TAKE = "application/x-size-classes+json"
#: the size classes that a file changed, so that it can be taken back
SIZES_BEFORE_FILE = "application/x-size-classes-before+json"
#: printed posters that wait for the others of their order
BOOK_OF_POSTERS = "application/x-book-of-posters+pdf"
#: what is deleted after a day where nobody came back for it
WAITING = (
    REGISTER_TO_IMPORT,
    ROSTER_TO_IMPORT,
    AGENCIES_TO_SERVE,
    ACCOUNTS_TO_IMPORT,
    YEAR_TO_IMPORT,
    SIZES_TO_TAKE,
    BOOK_OF_POSTERS,
)


def stored_file(
    name: str, content_type: str, content: bytes, *, province_id: int | None = None
) -> StoredFile:
    """A new row for a file, with its hash; not yet in a session."""
    return StoredFile(
        province_id=province_id,
        name=name,
        content_type=content_type,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        created_at=clock.now(),
        content=content,
    )


def fill(session: Session, file: StoredFile, source: IO[bytes]) -> None:
    """Keep a new row with a file that lies on a disk, by the piece; its size and its hash with it.

    PostgreSQL puts it together in a large object, since a value that grows is written anew each time.
    """
    file.size = source.seek(0, os.SEEK_END)
    source.seek(0)
    file.sha256 = hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]
    source.seek(0)
    parts = iter(partial(source.read, PIECE), b"")
    if session.get_bind().dialect.name == "sqlite":
        file.content = func.zeroblob(file.size)
        session.add(file)
        session.flush()
        with _blob(session, file.id) as blob:
            for part in parts:
                blob.write(part)
        return
    large = session.scalar(select(func.lo_create(0)))
    for number, part in enumerate(parts):
        session.scalar(select(func.lo_put(large, number * PIECE, part)))
    file.content = func.lo_get(large)
    session.add(file)  # whole from the first: no rule lets a kept file change
    session.flush()
    session.scalar(select(func.lo_unlink(large)))


def pieces(app: Flask, file: StoredFile) -> Iterator[bytes]:
    """The content of a kept file, by the piece, each read on its own: a slow reader holds no transaction.

    For who was found to have the right to the file. The request may be over by then.
    """
    key, size = file.id, file.size

    def read(at: int) -> bytes:
        with app.app_context(), reading(), privileged("a piece of a file") as session:
            return _piece(session, key, at)

    return map(read, range(0, size, PIECE))


def _piece(session: Session, file_id: int, at: int) -> bytes:
    if session.get_bind().dialect.name == "sqlite":
        with _blob(session, file_id) as blob:
            blob.seek(at)
            return bytes(blob.read(PIECE))
    query = select(func.substring(StoredFile.content, at + 1, PIECE)).where(StoredFile.id == file_id)
    return bytes(session.scalars(query).one())


def _blob(session: Session, file_id: int) -> Any:
    driver: Any = session.connection().connection.driver_connection
    return driver.blobopen("stored_file", "content", file_id)


def first_print(
    session: Session, papers: Select[Any], name: str, content_type: str, content: bytes
) -> StoredFile:
    """The first print of a paper, kept with its row; whoever printed at the same moment gets that one.

    ``papers``: a select of the row, which has a ``file_id``. The act of the record is the caller's.
    """
    table = papers.column_descriptions[0]["entity"]
    held = papers.with_for_update(of=table).execution_options(populate_existing=True)
    row = session.scalars(held).one()
    if row.file_id is None:
        file = stored_file(name, content_type, content)
        session.add(file)
        session.flush()
        row.file_id = file.id
        session.flush()
    return session.get_one(StoredFile, row.file_id, options=[undefer(StoredFile.content)])


def name_about(participation_id: int, rest: str) -> str:
    """What a file kept for a participation is called: one person may work for several agencies."""
    return f"{participation_id}|{rest}"


def keep(session: Session, file: StoredFile, *, account_id: int | None) -> StoredFile:
    """Keep a file for a person; flushed, so that it has its id."""
    file.account_id = account_id
    session.add(file)
    session.flush()
    return file


def forget(session: Session, *content_types: str, account_id: int | None, about: str) -> None:
    """Drop what a person kept of these kinds: other people's data stay no longer than they are needed.

    ``about`` is what the names begin with (``name_about``): what one desk kept is not dropped at another.
    """
    kept = select(StoredFile).where(
        StoredFile.account_id == account_id,
        StoredFile.content_type.in_(content_types),
        StoredFile.name.startswith(about, autoescape=True),
    )
    for file in session.scalars(kept).all():
        session.delete(file)
    session.flush()
