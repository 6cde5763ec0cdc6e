"""A door that takes forms as the portal's does, in a few lines, and that can be made to fail or to lie."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest

from portal.tools.faults.boxes import Surveyed

BOX = Surveyed(participation_id=1, instrument="IIT", code="code", limits=(4,) * 8)
#: a status to answer with instead, None: the line is cut before a word; "" for what is right
Mischief = Callable[[], int | str | None]


@dataclass
class Door:
    """What the door holds. ``copies``: how often an accepted answer is put in, 1 where it is honest."""

    port: int = 0
    copies: int = 1
    mischief: Mischief = lambda: ""
    inside: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    stored: list[tuple[int, str, bytes]] = field(default_factory=list)
    forms: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, sent: dict[str, str]) -> tuple[int, str]:
        """Status and place of what came of a form."""
        answers = bytes(int(sent[f"q{slot}"]) for slot in range(len(BOX.limits)))
        with self.lock:
            there = self.inside.get(sent["id"])
            if there is None:
                self.inside[sent["id"]] = (sent["t"], answers)
                self.stored += [(1, "IIT", answers)] * self.copies
                return 303, "/s/code/thanks"
            return (303, "/s/code/thanks?again") if there[0] == sent["t"] else (409, "")


@pytest.fixture
def door() -> Iterator[Door]:
    """A door on a free port of this machine."""
    here = Door()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_words: object) -> None:
            """No log."""

        def do_GET(self) -> None:
            here.forms += 1
            self._say(200, "", f'<input name="t" value="form-{here.forms}">'.encode())

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:
                return
            status, place = here.take(dict(parse_qsl(body.decode())))
            instead = here.mischief()
            if instead is not None:
                self._say(int(instead or status), "" if instead else place, b"")

        def _say(self, status: int, place: str, page: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(page)))
            if place:
                self.send_header("Location", place)
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(page)
            self.close_connection = True

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_words: object) -> None:
            """People who cut their line are what this is about."""

    server = Quiet(("127.0.0.1", 0), Handler)
    here.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield here
    server.shutdown()
    thread.join()
    server.server_close()
