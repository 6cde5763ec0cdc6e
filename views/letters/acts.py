"""The acts on a letter: proof, check, print for signing, issue, sent, withdrawn, replaced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.dispatch import Dispatch, DispatchState
from models.thai import be_year, local_day
from portal.core import clock
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.errors import Refused, Stale
from portal.core.forms import say
from portal.core.sent.versions import read_version, version_of
from portal.core.texts import _
from portal.core.workflow import why_not
from portal.letters import citing, dispatches, drafting, numbers, standing
from portal.letters.workflow import DISPATCH, where_it_stands
from views.letters.dispatches import ROOMS
from views.letters.forms import LARGEST_SCAN, IssueForm, ReasonForm, ScanForm

blueprint = Blueprint("dispatch_acts", __name__, url_prefix="/letters/<int:dispatch_id>")
#: what can be withdrawn or replaced
IN_FORCE = (DispatchState.ISSUED, DispatchState.SENT)


@blueprint.post("/proof")
@requires(P.LETTERS_READ)
def proof(dispatch_id: int) -> Any:
    """The real pages of one addressee's copy, as they would be now."""
    dispatch = dispatches.dispatch_or_404(dispatch_id, the_actor())
    province = request.form.get("province", None, int)
    job = dispatches.order_proof(dispatch, province, actor=the_actor())
    return redirect(url_for("jobs.show", job_id=job.id))


@blueprint.post("/check")
@requires(P.LETTERS_READ)
def check(dispatch_id: int) -> Any:
    """A second person has read the letter."""
    dispatch = dispatches.dispatch_or_404(dispatch_id, the_actor())
    dispatches.check(dispatch, actor=the_actor(), seen_version=_seen())
    flash(_("The letter is checked: it can be issued"), "ok")
    return redirect(_home(dispatch_id))


@blueprint.post("/take-back")
@requires(P.LETTERS_READ)
def take_back(dispatch_id: int) -> Any:
    """Back to the draft."""
    dispatch = dispatches.dispatch_or_404(dispatch_id, the_actor())
    dispatches.take_back(dispatch, actor=the_actor())
    flash(_("The letter is a draft again"), "ok")
    return redirect(_home(dispatch_id))


@blueprint.post("/sign")
@requires(P.LETTERS_READ)
def sign(dispatch_id: int) -> Any:
    """Print the copies without number and day."""
    dispatch = dispatches.dispatch_or_404(dispatch_id, the_actor())
    job = dispatches.print_for_signing(dispatch, actor=the_actor(), seen_version=_seen())
    return redirect(url_for("jobs.show", job_id=job.id))


@blueprint.route("/issue", methods=["GET", "POST"])
@requires(P.LETTERS_READ)
def issue(dispatch_id: int) -> Any:
    """Number and day; a page that says what is final then."""
    dispatch = dispatches.dispatch_or_404(dispatch_id, the_actor())
    today = local_day(clock.now())
    form = IssueForm(version=str(dispatch.version), dated=today)
    if form.validate_on_submit() and form.dated.data is not None:
        try:
            job = dispatches.issue(
                dispatch,
                number=form.number.data or "",
                dated=form.dated.data,
                ahead=bool(form.ahead.data),
                actor=the_actor(),
                seen_version=version_of(form),
            )
        except Stale:
            raise
        except Refused as refused:
            db.session.rollback()
            say(form, refused)
        else:
            flash(_("The letter is issued: its copies are being made"), "ok")
            return redirect(url_for("jobs.show", job_id=job.id))
    dispatch = dispatches.dispatch_or_404(dispatch_id, the_actor())
    closed = why_not(DISPATCH, dispatch, "issue", actor=the_actor())
    circulars = numbers.in_own_series(dispatch.office, dispatch)
    page = render_template(
        "letters/issue.html",
        form=form,
        dispatch=dispatch,
        this_round=dispatch.round,
        room=ROOMS[dispatch.office.kind],
        closed=closed,
        problems=list(standing.problems(dispatch, form.dated.data)),
        lapsed=citing.lapsed(dispatch),
        by_key=standing.signs_by_key(dispatch),
        next_number=numbers.next_number(dispatch.office, dispatch, form.dated.data or today),
        reserved=numbers.reserved(dispatch.office, be_year(form.dated.data or today), circulars),
    )
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.post("/sent")
@requires(P.LETTERS_READ)
def sent(dispatch_id: int) -> Any:
    """The letter has left the office."""
    dispatch = dispatches.dispatch_or_404(dispatch_id, the_actor())
    dispatches.mark_sent(dispatch, actor=the_actor())
    flash(_("Noted: the letter has left the office"), "ok")
    return redirect(_home(dispatch_id))


