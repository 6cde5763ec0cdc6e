"""What is done with a letter that came in: received, acknowledged, passed on; and its register."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from models.thai import be_year
from portal.core import clock
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused, Stale
from portal.core.forms import say
from portal.core.sent.versions import version_of
from portal.core.texts import _
from portal.letters.inbox import desk, passing, receiving
from views.letters.inbox_forms import CHOSEN, ELSEWHERE, HERE, BookForm, PassOnForm, ReceiptForm

blueprint = Blueprint("inbox_acts", __name__, url_prefix="/inbox")


@blueprint.route("/<int:delivery_id>/receive", methods=["GET", "POST"])
@requires(P.INBOX_READ)
def receive(delivery_id: int) -> Any:
    """The receipt: its number is given once and stays."""
    actor, form = the_actor(), ReceiptForm()
    delivery = desk.delivery_or_404(delivery_id, actor)
    if form.validate_on_submit():
        try:
            number = receiving.receive(
                delivery, number=form.number.data, moment=form.moment.data, actor=actor
            )
        except Refused as refused:
            db.session.rollback()
            say(form, refused)
        else:
            flash(_("Received: receipt number %(number)s", number=number), "ok")
            return redirect(url_for("inbox.show", delivery_id=delivery_id))
    delivery, book = desk.delivery_or_404(delivery_id, actor), receiving.book_of(actor)
    page = render_template(
        "letters/inbox/receive.html",
        form=form,
        delivery=delivery,
        closed=_closed(delivery),
        next_number=receiving.next_receipt(book),
        first=not receiving.given_in(delivery.desk, be_year(clock.now())),
        now=clock.now(),
    )
    return page, 422 if form.errors or form.form_errors else 200


def _closed(delivery: Any) -> str:
    """Why a letter is not received now; "" where it can be."""
    if delivery.receipt_number is not None:
        return _("This letter has its receipt number already")
    try:
        desk.require_holding(delivery)
    except Refused as refused:
        return refused.message
    return ""


@blueprint.post("/<int:delivery_id>/acknowledge")
@requires(P.INBOX_READ)
def acknowledge(delivery_id: int) -> Any:
    """An agency has taken note: one press."""
    actor = the_actor()
    receiving.acknowledge(desk.delivery_or_404(delivery_id, actor), actor=actor)
    flash(_("Acknowledged: the province sees it"), "ok")
    return redirect(url_for("inbox.show", delivery_id=delivery_id))


@blueprint.route("/<int:delivery_id>/pass-on", methods=["GET", "POST"])
@requires(P.LETTERS_FORWARD)
def pass_on(delivery_id: int) -> Any:
    """A province hands a letter to its agencies."""
    actor = the_actor()
    delivery = _passable(delivery_id)
    form = _pass_on_form(delivery)
    if form.validate_on_submit():
        try:
            if form.which.data == CHOSEN and not form.chosen():
                raise Refused(passing.NOBODY_CHOSEN, field="agencies")
            number = passing.pass_on(delivery, form.chosen(), form.note.data or "", actor=actor)
        except Refused as refused:
            db.session.rollback()
            say(form, refused)
        else:
            flash(_("Passed on to %(count)s agencies", count=number), "ok")
            return redirect(url_for("receivers.passed_on", delivery_id=delivery_id))
    delivery = _passable(delivery_id)
    page = render_template(
        "letters/inbox/pass_on.html", form=form, delivery=delivery, left=len(form.agencies.choices or ())
    )
    return page, 422 if form.errors or form.form_errors else 200


def _passable(delivery_id: int) -> Any:
    """A letter that this desk may pass on. Raises NotFound, Refused where it does not hold or is unopened."""
    delivery = desk.delivery_or_404(delivery_id, the_actor())
    if not passing.may_pass_on(delivery, the_actor()):
        raise NotFound
    desk.require_holding(delivery)
    return delivery


def _pass_on_form(delivery: Any) -> PassOnForm:
    """The form with the agencies that lack the letter; those that had the letter before it are ticked."""
    there = passing.have_it(delivery)
    lacking = [row for row in passing.agencies_for(delivery) if row.agency_id not in there]
    earlier = desk.replaced_at(delivery)
    had = passing.have_it(earlier) if earlier is not None else set()
    ticked = [str(row.agency_id) for row in lacking if row.agency_id in had]
    form = PassOnForm(which=CHOSEN, agencies=ticked) if ticked else PassOnForm()
    form.agencies.choices = [
        (str(row.agency_id), f"{row.full_name} · {row.district_name}") for row in lacking
    ]
    return form


@blueprint.route("/register", methods=["GET", "POST"])
@requires(P.INBOX_READ)
def book() -> Any:
    """Where the desk keeps its register of incoming letters."""
    actor = the_actor()
    stored, year = receiving.book_of(actor), be_year(clock.now())
    first = receiving.first_to_offer(actor)
    form = BookForm(
        kept=ELSEWHERE if stored is not None and stored.elsewhere else HERE,
        first=first,
        version=str(stored.version if stored else 0),
    )
    if form.validate_on_submit():
        try:
            receiving.keep_book(
                elsewhere=form.kept.data == ELSEWHERE,
                first=form.first.data,
                seen_version=version_of(form),
                actor=actor,
            )
        except Stale:
            raise
        except Refused as refused:
            db.session.rollback()
            say(form, refused)
        else:
            flash(_("Saved"), "ok")
            return redirect(url_for("inbox.index"))
    page = render_template(
        "letters/inbox/book.html",
        form=form,
        year=year,
        running=first is None,
        given=receiving.given_in(desk.desk_key(actor), year),
        next_number=receiving.next_receipt(stored),
    )
    return page, 422 if form.errors or form.form_errors else 200
