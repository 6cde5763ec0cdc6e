"""The web server of the drill: the real one, on a free port, with a clock that the drill can set."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from config import ROOT, Settings
from portal.core.serving import processes, supervisor

HOST = "127.0.0.1"
LONGEST_START = 60


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(
    settings: Settings, moment: Path | str, *, log: Path | None = None, temporary: Path | None = None
) -> Iterator[int]:
    """Serve with these settings; gives the port. Raises TimeoutError where it does not start.

    ``log``: a file for what the server says; ``temporary``: a folder for what it may put down for a moment.
    """
    port = free_port()
    environment = {
        **os.environ,
        "INSTANCE_DIR": str(settings.instance_dir),
        "KEY_DIR": str(settings.key_dir),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "PORTAL_CLOCK": str(moment),
        "DEMO": "1",
        "HOST": HOST,
        "PORT": str(port),
        **({} if temporary is None else {"TMPDIR": str(temporary)}),
    }
    command = [sys.executable, str(ROOT / "run.py"), "web"]
    process = processes.start(command, environment=environment, log=log)
    try:
        _wait_for(replace(settings, host=HOST, port=port), process)
        yield port
    finally:
        processes.end(process, seconds=20)


def _wait_for(settings: Settings, process: subprocess.Popen[bytes]) -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < LONGEST_START and process.poll() is None:
        if supervisor.answers(settings):
            return
        time.sleep(0.2)
    raise TimeoutError("the server of the drill did not start")
