"""Connections that a test opens and leaves open: they would be found much later, in another test."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Connection
from sqlalchemy import event
from sqlalchemy.pool import Pool

from config import Settings
from portal.core.web import Portal

#: what the fixture ``another_app`` gives
AnotherApp = Callable[[Settings], Portal]


@contextmanager
def all_closed() -> Iterator[None]:
    """Raises AssertionError where a connection to PostgreSQL was opened inside and is open at the end.

    Which no engine's ``dispose`` closes stays open until the garbage is collected, and warns wherever the
    collector happens to run.
    """
    opened: list[weakref.ref[Connection[Any]]] = []

    def note(connection: object, _record: object) -> None:
        if isinstance(connection, Connection):
            opened.append(weakref.ref(connection))

    event.listen(Pool, "connect", note)
    try:
        yield
    finally:
        event.remove(Pool, "connect", note)
    left = [one for one in (ref() for ref in opened) if one is not None and not one.closed]
    assert not left, f"{len(left)} connections are left open: dispose of their application's engine"
