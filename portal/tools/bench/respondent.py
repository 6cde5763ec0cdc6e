"""The respondent's path: CPU of the form and of a submission, and how many a second pass the real server."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from portal.core.web import Portal
from portal.tools.bench.amounts import Amounts
from portal.tools.bench.table import Figure, Table, cpu_of
from portal.tools.demo.citizen_ids import made_up_ids
from portal.tools.drill.respondents import Crowd, FormReader, Visit
from portal.tools.drill.server import HOST


def in_process(app: Portal, table: Table, code: str, folder: Path, amounts: Amounts) -> None:
    """CPU of one form and one submission, without the network."""
    client = app.test_client(use_cookies=False)
    page = client.get(f"/s/{code}").get_data(as_text=True)
    reader = FormReader()
    reader.feed(page)
    answers = {name: values[-1] for name, values in reader.choices.items()}
    ids = made_up_ids(5_000_000)

    def send() -> None:
        body = urlencode({**reader.hidden, "id": next(ids), **answers})
        answer = client.post(f"/s/{code}", data=body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 303, answer.status_code

    bare = _bare_app().test_client(use_cookies=False)
    hello = cpu_of(lambda: bare.get("/"), times=amounts.forms)
    form = cpu_of(lambda: client.get(f"/s/{code}"), times=amounts.forms)
    table.add(Figure("form of a respondent, CPU", form, form, hello, "a Flask view that says hello"))
    sent = cpu_of(send, times=amounts.sends)
    table.add(
        Figure(
            "submission, CPU",
            sent,
            sent,
            _insert_cpu(folder, times=amounts.sends),
            "four bare inserts and a commit",
        )
    )


def over_http(table: Table, port: int, bare_port: int, code: str, amounts: Amounts) -> None:
    """Whole respondents (form and submission) a second through the real server, beside a bare one."""
    visits = [Visit(code, one) for one in islice(made_up_ids(7_000_000), amounts.crowd)]
    begun = time.perf_counter()
    outcome = Crowd(HOST, port, at_once=8).send(visits)
    refused = outcome["form 503"] + outcome["sent 503"]
    assert outcome["accepted"] + refused == amounts.crowd, dict(outcome)
    each = (time.perf_counter() - begun) / outcome["accepted"]
    note = f"{1 / each:.0f} a second, {refused} told to come again; the crowd is on this machine too"
    table.add(
        Figure(
            "respondent over HTTP, both requests",
            each,
            each,
            2 * _hello_time(bare_port, times=amounts.hellos),
            "two hellos of the bare server",
            note,
        )
    )


def bare_application(environ: Any, start_response: Any) -> Iterator[bytes]:
    """The smallest WSGI application, served by the same server."""
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    yield b"hello"


def _bare_app() -> Any:
    from_flask = Portal("bare")
    from_flask.config["TESTING"] = True
    from_flask.view_functions["hello"] = lambda: "hello"
    from_flask.add_url_rule("/", "hello")
    return from_flask


def _hello_time(port: int, *, times: int) -> float:
    with closing(HTTPConnection(HOST, port, timeout=10)) as connection:
        begun = time.perf_counter()
        for _number in range(times):
            connection.request("GET", "/")
            connection.getresponse().read()
        return (time.perf_counter() - begun) / times


def _insert_cpu(folder: Path, *, times: int) -> float:
    """CPU of the same rows by the driver alone, on the settings that the portal uses."""
    database = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("CREATE TABLE one (k BLOB PRIMARY KEY, v BLOB) WITHOUT ROWID")
    numbers = iter(range(10_000_000))

    def insert() -> None:
        database.execute("BEGIN IMMEDIATE")
        for _row in range(4):
            database.execute("INSERT INTO one VALUES (?, ?)", (next(numbers).to_bytes(16, "big"), b"x" * 180))
        database.execute("COMMIT")

    cost = cpu_of(insert, times=times)
    database.close()
    return cost
