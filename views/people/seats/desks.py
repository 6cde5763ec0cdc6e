"""Who sits at the desks of an agency or a provincial office: people named to act, deputies, handovers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from models.account import Role
from portal.core.access import ROLES, can, requires, the_actor
from portal.core.access import Permission as P
from portal.core.errors import NotFound, Refused
from portal.core.forms import say
from portal.core.holders import CAPACITIES
from portal.core.once import apart
from portal.core.scopes import Reach
from portal.core.texts import _
from portal.people.seats import appointing, desks, handing
from portal.people.seats.desks import Seat, Spot
from views.people.seats.forms import AppointForm, HandOverForm

blueprint = Blueprint("seats", __name__)


@blueprint.get("/desks/own")
@requires(P.HAND_OVER)
def own() -> Any:
    """The desks of one's own agency or office; an office of the country chooses an agency first."""
    spot = _own_spot()
    return redirect(url_for("agencies.index_view")) if spot is None else _page(spot)


@blueprint.get("/agencies/<int:agency_id>/desks")
@requires(P.HAND_OVER)
def of_agency(agency_id: int) -> Any:
    """The desks of one agency."""
    return _page(Spot(agency_id=agency_id))


@blueprint.get("/provinces/<int:province_id>/desks")
@requires(P.HAND_OVER)
def of_province(province_id: int) -> Any:
    """The desks of a provincial office, for itself and for the back office."""
    return _page(Spot(province_id=province_id))


@blueprint.route("/provinces/<int:province_id>/desks/appoint", methods=["GET", "POST"])
@requires(P.APPOINT)
@apart
def appoint_at_province(province_id: int) -> Any:
    """Name somebody who acts at a provincial office, or a deputy."""
    return _appoint(Spot(province_id=province_id))


@blueprint.route("/desks/own/appoint", methods=["GET", "POST"])
@requires(P.APPOINT)
@apart
def appoint_own() -> Any:
    """Name somebody who acts at one's own office, or its deputy."""
    spot = _own_spot()
    if spot is None:
        return redirect(url_for("agencies.index_view"))
    return _appoint(spot)


@blueprint.route("/agencies/<int:agency_id>/desks/appoint", methods=["GET", "POST"])
@requires(P.APPOINT)
@apart
def appoint(agency_id: int) -> Any:
    """Name somebody who acts as executive of an agency, or a deputy."""
    return _appoint(Spot(agency_id=agency_id))


@blueprint.route("/desks/rights/<int:grant_id>/hand-over", methods=["GET", "POST"])
@requires(P.HAND_OVER)
@apart
def hand_over(grant_id: int) -> Any:
    """Name who follows at a desk, from a day on."""
    spot, seat = _seat(grant_id)
    form = HandOverForm()
    if not seat.may_hand_over:
        flash(_("This desk cannot be handed over by you, or is handed over already"), "bad")
        return redirect(_address(spot))
    if form.validate_on_submit():
        try:
            waits = handing.hand_over(grant_id, form.person(), form.beginning(), actor=the_actor())
        except Refused as refused:
            say(form, refused, otherwise="name")
        else:
            flash(_("The desk is handed over from the day you chose"), "ok")
            return _after(spot, waits)
    page = render_template("people/hand_over.html", form=form, seat=seat, roles=ROLES, **_facts(spot))
    return (page, 422) if form.errors else page


@blueprint.route("/desks/rights/<int:grant_id>/undo", methods=["GET", "POST"])
@requires(P.HAND_OVER)
@apart
def undo(grant_id: int) -> Any:
    """Take a handover back before its day; asked first."""
    spot, seat = _seat(grant_id)
    form = HandOverForm()
    if form.is_submitted():
        handing.undo(grant_id, actor=the_actor())
        flash(_("The handover is taken back"), "ok")
        return redirect(_address(spot))
    return _ask(
        spot,
        title=_("Take the handover back"),
        endpoint="seats.undo",
        grant_id=grant_id,
        consequences=[
            _("%(name)s does not take over the desk", name=seat.account),
            _("Whoever holds the desk now keeps it, without an end"),
        ],
    )


