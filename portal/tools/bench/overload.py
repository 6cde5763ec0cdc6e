"""The last hour: three times as many respondents as can be served, and people who sign in beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import cycle
from urllib.parse import quote, urlencode

from portal.tools.bench.open_loop import Asked, request_of
from portal.tools.demo.citizen_ids import made_up_ids
from portal.tools.drill.respondents import FormReader

_TOKEN = re.compile(rb'name="t" value="([^"]*)"')
FORM, SENT, PAGE, SIGN_IN = "form", "answers", "page", "sign-in"
#: times the capacity that the same run has measured
OVER = 3


class Respondents:
    """People who open a form and send it at once, over so many links."""

    def __init__(self, host: str, codes: Sequence[str], *, first_id: int) -> None:
        self._host = host
        self._codes = cycle(codes)
        self._ids = made_up_ids(first_id)
        self._answers: dict[str, str] = {}

    def learn(self, code: str, page: str) -> None:
        """Read what may be chosen on a form."""
        reader = FormReader()
        reader.feed(page)
        self._answers[code] = urlencode({name: values[-1] for name, values in reader.choices.items()})

    def come(self) -> Iterator[Asked]:
        """One after the other."""
        while True:
            code = next(self._codes)
            yield Asked(FORM, request_of(self._host, f"/s/{code}"), partial(self._send, code))

    def _send(self, code: str, form: Asked) -> Asked | None:
        found = _TOKEN.search(form.answer) if form.status == 200 else None
        if found is None:
            return None
        answers = self._answers[code]
        body = f"t={quote(found[1].decode())}&id={next(self._ids)}&{answers}"
        return Asked(SENT, request_of(self._host, f"/s/{code}", body=body))


class Officers:
    """People who sign in with the password that all of them have."""

    def __init__(self, host: str, names: Sequence[str], password: str) -> None:
        self._host = host
        self._names = cycle(names)
        self._password = password

    def come(self) -> Iterator[Asked]:
        """Each opens the page and sends it."""
        while True:
            yield Asked(PAGE, request_of(self._host, "/sign-in"), self._send)

    def _send(self, page: Asked) -> Asked | None:
        token = re.search(rb'name="csrf_token"[^>]*value="([^"]*)"', page.answer)
        cookie = re.search(rb"set-cookie: ([^;]*)", page.answer, re.IGNORECASE)
        if page.status != 200 or token is None or cookie is None:
            return None
        fields = {"csrf_token": token[1].decode(), "username": next(self._names), "password": self._password}
        request = request_of(self._host, "/sign-in", body=urlencode(fields), cookie=cookie[1].decode())
        return Asked(SIGN_IN, request)


def together(*groups: tuple[Callable[[], Iterator[Asked]], float]) -> tuple[Iterator[Asked], float]:
    """Several groups that come at rates of their own, as one, and their common rate."""
    rate = sum(own for _come, own in groups)

    def mixed() -> Iterator[Asked]:
        streams = [(come(), own / rate) for come, own in groups]
        owed = [0.0] * len(streams)
        while True:
            owed = [debt + share for debt, (_stream, share) in zip(owed, streams, strict=True)]
            most = max(range(len(owed)), key=owed.__getitem__)
            owed[most] -= 1
            yield next(streams[most][0])

    return mixed(), rate


def high(seconds: Sequence[float]) -> float:
    """The 95th percentile."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] if ordered else 0.0
