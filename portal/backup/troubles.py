"""What goes wrong with a backup or a restore, in words for whoever runs the portal."""

from __future__ import annotations

import errno
import sqlite3
import subprocess


class BackupTrouble(Exception):
    """Nothing was made, or nothing was put back; the text says why and what to do."""


#: what the work on a backup meets: a disk, SQLite, a tool that ended or is not there
FAILURES = (OSError, sqlite3.Error, subprocess.SubprocessError)


def in_words(error: BaseException) -> str:
    """A failure as the operator reads it."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "no room is left on the disk"
    if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
        return "no room is left on the disk"
    return str(error) or type(error).__name__
