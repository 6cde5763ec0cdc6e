"""The web server: granian as a process that ends with its supervisor."""

from __future__ import annotations

import os

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from config import ROOT, Settings
from portal.core.serving.processes import PARENT, die_with_parent

BLOCKING_THREADS = 4
#: a worker that does not end by itself is killed after so many seconds
SECONDS_TO_END = 5


def serve(settings: Settings) -> None:
    """Serve until told to stop. The workers import ``run`` and make the application each."""
    die_with_parent()
    os.environ[PARENT] = str(os.getpid())  # the workers' parent
    Granian(
        "run:create_served_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.address,
        port=settings.port,
        workers=settings.workers,
        blocking_threads=BLOCKING_THREADS,
        backlog=1024,
        # no access log: an address and a time beside a survey's address would tell who answered
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_END,
        working_dir=ROOT,
    ).serve()
