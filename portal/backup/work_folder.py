"""The folder in which a backup or a restore is at work."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def empty(folder: Path) -> Iterator[Path]:
    """A folder that only its owner reads, empty at first and gone at the end; a killed run's goes too."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
