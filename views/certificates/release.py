"""The release of a round's certificates: who gets one, a real proof, and the one act that is final."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.round import Round
from models.thai import local_day
from portal.certificates import outlook, releasing
from portal.core import clock
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.forms import say
from portal.core.lookup import round_or_404
from portal.core.texts import _, lazy
from portal.letters.offices import missing_font, missing_for_letters
from portal.results.computing import INCOMPLETE, NOT_ASSESSABLE, WITHHELD
from portal.results.lists import figures_shown
from views.certificates.forms import ReleaseForm

blueprint = Blueprint("certificate_release", __name__, url_prefix="/rounds/<int:round_id>/certificates")
#: why an agency gets no certificate
REASONS: dict[str, Any] = {
    NOT_ASSESSABLE: lazy("The executive had not confirmed the data when preparation ended"),
    WITHHELD: lazy("A survey has so few answers that the total would give them away"),
    INCOMPLETE: lazy("At least one instrument has no score"),
}


@blueprint.route("/release", methods=["GET", "POST"])
@requires(P.LETTERS_NACC)
def release(round_id: int) -> Any:
    """Day and signatory; sent, a proof is ordered, or all are released by the one act."""
    round = round_or_404(round_id)
    proof = request.form.get("do") == "proof"
    form = _form()
    if proof:
        form.meant.validators = ()
    if form.validate_on_submit() and form.dated.data is not None:
        try:
            return redirect(_proof(round, form) if proof else _release(round, form))
        except Refused as refused:
            db.session.rollback()
            say(form, refused)
    elif not form.is_submitted() and outlook.release_of(round) is not None:
        return redirect(url_for("certificates.show", round_id=round_id))
    return _page(round_id, form)


def _proof(round: Round, form: ReleaseForm) -> str:
    """The real page of one agency's certificate is ordered; gives the address of its job."""
    assert form.dated.data is not None
    job = releasing.order_proof(
        round, signatory_id=form.signatory_id, dated=form.dated.data, actor=the_actor()
    )
    return url_for("jobs.show", job_id=job.id)


def _release(round: Round, form: ReleaseForm) -> str:
    """All are released; gives the address of their list."""
    assert form.dated.data is not None
    made = releasing.release(round, signatory_id=form.signatory_id, dated=form.dated.data)
    flash(_("%(count)s certificates are released", count=f"{made.count:,}"), "ok")
    return url_for("certificates.show", round_id=round.id)


def _form() -> ReleaseForm:
    form = ReleaseForm(dated=local_day(clock.now()))
    form.offer(outlook.nacc_office())
    return form


def _page(round_id: int, form: ReleaseForm) -> Any:
    round = round_or_404(round_id)
    office = outlook.nacc_office()
    texts = office.texts if office else {}
    shown = figures_shown(round)
    page = render_template(
        "certificates/release.html",
        form=form,
        this_round=round,
        shown=shown,
        outlook=outlook.outlook(round) if shown else None,
        problems=_problems(round),
        office=office,
        missing=missing_for_letters(texts),
        missing_font=missing_font(texts),
        reasons=REASONS,
    )
    return page, 422 if form.errors or form.form_errors else 200


def _problems(round: Round) -> list[Refused]:
    """What is said beside missing settings, which the page names one by one."""
    said = {outlook.NO_SETTINGS, outlook.NO_FONT}
    return [one for one in outlook.problems(round, outlook.nacc_office()) if one.message_id not in said]
