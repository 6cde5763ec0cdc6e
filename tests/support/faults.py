"""A database that fails: statements that name these words meet a driver's error."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError


@contextmanager
def failing(words: str = "", *, code: int = sqlite3.SQLITE_IOERR) -> Iterator[list[str]]:
    """Every statement with these words fails, as where the database is away; gives those that did.

    ``code`` is what SQLite's driver says: SQLITE_ERROR is a mistake of ours and no database that is away.
    """
    failed: list[str] = []

    def fail(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if words in statement:
            failed.append(statement)
            error = sqlite3.OperationalError("the database of a test fails")
            error.sqlite_errorcode = code
            raise OperationalError(statement, {}, error)

    event.listen(Engine, "before_cursor_execute", fail)
    try:
        yield failed
    finally:
        event.remove(Engine, "before_cursor_execute", fail)


@contextmanager
def misspelt(words: str) -> Iterator[None]:
    """Every statement with these words is wrong: the driver itself fails, over the real parameters."""

    def spoil(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any
    ) -> tuple[str, Any]:
        return (f"{statement} MISSPELT BY A TEST" if words in statement else statement), parameters

    event.listen(Engine, "before_cursor_execute", spoil, retval=True)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", spoil)
