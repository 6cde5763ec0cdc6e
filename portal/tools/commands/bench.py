"""``make bench``: the figures that matter, in one table, beside the physical limit of the same work."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from config import ROOT, Settings
from models.account import Account, Grant
from models.assessor import AssessorBody
from models.round import Round
from models.survey import SurveyLink
from portal.core.access import SYSTEM_ACTOR, scope_of
from portal.core.database import migrate
from portal.core.database.session import db, privileged, set_scope, writing
from portal.core.sessions import begin_session
from portal.register import places
from portal.register.importing import apply_registry
from portal.tools.bench import (
    filler,
    letters,
    lists,
    office,
    opening,
    overload,
    people,
    posters,
    record,
    respondent,
    sectors,
    slips,
    trends,
    years,
)
from portal.tools.bench.amounts import LITTLE, Amounts
from portal.tools.bench.table import HEAD, Table
from portal.tools.drill.clock_file import own_clock, standing
from portal.tools.drill.plan import Plan
from portal.tools.drill.register_file import registry_file, small_register
from portal.tools.drill.report import Report
from portal.tools.drill.server import HOST, free_port, serving
from portal.tools.drill.walk import Walk, settings_of_walk

#: the user names of those who look at the pages
PEOPLE = {"dla": "drill-dla", "nacc": "drill-nacc", "assessor": "drill-assessor", "admin": r"drill-a\d+"}
TWO_AGENCIES = Plan(provinces=1, agencies=2, incomplete=0, surveyed=2)


def run(settings: Settings, make_app: Callable[[Settings], Any], *, small: bool = False) -> int:
    """Measure in a folder that is thrown away, with the real register where it is at hand.

    On SQLite; with BENCH_DATABASE_URL on an empty database of PostgreSQL (BENCH_DATABASE_OWNER_URL migrates
    it), which is left as it is. A small bench does everything once; BENCH_SHARE fills in more or less of the
    country (1: all of it).
    """
    share = float(os.environ.get("BENCH_SHARE", Amounts.share))
    amounts = LITTLE if small else Amounts(share=share)
    content, file = small_register() if small else registry_file(settings)
    with tempfile.TemporaryDirectory(prefix="bench-") as name, own_clock(Path(name)) as clock_file:
        folder = Path(name)
        own = _settings(settings, folder)
        migrate.upgrade(own.database_owner_url)
        app = make_app(own)
        try:
            _measure(app, amounts, (content, file), folder, clock_file)
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
    return 0


def _measure(app: Any, amounts: Amounts, registry: tuple[bytes, str], folder: Path, clock_file: Path) -> None:
    print(f"Register: {registry[1]}")
    print(HEAD)
    table = Table()
    _officers(app, table, registry, folder)
    walk = Walk(app, TWO_AGENCIES, Report(quiet=True), clock_file=clock_file)
    round_id, code = _open_round(app, walk, folder)
    clients = {key: _client(app, name) for key, name in PEOPLE.items()}
    _years(app, table, walk.cast.nacc, clients["nacc"], amounts)
    _people(app, table, walk.cast.dla, clients["dla"], amounts)
    record.measured(app, table, times=amounts.events)
    _full(app, table, clients, round_id, amounts)
    lists.files(app, table, walk.cast.dla)
    _pages_and_letters(app, table, clients["dla"], round_id, amounts)
    _sectors(app, table, walk.cast.nacc, clients["dla"], round_id, amounts)
    with standing(clock_file) as moment:
        respondent.in_process(app, table, code, folder, amounts)
        with serving(app.settings, moment) as port, _bare_server() as bare_port:
            respondent.over_http(table, port, bare_port, code, amounts)
            overload.measured(app, table, port, round_id, amounts)
    with app.app_context():
        opening.measured(table, walk, folder / "key")
    office.second_start(table, app.settings)


def _settings(settings: Settings, folder: Path) -> Settings:
    url = os.environ.get("BENCH_DATABASE_URL") or None
    owner = os.environ.get("BENCH_DATABASE_OWNER_URL", url or "")
    return settings_of_walk(replace(settings, database_owner_url=owner), folder, database_url=url)


def _officers(app: Any, table: Table, registry: tuple[bytes, str], folder: Path) -> None:
    def apply(read: Any) -> Any:
        with writing(), privileged("bench: register") as session:
            return apply_registry(session, read)

    with app.app_context():
        with writing(), privileged("bench: places") as session:
            places.load_places(session)
        office.registry_import(table, *registry, apply, folder)


def _open_round(app: Any, walk: Walk, folder: Path) -> tuple[int, str]:
    with app.app_context():
        walk.open_round(folder / "key")
        walk.prepare()
        with privileged("bench: a link") as session:
            code = session.scalars(select(SurveyLink.code).order_by(SurveyLink.id)).first()
            round_id = session.scalars(select(Round.id)).one()
    assert code is not None, "the small walk has confirmed an agency"
    return round_id, code


def _client(app: Any, name: str) -> Any:
    """A browser of the first account whose name fits."""
    client = app.test_client()
    with app.app_context(), writing(), privileged("bench: signing in") as session:
        accounts = session.scalars(select(Account).join(Grant).order_by(Account.id))
        token = begin_session(session, next(one for one in accounts if re.fullmatch(name, one.username)))
    with client.session_transaction() as stored:
        stored["_user_id"], stored["_fresh"] = token, True
    return client


def _years(app: Any, table: Table, nacc_grant: int, client: Any, amounts: Amounts) -> None:
    """New years beside the round that is open and two that are over."""
    agencies = filler.Size.of(amounts.share).agencies
    with app.app_context():
        draft = years.made(nacc_grant)
        over = trends.made(agencies)
        people.settled(app)
    years.pages(app, table, client, draft, times=amounts.pages)
    trends.pages(app, table, client, draft, over, agencies, times=amounts.pages)
    with app.app_context():
        years.taken_up(app, table, nacc_grant, draft)
        years.copied(app, table, nacc_grant, draft, times=amounts.copies)
        years.stepped(app, table, nacc_grant, draft, times=amounts.copies)


def _people(app: Any, table: Table, dla_grant: int, client: Any, amounts: Amounts) -> None:
    """Everybody's account: made, found, activated."""
    made = people.in_bulk(app, table, dla_grant)
    people.spread(app, made)
    people.settled(app)
    people.lists(app, table, client, times=amounts.pages)
    waiting = [key for number, key in enumerate(made) if number % 4 in (2, 3)]
    slips.printed(app, table, dla_grant, waiting[: amounts.slips])
    people.activated(app, table, made, times=amounts.activations)


