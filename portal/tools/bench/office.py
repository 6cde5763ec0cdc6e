"""The officers' side: import, status page, lists, start."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from config import ROOT, Settings
from models.agency import Agency
from models.descriptive import DescriptiveField, FieldKind, FieldOwner
from models.participation import Participation
from portal.ballot.wall import system_transaction
from portal.core import audit, described_files
from portal.core.database.session import privileged, writing
from portal.core.serving.processes import stand_ready
from portal.core.web import Portal
from portal.register.file import read_agencies
from portal.tools.bench.table import Figure, Table, timed
from portal.tools.drill.server import HOST, free_port

GROUPED = (
    "SELECT province_id, count(*), count(activated_at), count(headcount),"
    " count(*) FILTER (WHERE roster_count > 0), count(*) FILTER (WHERE state = 'confirmed')"
    " FROM participation GROUP BY province_id"
)
NEWEST = "SELECT * FROM audit_event ORDER BY id DESC LIMIT 50"
COUNTED = "SELECT province_id, sum(count) FROM answer_count WHERE instrument = 'iit' GROUP BY province_id"
OF_ASSESSOR = "SELECT * FROM participation WHERE id IN (SELECT participation_id FROM assignment)"
QUESTIONS, ITEMS = "SELECT * FROM question", "SELECT * FROM oit_item"
LARGEST = (
    "SELECT * FROM roster_entry WHERE participation_id ="
    " (SELECT id FROM participation ORDER BY roster_count DESC LIMIT 1)"
)
SEARCHED = "%E0%B8%9B%E0%B8%B4%E0%B8%95%E0%B8%B4%20%E0%B8%97%E0%B8%94%E0%B8%A5%E0%B8%AD%E0%B8%87%20499"
OIT_STATES = "SELECT province_id, state, count(*) FROM disclosure GROUP BY province_id, state"
SHORT_FORM = "%E0%B8%AD%E0%B8%9A%E0%B8%95.%E0%B8%9A%E0%B8%B2%E0%B8%87"
LISTED = "SELECT * FROM agency ORDER BY sort_key LIMIT 25"
DESCRIBED = (
    "SELECT * FROM agency WHERE CAST((described ->> 'area') AS NUMERIC) >= 500"
    " ORDER BY CAST((described ->> 'area') AS NUMERIC) DESC NULLS LAST, id LIMIT 25"
)


def registry_import(
    table: Table, content: bytes, name: str, apply: Callable[[Any], Any], folder: Path
) -> None:
    """Reading, planning and writing the whole register, beside writing its rows with the driver alone."""
    begun = time.perf_counter()
    plan = apply(read_agencies(content, name))
    took = time.perf_counter() - begun
    rows = [line.split(",") for line in content.decode("utf-8-sig").splitlines()[1:] if line.strip()]
    table.add(
        Figure(
            f"register imported: {len(plan.new):,} agencies",
            took,
            took,
            _bare_import(rows, folder),
            "bare inserts of the same lines",
        )
    )


def pages(app: Portal, table: Table, client: Any, round_id: int, *, times: int) -> None:
    """Server time of the country's status page and of the list of agencies, beside their SQL alone."""
    for name, url, query in (
        ("status page of the country", f"/rounds/{round_id}/status", GROUPED),
        ("list of agencies, first page", "/admin/agencies/", LISTED),
        ("list of agencies, searched", "/admin/agencies/?search=%E0%B8%97%E0%B9%88%E0%B8%B2", LISTED),
    ):
        page(app, table, name, client, url, query, times=times)


def described_list(app: Portal, table: Table, client: Any, *, times: int) -> None:
    """The list of agencies narrowed and sorted by a descriptive field that every agency holds."""
    with app.app_context(), writing(), privileged("a bench describes agencies") as session:
        with audit.unrecorded(session):
            field = DescriptiveField(
                owner=FieldOwner.AGENCY, key="area", label="เนื้อที่", heading="เนื้อที่", kind=FieldKind.NUMBER
            )
            session.add(field)
        keys = session.scalars(select(Agency.id)).all()
        rows = ((key, {"described_area": key * 7919 % 1000}) for key in keys)
        described_files.write(session, FieldOwner.AGENCY, rows)
    url = "/admin/agencies/?flt_described_area.from=500&sort=described_area&desc=1"
    page(app, table, "list of agencies, by a descriptive field", client, url, DESCRIBED, times=times)


