"""Unsealing by processes, however few answers and processors there are."""

from __future__ import annotations

import pytest

from portal.ballot import unsealers


def by_processes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Two processes unseal whatever is opened; gives the list that takes their ids as they start."""
    pids: list[int] = []

    class Told(unsealers.Unsealer):
        def __init__(self, private_key: bytes) -> None:
            super().__init__(private_key)
            pids.append(self.pid)

    monkeypatch.setattr(unsealers, "FEW", 0)
    monkeypatch.setattr(unsealers, "Unsealer", Told)
    monkeypatch.setattr(unsealers.os, "sched_getaffinity", lambda _pid: {0, 1})
    return pids
