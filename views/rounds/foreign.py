"""A table of others read into a draft: sent, its columns named on screen, then the way of a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from models.instrument import InstrumentKind
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.imports.errors import UnreadableFile
from portal.core.lookup import round_or_404
from portal.core.texts import _
from portal.rounds.building import books
from portal.rounds.building.books import KeptTable
from portal.rounds.content.mapping import TARGETS, Choice, guessed, missing_parts

blueprint = Blueprint("round_table", __name__)
#: rows of the sent table that the page shows
SHOWN = 5
#: fields of the form: before the name of a part, its column; its words for all rows
COLUMN, GIVEN = "column-", "given-"
WHERE, VALUE = "where", "value"


@blueprint.route("/rounds/<int:round_id>/table", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def form(round_id: int) -> Any:
    """Send a table as it is, and say of what it is."""
    round, error = round_or_404(round_id), ""
    target = request.form.get("target", "items")
    if request.method == "POST":
        try:
            sent = request.files.get("file")
            if sent is None or not sent.filename:
                raise UnreadableFile("Choose a file first")
            if target not in TARGETS:
                raise Refused("Choose what the table is of")
            file = books.keep_table(round, sent.read(), sent.filename, target, actor=the_actor())
        except Refused as refused:
            db.session.rollback()
            error, round = refused.message, round_or_404(round_id)
        else:
            return redirect(url_for("round_table.columns", round_id=round_id, file_id=file.id))
    page = render_template(
        "rounds/table.html", this_round=round, error=error, targets=TARGETS.values(), target=target
    )
    return page, 422 if error else 200


@blueprint.route("/rounds/<int:round_id>/table/<int:file_id>", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def columns(round_id: int, file_id: int) -> Any:
    """Say which column is what, beside the first rows; then what would change is shown."""
    round = round_or_404(round_id)
    kept = books.kept_table(round, file_id, actor=the_actor())
    choice = Choice(kept.target, guessed(kept.table, TARGETS[kept.target]))
    error = ""
    if request.method == "POST":
        choice = _choice(kept, request.form)
        missing = missing_parts(choice)
        if not missing:
            sent = books.said_by(round, kept, choice)
            file = books.keep_sheets(round, sent, actor=the_actor())
            return redirect(url_for("round_workbook.look", round_id=round_id, file_id=file.id))
        names = ", ".join(str(part.title) for part in missing)
        error = _("Say which column holds: %(parts)s", parts=names)
    page = render_template(
        "rounds/table_columns.html",
        this_round=round,
        kept=kept,
        target=TARGETS[kept.target],
        choice=choice,
        error=error,
        rows=kept.table.rows[:SHOWN],
        instruments=[(kind.value, kind.name) for kind in InstrumentKind],
    )
    return page, 422 if error else 200


def _choice(kept: KeptTable, sent: Mapping[str, str]) -> Choice:
    """What the form says; a heading that the table does not have counts as none."""
    parts = TARGETS[kept.target].parts
    named = {part.name: sent.get(COLUMN + part.name, "") for part in parts}
    given = {part.name: sent.get(GIVEN + part.name, "") for part in parts if part.given}
    where = sent.get(WHERE, "")
    return Choice(
        kept.target,
        {name: heading for name, heading in named.items() if heading in kept.table.headings},
        {name: words for name, words in given.items() if words},
        (where, sent.get(VALUE, "").strip()) if where in kept.table.headings else ("", ""),
    )
