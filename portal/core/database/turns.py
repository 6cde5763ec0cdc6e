"""SQLite's write lock, waited for evenly.

SQLite waits by sleeping longer and longer, in the end a tenth of a second: in a crowd who came first sleeps
while those who come take the lock that came free. In the first second it is asked for every few milliseconds
instead. Who waits longer waits as SQLite does, and gets its error.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

#: milliseconds that SQLite waits for a lock by itself
PATIENCE = 15_000
#: and at a time while it is asked for evenly: it sleeps for one, then for two
_EVENLY = 3
_SECONDS = 1.0


def begin_to_write(execute: Callable[[str], Any]) -> bool:
    """Begin a transaction that has the write lock, by a driver's ``execute``; False: not in the first second.

    False for any other trouble too: whoever begins in the ordinary way then waits on, or gets the error.
    """
    until = time.monotonic() + _SECONDS
    try:
        execute(f"PRAGMA busy_timeout={_EVENLY}")
        while not _begun(execute):
            if time.monotonic() >= until:
                return False
    except sqlite3.Error:
        return False
    else:
        return True
    finally:
        with suppress(sqlite3.Error):  # of a connection that is of no use any more
            execute(f"PRAGMA busy_timeout={PATIENCE}")


def _begun(execute: Callable[[str], Any]) -> bool:
    try:
        execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True
