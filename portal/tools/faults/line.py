"""A respondent's line: one request over a connection of its own, which may be cut at any moment."""

from __future__ import annotations

import contextlib
import socket
import struct
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urlencode

from portal.tools.drill.server import HOST
from portal.tools.faults.ledger import Told

SECONDS = 30.0
#: closing throws away what is on the way
_AT_ONCE = struct.pack("ii", 1, 0)
_END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True)
class Answer:
    """What came back; ``status`` 0: nothing, or not to its end."""

    status: int = 0
    place: str = ""
    page: bytes = b""

    @property
    def told(self) -> Told:
        """What a sender reads in it."""
        if self.status == 303 and self.place.partition("?")[0].endswith("/thanks"):
            return Told.AGAIN if "again" in self.place else Told.THANKS
        known = {0: Told.NOTHING, 409: Told.ALREADY, 429: Told.NOT_NOW, 503: Told.NOT_NOW}
        return known.get(self.status, Told.OTHERWISE)


class Line:
    """A connection from an address of its own, for one request."""

    def __init__(self, port: int, address: str) -> None:
        self._socket = socket.socket()
        self._socket.settimeout(SECONDS)
        self._place, self._address = (HOST, port), address
        self._broken = False

    def __enter__(self) -> Line:
        try:
            self._socket.bind((self._address, 0))
            self._socket.connect(self._place)
        except OSError:
            self._broken = True
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def send(self, part: bytes) -> bool:
        """Send some bytes; False where the line is broken, or has been before."""
        try:
            if not self._broken:
                self._socket.sendall(part)
        except OSError:
            self._broken = True
        return not self._broken

    def cut(self) -> None:
        """Cut the connection: nobody here reads what comes back."""
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self._socket.close()

    def answer(self) -> Answer:
        """Read to the end."""
        parts = []
        try:
            while not self._broken and (part := self._socket.recv(1 << 17)):
                parts.append(part)
        except OSError:
            return Answer()  # also where a part came: half a page is no word
        return read(b"".join(parts))


def read(whole: bytes) -> Answer:
    """An answer from its bytes: nothing where head or page did not come to their end."""
    head, _end, page = whole.partition(_END_OF_HEAD)
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = {name.lower(): value.strip() for name, _colon, value in (one.partition(":") for one in lines)}
    number = first[9:12]
    if not (_end and number.isdigit()) or len(page) < int(fields.get("content-length", "0")):
        return Answer()
    return Answer(int(number), fields.get("location", ""), page)


def get(port: int, path: str) -> bytes:
    """The bytes that ask for a page."""
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n".encode()


def post(port: int, path: str, fields: dict[str, str]) -> bytes:
    """The bytes of a form."""
    body = urlencode(fields)
    head = f"POST {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n"
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    return f"{head}{kind}Content-Length: {len(body)}\r\n\r\n{body}".encode()
