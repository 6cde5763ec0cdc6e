"""The preparation room: the four steps, the headcount, the roster's list, the executive's confirmation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.instrument import InstrumentKind
from models.participation import Participation, PreparationState
from models.round import Stage
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.errors import Refused, Stale
from portal.core.forms import say
from portal.core.holders import confirmed_by, executive_name
from portal.core.lookup import hold, own_participation
from portal.core.sent.versions import read_version, version_of
from portal.core.stages import due_words, extension_of, stage_of
from portal.core.texts import _
from portal.preparation import desk
from portal.preparation.plausible import changed_words, strange_words
from portal.preparation.steps import steps_of
from portal.register import contacts
from portal.rosters import rows as roster
from portal.rosters import undo as roster_undo
from portal.rosters.drawn import checkable_draw
from portal.surveys.minimum import targets_of
from portal.surveys.minimum_words import needed_by, rule_for_any_number, rules_of
from views.preparation.forms import HeadcountForm, ReturnForm, check_headcount, reason_error

blueprint = Blueprint("preparation", __name__)


@blueprint.get("/rounds/<int:round_id>/preparation")
@requires(P.PREPARATION_ENTER)
def overview(round_id: int) -> Any:
    """The four steps of the agency, and sending them to the executive."""
    participation = own_participation(round_id)
    actor = the_actor()
    editable = participation.state.editable
    step = "submit" if editable else "withdraw"
    return render_template(
        "preparation/overview.html",
        why_not=None
        if participation.is_confirmed
        else _why_not_send(participation)
        if editable
        else desk.why_not_step(participation, step, actor=actor),
        editable=editable,
        executive=executive_name(participation),
        groups=desk.group_counts(participation),
        **_facts(participation),
    )


@blueprint.post("/rounds/<int:round_id>/preparation/submit")
@requires(P.PREPARATION_ENTER)
def submit(round_id: int) -> Any:
    """Send the data to the executive."""
    participation = own_participation(round_id)
    _attempt(
        lambda: desk.submit(participation, actor=the_actor()),
        _("The data are sent to the executive; you can take them back until they are confirmed"),
    )
    return redirect(url_for("preparation.overview", round_id=round_id))


@blueprint.post("/rounds/<int:round_id>/preparation/withdraw")
@requires(P.PREPARATION_ENTER)
def withdraw(round_id: int) -> Any:
    """Take the data back to change them."""
    participation = own_participation(round_id)
    _attempt(
        lambda: desk.withdraw(participation, actor=the_actor()),
        _("The data are taken back: change them and send them again"),
    )
    return redirect(url_for("preparation.overview", round_id=round_id))


@blueprint.route("/rounds/<int:round_id>/preparation/headcount", methods=["GET", "POST"])
@requires(P.PREPARATION_ENTER)
def headcount(round_id: int) -> Any:
    """Step 2: the number of internal stakeholders."""
    participation = own_participation(round_id)
    made = HeadcountForm.in_groups(participation.round.headcount_groups)
    stored = made.stored(participation.headcount, participation.headcount_parts)
    form = made(version=str(desk.headcount_version(participation)), data=stored)
    number, strange = participation.headcount, ""
    if request.method == "POST":
        number = form.number()
        strange = strange_words(participation, number) if number else ""
        if (
            form.validate()
            and check_headcount(form, number, strange=strange)
            and _set(form, participation, number)
        ):
            flash(_("Saved"), "ok")
            return redirect(url_for("preparation.overview", round_id=round_id))
    locked = desk.why_not_editable(participation, the_actor())
    page = render_template(
        "preparation/headcount.html",
        form=form,
        strange=strange,
        before=changed_words(participation),
        locked=locked,
        needed=needed_by(participation, number),
        rule=rule_for_any_number(participation),
        **_facts(participation),
    )
    return page, 422 if form.errors else 200


@blueprint.get("/rounds/<int:round_id>/preparation/roster", endpoint="roster")
@requires(P.PREPARATION_ENTER)
def roster_list(round_id: int) -> Any:
    """Step 3: the agency's own roster, with search, groups and pages."""
    participation = own_participation(round_id)
    search, group_id = request.args.get("q", "").strip()[:200], request.args.get("group", type=int)
    page = request.args.get("page", 1, type=int)
    unreached = request.args.get("unreached") == "1"
    actor = the_actor()
    locked = desk.why_not_editable(participation, actor)
    return render_template(
        "rosters/roster.html",
        roster=roster.roster_page(
            participation, search=search, group_id=group_id, unreached=unreached, page=page
        ),
        groups=desk.group_counts(participation),
        search=search,
        group_id=group_id,
        unreached=unreached,
        locked=locked,
        may_add=roster.may_add(participation, actor),
        asked=roster.request_for_names(participation),
        draw_done=checkable_draw(participation, actor) is not None,
        can_undo=locked is None and roster_undo.can_undo(participation, actor),
        **_facts(participation),
    )


