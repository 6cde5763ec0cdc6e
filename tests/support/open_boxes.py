"""Does a migration keep people from answering? Told by what it does to the database, not by its words.

While a transaction holds a table against those who write, no table may be read through or written anew: the
lock lasts for the blink of an eye. What a statement does by itself is of a kind that lets others work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.pool import NullPool

#: tables that a respondent's visit reads or writes
OF_RESPONDENTS = frozenset(
    {"mark", "sealed_answer", "answer_count", "daily_count", "contested_count", "round", "participation"}
    | {"survey_link", "on_site_link", "window", "instrument", "question", "urn_key", "agency", "province"}
)
#: on SQLite a table that grows with the answers is never written anew: everybody waits for the one lock
GROWING = frozenset({"mark", "sealed_answer", "opened_answer", "answer_count", "daily_count"})
_STRONG = "'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'"
_HELD = (
    "SELECT DISTINCT relname FROM pg_locks JOIN pg_class ON pg_class.oid = relation"
    f" WHERE pid = pg_backend_pid() AND relkind = 'r' AND mode IN ({_STRONG})"
)
_READ = "SELECT coalesce(sum(seq_scan), 0) FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)"
_FILES = (
    "SELECT relname, pg_relation_filenode(oid) FROM pg_class"
    " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)
_PAGES = "SELECT name, rootpage FROM sqlite_master WHERE type = 'table'"
#: what may stand outside a transaction: it lets others read and write
_BY_ITSELF = re.compile(
    r"\s*(CREATE (UNIQUE )?INDEX CONCURRENTLY|DROP INDEX CONCURRENTLY|ALTER TABLE \S+ VALIDATE CONSTRAINT"
    r"|UPDATE|DELETE|SET lock_timeout|RESET lock_timeout|SELECT)",
    re.IGNORECASE,
)


class Watch:
    """What is wrong with the statements of a migration, a line each (PostgreSQL)."""

    def __init__(self, before: Iterable[str], wrong: list[str]) -> None:
        #: a table that the migration makes is read in no time: it has no rows
        self._before = list(before)
        self._tables, self._wrong = OF_RESPONDENTS.intersection(self._before), wrong
        self._read = 0

    def before(self, connection: Connection, _cursor: Any, _statement: str, *_more: Any) -> None:
        """What was read through until now."""
        self._read = self._number(connection)

    def after(self, connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
        """Look at the transaction after a statement of it."""
        driver: Any = connection.connection.driver_connection
        if driver.autocommit:
            if not _BY_ITSELF.match(statement):
                self._wrong.append(f"outside a transaction: {statement[:80]}")
            return
        held = self._tables.intersection(row[0] for row in driver.execute(_HELD))
        if held and self._number(connection) > self._read:
            self._wrong.append(f"reads a table while nobody can write {sorted(held)}: {statement[:80]}")

    def _number(self, connection: Connection) -> int:
        driver: Any = connection.connection.driver_connection
        return int(driver.execute(_READ, (self._before,)).fetchone()[0])


@contextmanager
def watched(owner_url: str) -> Iterator[list[str]]:
    """Watch what migrations do inside; gives what is wrong with them, which is complete at the end."""
    engine = create_engine(owner_url, poolclass=NullPool)
    postgres = engine.dialect.name == "postgresql"
    files = _places(engine)
    wrong: list[str] = []
    watch = Watch(files, wrong)
    listeners = {"before_cursor_execute": watch.before, "after_cursor_execute": watch.after}
    for name, listener in listeners.items() if postgres else ():
        event.listen(Engine, name, listener)
    try:
        yield wrong
    finally:
        for name, listener in listeners.items() if postgres else ():
            event.remove(Engine, name, listener)
    moved = {name for name, place in _places(engine).items() if files.get(name, place) != place}
    meant = moved & (OF_RESPONDENTS if postgres else GROWING)
    wrong += [f"writes a table anew: {name}" for name in sorted(meant)]


def _places(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        query = _FILES if engine.dialect.name == "postgresql" else _PAGES
        return {row[0]: row[1] for row in connection.exec_driver_sql(query)}


def shape(owner_url: str) -> dict[tuple[str, str], tuple[str, bool]]:
    """Every column of a database: its type, and whether who does not know it may leave it out."""
    looked = inspect(create_engine(owner_url, poolclass=NullPool))
    return {
        (table, column["name"]): (
            str(column["type"]),
            bool(column["nullable"] or column["default"] is not None),
        )
        for table in looked.get_table_names()
        for column in looked.get_columns(table)
    }


def broken_for_older(before: dict[Any, Any], after: dict[Any, Any]) -> list[str]:
    """What an older programme, which knows the shape ``before``, misses or cannot fill in, a line each."""
    tables, both = {table for table, _column in before}, before.keys() & after.keys()
    lines = [f"gone: {table}.{column}" for table, column in before.keys() - after.keys()]
    lines += [f"changed: {table}.{one}" for table, one in both if before[table, one] != after[table, one]]
    lines += [
        f"demanded: {table}.{column}"
        for table, column in after.keys() - before.keys()
        if table in tables and not after[table, column][1]
    ]
    return sorted(lines)
