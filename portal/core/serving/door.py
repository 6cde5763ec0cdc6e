"""The door of a web process: a request gets a thread only once its body is here, whole and in time.

The threads are few, and each lane has its own number of them (``lanes``): who would wait for long is told at
once to come again, by the event loop alone. A body that comes slowly, or never to its end, waits on the event
loop, where waiting costs nothing; it must come steadily, and one client may have so many on the way. A body
that was cut off never goes on: half a form is no form.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from portal.core.serving.lanes import Full, Lane
from portal.core.serving.rooms import Room

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Limits:
    """What the door allows. Seconds, bytes, and bodies on the way at once."""

    silence: float = 10.0
    small: int = 16 * 1024
    grace: float = 20.0
    slowest: float = 16 * 1024.0
    kept: int = 12 * 1024 * 1024 + 64 * 1024
    drained: int = 64 * 1024 * 1024
    at_once: int = 200
    of_one_client: int = 12
    #: small ones have a room of their own: forms of many people who share an operator's address
    small_at_once: int = 1000
    small_of_one_client: int = 100
    sending: float = 60.0


@dataclass(frozen=True)
class Way:
    """Where a request goes: its lane, whether it only begins something, how it is refused, its name.

    ``refusal`` makes headers and page of a 503 from the request's head and body, without the application.
    """

    lane: Lane
    begins: bool = False
    refusal: Callable[[Any, bytes], tuple[Headers, bytes]] | None = None
    name: str = ""


class CutOff(Exception):
    """The client went away before the end of its body."""


class TooSlow(Exception):
    """The body did not come in time."""


class Door:
    """A WSGI application behind the door, as granian's RSGI calls it."""

    def __init__(
        self,
        app: Any,
        *,
        lanes: Sequence[Lane],
        way_of: Callable[[Any], Way],
        refusals: Mapping[int, tuple[Headers, bytes]],
        count_clients: bool,
        limits: Limits | None = None,
        told: Callable[[str, str, int], None] | None = None,
    ) -> None:
        self._app = app
        #: is told of everybody who was refused: the address, the way's name, the status
        self._told = told or (lambda _path, _way, _status: None)
        threads = sum(lane.bounds.places for lane in lanes)  # whoever has a place has a thread
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._way_of = way_of
        self._refusals = refusals
        self._limits = limits or Limits()
        #: behind a proxy every body comes from one address, and the proxy waits for slow ones itself
        self._count_clients = count_clients
        own = self._limits
        self._small = Room(own.small_at_once, own.small_of_one_client)
        self._large = Room(own.at_once, own.of_one_client)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        try:
            body, size = await self._take(scope, protocol)
        except CutOff:
            self._refuse(scope, protocol, 400)
        except TooSlow:
            self._refuse(scope, protocol, 408)
        except asyncio.QueueFull:
            self._refuse(scope, protocol, 503)
        else:
            await self._let_in(scope, protocol, body, size)

    # -- on the event loop ----------------------------------------------------------------------------------

    async def _let_in(self, scope: Any, protocol: Any, body: bytes, size: int) -> None:
        """Wait for a place in the request's lane, not for long. The wait begins when the body is whole."""
        way, since = self._way_of(scope), time.monotonic()
        loop = asyncio.get_running_loop()
        try:
            async with way.lane.place(since=since, begins=way.begins):
                environ = environ_of(scope, body, size)
                await loop.run_in_executor(self._pool, self._answer, environ, protocol, loop)
        except Full:
            if way.refusal is None:
                self._refuse(scope, protocol, 503)
            else:
                self._told(scope.path, way.name, 503)
                headers, page = way.refusal(scope, body)
                protocol.response_bytes(503, headers, page)

    async def _take(self, scope: Any, protocol: Any) -> tuple[bytes, int]:
        """The body and how long it is; of a longer one than any form has, nothing is kept.

        Raises CutOff, TooSlow; QueueFull where too many are on the way.
        """
        declared = scope.headers.get("content-length")
        if declared in (None, "0") and "transfer-encoding" not in scope.headers:
            return b"", 0
        length = None if declared is None else int(declared)
        small = length is not None and length <= self._limits.small
        room = self._small if small else self._large
        with room.place(address_of(scope) if self._count_clients else None):
            if length is not None and small:
                return await self._read_small(protocol, length)
            return await self._read(protocol, length)

    async def _read_small(self, protocol: Any, declared: int) -> tuple[bytes, int]:
        """A body that needs no watching part by part: most are here already, and one question gets them."""
        try:
            async with asyncio.timeout(self._limits.silence):
                body: bytes = await protocol()
        except TimeoutError:
            raise TooSlow from None
        except RuntimeError:  # the server's word for a client that went away
            raise CutOff from None
        if len(body) < declared:
            raise CutOff
        return body, len(body)

    async def _read(self, protocol: Any, declared: int | None) -> tuple[bytes, int]:
        limits, begun = self._limits, time.monotonic()
        parts: list[bytes] = []
        size, chunks = 0, aiter(protocol)
        while size <= limits.drained:
            left = begun + limits.grace + size / limits.slowest - time.monotonic()
            try:
                part = await asyncio.wait_for(anext(chunks), max(0.0, min(limits.silence, left)))
            except StopAsyncIteration:
                break
            except TimeoutError:
                raise TooSlow from None
            size += len(part)
            if size <= limits.kept:
                parts.append(part)
            else:
                parts.clear()
        if declared is not None and size < min(declared, limits.drained):
            raise CutOff
        return b"".join(parts), max(size, declared or 0) if size > limits.kept else size

    def _refuse(self, scope: Any, protocol: Any, status: int) -> None:
        self._told(scope.path, self._way_of(scope).name, status)
        headers, page = self._refusals[status]
        own = [("cache-control", "no-store"), ("connection", "close")]
        if status == 503:
            own.append(("retry-after", "10"))
        protocol.response_bytes(status, [*headers, *own], page)

    # -- in a thread ----------------------------------------------------------------------------------------

    def _answer(self, environ: dict[str, Any], protocol: Any, loop: asyncio.AbstractEventLoop) -> None:
        said: list[tuple[int, Headers]] = []

        def start(status: str, headers: Headers, _error: Any = None) -> None:
            said[:] = [(int(status.split(" ", 1)[0]), [(name.lower(), value) for name, value in headers])]

        answer = self._app(environ, start)
        try:
            self._send(said, iter(answer), protocol, loop)
        finally:
            if hasattr(answer, "close"):
                answer.close()

    def _send(
        self,
        said: list[tuple[int, Headers]],
        parts: Iterator[bytes],
        protocol: Any,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        """Send an answer of one part at once, a longer one part by part."""
        first = next(parts, b"")
        second = next(parts, None)
        status, headers = said[0]
        if second is None:
            protocol.response_bytes(status, headers, first)
            return
        stream = protocol.response_stream(status, headers)
        for part in _chained(first, second, parts):
            asyncio.run_coroutine_threadsafe(_through(stream, part), loop).result(self._limits.sending)


async def _through(stream: Any, part: bytes) -> None:
    await stream.send_bytes(part)


def _chained(first: bytes, second: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield second
    yield from rest


def address_of(scope: Any) -> str:
    """The address of the client, without its port."""
    host: str = scope.client.rpartition(":")[0]
    return host.strip("[]")


def environ_of(scope: Any, body: bytes, size: int) -> dict[str, Any]:
    """The WSGI environment of a request whose body is here."""
    name, _colon, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": name.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": address_of(scope),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for header, value in scope.headers.items():
        key = header.upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        joint = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    if size or "CONTENT_LENGTH" in environ:
        environ["CONTENT_LENGTH"] = str(size)
    return environ
