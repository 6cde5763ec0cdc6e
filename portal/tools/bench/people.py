"""Fifteen thousand people: their accounts made in bulk, found on a list, and activated."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, create_engine, func, insert, select, text, update
from sqlalchemy.orm import Session

from models.account import Account, ActivationCode, Grant, Role
from models.agency import Agency
from models.place import Province
from portal.core import clock
from portal.core.database.session import privileged, writing
from portal.core.jobs import worker
from portal.core.sign_in import HASHER
from portal.core.web import Portal
from portal.people import accounts
from portal.people.bulk import batches
from portal.people.bulk.standing import Which
from portal.tools.bench.table import Figure, Table, timed
from portal.tools.demo.present import FAMILY, GIVEN
from portal.tools.drill.cast import PASSWORD, acting

#: what each database does by itself after a table has grown: SQLite nothing
HOUSEKEEPING = {"postgresql": "ANALYZE", "sqlite": "SELECT 1"}
#: people who activate at the same time, as there are processors in what is measured
AT_ONCE = 2


def in_bulk(app: Portal, table: Table, dla_grant: int) -> list[int]:
    """Two accounts for every agency that lacks them, by the job; gives the accounts."""
    with app.app_context(), acting(dla_grant) as actor:
        batches.order(Which(), actor=actor, url="/")
    begun = time.perf_counter()
    worker.work(app, until_idle=True)
    took = time.perf_counter() - begun
    with app.app_context(), privileged("bench: accounts made in bulk") as session:
        waiting = select(Account.id).where(Account.name == "").order_by(Account.id)
        made = list(session.scalars(waiting))
    limit = _bare_inserts(app.settings.database_owner_url, len(made))
    note = f"{len(made) / took:,.0f} accounts a second"
    table.add(
        Figure(f"{len(made):,} accounts made in bulk", took, took, limit, "bare inserts of as many", note)
    )
    return made


def spread(app: Portal, made: list[int]) -> None:
    """Half of them are activated by now; of the others most have a code that is out, some none."""
    now = clock.now()
    people = [
        {
            "id": key,
            "name": f"{GIVEN[n % len(GIVEN)]} {FAMILY[n % len(FAMILY)]} {n}",
            "phone": f"08{n:08d}",
            "search_key": f"|{GIVEN[n % len(GIVEN)]}{FAMILY[n % len(FAMILY)]}{n}|08{n:08d}|",
            "activated_at": now,
            "version": 1,
        }
        for n, key in enumerate(made)
        if n % 4 in (0, 1)
    ]
    codes = [
        {
            "account_id": key,
            "code_hash": hashlib.sha256(secrets.token_bytes(16)).digest(),
            "expires_at": now + timedelta(days=30 if n % 3 else -1),
        }
        for n, key in enumerate(made)
        if n % 4 in (2, 3) and n % 10
    ]
    with app.app_context(), writing(), privileged("bench: people come to their accounts") as session:
        session.info["unrecorded"] = True
        session.execute(update(Account), people)
        session.connection().execute(insert(ActivationCode).inline(), codes)


def settled(app: Portal) -> None:
    """PostgreSQL's own housekeeping looks at tables that grew within a minute; the bench does not wait."""
    engine = create_engine(app.settings.database_owner_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(HOUSEKEEPING[engine.dialect.name]))
    engine.dispose()


