"""The job worker's process."""

from __future__ import annotations

import logging
import signal
import threading

from flask import Flask

from portal.core.jobs import worker
from portal.core.serving.processes import die_with_parent


def serve(app: Flask) -> int:
    """Run jobs until told to stop; gives the exit code."""
    die_with_parent()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_args: stop.set())
    worker.work(app, stop=stop)
    return 0
