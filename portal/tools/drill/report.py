"""The drill's table: each step's count and time, and every difference from the plan."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Step:
    """One line of the table."""

    name: str
    count: int = 0
    seconds: float = 0.0


@dataclass
class Report:
    """What was done, and what came out otherwise than planned."""

    steps: list[Step] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    quiet: bool = False

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Time a step; the body sets its count."""
        step = Step(name)
        begun = time.perf_counter()
        yield step
        step.seconds = time.perf_counter() - begun
        self.steps.append(step)
        if self.quiet:
            return
        print(f"{step.name:<44}{step.count:>9,}{step.seconds:>10.2f} s", flush=True)

    def note(self, words: str) -> None:
        """Say a figure that belongs to the step before."""
        if not self.quiet:
            print(f"  {words}", flush=True)

    def check(self, what: str, *, found: object, planned: object) -> None:
        """Note a difference from the plan."""
        if found != planned:
            self.differences.append(f"{what}: planned {planned}, found {found}")

    def end(self) -> int:
        """Print the verdict; the exit code."""
        print(f"{'in all':<44}{'':>9}{sum(step.seconds for step in self.steps):>10.2f} s")
        for difference in self.differences:
            print(f"DIFFERENCE {difference}")
        print("Every total is as planned" if not self.differences else "The drill failed")
        return 1 if self.differences else 0
