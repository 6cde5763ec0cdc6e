"""What the bench waits for before it measures a server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from portal.tools.bench.office import wait_for_any_page
from portal.tools.drill.server import free_port

#: what the server answers, one after the other
ANSWERS = (503, 503, 200)


@pytest.fixture
def asked() -> Iterator[tuple[int, list[int]]]:
    """The port of a server that is not ready at once, and what it has answered."""
    given: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given.append(ANSWERS[len(given)])
            self.send_response(given[-1])
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server.server_port, given
    server.shutdown()
    server.server_close()


def test_a_server_that_is_not_ready_is_asked_again(asked: tuple[int, list[int]]) -> None:
    port, given = asked
    wait_for_any_page(port, seconds=10)
    assert tuple(given) == ANSWERS


def test_a_server_that_never_comes_is_given_up() -> None:
    with pytest.raises(TimeoutError, match="did not start"):
        wait_for_any_page(free_port(), seconds=0.2)
