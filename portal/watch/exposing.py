"""The figures, as Prometheus asks for them: on a port of its own in the worker's process, never by the door.

It adds up what the web server's processes counted, and looks at the rest when asked, now and then.
"""

from __future__ import annotations

import hmac
import logging
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from flask import Flask
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.orm import Session

from config import Settings
from models.thai import local_day
from portal.core import clock
from portal.core.database.session import AWAY, privileged, writing
from portal.core.jobs.periodic import last_runs
from portal.watch import figures, health

log = logging.getLogger(__name__)
#: a look is good for so many seconds: who asks more often gets the last one
FRESH = 10.0
#: seconds between two tries to listen on a port that another worker of this machine has
TRY_AGAIN = 30.0
ADDRESS = "/metrics"
#: names and words of what is looked at, as they are exposed, with their labels
GAUGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "portal_ready": ("1 where this part can be used", ("part",)),
    "portal_jobs_waiting": ("Jobs that wait", ("kind",)),
    "portal_jobs_running": ("Jobs that run", ("kind",)),
    "portal_jobs_failed": ("Jobs that failed and are kept", ("kind",)),
    "portal_job_oldest_seconds": ("Since when the oldest waiting job waits", ("kind",)),
    "portal_duty_last_run_timestamp_seconds": ("When what is done by the clock was done last", ("duty",)),
    "portal_window_ends_seconds": ("Seconds until a window ends, in its last week", ("round", "stage")),
    "portal_answers_until_yesterday": ("Answers of the whole country until yesterday, in hundreds", ()),
    "portal_database_waits_for_lock": ("Transactions that wait for a lock (PostgreSQL)", ()),
    "portal_database_connections": ("Connections to the database (PostgreSQL)", ()),
    "portal_database_write_lock_seconds": ("How long the write lock was waited for just now (SQLite)", ()),
    "portal_disk_free_bytes": ("What is left of the disk", ("place",)),
    "portal_disk_size_bytes": ("How large the disk is", ("place",)),
    "portal_last_backup_timestamp_seconds": ("When the last backup was made; 0: none is known of", ()),
    "portal_last_anchor_timestamp_seconds": ("When the record was anchored last; 0: none is known of", ()),
}

_WAITING = text(
    "SELECT (SELECT count(*) FROM pg_locks WHERE NOT granted AND database = here.oid),"
    " (SELECT count(*) FROM pg_stat_activity WHERE datid = here.oid)"
    " FROM pg_database AS here WHERE here.datname = current_database()"
)
Value = tuple[tuple[str, ...], float]


