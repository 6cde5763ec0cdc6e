"""Serve: the web server and the job worker as two processes, each started again whenever it ends.

Nothing here holds the application, and nothing outlives it: a supervisor that is killed takes both along.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from http.client import HTTPConnection, HTTPException
from typing import TypeVar

from sqlalchemy import create_engine, pool, text
from sqlalchemy.exc import OperationalError

from config import ROOT, ConfigurationError, Settings
from portal.core.database import revision
from portal.core.serving import processes

T = TypeVar("T")
#: seconds between two looks at the processes
LOOK = 0.2
#: a process that lived so many seconds is well: its next end is waited for shortly again
WELL_AFTER = 30.0
LONGEST_WAIT = 10.0
SECONDS_TO_END = 12.0


class Kept:
    """A process that is started again whenever it ends, after a wait that grows while it ends at once."""

    def __init__(self, name: str, words: tuple[str, ...]) -> None:
        self.name = name
        self._command = [sys.executable, str(ROOT / "run.py"), *words]
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._next = 0.0
        self._ends = 0

    def look(self, now: float) -> None:
        """Start it where it does not run and the wait is over. ``now`` is monotonic seconds."""
        if self._process is None:
            if now >= self._next:
                self._started, self._process = now, processes.start(self._command)
        elif self._process.poll() is not None:
            self._note_end(self._process, now)

    def end(self) -> None:
        """Ask it to end."""
        if self._process is not None:
            processes.end(self._process, seconds=SECONDS_TO_END)
            self._process = None

    def _note_end(self, process: subprocess.Popen[bytes], now: float) -> None:
        processes.kill_group(process)  # workers of a dead server must not go on with old code
        self._ends = 1 if now - self._started >= WELL_AFTER else self._ends + 1
        wait = wait_after(self._ends)
        self._process, self._next = None, now + wait
        print(f"The {self.name} ended ({process.returncode}); it starts again in {wait:g} s", flush=True)


def wait_after(ends: int) -> float:
    """Seconds to wait after so many ends in a row: half a second, twice as long each time, ten at most."""
    return min(LONGEST_WAIT, 0.5 * 2.0 ** min(ends - 1, 10))


def serve(settings: Settings, *, greet: Callable[[], object] | None = None) -> int:
    """Run both until told to stop; gives the exit code. ``greet`` is called once a page has answered.

    Raises ConfigurationError for a taken port, a database that is not current, a login that owns tables.
    """
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # under nohup a closed terminal ends nothing
            signal.signal(number, lambda *_args: stopping.set())
    refuse_taken_port(settings)
    wait_for_database(settings, stopping)
    web, worker = Kept("web server", ("web",)), Kept("job worker", ("worker",))
    try:
        web.look(time.monotonic())
        _wait_for_page(settings, web, stopping)
        worker.look(time.monotonic())
        if greet is not None and not stopping.is_set():
            greet()
        while not stopping.wait(LOOK):
            for kept in (web, worker):
                kept.look(time.monotonic())
    finally:
        for kept in (web, worker):
            kept.end()
    return 0


def refuse_taken_port(settings: Settings) -> None:
    """Two servers on one port would answer by turns, one of them with old code. Raises ConfigurationError."""
    family = socket.AF_INET6 if ":" in settings.address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.address, settings.port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise ConfigurationError(
                    f"The portal cannot listen on {settings.host}:{settings.port}: {error.strerror}"
                ) from error
            raise ConfigurationError(
                f"Port {settings.port} is taken: another program, perhaps an older portal, listens there. "
                f"Stop it, or choose another port: PORT={settings.port + 1} make run"
            ) from error


def wait_for_database(settings: Settings, stopping: threading.Event) -> None:
    """Wait until the database answers, then look at it. Raises ConfigurationError."""
    if settings.sqlite and not settings.instance_dir.is_dir():
        raise ConfigurationError(f"There is no database in {settings.instance_dir}: run 'make db'")
    refuse = partial(refuse_owner, settings)
    when_it_answers(refuse, stopping)
    stands = when_it_answers(partial(revision.present, settings.database_owner_url), stopping)
    if not (stopping.is_set() or revision.serves(stands)):
        raise ConfigurationError(revision.why_not(stands))


def look_where_nobody_did(settings: Settings) -> None:
    """In a process that no supervisor started: look at the database itself. Raises ConfigurationError."""
    if processes.PARENT not in os.environ:
        wait_for_database(settings, threading.Event())


def when_it_answers(question: Callable[[], T], stopping: threading.Event | None = None) -> T | None:
    """Ask the database again each second until it answers; None where told to stop before."""
    stopping = stopping or threading.Event()
    told = ""
    while not stopping.is_set():
        try:
            return question()
        except OperationalError as error:
            why = str(error.orig).strip().splitlines()[0]
            if why != told:
                print(f"The database does not answer: {why} (looking again)", flush=True)
                told = why
            stopping.wait(1.0)
    return None


def refuse_owner(settings: Settings) -> None:
    """On PostgreSQL nobody serves as owner or superuser: row-level security would not hold.

    Raises ConfigurationError.
    """
    if settings.sqlite:
        return
    query = text(
        "SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT FROM pg_tables WHERE tableowner = current_user)"
        " FROM pg_roles WHERE rolname = current_user"
    )
    with create_engine(settings.database_url, poolclass=pool.NullPool).connect() as connection:
        if connection.execute(query).scalar():
            raise ConfigurationError(
                "DATABASE_URL names the owner or a superuser: "
                "serve with the application's role (make db-roles)"
            )


def answers(settings: Settings) -> bool:
    """True where the sign-in page comes."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.address, settings.address)  # noqa: S104 - asked, not bound
    name = settings.trusted_hosts[0].lstrip(".") if settings.trusted_hosts else host
    try:
        with closing(HTTPConnection(host, settings.port, timeout=5)) as connection:
            connection.request("GET", "/sign-in", headers={"Host": f"{name}:{settings.port}"})
            return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False


def _wait_for_page(settings: Settings, web: Kept, stopping: threading.Event) -> None:
    while not stopping.is_set():
        if answers(settings):
            print(f"The portal serves on http://{settings.host}:{settings.port}", flush=True)
            return
        web.look(time.monotonic())
        stopping.wait(0.05)
