"""The web server: granian as a process that ends with its supervisor."""

from __future__ import annotations

import os

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from config import ROOT, Settings
from portal.core.serving.door import Door
from portal.core.serving.processes import PARENT, die_with_parent
from portal.core.texts import _
from portal.core.web import Portal

THREADS = 4
#: a request's head comes within so many seconds, also the next one on an open connection
SECONDS_OF_HEADERS = 20
#: a worker that does not end by itself is killed after so many seconds
SECONDS_TO_END = 5


def door_of(app: Portal) -> Door:
    """The application as granian calls it: behind the door that takes bodies in."""
    with app.app_context():
        refusals = {
            400: _("The page did not arrive whole: go back and send it once more"),
            408: _("The page took too long to arrive: go back and send it once more"),
            503: _("Many people are using the system: go back and send again in 10 seconds"),
        }
    return Door(app, threads=THREADS, refusals=refusals, count_clients=not app.settings.proxies)


def serve(settings: Settings) -> None:
    """Serve until told to stop. The workers import ``run`` and make the application each."""
    die_with_parent()
    os.environ[PARENT] = str(os.getpid())  # the workers' parent
    Granian(
        "run:create_served_app",
        factory=True,
        interface=Interfaces.RSGI,
        websockets=False,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=SECONDS_OF_HEADERS * 1000),
        address=settings.address,
        port=settings.port,
        workers=settings.workers,
        backlog=1024,
        # no access log: an address and a time beside a survey's address would tell who answered
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_END,
        working_dir=ROOT,
    ).serve()