def page(app: Portal, table: Table, name: str, client: Any, url: str, query: str, *, times: int) -> None:
    """Server time of one page, beside its query by the driver alone."""
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    middle, high = timed(lambda: client.get(url), times=times)
    with app.app_context(), system_transaction() as connection:
        reader = connection.connection.cursor()  # the driver's own

        def bare() -> None:
            reader.execute(query)
            reader.fetchall()

        limit, _high = timed(bare, times=times)
    table.add(Figure(name, middle, high, limit, "its query alone", f"{len(answer.data) // 1024} KiB"))


def full_pages(app: Portal, table: Table, clients: dict[str, Any], round_id: int, *, times: int) -> None:
    """The pages that grow with what hangs on a round, each by who uses it, beside SQL of the same rows."""
    with app.app_context(), privileged("bench: the province with most agencies") as session:
        here = select(Participation.province_id).where(Participation.round_id == round_id)
        place_id = session.scalar(
            here.group_by(Participation.province_id).order_by(func.count().desc()).limit(1)
        )
    stand_ready()  # as the server's workers do
    for person, name, url, query in (
        ("dla", "record, searched for a person", "/admin/record/?search=drill-dla", NEWEST),
        ("dla", "record, one kind of act", "/admin/record/?flt_act=accounts.edit", NEWEST),
        ("dla", "status: preparation", f"/rounds/{round_id}/status", GROUPED),
        ("dla", "status: IIT", f"/rounds/{round_id}/status?tab=iit", COUNTED),
        ("dla", "status: EIT", f"/rounds/{round_id}/status?tab=eit", COUNTED),
        ("dla", "status: OIT", f"/rounds/{round_id}/status?tab=oit", OIT_STATES),
        ("dla", "status: agencies, all stages", f"/rounds/{round_id}/status/agencies", GROUPED),
        ("dla", "status: agencies, searched", f"/rounds/{round_id}/status/agencies?q={SHORT_FORM}", GROUPED),
        ("dla", "status: IIT over time", f"/rounds/{round_id}/status/progress?survey=iit", COUNTED),
        ("dla", "status: a province", f"/rounds/{round_id}/status/provinces/{place_id}", GROUPED),
        ("dla", "late agencies of the country", f"/rounds/{round_id}/chasing", COUNTED),
        ("assessor", "an assessor's agencies", f"/rounds/{round_id}/assessor", OF_ASSESSOR),
        ("nacc", "questions of a round", f"/rounds/{round_id}/questions/", QUESTIONS),
        ("nacc", "OIT items of a round", f"/rounds/{round_id}/oit-items/", ITEMS),
        (
            "admin",
            "roster of thousands, searched",
            f"/rounds/{round_id}/preparation/roster?q={SEARCHED}",
            LARGEST,
        ),
    ):
        page(app, table, name, clients[person], url, query, times=times)


def second_start(table: Table, settings: Settings) -> None:
    """From ``run.py start`` on a database that is there, to the first page."""
    port = free_port()
    environment = {
        **os.environ,
        "PORT": str(port),
        "INSTANCE_DIR": str(settings.instance_dir),
        "DEMO": "1",
        "DATABASE_URL": settings.database_url,
        "DATABASE_OWNER_URL": settings.database_owner_url,
        "KEY_DIR": str(settings.key_dir),
    }
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import run; run.create_app"], cwd=ROOT, check=True)
    limit = time.perf_counter() - begun
    begun = time.perf_counter()
    command = [sys.executable, "run.py", "start"]
    with subprocess.Popen(  # noqa: S603 - our own programme
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    ) as process:
        wait_for_any_page(port, "/sign-in")
        took = time.perf_counter() - begun
        os.killpg(process.pid, signal.SIGTERM)
    table.add(Figure("second start, to the first page", took, took, limit, "Python with run.py alone"))


def wait_for_any_page(port: int, path: str = "/", *, seconds: float = 60.0) -> None:
    """Wait until a server answers. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        connection = HTTPConnection(HOST, port, timeout=10)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass  # nobody listens yet
        finally:
            connection.close()
        time.sleep(0.05)
    raise TimeoutError("the portal did not start")


def _bare_import(rows: list[list[str]], folder: Path) -> float:
    database = sqlite3.connect(folder / "bare-import.db", isolation_level=None)
    columns = max(map(len, rows))
    database.execute(f"CREATE TABLE line ({', '.join(f'c{n} TEXT' for n in range(columns))})")
    filled = [row + [""] * (columns - len(row)) for row in rows]
    begun = time.perf_counter()
    database.execute("BEGIN")
    database.executemany(f"INSERT INTO line VALUES ({', '.join('?' * columns)})", filled)  # noqa: S608
    database.execute("COMMIT")
    took = time.perf_counter() - begun
    database.close()
    return took
