"""A table of others read into a draft: sent, its columns named on screen, then the way of a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from models.instrument import InstrumentKind
from models.round import Round
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.imports.errors import UnreadableFile
from portal.core.imports.foreign import ForeignTable
from portal.core.lookup import round_or_404
from portal.rounds.building import books, previews
from portal.rounds.building.books import KeptTable
from portal.rounds.content.mapping import TARGETS, Choice, missing_parts
from portal.rounds.content.sheets import BY_NAME
from portal.rounds.content.suggesting import likely_target, row_sets, suggested

blueprint = Blueprint("round_table", __name__)
#: rows of the sent table that the page shows
SHOWN = 5
#: fields of the form: before the name of a part, its column; its words for all rows; which rows
COLUMN, GIVEN, ROWS = "column-", "given-", "rows"
#: in an address a column is its number behind this sign: headings may be long
PLACE = "~"
#: the kind of table is to be known by its headings
BY_HEADINGS = "headings"


@blueprint.route("/rounds/<int:round_id>/table", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def form(round_id: int) -> Any:
    """Send a table as it is, and say of what it is, or let its headings say so."""
    round, error = round_or_404(round_id), None
    target = request.form.get("target", BY_HEADINGS)
    if request.method == "POST":
        try:
            file = _taken(round, target)
        except Refused as refused:
            db.session.rollback()
            error, round = refused, round_or_404(round_id)
        else:
            return redirect(url_for("round_table.columns", round_id=round_id, file_id=file.id))
    page = render_template(
        "rounds/table.html",
        this_round=round,
        error=error.message if error else "",
        at=(error.field or "file") if error else "",
        targets=TARGETS.values(),
        target=target,
        by_headings=BY_HEADINGS,
    )
    return page, 422 if error else 200


def _taken(round: Round, target: str) -> Any:
    """The sent table, kept. Raises Refused."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise UnreadableFile("Choose a file first")
    if target != BY_HEADINGS and target not in TARGETS:
        raise Refused("Choose what the table is of", field="target")
    return books.keep_table(
        round,
        sent.read(),
        sent.filename,
        lambda table: _known(table) if target == BY_HEADINGS else target,
        actor=the_actor(),
    )


def _known(table: ForeignTable) -> str:
    target = likely_target(table)
    if not target:
        raise Refused(
            "The headings do not say what the table is of: choose it, and the file again", field="target"
        )
    return target


@blueprint.route("/rounds/<int:round_id>/table/<int:file_id>", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def columns(round_id: int, file_id: int) -> Any:
    """Say which column is what, beside the first rows as they would be held; then see what would change."""
    round = round_or_404(round_id)
    kept = books.kept_table(round, file_id, actor=the_actor())
    choice = _choice(kept, request.values)
    if request.method == "GET" and ROWS not in request.args:
        choice = suggested(kept.table, TARGETS[kept.target], round.fiscal_year)
    missing = missing_parts(choice)
    wanted = request.method == "POST" and "again" not in request.form
    if wanted and not missing:
        sent = replace(books.said_by(round, kept, choice), table_id=file_id)
        file = books.keep_sheets(round, sent, actor=the_actor())
        return redirect(url_for("round_workbook.look", round_id=round_id, file_id=file.id))
    if request.method == "POST" and not wanted:
        return redirect(
            url_for("round_table.columns", round_id=round_id, file_id=file_id, **_said(kept, choice))
        )
    page = render_template(
        "rounds/table_columns.html",
        this_round=round,
        kept=kept,
        target=TARGETS[kept.target],
        choice=choice,
        missing=missing,
        refused=wanted,
        read_so=None if missing else previews.preview(round, kept, choice),
        rows=kept.table.rows[:SHOWN],
        sets=row_sets(kept.table),
        set_of=lambda heading, value: f"{_place(kept, heading)}:{value}" if heading else "",
        instruments=[(kind.value, kind.name) for kind in InstrumentKind],
        sheet_of=lambda fault: BY_NAME[fault.sheet],
    )
    return page, 422 if wanted else 200


def _choice(kept: KeptTable, sent: Mapping[str, str]) -> Choice:
    """What the form says; a heading that the table does not have counts as none."""
    parts = TARGETS[kept.target].parts
    named = {part.name: _heading(kept, sent.get(COLUMN + part.name, "")) for part in parts}
    given = {part.name: sent.get(GIVEN + part.name, "") for part in parts if part.given}
    place, _colon, value = sent.get(ROWS, "").partition(":")
    where = _heading(kept, PLACE + place) if place else ""
    return Choice(
        kept.target,
        {name: heading for name, heading in named.items() if heading},
        {name: words for name, words in given.items() if words},
        (where, value) if where else ("", ""),
    )


def _heading(kept: KeptTable, said: str) -> str:
    """The heading that a field names, by itself or by its place."""
    headings = kept.table.headings
    if said in headings:
        return said
    place = said.removeprefix(PLACE)
    known = said.startswith(PLACE) and place.isdecimal() and len(place) < 5 and int(place) < len(headings)
    return headings[int(place)] if known else ""


def _place(kept: KeptTable, heading: str) -> int:
    return kept.table.headings.index(heading)


def _said(kept: KeptTable, choice: Choice) -> dict[str, Any]:
    """A choice as the arguments of an address."""
    heading, value = choice.where
    said = {COLUMN + name: f"{PLACE}{_place(kept, column)}" for name, column in choice.columns.items()}
    said |= {GIVEN + name: words for name, words in choice.given.items()}
    return {**said, ROWS: f"{_place(kept, heading)}:{value}" if heading else ""}
