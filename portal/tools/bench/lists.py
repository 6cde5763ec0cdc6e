"""Lists as files: the record's rows as CSV and XLSX, beside the database's own walk over the same rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import islice
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryFile

from portal.core import list_files
from portal.core.acting import seated
from portal.core.database.session import privileged
from portal.core.list_files import ABOVE, ListFile
from portal.core.serving.processes import stand_ready
from portal.core.sign_in import actor_for_grant
from portal.core.web import Portal
from portal.tools.bench.table import Figure, Table
from reports.sheet_rows import LARGEST_SHEET

RECORD = "generated.record"
BARE = (
    "SELECT e.at, e.act, e.thing, e.row, a.name, e.chain FROM audit_event e"
    " LEFT JOIN account a ON a.id = e.account_id ORDER BY e.id DESC LIMIT {}"
)
FETCHED = 500


def files(app: Portal, table: Table, grant_id: int) -> None:
    """Every event of the record as CSV, and as XLSX as many as a sheet holds."""
    stand_ready()  # as the worker does
    with app.app_context(), privileged("bench: whose file") as session:
        actor = actor_for_grant(session, grant_id)
    with app.test_request_context("/"), seated(actor):
        file = list_files.MAKERS[RECORD].make({"args": {}})
        rows = file.total() if file.total else file.count
        for kind, count in (("csv", rows), ("xlsx", min(rows, LARGEST_SHEET - ABOVE))):
            _measured(table, file, kind, count)


def _measured(table: Table, file: ListFile, kind: str, rows: int) -> None:
    limit, _busy = _timed(lambda: _walk(rows))
    before = getrusage(RUSAGE_SELF).ru_maxrss
    with TemporaryFile() as target:
        took, busy = _timed(lambda: list_files.write(file, islice(file.rows(), rows), target, ext=kind))
    more = (getrusage(RUSAGE_SELF).ru_maxrss - before) // 1024
    note = f"{rows / busy:,.0f} rows a second of CPU, {more} MiB more"
    table.add(Figure(f"{rows:,} events as {kind.upper()}", took, took, limit, "their bare rows", note))


def _walk(rows: int) -> None:
    """COPY to nobody on PostgreSQL, the driver's cursor on SQLite."""
    query = BARE.format(rows)
    with privileged("bench: rows by the driver alone") as session:
        connection = session.connection()
        driver = connection.connection.driver_connection
        assert driver is not None
        if connection.dialect.name == "postgresql":
            with driver.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT WITH CSV") as copy:
                for _part in copy:
                    pass
            return
        cursor = driver.execute(query)
        while cursor.fetchmany(FETCHED):
            pass


def _timed(act: Callable[[], None]) -> tuple[float, float]:
    """Seconds of the clock, and of this process's CPU."""
    begun, busy = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - begun, time.process_time() - busy
