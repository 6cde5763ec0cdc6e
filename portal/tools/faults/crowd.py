"""The people of a trial: so many, in bursts, so that whatever breaks meets some of them under way."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence

from portal.tools.faults.boxes import Surveyed
from portal.tools.faults.errands import NoTime, Visitor, errand_of
from portal.tools.faults.ledger import Ledger, Person

AT_ONCE = 10
#: people of one burst, and how long after its begin something may break
BURST, LATEST = 16, 0.3


class Crowd:
    """Threads that let people come, one after the other each, as long as any are let in."""

    def __init__(self, port: int, boxes: Sequence[Surveyed], ledger: Ledger, *, people: int) -> None:
        self._port, self._boxes, self._ledger = port, boxes, ledger
        self._left = people
        self._places = threading.Semaphore(0)
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._keep_coming) for _one in range(AT_ONCE)]
        self._closed = threading.Event()
        self._until = float("inf")
        #: what all of them read
        self.read: Counter[str] = Counter()
        self.without_answer = 0

    def begin(self) -> None:
        """From here on whoever is let in comes."""
        for thread in self._threads:
            thread.start()

    def let_in(self, people: int = BURST) -> None:
        """Let so many come at once, as far as there are people left."""
        with self._lock:
            people = min(people, self._left)
            self._left -= people
        if people:
            self._places.release(people)

    def let_in_by(self, seconds: float) -> None:
        """Let as many come now as are due in this second, so that all have come in so many."""
        self.let_in(round(self._left / max(1.0, seconds)))

    def rush(self) -> None:
        """Let a burst come, and return at some moment in the midst of it: now something may break."""
        self.let_in()
        time.sleep(random.uniform(0.0, LATEST))  # noqa: S311 - any moment

    def end(self, *, seconds: float) -> None:
        """Let everybody who is left come, and wait until all are answered, at most so long."""
        self._until = time.monotonic() + seconds
        self.let_in(self._left)
        self._closed.set()
        for thread in self._threads:
            thread.join()

    def enough(self) -> None:
        """Let nobody come any more who has not been let in."""
        with self._lock:
            self._left = 0

    def leave(self) -> None:
        """Let nobody come any more, and wait for nobody's answer."""
        self.enough()
        self.end(seconds=0.0)

    def _is_late(self) -> bool:
        return time.monotonic() > self._until

    def _keep_coming(self) -> None:
        while True:
            if self._places.acquire(timeout=0.2):
                self._comes()
            elif self._closed.is_set():
                return

    def _comes(self) -> None:
        with self._lock:
            number = len(self._ledger.people)
            person = self._ledger.comes(number % len(self._boxes))
        visitor = Visitor(self._port, self._boxes[person.box], person, self._ledger, late=self._is_late)
        try:
            errand_of(person.number)(visitor)
        except NoTime:
            self.without_answer += 1
        with self._lock:
            self.read += visitor.read


def acknowledged(people: Sequence[Person]) -> int:
    """How many read thanks."""
    return sum(person.thanked for person in people)
