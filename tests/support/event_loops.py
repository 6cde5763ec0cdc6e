"""Tests whose library begins an event loop of its own, beside browsers that keep one in the same thread."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def outside_any_loop() -> Iterator[None]:
    """As in a process of its own: Playwright's loop, which lives as long as its browser, is out of sight."""
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(running)
