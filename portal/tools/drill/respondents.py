"""Respondents over HTTP, many at once: each loads the form, fills it and sends it, as a phone would."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TRIES = 5


@dataclass(frozen=True)
class Visit:
    """One respondent: the survey's code and a made-up ID."""

    code: str
    citizen_id: str


class FormReader(HTMLParser):
    """Collects the fields of a form: hidden ones, and the choices of each question."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.choices: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in one input."""
        field = dict(attrs)
        name, kind = field.get("name") or "", field.get("type") or "text"
        if tag != "input" or not name:
            return
        if kind == "hidden":
            self.hidden[name] = field.get("value") or ""
        elif kind == "radio":
            self.choices.setdefault(name, []).append(field.get("value") or "")


class Crowd:
    """Sends visits from several threads, each with a connection of its own."""

    def __init__(self, host: str, port: int, *, at_once: int) -> None:
        self._place = (host, port)
        self._at_once = at_once
        self._local = threading.local()
        self._open: list[HTTPConnection] = []
        #: seconds of each request, as the respondent waits
        self.seconds: list[float] = []

    def send(self, visits: Iterable[Visit], *, every: float = 0.0) -> Counter[str]:
        """Send all; counts "accepted", "already" and every other outcome by its status.

        ``every``: seconds between two who come; 0 where they wait for one another only.
        """
        try:
            with ThreadPoolExecutor(self._at_once) as pool:
                return Counter(pool.map(self._visit, _in_turn(visits, every)))
        finally:
            for connection in self._open:
                connection.close()
            self._open.clear()

    def _visit(self, visit: Visit) -> str:
        chance = random.Random(visit.citizen_id)  # noqa: S311 - which answers a made-up respondent gives
        status, _location, page = self._ask("GET", f"/s/{visit.code}")
        if status != 200:
            return f"form {status}"
        reader = FormReader()
        reader.feed(page)
        answers = {name: chance.choice(values[-3:]) for name, values in reader.choices.items()}
        body = urlencode({**reader.hidden, "id": visit.citizen_id, **answers})
        status, location, _page = self._ask("POST", f"/s/{visit.code}", body)
        if status == 303 and location.endswith("/thanks"):
            return "accepted"
        return "already" if status == 409 else f"sent {status}"

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str, str]:
        for attempt in range(TRIES):
            connection: HTTPConnection | None = getattr(self._local, "connection", None)
            if connection is None:
                connection = self._local.connection = HTTPConnection(*self._place, timeout=60)
                self._open.append(connection)
            try:
                begun = time.perf_counter()
                connection.request(method, path, body, FORM if body else {})
                answer = connection.getresponse()
                page = answer.read().decode()
                self.seconds.append(time.perf_counter() - begun)
                return answer.status, answer.getheader("Location") or "", page
            except (HTTPException, OSError) as error:
                connection.close()
                self._local.connection = None
                if attempt == TRIES - 1:
                    raise ConnectionError(f"no answer from {path.split('/')[1]}") from error
        raise AssertionError("unreachable")


def _in_turn(visits: Iterable[Visit], every: float) -> Iterator[Visit]:
    """The visits, one after the other in time."""
    for visit in visits:
        yield visit
        time.sleep(every)
