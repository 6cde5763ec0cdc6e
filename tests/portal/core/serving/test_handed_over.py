"""A socket that a service manager keeps: who comes between two servers waits, and is answered."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from config import ROOT
from portal.core.serving import handed_over
from portal.core.web import Portal
from portal.tools.faults.line import get, read
from tests.support.serving import environment_of

#: as systemd does it: the socket is handle 3, and the environment names the process that it is for
HANDED = 'exec env LISTEN_PID=$$ LISTEN_FDS=1 "$@" 3<&0 0</dev/null'


@pytest.mark.long
def test_who_comes_while_nobody_serves_is_answered_by_the_next_server(app: Portal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as kept:
        place = kept.getsockname()
        with socket.create_connection(place, timeout=60) as early:
            early.sendall(get(place[1], "/sign-in"))
            server = _web(app, place[1], kept)
            assert _answer(early) == 200
        server.terminate()
        assert server.wait(timeout=30) == 0
        socket.create_connection(place, timeout=10).close()  # the next one's


def _web(app: Portal, port: int, kept: socket.socket) -> subprocess.Popen[bytes]:
    command = ["sh", "-c", HANDED, "sh", sys.executable, str(ROOT / "run.py"), "web"]
    environment = environment_of(app.settings, port) | {"WEB_WORKERS": "1"}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdin=kept.fileno())


def _answer(line: socket.socket) -> int:
    parts = []
    while part := line.recv(1 << 16):
        parts.append(part)
    return read(b"".join(parts)).status


def test_what_is_handed_to_another_process_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LISTEN_PID", str(os.getpid() + 1))
    assert handed_over.listening() is None


@pytest.mark.parametrize(("number", "listens"), [("2", True), ("1", False)])
def test_only_one_socket_that_listens_is_taken(number: str, listens: bool) -> None:
    """In a process of its own, which may have a handle 3."""
    words = "from portal.core.serving.handed_over import listening; listening()"
    command = ["sh", "-c", HANDED.replace("=1", f"={number}"), "sh", sys.executable, "-c", words]
    with socket.socket() as given:
        given.bind(("127.0.0.1", 0))
        if listens:
            given.listen()
        refused = subprocess.run(
            command, cwd=ROOT, stdin=given.fileno(), capture_output=True, text=True, check=False
        )
    assert "takes one socket from its service manager" in refused.stderr
