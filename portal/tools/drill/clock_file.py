"""The time of a drill: a file that the walk, its server and its worker read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.core import clock


@contextmanager
def own_clock(folder: Path) -> Iterator[Path]:
    """A clock in a folder, which begins now; the environment is what it was before in the end."""
    file = folder / "clock"
    file.write_text(clock.now().isoformat())
    with _set(str(file)):
        yield file


@contextmanager
def standing(file: Path) -> Iterator[str]:
    """The moment in the file, while nobody moves it: who measures would measure the reading of a file too."""
    moment = file.read_text()
    with _set(moment):
        yield moment


@contextmanager
def _set(setting: str) -> Iterator[None]:
    before = os.environ.get("PORTAL_CLOCK")
    os.environ["PORTAL_CLOCK"] = setting
    try:
        yield
    finally:
        if before is None:
            del os.environ["PORTAL_CLOCK"]
        else:
            os.environ["PORTAL_CLOCK"] = before
