"""A small disk of one's own, which can be filled without harm to anybody: a file system in memory.

It is mounted where only this trial sees it, and is gone with its last process. Linux, and as root.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_interrupt = ctypes.pythonapi.PyThreadState_SetAsyncExc
_NEW_MOUNTS = 0x00020000  # CLONE_NEWNS of unshare(2)
_PRIVATE = 0x4000 | (1 << 18)  # MS_REC | MS_PRIVATE of mount(2)
_DETACH = 2  # MNT_DETACH of umount(2)
MEGABYTE = 1 << 20


class NoDisk(Exception):
    """No file system can be mounted here; the text says why."""


def apart(act: Callable[[], T]) -> T:
    """Do something in a thread whose mounts are its own, and its children's. Raises NoDisk.

    Who interrupts interrupts that thread, and waits until it has put everything away.
    """
    threads: list[int] = []
    watched, off = threading.Event(), threading.Event()

    def begin() -> T:
        watched.wait()  # else who interrupts while the thread starts would leave it to itself
        if off.is_set():
            raise KeyboardInterrupt
        threads.append(threading.get_ident())
        _call("unshare", _NEW_MOUNTS)
        _call("mount", None, b"/", None, _PRIVATE, None)
        return act()

    with ThreadPoolExecutor(1) as pool:
        try:
            running = pool.submit(begin)
            watched.set()
            return running.result()
        except KeyboardInterrupt:
            off.set()
            watched.set()
            for thread in threads:
                _interrupt(ctypes.c_ulong(thread), ctypes.py_object(KeyboardInterrupt))
            raise


class Disk:
    """A folder that may be full."""

    def __init__(self, folder: Path, *, ballast: Path) -> None:
        self.folder, self._ballast = folder, ballast

    def fill(self) -> int:
        """Write until nothing more goes in; gives how many bytes did."""
        handle = os.open(self._ballast, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        written = 0
        try:
            for size in (MEGABYTE, 4096, 1):
                with contextlib.suppress(OSError):  # the disk is full: what comes after is smaller
                    while True:
                        written += os.write(handle, bytes(size))
        finally:
            os.close(handle)
        return written

    def empty(self) -> None:
        """Take away what filled it."""
        self._ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[Disk]:
    """A disk of so many megabytes, mounted on a new folder. Only inside ``apart``. Raises NoDisk."""
    folder.mkdir()
    _call("mount", b"tmpfs", bytes(folder), b"tmpfs", 0, f"size={megabytes}m,mode=755".encode())
    try:
        yield Disk(folder, ballast=folder / "ballast")
    finally:
        _call("umount2", bytes(folder), _DETACH)


def _call(name: str, *values: object) -> None:
    function = getattr(ctypes.CDLL(None, use_errno=True), name)
    if function(*values) != 0:
        raise NoDisk(f"{name}: {os.strerror(ctypes.get_errno())}")
