"""What was destroyed of a round's keys: the certificate that holds, the ones before, and the form."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import undefer

from models.destruction import KeyDestruction
from models.letter import StoredFile
from models.round import Round
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.downloads import PDF, attachment
from portal.core.errors import Refused
from portal.core.forms import say
from portal.core.lookup import one_or_404, round_or_404
from portal.core.texts import _
from portal.destruction import papers, writing
from portal.destruction.seen import look
from views.destruction.forms import DestructionForm

blueprint = Blueprint("destruction", __name__, url_prefix="/rounds/<int:round_id>/keys/destroyed")


@blueprint.get("")
@requires(P.BOXES_CLOSE)
def show(round_id: int) -> Any:
    """The certificate of a round with those whose place it took; before, what comes first."""
    round = round_or_404(round_id)
    written = writing.written_for(round)
    return render_template(
        "destruction/show.html",
        this_round=round,
        current=written[0] if written else None,
        copies=papers.copies_of(written[0]) if written else [],
        former=written[1:],
        hindrance=_hindrance(round),
        next_number=writing.next_number(round),
    )


@blueprint.route("/<int:number>/write", methods=["GET", "POST"])
@requires(P.BOXES_CLOSE)
def write(round_id: int, number: int) -> Any:
    """Write the certificate of this number: the first, or one that takes the place of the one before."""
    round = round_or_404(round_id)
    before = writing.written_for(round)
    form = DestructionForm.of(papers.copies_of(before[0]) if before and number > 1 else None)
    if request.form.get("do") == "more":
        form.another_copy()
    elif form.validate_on_submit():
        try:
            if form.agrees_with(look(round)):
                return redirect(_written(round, number, form))
        except Refused as refused:
            db.session.rollback()
            say(form, refused)
    elif not form.is_submitted() and number != writing.next_number(round):
        return redirect(url_for("destruction.show", round_id=round.id))
    round = round_or_404(round_id)
    page = render_template(
        "destruction/write.html", form=form, this_round=round, number=number, hindrance=_hindrance(round)
    )
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.post("/<int:number>/print")
@requires(P.BOXES_CLOSE)
def print_(round_id: int, number: int) -> Any:
    """Print a certificate whose print failed; the first print is kept."""
    job = writing.order_print(_certificate(round_id, number), actor=the_actor())
    return redirect(url_for("jobs.show", job_id=job.id))


@blueprint.get("/<int:number>.pdf")
@requires(P.BOXES_CLOSE)
def pdf(round_id: int, number: int) -> Any:
    """A certificate as it was printed. Raises NotFound before."""
    certificate = _certificate(round_id, number)
    query = select(StoredFile).where(StoredFile.id == certificate.file_id)
    stored = one_or_404(query.options(undefer(StoredFile.content)))
    plain = f"key-destruction-{round_id}-{number}"
    return attachment(stored.content, PDF, stored.name, plain=plain, inline=True)


def _written(round: Round, number: int, form: DestructionForm) -> str:
    """The certificate is written and its print ordered; gives the address of its page."""
    reason = form.reason.data if "reason" in form else ""
    made = writing.write(round, form.stated(), number=number, reason=reason or "", actor=the_actor())
    flash(_("Certificate %(number)s is written: its PDF is being made", number=made.number_said), "ok")
    return url_for("destruction.show", round_id=round.id)


def _certificate(round_id: int, number: int) -> KeyDestruction:
    found: KeyDestruction = one_or_404(
        select(KeyDestruction).where(KeyDestruction.round_id == round_id, KeyDestruction.number == number)
    )
    return found


def _hindrance(round: Round) -> Refused | None:
    """Why nothing can be written now; None where it can."""
    try:
        look(round)
    except Refused as refused:
        return refused
    return None
