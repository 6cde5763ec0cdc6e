"""Lanes of a web process: so many are served at once, so many wait, nobody waits long; the rest is told so.

Without a bound every request of a crowd waits behind all others, until nobody is answered in time. Officers,
passwords and respondents have lanes of their own: no crowd in one of them keeps the others waiting.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass


class Full(Exception):
    """No place came free in time, or too many wait for one."""


@dataclass(frozen=True)
class Bounds:
    """Places; how many may wait for one; how many may wait where one more begins only; seconds of waiting.

    Who begins is refused first: whose work is done already (a form that was filled in) loses more. In a
    crowd ``hurried`` is the patience: who will be refused is told so at once, and waits in no line.
    """

    places: int
    waiting: int
    beginners: int
    patience: float
    hurried: float | None = None


#: a lane is crowded for so many seconds after a refusal; a short stall alone refuses nobody
CROWDED = 2.0


class Lane:
    """One lane. It belongs to one event loop, so that it needs no lock."""

    def __init__(self, bounds: Bounds, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.bounds = bounds
        self._clock = clock
        self._free = bounds.places
        self._crowded_until = clock()
        #: who has finished something goes before who begins; within each the first come first
        self._finished: deque[asyncio.Future[None]] = deque()
        self._beginners: deque[asyncio.Future[None]] = deque()

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        return len(self._finished) + len(self._beginners)

    @asynccontextmanager
    async def place(self, *, since: float, begins: bool = False) -> AsyncIterator[None]:
        """A place, for who came at ``since``; ``begins``: nothing was done on that side yet. Raises Full."""
        if self._free:
            self._free -= 1
        else:
            await self._wait(since, begins)
        try:
            yield
        finally:
            self._leave()

    async def _wait(self, since: float, begins: bool) -> None:
        left = since + self._patience() - self._clock()
        if left <= 0 or self.waiting >= (self.bounds.beginners if begins else self.bounds.waiting):
            raise self._full()
        line = self._beginners if begins else self._finished
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line.append(turn)
        try:
            async with asyncio.timeout(left):
                await turn
        except (TimeoutError, asyncio.CancelledError) as end:
            if turn in line:
                line.remove(turn)
            else:  # the place came in the very moment in which patience ended
                self._leave()
            if isinstance(end, TimeoutError):
                raise self._full() from None
            raise

    def _patience(self) -> float:
        crowded = self._clock() < self._crowded_until
        return self.bounds.patience if self.bounds.hurried is None or not crowded else self.bounds.hurried

    def _full(self) -> Full:
        self._crowded_until = self._clock() + CROWDED
        return Full()

    def _leave(self) -> None:
        """Hand the place on, or keep it free. Who is about to give up hands it on in turn."""
        for line in (self._finished, self._beginners):
            if line:
                turn = line.popleft()
                if not turn.done():
                    turn.set_result(None)
                return
        self._free += 1
