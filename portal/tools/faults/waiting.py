"""Waiting for something to come true, never for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(question: Callable[[], T | None], *, what: str, seconds: float, every: float = 0.05) -> T:
    """Ask until the answer is true, and give it. Raises TimeoutError, which says what did not come."""
    end = time.monotonic() + seconds
    while not (answer := question()):
        if time.monotonic() > end:
            raise TimeoutError(f"within {seconds:g} s did not come: {what}")
        time.sleep(every)
    return answer
