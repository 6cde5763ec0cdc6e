"""A listening socket that a service manager opened and keeps, while this process comes and goes.

Whoever connects while nobody serves waits in it for the next one: a restart is a wait, no refusal (ADR 49).
"""

from __future__ import annotations

import os
import socket
from typing import Any

from granian.net import SocketHolder
from granian.server.mp import MPServer

from config import ConfigurationError

#: the handle of the first socket that is handed over: sd_listen_fds(3)
FIRST = 3


def listening() -> socket.socket | None:
    """The socket that was handed to this process; None where there is none.

    Raises ConfigurationError where it is not one socket that listens.
    """
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    given = socket.socket(fileno=FIRST)
    if os.environ.get("LISTEN_FDS") != "1" or not given.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        raise ConfigurationError("The web server takes one socket from its service manager, which listens")
    given.setblocking(False)
    given.set_inheritable(True)
    return given


class ServerOn(MPServer):
    """granian on a socket that listens already. All its workers take from that one."""

    def __init__(self, given: socket.socket, **settings: Any) -> None:
        super().__init__(**settings)
        self._given = given

    def _init_shared_socket(self) -> None:
        handle = self._given.fileno()
        self._shd = SocketHolder(handle, False, self.backlog)  # type: ignore[assignment, call-arg]
        self._sso = self._given
