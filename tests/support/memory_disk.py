"""Databases of tests on a disk in memory, where the machine has one: a copy there costs a tenth."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Linux keeps a file system in memory here
MEMORY = Path("/dev/shm")
#: what the servers and copies of a few workers need at the same time, with much to spare
ROOM = 2 * 2**30


def memory_disk() -> Path | None:
    """The memory disk, where it may be written and has room; None elsewhere: the temporary folder serves."""
    if not os.access(MEMORY, os.W_OK | os.X_OK) or shutil.disk_usage(MEMORY).free < ROOM:
        return None
    return MEMORY


@contextmanager
def fast_folder(prefix: str) -> Iterator[Path]:
    """A folder for databases, on the memory disk where there is one; deleted at the end."""
    with tempfile.TemporaryDirectory(prefix=prefix, dir=memory_disk(), ignore_cleanup_errors=True) as folder:
        yield Path(folder)