@blueprint.route("/rounds/<int:round_id>/preparation/confirm", methods=["GET", "POST"])
@requires(P.PREPARATION_CONFIRM)
def confirmation(round_id: int) -> Any:
    """Step 4: the executive sees the data and confirms them; this cannot be undone."""
    participation = own_participation(round_id)
    error = ""
    if request.method == "POST":
        _same_version(participation)
        if request.form.get("confirm") == "1":
            _call_contacts_right(participation)
            desk.confirm(participation, actor=the_actor())
            flash(_("The data are confirmed; the links of the surveys are ready for the admin"), "ok")
            return redirect(url_for("preparation.confirmation", round_id=round_id))
        error = _("Tick the box to show that you have looked through the data")
    submitted = participation.state is PreparationState.SUBMITTED
    page = render_template(
        "preparation/confirmation.html",
        why_not=desk.why_not_step(participation, "confirm", actor=the_actor()) if submitted else None,
        groups=desk.group_counts(participation),
        error=error,
        **_facts(participation),
    )
    return page, 422 if error else 200


@blueprint.route("/rounds/<int:round_id>/preparation/return", methods=["GET", "POST"])
@requires(P.PREPARATION_CONFIRM)
def give_back(round_id: int) -> Any:
    """The executive returns the data with a reason."""
    participation = own_participation(round_id)
    form = ReturnForm()
    if request.method == "POST" and form.validate():
        reason = (form.reason.data or "").strip()
        if _give_back(form, participation, reason):
            flash(_("The data are returned to the admin with your reason"), "ok")
            return redirect(url_for("preparation.confirmation", round_id=round_id))
    why_not = desk.why_not_step(participation, "return", actor=the_actor())
    page = render_template("preparation/return.html", form=form, why_not=why_not, participation=participation)
    return page, 422 if form.errors else 200


@blueprint.get("/rounds/<int:round_id>/preparation/names")
@requires(P.PREPARATION_CONFIRM)
def names(round_id: int) -> Any:
    """The executive looks at the names before confirming them."""
    participation = own_participation(round_id)
    page = request.args.get("page", 1, type=int)
    group_id = request.args.get("group", type=int)
    return render_template(
        "rosters/names.html",
        roster=roster.roster_page(participation, group_id=group_id, page=page),
        groups=desk.group_counts(participation),
        group_id=group_id,
        **_facts(participation),
    )


# -- pieces ----------------------------------------------------------------------------------------------


def _facts(participation: Participation) -> dict[str, Any]:
    """What every page of the room shows: the agency, its steps, the window, the minimum samples."""
    round = participation.round
    stage = stage_of(participation, Stage.PREPARATION)
    targets = targets_of(participation)
    due = due_words(stage) if stage.is_open else None
    contact = contacts.contact_of(participation.agency_id)
    return {
        "contact": contact,
        "reachable": contacts.has_any(contact),
        "contacts_seen": contacts.is_looked_through(contact, stage.first_opening),
        "participation": participation,
        "this_round": round,
        "State": PreparationState,
        "stage": stage,
        "due": due,
        "extension": extension_of(participation, Stage.PREPARATION),
        "steps": steps_of(participation),
        "iit": targets[InstrumentKind.IIT],
        "eit": targets[InstrumentKind.EIT],
        "rules": {kind.value: rule for kind, rule in rules_of(participation, targets).items()},
        "not_assessable": desk.is_not_assessable(participation, stage.now),
        "confirmed_by": confirmed_by(participation) if participation.is_confirmed else "",
    }


def _why_not_send(participation: Participation) -> Refused | None:
    """As the guard, but step 1 is shown by the admin's being here (see ``preparation.note_presence``)."""
    reason = desk.why_not_editable(participation, the_actor())
    if reason is not None:
        return reason
    if participation.headcount is None:
        return Refused("Enter the number of internal stakeholders first")
    if participation.roster_count < 1:
        return Refused("The roster of external stakeholders is still empty: add names first")
    return None


def _set(form: HeadcountForm, participation: Participation, number: int | None) -> bool:
    """Save the number; where that is refused the reason stands at the field and the typed number stays."""
    try:
        desk.set_headcount(
            participation, number or 0, parts=form.numbers(), seen=version_of(form), actor=the_actor()
        )
    except Refused as refused:
        db.session.rollback()
        say(form, refused, otherwise=(form.parts or [form.headcount])[0].name)
    return not form.errors


def _give_back(form: ReturnForm, participation: Participation, reason: str) -> bool:
    """Return the data; where that is refused the reason why stands at the field and the typed text stays.

    Raises Stale: then the page comes again with the data of now and the text.
    """
    if not reason or len(reason) > desk.LONGEST_REASON:
        form.reason.errors = [reason_error(reason)]
        return False
    try:
        _same_version(participation)
        desk.give_back(participation, reason, actor=the_actor())
    except Refused as refused:
        db.session.rollback()
        say(form, refused, otherwise="reason")
    return not form.errors


def _same_version(participation: Participation) -> None:
    """Refuse what the executive decides on data that have changed since the page was made. Raises Stale."""
    hold(participation)
    if request.form.get("version", type=int) != participation.version:
        raise Stale


def _call_contacts_right(participation: Participation) -> None:
    """Who confirms the data has looked through the contacts beside them. Raises Stale where they changed."""
    contact = contacts.contact_of(participation.agency_id)
    if contacts.has_any(contact):
        seen = read_version(request.form.get("row_version"))
        contacts.look_through(participation.agency_id, seen_version=seen, actor=the_actor())


def _attempt(act: Callable[[], object], done: str) -> None:
    """Do it, or say on the next page why it was not done."""
    try:
        act()
    except Refused as refused:
        db.session.rollback()
        flash(refused.message, "bad")
    else:
        flash(done, "ok")
