"""The portal of a trial: its supervisor with everything below it, as it runs in production."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from config import ROOT, Settings
from portal.core.serving import processes as own
from portal.core.serving import supervisor
from portal.tools.drill.server import HOST, free_port
from portal.tools.faults.processes import Process, children_of
from portal.tools.faults.waiting import until

SECONDS = 120.0


class Site:
    """``run.py serve`` on a free port; each of its processes can be found and killed."""

    def __init__(self, settings: Settings, clock_file: Path, log: Path) -> None:
        self._settings = replace(settings, host=HOST, port=free_port())
        self._log = log
        self.environment = {
            **os.environ,
            "INSTANCE_DIR": str(settings.instance_dir),
            "KEY_DIR": str(settings.key_dir),
            "DATABASE_URL": settings.database_url,
            "DATABASE_OWNER_URL": settings.database_owner_url,
            "SECRET_KEY": settings.secret_key,
            "PORTAL_CLOCK": str(clock_file),
            "DEMO": "1",
            "HOST": HOST,
            "PORT": str(self._settings.port),
        }
        self._top: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        """Where it serves."""
        return self._settings.port

    def start(self) -> None:
        """Start it; it waits for its database by itself."""
        command = [sys.executable, str(ROOT / "run.py"), "serve"]
        self._top = own.start(command, environment=self.environment, log=self._log)

    def wait_for_page(self) -> None:
        """Wait until a page comes. Raises TimeoutError."""
        until(lambda: supervisor.answers(self._settings), what="a page", seconds=SECONDS, every=0.2)

    def end(self) -> None:
        """Ask it to end, and wait for it."""
        assert self._top is not None, "it was started"
        own.end(self._top, seconds=30)

    def kill_web_worker(self) -> bool:
        """Kill the elder of the processes that answer people; False where there is none now."""
        return _kill(lambda: [one for web in self._below(" web") for one in _workers(web)])

    def kill_web(self) -> bool:
        """Kill the web server's head; its workers end with it."""
        return _kill(lambda: self._below(" web"))

    def kill_worker(self) -> bool:
        """Kill the job worker."""
        return _kill(lambda: self._below(" worker"))

    def kill_supervisor(self) -> bool:
        """Kill the supervisor, which takes everything along, and start it again once the port is free."""
        top = self._top
        assert top is not None, "it was started"
        below = [one for child in children_of(top.pid) for one in (child, *_workers(child))]
        top.kill()
        top.wait()
        until(lambda: not any(one.lives for one in below), what="the end of the portal", seconds=SECONDS)
        self.start()
        return True

    def _below(self, words: str) -> list[Process]:
        top = self._top
        assert top is not None, "it was started"
        return [one for one in children_of(top.pid) if one.command.endswith(words)]


def _workers(web: Process) -> list[Process]:
    return [one for one in children_of(web.pid) if "resource_tracker" not in one.command]


def _kill(find: Callable[[], list[Process]]) -> bool:
    found = sorted(find(), key=lambda one: one.since)
    for one in found[:1]:
        one.kill()
    return bool(found)
