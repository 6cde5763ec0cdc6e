"""A crowd that comes whether or not the ones before were answered: one thread, no library between.

A client that waits for its answers slows down with its server, and never sees what a crowd sees.
"""

from __future__ import annotations

import errno
import select
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_BUSY = frozenset({errno.EINPROGRESS, errno.EAGAIN, errno.EWOULDBLOCK})
#: nobody waits longer
LONGEST = 30.0


@dataclass
class Asked:
    """One request and what came of it. ``status`` 0: no answer. ``then``: what its sender does next."""

    kind: str
    request: bytes
    then: Callable[[Asked], Asked | None] | None = None
    status: int = 0
    answer: bytes = b""
    begun: float = 0.0
    seconds: float = LONGEST
    _parts: list[bytes] = field(default_factory=list)


class Crowd:
    """People who come at a steady rate, each over a connection and from an address of its own."""

    def __init__(self, host: str, port: int) -> None:
        self._place = (host, port)
        self._poll = select.epoll()
        self._open: dict[int, tuple[socket.socket, Asked]] = {}
        self._number = 0
        self.done: list[Asked] = []
        #: how late the client itself was at worst: a client that is the limit measures nothing
        self.late = 0.0

    def come(self, people: Iterator[Asked], *, rate: float, seconds: float) -> list[Asked]:
        """Let so many come a second for so long; gives all requests, once each has ended."""
        begun, came = time.perf_counter(), 0
        while (now := time.perf_counter() - begun) < seconds:
            due = int(now * rate)
            if due > came:
                self.late = max(self.late, now - came / rate)
            for _one in range(due - came):
                self._ask(next(people))
            came = max(came, due)
            self._look(max(0.0, min(0.01, (came + 1) / rate - now)))
        return self._rest()

    def keep(self, people: Iterator[Asked], *, at_once: int, seconds: float) -> list[Asked]:
        """As many at once for so long, each after another: what the server can do."""
        begun = time.perf_counter()
        while time.perf_counter() - begun < seconds:
            while len(self._open) < at_once:
                self._ask(next(people))
            self._look(0.01)
        return self._rest()

    def _rest(self) -> list[Asked]:
        until = time.perf_counter() + LONGEST
        while self._open and time.perf_counter() < until:
            self._look(0.05)
        for number in list(self._open):
            self._end(number)
        done, self.done = self.done, []
        return done

    def _ask(self, asked: Asked) -> None:
        asked.begun = time.perf_counter()
        self._number += 1
        connection = socket.socket()
        connection.setblocking(False)
        if self._place[0].startswith("127."):  # each from an address of its own, as far as a machine has some
            connection.bind((f"127.1.{self._number // 250 % 250}.{self._number % 250 + 1}", 0))
        trouble = connection.connect_ex(self._place)
        if trouble and trouble not in _BUSY:
            connection.close()
            self.done.append(asked)
            return
        self._open[connection.fileno()] = (connection, asked)
        self._poll.register(connection.fileno(), select.EPOLLOUT)

    def _look(self, wait: float) -> None:
        for number, event in self._poll.poll(wait):
            connection, asked = self._open[number]
            if event & select.EPOLLOUT:
                try:
                    connection.send(asked.request)
                except OSError:
                    self._end(number)
                    continue
                self._poll.modify(number, select.EPOLLIN)
                continue
            try:
                part = connection.recv(1 << 18)
            except OSError:
                part = b""
            if part:
                asked._parts.append(part)
            else:
                self._end(number)

    def _end(self, number: int) -> None:
        connection, asked = self._open.pop(number)
        self._poll.unregister(number)
        connection.close()
        asked.answer = b"".join(asked._parts)
        asked.seconds = time.perf_counter() - asked.begun
        head = asked.answer[:12].split(b" ")
        asked.status = int(head[1]) if len(head) > 1 and head[1].isdigit() else 0
        self.done.append(asked)
        following = asked.then(asked) if asked.then is not None else None
        if following is not None:
            self._ask(following)


def request_of(
    host: str, path: str, *, body: str | None = None, cookie: str = "", accept: str = "text/html"
) -> bytes:
    """The bytes of a request whose connection ends with it."""
    lines = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1", f"Host: {host}", f"Accept: {accept}"]
    lines.append("Connection: close")
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if body is not None:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return ("\r\n".join([*lines, "", ""]) + (body or "")).encode()
