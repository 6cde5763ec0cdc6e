"""Until when a round's rosters keep personal data, and the certificate that they were erased."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import undefer

from models.letter import StoredFile
from models.round import Round, RoundState
from models.thai import local_day, thai_date
from portal.core import clock
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.downloads import PDF, attachment
from portal.core.errors import NotFound, Refused
from portal.core.forms import say
from portal.core.lookup import one_or_404, round_or_404
from portal.core.sent.versions import version_of
from portal.core.texts import _
from portal.personal import keeping, making
from views.personal.forms import KeepingForm

blueprint = Blueprint("personal_keeping", __name__, url_prefix="/rounds/<int:round_id>/personal/keeping")


@blueprint.route("", methods=["GET", "POST"])
@requires(P.ROSTERS_KEEP)
def show(round_id: int) -> Any:
    """The last day of keeping, what the rule says, and what was erased."""
    round = round_or_404(round_id)
    form = KeepingForm(version=str(round.version), day=round.rosters_until)
    if form.validate_on_submit():
        try:
            if _is_near(round, form.day.data) and request.form.get("confirm") != "1":
                keeping.require_settable(round, form.day.data)
                return _ask(round, form)
            keeping.set_until(round, form.day.data, seen_version=version_of(form), actor=the_actor())
        except Refused as refused:
            say(form, refused)
        else:
            flash(_("Saved"), "ok")
            return redirect(url_for("personal_keeping.show", round_id=round_id))
    round = round_or_404(round_id)
    page = render_template(
        "personal/keeping.html",
        this_round=round,
        form=form,
        until=keeping.kept_until(round),
        usual=keeping.usual_day(round),
        usually=keeping.USUALLY.days,
        last=keeping.last_day_of(round),
        why_not=keeping.why_not_erase(round),
        erasure=keeping.erasure_of(round),
    )
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.post("/print")
@requires(P.ROSTERS_KEEP)
def print_(round_id: int) -> Any:
    """Print the certificate; the first print is kept. Raises NotFound before the data were erased."""
    round = round_or_404(round_id)
    erasure = keeping.erasure_of(round)
    if erasure is None or erasure.finished_at is None:
        raise NotFound
    return redirect(url_for("jobs.show", job_id=making.order_print(round, actor=the_actor()).id))


@blueprint.get("/certificate.pdf")
@requires(P.ROSTERS_KEEP)
def pdf(round_id: int) -> Any:
    """The certificate as it was printed. Raises NotFound before."""
    erasure = keeping.erasure_of(round_or_404(round_id))
    query = select(StoredFile).where(StoredFile.id == (erasure.file_id if erasure else None))
    stored = one_or_404(query.options(undefer(StoredFile.content)))
    return attachment(stored.content, PDF, stored.name, plain=f"roster-erasure-{round_id}", inline=True)


def _is_near(round: Round, day: date | None) -> bool:
    """True where the data would be erased in the next night."""
    until = day or keeping.usual_day(round)
    return round.state is RoundState.OPENED and until is not None and until <= local_day(clock.now())


def _ask(round: Round, form: KeepingForm) -> Any:
    day = form.day.data
    until = day or keeping.usual_day(round)
    assert until is not None, "else nothing is near"
    back = url_for("personal_keeping.show", round_id=round.id)
    return render_template(
        "confirm.html",
        title=_("Erase the personal data of the rosters from %(day)s on", day=thai_date(until)),
        consequences=[
            _("In the night after this day names, organisations, telephones and e-mails of all agencies go"),
            _("This cannot be undone: who asks for them afterwards can only be told that they are gone"),
        ],
        action_url=back,
        action_label=_("Keep them until this day only"),
        back_url=back,
        fields={"version": form.version.data, "day": request.form.get("day", ""), "confirm": "1"},
        danger=True,
        crumbs=[(_("Rounds"), url_for("rounds.index")), (round.name, back)],
    )
