"""The portal as it is served: ``run.py serve`` with all its processes, to be asked and to be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPMessage
from pathlib import Path

from config import ROOT, Settings
from portal.tools.drill.server import free_port
from tests.support.world import NOW

LONGEST = 60.0


class Served:
    """A running portal: what it said, its processes, and its pages."""

    def __init__(self, environment: dict[str, str], *words: str) -> None:
        self.port = int(environment["PORT"])
        self.instance = environment["INSTANCE_DIR"]
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "run.py"), *words],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    def said(self, words: str) -> bool:
        """True where a line holds the words."""
        return any(words in line for line in self.lines)

    def wait_for(self, what: Callable[[], object], why: str) -> None:
        """Wait until something holds; fails with what the portal said."""
        until = time.monotonic() + LONGEST
        while not what():
            assert time.monotonic() < until, f"{why}\n" + "\n".join(self.lines[-40:])
            time.sleep(0.1)

    def get(
        self, path: str, *, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, HTTPMessage, str]:
        """Ask for a page, or post a form: status, headers, text. A refused connection is status 0."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
            connection.request("GET" if body is None else "POST", path, body, kind | (headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
        except (OSError, HTTPException):
            return 0, HTTPMessage(), ""
        finally:
            connection.close()

    def pids(self, word: str = "") -> list[int]:
        """The processes of this portal (or those whose command line holds the word), the oldest first."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                mine = f"INSTANCE_DIR={self.instance}\0".encode() in (folder / "environ").read_bytes()
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if mine and f" {word} " in f" {command} " if word else mine:
                found.append(int(folder.name))
        return sorted(found)

    def kill(self, pid: int) -> None:
        """kill -9 one process."""
        os.kill(pid, signal.SIGKILL)

    def kill_one(self, word: str) -> bool:
        """kill -9 the oldest process whose command line holds the word; False where there is none."""
        pids = self.pids(word)
        for pid in pids[:1]:
            self.kill(pid)
        return bool(pids)

    def close(self) -> None:
        """Let go of what it said."""
        self.process.wait(timeout=30)
        self._listener.join(timeout=10)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def end(self) -> int:
        """Ask it to stop; gives its exit code. Kills what is left."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=30)
        finally:
            for pid in self.pids():
                os.kill(pid, signal.SIGKILL)


def environment_of(settings: Settings, port: int) -> dict[str, str]:
    """The environment that gives a process these settings."""
    return {
        **os.environ,
        "INSTANCE_DIR": str(settings.instance_dir),
        "KEY_DIR": str(settings.key_dir),
        "DATABASE_URL": settings.database_url,
        "DATABASE_OWNER_URL": settings.database_owner_url,
        "SECRET_KEY": settings.secret_key,
        "PORTAL_CLOCK": NOW.isoformat(),
        "HOST": "localhost",
        "PORT": str(port),
        "WEB_WORKERS": "1",
        "DEMO": "1",
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def serving(settings: Settings, *, port: int | None = None) -> Iterator[Served]:
    """Serve; ends with everything that it started."""
    served = Served(environment_of(settings, port or free_port()), "serve")
    try:
        yield served
    finally:
        if served.process.poll() is None:
            served.end()
        served.close()
