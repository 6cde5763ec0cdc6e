"""Timing and the one table of ``make bench``."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """One figure: what was done, the middle and the 95th percentile of its times, and the limit beside it."""

    name: str
    middle: float
    high: float
    limit: float | None = None
    limit_name: str = ""
    note: str = ""


@dataclass
class Table:
    """The figures in their order."""

    lines: list[Figure] = field(default_factory=list)

    def add(self, line: Figure) -> None:
        """Take in a figure and print it."""
        self.lines.append(line)
        limit = f"{_shown(line.limit)} {line.limit_name}" if line.limit is not None else ""
        print(
            f"{line.name:<46}{_shown(line.middle):>10}{_shown(line.high):>10}  {limit:<44}{line.note}",
            flush=True,
        )

    def say(self, line: str) -> None:
        """Print what is no time, between the figures."""
        print(line, flush=True)


HEAD = f"{'':<46}{'p50':>10}{'p95':>10}  limit of the same work"


def timed(act: Callable[[], object], *, times: int) -> tuple[float, float]:
    """The middle and the 95th percentile of wall times, in seconds, after one run to warm up."""
    act()
    seconds = []
    for _number in range(times):
        begun = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - begun)
    seconds.sort()
    return statistics.median(seconds), seconds[min(len(seconds) - 1, int(len(seconds) * 0.95))]


def cpu_of(act: Callable[[], object], *, times: int) -> float:
    """CPU seconds of one run of this process, from many."""
    act()
    begun = time.process_time()
    for _number in range(times):
        act()
    return (time.process_time() - begun) / times


def _shown(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1000:.2f} ms" if seconds >= 0.001 else f"{seconds * 1_000_000:.0f} µs"
