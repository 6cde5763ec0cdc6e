"""The workbook of a round: downloaded, filled, compared with the round, taken over; a step taken back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.downloads import XLSX, attachment
from portal.core.errors import NotFound, Refused
from portal.core.imports.errors import UnreadableFile
from portal.core.lookup import round_or_404
from portal.core.outside import whole
from portal.core.sent.versions import read_version
from portal.core.texts import _
from portal.rounds.building import books, steps
from portal.rounds.building.acts import step_words
from portal.rounds.content.differences import Change, summary_of
from portal.rounds.content.reading import content_of
from portal.rounds.content.sheets import BY_NAME
from portal.rounds.content.workbook import book_of, faults_book

blueprint = Blueprint("round_workbook", __name__)
#: rows that differ, and faults, that a page shows; of more their number
SHOWN = 200


@blueprint.route("/rounds/<int:round_id>/workbook", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def form(round_id: int) -> Any:
    """Take the workbook, and send it changed. It is read and kept; the round stays as it is."""
    round, error = round_or_404(round_id), ""
    if request.method == "POST":
        try:
            sent = request.files.get("file")
            if sent is None or not sent.filename:
                raise UnreadableFile("Choose a file first")
            file = books.keep_book(round, sent.read(), sent.filename, actor=the_actor())
        except Refused as refused:
            db.session.rollback()
            error, round = refused.message, round_or_404(round_id)
        else:
            return redirect(url_for("round_workbook.look", round_id=round_id, file_id=file.id))
    page = render_template(
        "rounds/workbook.html",
        this_round=round,
        error=error,
        draft=_is_draft(round),
        step=_step(round),
        step_words=step_words,
    )
    return page, 422 if error else 200


@blueprint.get("/rounds/<int:round_id>/workbook/round.xlsx")
@requires(P.ROUNDS_WRITE)
def download(round_id: int) -> Any:
    """The workbook of a round, whatever its state."""
    round = round_or_404(round_id)
    content = book_of(content_of(db.session(), round), name=round.name)
    return attachment(content, XLSX, f"{round.name}.xlsx", plain=f"round-{round.year_and_scheme}")


@blueprint.route("/rounds/<int:round_id>/workbook/<int:file_id>", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def look(round_id: int, file_id: int) -> Any:
    """What differs between the workbook and the round; sent, the round becomes what the workbook says."""
    round = round_or_404(round_id)
    sent = books.kept_book(round, file_id, actor=the_actor())
    if request.method == "POST":
        seen = read_version(request.form.get("version"))
        if books.take_over(round, sent, actor=the_actor(), seen_version=seen):
            flash(_("The round is now as the file says; it can be taken back"), "ok")
        else:
            flash(_("The workbook says what the round says already"), "info")
        return redirect(url_for("round_workbook.form", round_id=round_id))
    found = books.compare(round, sent.sheets)
    return render_template(
        "rounds/workbook_look.html",
        this_round=round,
        file_id=file_id,
        sent=sent,
        found=found,
        origin=books.origins(round, sent, actor=the_actor()),
        most=SHOWN,
        sheets=BY_NAME,
        summary=summary_of(found.differences),
        sheets_in=lambda found: ", ".join(str(BY_NAME[name].title) for name in found),
        Change=Change,
    )


@blueprint.get("/rounds/<int:round_id>/workbook/<int:file_id>/faults.xlsx")
@requires(P.ROUNDS_WRITE)
def faults(round_id: int, file_id: int) -> Any:
    """The workbook as it was sent, with a note at every cell that is to be mended."""
    round = round_or_404(round_id)
    sent = books.kept_book(round, file_id, actor=the_actor())
    found = books.compare(round, sent.sheets)
    if not found.faults:
        raise NotFound
    content = faults_book(sent.sheets, found.faults, name=round.name)
    return attachment(content, XLSX, f"{_('Cells to mend')}.xlsx", plain="cells-to-mend")


@blueprint.post("/rounds/<int:round_id>/steps/take-back")
@requires(P.ROUNDS_WRITE)
def take_back(round_id: int) -> Any:
    """Take the last step back: the one that the page shows."""
    round = round_or_404(round_id)
    step = steps.take_back(round, number=whole(request.form.get("number"), least=1) or 0)
    flash(_("Taken back: %(what)s", what=step.what), "ok")
    return redirect(url_for("round_workbook.form", round_id=round_id))


def _is_draft(round: Any) -> bool:
    try:
        steps.require_draft(round)
    except Refused:
        return False
    return True


def _step(round: Any) -> Any:
    return steps.last_step(round) if _is_draft(round) else None
