"""Lanes of a web process: so many are served at once, so many wait, nobody waits long; the rest is told so.

Without a bound every request of a crowd waits behind all others, until nobody is answered in time. Officers,
passwords and respondents have lanes of their own: no crowd in one of them keeps the others waiting.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass


class Full(Exception):
    """No place came free in time, or too many wait for one."""


@dataclass(frozen=True)
class Bounds:
    """Places; how many may wait for one; how many may wait where one more begins only; seconds of waiting.

    Who begins is refused first: whose work is done already (a form that was filled in) loses more.
    """

    places: int
    waiting: int
    beginners: int
    patience: float


class Lane:
    """One lane. It belongs to one event loop, so that it needs no lock."""

    def __init__(self, bounds: Bounds, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.bounds = bounds
        self._clock = clock
        self._places = asyncio.Semaphore(bounds.places)
        self.waiting = 0

    @asynccontextmanager
    async def place(self, *, since: float, begins: bool = False) -> AsyncIterator[None]:
        """A place, for who came at ``since``; ``begins``: nothing was done on that side yet. Raises Full."""
        if self._places.locked():
            await self._wait(since, self.bounds.beginners if begins else self.bounds.waiting)
        else:
            await self._places.acquire()
        try:
            yield
        finally:
            self._places.release()

    async def _wait(self, since: float, most: int) -> None:
        left = since + self.bounds.patience - self._clock()
        if self.waiting >= most or left <= 0:
            raise Full
        self.waiting += 1
        try:
            async with asyncio.timeout(left):
                await self._places.acquire()
        except TimeoutError:
            raise Full from None
        finally:
            self.waiting -= 1
