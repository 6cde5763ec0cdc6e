"""What a web process counts: requests of the desks by kind of page, their time, and whom the door refused.

Where the web server serves, each of its processes counts in files of its own (``folder`` says where before
any of them begins), and whoever exposes the figures adds them up. Of respondents nothing is counted one by
one: a refusal moves its figure with every hundredth of a process.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from flask import Flask, Response, request
from flask.signals import request_started
from prometheus_client import CollectorRegistry, Counter, Histogram

from portal.core.respondents import ROOM, is_of_a_respondent

log = logging.getLogger(__name__)
#: so many refused respondents are one step of their figure
STEP = 100
#: rooms that are asked by machines, every few seconds
BY_MACHINES = frozenset({"health"})
_BEGUN = "portal.begun"

#: of one process, where it counts in memory: tests, and a server started by hand
REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "portal_requests", "Requests of the desks", ("kind", "method", "status"), registry=REGISTRY
)
SECONDS = Histogram(
    "portal_request_seconds",
    "Time of a request of the desks",
    buckets=(0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
    registry=REGISTRY,
)
REFUSED = Counter(
    "portal_refused",
    "Requests of desks refused at the door",
    ("lane", "status"),
    registry=REGISTRY,
)
REFUSED_RESPONDENTS = Counter(
    "portal_refused_respondents", "Respondents told to come again, in hundreds per process", registry=REGISTRY
)


class InSteps:
    """Counts in memory, and moves a counter by whole steps."""

    def __init__(self, counter: Counter, step: int = STEP) -> None:
        self._counter, self._step = counter, step
        self._count = 0
        self._lock = threading.Lock()

    def one_more(self) -> None:
        """One more; the counter moves with the last one of a step."""
        with self._lock:
            self._count += 1
            if self._count < self._step:
                return
            self._count = 0
        self._counter.inc(self._step)


respondents = InSteps(REFUSED_RESPONDENTS)


def register(app: Flask) -> None:
    """Count the requests of an application, and write a line for each of a desk."""
    request_started.connect(_begin, app)
    app.after_request(_count)


def refused(path: str, lane: str, status: int) -> None:
    """Somebody was refused at the door."""
    if is_of_a_respondent(path):
        respondents.one_more()
    else:
        REFUSED.labels(lane, str(status)).inc()


def _begin(_app: Flask, **_: Any) -> None:
    request.environ[_BEGUN] = time.monotonic()


def _count(response: Response) -> Response:
    kind, begun = _kind(), request.environ.get(_BEGUN)
    if kind is None or begun is None:  # a page that the door keeps ready was asked for by nobody
        return response
    seconds = time.monotonic() - begun
    REQUESTS.labels(kind, request.method, f"{response.status_code // 100}xx").inc()
    SECONDS.observe(seconds)
    told = {"endpoint": request.endpoint, "method": request.method, "status": response.status_code}
    log.info("request", extra={"fields": told | {"ms": round(seconds * 1000)}})
    return response


def _kind() -> str | None:
    """The room of a desk's page; None for what is not counted.

    Respondents are not, nor what is no address of ours (their browsers ask for icons, their hands mistype
    links), nor files that any page asks for.
    """
    if request.endpoint is None or is_of_a_respondent(request.path):
        return None
    kind = request.endpoint.partition(".")[0]
    return None if kind in {ROOM, "static", *BY_MACHINES} else kind
