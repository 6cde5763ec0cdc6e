"""Lists as files: the rows of the list as it is narrowed, in the person's scope, all pages of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from flask import Response, stream_with_context

from portal.core import clock
from portal.core.access import current_actor, scope_of
from portal.core.database.session import db, set_scope
from portal.core.errors import NotFound, Refused
from reports import spreadsheets
from views.generated import listing
from views.generated.described import DescribedView

#: rows fetched at once while a file is streamed
BATCH = 500
#: a workbook is built in memory; larger lists go out as CSV
MOST_ROWS_OF_A_WORKBOOK = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send(view: DescribedView, wanted: listing.ListQuery, kind: str) -> Response:
    """The list as a file. Raises NotFound for a kind that is not there, Refused for too long a workbook."""
    problems: dict[str, str] = {}
    query = listing.narrowed(view, wanted, problems)
    if problems:
        raise Refused("A filter of this list cannot be read: go back and mend it")
    header = [str(label) for _name, label in view._export_columns]
    name = f"{view.endpoint}-{clock.now():%Y%m%d-%H%M}.{kind}"
    if kind == "csv":
        rows = _rows(view, query, wanted)
        body: Any = stream_with_context(spreadsheets.csv_stream(header, rows))
        return _file(body, "text/csv; charset=utf-8", name)
    if kind == "xlsx":
        if listing.counted(view, query.limit(None)) > MOST_ROWS_OF_A_WORKBOOK:
            raise Refused("This list is too long for a workbook: narrow it or take the CSV file")
        sheet = spreadsheets.Sheet(str(view.name), header, list(_rows(view, query, wanted)))
        return _file(spreadsheets.xlsx_bytes([sheet]), XLSX, name)
    raise NotFound


def _rows(view: DescribedView, query: Any, wanted: listing.ListQuery) -> Iterator[list[Any]]:
    """The cells of every row, a batch at a time.

    The request's session ends with the request, before a streamed answer is read: this is a new one then with
    the same scope (also for what a cell looks up), given back at the end.
    """
    ordered = listing.ordered(view, query, wanted).options(*listing.related(view))
    names = [name for name, _label in view._export_columns]
    set_scope(db.session(), scope_of(current_actor()))
    try:
        for row in db.session.scalars(ordered.execution_options(yield_per=BATCH)):
            yield [view.cell_text(row, name) for name in names]
    finally:
        db.session.remove()


def _file(body: Any, content_type: str, name: str) -> Response:
    response = Response(body, content_type=content_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
