"""Processes that end with the one that started them."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time

import pytest

from portal.core.serving import processes

PR_GET_PDEATHSIG = 2
#: starts a process in its own group that outlives it, and says which
LEAVES_A_CHILD = (
    "import subprocess, sys;"
    "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid, flush=True)"
)
DOES_NOT_HEAR = (
    "import signal, time;signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
)


def signal_at_the_end_of_the_parent() -> int:
    told = ctypes.c_int(-1)
    assert ctypes.CDLL(None).prctl(PR_GET_PDEATHSIG, ctypes.byref(told)) == 0
    return told.value


def test_a_process_started_by_hand_outlives_the_shell_it_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(processes.PARENT, raising=False)
    before = signal_at_the_end_of_the_parent()
    processes.die_with_parent()
    assert signal_at_the_end_of_the_parent() == before


def test_a_process_whose_parent_ended_before_it_could_look_ends_at_once() -> None:
    code = "from portal.core.serving import processes as p; p.die_with_parent(); print('lives on')"
    told = {**os.environ, processes.PARENT: "1"}
    done = subprocess.run([sys.executable, "-c", code], env=told, capture_output=True, text=True, check=True)
    assert done.stdout == ""


def lives(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as found:
            return found.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_what_a_dead_process_left_behind_is_ended_with_it() -> None:
    """A server that fell leaves workers with old code: nothing of its group goes on."""
    with subprocess.Popen(
        [sys.executable, "-c", LEAVES_A_CHILD], stdout=subprocess.PIPE, start_new_session=True
    ) as dead:
        assert dead.stdout is not None
        left = int(dead.stdout.readline())
        dead.wait(timeout=10)
        assert lives(left)
        processes.end(dead, seconds=5)
    until = time.monotonic() + 5
    while lives(left):
        assert time.monotonic() < until, "it goes on"
        time.sleep(0.01)
    processes.end(dead, seconds=5)  # asked again, there is nothing to end


def test_a_process_that_does_not_hear_is_killed_after_its_time() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", DOES_NOT_HEAR], stdout=subprocess.PIPE, start_new_session=True
    ) as started:
        assert started.stdout is not None
        started.stdout.readline()
        processes.end(started, seconds=0.1)
    assert started.returncode == -9
