"""A confirmed headcount that was wrong: the admin's page that asks, and the executive's that decides."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.correction import HeadcountCorrection
from models.participation import Participation
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.forms import say
from portal.core.lookup import own_participation
from portal.core.sent.versions import read_version, version_of
from portal.core.texts import _, label_of
from portal.preparation import correcting, desk
from portal.preparation.plausible import changed_words, strange_words
from portal.surveys.minimum import minimum_for
from portal.surveys.minimum_words import needed_by
from views.preparation.forms import DeclineForm, HeadcountCorrectionForm, check_headcount, reason_error

blueprint = Blueprint("corrections_of_headcount", __name__)


@blueprint.route("/rounds/<int:round_id>/preparation/headcount/correct", methods=["GET", "POST"])
@requires(P.PREPARATION_ENTER)
def ask(round_id: int) -> Any:
    """Ask the executive for another number; it can be taken back until it is decided."""
    participation = own_participation(round_id)
    made = HeadcountCorrectionForm.in_groups(participation.round.headcount_groups)
    form = made(version=str(desk.headcount_version(participation)))
    number, strange = None, ""
    if request.method == "POST":
        number = form.number()
        strange = strange_words(participation, number) if number else ""
        right = form.validate() and _checked(form, number, strange=strange)
        if right and _ask(form, participation, number or 0):
            flash(_("The executive is asked; until the new number is confirmed the old one stands"), "ok")
            return redirect(url_for("corrections_of_headcount.ask", round_id=round_id))
    page = render_template(
        "preparation/correct.html",
        form=form,
        strange=strange,
        before=changed_words(participation),
        needed=needed_by(participation, number),
        waiting=correcting.open_correction(participation),
        why_not=correcting.why_not_ask(participation),
        **_facts(participation),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/rounds/<int:round_id>/preparation/headcount/correct/withdraw")
@requires(P.PREPARATION_ENTER)
def withdraw(round_id: int) -> Any:
    """Take the correction back before it is decided."""
    participation = own_participation(round_id)
    correcting.withdraw(correcting.correction_or_404(participation), actor=the_actor())
    flash(_("The correction is taken back; the number stays as it was confirmed"), "ok")
    return redirect(url_for("corrections_of_headcount.ask", round_id=round_id))


@blueprint.route("/rounds/<int:round_id>/preparation/correction", methods=["GET", "POST"])
@requires(P.PREPARATION_CONFIRM)
def decide(round_id: int) -> Any:
    """What the executive confirms anew: both numbers, the reason, and what follows from it."""
    participation = own_participation(round_id)
    if request.method == "POST":
        asked = correcting.correction_or_404(participation)
        correcting.confirm(asked, seen=read_version(request.form.get("version")), actor=the_actor())
        flash(_("The new number is confirmed; minimum and status follow it"), "ok")
        return redirect(url_for("corrections_of_headcount.decide", round_id=round_id))
    waiting, facts = correcting.open_correction(participation), _facts(participation)
    facts["corrections"] = [one for one in facts["corrections"] if one is not waiting]
    return render_template(
        "preparation/correction.html",
        waiting=waiting,
        why_not=_why_not(waiting, "confirm"),
        minima=_minima(participation, waiting),
        **facts,
    )


@blueprint.route("/rounds/<int:round_id>/preparation/correction/decline", methods=["GET", "POST"])
@requires(P.PREPARATION_CONFIRM)
def decline(round_id: int) -> Any:
    """The executive keeps the old number, with a reason that the admin reads."""
    participation = own_participation(round_id)
    if request.method == "GET" and not correcting.corrections_of(participation):
        return redirect(url_for("corrections_of_headcount.decide", round_id=round_id))
    waiting = correcting.correction_or_404(participation)
    form = DeclineForm(version=str(waiting.version))
    if request.method == "POST" and form.validate() and _decline(form, waiting):
        flash(_("The old number stays; the admin reads your reason"), "ok")
        return redirect(url_for("corrections_of_headcount.decide", round_id=round_id))
    page = render_template(
        "preparation/decline.html",
        form=form,
        waiting=waiting,
        why_not=_why_not(waiting, "decline"),
        **_facts(participation),
    )
    return page, 422 if form.errors else 200


# -- pieces ----------------------------------------------------------------------------------------------


def _facts(participation: Participation) -> dict[str, Any]:
    return {
        "participation": participation,
        "this_round": participation.round,
        "corrections": correcting.corrections_of(participation),
        "label_of": label_of,
    }


def _checked(form: HeadcountCorrectionForm, number: int | None, *, strange: str) -> bool:
    """The number as on its own page, and a reason; what is wrong stands at its field."""
    reason = (form.reason.data or "").strip()
    if not reason or len(reason) > desk.LONGEST_REASON:
        form.reason.errors = [reason_error(reason, nothing=_(correcting.NO_REASON))]
    return check_headcount(form, number, strange=strange)


def _ask(form: HeadcountCorrectionForm, participation: Participation, number: int) -> bool:
    """Ask; where that is refused the reason stands at the field and what was typed stays. Raises Stale."""
    reason = form.reason.data or ""
    try:
        correcting.ask(
            participation, number, reason, parts=form.numbers(), seen=version_of(form), actor=the_actor()
        )
    except Refused as refused:
        db.session.rollback()
        say(form, refused, otherwise=(form.parts or [form.headcount])[0].name)
    return not form.errors


def _decline(form: DeclineForm, waiting: HeadcountCorrection) -> bool:
    reason = (form.reason.data or "").strip()
    if not reason or len(reason) > desk.LONGEST_REASON:
        form.reason.errors = [reason_error(reason, nothing=_("Write why the old number stays"))]
        return False
    try:
        correcting.decline(waiting, reason, seen=version_of(form), actor=the_actor())
    except Refused as refused:
        db.session.rollback()
        say(form, refused, otherwise="reason")
    return not form.errors


def _why_not(waiting: HeadcountCorrection | None, step: str) -> Refused | None:
    """Why the executive cannot take a step; None where it is possible, or nothing waits."""
    return None if waiting is None else correcting.why_not_decide(waiting, step, actor=the_actor())


def _minima(
    participation: Participation, waiting: HeadcountCorrection | None
) -> tuple[int | None, int | None]:
    """How many answers IIT needs by the old number and by the new one."""
    if waiting is None:
        return None, None
    before, after = (minimum_for(participation, number) for number in (waiting.before, waiting.after))
    return before, after
