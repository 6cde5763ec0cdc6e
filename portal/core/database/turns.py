"""SQLite's write lock, waited for evenly.

SQLite waits by sleeping longer and longer, in the end a tenth of a second: in a crowd who came first sleeps
while those who come take the lock that came free. In the first second it is asked for every few milliseconds
instead. Who waits longer waits as SQLite does, and gets its error.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Any

#: milliseconds that SQLite waits for a lock by itself
PATIENCE = 15_000
#: and at a time while it is asked for evenly: it sleeps for one, then for two
_EVENLY = 3
_SECONDS = 1.0


def begin_to_write(execute: Callable[[str], Any]) -> bool:
    """Begin a transaction that has the write lock, by a driver's ``execute``; False: not in the first second.

    Raises sqlite3.Error for anything but a lock that is taken.
    """
    until = time.monotonic() + _SECONDS
    execute(f"PRAGMA busy_timeout={_EVENLY}")
    try:
        while True:
            try:
                execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                if time.monotonic() >= until:
                    return False
            else:
                return True
    finally:
        execute(f"PRAGMA busy_timeout={PATIENCE}")
