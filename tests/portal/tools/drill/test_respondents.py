"""The drill's crowd, before a server that answers as the test says: every outcome is counted by its name."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from portal.tools.drill.respondents import Crowd, FormReader, Visit

FORM = """<form><input type="hidden" name="t" value="a token"><input name="id">
<input type="radio" name="q0" value="1"><input type="radio" name="q0" value="2">
<input type="radio" name="q1" value="4"><button name="send">ส่ง</button><input></form>"""
#: what a POST is answered with: status and where to
Answer = tuple[int, str]
Server = Callable[..., tuple[Crowd, list[dict[str, list[str]]]]]


@pytest.fixture
def server() -> Iterator[Server]:
    """Starts a server that shows the form (or another status) and takes what is sent as it is told."""
    running: list[ThreadingHTTPServer] = []

    def start(
        answer: Answer = (303, "/s/a/thanks"), *, form: int = 200
    ) -> tuple[Crowd, list[dict[str, list[str]]]]:
        sent: list[dict[str, list[str]]] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer(form, "", FORM.encode())

            def do_POST(self) -> None:
                sent.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                self._answer(*answer, b"")

            def _answer(self, status: int, location: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Location", location)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """Nothing."""

        running.append(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=running[0].serve_forever, args=(0.01,), daemon=True).start()
        return Crowd("127.0.0.1", running[0].server_port, at_once=2), sent

    yield start
    for one in running:
        one.shutdown()
        one.server_close()


def test_a_form_is_read_by_its_hidden_fields_and_the_choices_of_each_question() -> None:
    reader = FormReader()
    reader.feed(FORM)
    assert reader.hidden == {"t": "a token"}
    assert reader.choices == {"q0": ["1", "2"], "q1": ["4"]}


def test_each_visitor_sends_a_whole_form_once(server: Server) -> None:
    crowd, sent = server()
    assert crowd.send([Visit("a", str(number)) for number in range(5)]) == {"accepted": 5}
    assert sorted(one["id"] for one in sent) == [["0"], ["1"], ["2"], ["3"], ["4"]]
    assert {(one["t"][0], one["q1"][0]) for one in sent} == {("a token", "4")}
    assert {one["q0"][0] for one in sent} <= {"1", "2"}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((409, ""), "already"),
        ((503, ""), "sent 503"),
        ((303, "/sign-in"), "sent 303"),
        ((200, ""), "sent 200"),
    ],
)
def test_what_is_not_thanked_is_counted_by_its_status(server: Server, answer: Answer, outcome: str) -> None:
    crowd, _sent = server(answer)
    assert crowd.send([Visit("a", "1")]) == {outcome: 1}


def test_who_sees_no_form_sends_none(server: Server) -> None:
    crowd, sent = server(form=404)
    assert crowd.send([Visit("a", "1")]) == {"form 404": 1}
    assert sent == []


def test_where_nobody_answers_the_crowd_gives_up_without_naming_a_link() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        crowd = Crowd("127.0.0.1", probe.getsockname()[1], at_once=1)
    with pytest.raises(ConnectionError, match=r"no answer from s$"):
        crowd.send([Visit("secret-code", "1")])


def test_respondents_come_one_after_the_other_and_what_each_waits_is_kept(server: Server) -> None:
    crowd, _sent = server()
    begun = time.perf_counter()
    assert crowd.send([Visit("a", str(number)) for number in range(3)], every=0.05) == {"accepted": 3}
    assert time.perf_counter() - begun >= 0.15
    assert len(crowd.seconds) == 6, "a form and a sending each"
    assert all(0 < seconds < 60 for seconds in crowd.seconds)
