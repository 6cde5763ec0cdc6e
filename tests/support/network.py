"""No test reaches another machine: Python's sockets connect to this one only.

Libraries that connect outside Python (the PostgreSQL client, the browser) are not covered; the browser is
started with a rule of its own (tests.support.browser).
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest


class OutsideConnection(AssertionError):
    """A test wanted to connect to another machine."""


def keep_inside(patch: pytest.MonkeyPatch) -> None:
    """Refuse every connection of Python's sockets beyond loopback and local sockets."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def only_inside(self: socket.socket, address: Any) -> None:
        _check(self, address)
        connect(self, address)

    def only_inside_ex(self: socket.socket, address: Any) -> int:
        _check(self, address)
        return connect_ex(self, address)

    patch.setattr(socket.socket, "connect", only_inside)
    patch.setattr(socket.socket, "connect_ex", only_inside_ex)


def _check(used: socket.socket, address: Any) -> None:
    if used.family not in {socket.AF_INET, socket.AF_INET6} or address[0] == "localhost":
        return
    try:
        inside = ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise OutsideConnection(f"a test wanted to connect to {address[0]}")
