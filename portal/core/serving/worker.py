"""The job worker's process."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from functools import partial

from flask import Flask

from models.job import Lane
from portal.core import lines
from portal.core.jobs import worker
from portal.core.serving.processes import die_with_parent

log = logging.getLogger(__name__)


def serve(app: Flask, *, beside: Sequence[Callable[[threading.Event], object]] = ()) -> int:
    """Run jobs until told to stop; gives the exit code: 1 where a thread ended before.

    ``beside`` is what else this process does until then, each in a thread of its own.
    """
    die_with_parent()
    lines.begin()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_args: stop.set())
    acts: tuple[Callable[[], object], ...] = (
        partial(worker.work, app, stop=stop),
        partial(worker.keep_duties, app, stop=stop),
        # a hand for what somebody waits for, so that a poster does not wait for a night's work
        partial(worker.work, app, stop=stop, lanes=(Lane.SHORT,)),
        *(partial(act, stop) for act in beside),
    )
    return run_together(acts, stop)


def run_together(acts: Sequence[Callable[[], object]], stop: threading.Event) -> int:
    """Run each in a thread until ``stop``; where one ends before, stop all. Gives the exit code, 0 or 1."""
    early = threading.Event()

    def keep(act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:
            log.error("a thread of the worker ended", exc_info=error)
        finally:
            if not stop.is_set():  # a worker with half its hands would look alive
                early.set()
                stop.set()

    threads = [threading.Thread(target=keep, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 1 if early.is_set() else 0