def _sectors(app: Any, table: Table, nacc_grant: int, client: Any, round_id: int, amounts: Amounts) -> None:
    """Another sector beside the full one."""
    with app.app_context():
        other = sectors.made(nacc_grant)
    clients = client, _client(app, sectors.OFFICER)
    sectors.pages(app, table, clients, (round_id, other), times=amounts.pages)


def _full(app: Any, table: Table, clients: dict[str, Any], round_id: int, amounts: Amounts) -> None:
    """The same portal as full as a share of the country at the end of a year."""
    with app.app_context():
        with privileged("bench: the assessor body") as session:
            body = session.scalars(select(AssessorBody.id)).first()
        assert body is not None
        begun = time.perf_counter()
        written = filler.fill(
            round_id, filler.Size.of(amounts.share), body_id=body, largest=amounts.largest_roster
        )
        took = time.perf_counter() - begun
    rows = written.answers + written.people + written.events
    print(
        f"filled in {took:.0f} s: {written.agencies:,} agencies, {written.answers:,} answers,"
        f" {written.people:,} names, {written.events:,} events ({rows / took:,.0f} rows a second)"
    )
    office.full_pages(app, table, clients, round_id, times=amounts.pages)


def _pages_and_letters(app: Any, table: Table, client: Any, round_id: int, amounts: Amounts) -> None:
    office.pages(app, table, client, round_id, times=amounts.pages)
    office.described_list(app, table, client, times=amounts.pages)
    with app.app_context():
        set_scope(db.session(), scope_of(SYSTEM_ACTOR))
        letters.letters(table, db.session.get_one(Round, round_id), times=amounts.letters)
        posters.books(table, sheets=amounts.posters)


@contextmanager
def _bare_server() -> Iterator[int]:
    """The same server with the smallest application."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "granian",
        "portal.tools.bench.respondent:bare_application",
        "--interface",
        "wsgi",
        "--host",
        HOST,
        "--port",
        str(port),
        "--workers",
        "1",
        "--log-level",
        "warning",
    ]
    with subprocess.Popen(command, cwd=ROOT) as process:  # noqa: S603 - our own programme
        try:
            office.wait_for_any_page(port)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=20)
