"""Printers: processes that make papers, one of which stays for whoever prints next.

They are new interpreters, not forks: the caller may be a thread of a server with open connections. They get
the data through a pipe and nothing of the caller's environment (no database URL, no secret), and end when the
pipe ends, even if the caller was killed. So nobody but a printer imports WeasyPrint, which takes 1.4 s:
longer than a letter. The one that stays saves that to who looks at a proof, changes a word and looks again.
"""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from reports.pipe import receive, send

#: a printer that nobody needed for so long (seconds) is let go: it holds some 120 MB
IDLE = 300
#: and so is one that made so many papers: what its libraries gathered goes with it
MOST = 200
_ROOT = Path(__file__).parents[1]
_PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "XDG_CACHE_HOME",
)


class RenderingFailed(RuntimeError):
    """A printer could not make a paper, or ended."""


class Printer:
    """A process that makes one paper after the other, in a folder of its own, until it is ended."""

    def __init__(self) -> None:
        # it is killed when it is done with: what it leaves goes with its folder
        self._folder = tempfile.TemporaryDirectory(prefix="printing-")
        passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "reports.printer"],
            cwd=_ROOT,
            env={**passed_on, "TMPDIR": self._folder.name},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._made = 0

    @property
    def good(self) -> bool:
        """True while it can be kept."""
        return self._made < MOST and self._process.poll() is None

    def make(self, key: str, paper: object) -> bytes:
        """A paper as PDF. Raises RenderingFailed, which names the paper by its key."""
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            send(self._process.stdin, pickle.dumps(paper))
            answer = receive(self._process.stdout)
        except (OSError, ValueError) as failure:
            raise RenderingFailed(f"{key}: {failure}") from failure
        if answer is None:
            raise RenderingFailed(f"the printer ended while it made {key}")
        if answer[:1] != b"%":
            raise RenderingFailed(f"{key}: {answer[1:].decode('utf-8', 'replace')}")
        self._made += 1
        return answer

    def end(self) -> None:
        """Kill it, and whatever it had begun."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None and self._process.stdout is not None
        with suppress(BrokenPipeError):  # words that it did not live to read
            self._process.stdin.close()
        self._process.stdout.close()
        self._folder.cleanup()


class _Place:
    """Where one printer waits; its time begins when it is put there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: Printer | None = None
        self._timer: threading.Timer | None = None

    def exchange(self, printer: Printer | None) -> Printer | None:
        """Put a printer here, or None; gives the one that was here."""
        with self._lock:
            before, self._kept = self._kept, printer
            if self._timer is not None:
                self._timer.cancel()
            self._timer = None
            if printer is not None:
                self._timer = threading.Timer(IDLE, let_go)
                self._timer.daemon = True
                self._timer.start()
        return before


_PLACE = _Place()


def take() -> Printer:
    """The printer that was kept, or a new one. Who takes one ends it or keeps it."""
    kept = _PLACE.exchange(None)
    if kept is not None and kept.good:
        return kept
    if kept is not None:
        kept.end()
    return Printer()


def keep(printer: Printer) -> None:
    """Let a printer that has nothing to do stay for a while; where one stays already, that one goes."""
    before = _PLACE.exchange(printer) if printer.good else printer
    if before is not None:
        before.end()


def let_go() -> None:
    """End the printer that was kept, where there is one."""
    kept = _PLACE.exchange(None)
    if kept is not None:
        kept.end()


atexit.register(let_go)