@blueprint.route("/desks/rights/<int:grant_id>/end", methods=["GET", "POST"])
@requires(P.APPOINT)
@apart
def end(grant_id: int) -> Any:
    """End early that somebody acts or is a deputy; asked first."""
    spot, seat = _seat(grant_id)
    form = HandOverForm()
    if form.is_submitted():
        appointing.end(grant_id, actor=the_actor())
        flash(_("The appointment has ended"), "ok")
        return redirect(_address(spot))
    return _ask(
        spot,
        title=_("End the appointment"),
        endpoint="seats.end",
        grant_id=grant_id,
        danger=True,
        consequences=[
            _("%(name)s loses this right at once and can no longer confirm anything", name=seat.account),
            _("This cannot be undone: for another time, name the person again"),
        ],
    )


# -- pieces ----------------------------------------------------------------------------------------------


def _own_spot() -> Spot | None:
    actor = the_actor()
    if actor.agency_id is not None:
        return Spot(agency_id=actor.agency_id)
    return Spot(province_id=actor.province_id) if actor.province_id is not None else None


def _address(spot: Spot) -> str:
    if spot == _own_spot():
        return url_for("seats.own")
    if spot.agency_id is None:
        return url_for("seats.of_province", province_id=spot.province_id)
    return url_for("seats.of_agency", agency_id=spot.agency_id)


def _appoint_address(spot: Spot) -> str:
    if spot == _own_spot():
        return url_for("seats.appoint_own")
    if spot.agency_id is None:
        return url_for("seats.appoint_at_province", province_id=spot.province_id)
    return url_for("seats.appoint", agency_id=spot.agency_id)


def _page(spot: Spot) -> Any:
    rows = desks.seats(spot, actor=the_actor())
    by_role = {role: [seat for seat in rows if seat.grant.role is role] for role in _roles(spot)}
    # of a provincial office's people only the back office
    issues = can(the_actor(), P.CODES_ISSUE) and (spot.agency_id is not None or spot != _own_spot())
    return render_template(
        "people/seats.html",
        by_role=by_role,
        roles=ROLES,
        capacities=CAPACITIES,
        issues=issues,
        **_facts(spot),
    )


def _facts(spot: Spot) -> dict[str, Any]:
    """What every page of the room shows: where it is, and whether somebody can be named to act there."""
    actor = the_actor()
    return {
        "place": desks.title_of(spot, actor=actor),
        "spot": spot,
        "back": _address(spot),
        "acted": _acted(spot),
        "appoint_url": _appoint_address(spot) if desks.appoints(_acted(spot), actor=actor) else "",
    }


def _roles(spot: Spot) -> list[Role]:
    """The roles of a spot, in the order of the policy."""
    reach = Reach.AGENCY if spot.agency_id is not None else Reach.PROVINCE
    return [role for role, rule in ROLES.items() if rule.reach is reach]


def _acted(spot: Spot) -> Role:
    """The role at whose desk somebody acts."""
    return next(role for role in _roles(spot) if ROLES[role].acting_by)


def _seat(grant_id: int) -> tuple[Spot, Seat]:
    """A right and where it lies. Raises NotFound, also for one that ended or lies elsewhere."""
    spot = desks.spot_of_right(grant_id)
    for seat in desks.seats(spot, actor=the_actor()):
        if seat.grant.id == grant_id:
            return spot, seat
    raise NotFound


def _appoint(spot: Spot) -> Any:
    form, facts = AppointForm(), _facts(spot)
    if not facts["appoint_url"]:
        raise NotFound
    if form.validate_on_submit():
        try:
            waits = appointing.appoint(facts["acted"], spot, form.person(), form.terms(), actor=the_actor())
        except Refused as refused:
            say(form, refused, otherwise="name")
        else:
            flash(_("The person is named"), "ok")
            return _after(spot, waits)
    page = render_template("people/appoint.html", form=form, roles=ROLES, **facts)
    return (page, 422) if form.errors else page


def _after(spot: Spot, waits: bool) -> Any:
    if waits:
        flash(_("The account waits for its code: the office that issues codes was told"), "info")
    return redirect(_address(spot))


def _ask(
    spot: Spot, *, title: str, endpoint: str, grant_id: int, consequences: list[str], danger: bool = False
) -> Any:
    return render_template(
        "confirm.html",
        title=title,
        consequences=consequences,
        action_url=url_for(endpoint, grant_id=grant_id),
        action_label=title,
        back_url=_address(spot),
        danger=danger,
        crumbs=[(_("Who sits at the desks"), _address(spot)), (title, None)],
    )
