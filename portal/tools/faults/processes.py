"""Processes as the system lists them: whose child each is, and an end without a word. Linux only."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """A process that runs; ``since`` orders processes by their start."""

    pid: int
    parent: int
    since: int
    command: str

    def kill(self) -> None:
        """Send it the signal that nobody catches; one that has just ended is as good."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    @property
    def lives(self) -> bool:
        """True while it runs: the same process, not a later one of its number."""
        now = read(self.pid)
        return now is not None and now.since == self.since


def read(pid: int) -> Process | None:
    """A process by its number; None where there is none, or only what is left of one."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
        command = (_PROC / str(pid) / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, parent, *rest = stat.rpartition(")")[2].split()
    words = command.replace(b"\0", b" ").decode(errors="replace").strip()
    return None if state in "ZX" else Process(pid, int(parent), int(rest[17]), words)


def children_of(pid: int) -> list[Process]:
    """The children of a process, oldest first."""
    return sorted((one for one in _all() if one.parent == pid), key=lambda one: (one.since, one.pid))


def _all() -> Iterator[Process]:
    numbers = (int(path.name) for path in _PROC.iterdir() if path.name.isdigit())
    return (one for one in map(read, numbers) if one is not None)
