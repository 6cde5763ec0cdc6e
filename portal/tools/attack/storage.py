"""What a storage gives away of its rows beside their values: hidden columns, and places in files."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from portal.tools.attack.engines import Target

#: answers are bytes of small values, one per line of a questionnaire
_RUN = re.compile(rb"[\x01-\x0b]{16,}")
_HEAD = 8
#: PostgreSQL's log: bytes of a page, of the head of a segment's first page and of every other
_LOG_PAGE, _FIRST_HEAD, _HEAD_OF_PAGE = 8192, 40, 24
#: bytes of a page of a table's file, by whether it is SQLite's
PAGE = {True: 4096, False: 8192}


def rows_of(
    connection: Connection, table: str, columns: str, *, where: str = "", **values: object
) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
    """The rows of a table as the storage has them, each with what stands in no column of its own."""
    hidden = _hidden(connection, table)
    expressions = ", ".join([columns, *hidden.values()])
    # names of tables and columns are this package's own
    rows = connection.execute(text(f"SELECT {expressions} FROM {table} {where}"), values).all()  # noqa: S608
    width = len(rows[0]) - len(hidden) if rows else 0
    found = []
    for row in rows:
        beside = dict(zip(hidden, row[width:], strict=True))
        if "ctid" in beside:
            beside["ctid"] = tuple(int(part) for part in beside["ctid"].strip("()").split(","))
        found.append((tuple(row[:width]), beside))
    return found


def _hidden(connection: Connection, table: str) -> dict[str, str]:
    if connection.dialect.name == "postgresql":
        kept = connection.execute(text("SHOW track_commit_timestamp")).scalar() == "on"
        times = {"time": "extract(epoch FROM pg_xact_commit_timestamp(xmin))"} if kept else {}
        return {"xmin": "xmin::text::bigint", "ctid": "ctid::text", **times}
    try:
        connection.execute(text(f"SELECT rowid FROM {table} LIMIT 0"))  # noqa: S608
    except OperationalError:
        return {}  # a table WITHOUT ROWID
    return {"rowid": "rowid"}


def table_file(target: Target, connection: Connection, table: str) -> bytes:
    """The file that a table lies in, with all that was written to it: SQLite's log is empty afterwards."""
    if target.sqlite:
        with closing(sqlite3.connect(_sqlite_file(target))) as own:
            own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return _sqlite_file(target).read_bytes()
    connection.commit()
    connection.execute(text("CHECKPOINT"))
    path = connection.execute(text("SELECT pg_relation_filepath(:name)"), {"name": table}).scalar_one()
    return (target.files / path).read_bytes()


def log_files(target: Target) -> bytes:
    """The write-ahead log, from its oldest part on."""
    if target.sqlite:
        file = _sqlite_file(target)
        log = file.with_name(file.name + "-wal")
        return log.read_bytes() if log.exists() else b""
    segments = sorted(path for path in (target.files / "pg_wal").iterdir() if path.is_file())
    return b"".join(_without_page_heads(path.read_bytes()) for path in segments)


def _without_page_heads(segment: bytes) -> bytes:
    """The records of a segment of PostgreSQL's log, joined over the heads of its pages."""
    pages = (segment[at : at + _LOG_PAGE] for at in range(0, len(segment), _LOG_PAGE))
    return b"".join(
        page[_FIRST_HEAD if number == 0 else _HEAD_OF_PAGE :] for number, page in enumerate(pages)
    )


def _sqlite_file(target: Target) -> Path:
    return Path(target.thief_url.removeprefix("sqlite:///"))


def places(content: bytes, answers: Iterable[bytes], *, page: int) -> dict[bytes, Mapping[str, Any]]:
    """Where answers stand in a file: the first and last place, and by page, whose cells grow from its end."""
    wanted: dict[bytes, list[bytes]] = {}
    for answer in answers:
        wanted.setdefault(answer[:_HEAD], []).append(answer)
    found: dict[bytes, list[int]] = {}
    for run in _RUN.finditer(content):
        start, end = run.span()
        for place in range(start, end - _HEAD + 1):
            for answer in wanted.get(content[place : place + _HEAD], ()):
                if content.startswith(answer, place):
                    found.setdefault(answer, []).append(place)
    return {answer: _place_names(of_it, page) for answer, of_it in found.items()}


NOWHERE = {"first": -1, "last": -1, "cell": (-1, 0)}


def _place_names(of_it: list[int], page: int) -> Mapping[str, Any]:
    last = of_it[-1]
    return {"first": of_it[0], "last": last, "cell": (last // page, -(last % page))}


def cell_of(content: bytes, value: bytes, *, page: int) -> tuple[int, int]:
    """The last place of a value of any bytes, by page and cell; (-1, 0) where it is not."""
    place = content.rfind(value)
    return (-1, 0) if place < 0 else (place // page, -(place % page))


def dump(target: Target, connection: Connection, file: Path) -> None:
    """The whole database as text, as its own tool writes it."""
    raw: Any = connection.connection.driver_connection
    with file.open("wb") as out:
        if target.sqlite:
            out.writelines(f"{line}\n".encode() for line in raw.iterdump())
            return
        query = text(
            "SELECT quote_ident(relname) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        for table in connection.scalars(query).all():
            with closing(raw.cursor()) as cursor, cursor.copy(f"COPY {table} TO STDOUT") as lines:
                out.writelines(bytes(line) for line in lines)
