"""The last hour: three times as many respondents as can be served, and people who sign in beside them.

What is measured is a share of what the same machine could do a moment before: figures of a machine that
others use too say little by themselves.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from http.client import HTTPConnection
from itertools import cycle
from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy import select, update

from models.account import Account
from models.participation import Participation, PreparationState
from portal.ballot.links import make_links
from portal.core.database.session import privileged, writing
from portal.core.sign_in import HASHER
from portal.tools.bench import who
from portal.tools.bench.amounts import Amounts
from portal.tools.bench.open_loop import Asked, Crowd, request_of
from portal.tools.bench.table import Figure, Table
from portal.tools.demo.citizen_ids import made_up_ids
from portal.tools.drill.cast import PASSWORD
from portal.tools.drill.respondents import FormReader
from portal.tools.drill.server import HOST

_TOKEN = re.compile(rb'name="t" value="([^"]*)"')
FORM, SENT, PAGE, SIGN_IN = "form", "answers", "page", "sign-in"
#: times the capacity that the same run has measured
OVER = 3
AT_ONCE = 12
#: a second, where the machine can do four times as many
EVENING, SIGN_INS, SIGN_INS_MEANWHILE = 100.0, 50.0, 2.0
LINKS, OFFICERS = 30, 60


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


def measured(app: Any, table: Table, port: int, round_id: int, amounts: Amounts) -> None:
    """Capacity, three times as much, and many who sign in beside an ordinary evening."""
    host = f"{HOST}:{port}"
    with app.app_context():
        codes, names = _links(round_id), _officers()
    respondents = Respondents(host, codes, first_id=30_000_000)
    for code in codes:
        with closing(HTTPConnection(HOST, port, timeout=30)) as connection:
            connection.request("GET", f"/s/{code}")
            respondents.learn(code, connection.getresponse().read().decode())
    officers, crowd, seconds = Officers(host, names, PASSWORD), Crowd(HOST, port), amounts.rush
    done = crowd.keep(respondents.come(), at_once=1, seconds=min(seconds, 2.0))
    alone = statistics.median(_seconds(done, SENT, 303))
    add = partial(_add, table, alone)
    begun, before = time.perf_counter(), who.used()
    done = crowd.keep(respondents.come(), at_once=AT_ONCE, seconds=seconds)
    taken, after = _seconds(done, SENT, 303), who.used()
    capacity = len(taken) / (time.perf_counter() - begun)
    words = f"{capacity:.0f} a second; CPU of each: {who.each(before, after, len(taken))}"
    add(f"respondents, {AT_ONCE} at once", taken, words)
    people, rate = together(
        (respondents.come, OVER * capacity), (officers.come, min(SIGN_INS_MEANWHILE, capacity / 100))
    )
    done = crowd.come(people, rate=rate, seconds=seconds)
    _overload(add, done, capacity, seconds)
    for sign_ins in (0.0, min(SIGN_INS, capacity / 8)):
        evening = min(EVENING, capacity / 4)
        people, rate = together((respondents.come, evening), (officers.come, max(sign_ins, 0.01)))
        done = crowd.come(people, rate=rate, seconds=seconds)
        words = f"{evening:.0f} respondents and {sign_ins:.0f} sign-ins a second"
        entered, late = len(_seconds(done, SIGN_IN, 302)), crowd.late * 1000
        add(words, _seconds(done, SENT, 303), f"{entered} signed in; client late by {late:.0f} ms")


def _overload(add: Callable[..., None], done: Sequence[Asked], capacity: float, seconds: float) -> None:
    served = _seconds(done, SENT, 303)
    share = len(served) / seconds / capacity if capacity else 0.0
    nobody = sum(asked.status == 0 for asked in done)
    words = f"{OVER} times as many"
    add(f"{words}: answers taken", served, f"{share:.0%} of capacity; {nobody} without an answer")
    for kind in (FORM, SENT):
        refused = _seconds(done, kind, 503)
        add(f"{words}: {kind} refused", refused, f"{len(refused)} times")
    entered = [*_seconds(done, PAGE, 200), *_seconds(done, SIGN_IN, 302)]
    refused = [*_seconds(done, PAGE, 503), *_seconds(done, SIGN_IN, 503)]
    add(f"{words}: sign-in meanwhile", entered, f"{len(refused)} of {len(entered + refused)} refused")


def _seconds(done: Sequence[Asked], kind: str, status: int) -> list[float]:
    return [asked.seconds for asked in done if (asked.kind, asked.status) == (kind, status)]


def _add(table: Table, alone: float, name: str, seconds: Sequence[float], note: str) -> None:
    middle = statistics.median(seconds) if seconds else 0.0
    table.add(Figure(name, middle, high(seconds), alone, "answers of one who comes alone", note))


def _links(round_id: int) -> list[str]:
    """Links of agencies that are confirmed: one agency takes so many forms a second, all together more."""
    with writing(), privileged("bench: links") as session:
        mine = Participation.round_id == round_id, Participation.state == PreparationState.CONFIRMED
        rows = session.scalars(
            select(Participation).where(*mine).order_by(Participation.id).limit(LINKS)
        ).all()
        return [link.code for row in rows for link in make_links(row).values()]


def _officers() -> list[str]:
    """User names of people who may sign in with one password."""
    hashed = HASHER.hash(PASSWORD)
    with writing(), privileged("bench: officers who sign in") as session:
        session.info["unrecorded"] = True
        waiting = select(Account).where(Account.activated_at.is_not(None), Account.active)
        people = session.scalars(waiting.order_by(Account.id.desc()).limit(OFFICERS)).all()
        ids = [one.id for one in people]
        session.execute(update(Account).where(Account.id.in_(ids)).values(password_hash=hashed))
        return [one.username for one in people]


def high(seconds: Sequence[float]) -> float:
    """The 95th percentile."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] if ordered else 0.0
