"""Serve: the web server and the job worker as two processes that live and die together."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, pool, text

from config import ROOT, ConfigurationError, Settings
from portal.core.database import migrate
from portal.core.jobs import worker

BLOCKING_THREADS = 4


def serve(settings: Settings) -> int:
    """Run both until told to stop or until either dies; gives the exit code."""
    refuse_owner(settings)
    if not migrate.is_current(settings.database_owner_url):
        raise ConfigurationError("The database is not at the newest migration: run 'make db'")
    programme = [sys.executable, str(ROOT / "run.py"), "worker"]
    processes = [
        subprocess.Popen(command, cwd=ROOT)  # noqa: S603 - our own programme and settings
        for command in (web_command(settings), programme)
    ]
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_args: stopping.set())
    print(f"The portal serves on http://{settings.host}:{settings.port}", flush=True)
    while not stopping.is_set() and all(process.poll() is None for process in processes):
        time.sleep(0.3)
    died = not stopping.is_set()
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
    return 1 if died else 0


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


def work(app: Flask) -> int:
    """The worker's process: jobs until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    stop = threading.Event()

    def end(*_args: Any) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    worker.work(app, stop=stop)
    return 0


def web_command(settings: Settings) -> list[str]:
    """How the web server is started."""
    # no access log: an address and a time beside a survey's address would tell who answered
    return [
        sys.executable, "-m", "granian", "run:create_app", "--factory", "--interface", "wsgi",
        "--host", settings.host, "--port", str(settings.port),
        "--workers", str(settings.workers), "--blocking-threads", str(BLOCKING_THREADS),
        "--backlog", "1024", "--no-access-log", "--respawn-failed-workers", "--log-level", "warning",
    ]  # fmt: skip
