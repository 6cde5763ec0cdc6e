"""People who activate their accounts over HTTP: the slip's code, for whom it is, then who they are."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from portal.tools.drill.cast import PASSWORD
from portal.tools.drill.respondents import FORM, FormReader

WHO = {"name": "ผู้ใช้ทดลอง", "position": "เจ้าพนักงานทดลอง", "phone": "08 0000 0000", "email": ""}


class Newcomers:
    """Sends people from several threads, each with a connection of its own."""

    def __init__(self, host: str, port: int, *, at_once: int) -> None:
        self._place = (host, port)
        self._at_once = at_once
        self._local = threading.local()
        self._open: list[HTTPConnection] = []
        #: seconds of each that came in, from the first page to the last
        self.seconds: list[float] = []

    def come(self, codes: Iterable[str]) -> Counter[str]:
        """Activate with every code; counts "activated" and every other outcome by its step and status."""
        try:
            with ThreadPoolExecutor(self._at_once) as pool:
                return Counter(pool.map(self._activate, codes))
        finally:
            for connection in self._open:
                connection.close()

    def _activate(self, code: str) -> str:
        begun = time.perf_counter()
        browser = _Browser(self._connection())
        status, _location, page = browser.ask("GET", "/activate")
        if status != 200:
            return f"first page {status}"
        status, _location, page = browser.ask("POST", "/activate", {**_hidden(page), "code": code})
        if status != 200:
            return f"code {status}"
        sent = {**_hidden(page), **WHO, "code": code, "password": PASSWORD}
        status, location, _page = browser.ask("POST", "/activate/person", sent)
        if status != 302 or "activate" in location:
            return f"person {status}"
        self.seconds.append(time.perf_counter() - begun)
        return "activated"

    def _connection(self) -> HTTPConnection:
        connection: HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = HTTPConnection(*self._place, timeout=60)
            self._open.append(connection)
        return connection


class _Browser:
    """A new visitor on a connection: keeps its cookies."""

    def __init__(self, connection: HTTPConnection) -> None:
        self._connection = connection
        self._cookies: SimpleCookie = SimpleCookie()

    def ask(self, method: str, path: str, sent: dict[str, str] | None = None) -> tuple[int, str, str]:
        """One request; gives status, where it leads, and the page."""
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self._cookies.items())
        heads = {**({"Cookie": cookies} if cookies else {}), **(FORM if sent else {})}
        self._connection.request(method, path, urlencode(sent) if sent else None, heads)
        answer = self._connection.getresponse()
        for given in answer.msg.get_all("Set-Cookie", []):
            self._cookies.load(given)
        return answer.status, answer.getheader("Location") or "", answer.read().decode()


def _hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page."""
    reader = FormReader()
    reader.feed(page)
    return reader.hidden
