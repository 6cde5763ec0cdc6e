"""The door of the web server, asked over real connections by clients that do not behave."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from portal.core.serving.door import Limits
from portal.core.web import LARGEST_BODY, Portal
from tests.support.serving import Served, serving

HALF = (
    b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 1000\r\n\r\nusername=x"
)
FOREIGN_HOSTS = ("evil.example", "127.0.0.1.evil.example", "a b", "[::1", "127.0.0.1@evil.example")
ODD_LINES = (
    b"GET /\xe0\xb8\x81",
    b"GET /%00",
    b"GET /s/%ed%a0%80",
    b"GET //x",
    b"GET /sign-in?next=%0d%0aX:%20y",
    b"FOO /sign-in",
    b"GET http://evil.example/",
    b"OPTIONS *",
    b"GET /" + b"a" * 20_000,
)
#: bodies whose end could be read in two ways
TWO_LENGTHS = (
    b"Content-Length: 3\r\nContent-Length: 4\r\n\r\na=b",
    b"Content-Length: 3, 4\r\n\r\na=b",
    b"Content-Length: +3\r\n\r\na=b",
    b"Transfer-Encoding: chunked, identity\r\n\r\n3\r\na=b\r\n0\r\n\r\n",
    b"Transfer-Encoding: xchunked\r\nContent-Length: 3\r\n\r\na=b",
)
#: here the length is to be passed over (RFC 9112, 6.3)
IN_CHUNKS = b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n3\r\na=b\r\n0\r\n\r\n"


@pytest.fixture
def served(app: Portal) -> Iterator[Served]:
    with serving(app.settings) as portal:
        portal.wait_for(lambda: portal.get("/sign-in")[0] == 200, "no page")
        yield portal


def connect(served: Served) -> socket.socket:
    """An open connection."""
    connection = socket.create_connection(("127.0.0.1", served.port))
    connection.settimeout(Limits.silence + 10)
    return connection


def answer_to(served: Served, request: bytes) -> bytes:
    """What comes back for raw bytes, until the server closes or falls silent."""
    with connect(served) as connection:
        connection.sendall(request)
        return connection.recv(65536)


@pytest.mark.long
def test_half_sent_bodies_keep_nobody_waiting_and_end(served: Served) -> None:
    """Ten of one client stopped every thread; the others are served meanwhile, and the ten are told."""
    with ExitStack() as opened:
        slow = [opened.enter_context(connect(served)) for _number in range(10)]
        for connection in slow:
            connection.sendall(HALF)
        begun = time.monotonic()
        for _page in range(5):
            assert served.get("/sign-in")[0] == 200
        assert time.monotonic() - begun < Limits.silence / 2, "threads were held"
        for connection in slow:
            assert connection.recv(4096).startswith(b"HTTP/1.1 408 ")
    assert served.get("/sign-in", body="username=x")[0] == 400, "a body that comes is read (no form token)"


@pytest.mark.long
def test_one_client_has_only_so_many_bodies_on_the_way(served: Served) -> None:
    with ExitStack() as opened:
        slow = [opened.enter_context(connect(served)) for _number in range(Limits.small_of_one_client)]
        for connection in slow:
            connection.sendall(HALF)
        time.sleep(0.5)
        refused = answer_to(served, HALF)
        assert refused.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after" in refused


@pytest.mark.long
def test_a_refused_body_gets_its_page_and_the_connection_stays(served: Served) -> None:
    """A body larger than any form is read to its end, so that the browser reads the answer."""
    status, _headers, page = served.get("/sign-in", body="x" * (LARGEST_BODY + 8 * 1024 * 1024))
    assert status == 413
    assert "12 MB" in page
    assert "<h1" in page


@pytest.mark.long
def test_a_body_that_was_cut_off_is_not_acted_on(served: Served) -> None:
    with connect(served) as connection:
        connection.sendall(HALF)
        connection.shutdown(socket.SHUT_WR)
        assert not connection.recv(4096).startswith(b"HTTP/1.1 2")


@pytest.mark.long
def test_foreign_hosts_odd_addresses_and_two_lengths_are_refused_in_plain_words(served: Served) -> None:
    for name in FOREIGN_HOSTS:
        answer = answer_to(served, f"GET /sign-in HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
        assert answer.startswith(b"HTTP/1.1 400 "), (name, answer[:200])
    for line in ODD_LINES:
        answer = answer_to(served, line + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert answer.startswith((b"HTTP/1.1 2", b"HTTP/1.1 3", b"HTTP/1.1 4")), (line, answer[:200])
        assert b"\r\nx: y" not in answer.lower()
    head = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    for lengths in TWO_LENGTHS:
        answer = answer_to(served, head + lengths)
        assert answer.count(b"HTTP/1.1 ") == 1 and answer.startswith(b"HTTP/1.1 400 "), (
            lengths,
            answer[:200],
        )
        assert b"<html" not in answer, "the server refuses it, no page is asked"
    with connect(served) as connection:
        connection.sendall(head + IN_CHUNKS)
        assert connection.recv(65536).startswith(b"HTTP/1.1 400 "), "read whole: it brings no form token"
    assert not served.said("Traceback"), "\n".join(served.lines)