def lists(app: Portal, table: Table, client: Any, *, times: int) -> None:
    """The users' list as the back office asks for it, beside its rows alone."""
    with app.app_context(), privileged("bench: what is looked for") as session:
        accounts_there = session.scalar(select(func.count(Account.id)))
        agency, province = _somewhere(session)
    page = "/admin/accounts/?"
    work = "/admin/people?"
    asked = {
        "first page": page,
        "an agency by name": page + "search=" + quote(agency),
        "a person by name": page + "search=" + quote(f"{GIVEN[1]} {FAMILY[1]}"),
        "a telephone number": page + "search=0800000404",
        "codes that have ended": page + "flt_state=code_ended",
        "admins of a province": page + f"flt_role=agency_admin&flt_province={province}",
        "accounts by state": work + "state=code_ended",
        "accounts of a province by state": work + f"state=code_out&province={province}",
    }
    with app.app_context(), privileged("bench: a page of rows") as session:
        rows = select(Account).order_by(Account.username).limit(25)

        def bare() -> None:
            session.expunge_all()
            session.scalars(rows).all()

        limit, _high = timed(bare, times=times)
    for name, address in asked.items():
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        middle, high = timed(partial(client.get, address), times=times)
        words = f"{accounts_there:,} users: {name}"
        table.add(Figure(words, middle, high, limit, "a page of its rows alone"))


def activated(app: Portal, table: Table, made: list[int], *, times: int) -> None:
    """Activations by two at once, beside the hashes of as many passwords."""
    waiting = [key for number, key in enumerate(made) if number % 4 in (2, 3)][:times]
    with app.app_context(), writing(), privileged("bench: codes") as session:
        codes = [accounts.issue_code(session, session.get_one(Account, key)) for key in waiting]

    def activate(code: str) -> None:
        with app.app_context():
            accounts.activate(code, PASSWORD)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        begun = time.perf_counter()
        list(pool.map(activate, codes))
        each = (time.perf_counter() - begun) / len(codes)
        begun = time.perf_counter()
        list(pool.map(HASHER.hash, codes))
        limit = (time.perf_counter() - begun) / len(codes)
    note = f"{1 / each:.0f} a second, {AT_ONCE} at once"
    table.add(Figure("an activation", each, each, limit, "argon2 of a password, as configured", note))


def _somewhere(session: Session) -> tuple[str, int]:
    """The name of an agency in the middle of the register, and the province of another."""
    short = session.scalars(select(Agency).order_by(Agency.id)).all()
    middle = short[len(short) // 2]
    place = session.scalar(
        select(Province.id)
        .join(Agency, Agency.province_id == Province.id)
        .join(Grant, Grant.agency_id == Agency.id)
        .where(Grant.role == Role.AGENCY_ADMIN)
        .order_by(Province.id.desc())
    )
    return f"{middle.kind.short}{middle.name}", place or 0


def _bare_inserts(url: str, rows: int) -> float:
    """As many accounts and rights by the driver alone, into tables without rules."""
    engine = create_engine(url)
    mark = "?" if engine.dialect.name == "sqlite" else "%s"
    people = [(n, f"{n:08d}-admin", f"{n:08d}-admin", "", "", "", True, 1) for n in range(rows)]
    rights = [(n, n, "agency_admin", n, "2018-11-09 03:00:00") for n in range(rows)]
    try:
        with engine.connect() as connection:
            return _timed_inserts(connection, mark, {"bare_account": people, "bare_right": rights})
    finally:
        engine.dispose()


def _timed_inserts(connection: Connection, mark: str, tables: Mapping[str, list[Any]]) -> float:
    """Seconds of the inserts alone, in one transaction; the tables are made before and dropped after."""
    cursor = connection.connection.cursor()
    with connection.begin():
        cursor.execute(
            "CREATE TABLE bare_account (id INTEGER PRIMARY KEY, u TEXT, f TEXT, n TEXT, e TEXT, p TEXT,"
            " a BOOLEAN, v INTEGER)"
        )
        cursor.execute(
            "CREATE TABLE bare_right (id INTEGER PRIMARY KEY, a INTEGER, r TEXT, g INTEGER, b TIMESTAMP)"
        )
    begun = time.perf_counter()
    with connection.begin():
        for name, values in tables.items():
            marks = ", ".join(mark for _value in values[0])
            cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", values)  # noqa: S608 - names of ours
    took = time.perf_counter() - begun
    with connection.begin():
        for name in tables:
            cursor.execute(f"DROP TABLE {name}")
    return took
