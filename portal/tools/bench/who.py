"""Who used the CPU: the crowd (this process), the web server (its children), the database."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PARTS = ("web", "database", "crowd")
PROC = Path("/proc")
#: ticks of the times in /proc
_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Process:
    """A process as /proc tells of it: its own seconds, and those with its children that have ended."""

    number: int
    parent: int
    name: str
    own: float
    with_ended: float


def processes() -> Iterator[Process]:
    """All processes; none where the system has no /proc."""
    for file in PROC.glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            text = file.read_text()
            first, last = text.index("("), text.rindex(")")
            told = text[last + 2 :].split()
            own, ended = (sum(map(int, told[at : at + 2])) / _A_SECOND for at in (11, 13))
            yield Process(int(text[:first]), int(told[1]), text[first + 1 : last], own, own + ended)


def used() -> dict[str, float]:
    """CPU seconds by who used them until now; their differences count."""
    known = {process.number: process for process in processes()}
    seconds: dict[str, float] = dict.fromkeys(PARTS, 0.0)
    for process in known.values():
        if process.number == os.getpid():
            seconds["crowd"] += process.own
        elif "postgres" in process.name:
            seconds["database"] += process.with_ended
        elif _is_below(process, known):
            seconds["web"] += process.with_ended
    return seconds


def _is_below(process: Process, known: dict[int, Process]) -> bool:
    """True for a child of this process, and for theirs."""
    here: Process | None = process
    while here is not None:
        if here.parent == os.getpid():
            return True
        here = known.get(here.parent)
    return False


def each(before: Mapping[str, float], after: Mapping[str, float], times: int) -> str:
    """What each of so many took of whom, in words."""
    parts = (f"{who} {(after[who] - before[who]) / times * 1000:.2f} ms" for who in PARTS)
    return ", ".join(parts) if times else "nobody came"
