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
    """The two units of a portal, each of which takes any release."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._environment = {name: value for name, value in environment.items() if name != processes.PARENT}
        self._log = log
        self._socket = socket.create_server((HOST, int(environment["PORT"])), backlog=BACKLOG)
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def restart(self, unit: str, code: Path) -> None:
        """End "web" or "worker" where it runs, and start it with the programme of this folder."""
        if unit in self._running:
            processes.end(self._running[unit], seconds=SECONDS)
        command = [sys.executable, str(code / "run.py"), unit]
        if unit == "web":
            command = ["sh", "-c", _HANDED, "sh", *command]
        with self._log.open("ab") as out:
            self._running[unit] = subprocess.Popen(  # noqa: S603 - our own programme
                command,
                cwd=code,
                env=self._environment,
                stdin=self._socket.fileno(),
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def end(self) -> None:
        """End both, and close the socket."""
        for one in self._running.values():
            processes.end(one, seconds=SECONDS)
        self._socket.close()

    def run(self, code: Path, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of the programme of this folder, to its end."""
        command = [sys.executable, str(code / "run.py"), *words]
        return subprocess.run(  # noqa: S603 - our own programme
            command, cwd=code, env=self._environment, capture_output=True, text=True, check=False
        )
