"""``make bench``: the figures that matter, in one table, beside the physical limit of the same work."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select

from config import ROOT, Settings
from models.account import Account, Grant
from models.round import Round
from models.survey import SurveyLink
from portal.core import clock
from portal.core.access import SYSTEM_ACTOR, scope_of
from portal.core.database import migrate
from portal.core.database.session import db, privileged, set_scope, writing
from portal.core.sign_in import begin_session
from portal.register import places
from portal.register.importing import apply_registry
from portal.tools.bench import office, respondent
from portal.tools.bench.table import HEAD, Table
from portal.tools.commands.drill import registry_file
from portal.tools.drill.plan import Plan
from portal.tools.drill.report import Report
from portal.tools.drill.server import HOST, free_port, serving
from portal.tools.drill.walk import Walk, settings_of_walk

SMALL = Plan(provinces=1, agencies=2, incomplete=0, surveyed=2)


def run(settings: Settings, make_app: Callable[[Settings], Any]) -> int:
    """Measure on SQLite in a folder that is thrown away, with the real register where it is at hand."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        clock_file = folder / "clock"
        clock_file.write_text(clock.now().isoformat())
        os.environ["PORTAL_CLOCK"] = str(clock_file)
        own = settings_of_walk(settings, folder)
        migrate.upgrade(own.database_owner_url)
        app = make_app(own)
        content, file = registry_file(settings)
        print(HEAD)
        table = Table()
        _officers(app, table, content, file, folder)
        walk = Walk(app, SMALL, Report(quiet=True), clock_file=clock_file)
        round_id, code = _open_round(app, walk, folder)
        _pages_and_letters(app, table, round_id, folder)
        respondent.in_process(app, table, code, folder)
        with serving(own, clock_file) as port, _bare_server() as bare_port:
            respondent.over_http(table, port, bare_port, code)
        office.second_start(table, own)
    os.environ.pop("PORTAL_CLOCK", None)
    return 0


def _officers(app: Any, table: Table, content: bytes, file: str, folder: Path) -> None:
    def apply(read: Any) -> Any:
        with writing(), privileged("bench: register") as session:
            return apply_registry(session, read)

    with app.app_context():
        with writing(), privileged("bench: places") as session:
            places.load_places(session)
        office.registry_import(table, content, file, apply, folder)


def _open_round(app: Any, walk: Walk, folder: Path) -> tuple[int, str]:
    with app.app_context():
        walk.open_round(folder / "key")
        walk.prepare()
        with privileged("bench: a link") as session:
            code = session.scalars(select(SurveyLink.code).order_by(SurveyLink.id)).first()
            round_id = session.scalars(select(Round.id)).one()
    assert code is not None, "the small walk has confirmed an agency"
    return round_id, code


def _pages_and_letters(app: Any, table: Table, round_id: int, folder: Path) -> None:
    client = app.test_client()
    with app.app_context(), writing(), privileged("bench: signing in") as session:
        account = session.scalars(select(Account).join(Grant).where(Account.username == "drill-dla")).one()
        token = begin_session(session, account)
    with client.session_transaction() as stored:
        stored["_user_id"], stored["_fresh"] = token, True
    office.pages(app, table, client, round_id, folder / "drill.db")
    with app.app_context():
        set_scope(db.session(), scope_of(SYSTEM_ACTOR))
        office.letters(table, db.session.get_one(Round, round_id))


@contextmanager
def _bare_server() -> Iterator[int]:
    """The same server with the smallest application."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "portal.tools.bench.respondent:bare_application",
        "--interface", "wsgi", "--host", HOST, "--port", str(port),
        "--workers", "1", "--log-level", "warning",
    ]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT) as process:  # noqa: S603 - our own programme
        try:
            office.wait_for_any_page(port)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=20)
