"""Units: each takes another release, and the socket is there all the time."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.tools.drill.server import free_port
from portal.tools.upgrade.units import Units

#: a programme that answers a line with its folder's name, on what it was handed
PROGRAMME = """
import os, pathlib, signal, socket, sys
name = pathlib.Path(__file__).parent.name
if sys.argv[1] == "web":
    assert os.environ["LISTEN_PID"] == str(os.getpid()) and "PORTAL_PARENT" not in os.environ
    given = socket.socket(fileno=3)
    while True:
        line, _ = given.accept()
        line.sendall(name.encode())
        line.close()
elif sys.argv[1] == "worker":
    signal.pause()
print(name, sys.argv[1:])
"""


@pytest.fixture
def codes(tmp_path: Path) -> list[Path]:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        (folder / "run.py").write_text(PROGRAMME)
    return folders


@pytest.fixture
def units(tmp_path: Path) -> Iterator[Units]:
    running = Units({**os.environ, "PORT": str(free_port()), "PORTAL_PARENT": "1"}, tmp_path / "log")
    yield running
    running.end()


def test_another_release_takes_what_waits_in_the_socket(units: Units, codes: list[Path]) -> None:
    place = units._socket.getsockname()
    units.restart("web", codes[0])
    units.restart("worker", codes[0])
    assert _said(place) == "one"
    worker = units._running["worker"]
    units._running["web"].terminate()
    units._running["web"].wait()
    with socket.create_connection(place, timeout=30) as early:
        units.restart("web", codes[1])
        assert early.recv(9) == b"two"
    units.restart("worker", codes[1])
    assert worker.poll() is not None and units._running["worker"].poll() is None


def test_a_command_is_the_programmes_own(units: Units, codes: list[Path]) -> None:
    told = units.run(codes[1], "db-upgrade")
    assert (told.returncode, told.stdout) == (0, "two ['db-upgrade']\n")


def _said(place: tuple[str, int]) -> str:
    until = time.monotonic() + 30
    with socket.create_connection(place, timeout=30) as line:
        line.settimeout(until - time.monotonic())
        return line.recv(9).decode()
