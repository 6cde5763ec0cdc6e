"""Web server and job worker as a service manager runs them: one socket that is always there, two units."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from portal.core.serving import processes
from portal.tools.drill.server import HOST

#: what a unit may take to end
SECONDS = 20.0
BACKLOG = 4096
#: a socket is handed over as sd_listen_fds(3) has it: handle 3, named for this process
_HANDED = 'exec env LISTEN_PID=$$ LISTEN_FDS=1 "$@" 3<&0 0</dev/null'


class Units:
    """The units of a portal, whose release can be exchanged."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._environment = {name: value for name, value in environment.items() if name != processes.PARENT}
        self._log = log
        self._socket = socket.create_server((HOST, int(environment["PORT"])), backlog=BACKLOG)
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, code: Path) -> None:
        """Start both with the programme of this folder."""
        handed = ["sh", "-c", _HANDED, "sh", sys.executable, str(code / "run.py"), "web"]
        self._running = [
            self._process(handed, code, stdin=self._socket.fileno()),
            self._process([sys.executable, str(code / "run.py"), "worker"], code),
        ]

    def stop(self) -> None:
        """Ask both to end, and wait; the socket stays."""
        for one in self._running:
            one.terminate()
        for one in self._running:
            processes.end(one, seconds=SECONDS)

    def end(self) -> None:
        """Stop both, and close the socket."""
        self.stop()
        self._socket.close()

    def run(self, code: Path, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of the programme of this folder, to its end."""
        command = [sys.executable, str(code / "run.py"), *words]
        return subprocess.run(  # noqa: S603 - our own programme
            command, cwd=code, env=self._environment, capture_output=True, text=True, check=False
        )

    def _process(
        self, command: list[str], code: Path, *, stdin: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as out:
            return subprocess.Popen(  # noqa: S603 - our own programme
                command,
                cwd=code,
                env=self._environment,
                stdin=stdin,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
