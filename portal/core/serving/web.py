"""The web server: granian as a process that ends with its supervisor, and the lanes of its workers."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from functools import partial
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from config import ROOT, Settings
from portal.core.error_pages import page
from portal.core.gate import ask_nobody
from portal.core.respondents import SURVEYS
from portal.core.serving.door import Door, Headers, Way
from portal.core.serving.handed_over import ServerOn, listening
from portal.core.serving.lanes import Bounds, Lane
from portal.core.serving.processes import PARENT, die_with_parent
from portal.core.texts import _
from portal.core.web import Portal

#: of each worker. A respondent's request takes milliseconds: who waits behind so many waits about 0.1 s
RESPONDENTS = Bounds(places=4, waiting=32, beginners=8, patience=0.15, hurried=0.05)
#: pages take tens of milliseconds, letters seconds
DESKS = Bounds(places=4, waiting=64, beginners=64, patience=8.0)
#: passwords are hashed one at a time (``hashing``): more threads would only wait for it
PASSWORDS = Bounds(places=2, waiting=12, beginners=12, patience=1.0)
#: addresses whose forms bring a password of somebody who is not signed in
WITH_PASSWORDS = ("/sign-in", "/activate", "/forgot", "/reset", "/prove")
#: connections of a worker. Browsers keep theirs open for a while: beyond this number nobody is let in, and
#: nobody is told so
CONNECTIONS = 4096
#: a thread that runs gives Python's lock away after so many seconds: what refuses must not wait for it
SWITCH = 0.001
#: a request's head comes within so many seconds, also the next one on an open connection
SECONDS_OF_HEADERS = 20
#: a worker that does not end by itself is killed after so many seconds
SECONDS_TO_END = 5


#: headers of an answer that are each one's own, and those of the door
OWN = ("set-cookie", "content-length", "cache-control", "connection", "retry-after")

Refusal = Callable[[Any, bytes], tuple[Headers, bytes]]


def door_of(
    app: Portal, *, busy: Refusal | None = None, told: Callable[[str, str, int], None] | None = None
) -> Door:
    """The application as granian calls it: behind the door that takes bodies in, and its lanes.

    ``busy`` makes the page of a respondent who comes when no place is free; ``told`` hears of who is refused.
    """
    refusals = _pages(app)
    respondents, desks, passwords = Lane(RESPONDENTS), Lane(DESKS), Lane(PASSWORDS)
    answers = Way(respondents, refusal=busy)
    ways = {
        "begins": Way(respondents, begins=True, refusal=busy),
        "desk": Way(desks, name="desk"),
        "pass": Way(passwords, name="pass"),
    }

    def way_of(scope: Any) -> Way:
        path: str = scope.path
        if path.startswith(SURVEYS):
            # thanks are asked for after an answer was taken: they are no beginning
            begins = scope.method != "POST" and path.count("/") == SURVEYS.count("/")
            return ways["begins"] if begins else answers
        if scope.method == "POST" and path.startswith(WITH_PASSWORDS):
            return ways["pass"]
        return ways["desk"]

    return Door(
        app,
        lanes=(respondents, desks, passwords),
        way_of=way_of,
        refusals=refusals,
        count_clients=not app.settings.proxies,
        told=told,
    )


def _pages(app: Portal) -> dict[int, tuple[Headers, bytes]]:
    """What the door says where it lets nobody in: whole pages, made once, which hold nothing of anybody.

    The script that sends forms keeps its page and shows their words.
    """
    pages = {}
    with app.test_request_context("/"):
        not_sent = _("This form was not sent")
        for status, title, words in (
            (400, not_sent, _("The page did not arrive whole: go back and send it once more")),
            (408, not_sent, _("The page took too long to arrive: go back and send it once more")),
            (
                503,
                _("Many people are using the system"),
                _(
                    "Wait 10 seconds, then load the page again. What you typed is still in its form:"
                    " send it again"
                ),
            ),
        ):
            ask_nobody()  # a page of the 500s asks no database: there may be none yet
            response = app.process_response(page(503, title, words)[0])
            kept = [(name.lower(), value) for name, value in response.headers if name.lower() not in OWN]
            pages[status] = (kept, response.get_data())
    return pages


def make_room() -> None:
    """Each connection is an open file: ask the system for as many as it allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def serve(settings: Settings) -> None:
    """Serve until told to stop. The workers import ``run`` and make the application each."""
    die_with_parent()
    make_room()
    os.environ[PARENT] = str(os.getpid())  # the workers' parent
    given = listening()
    kind = Granian if given is None else partial(ServerOn, given)
    kind(
        target="run:create_served_app",
        factory=True,
        interface=Interfaces.RSGI,
        websockets=False,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=SECONDS_OF_HEADERS * 1000),
        address=settings.address,
        port=settings.port,
        workers=settings.workers,
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        # no access log: an address and a time beside a survey's address would tell who answered
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_END,
        working_dir=ROOT,
    ).serve()
