"""The drill's newcomers, before a server that answers as the test says: every outcome has its name."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from portal.tools.drill.cast import PASSWORD
from portal.tools.drill.newcomers import Newcomers

FORM = '<form><input type="hidden" name="csrf_token" value="a token"><input name="code"></form>'
#: the status of each step, and where the last leads
Steps = dict[str, tuple[int, str]]
WELL: Steps = {
    "GET /activate": (200, ""),
    "POST /activate": (200, ""),
    "POST /activate/person": (302, "/home"),
}
Asked = tuple[str, str, dict[str, list[str]]]
Server = Callable[[Steps], tuple[Newcomers, list[Asked]]]


@pytest.fixture
def server() -> Iterator[Server]:
    """Starts a server that gives a cookie with the first page and answers each step as it is told."""
    running: list[ThreadingHTTPServer] = []

    def start(steps: Steps) -> tuple[Newcomers, list[Asked]]:
        asked: list[Asked] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer({})

            def do_POST(self) -> None:
                self._answer(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))

            def _answer(self, sent: dict[str, list[str]]) -> None:
                step = f"{self.command} {self.path}"
                asked.append((step, self.headers.get("Cookie", ""), sent))
                self.send_response(steps[step][0])
                self.send_header("Location", steps[step][1])
                if self.command == "GET":
                    self.send_header("Set-Cookie", "session=a-visitor; HttpOnly; Path=/")
                self.send_header("Content-Length", str(len(FORM)))
                self.end_headers()
                self.wfile.write(FORM.encode())

            def log_message(self, *_args: object) -> None:
                """Nothing."""

        running.append(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=running[0].serve_forever, args=(0.01,), daemon=True).start()
        return Newcomers("127.0.0.1", running[0].server_port, at_once=2), asked

    yield start
    for one in running:
        one.shutdown()
        one.server_close()


def test_a_newcomer_gives_the_code_then_who_it_is(server: Server) -> None:
    newcomers, asked = server(WELL)
    assert newcomers.come(["ABCD"]) == {"activated": 1}
    (first, code, person) = asked
    assert first == ("GET /activate", "", {})
    assert code == ("POST /activate", "session=a-visitor", {"csrf_token": ["a token"], "code": ["ABCD"]})
    assert person[:2] == ("POST /activate/person", "session=a-visitor")
    assert person[2]["code"] == ["ABCD"] and person[2]["password"] == [PASSWORD] and person[2]["name"]
    assert len(newcomers.seconds) == 1


def test_every_newcomer_is_a_visitor_of_its_own(server: Server) -> None:
    newcomers, asked = server(WELL)
    assert newcomers.come([f"CODE{number}" for number in range(5)]) == {"activated": 5}
    assert [cookie for step, cookie, _sent in asked if step == "GET /activate"] == [""] * 5


@pytest.mark.parametrize(
    ("step", "answer", "outcome"),
    [
        ("GET /activate", (503, ""), "first page 503"),
        ("POST /activate", (422, ""), "code 422"),
        ("POST /activate/person", (422, ""), "person 422"),
        ("POST /activate/person", (302, "/activate"), "person 302"),
    ],
)
def test_what_goes_otherwise_is_counted_by_its_step(
    server: Server, step: str, answer: tuple[int, str], outcome: str
) -> None:
    newcomers, _asked = server(WELL | {step: answer})
    assert newcomers.come(["ABCD"]) == {outcome: 1}
    assert newcomers.seconds == []
