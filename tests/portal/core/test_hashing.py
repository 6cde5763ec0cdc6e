"""Passwords are hashed one at a time, on a thread that gives way."""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from portal.core.hashing import GIVES_WAY, LOWEST, Hasher, give_way

LITTLE: dict[str, Any] = {"time_cost": 1, "memory_cost": 64, "parallelism": 1}


def test_it_hashes_and_checks_as_argon2_does() -> None:
    hasher, plain = Hasher(**LITTLE), PasswordHasher(**LITTLE)
    assert plain.verify(hasher.hash("ปลาทู"), "ปลาทู")
    assert hasher.verify(plain.hash("ปลาทู"), "ปลาทู")
    with pytest.raises(VerifyMismatchError):
        hasher.verify(plain.hash("ปลาทู"), "อื่น")


def test_one_at_a_time_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most, threads = [0], [0], set()

    def hash(_self: PasswordHasher, password: str, *, salt: bytes | None = None) -> str:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        threads.add(threading.get_native_id())
        threading.Event().wait(0.01)  # lets the others come meanwhile, where they could
        inside[0] -= 1
        return password

    monkeypatch.setattr(PasswordHasher, "hash", hash)
    hasher = Hasher(**LITTLE)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(hasher.hash, "abcdefgh")) == [*"abcdefgh"]
    assert most == [1]
    assert threads.isdisjoint({threading.get_native_id()}) and len(threads) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="priorities of threads are Linux's")
def test_the_thread_gives_way_and_its_process_does_not() -> None:
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    own = priority()
    with ThreadPoolExecutor(1, initializer=give_way) as pool:
        assert pool.submit(priority).result() == min(own + GIVES_WAY, LOWEST)
    assert priority() == own
