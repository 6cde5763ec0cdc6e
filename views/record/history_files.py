"""The history of a row as a file: what its page shows, all of its pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, request, url_for

from models.thai import thai_datetime_short
from portal.core import list_files
from portal.core.access import Permission as P
from portal.core.access import requires
from portal.core.list_files import AT_ONCE, MAKERS, ListFile, Maker, filters_said
from portal.core.texts import _
from portal.record import history
from reports.spreadsheets import Cell
from views.record import kinds
from views.record.histories import Change, Line, lines_of
from views.record.kinds import Kind
from views.record.narrowing import PERIODS, args_of, narrowing_of

blueprint = Blueprint("history_files", __name__, url_prefix="/history")
HISTORY = "record.history"
#: events that are read at once
PORTION = 500


@blueprint.route("/<thing>/<int:thing_id>/history.<any(xlsx, csv):ext>", methods=["GET", "POST"])
@requires(P.HOME_READ)
def of_row(thing: str, thing_id: int, ext: str) -> Any:
    """What was done to a row, narrowed as on its page. Raises NotFound for one that is out of reach."""
    kinds.found(thing, thing_id)
    args = args_of(request.args, "days", "by")
    back = url_for("history.of_row", thing=thing, thing_id=thing_id, **args)
    return list_files.answer(HISTORY, {"thing": thing, "thing_id": thing_id, "args": args}, ext, back=back)


def _history(arguments: Mapping[str, Any]) -> ListFile:
    thing, args = arguments["thing"], arguments["args"]
    kind, row = kinds.found(thing, arguments["thing_id"])
    rows, narrowing = kinds.rows_of(thing, kind, row), narrowing_of(args)
    by = history.names_of([narrowing.account_id]) if narrowing.account_id else {}
    filters = [(_("Period"), PERIODS.get(args.get("days", ""), "")), (_("By"), "".join(by.values()))]
    return ListFile(
        title=_("History of “%(name)s”", name=row),
        plain=f"history-{thing}-{row.id}",
        header=[_("Time"), _("Act"), _("Kind of data"), _("By"), _("Desk"), _("What changed")],
        rows=lambda: map(_cells, _lines(kind, rows, narrowing)),
        count=history.count(rows, acts_unsaid=kind.unsaid, narrowing=narrowing, most=AT_ONCE + 1),
        about=filters_said(filters),
    )


def _lines(kind: Kind, rows: history.Rows, narrowing: history.Narrowing) -> Iterator[Line]:
    more = True
    while more:
        events = history.of_rows(rows, acts_unsaid=kind.unsaid, narrowing=narrowing, most=PORTION)
        yield from lines_of(events)
        more = len(events) == PORTION
        narrowing = replace(narrowing, below=events[-1].id if events else None)


def _cells(line: Line) -> list[Cell]:
    changes = "\n".join(map(_said, line.changes))
    return [thai_datetime_short(line.at), line.act, line.thing, line.who, line.desk, changes]


def _said(change: Change) -> str:
    return f"{change.label}: {change.before} → {change.after}"


MAKERS[HISTORY] = Maker(_history, P.HOME_READ)