@blueprint.route("/withdraw", methods=["GET", "POST"])
@requires(P.LETTERS_READ)
def withdraw(dispatch_id: int) -> Any:
    """Take an issued letter back, with the reason."""

    def act(dispatch: Dispatch, reason: str) -> str:
        dispatches.withdraw(dispatch, reason, actor=the_actor())
        flash(_("The letter is withdrawn: its page says so to whoever holds it"), "ok")
        return _home(dispatch_id)

    consequences = [
        _("The letter stays in the record with its number, and says that it was withdrawn"),
        _("Whoever checks a copy by its page reads that it does not hold any more"),
        _("This cannot be undone"),
    ]
    return _with_reason(dispatch_id, act, _("Withdraw the letter"), consequences)


@blueprint.route("/replace", methods=["GET", "POST"])
@requires(P.LETTERS_READ)
def replace(dispatch_id: int) -> Any:
    """A draft that takes the place of an issued letter."""

    def act(dispatch: Dispatch, reason: str) -> str:
        other = dispatches.replace_by(dispatch, reason, actor=the_actor())
        flash(_("This draft takes the place of the letter once it is issued"), "ok")
        return _home(other.id)

    consequences = [
        _("A new draft is made with the same signatory, addressees and references"),
        _("This letter holds until the new one is issued"),
    ]
    return _with_reason(dispatch_id, act, _("Replace the letter"), consequences)


@blueprint.route("/discard", methods=["GET", "POST"])
@requires(P.LETTERS_READ)
def discard(dispatch_id: int) -> Any:
    """Throw a draft away."""
    dispatch = dispatches.dispatch_or_404(dispatch_id, the_actor())
    if dispatch.state is not DispatchState.DRAFT:
        raise where_it_stands(dispatch)
    if request.method == "POST":
        round_id, endpoint = dispatch.round_id, ROOMS[dispatch.office.kind][0]
        drafting.discard(dispatch)
        flash(_("The draft is deleted"), "ok")
        return redirect(url_for(endpoint, round_id=round_id))
    return render_template("letters/discard.html", dispatch=dispatch, room=ROOMS[dispatch.office.kind])


@blueprint.route("/scan", methods=["GET", "POST"])
@requires(P.LETTERS_READ)
def file_scan(dispatch_id: int) -> Any:
    """File the signed paper with the letter."""
    dispatch = dispatches.dispatch_or_404(dispatch_id, the_actor())
    form = ScanForm()
    if form.validate_on_submit():
        content = form.scan.data.read(LARGEST_SCAN + 1)
        try:
            if len(content) > LARGEST_SCAN:
                raise Refused("The file has more than 10 MB: scan it in black and white", field="scan")
            dispatches.file_scan(dispatch, content, form.scan.data.filename or "signed.pdf")
        except Refused as refused:
            db.session.rollback()
            say(form, refused)
        else:
            flash(_("The signed paper is filed with the letter"), "ok")
            return redirect(_home(dispatch_id))
    dispatch = dispatches.dispatch_or_404(dispatch_id, the_actor())
    page = render_template(
        "letters/scan.html", form=form, dispatch=dispatch, room=ROOMS[dispatch.office.kind]
    )
    return page, 422 if form.errors or form.form_errors else 200


def _with_reason(
    dispatch_id: int, act: Callable[[Dispatch, str], str], title: str, consequences: list[str]
) -> Any:
    """A page that says what follows and asks for the reason; sent, the act."""
    dispatch = dispatches.dispatch_or_404(dispatch_id, the_actor())
    if request.method == "GET" and dispatch.state not in IN_FORCE:
        raise where_it_stands(dispatch)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            return redirect(act(dispatch, form.reason.data or ""))
        except Refused as refused:
            db.session.rollback()
            say(form, refused)
    dispatch = dispatches.dispatch_or_404(dispatch_id, the_actor())
    page = render_template(
        "letters/reason.html",
        form=form,
        dispatch=dispatch,
        room=ROOMS[dispatch.office.kind],
        title=title,
        consequences=consequences,
    )
    return page, 422 if form.errors or form.form_errors else 200


def _home(dispatch_id: int) -> str:
    return url_for("dispatches.show", dispatch_id=dispatch_id)


def _seen() -> int | None:
    return read_version(request.form.get("version"))
