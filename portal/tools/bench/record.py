"""The record's one writer: events a second, and many people at once on the chain that is everybody's."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from sqlalchemy import create_engine

from portal.core import audit
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from portal.tools.bench.table import Figure, Table, timed

#: people at once, as many as a web process has threads
AT_ONCE = 4
#: chains that an import of agencies writes to in one transaction, here
CHAINS = 50
#: what comes with an event, as of a sign-in
SAID = {"username": "bench", "network": "192.0.2.0/24"}


def measured(app: Portal, table: Table, *, times: int) -> None:
    """Events by one writer beside bare inserts; by several on one chain beside a chain for each."""
    limit = _bare(app.settings.database_owner_url, times)
    with app.app_context():
        middle, high = timed(lambda: _event("bench:0"), times=times)
    note = f"{1 / middle:,.0f} a second, each with a commit of its own"
    table.add(Figure("an event of the record", middle, high, limit, "a bare insert, with its commit", note))
    with app.app_context():
        middle, high = timed(lambda: _together(times), times=3)
    note = f"{times / middle:,.0f} a second, over {CHAINS} chains in one transaction"
    table.add(Figure(f"{times} events of one act", middle, high, limit * times, "as many bare inserts", note))
    together = _at_once(app, lambda number: "system", times)
    apart = _at_once(app, lambda number: f"bench:{number}", times)
    note = f"{1 / together:,.0f} a second; on chains of their own {1 / apart:,.0f}"
    words = f"{AT_ONCE} at once on the system's chain"
    table.add(Figure(words, together, together, apart, "each on a chain of its own", note))


def _event(chain: str) -> None:
    with writing(), privileged("bench: an event") as session:
        audit.record(session, act="sign_in", thing="account", row=1, chain=chain, after=SAID)


def _together(times: int) -> None:
    with writing(), privileged("bench: events of one act") as session:
        chains = (f"bench:{number % CHAINS}" for number in range(times))
        audit.write(session, [audit.Entry(chain, "sign_in", "account", "1", after=SAID) for chain in chains])


def _at_once(app: Portal, chain_of: Callable[[int], str], times: int) -> float:
    """Seconds for an event, by several writers at the same time."""

    def one(number: int) -> None:
        with app.app_context():
            for _time in range(times):
                _event(chain_of(number))
            db.session.remove()

    begun = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, range(AT_ONCE)))
    return (time.perf_counter() - begun) / (AT_ONCE * times)


def _bare(url: str, times: int) -> float:
    """The same bytes into a table without rules, each with its commit."""
    engine = create_engine(url)
    row = ("bench", 1, datetime(2018, 11, 9).isoformat(), "sign_in", str(SAID), "0" * 64, "0" * 64)  # noqa: DTZ001
    mark = "?" if engine.dialect.name == "sqlite" else "%s"
    statement = f"INSERT INTO bare_event VALUES ({', '.join(mark for _value in row)})"  # noqa: S608 - ours
    with engine.connect() as connection:
        with connection.begin():
            connection.exec_driver_sql(
                "CREATE TABLE bare_event (c TEXT, n INTEGER, at TEXT, act TEXT, after TEXT, p TEXT, h TEXT)"
            )

        def insert() -> None:
            with connection.begin():
                connection.exec_driver_sql(statement, row)

        middle, _high = timed(insert, times=times)
        with connection.begin():
            connection.exec_driver_sql("DROP TABLE bare_event")
    engine.dispose()
    return middle
