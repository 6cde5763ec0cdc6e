"""A request as the web server hands it to the door, without the server: what came, and what was answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from portal.core.serving.door import Door

Pairs = Sequence[tuple[str, str]]


class Headers:
    """Headers as they came; a name may come twice."""

    def __init__(self, pairs: Pairs) -> None:
        self._pairs = list(pairs)

    def __contains__(self, name: str) -> bool:
        return any(name == one for one, _value in self._pairs)

    def get(self, name: str) -> str | None:
        return next((value for one, value in self._pairs if one == name), None)

    def items(self) -> Pairs:
        return self._pairs


@dataclass
class Scope:
    """The head of a request."""

    headers: Headers
    method: str = "POST"
    path: str = "/ทดลอง"
    query_string: str = "page=2"
    client: str = "192.0.2.7:50000"
    server: str = "127.0.0.1:8000"
    scheme: str = "http"
    http_version: str = "1.1"


@dataclass
class Exchange:
    """The body as it comes in, part by part after so many seconds each, and the answer as it goes out."""

    parts: Sequence[bytes] = ()
    seconds: float = 0.0
    read: int = 0
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    sent: list[bytes] = field(default_factory=list)
    #: the answer went out part by part
    streamed: bool = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            await asyncio.sleep(self.seconds)
            self.read += len(part)
            yield part

    async def __call__(self) -> bytes:
        """The whole body at once."""
        return b"".join([part async for part in self])

    def response_bytes(self, status: int, headers: Pairs, body: bytes) -> None:
        self.status, self.headers, self.sent = status, dict(headers), [body]

    def response_stream(self, status: int, headers: Pairs) -> Exchange:
        self.status, self.headers, self.streamed = status, dict(headers), True
        return self

    async def send_bytes(self, part: bytes) -> None:
        self.sent.append(part)

    @property
    def body(self) -> bytes:
        """The whole answer."""
        return b"".join(self.sent)


def asked(door: Door, exchange: Exchange, *headers: tuple[str, str], **scope: Any) -> Exchange:
    """One request through the door, to its end."""
    awaited(door.__rsgi__(Scope(Headers(headers), **scope), exchange))
    return exchange


def awaited(work: Coroutine[Any, Any, object]) -> None:
    """Run it to its end in a thread of its own: a browser of other tests may have a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()
