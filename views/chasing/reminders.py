"""Reminders by rule: the rules, what goes out next and to how many, what went out, and who gets none."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.reminder import MailState
from models.round import Round
from models.thai import local_day
from portal.chasing import reminders
from portal.chasing.lacks import CHASED
from portal.chasing.listing import Chase
from portal.core import clock, mail
from portal.core.access import Permission as P
from portal.core.access import can, requires, the_actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.forms import say
from portal.core.lookup import participation_or_404, round_or_404
from portal.core.stages import STAGE_NAMES
from portal.core.texts import _
from views.chasing.forms import RuleForm
from views.chasing.words import rule_words

blueprint = Blueprint("reminders", __name__)


@blueprint.get("/rounds/<int:round_id>/chasing/reminders")
@requires(P.REMINDERS_READ)
def show(round_id: int) -> Any:
    """The rules of a round, what goes out next by them, and what went out."""
    return _page(round_or_404(round_id), RuleForm())


@blueprint.post("/rounds/<int:round_id>/chasing/reminders/add")
@requires(P.REMINDERS_WRITE)
def add(round_id: int) -> Any:
    """Make a rule."""
    round, form = round_or_404(round_id), RuleForm()
    if form.validate_on_submit():
        try:
            reminders.add(round, stage=form.of, days=form.days.data or 0, actor=the_actor())
            db.session.flush()
        except Refused as refused:
            say(form, refused)
        else:
            flash(_("The rule is on"), "ok")
            return _back(round_id)
    return _page(round, form), 422


@blueprint.post("/rounds/<int:round_id>/chasing/reminders/<int:rule_id>/turn")
@requires(P.REMINDERS_WRITE)
def turn(round_id: int, rule_id: int) -> Any:
    """Turn a rule on or off."""
    rule = reminders.turn(rule_id, round_id, on=request.form.get("on") == "1", actor=the_actor())
    flash(_("The rule is on") if rule.active else _("The rule is off: nothing goes out by it"), "ok")
    return _back(round_id)


@blueprint.post("/rounds/<int:round_id>/chasing/reminders/<int:rule_id>/remove")
@requires(P.REMINDERS_WRITE)
def remove(round_id: int, rule_id: int) -> Any:
    """Remove a rule by which nothing went out."""
    try:
        reminders.remove(rule_id, round_id, actor=the_actor())
    except Refused as refused:
        flash(refused.message, "bad")
    else:
        flash(_("The rule is removed"), "ok")
    return _back(round_id)


@blueprint.post("/rounds/<int:round_id>/chasing/<int:participation_id>/reminders")
@requires(P.CHASING_MAIL)
def of_agency(round_id: int, participation_id: int) -> Any:
    """Let an agency get no reminders by rule any more, or get them again."""
    one, out = participation_or_404(round_id, participation_id), request.form.get("out") == "1"
    reminders.take_out(one, out=out, actor=the_actor())
    said = (
        _("This agency gets no reminders by rule") if out else _("This agency gets reminders by rule again")
    )
    flash(said, "ok")
    return redirect(url_for("chasing.agency", round_id=round_id, participation_id=participation_id))


def _back(round_id: int) -> Any:
    return redirect(url_for(".show", round_id=round_id))


def _page(round: Round, form: RuleForm) -> str:
    rules = reminders.rules_of(round.id)
    chase = Chase.of(round, clock.now())
    return render_template(
        "chasing/reminders.html",
        this_round=round,
        rules=rules,
        ahead=reminders.ahead(chase, rules),
        past=reminders.past(rules),
        stages={stage: STAGE_NAMES[stage] for stage in CHASED},
        today=local_day(chase.now),
        begins=reminders.BEGINS,
        form=form if can(the_actor(), P.REMINDERS_WRITE) else None,
        sends=mail.offered(),
        into_files=mail.into_files(),
        MailState=MailState,
        rule_words=rule_words,
    )
