"""Breaking things in the midst of people: each family of faults in a thread, spread over the time."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

#: gives False where there was nothing to break just now
Act = Callable[[], bool]
#: before it is tried once more
PAUSE = 0.5
#: what a slow machine may need beyond twice the time: its portal starts again after each of these faults
SLACK = 180.0


@dataclass(frozen=True)
class Fault:
    """A kind of fault, and how it is done."""

    kind: str
    act: Act


class Breaking:
    """Families of faults, one after the other in each, all families beside one another.

    ``rush`` is called before each fault: it lets people come, and returns in the midst of them.
    """

    def __init__(self, families: Sequence[Sequence[Fault]], rush: Callable[[], None]) -> None:
        self._families, self._rush = families, rush
        self._begun = 0.0
        self._seconds = 0.0
        self._lock, self._stop = threading.Lock(), threading.Event()
        #: what was done, and what went wrong with the breaking itself
        self.done: Counter[str] = Counter()
        self.troubles: list[str] = []

    def run(self, seconds: float, *, meanwhile: Callable[[float], None]) -> None:
        """Break everything, spread over so many seconds, in not much more than twice as many.

        ``meanwhile`` gets the seconds left, each second.
        """
        self._seconds, self._begun = seconds, time.monotonic()
        threads = [threading.Thread(target=self._family, args=(one,)) for one in self._families]
        for thread in threads:
            thread.start()
        try:
            while any(thread.is_alive() for thread in threads):
                meanwhile(self._begun + seconds - time.monotonic())
                time.sleep(min(1.0, seconds / 10))
        finally:  # also where somebody interrupts
            self._stop.set()
            for thread in threads:
                thread.join()

    def _family(self, faults: Sequence[Fault]) -> None:
        each = self._seconds / (len(faults) + 1)
        for number, fault in enumerate(faults, start=1):
            due = self._begun + number * each
            if self._stop.wait(max(0.0, due - time.monotonic())):
                return
            try:
                done = self._do(fault)
            except Exception as error:
                self.troubles.append(f"{fault.kind}: {error}")
                return
            with self._lock:
                self.done[fault.kind] += done

    def _do(self, fault: Fault) -> bool:
        """Do it once, as soon as there is something to break; False where the time is over before."""
        end = self._begun + 2 * self._seconds + SLACK
        if time.monotonic() > end:
            return False
        self._rush()
        while not fault.act():
            if time.monotonic() > end or self._stop.wait(PAUSE):
                return False
        return True


def mixed(times: Mapping[str, int], acts: Mapping[str, Act]) -> list[Fault]:
    """So many faults of each kind that has an act, in any order."""
    faults = [
        Fault(kind, acts[kind]) for kind, number in times.items() if kind in acts for _one in range(number)
    ]
    random.shuffle(faults)
    return faults
