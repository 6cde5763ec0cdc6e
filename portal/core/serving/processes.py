"""Processes that end with the one that started them, also where that one is killed without a word."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from config import ROOT

#: tells a child which process started it
PARENT = "PORTAL_PARENT"
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


def start(
    command: Sequence[str], *, environment: Mapping[str, str] | None = None, log: Path | None = None
) -> subprocess.Popen[bytes]:
    """Start a process at the head of a process group of its own; ``log`` takes what it says."""
    told = {**(os.environ if environment is None else environment), PARENT: str(os.getpid())}
    with contextlib.nullcontext() if log is None else log.open("ab") as out:
        return subprocess.Popen(  # noqa: S603 - our own programme
            command, cwd=ROOT, env=told, start_new_session=True, stdout=out, stderr=out
        )


def die_with_parent() -> None:
    """In a child of ``start``: end when its parent ends (Linux; elsewhere its orderly end has to do)."""
    started_by = os.environ.get(PARENT)
    if started_by is None or sys.platform != "linux":
        return  # started by hand or by a service manager: whose parent it is, is nothing to live and die with
    ctypes.CDLL(None, use_errno=True).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != int(started_by):
        sys.exit(0)  # the parent ended before the line above


def may_be_ended() -> None:
    """In a child that begins, and has its parent's ways with signals: end as soon as told so."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def stand_ready() -> None:
    """In a process that has made what it keeps to its end: the collector passes over all of that from now on.

    Else it looks at half a million objects of ours and of libraries whenever requests have made enough new
    ones, and the request that it falls upon takes longer by a tenth of a second and more.
    """
    gc.collect()
    gc.freeze()


def end(process: subprocess.Popen[bytes], *, seconds: float) -> None:
    """Ask a process to end; after ``seconds`` kill its whole group. Nothing of the group is left."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=seconds)
    kill_group(process)
    process.wait()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a process's group."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
