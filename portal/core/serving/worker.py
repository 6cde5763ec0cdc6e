"""The job worker's process."""

from __future__ import annotations

import logging
import signal
import threading

from flask import Flask

from models.job import Lane
from portal.core.jobs import worker
from portal.core.serving.processes import die_with_parent


def serve(app: Flask) -> int:
    """Run jobs until told to stop; gives the exit code."""
    die_with_parent()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_args: stop.set())
    beside = [
        threading.Thread(target=worker.keep_duties, args=(app,), kwargs={"stop": stop}, name="duties"),
        # a hand for what somebody waits for, so that a poster does not wait for a night's work
        threading.Thread(
            target=worker.work, args=(app,), kwargs={"stop": stop, "lanes": (Lane.SHORT,)}, name="short"
        ),
    ]
    for thread in beside:
        thread.start()
    worker.work(app, stop=stop)
    for thread in beside:
        thread.join()
    return 0
