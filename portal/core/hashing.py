"""Passwords are hashed on a thread of their own that gives way: a crowd that signs in takes no core from
those who answer.

Hashing takes its time on purpose, and needs no lock of Python's meanwhile: as many threads as hash would take
as many cores. One of a process does so at a time; the others wait for it in their order.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from argon2 import PasswordHasher

T = TypeVar("T")
#: a third of a core beside one busy thread at the usual priority; far more where there is room
GIVES_WAY = 5
LOWEST = 19


class Hasher(PasswordHasher):
    """argon2's hasher, one at a time and behind whoever else needs the processor."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._anew()
        if hasattr(os, "register_at_fork"):  # a thread is not copied with its process
            os.register_at_fork(after_in_child=self._anew)

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        """As argon2's."""
        return self._in_turn(lambda: PasswordHasher.hash(self, password, salt=salt))

    def verify(self, hash: str | bytes, password: str | bytes) -> Any:
        """As argon2's. Raises VerificationError, InvalidHashError."""
        return self._in_turn(lambda: PasswordHasher.verify(self, hash, password))

    def _in_turn(self, work: Callable[[], T]) -> T:
        return self._thread.submit(work).result()

    def _anew(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="hashing", initializer=give_way)


def give_way() -> None:
    """Put this thread behind the others of its process, where the system knows priorities of threads."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        now = os.getpriority(os.PRIO_PROCESS, thread)
        os.setpriority(os.PRIO_PROCESS, thread, min(now + GIVES_WAY, LOWEST))