class Looked(Collector):
    """A collector of what is looked at, in the application."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app, self._settings = app, settings
        self._lock = threading.Lock()
        self._until = float("-inf")
        self._values: dict[str, list[Value]] = {}

    def collect(self) -> Iterator[Metric]:
        """Every gauge that can be told now."""
        for name, values in self._fresh().items():
            words, labels = GAUGES[name]
            family = GaugeMetricFamily(name, words, labels=labels)
            for given, value in values:
                family.add_metric(given, value)
            yield family

    def _fresh(self) -> dict[str, list[Value]]:
        with self._lock:
            if time.monotonic() >= self._until:
                with self._app.app_context():
                    self._values = look(self._settings)
                self._until = time.monotonic() + FRESH
            return self._values


def look(settings: Settings) -> dict[str, list[Value]]:
    """Look at everything (in an application context). While the database is away, at what needs none."""
    values = _of_the_machine(settings)
    try:
        with privileged("figures for the monitoring") as session:
            values |= _of_the_database(session)
        values |= {"portal_duty_last_run_timestamp_seconds": _duties()}
        values |= _locks(settings)
    except AWAY as error:
        log.error("figures without the database (%s)", type(error).__name__)
    return values


def _of_the_machine(settings: Settings) -> dict[str, list[Value]]:
    disks = figures.disks(settings)
    return {
        "portal_ready": [((part,), float(usable)) for part, usable in health.look(settings).items()],
        "portal_disk_free_bytes": [((disk.place,), disk.free) for disk in disks],
        "portal_disk_size_bytes": [((disk.place,), disk.total) for disk in disks],
        "portal_last_backup_timestamp_seconds": [((), _moment(figures.last_backup(settings)))],
        "portal_last_anchor_timestamp_seconds": [((), _moment(figures.last_anchor(settings)))],
    }


def _of_the_database(session: Session) -> dict[str, list[Value]]:
    now = clock.now()
    queue = figures.queue(session)
    waiting = [one for one in queue if one.oldest is not None]
    windows = figures.ending(session, now)
    return {
        "portal_jobs_waiting": [((one.kind,), one.waiting) for one in queue],
        "portal_jobs_running": [((one.kind,), one.running) for one in queue],
        "portal_jobs_failed": [((one.kind,), one.failed) for one in queue],
        "portal_job_oldest_seconds": [
            ((one.kind,), (now - one.oldest).total_seconds()) for one in waiting if one.oldest
        ],
        "portal_window_ends_seconds": [
            ((str(one.round_id), one.stage.value), (one.closes_at - now).total_seconds()) for one in windows
        ],
        "portal_answers_until_yesterday": [((), figures.answers(session, local_day(now)))],
    }


def _duties() -> list[Value]:
    return [((name,), at.timestamp()) for name, at in sorted(last_runs().items())]


def _locks(settings: Settings) -> dict[str, list[Value]]:
    if settings.sqlite:
        begun = time.monotonic()
        with writing(), privileged("how long the write lock is waited for") as session:
            session.connection()
            waited = time.monotonic() - begun
        return {"portal_database_write_lock_seconds": [((), waited)]}
    with privileged("who waits for a lock") as session:
        waits, connections = session.execute(_WAITING).one()
    return {
        "portal_database_waits_for_lock": [((), waits)],
        "portal_database_connections": [((), connections)],
    }


def _moment(at: datetime | None) -> float:
    return 0.0 if at is None else at.timestamp()


# -- the port -----------------------------------------------------------------------------------------------


def page_of(looked: Looked, folder: Path) -> bytes:
    """The figures as text: those of the web server's processes added up, and what is looked at."""
    registry = CollectorRegistry()
    if folder.is_dir():
        MultiProcessCollector(registry, path=str(folder))
    registry.register(looked)
    return generate_latest(registry)


def serve(app: Flask, settings: Settings, stop: threading.Event) -> None:
    """Answer until ``stop``. Where another worker of this machine has the port, wait until it is free."""
    address = (settings.metrics_host, settings.metrics_port)
    handler = partial(Handler, Looked(app, settings), settings)
    while not stop.is_set():
        try:
            server = ThreadingHTTPServer(address, handler)
        except OSError as error:
            log.warning("nobody can listen for figures on port %s: %s", settings.metrics_port, error.strerror)
            stop.wait(TRY_AGAIN)
            continue
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True)
        thread.start()
        stop.wait()
        server.shutdown()
        thread.join()
        server.server_close()


class Handler(BaseHTTPRequestHandler):
    """Figures for who brings the token, where one is set; nothing else."""

    #: seconds that one question may take to arrive
    timeout = 10
    server_version, sys_version = "portal", ""

    def __init__(self, looked: Looked, settings: Settings, *request: Any) -> None:
        self._looked, self._settings = looked, settings
        super().__init__(*request)  # which answers

    def do_GET(self) -> None:
        """Answer one question."""
        if not self._may_ask():
            self._say(HTTPStatus.UNAUTHORIZED, b"")
        elif self.path.partition("?")[0] != ADDRESS:
            self._say(HTTPStatus.NOT_FOUND, b"")
        else:
            self._say(HTTPStatus.OK, page_of(self._looked, self._settings.counts_dir))

    def log_message(self, format: str, *args: Any) -> None:
        """No line for each question."""

    def _may_ask(self) -> bool:
        token = self._settings.metrics_token
        given = self.headers.get("Authorization", "")
        return not token or hmac.compare_digest(given.encode(), f"Bearer {token}".encode())

    def _say(self, status: HTTPStatus, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", CONTENT_TYPE_PLAIN_0_0_4)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
