"""Power rights that wait for a second officer: looked at, confirmed, refused, taken back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from models.account import Capacity
from models.granting import Asked, GrantRequest
from models.thai import thai_date_short
from portal.core.access import Permission as P
from portal.core.access import can, office_of, requires, role_words, the_actor
from portal.core.holders import CAPACITIES, last_day
from portal.core.texts import _
from portal.people import granting

blueprint = Blueprint("right_requests", __name__, url_prefix="/admin/rights")


@blueprint.get("")
@requires(P.SECOND_DECIDE)
def index() -> Any:
    """Everything that waits and that this officer may look at, with what they can do about it."""
    actor = the_actor()
    return render_template(
        "people/requests.html",
        requests=[
            (request, words_of(request), granting.why_not_confirm(request, actor), terms_of(request))
            for request in granting.shown_to(actor)
        ],
        me=actor.account_id,
        users=url_for("accounts.index_view") if can(actor, P.ACCOUNTS_READ) else "",
    )


@blueprint.post("/<int:request_id>/confirm")
@requires(P.SECOND_DECIDE)
def confirm(request_id: int) -> Any:
    """Confirm, and show the person's code this once."""
    account, code = granting.confirm(request_id, actor=the_actor())
    if code is None:
        flash(
            _("The second factor of %(name)s is taken away, and the person was told", name=account.name), "ok"
        )
        return redirect(url_for("right_requests.index"))
    return render_template(
        "people/code.html",
        account=account,
        username=account.username,
        code=code,
        by_two=True,
        back=url_for("accounts.edit_view", id=account.id)
        if can(the_actor(), P.ACCOUNTS_READ)
        else url_for("right_requests.index"),
    )


@blueprint.post("/<int:request_id>/refuse")
@requires(P.SECOND_DECIDE)
def refuse(request_id: int) -> Any:
    """Say no."""
    granting.refuse(request_id, actor=the_actor())
    flash(_("The request is refused: nothing was given"), "ok")
    return redirect(url_for("right_requests.index"))


@blueprint.post("/<int:request_id>/withdraw")
@requires(P.SECOND_DECIDE)
def withdraw(request_id: int) -> Any:
    """Take back what one asked for."""
    granting.withdraw(request_id, actor=the_actor())
    flash(_("The request is withdrawn"), "ok")
    return redirect(url_for("right_requests.index"))


def terms_of(request: GrantRequest) -> list[tuple[str, str]]:
    """From when, until when and in what capacity a right is asked for, where that is not plain."""
    found = []
    if request.capacity is not Capacity.HOLDER:
        found += [
            (str(_("In what capacity")), str(CAPACITIES[request.capacity])),
            (str(_("Number of the order")), request.order_number),
        ]
    if request.valid_from is not None:
        found.append((str(_("First day")), thai_date_short(request.valid_from)))
    if request.valid_until is not None:
        found.append((str(_("Last day")), last_day(request.valid_until)))
    return found


def words_of(request: GrantRequest) -> tuple[str, str]:
    """What is asked for, and where."""
    if request.what is Asked.FACTOR:
        return _("That a lost second factor is taken away"), "–"
    if request.what is Asked.CODE or request.role is None:
        return _("Activation code"), "–"
    place = request.body.name if request.body else office_of(request.role, request.account.sector)
    return role_words(request.role, request.account.sector_id), place
