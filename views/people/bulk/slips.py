"""Slips at the desks of the back office and of a province: ordered, watched, fetched with a passphrase."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, Length

from models.account import Role
from models.place import Province
from models.thai import thai_date
from portal.core import downloads
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db, reading
from portal.core.errors import Refused
from portal.core.forms import DigitsField, say
from portal.core.once import apart
from portal.core.texts import _, lazy
from portal.people.slips import choosing, ends, opening, orders, strongbox
from portal.people.slips.choosing import ROLES_WITH_SLIPS, Choice, Chosen
from views.people.bulk.slip_choice import choice_of_address, role_of

blueprint = Blueprint("slips", __name__, url_prefix="/admin/slips")
LEFT_OUT = {
    "activated": lazy("left out because the account was activated"),
    "shut": lazy("left out because the account is shut"),
    "without_right": lazy("left out because the right has ended"),
}


class ChoiceForm(FlaskForm):
    """For whom slips are ordered."""

    class Meta:
        csrf = False  # it only asks: the order itself is a form of its own

    role = SelectField(lazy("For whom"), default="")
    province = SelectField(lazy("Province"), default="")
    activated = BooleanField(
        lazy("Also those who have activated their account"),
        description=lazy("They get a new code; their password works until it is used"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [("", _("Admins and executives")), *_role_choices()]
        rows = db.session.scalars(select(Province).order_by(Province.sort_key))
        self.province.choices = [("", _("Every province")), *((str(row.id), row.name) for row in rows)]


class FetchForm(FlaskForm):
    """The passphrase that was shown with the order."""

    passphrase = DigitsField(
        lazy("Passphrase of the order"),
        [InputRequired(lazy("Enter the passphrase that you wrote down")), Length(max=80)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


@blueprint.get("")
@requires(P.CODES_ISSUE)
def index() -> Any:
    """Order slips, and the orders so far."""
    form = ChoiceForm()
    return render_template(
        "people/slips/index.html", form=form, orders=orders.own_orders(), of_country=_of_country()
    )


@blueprint.route("/order", methods=["GET", "POST"])
@requires(P.CODES_ISSUE)
def order() -> Any:
    """What will happen, the passphrase, and the order. The passphrase is in the page and nowhere else."""
    choice = choice_of_address()
    passphrase = request.form.get("passphrase", "")
    error = ""
    if request.method == "POST":
        try:
            if request.form.get("confirm") != "1":
                raise Refused("Write the passphrase down and tick the box: it is never shown again")
            made = orders.order(
                choice, passphrase, actor=the_actor(), page=lambda key: url_for("slips.show", order_id=key)
            )
        except Refused as refused:
            db.session.rollback()
            error = refused.message
        else:
            return redirect(url_for("slips.show", order_id=made.id))
    chosen = choosing.choose(choice, the_actor())
    page = render_template(
        "people/slips/order.html",
        chosen=chosen,
        choice=choice,
        about=_about(choice),
        consequences=_consequences(choice, chosen),
        passphrase=passphrase if strongbox.is_whole(passphrase) else strongbox.new_passphrase(),
        here=request.full_path.rstrip("?"),
        error=error,
    )
    return (page, 422) if error else page


@blueprint.get("/<int:order_id>")
@requires(P.CODES_ISSUE)
def show(order_id: int) -> Any:
    """An order: how far it is, its files, its hand-over lists."""
    return _page(order_id, FetchForm())


@blueprint.post("/<int:order_id>/fetch")
@requires(P.CODES_ISSUE)
@apart
def fetch(order_id: int) -> Any:
    """The files of one role, as they are opened; they are deleted once they were sent whole."""
    form = FetchForm()
    with reading():  # the attempt is counted in a transaction of its own
        seen = orders.own_order(order_id, actor=the_actor())
    role = role_of(request.form.get("role", ""))
    if form.validate_on_submit() and role is not None:
        try:
            fetched = opening.fetch(seen, role, str(form.passphrase.data), actor=the_actor())
        except Refused as refused:
            say(form, refused, otherwise="passphrase")
        else:
            app = current_app._get_current_object()  # type: ignore[attr-defined]
            plain = f"slips-{order_id}-{role.value}"
            return downloads.attachment(fetched.stream(app), "application/zip", fetched.name, plain=plain)
    return _page(order_id, form), 422


@blueprint.post("/<int:order_id>/lists")
@requires(P.CODES_ISSUE)
def hand_over(order_id: int) -> Any:
    """Order the hand-over lists of an order once more."""
    job = orders.order_list(orders.own_order(order_id, actor=the_actor()), actor=the_actor())
    return redirect(url_for("jobs.show", job_id=job.id))


def _page(order_id: int, form: FetchForm) -> str:
    seen = orders.own_order(order_id, actor=the_actor())
    left = [(count, LEFT_OUT[why]) for why, count in seen.job.result.get("left_out", {}).items() if count]
    return render_template(
        "people/slips/show.html", seen=seen, form=form, left=left, words=choosing.role_words
    )


def _about(choice: Choice) -> str:
    """What was chosen, in words."""
    whom = " · ".join(choosing.role_words(Role(role)) for role in choice.roles)
    if choice.account_ids is not None:
        return _("%(whom)s of the chosen list", whom=whom)
    province = choice.province_id or the_actor().province_id
    if province is None:
        return _("%(whom)s of the whole country", whom=whom)
    return _("%(whom)s of %(province)s", whom=whom, province=db.session.get_one(Province, province).name)


def _consequences(choice: Choice, chosen: Chosen) -> list[str]:
    said = [_("%(count)s people get a slip with a new code", count=f"{len(chosen.people):,}")]
    said += [f"{count:,} {LEFT_OUT[why]}" for why, count in chosen.left_out.items() if count]
    said.append(_("Codes issued before to these people stop working, also those on slips already sent"))
    if choice.activated:
        said.append(_("Who has a password keeps it, and the second factor, until the new code is used"))
    round = ends.running_round()
    found = ends.ends_of(round, [person.agency_id for person in chosen.people])
    days = {end.last_day for end in found.values()}
    if len(found) < len({person.agency_id for person in chosen.people}):
        days.add(ends.otherwise().last_day)
    if days:
        said.append(_until(min(days), max(days)))
    return said


def _until(first: Any, last: Any) -> str:
    if first == last:
        return _("The codes work until %(day)s", day=thai_date(first))
    return _(
        "The codes work until %(first)s to %(last)s, by agency", first=thai_date(first), last=thai_date(last)
    )


def _of_country() -> bool:
    return the_actor().province_id is None


def _role_choices() -> list[tuple[str, str]]:
    return [(role.value, choosing.role_words(role)) for role in ROLES_WITH_SLIPS]
