"""How many bodies may be on the way to a web process at once, and how many of one client."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Room:
    """So many bodies on the way at once, and so many of one client."""

    def __init__(self, most: int, of_one_client: int) -> None:
        self._most, self._of_one = most, of_one_client
        self._here: Counter[str | None] = Counter()

    @contextmanager
    def place(self, client: str | None) -> Iterator[None]:
        """A place while a body comes; None: whose it is cannot be told. Raises QueueFull."""
        most = self._most if client is None else self._of_one
        if self._here[client] >= most or self._here.total() >= self._most:
            raise asyncio.QueueFull
        self._here[client] += 1
        try:
            yield
        finally:
            self._here[client] -= 1
            if not self._here[client]:
                del self._here[client]
