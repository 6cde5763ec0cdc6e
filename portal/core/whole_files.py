"""Files that are there whole or not at all, and are never written over; folders that keep their names."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def put(file: Path, body: bytes, *, mode: int) -> None:
    """Write beside and link: processes at once agree on one file, and nobody reads half of it.

    Raises FileExistsError where it is there already, OSError where its folder cannot be written.
    """
    part = file.with_name(f".{secrets.token_hex(8)}")
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        os.link(part, file)
    finally:
        part.unlink()


def sync_folder(folder: Path) -> None:
    """The names in a folder are on the disk when this returns. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
